"""Every benchmark can be started, says on what it ran, and keeps its entry point to itself."""

import ast
import re
import runpy
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
BENCHMARKS = sorted(path.parent.name for path in BENCH.glob("*/__main__.py"))


def imports_of(path: Path) -> set[str]:
    """The modules that a file imports, also for type checkers alone."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = [(node.module, alias.name) for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names]
    return whole | {f"{module}.{name}" for module, name in parts} | {str(module) for module, _ in parts}


@pytest.mark.parametrize("name", BENCHMARKS)
def test_help_is_printed(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    if name in ("encoder", "speech"):
        pytest.importorskip("moonshine_voice", reason="the listener has no wheel for this machine")
    if name == "encryption":
        pytest.importorskip("dave", reason="dave.py has no wheel for this machine")
    monkeypatch.setattr(sys, "argv", ["bench", "--help"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module(f"bench.{name}", run_name="__main__")
    assert stopped.value.code == 0
    assert f"python -m bench.{name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", BENCHMARKS)
def test_the_machine_is_printed_first(name: str) -> None:
    source = (BENCH / name / "__main__.py").read_text("utf-8")
    printed = re.findall(r"print\((.*)", source[source.index("def main") :])
    assert printed[0].startswith('f"{machine_info()}')


def test_nothing_imports_an_entry_point() -> None:
    paths = [*BENCH.rglob("*.py"), *BENCH.parent.glob("tests/**/*.py")]
    for path in [path for path in paths if "__main__" in path.read_text("utf-8")]:
        assert not [name for name in imports_of(path) if re.match(r"bench\..*__main__", name)], path


def test_no_two_modules_share_a_name() -> None:
    names = [path.name for path in BENCH.rglob("*.py") if not path.name.startswith("__")]
    assert len(names) == len(set(names))
