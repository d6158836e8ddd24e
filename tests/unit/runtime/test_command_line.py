"""The command line."""

import pytest

from assistant.runtime.command_line import read_command_line


def test_without_an_argument_the_assistant_is_wanted_and_with_one_its_check() -> None:
    assert not read_command_line([]).check
    assert read_command_line(["--check"]).check


@pytest.mark.parametrize("arguments", [["--chekc"], ["--che"], ["check"], ["--check", "more"]])
def test_what_is_not_understood_is_said_and_nothing_is_done(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["/opt/voice-assistant/app.py"])
    with pytest.raises(SystemExit) as caught:
        read_command_line(arguments)
    assert caught.value.code == 2
    assert "app.py: error:" in capsys.readouterr().err
