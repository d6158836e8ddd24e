import inspect

import pytest

from assistant.discord_io import wording
from assistant.domain import errors
from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.call_refusal import CallRefused, Refusal
from assistant.domain.call_state import CallState
from assistant.domain.silence import Silence


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_is_one_line_that_says_what_to_do(refusal: Refusal) -> None:
    text = wording.refused(CallRefused(refusal=refusal, channel="<#1>"))
    assert "\n" not in text
    assert "{" not in text
    assert any(word in text.lower() for word in ("use", "end it", "give me", "make"))


@pytest.mark.parametrize("reason", list(EndReason))
def test_every_ending_is_a_sentence_on_the_panel(reason: EndReason) -> None:
    text = wording.panel_ended("Molly", CallEnding(reason=reason, by="Ada", detail="4004"))
    assert text.startswith("📴 The call with **Molly** has ended: ")
    assert text.endswith(".")
    assert "{" not in text


@pytest.mark.parametrize("state", [CallState.JOINING, CallState.LIVE, CallState.RECOVERING])
def test_each_state_of_a_call_shows_on_the_panel(state: CallState) -> None:
    others = {wording.panel("Molly", other, "<#1>") for other in CallState if other is not state}
    assert wording.panel("Molly", state, "<#1>") not in others - {wording.panel("Molly", CallState.ENDED, "<#1>")}


@pytest.mark.parametrize("silence", list(Silence))
def test_why_a_call_cannot_be_heard_shows_on_the_panel_with_what_helps(silence: Silence) -> None:
    text = wording.panel("Molly", CallState.LIVE, "<#1>", silence=silence)
    assert text.startswith("🔇 ")
    assert "To hear me, " in text
    assert "**Molly**" in text
    assert "<#1>" in text
    assert "{" not in text
    assert "joining" in wording.panel("Molly", CallState.JOINING, "<#1>", silence=silence)


def test_where_only_mentions_are_read_it_is_said_how_to_ask() -> None:
    for text in (wording.panel("Molly", CallState.LIVE, "<#1>", me="<@1>"), wording.joining("<#1>", "<@1>")):
        assert "<@1>" in text
        assert "/ask" in text


def test_what_is_asked_with_the_command_can_be_read_again() -> None:
    shown = wording.asked("[Ada](x)\n", "two\nlines")
    assert wording.is_asked(shown)
    assert wording.asked_text(shown) == "two\nlines"
    assert shown.splitlines()[0] == "-# 💬 \\[Ada\\]\\(x\\) asks:"
    assert not wording.is_asked("hello")


def test_every_error_of_the_model_has_words_without_its_inside() -> None:
    def example(kind: type[errors.ModelError]) -> errors.ModelError:
        values = dict.fromkeys(inspect.signature(kind).parameters)
        return kind(**values | {"endpoint": "http://secret", "detail": "key=abc"})  # type: ignore[arg-type]

    for kind in errors.ModelError.__subclasses__():
        text = wording.model_failed(example(kind))
        assert text.startswith("Sorry, my language model") or "can't reach" in text
        assert "secret" not in text
        assert "abc" not in text
