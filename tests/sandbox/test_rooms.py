"""The rooms of the sandbox: pyproject.toml says in which order they stand, and no module imports in a circle."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import sandbox

_FOLDER = Path(sandbox.__file__).parent
_MODULES = {
    ".".join(("sandbox", *path.relative_to(_FOLDER).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in _FOLDER.rglob("*.py")
}


def imported(tree: ast.AST) -> Iterator[str]:
    """What a module imports, wherever it does, for type checkers only or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            names = [f"{node.module}.{each.name}" for each in node.names]
            modules = [name for name in names if name in _MODULES]
            yield from modules
            if len(modules) < len(names):
                yield node.module


def imports() -> dict[str, set[str]]:
    """What every module of the sandbox imports."""
    return {name: set(imported(ast.parse(path.read_text()))) for name, path in _MODULES.items()}


def test_no_module_imports_in_a_circle() -> None:
    graph = {name: targets & _MODULES.keys() for name, targets in imports().items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = " <- ".join(error.args[1])
        raise AssertionError(circle) from None


def test_nothing_of_the_assistant_is_needed() -> None:
    others = {"app", "assistant", "bench", "cogs", "tests"}
    wrong = {
        name: found
        for name, targets in imports().items()
        if (found := {t for t in targets if t.split(".")[0] in others})
    }
    assert not wrong


def test_every_module_has_a_name_of_its_own() -> None:
    packages = {path.parent.name for path in _MODULES.values()}
    names = Counter(path.stem for path in _MODULES.values() if path.stem != "__init__")
    assert not [name for name, count in names.items() if count > 1 or name in packages]
