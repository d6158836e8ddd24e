"""What the tests of spoken questions share: the assistant with ears, and a look at what it has taken in."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from assistant.hearing.ear import Ear
from assistant.stt.recognition_settings import RecognitionSettings
from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.member_actor import MemberActor
from sandbox.standins.language_model.model_server import ModelRequest
from sandbox.standins.recognition.hosted_recognition import HostedRecognition, Recognize, script
from sandbox.state.message import Message
from tests.support.recorded_speech import Recording, recording
from tests.support.scene import Scene
from voicewire.receiver import Receiver

_SIGN: Final = "🗣️ "
_LOOK_SECONDS: Final = 0.2
"""A look at all objects stops everything for a moment."""
_Kind = TypeVar("_Kind")

GLAD = recording("en-libri-237-134500-0005")
"""2.4 s: "oh but i'm glad to get this place mowed"."""
GLAD_TEXT = "Oh but i'm glad to get this place mowed."
"""How it is written down."""
EASY = recording("en-libri-1447-130550-0000")
"""1.7 s: "easy going"."""
ABBEY = recording("en-libri-19-198-0000")
"""2.0 s: "northanger abbey"."""
MARRY = recording("en-libri-328-129766-0000")
"""2.3 s: "and so might marry again when he would"."""


@asynccontextmanager
async def listening(
    scene: Scene,
    recognize: Recognize | str,
    *,
    engine: tuple[str, ...] = ("hosted",),
    timeout: float = 6.0,
    **changes: Any,
) -> AsyncIterator[HostedRecognition]:
    """The assistant with hosted recognition, which hears this, or always this text; all of it is for the assistant."""
    known = script(recognize) if isinstance(recognize, str) else recognize
    async with HostedRecognition(known) as recognition:
        hosted = RecognitionSettings(engine=engine, base_url=recognition.base_url, model="sandbox-stt", timeout=timeout)
        async with scene.assistant(recognition=hosted, **{"addressing": "always"} | changes):
            yield recognition


async def panel_says(panel: Message, text: str, timeout: float = 10.0) -> None:
    """Return when the panel says this.

    Raises:
        TimeoutError: it does not.
    """
    await panel.wait_for(lambda message: text in message.content, timeout)


async def posted(place: ChannelHandle, text: str, timeout: float = 15.0) -> Message:
    """The first message there that contains this, as soon as it is there.

    Raises:
        TimeoutError: it does not come.
    """
    return await place.wait_for_message(lambda message: text in message.content and not message.deleted, timeout)


def captions(place: ChannelHandle) -> list[str]:
    """What was written down there of what members said, oldest first, without the sign before it."""
    return [each.content.splitlines()[0].removeprefix(_SIGN) for each in place.messages if _SIGN in each.content]


def notices(place: ChannelHandle) -> list[str]:
    """What was told there about what could not be heard."""
    return [each.content for each in place.messages if each.content.startswith("🙉")]


def answers(place: ChannelHandle) -> list[str]:
    """What was answered there, to what was typed or said, by the model that says what it was told."""
    texts = [each.content.partition("\n")[2] if _SIGN in each.content else each.content for each in place.messages]
    return [text for text in texts if text.startswith("You said ")]


def opened(member: MemberActor) -> int:
    """How many of a member's packets were decrypted, over all connections that are there."""
    return sum(each.counters[member.id].given for each in _alive(Receiver) if member.id in each.counters)


def received(member: MemberActor) -> int:
    """How many of a member's packets came, over all connections that are there."""
    return sum(each.counters[member.id].received for each in _alive(Receiver) if member.id in each.counters)


def decoded(member: MemberActor) -> int:
    """How many of a member's packets were decoded since they were last forgotten."""
    health = [ear.health(member.id) for ear in _alive(Ear)]
    return sum(each.counters.decoded for each in health if each is not None)


async def until_decoded(member: MemberActor, packets: int) -> None:
    """Return when so many packets of a member were decoded. Raises TimeoutError."""
    async with asyncio.timeout(10):
        while decoded(member) < packets:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(_LOOK_SECONDS)


def _alive(kind: type[_Kind]) -> list[_Kind]:
    """All objects of a kind: `run` shows nobody what it makes, and is not changed for the tests."""
    return [each for each in gc.get_objects() if isinstance(each, kind)]


def with_a_pause(first: Recording, seconds: float, then: Recording) -> npt.NDArray[np.int16]:
    """Both, and so much silence between them, besides what they begin and end with."""
    silence = np.zeros(int(48_000 * seconds), np.int16)
    return np.concatenate([first.at_48_khz(), silence, then.at_48_khz()])


def question_of(request: ModelRequest) -> str:
    """What a request asks."""
    return str(json.loads(request.body["messages"][-1]["content"])["message"])
