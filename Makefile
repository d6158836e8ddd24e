# Two commands do all the set-up: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check

.PHONY: run test lint lock bench clean

run: $(VENV)/run.installed  ## on Discord with a token in .env, else a call in the sandbox
	@$(BIN)/python -m sandbox.tools.run

test: $(VENV)/dev.installed  ## the whole suite: what waits, several at a time; then what measures, alone
	@$(BIN)/python -m pytest -m "not alone" -n 4 --dist worksteal; status=$$?; \
	$(BIN)/python -m pytest -m alone && exit $$status

lint: $(VENV)/dev.installed  ## format, lint and types, as CI checks them
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile

bench: $(VENV)/bench.installed  ## what the README claims; about an hour, figures and plots in bench/out/
	@mkdir -p bench/out
	@$(BIN)/python -m bench.first_audio --json bench/out/first_audio.json
	@$(BIN)/python -m bench.playout --json bench/out/playout.json --plot bench/out/playout.svg
	@$(BIN)/python -m bench.scale --json bench/out/scale.json --plot bench/out/scale.svg
	@$(BIN)/python -m bench.guilds
	@$(BIN)/python -m bench.encoder --quick --json bench/out/encoder.json
	@$(BIN)/python -m bench.speech --json bench/out/speech.json
	@$(BIN)/python -m bench.call
	@$(BIN)/python -m bench.faults
	@$(BIN)/python -m bench.faults --combined 100
	@$(BIN)/python -m bench.restarts --json bench/out/restarts.json
	@$(BIN)/python -m bench.restarts --random 3
	@$(BIN)/python -m bench.database

lock: $(BIN)/python  ## pin anew what requirements*.txt name
	$(PIP) install --quiet "uv>=0.9"
	for set in requirements requirements-sandbox requirements-dev requirements-bench; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			--upgrade --output-file $$set.lock $$set.txt || exit 1; \
	done

clean:
	rm -rf $(VENV) heard .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.13 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.installed: $(BIN)/python requirements-sandbox.lock
	$(PIP) install --quiet --require-hashes -r requirements-sandbox.lock
	@touch $@

$(VENV)/dev.installed: $(BIN)/python requirements-dev.lock
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/run.installed

$(VENV)/bench.installed: $(BIN)/python requirements-bench.lock
	$(PIP) install --quiet --require-hashes -r requirements-bench.lock
	@touch $@
