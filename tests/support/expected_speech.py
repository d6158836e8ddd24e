"""The frames that must be heard of what the assistant has said in a scene."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from assistant.audio.pauses import CLAUSE_PAUSE, PHRASE_PAUSE, SENTENCE_PAUSE
from assistant.tts.google import GoogleEngine
from assistant.tts.monitored_engine import MonitoredEngine
from tests.support.eventually import eventually
from tests.support.scene import Scene
from tests.support.speech_sinks import Heard

LONG_LINE = "this takes a while to say because it is rather long and has no full stop"
"""Something to type whose answer takes more than a second to say, so that it can be broken into."""


async def assert_all_was_heard(scene: Scene, quiet_seconds: float = 1.0) -> None:
    """Fail unless every frame of all that was said is heard once and in order, and then nothing for so long."""
    await scene.heard_to_the_end(quiet_seconds)

    def is_long_enough() -> bool:
        return len(scene.call.speech()) >= sum(len(request.text) for request in scene.google.requests)

    with suppress(TimeoutError):  # on a busy machine, an answer may begin later after the one before it
        await eventually(is_long_enough, 20.0)
    await scene.call.wait_until_quiet(quiet_seconds)
    scene.heard = len(scene.call.speech())
    assert [frame.opus for frame in scene.call.speech()] == await _expected_frames(scene)


async def _expected_frames(scene: Scene) -> list[bytes]:
    """The frames that the spoken pieces consist of, asked for anew: the same text is the same sound."""
    # Two pieces are asked for at a time, and may arrive in either order; their place is the one in the answers.
    written = " ".join(message.content for message in scene.lounge.messages if message.author.bot)
    pieces = sorted((request.text for request in scene.google.requests), key=written.index)
    async with GoogleEngine(accent="com", timeout=5.0, per_minute=1000) as engine:
        with ThreadPoolExecutor(1) as encoders:
            link = MonitoredEngine(engine, encoders)
            spoken = [
                await link.speak(text, engine.voices[0], "en", Heard(), pause=_pause_behind(text)) for text in pieces
            ]
    return [frame for frames in spoken for frame in frames]


def _pause_behind(text: str) -> float:
    """How much of the silence behind a piece is heard; each answer ends with a mark."""
    if text[-1] in ".!?…":
        return SENTENCE_PAUSE
    return PHRASE_PAUSE if text[-1].isalnum() else CLAUSE_PAUSE
