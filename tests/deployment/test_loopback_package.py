"""The sandbox as a distribution of its own: built, looked into, and used by its examples where there is no checkout."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tomllib
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.foreign_clients.foreign_bot import ENVIRONMENT, are_foreign_clients_there
from tests.support.requirements_files import SETS, listed

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "packages" / "discord-loopback"
MODULES_OF = {"PyNaCl": "nacl", "backports-zstd": "backports", "dave.py": "dave", "hibari-tts": "hibari"}
"""What a distribution is imported as, where that is not its name."""


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel, and with the packages of ours, but without this checkout."""

    wheel: Path
    bin: Path
    examples: Path
    """A copy of the examples, to run them in."""

    def environment(self, *path: Path) -> dict[str, str]:
        """Nothing of ours but what programs need."""
        return {"PATH": os.pathsep.join(map(str, (self.bin, *path, os.defpath))), "HOME": str(self.examples)}

    async def run(self, program: Path | str, *arguments: str, path: tuple[Path, ...] = (), **variables: str) -> str:
        """What a program prints, which must succeed."""
        process = await asyncio.create_subprocess_exec(
            *(str(self.bin / program), *arguments),
            cwd=self.examples,
            env={**self.environment(*path), **variables},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed = (await process.communicate())[0].decode()
        assert process.returncode == 0, printed
        return printed


def do(*command: str | Path, folder: Path) -> None:
    """Run a program, which must succeed."""
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def install(temporary: Path) -> Installed:
    """Done as `pip install` does it, from a source distribution, with nothing from outside."""
    source, built, folder = (temporary / name for name in ("source", "built", "elsewhere"))
    folder.mkdir()
    without = shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
    project = source / "packages" / PROJECT.name  # a copy, since setuptools builds in the folder of the project
    shutil.copytree(PROJECT, project, ignore=without)
    shutil.copytree(ROOT / "sandbox", source / "sandbox", ignore=without)
    build = f"from setuptools.build_meta import build_sdist; build_sdist({str(built)!r})"
    do(sys.executable, "-c", build, folder=project)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    alone = ("--no-index", "--no-deps", "--no-build-isolation", "--quiet")
    do(*pip, "wheel", *alone, "--wheel-dir", built, *built.glob("*.tar.gz"), folder=folder)
    [wheel] = built.glob("*.whl")
    venv.create(folder / "venv", with_pip=False)
    base = {"base": str(folder / "venv"), "platbase": str(folder / "venv")}
    packages, scripts = (Path(sysconfig.get_path(name, "venv", base)) for name in ("purelib", "scripts"))
    (packages / "ours.pth").write_text(sysconfig.get_path("purelib"))
    do(*pip, "--python", scripts / "python", "install", "--no-index", "--no-deps", "--quiet", wheel, folder=folder)
    examples = shutil.copytree(PROJECT / "examples", folder / "examples", ignore=without)
    return Installed(wheel, scripts, examples)


def imported(source: str) -> Iterator[str]:
    """The modules that a source names in its imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def check_imports(installed: Installed) -> None:
    """The wheel installs one package, which imports itself and what it depends on."""
    archive = zipfile.ZipFile(installed.wheel)
    files = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in files} == {"discord_loopback"}
    ours = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in files}
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    needed = {Requirement(line).name for line in (*project["dependencies"], *extras)}
    theirs = {MODULES_OF.get(name, name).replace("-", "_") for name in needed} | sys.stdlib_module_names
    for name in files:
        if name.endswith(".py"):
            for module in imported(archive.read(name).decode()):
                assert module in ours or module.split(".")[0] in theirs, f"{name} imports {module}"


def check_metadata(installed: Installed) -> None:
    """It depends on the versions that are tested here, and on no Discord library."""
    archive = zipfile.ZipFile(installed.wheel)
    [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = Parser().parsestr(archive.read(name).decode())
    tested = {each.name: each.specifier for each_set in SETS for each in listed(each_set)}
    needed = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    for each in needed:
        assert tested.get(each.name, each.specifier) == each.specifier or "extra" in str(each.marker)
    assert not {"py-cord", "discord.py", "disnake"} & {each.name for each in needed}
    assert metadata["License-Expression"] == "MIT"
    assert "How far it is like Discord" in metadata.get_payload()


async def check_fixtures(installed: Installed) -> None:
    """A bot is tested by the fixtures of the plugin."""
    printed = await installed.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_greeting_bot.py")
    assert "2 passed" in printed


async def check_hearing(installed: Installed) -> None:
    """A script shows what is heard over a bad network."""
    printed = await installed.run("python", "bad_network.py")
    assert re.match(r"Ada heard 10\d of 1[1-9]\d frames; 0 could not be decrypted", printed), printed
    assert (installed.examples / "heard.wav").stat().st_size > 100 * 1920


async def check_another_language(installed: Installed) -> None:
    """A bot in Node is tested from Node, over HTTP."""
    node = ENVIRONMENT / "bin" / "node"
    printed = await installed.run(
        *(node, "--test", "dice_bot.test.mjs"), path=(node.parent,), NODE_PATH=str(ENVIRONMENT / "node_modules")
    )
    assert "pass 1" in printed


async def check_command(installed: Installed) -> None:
    """The command says where everything is, and ends at Ctrl-C; with a bot to start, when that ends."""
    serving = await asyncio.create_subprocess_exec(
        *(installed.bin / "discord-loopback", "--json", "--page"),
        env=installed.environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    assert serving.stdout is not None
    places = json.loads(await serving.stdout.readline())
    asked = urllib.request.Request(
        places["control_url"] + "/guilds", headers={"Authorization": f"Bearer {places['control_token']}"}
    )
    with await asyncio.to_thread(urllib.request.urlopen, asked) as answer:
        assert [each["name"] for each in json.load(answer)] == ["Club"]
    with await asyncio.to_thread(urllib.request.urlopen, places["page_url"]) as page:
        assert b"<script" in page.read()
    assert "BEGIN CERTIFICATE" in await asyncio.to_thread(Path(places["ca_file"]).read_text)
    serving.send_signal(signal.SIGINT)
    assert await serving.wait() == 0
    assert "--control-port" in await installed.run("discord-loopback", "--help")
    port = places["api_url"].split(":")[2].split("/")[0]
    command = ("python", "-c", "import os; print(os.environ['DISCORD_API_URL'])")
    assert f"127.0.0.1:{port}/api/v10\n" in await installed.run("discord-loopback", "--port", port, *command)


@pytest.mark.timeout(300)  # a dozen processes start for it
async def test_the_distribution_is_whole_where_there_is_no_checkout(tmp_path: Path) -> None:
    # All in one: each process of the test run would build the wheel for itself.
    installed = await asyncio.to_thread(install, tmp_path)
    check_imports(installed)
    check_metadata(installed)
    checks = [check_fixtures, check_hearing, check_command]
    if are_foreign_clients_there():
        checks.append(check_another_language)
    await asyncio.gather(*(check(installed) for check in checks))
