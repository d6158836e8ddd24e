import os

import pytest

from assistant.util.child_environment import environment_without_secrets


def test_a_child_is_told_what_programs_need_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISCORD_TOKEN", "AI_API_KEY", "TTS_API_KEY", "DATABASE_URL", "HTTPS_PROXY", "MY_PATH"):
        monkeypatch.setenv(name, "hidden")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    told = environment_without_secrets()
    assert "hidden" not in told.values()
    assert (told["PATH"], told["LC_ALL"]) == (os.environ["PATH"], "C.UTF-8")
