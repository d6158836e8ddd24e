"""Builds `discord_loopback` from the folder `sandbox` of the repository.

The code stays where it is, and is called `sandbox` there, since hundreds of modules beside it import it by that name.
No wheel may install a package of such a common name, so its imports are renamed on the way: all of them are absolute,
as a test of the repository sees to. A source distribution has the renamed code.
"""

import re
import shutil
from pathlib import Path
from typing import Final

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

NAME: Final = "discord_loopback"
HERE: Final = Path(__file__).parent.resolve()
TOOLS: Final = {"__init__.py", "bot_process.py", "pytest_plugin.py", "serve.py"}
"""What is for everybody in the room `tools`. The others are this repository's own programs."""
IMPORT: Final = re.compile(r"^(\s*(?:from|import) )sandbox(?=[. ])", re.MULTILINE)


def copy_renamed(target: Path) -> None:
    """Copy the code to the folder `target`, under its name there."""
    unpacked = HERE / NAME  # in a source distribution
    source = unpacked if unpacked.is_dir() else HERE.parents[1] / "sandbox"
    for path in source.rglob("*"):
        parts = path.relative_to(source).parts
        if path.is_dir() or "__pycache__" in parts or (parts[0] == "tools" and path.name not in TOOLS):
            continue
        copy = target.joinpath(*parts)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".py":
            copy.write_text(IMPORT.sub(rf"\1{NAME}", path.read_text("utf-8")), "utf-8")
        else:
            shutil.copyfile(path, copy)
    (target / "py.typed").touch()


class BuildRenamed(build_py):
    """For a wheel."""

    def run(self) -> None:
        """Put the code where the wheel is made of."""
        copy_renamed(Path(self.build_lib) / NAME)

    def get_source_files(self) -> list[str]:
        """None of the project's folder."""
        return []

    def get_data_files(self) -> list[tuple[str, str, str, list[str]]]:
        """None of the project's folder."""
        return []


class ReleaseRenamed(sdist):
    """For a source distribution, from which the same wheel can be built."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        """Put the code beside what setuptools finds."""
        super().make_release_tree(base_dir, files)
        copy_renamed(Path(base_dir) / NAME)


setup(cmdclass={"build_py": BuildRenamed, "sdist": ReleaseRenamed})
