"""The systemd unit."""

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from assistant.runtime.exit_codes import MISCONFIGURED

UNIT = Path(__file__).parents[2] / "deploy" / "voice-assistant.service"


def service() -> dict[str, str]:
    """The section of the service; of what stands in it twice, the last."""
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # systemd's names have capitals
    parser.read_string(UNIT.read_text("utf-8"))
    return dict(parser["Service"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_it(tmp_path: Path) -> None:
    program = service()["ExecStart"].split()[0]
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text("utf-8").replace(program, sys.executable), "utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False, timeout=60
    )
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


def test_a_bot_that_failed_is_started_again_unless_its_settings_are_wrong() -> None:
    assert service()["Restart"] == "on-failure"
    assert int(service()["RestartPreventExitStatus"]) == MISCONFIGURED


def test_the_calls_have_time_to_end() -> None:
    assert int(service()["TimeoutStopSec"]) >= 30


def test_it_gets_no_more_than_it_needs_and_nobody_else_reads_what_it_keeps() -> None:
    how = service()
    assert how.keys() >= {"MemoryMax", "TasksMax", "LimitNOFILE", "LogRateLimitBurst"}
    assert how["ProtectProc"] == "invisible"
    assert (how["StateDirectoryMode"], how["CacheDirectoryMode"], how["UMask"]) == ("0700", "0700", "0077")
    assert how["CapabilityBoundingSet"] == ""


def test_what_the_bot_writes_is_in_folders_that_systemd_makes_for_its_user() -> None:
    text = UNIT.read_text("utf-8")
    assert f"/var/lib/{service()['StateDirectory']}/assistant.db" in text
    assert f"/var/cache/{service()['CacheDirectory']}" in text
    assert service()["DynamicUser"] == "yes"
