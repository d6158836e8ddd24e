"""compose.yaml: what Compose itself would refuse, and what the bot needs."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.environment_variables import VARIABLES

ROOT = Path(__file__).parents[2]
FILE = ROOT / "compose.yaml"


def compose() -> dict[str, Any]:
    """The file."""
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return loaded


def has_compose() -> bool:
    """Whether there is a Docker client with Compose, which reads a file without an engine."""
    docker = shutil.which("docker")
    asked = [str(docker), "compose", "version"]
    return docker is not None and subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_compose(), reason="Docker Compose is not installed")
def test_compose_takes_it(tmp_path: Path) -> None:
    shutil.copy(FILE, tmp_path)
    (tmp_path / ".env").write_text("DISCORD_TOKEN=token\nPOSTGRES_PASSWORD=password\n")
    command = ["docker", "compose", "config", "--quiet"]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_what_it_names_is_there() -> None:
    file = compose()
    services = file["services"]
    for service in services.values():
        assert ("build" in service) != ("image" in service)
        assert set(service.get("depends_on", {})) <= services.keys()
        assert {volume.split(":")[0] for volume in service["volumes"]} <= file["volumes"].keys()
    needed = [name for name, how in services["bot"]["depends_on"].items() if how["condition"] == "service_healthy"]
    assert all("healthcheck" in services[name] for name in needed)


def test_the_bot_keeps_its_data_has_time_to_end_its_calls_and_comes_back() -> None:
    bot = compose()["services"]["bot"]
    assert "data:/app/data" in bot["volumes"], "the Dockerfile's volume"
    assert int(bot["stop_grace_period"].removesuffix("s")) >= 30
    assert bot["restart"] == "unless-stopped"
    assert set(bot["environment"]) <= set(VARIABLES)


def test_no_service_gets_more_than_it_needs() -> None:
    services = compose()["services"]
    for service in services.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"] == "1g"
        assert 0 < service["pids_limit"] <= 512
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    assert services["bot"]["read_only"]
    assert "cap_add" not in services["bot"]
    assert re.fullmatch(r"/tmp:size=\d+m", services["bot"]["tmpfs"])


def test_no_password_is_written_down_and_none_is_assumed() -> None:
    text = FILE.read_text("utf-8")
    assert re.findall(r"PASSWORD\W[^\n]*", text)
    assert set(re.findall(r"\$\{(\w+)(.)", text)) == {("POSTGRES_PASSWORD", ":")}


def test_images_are_pinned_to_a_minor_version() -> None:
    images = [service["image"] for service in compose()["services"].values() if "image" in service]
    assert all(re.search(r":\d+\.\d+", image) for image in images)
