"""The package: built, looked into, and installed where there is no checkout."""

import asyncio
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from sandbox import Sandbox
from sandbox.standins.language_model import LanguageModel
from tests.support.requirements_files import SETS, listed

ROOT = Path(__file__).parents[2]
PACKAGES = ("assistant", "cogs", "voicewire")


@dataclass(frozen=True)
class Installed:
    """An environment with the package, and with the packages of ours, but without this checkout."""

    wheel: Path
    bin: Path
    folder: Path
    """Somewhere else, to start programs in."""

    async def run(self, program: str, *arguments: str, **variables: str) -> tuple[int, str]:
        """The exit status of one of its programs, and what it prints, with no variables but these."""
        process = await asyncio.create_subprocess_exec(
            self.bin / program,
            *arguments,
            cwd=self.folder,
            env={"PATH": os.defpath, "HOME": str(self.folder), **variables},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return process.returncode or 0, output.decode()


def do(*command: str | Path, folder: Path) -> None:
    """Run a program, which must succeed."""
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Made as `pip install` makes it, from a source distribution, with nothing from outside."""
    source, built, folder = (tmp_path_factory.mktemp(name) for name in ("source", "built", "elsewhere"))
    for path in ROOT.iterdir():  # a copy, since setuptools builds in the folder of the project
        if path.name in PACKAGES:
            shutil.copytree(path, source / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif path.is_file():
            shutil.copy(path, source)
    build = f"from setuptools.build_meta import build_sdist; build_sdist({str(built)!r})"
    do(sys.executable, "-c", build, folder=source)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    alone = ("--no-index", "--no-deps", "--no-build-isolation", "--quiet")
    do(*pip, "wheel", *alone, "--wheel-dir", built, *built.glob("*.tar.gz"), folder=folder)
    [wheel] = built.glob("*.whl")
    do(sys.executable, "-m", "venv", "--without-pip", folder / "venv", folder=folder)
    base = {"base": str(folder / "venv"), "platbase": str(folder / "venv")}
    packages, scripts = (Path(sysconfig.get_path(name, "venv", base)) for name in ("purelib", "scripts"))
    (packages / "ours.pth").write_text(sysconfig.get_path("purelib"))
    do(*pip, "--python", scripts / "python", "install", "--no-index", "--no-deps", "--quiet", wheel, folder=folder)
    return Installed(wheel, scripts, folder)


def test_the_wheel_holds_every_file_of_the_two_packages_and_no_other(installed: Installed) -> None:
    names = {name for name in zipfile.ZipFile(installed.wheel).namelist() if ".dist-info/" not in name}
    files = {path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()}
    assert names == {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    assert {Path(name).suffix for name in names} >= {".py", ".toml", ".ini", ".mako"}


def test_its_dependencies_are_those_of_the_requirements(installed: Installed) -> None:
    archive = zipfile.ZipFile(installed.wheel)
    [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = Parser().parsestr(archive.read(name).decode())
    needed = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]

    def of(extra: str) -> set[tuple[str, str]]:
        marker = f'extra == "{extra}"' if extra else ""
        chosen = [
            each for each in needed if marker in str(each.marker) and bool(extra) == ("extra" in str(each.marker))
        ]
        return {(each.name, str(each.specifier)) for each in chosen}

    for number, name in enumerate(SETS):
        expected = [name] if number == 0 else SETS[1 : number + 1]
        files = [each for name in expected for each in listed(name)]
        assert of(name.removeprefix("requirements").removeprefix("-")) == {
            (each.name, str(each.specifier)) for each in files
        }
    assert metadata["License-Expression"] == "MIT"
    assert metadata["License-File"] == "LICENSE"


async def test_the_command_checks_itself_and_keeps_its_data_in_the_current_folder(installed: Installed) -> None:
    async with Sandbox(bot_name="Molly", rate_limits=False) as discord, LanguageModel() as model:
        env_file = installed.folder / ".env"
        env_file.touch(mode=0o600)
        env_file.write_text(f"DISCORD_TOKEN={discord.bot.token}\n")
        status, table = await installed.run(
            "discord-voice-assistant",
            "--check",
            DISCORD_API_URL=discord.api_url,
            DISCORD_CA_FILE=str(discord.ca_file),
            AI_BASE_URL=model.base_url,
            AI_MODEL="sandbox-model",
            TTS_ENGINE="hibari",
        )
    assert status == 0, table
    assert (installed.folder / "data" / "assistant.db").exists(), "its tables are made, so the migrations are there"


async def test_the_command_says_what_it_lacks_and_by_which_name_it_was_called(installed: Installed) -> None:
    status, told = await installed.run("discord-voice-assistant", "--chekc")
    assert status == 2
    assert told.startswith("usage: discord-voice-assistant ")


async def test_the_cogs_stand_beside_those_of_a_bot_that_has_a_folder_of_its_own(installed: Installed) -> None:
    own = installed.folder / "cogs"
    own.mkdir()
    (own / "greetings.py").touch()
    names = ("assistant", "cogs.voice_conversation", "cogs.voice_settings", "cogs.my_voice", "cogs.greetings")
    program = f"import {', '.join(names)}; print({', '.join(f'{name}.__file__' for name in names)})"
    status, told = await installed.run("python", "-c", program)
    assert status == 0, told
    *ours, theirs = map(Path, told.split())
    assert all(path.is_relative_to(installed.folder / "venv") for path in ours)
    assert theirs.parent == own
