"""requirements*.txt, the locks made from them, and whatever else names a version."""

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name

from tests.support.requirements_files import SETS, listed

ROOT = Path(__file__).parents[2]


def locked(name: str) -> dict[str, set[str]]:
    """The versions of each package in a lock; for different machines they may differ."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(
        r"^([\w.-]+)==([^\s;]+)", (ROOT / f"{name}.lock").read_text("utf-8"), re.MULTILINE
    ):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def pyproject() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_a_package_is_named_in_one_place_only() -> None:
    names = [canonicalize_name(each.name) for name in SETS for each in listed(name)]
    assert sorted(names) == sorted(set(names))


def test_the_project_reads_its_dependencies_from_these_files_and_keeps_no_list_of_its_own() -> None:
    project, dynamic = pyproject()["project"], pyproject()["tool"]["setuptools"]["dynamic"]
    assert set(project["dynamic"]) == {"dependencies", "optional-dependencies"}
    assert dynamic["dependencies"] == {"file": ["requirements.txt"]}
    extras = {
        name.removeprefix("requirements-"): [f"{each}.txt" for each in SETS[1 : number + 1]]
        for number, name in enumerate(SETS)
        if number
    }
    assert dynamic["optional-dependencies"] == {extra: {"file": files} for extra, files in extras.items()}


def test_a_lock_holds_what_its_files_ask_for_and_all_locks_agree() -> None:
    for number, name in enumerate(SETS):
        versions = locked(name)
        for wanted in (each for earlier in SETS[: number + 1] for each in listed(earlier)):
            found = versions[canonicalize_name(wanted.name)]
            assert all(wanted.specifier.contains(version) for version in found), f"{wanted} in {name}.lock: make lock"
        whole = locked(SETS[-1])
        assert all(found <= whole[package] for package, found in versions.items()), f"{name}.lock: make lock"


def test_pre_commit_runs_the_ruff_of_the_lock() -> None:
    [ruff] = locked("requirements-dev")["ruff"]
    [repository] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert {hook["id"]: hook["additional_dependencies"] for hook in repository["hooks"]} == {
        "ruff-check": [f"ruff=={ruff}"],
        "ruff-format": [f"ruff=={ruff}"],
    }


def test_the_changelog_ends_its_releases_with_the_version_of_the_project() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    releases = re.findall(r"^## \[?(\d+\.\d+\.\d+)", text, re.MULTILINE)
    assert releases[0] == pyproject()["project"]["version"]
