"""What tests share stands in modules without tests: a test module can be read, moved and deleted by itself."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("assistant", "bench", "cogs", "sandbox", "tests", "voicewire")


def imported_by(path: Path) -> set[str]:
    """All that a module imports, by whole names: modules, and what is taken out of them."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def is_of_a_test_module(name: str) -> bool:
    """Whether a name is a test module's, or something in one."""
    package, *parts = name.split(".")
    return package == "tests" and any(part.startswith("test_") or part == "conftest" for part in parts)


def test_no_module_imports_a_test_module() -> None:
    imports = {
        str(path.relative_to(ROOT)): {name for name in imported_by(path) if is_of_a_test_module(name)}
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
    }
    assert "tests/architecture/test_test_modules.py" in imports
    assert {path: names for path, names in imports.items() if names} == {}
