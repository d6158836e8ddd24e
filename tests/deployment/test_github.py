"""What GitHub reads: the workflow, Dependabot's configuration and the forms for issues."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
FORMS = sorted(path for path in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if path.name != "config.yml")
BIN = Path(sys.executable).parent


def run(*command: str | Path) -> tuple[int, str]:
    """The exit status of a program, and what it prints."""
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    return ended.returncode, ended.stdout + ended.stderr


def jobs() -> dict[str, Any]:
    """The jobs of ci.yml."""
    found: dict[str, Any] = yaml.safe_load((GITHUB / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]
    return found


def commands_of(job: dict[str, Any]) -> list[str]:
    """What it runs in a shell."""
    return [step["run"] for step in job["steps"] if "run" in step]


def test_a_linter_of_workflows_finds_nothing_and_sees_a_mistake(tmp_path: Path) -> None:
    # ShellCheck is no package of ours: with one on PATH, the test would say something else.
    linter = (BIN / "jactionlint", "--shellcheck=", "--pyflakes=")
    assert run(*linter, *WORKFLOWS, GITHUB / "dependabot.yml") == (0, "")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        (GITHUB / "workflows" / "ci.yml").read_text("utf-8").replace("matrix.python }}", "matrix.pyton }}")
    )
    status, told = run(*linter, wrong)
    assert status == 1
    assert "pyton" in told


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", WORKFLOWS),
        ("dependabot", [GITHUB / "dependabot.yml"]),
        ("github-issue-forms", FORMS),
        ("github-issue-config", [GITHUB / "ISSUE_TEMPLATE" / "config.yml"]),
    ],
)
def test_files_are_as_github_wants_them(schema: str, files: list[Path]) -> None:
    assert files
    status, told = run(BIN / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)
    assert status == 0, told


def test_a_form_has_no_field_twice_and_asks_for_something() -> None:
    for path in FORMS:
        body = yaml.safe_load(path.read_text("utf-8"))["body"]
        names = [field["id"] for field in body if "id" in field]
        assert len(names) == len(set(names))
        assert any(field.get("validations", {}).get("required") for field in body)


def test_every_python_that_is_promised_is_tried_with_the_commands_a_developer_uses() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    test = jobs()["test"]
    assert test["strategy"]["matrix"]["python"] == promised
    assert project["requires-python"] == f">={promised[0]}"
    installed = "make .venv/bench.installed .venv-litellm/installed .venv-foreign/installed"
    assert commands_of(test) == ["make lint", installed, "make test"]


def test_pycords_master_is_tried_on_the_python_that_ships() -> None:
    shipped = re.search(r"^FROM python:(3\.\d+)\.", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert shipped
    job = jobs()["pycord-master"]
    assert [step["with"]["python-version"] for step in job["steps"] if "setup-python" in step.get("uses", "")] == [
        shipped[1]
    ]
    assert commands_of(job)[-1] == "make test"


def test_a_workflow_may_only_read_and_runs_actions_pinned_by_their_commit() -> None:
    for path in WORKFLOWS:
        text = path.read_text("utf-8")
        assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
        used = re.findall(r"uses: (.+)", text)
        assert used
        assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in used)
