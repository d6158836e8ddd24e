"""What happened from a question to the end of its answer, as far as Discord, the services and the members saw it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise, takewhile
from typing import Final

from sandbox.actions.guild_handle import GuildHandle
from sandbox.playground.backstage import Backstage
from sandbox.playground.people import People
from sandbox.state.json_types import Json
from sandbox.state.message import Message

_MOST_TURNS: Final = 3
_MOST_STEPS: Final = 30
"""Of one turn; a long answer is spoken in more pieces."""
_MOST_MESSAGES: Final = 50
"""Of each channel; older ones are of older turns."""
_LONGEST_TEXT: Final = 120
_SAME_QUESTION_SECONDS: Final = 1.5
"""Whoever pauses for less goes on with what they say."""
_HOLE_SECONDS: Final = 0.2
"""Silence of that length between two frames makes two steps of them."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that took its time; all times are those of `time.monotonic()`."""

    kind: str
    """What it is, for the page: asked, model, speech, heard or posted."""
    label: str
    """Who or what did it."""
    begin: float
    """When it began."""
    end: float | None
    """When it was over; None: it is not, or it came to nothing."""
    text: str = ""
    """What was said or written."""


class TurnTimeline:
    """The latest turns of a guild: each begins when somebody types or begins to talk, and lasts until the next one."""

    def __init__(self, guild: GuildHandle, people: People, backstage: Backstage) -> None:
        self._guild = guild
        self._people = people
        self._backstage = backstage

    def view(self) -> list[Json]:
        """The turns, newest first. Seconds count from the end of the question."""
        questions = self._questions()[-_MOST_TURNS:]
        if not questions:
            return []
        others = sorted(self._answers(questions[0].begin), key=lambda step: step.begin)
        bounds = [*(each.begin for each in questions), float("inf")]
        turns = [
            _turn(question, [each for each in others if begin <= each.begin < end])
            for question, (begin, end) in zip(questions, pairwise(bounds), strict=True)
        ]
        return turns[::-1]

    def _questions(self) -> list[Step]:
        """What members typed or said, in order."""
        typed = [
            Step("asked", f"{each.author.name} types", each.time, each.time, each.content)
            for each in self._messages(since=0.0)
            if not each.author.bot
        ]
        said = [
            Step("asked", f"{person.actor.name} talks", begin, end)
            for person in self._people.all
            for begin, end in person.feed.stretches
        ]
        joined: list[Step] = []
        for step in sorted(typed + said, key=lambda each: each.begin):
            last = joined[-1] if joined else None
            if last and last.label == step.label and not step.text and step.begin - _end(last) < _SAME_QUESTION_SECONDS:
                joined[-1] = Step("asked", last.label, last.begin, step.end)
            else:
                joined.append(step)
        return joined

    def _answers(self, since: float) -> Iterator[Step]:
        bot = self._guild.guild.bot
        for message in self._messages(since):
            if message.author is bot:
                yield Step("posted", f"{bot.name} writes", message.time, message.time, message.content)
        if model := self._backstage.model:
            for asked in takewhile(lambda each: each.arrived >= since, reversed(model.requests)):
                begin, end = (asked.tokens[0][0], asked.tokens[-1][0]) if asked.tokens else (None, None)
                yield Step("model", "Model: first token", asked.arrived, begin)
                if begin is not None:
                    yield Step("model", "Model: the rest", begin, end, "".join(token for _, token in asked.tokens))
        if google := self._backstage.google:
            for spoken in takewhile(lambda each: each.arrived >= since, reversed(google.requests)):
                yield Step("speech", "Google speaks", spoken.arrived, spoken.answered, spoken.text)
        for begin, end in self._heard(since):
            yield Step("heard", f"{bot.name} is heard", begin, end)

    def _messages(self, since: float) -> list[Message]:
        store = self._guild.backend.store
        return [
            message
            for channel in store.channels_of(self._guild.guild).values()
            for message in islice(reversed(store.messages_in(channel)), _MOST_MESSAGES)
            if message.time >= since and not message.loading
        ]

    def _heard(self, since: float) -> Iterator[tuple[float, float]]:
        """When the bot's speech was heard in its call, without pauses."""
        voice = self._guild.bot_voice
        if voice is None or voice.channel is None:
            return
        frames = self._guild.backend.voice.call(voice.channel.id).frames
        heard = takewhile(lambda each: each.arrival >= since, reversed(frames))
        yield from _stretches(each.arrival for each in heard if not each.is_silence)


def _stretches(backwards: Iterable[float]) -> Iterator[tuple[float, float]]:
    begin = end = None
    for moment in backwards:
        if begin is not None and end is not None and begin - moment > _HOLE_SECONDS:
            yield begin, end
            end = None
        begin, end = moment, end if end is not None else moment
    if begin is not None and end is not None:
        yield begin, end


def _turn(question: Step, steps: list[Step]) -> Json:
    zero = _end(question)
    first = next((each.begin for each in steps if each.kind == "heard"), None)
    return {
        "id": f"{question.begin:.3f}",
        "first_sound": round(first - zero, 2) if first is not None else None,
        "steps": [_json(each, zero) for each in (question, *steps[:_MOST_STEPS])],
        "more": max(0, len(steps) - _MOST_STEPS),
    }


def _json(step: Step, zero: float) -> Json:
    return {
        "kind": step.kind,
        "label": step.label,
        "text": step.text[:_LONGEST_TEXT],
        "from": round(step.begin - zero, 2),
        "to": round(step.end - zero, 2) if step.end is not None else None,
    }


def _end(step: Step) -> float:
    return time.monotonic() if step.end is None else step.end
