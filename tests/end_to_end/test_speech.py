"""Speech in whole calls: it survives outages, it is heard whole, and each sentence is in its own language."""

import asyncio
import json
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.tts.speech_settings import SpeechSettings
from assistant.util import circuit_breaker
from sandbox.standins import faults as google_faults
from sandbox.standins.faults import CutAfter, Drip, EndlessSpeech, GzipBomb, SpeechFault
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.speech import HostedSpeech
from tests.support.eventually import eventually
from tests.support.scene import Scene, SceneMaker, hum

REST = 5.0
"""Seconds from a failure of Google to the first probe; to the second it is twice as long. In the bot 15."""
OUTAGE_SECONDS = 20.0
"""Long enough for both."""
TIMEOUT = 2.0


async def first_sound_of(scene: Scene, line: str) -> float:
    """Ask something; return the seconds until its answer is heard, once it has been heard to its end."""
    asked, before = time.monotonic(), len(scene.call.speech())
    await scene.ada.type(line, scene.lounge)
    await scene.call.wait_for_frames(before + 1, 20)
    heard = time.monotonic() - asked
    await scene.heard_to_the_end()
    return heard


@pytest.mark.timeout(180)
@pytest.mark.parametrize("fault", [google_faults.Status(429), google_faults.Hang()], ids=str)
async def test_an_outage_of_google_that_lasts_costs_no_turn_and_one_timeout_of_silence_at_most(
    scene: Scene, fault: SpeechFault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit_breaker, "SHORTEST_COOLDOWN", REST)
    lines = [f"this is line {number} of a long talk" for number in range(60)]
    async with scene.assistant(speech=scene.speech(engine=("auto",), timeout=TIMEOUT)):
        await scene.begin_call()
        usual = await first_sound_of(scene, "this is said before it")
        scene.google.outage = fault
        begun = time.monotonic()
        waited: list[float] = []
        while time.monotonic() - begun < OUTAGE_SECONDS:
            waited.append(await first_sound_of(scene, lines[len(waited)]))
        scene.google.outage = None
        await first_sound_of(scene, "this is said after it")
        answers = [message.content for message in scene.lounge.messages if message.author.bot]
        said = [f"You said {line}." for line in lines[: len(waited)]]
        assert answers == ["You said this is said before it.", *said, "You said this is said after it."]
        long = [seconds for seconds in waited if seconds > usual + 1.0]
        assert len(long) <= 1, f"silence again and again: {waited}"
        assert max(waited) < usual + TIMEOUT + 3.0, "more than one timeout, and the time that the other voice loads"
        assert 2 < len(scene.google.requests) < 8, "it is not probed, or asked although it is unwell"


async def test_with_google_alone_one_request_that_hangs_mutes_one_answer(scene: Scene) -> None:
    async with scene.assistant(speech=scene.speech(timeout=TIMEOUT)):
        await scene.begin_call()
        scene.google.order(google_faults.Hang())
        await scene.answer_to("this is not heard")
        note = await scene.lounge.wait_for_message(lambda message: "🔇" in message.content, 10)
        assert note.content
        assert await first_sound_of(scene, "this is heard") < 3.0


@pytest.mark.parametrize(
    "fault",
    [google_faults.Drip(0.5), google_faults.Drip(0.5, is_head_too=True), EndlessSpeech(), GzipBomb(100)],
    ids=str,
)
@pytest.mark.parametrize("name", ["gtts", "hosted"])
async def test_a_service_that_means_harm_costs_one_sentence_at_most_and_the_next_engine_speaks(
    scene: Scene, fault: Drip | EndlessSpeech | GzipBomb, name: str
) -> None:
    async with HostedSpeech(hum, voices=("alloy",)) as service:
        service.outage = scene.google.outage = fault
        speech = replace(hosted(scene, service), engine=(name, "hibari"))
        async with scene.assistant(speech=speech):
            await scene.begin_call()
            begun = time.monotonic()
            for line in ("hello there", "hello again"):
                await scene.answer_to(line)
                await scene.heard_to_the_end()
            assert time.monotonic() - begun < 25
            status = (await scene.ada.command("voice_status", scene.text)).content
            assert re.search(r"by hibari: [1-9]", status), status
        assert len(scene.google.requests) + len(service.requests) < 4, "it is asked again and again"


async def test_a_man_in_the_middle_of_google_is_told_nothing_and_the_next_engine_speaks(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with GoogleSpeech(hum) as stranger:
        monkeypatch.setenv("HTTPS_PROXY", stranger.proxy_url)
        async with scene.assistant(speech=scene.speech(engine=("gtts", "hibari"))):
            await scene.begin_call()
            await scene.answer_to("a secret")
            await scene.heard_to_the_end()
    assert stranger.connections
    assert (stranger.requests, scene.google.requests) == ([], [])


async def test_hosted_speech_is_heard_while_it_is_still_being_made(scene: Scene) -> None:
    line = "one two three four five six seven eight nine ten eleven"
    async with HostedSpeech(hum, voices=("alloy",), realtime_factor=1.5, chunk_seconds=0.1) as service:
        speech = hosted(scene, service)
        async with scene.assistant(speech=speech):
            await scene.begin_call()
            await scene.ada.type(line, scene.lounge)
            await scene.call.wait_for_frames(1)
            assert service.requests[0].answered is None, "it waited for the whole sentence"
            await scene.heard_to_the_end()
    seconds = len(scene.call.speech()) * 0.02
    assert abs(seconds - len(f"You said {line}.") * 0.02) < 0.3


@pytest.mark.parametrize("content_type", [None, "application/octet-stream"])
@pytest.mark.parametrize("form", ["wav", "pcm"])
async def test_a_service_that_gives_wav_or_samples_alone_is_heard(
    scene: Scene, form: str, content_type: str | None
) -> None:
    async with (
        HostedSpeech(hum, voices=("alloy",), formats=(form,), content_type=content_type) as service,
        scene.assistant(speech=hosted(scene, service)),
    ):
        await scene.begin_call()
        for line in ("hello there my friend", "hello again my friend"):
            before = len(scene.call.speech())
            await scene.answer_to(line)
            await scene.heard_to_the_end()
            seconds = (len(scene.call.speech()) - before) * 0.02
            assert abs(seconds - len(f"You said {line}.") * 0.02) < 0.3
    assert [request.format for request in service.requests][-1] == form
    assert [request.format for request in service.requests].count("mp3") == 1, "mp3 is asked for again and again"


async def test_of_a_sentence_that_breaks_off_the_rest_is_in_the_chat_and_the_next_is_spoken(scene: Scene) -> None:
    async with (
        HostedSpeech(hum, voices=("alloy",), realtime_factor=1.2, chunk_seconds=0.1) as service,
        scene.assistant(speech=hosted(scene, service)),
    ):
        await scene.begin_call()
        service.order(CutAfter(0.6))
        await scene.answer_to("one two three four five six seven eight nine ten. And then eleven twelve.")
        await scene.heard_to_the_end(1.0)
        note = await scene.lounge.wait_for_message(lambda message: "🔇" in message.content, 10)
        assert "all of this answer" in note.content
        assert len(service.requests) == 2, "the sentence was asked for again, or the next one was not"


def hosted(scene: Scene, service: HostedSpeech) -> SpeechSettings:
    """Hosted speech alone, by the stand-in."""
    return scene.speech(engine=("hosted",), base_url=service.base_url, model="sandbox-tts", timeout=2.0)


def polyglot(messages: Sequence[Any]) -> str:
    """Answers in the language it is asked for."""
    return {
        "german": "Das ist eine gute Frage, mein lieber Freund.",
        "japanese": "それはとても良い質問ですね。ありがとうございます。",
        "english": "That is a very good question, my dear friend.",
    }[json.loads(messages[-1]["content"])["message"]]


async def test_each_answer_is_spoken_in_its_language_and_one_that_nobody_speaks_is_told_once(
    open_scene: SceneMaker,
) -> None:
    async with open_scene(responder=polyglot) as scene, scene.assistant(speech=scene.speech(engine=("offline",))):
        await scene.begin_call()
        for language in ("english", "german"):
            await scene.answer_to(language)
            await scene.heard_to_the_end()
        status = (await scene.ada.command("voice_status", scene.text)).content
        assert re.search(r"by hibari: [1-9]", status)
        assert re.search(r"by pico: [1-9]", status)
        await scene.answer_to("japanese")
        await scene.heard_to_the_end()
        await eventually(lambda: any("no voice for Japanese" in text for text in written(scene)))
        heard = len(scene.call.speech())
        await scene.answer_to("japanese")
        await asyncio.sleep(0.5)
        await scene.answer_to("english")
        await scene.heard_to_the_end()
        assert sum("no voice for Japanese" in text for text in written(scene)) == 1
        assert len(scene.call.speech()) - heard < 4 * 50, "Japanese was read aloud by somebody"


def written(scene: Scene) -> list[str]:
    """What the assistant wrote beside the call."""
    return [message.content for message in scene.lounge.messages if message.author.bot]


async def test_what_was_said_before_is_not_asked_for_again_also_after_a_restart(scene: Scene, tmp_path: Path) -> None:
    speech = scene.speech(cache_megabytes=1, cache_folder=tmp_path / "cache")
    for _ in range(2):
        async with scene.assistant(speech=speech):
            panel = await scene.begin_call()
            await scene.answer_to("good day my friend")
            await scene.heard_to_the_end()
            await scene.ada.click(panel, "End Call")
            await scene.everybody_left(panel, "Ada ended it.")
    assert len(scene.google.requests) == 1
