"""One answer as it is heard: cut into sentences while it is written, made into speech and played."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence, Set
from pathlib import Path
from typing import Final

from assistant.audio.player import Player
from assistant.audio.track import Track
from assistant.domain.errors import CallMute
from assistant.preferences.reply_options import ReplyOptions
from assistant.reply.speech_producer import SpeechProducer, aside
from assistant.telemetry.turn_trace import TurnTrace
from assistant.text.normalization.discord_markup import Names
from assistant.text.pipeline import TextPipeline
from assistant.text.sentence import Sentence
from assistant.tts.synthesizer import Synthesizer

_log = logging.getLogger(__name__)

_PIECE_CHARACTERS: Final = 95
"""gTTS splits a text of over 100 characters at every comma; it adds a space to each "?" and "!" before it counts."""


class Recital:
    """Takes the text of one answer as it is written. Its `run` ends when all is heard that will be. Used once."""

    def __init__(
        self,
        *,
        synthesizer: Synthesizer,
        player: Player,
        language_of: Callable[[str], str],
        names: Names,
        options: ReplyOptions,
        told: Set[str],
        trace: TurnTrace,
        heard_before: int = 0,
    ) -> None:
        """Nothing is made or heard until `run`.

        Args:
            synthesizer: who speaks.
            speaker: where it is heard.
            language_of: tells the language of a sentence, as a gTTS code.
            names: tells what users, roles and channels are called.
            manner: by whom it is said, and how much of it.
            told: the languages of which people know already that nobody speaks them.
            trace: where it is noted what happened when.
            heard_before: how many of its first sentences were heard in an earlier process, and are not said again.
        """
        self._player = player
        self._trace = trace
        self._text = TextPipeline(language_of, _PIECE_CHARACTERS, names)
        self._track = Track()
        self._producer = SpeechProducer(
            synthesizer, self._track, wish=options.voice, spoken_seconds=options.spoken_seconds, told=told
        )
        self._heard_before: list[str] = []
        self._to_leave_out = heard_before
        self._narrating: asyncio.Task[None] | None = None
        self._is_done = False

    @property
    def has_begun(self) -> bool:
        """Whether something of it was heard."""
        return self._track.cursor > 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more of it will be heard."""
        return self._is_done or self._track.is_over

    @property
    def is_whole(self) -> bool:
        """Whether everything that was to be said could be, so far."""
        return self._producer.is_whole

    @property
    def unspoken(self) -> Set[str]:
        """The languages that nobody speaks, besides those `told`."""
        return self._producer.unspoken

    @property
    def holes(self) -> Sequence[float]:
        """The silences inside it that nobody meant, each in seconds."""
        return self._track.holes

    @property
    def heard(self) -> str:
        """The words of the answer that were heard so far."""
        return " ".join(part for part in (*self._heard_before, self._producer.heard) if part)

    @property
    def leaves_rest(self) -> bool:
        """Whether `end_after_sentence` has left something unsaid."""
        return self._producer.leaves_rest

    @property
    def heard_sentences(self) -> int:
        """How many of its sentences were heard to their end, those of an earlier process included."""
        return len(self._heard_before) + self._producer.heard_sentences

    def feed(self, delta: str) -> None:
        """More of the answer was written."""
        self._say(self._text.feed(delta))

    def finish(self, apology: str = "") -> None:
        """The answer is written, as far as it will be; an apology is said behind it."""
        self._say(self._text.finish())
        self._say([aside(apology)] if apology else [])
        self._producer.finish()

    def stop(self) -> None:
        """Let no further frame be heard, and nothing more be made; from the next frame on there is silence."""
        self._track.stop()
        if self._narrating is not None:
            self._narrating.cancel()

    def end_after_sentence(self) -> None:
        """Let the sentence of the moment be heard to its end, and nothing behind it."""
        self._producer.end_after_sentence()

    async def run(self, folder: Path) -> None:
        """Make it and play it; audio files are made inside `folder`, whose owner removes it."""
        if not self._track.is_stopped:
            async with asyncio.TaskGroup() as tasks:
                self._narrating = tasks.create_task(self._producer.run(folder))
                await self._play()
        self._is_done = True
        self._trace.first_speech, self._trace.first_frame = self._track.first_made, self._track.first_sent
        self._trace.ended = time.monotonic()

    def _say(self, sentences: Sequence[Sentence]) -> None:
        if sentences:
            self._trace.first_clause = self._trace.first_clause or time.monotonic()
            left_out = sentences[: self._to_leave_out]
            self._heard_before += [sentence.source for sentence in left_out]
            self._to_leave_out -= len(left_out)
            self._producer.say(sentences[len(left_out) :])

    async def _play(self) -> None:
        try:
            await self._player.play(self._track)
        except CallMute:
            _log.warning("The answer is left to its text: the call has no voice for now")
            self._producer.stop()
