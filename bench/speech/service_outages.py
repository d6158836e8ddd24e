"""What is heard while an engine fails, for every way in which it can fail."""

import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.audio.opus import FRAME_SECONDS
from assistant.domain.errors import SpeechBroken, SpeechUnavailable
from assistant.text.sentence import Sentence
from assistant.tts.cache import SpeechCache
from assistant.tts.engine import SpeechEngine
from assistant.tts.google import GoogleEngine
from assistant.tts.hibari import HibariEngine
from assistant.tts.synthesizer import Synthesizer
from bench.speech.standin_services import hosted_engine, services
from sandbox.standins import faults
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.speech import HostedSpeech
from tests.support.eventually import eventually

_TIMEOUT: Final = 2.0
"""Seconds for which a service may be silent here; in the bot it is 5."""
_SENTENCES: Final = (
    "The weather will be warm and dry until the end of the week.",
    "Please put the green box on the table near the window.",
    "The children played in the garden after lunch.",
    "A long train moved slowly across the old bridge.",
    "There is a good reason to wait another day.",
)
_WHOLE_SECONDS: Final = (0.8, 1.25)
"""A sentence that is shorter than this part of its usual time has lost something; a longer one was said twice."""

GOOGLE_FAULTS: Final[Sequence[faults.SpeechFault]] = (
    faults.Status(429),
    faults.Status(403),
    faults.Status(500),
    faults.EmptyBody(),
    faults.NoAudioLine(),
    faults.NullAudio(),
    faults.HtmlPage(),
    faults.CorruptBase64(),
    faults.CorruptMp3(),
    faults.Truncated(),
    faults.Hang(),
)
HOSTED_FAULTS: Final[Sequence[faults.HostedSpeechFault]] = (
    faults.Status(429, retry_after="10"),
    faults.Status(401),
    faults.Status(500),
    faults.EmptyBody(),
    faults.HtmlPage(),
    faults.CorruptAudio(),
    faults.CutAfter(0.5),
    faults.HangAfter(0.5),
    faults.Hang(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageRow:
    """One fault that lasts for three sentences."""

    engine: str
    """The engine that fails."""
    fault: str
    """How it fails."""
    spoken_by: str
    """Which engines said the three sentences."""
    heard_whole: int
    """How many of the three were heard whole and once."""
    broken_off: int
    """How many broke off after a part was heard."""
    longest_silence: float
    """The longest time from the order of a sentence to its first sound, in seconds."""
    requests: int
    """How many requests for them reached the failing service."""
    comes_back: bool
    """Whether the engine speaks again after the outage, without a sentence that waited for it."""


async def try_outages(folder: Path, *, quick: bool) -> list[OutageRow]:
    """Try every fault of both services; if `quick`, only a few."""
    rows = []
    async with services() as (google, hosted):
        await _warm(google, hosted)
        chosen = slice(None, None, 5 if quick else 1)
        for google_fault in GOOGLE_FAULTS[chosen]:
            engine: SpeechEngine = GoogleEngine(accent="com", timeout=_TIMEOUT, per_minute=100_000)
            rows.append(await _Outage(engine, google, folder).run(google_fault, is_heard=False))
        for hosted_fault in HOSTED_FAULTS[chosen]:
            rows.append(
                await _Outage(hosted_engine(hosted, timeout=_TIMEOUT), hosted, folder).run(hosted_fault, is_heard=False)
            )
            if isinstance(hosted_fault, faults.CutAfter | faults.HangAfter):
                rows.append(
                    await _Outage(hosted_engine(hosted, timeout=_TIMEOUT), hosted, folder).run(
                        hosted_fault, is_heard=True
                    )
                )
    return rows


async def _warm(google: GoogleSpeech, hosted: HostedSpeech) -> None:
    """Let the stand-ins make their speech now, so that it costs them nothing later."""
    for engine in (GoogleEngine(accent="com", timeout=60.0, per_minute=100_000), hosted_engine(hosted, timeout=60.0)):
        async with engine:
            for text in _SENTENCES:
                async with aclosing(engine.speak(text, engine.voices[0], "en")) as audio:
                    async for _ in audio:
                        pass
    google.requests.clear()
    hosted.requests.clear()


class _Outage:
    """An engine with hibari as its fallback."""

    def __init__(self, engine: SpeechEngine, service: GoogleSpeech | HostedSpeech, folder: Path) -> None:
        self._engine = engine
        self._service = service
        self._folder = folder
        self._later = 0.0

    async def run(self, fault: object, *, is_heard: bool) -> OutageRow:
        """Say sentences before the outage, three during it, and some after it."""
        none = SpeechCache(self._folder, max_bytes=0, max_age_seconds=0)
        chain = Synthesizer([self._engine, HibariEngine()], none, now=lambda: time.monotonic() + self._later)
        async with chain:
            chain.warm("en")
            for text in _SENTENCES:  # loads the voices
                await self._say(chain, text)
            usual = [(await self._say(chain, text)).seconds for text in _SENTENCES]
            asked = len(self._service.requests)
            self._service.outage = fault  # type: ignore[assignment] # each service has its own kind of faults
            before = [health.spoken for health in chain.health]
            said = [await self._say(chain, text, is_heard=is_heard) for text in _SENTENCES[:3]]
            after = [health.spoken for health in chain.health]
            requests = len(self._service.requests) - asked
            self._service.outage = None
            self._later += 3600.0  # the circuit breaker tries the engine again
            await self._say(chain, _SENTENCES[3])
            comes_back = await self._recovers(lambda: chain.health[0].last_error is None)
            spoken = chain.health[0].spoken
            await self._say(chain, _SENTENCES[4])
            names = [health.name for health in chain.health]
            return OutageRow(
                engine=self._engine.name,
                fault=f"{_name_of(fault)}{', the beginning heard' if is_heard else ''}",
                spoken_by=", ".join(
                    f"{name} {now - then}" for name, now, then in zip(names, after, before, strict=True) if now > then
                ),
                heard_whole=sum(each.is_like(seconds) for each, seconds in zip(said, usual, strict=False)),
                broken_off=sum(each.is_broken for each in said),
                longest_silence=max(each.silence for each in said),
                requests=requests,
                comes_back=comes_back and chain.health[0].spoken > spoken,
            )

    async def _say(self, chain: Synthesizer, text: str, *, is_heard: bool = False) -> "_Said":
        said = _Said(is_heard)
        try:
            await chain.speak(Sentence(said=text, source=text, language="en"), self._folder, said)
        except SpeechBroken:
            said.is_broken = True
        except SpeechUnavailable:
            said.frames = 0
        return said

    async def _recovers(self, condition: Callable[[], bool]) -> bool:
        try:
            await eventually(condition)
        except (AssertionError, TimeoutError):
            return False
        return True


def _name_of(fault: object) -> str:
    """Its class and parameter, such as Status 429 or CutAfter 0.5."""
    about = getattr(fault, "status", getattr(fault, "fraction", ""))
    return f"{type(fault).__name__} {about}".strip()


class _Said:
    """What is heard of one sentence."""

    def __init__(self, is_heard: bool) -> None:
        self.frames = 0
        self.is_broken = False
        self._is_heard = is_heard
        self._ordered = time.monotonic()
        self._first: float | None = None

    @property
    def seconds(self) -> float:
        """How many seconds it lasts."""
        return self.frames * FRAME_SECONDS

    @property
    def silence(self) -> float:
        """Seconds before its first sound."""
        return (self._first or time.monotonic()) - self._ordered

    def is_like(self, usual: float) -> bool:
        """Whether it lasts as long as usual."""
        least, most = _WHOLE_SECONDS
        return least * usual < self.seconds < most * usual and not self.is_broken

    def append(self, frame: bytes) -> None:  # noqa: ARG002 - frames are only counted
        """See `Sink.append`."""
        self.frames += 1
        self._first = self._first or time.monotonic()

    def restart(self) -> bool:
        """See `Sink.restart`."""
        if self._is_heard and self.frames:
            return False
        self.frames = 0
        return True


def outage_summary(rows: Sequence[OutageRow]) -> str:
    """One line: how many sentences were heard."""
    total, whole = 3 * len(rows), sum(row.heard_whole for row in rows)
    broken = sum(row.broken_off for row in rows)
    return f"{whole} of {total} sentences heard whole and once, {broken} broken off after their beginning was heard"
