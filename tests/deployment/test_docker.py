"""The Dockerfile: linted, and its steps run without an engine, in an environment that has nothing else."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox import Sandbox
from sandbox.standins.language_model import LanguageModel

ROOT = Path(__file__).parents[2]
NOBODY = 65_534
HADOLINT = Path(sys.executable).with_name("hadolint")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions: the word, and what follows it."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def of(word: str) -> list[str]:
    """What follows an instruction, each time it is given."""
    return [rest for given, rest in instructions() if given == word]


def copied() -> list[tuple[str, str]]:
    """What is copied from the project, and where to; a path that ends in / is a folder."""
    named = [rest.split() for rest in of("COPY") if not rest.startswith("--from")]
    return [(source, target) for source, target in named]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no hadolint for it")
def test_hadolint_finds_nothing() -> None:
    found = subprocess.run([HADOLINT, ROOT / "Dockerfile"], capture_output=True, text=True, check=False, timeout=60)
    assert (found.returncode, found.stdout) == (0, "")


def test_both_stages_stand_on_the_same_pinned_image_of_the_version_on_render() -> None:
    bases = {base.split(" AS ")[0] for base in of("FROM")}
    assert len(bases) == 1
    version = re.fullmatch(r"python:(3\.\d+\.\d+)-slim-\w+@sha256:[0-9a-f]{64}", bases.pop())
    assert version
    [service] = yaml.safe_load((ROOT / "render.yaml").read_text("utf-8"))["services"]
    assert {"key": "PYTHON_VERSION", "value": version[1]} in service["envVars"]


def test_it_runs_as_a_numbered_user_who_is_not_root_and_gets_the_signals() -> None:
    assert int(of("USER")[-1]) > 0
    assert json.loads(of("CMD")[-1]) == ["python", "app.py"], "the form without a shell, which would keep SIGTERM"


def test_nothing_comes_from_apt_and_everything_from_the_lock() -> None:
    assert not [step for step in of("RUN") if re.search(r"\bapt|\bapk|curl|wget", step)]
    assert [step for step in of("RUN") if "pip install" in step and "--require-hashes -r /requirements.lock" in step]


def test_the_build_is_sent_what_is_copied_and_nothing_else() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert ignored[0] == "*"
    sent = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert sent == {source for source, _ in copied()}
    assert all((ROOT / source).exists() for source in sent)


def has_engine() -> bool:
    """Whether a Docker engine runs here."""
    docker = shutil.which("docker")
    asked = [str(docker), "version", "--format", "{{.Server.Version}}"]
    return docker is not None and subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_engine(), reason="no Docker engine runs here")
@pytest.mark.timeout(600)
def test_docker_builds_an_image_whose_bot_tells_what_it_lacks() -> None:
    built = subprocess.run(["docker", "build", "--quiet", ROOT], capture_output=True, text=True, check=True)
    command = ["docker", "run", "--rm", built.stdout.strip()]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "DISCORD_TOKEN is missing" in run.stderr


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="image-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def unprivileged(folder: Path, **variables: str) -> dict[str, Any]:
    """How a program is run in `folder` by somebody without rights, if we may choose, with no variables but these."""
    is_root = os.geteuid() == 0
    return {
        "cwd": folder,
        "env": {"PATH": "/usr/bin:/bin", "HOME": "/nowhere", **variables},
        "user": NOBODY if is_root else None,
        "group": NOBODY if is_root else None,
        "extra_groups": [] if is_root else None,
    }


def interpreter() -> str:
    """A Python for the image, which somebody without rights may run, too."""
    names = [sys.executable]
    if os.geteuid() == 0:
        names = [f"{sys.base_prefix}/bin/python3", "/usr/local/bin/python3", "/usr/bin/python3"]
    for name in names:
        command = [name, "-c", "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"]
        try:
            asked = subprocess.run(command, capture_output=True, check=False, **unprivileged(Path("/")))
        except OSError:  # it is not there, or in somebody's home
            continue
        if asked.returncode == 0:
            return name
    pytest.skip("there is no Python that others may run")


@pytest.fixture
def image(folder: Path) -> Path:
    """What the Dockerfile's steps make, in `folder` in place of the root of an image."""
    for source, target in copied():
        place = folder / target.strip("/") / (source if target.endswith("/") else "")
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place)
    [build] = [step for step in of("RUN") if "pip install" in step]
    build = build.replace("/venv", str(folder / "venv")).replace("/requirements.lock", f"{folder}/requirements.lock")
    build = build.replace("python -m", f"{interpreter()} -m").replace("--no-cache-dir ", "")
    made = subprocess.run(build, shell=True, capture_output=True, text=True, check=False)
    if "Failed to establish a new connection" in made.stderr:
        pytest.skip("the package index cannot be reached")
    assert made.returncode == 0, made.stderr
    (folder / "app" / "data").mkdir()
    if os.geteuid() == 0:
        os.chown(folder / "app" / "data", NOBODY, NOBODY)
    return folder


async def start(image: Path, **variables: str) -> Process:
    """The bot of the image, with these variables."""
    program, how = image / "venv" / "bin" / "python", unprivileged(image / "app", **variables)
    return await asyncio.create_subprocess_exec(program, "app.py", stderr=asyncio.subprocess.PIPE, **how)


async def log_of(bot: Process) -> str:
    """What a bot has logged until its end, which must be near."""
    async with asyncio.timeout(30):
        return (await bot.communicate())[1].decode()


@pytest.mark.skipif(sys.platform != "linux" or has_engine(), reason="stands in for a Docker engine on Linux")
@pytest.mark.timeout(240)
async def test_its_steps_make_a_bot_that_speaks_without_root_and_without_anything_else(image: Path) -> None:
    wrong = await start(image)
    assert "DISCORD_TOKEN is missing" in await log_of(wrong)
    assert wrong.returncode == 2
    for engine in ("hibari", "pico"):
        async with Sandbox(bot_name="Molly", rate_limits=False) as discord, LanguageModel() as model:
            guild = discord.add_guild("Reading club")
            text, lounge = guild.add_text_channel("general"), guild.add_voice_channel("Lounge")
            ada = guild.add_member("Ada")
            shutil.copyfile(discord.ca_file, image / "ca.pem")
            bot = await start(
                image,
                DISCORD_TOKEN=discord.bot.token,
                DISCORD_API_URL=discord.api_url,
                DISCORD_CA_FILE=str(image / "ca.pem"),
                AI_BASE_URL=model.base_url,
                TTS_ENGINE=engine,
                TTS_CACHE_FOLDER="data/speech",
            )
            try:
                await discord.wait_until_ready(30)
                await ada.join(lounge)
                await ada.command("voice_chat", text)
                await text.wait_for_message(lambda message: " is in " in message.content, 10)
                await ada.type("What is two plus two?", lounge)
                await lounge.call.wait_for_frames(25, 30)
            finally:
                bot.terminate()
                log = await log_of(bot)
            assert "Traceback" not in log
            assert bot.returncode == 0
    assert {path.name for path in (image / "app" / "data").iterdir()} >= {"assistant.db", "speech"}
