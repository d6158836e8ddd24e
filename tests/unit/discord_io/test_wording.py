import inspect

import pytest

from assistant.discord_io import wording
from assistant.domain import errors
from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.call_refusal import CallRefused, Refusal
from assistant.domain.call_state import CallState


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


def test_every_error_of_the_model_has_words_without_its_inside() -> None:
    def example(kind: type[errors.ModelError]) -> errors.ModelError:
        values = dict.fromkeys(inspect.signature(kind).parameters)
        return kind(**values | {"endpoint": "http://secret", "detail": "key=abc"})  # type: ignore[arg-type]

    for kind in errors.ModelError.__subclasses__():
        text = wording.model_failed(example(kind))
        assert text.startswith("Sorry, my language model") or "can't reach" in text
        assert "secret" not in text
        assert "abc" not in text
