"""What is offered in /voice_settings while one types."""

import pytest
from gtts.lang import tts_langs

from assistant.commands.option_choices import (
    DEFAULT,
    Choice,
    chosen,
    chosen_language,
    languages,
    matching,
    matching_languages,
    voices,
)
from assistant.tts.speech_settings import AUTO
from assistant.tts.voice import Voice

VOICES = (
    Voice(engine="gtts", name="com", label="Google", languages=frozenset(tts_langs())),
    Voice(engine="gtts", name="co.uk", label="Google, British", languages=frozenset({"en"})),
    Voice(engine="pico", name="de-DE", label="Pico, German", languages=frozenset({"de"})),
)


def test_every_language_of_google_can_be_chosen() -> None:
    assert {choice.value for choice in languages()} == {AUTO, DEFAULT, *tts_langs()}


@pytest.mark.parametrize(
    ("typed", "first"), [("ger", "de"), ("German", "de"), ("chinese trad", None), ("zh-tw", "zh-TW"), ("aut", AUTO)]
)
def test_what_is_typed_is_found_in_name_and_code(typed: str, first: str | None) -> None:
    found = [choice.value for choice in matching(languages(), typed)]
    assert (found[0] if found else None) == first


@pytest.mark.parametrize("typed", ["", "a", "  ", "e"])
def test_no_more_is_offered_than_discord_shows(typed: str) -> None:
    assert 0 < len(matching(languages(), typed)) <= 25


def test_only_the_voices_that_know_the_language_are_offered() -> None:
    assert [choice.value for choice in voices(VOICES, "de")] == ["gtts:com", "pico:de-DE", DEFAULT]
    assert len(voices(VOICES, None)) == len(voices(VOICES, AUTO)) == 4


@pytest.mark.parametrize(
    ("typed", "value"),
    [("de", "de"), ("DE", "de"), ("German – de", "de"), ("com@127.0.0.1", None), ("", None), ("klingon", None)],
)
def test_only_what_is_on_the_list_is_taken(typed: str, value: str | None) -> None:
    assert chosen(languages(), typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [("pt-br", "pt"), ("he", "iw"), ("nb", "no"), ("en_GB", "en"), ("Auto", AUTO), ("klingon", None)],
)
def test_a_language_is_also_taken_and_offered_by_another_code(typed: str, value: str | None) -> None:
    assert chosen_language(typed) == value
    offered = [choice.value for choice in matching_languages(typed)]
    assert (value in offered) if value else not offered


def test_the_voices_of_a_language_are_offered_also_by_another_code() -> None:
    assert [choice.value for choice in voices(VOICES, "de-AT")] == ["gtts:com", "pico:de-DE", DEFAULT]


def test_names_have_a_length_that_discord_takes() -> None:
    long = Voice(engine="hosted", name="x" * 80, label="Hosted, " + "x" * 80, languages=frozenset({"en"}))
    assert all(1 <= len(choice.name) <= 100 for choice in [*voices([long], None), *languages()])
    assert isinstance(languages()[0], Choice)
