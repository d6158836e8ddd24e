"""Why nobody hears a call, and the way up onto a stage."""

from typing import Any

import pytest

from assistant.domain.silence import Silence
from assistant.voice.audibility import Audibility
from tests.support.fake_voice_places import Place, Stage


async def look(audibility: Audibility, place: Any) -> Silence | None:
    before = audibility.silence
    assert await audibility.look(place.guild) is (audibility.silence is not before)
    return audibility.silence


async def silence_in(place: Any) -> Silence | None:
    return await look(Audibility(), place)


async def test_in_a_voice_channel_with_the_right_to_speak_it_is_heard() -> None:
    assert await silence_in(Place()) is None


@pytest.mark.parametrize("lost", ["view_channel", "connect"])
async def test_a_channel_that_is_locked_or_hidden_does_not_silence_who_is_in_it(lost: str) -> None:
    assert await silence_in(Place(**{lost: False}, speak=False)) is None  # py-cord counts "speak" as lost, too


async def test_a_server_mute_is_told_until_it_is_taken_back() -> None:
    place, audibility = Place(), Audibility()
    place.me.voice.mute = True
    for _ in range(2):
        assert await look(audibility, place) is Silence.MUTED
    place.me.voice.mute = False
    assert await look(audibility, place) is None


async def test_without_the_right_to_speak_and_in_the_afk_channel_nobody_hears_it() -> None:
    assert await silence_in(Place(speak=False)) is Silence.FORBIDDEN
    suppressed = Place()
    suppressed.me.voice.suppress = True
    assert await silence_in(suppressed) is Silence.FORBIDDEN
    afk = Place()
    afk.guild.afk_channel = afk
    assert await silence_in(afk) is Silence.AFK


async def test_while_it_is_in_no_channel_nothing_is_said_of_it() -> None:
    place = Place()
    place.me.voice = None
    assert await silence_in(place) is None


@pytest.mark.parametrize(
    ("rights", "done", "silence"),
    [
        ({"mute_members": True, "request_to_speak": True}, ["up"], None),
        ({"request_to_speak": True}, ["hand"], Silence.HAND_RAISED),
        ({}, [], Silence.AUDIENCE),
    ],
)
async def test_on_a_stage_it_steps_up_where_it_may(
    rights: dict[str, bool], done: list[str], silence: Silence | None
) -> None:
    stage = Stage(**rights)
    assert await silence_in(stage) is silence
    assert stage.me.done == done


async def test_a_refusal_to_step_up_is_told_and_ends_nothing() -> None:
    stage = Stage(mute_members=True)
    stage.me.is_refused = True
    assert await silence_in(stage) is Silence.AUDIENCE


async def test_whoever_is_sent_back_to_the_audience_stays_there_until_invited_or_back_in_the_channel() -> None:
    stage, audibility = Stage(mute_members=True), Audibility()
    assert await look(audibility, stage) is None
    assert await look(audibility, stage) is None
    stage.me.voice.suppress = True
    assert await look(audibility, stage) is Silence.AUDIENCE
    stage.me.voice.suppress = False
    assert await look(audibility, stage) is None
    assert stage.me.done == ["up"]
    state, stage.me.voice = stage.me.voice, None
    await look(audibility, stage)
    stage.me.voice, state.suppress = state, True
    await look(audibility, stage)
    assert stage.me.done == ["up", "up"]


async def test_moved_to_another_stage_it_steps_up_there_too() -> None:
    stage, audibility = Stage(mute_members=True), Audibility()
    await look(audibility, stage)
    other = Stage(mute_members=True)
    other.id = 8
    assert await look(audibility, other) is None
    assert other.me.done == ["up"]


async def test_until_the_news_of_its_step_up_has_come_it_counts_as_taken() -> None:
    stage, audibility = Stage(mute_members=True), Audibility()
    await look(audibility, stage)
    stage.me.voice.suppress = True  # as before the news
    assert await look(audibility, stage) is None
    assert stage.me.done == ["up"]


async def test_a_raised_hand_is_raised_once_and_counts_until_it_is_taken() -> None:
    stage, audibility = Stage(request_to_speak=True), Audibility()
    for _ in range(2):
        assert await look(audibility, stage) is Silence.HAND_RAISED
    stage.me.voice.requested_to_speak_at = None
    assert await look(audibility, stage) is Silence.AUDIENCE
    assert stage.me.done == ["hand"]
