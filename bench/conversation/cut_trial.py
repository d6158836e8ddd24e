"""How often the assistant takes a pause for the end of what somebody says."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.hearing.models import HearingModels
from bench.conversation.latency_trial import quick_voice, times_of_voice
from bench.conversation.spoken_call import SpokenCall, open_spoken_call
from bench.hearing.figure import Figure, at_most
from bench.hearing.sounds import in_a_room, sound_of
from tests.support.recorded_speech import Recording
from tests.support.sent_packets import encode_as_clients_do, packets_of
from tests.support.virtual_ear import VirtualEar

_BEFORE_SECONDS: Final = 0.2
_AFTER_SECONDS: Final = 1.5
_ANSWERED_SECONDS: Final = 6.0
"""Time behind a recording for everything that it leads to."""
_MOST: Final = 3.0
_ANSWER: Final = "That is very kind of you to say."


@dataclass(frozen=True, slots=True)
class Pieces:
    """What became of one recording in a call."""

    name: str
    """The recording's."""
    ear: int
    """Turns into which the ear cuts it."""
    questions: int
    """Messages that stand in the chat for it in the end."""
    is_answered_inside: bool
    """Whether an answer was heard before it was over."""

    @property
    def is_cut(self) -> bool:
        """Whether it was taken for more than one question, or answered in a pause."""
        return self.questions > 1 or self.is_answered_inside

    def __str__(self) -> str:
        """Which, and why."""
        return f"{self.name}: {self.questions} questions{', answered in a pause' * self.is_answered_inside}"


async def cut_figures(recordings: Sequence[Recording], models: HearingModels) -> list[Figure]:
    """People say these; only those that the ear cuts are said in a call, since the others cannot be cut there."""
    turns = {each: _turns(each, models) for each in recordings}
    cut = [each for each, count in turns.items() if count > 1]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_spoken_call(Path(folder), lambda _: _ANSWER, quick_voice) as call:
            pieces = [await _say(call, each, turns[each]) for each in cut]
    wrong = [each for each in pieces if each.is_cut]
    heard = sum(count > 0 for count in turns.values())
    return [
        Figure("recordings of people; cut by the ear; joined again", f"{heard}; {len(cut)}; {len(cut) - len(wrong)}"),
        at_most("turns cut in two, per 100", 100 * len(wrong) / max(1, heard), _MOST, "", 1),
        Figure("these", "; ".join(map(str, wrong)) or "none"),
    ]


def _turns(recording: Recording, models: HearingModels) -> int:
    ear = VirtualEar(models)
    ear.hear(packets_of(_frames(recording)))
    return len(ear.end())


def _frames(recording: Recording) -> list[bytes]:
    return encode_as_clients_do(in_a_room(sound_of(recording), _BEFORE_SECONDS, _AFTER_SECONDS))


async def _say(call: SpokenCall, recording: Recording, turns: int) -> Pieces:
    known = {message.id for message in call.text.messages}
    begun = await call.say("Ada", await asyncio.to_thread(_frames, recording))
    spoken = begun + _BEFORE_SECONDS + recording.seconds
    await asyncio.sleep(_ANSWERED_SECONDS)
    await call.until_quiet()
    voiced = await asyncio.to_thread(times_of_voice, call.heard_since(begun))
    is_inside = any(at < spoken for at in voiced)
    new = [message for message in call.text.messages if message.id not in known and not message.deleted]
    questions = sum(message.content.startswith("🗣️") for message in new)
    return Pieces(recording.name, turns, questions, is_inside)
