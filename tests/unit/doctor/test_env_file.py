"""Whether a check finds out that others may read the secrets."""

import os
from pathlib import Path

import pytest

from assistant.doctor.env_file import env_file_finding
from assistant.doctor.finding import Verdict


@pytest.mark.skipif(os.name != "posix", reason="looks at the modes of Unix")
@pytest.mark.parametrize(
    ("mode", "verdict"),
    [
        (0o600, Verdict.OK),
        (0o400, Verdict.OK),
        (0o640, Verdict.FAILED),
        (0o644, Verdict.FAILED),
        (0o602, Verdict.FAILED),
    ],
)
def test_a_file_of_secrets_is_its_owner_s_alone(mode: int, verdict: Verdict, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.touch()
    path.chmod(mode)
    finding = env_file_finding(path)
    assert finding.verdict is verdict
    assert finding.advice == ("" if verdict is Verdict.OK else f"chmod 600 {path}")


def test_without_a_file_there_is_nothing_to_protect(tmp_path: Path) -> None:
    assert env_file_finding(tmp_path / ".env").verdict is Verdict.OK
