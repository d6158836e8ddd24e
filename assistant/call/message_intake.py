"""How messages come into a call: each once, in the order in which they were typed, and by one process alone."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import discord

from assistant.call.context import CallContext
from assistant.call.inbox import Offer
from assistant.call.message_changes import MessageChanges, look_again
from assistant.call.message_reader import MessageReader
from assistant.call.notices import Notices, Told
from assistant.call.said import Said
from assistant.call.seen_messages import SeenMessages
from assistant.call.turn_loop import TurnLoop
from assistant.call.usage_limits import UsageLimits
from assistant.discord_io import wording
from assistant.discord_io.heard_line import heard_text
from assistant.discord_io.posting import post
from assistant.discord_io.request_errors import READING_ERRORS
from assistant.domain.call_snapshot import QuestionSnapshot
from assistant.domain.channels import TextPlace
from assistant.reply.question import Question

_logger = logging.getLogger(__name__)

_MOST_MISSED: Final = 50
"""How many messages of a channel are taken after an outage; one in which more are typed is no conversation."""


class MessageIntake:
    """Hears the messages of one call.

    What comes waits for what was typed before it: what an earlier process has accepted, and what Discord did not
    deliver. Else the newest message that is written down as accepted would not tell where the next process has to look
    on.
    """

    def __init__(
        self,
        context: CallContext,
        turn_loop: TurnLoop,
        seen: SeenMessages,
        notices: Notices,
        limits: UsageLimits,
        *,
        reader: MessageReader,
        inbox_size: int,
    ) -> None:
        """Nothing is taken until `open`.

        Args:
            context: the call.
            turn_loop: who answers the messages.
            seen: which were heard already.
            notices: who tells that a message is not answered.
            limits: how many messages are taken of whom.
            reader: tells which messages are for the call, and what they say.
            inbox_size: how many may wait, as people are told.
        """
        self._context = context
        self._seen = seen
        self._notices = notices
        self._limits = limits
        self._reader = reader
        self._changes = MessageChanges()
        self._turn_loop = turn_loop
        self._inbox_size = inbox_size
        self._is_open = asyncio.Event()
        self._is_caught_up = asyncio.Event()
        self._is_caught_up.set()
        self._order_lock = asyncio.Lock()
        self._is_over = False
        self._is_suspended = False

    def open(self) -> None:
        """Take what comes."""
        self._is_open.set()

    async def accept(self, message: discord.Message) -> bool:
        """Take a message, if it is for this call and was not heard before; False where it is not a question."""
        await self._is_open.wait()
        await self._is_caught_up.wait()
        return await self._accept_in_order([message])

    async def accept_spoken(self, speaker: discord.Member, said: Said, message: discord.Message | None) -> int:
        """Take what somebody has said, and return the question's id; `message` is where we wrote it down, if we did.

        Also while the call is being suspended: the next process reads it from the journal.
        """
        await self._is_open.wait()
        question = self._reader.spoken_question(speaker, said.text, message)
        question = replace(question, received=said.ended_at, recognized=said.recognized, committed=said.committed)
        async with self._order_lock:
            told = await self._accept_spoken(question)
        if told.text:
            self._notices.tell(message, question.place, told, member_id=speaker.id)
        return question.id

    def gateway_connected(self) -> None:
        """The main gateway has a new session: what was typed before it, and not heard, is to be looked for first."""
        self._seen.raise_watermarks()
        self._is_caught_up.clear()

    async def catch_up(self) -> None:
        """Take what was typed and not delivered, since there was no session on the main gateway."""
        await self._is_open.wait()
        try:
            await self._look_at_waiting_again()
            await self._accept_missed()
        finally:
            self._is_caught_up.set()

    async def restore(self, waiting: Iterable[QuestionSnapshot]) -> None:
        """Take what an earlier process has accepted and not answered, and what was typed since; then open."""
        unread: dict[TextPlace, None] = {}
        for snapshot in waiting:
            question = await self._read_again(snapshot, unread)
            if question is None:
                await self._turn_loop.close_question(snapshot.message_id)
            else:
                self._turn_loop.put_back(question)
        for place in unread:
            await post(place, wording.NOT_READ_AGAIN)
        await self._accept_missed()
        self.open()

    def suspend(self) -> None:
        """Accept nothing any more: what comes is for the process that goes on with the call, and so is what waits."""
        self._is_suspended = True

    async def messages_deleted(self, message_ids: Collection[int]) -> None:
        """These messages are gone: those that wait are not answered."""
        self._changes.delete(message_ids)
        await self._turn_loop.change(lambda question: None if question.id in message_ids else question)

    async def place_deleted(self, channel_id: int) -> None:
        """A channel is gone, and all that was typed there."""
        await self._turn_loop.change(
            lambda question: None if question.message is not None and question.place.id == channel_id else question
        )

    async def message_edited(self, message: discord.Message) -> None:
        """A message reads differently now: if it waits, it is answered as it is, and not at all without a text."""
        # Without a time, Discord has looked at a link in it.
        if not self._is_suspended and message.channel in self._context.places and message.edited_at is not None:
            self._changes.edit(message)
            await self._turn_loop.change(partial(self._as_edited, message))

    def close(self) -> None:
        """Let nobody wait any more."""
        self._is_open.set()
        self._is_caught_up.set()

    async def end(self) -> None:
        """Write down that the call is over, but not while a message is being accepted: it would be refused, and lost.

        What comes from now on is taken unasked, so that the goodbye can tell that it stays unanswered.
        """
        self._is_over = True
        async with self._order_lock:
            await self._context.journal.end()

    async def _look_at_waiting_again(self) -> None:
        """Find out what was edited and deleted while there was no session."""
        by_place: dict[TextPlace, list[int]] = {}
        for question in self._turn_loop.questions:
            if question.message is not None:
                by_place.setdefault(question.place, []).append(question.id)
        for place, waiting in by_place.items():
            found, gone = await look_again(place, waiting)
            for message in found:
                await self.message_edited(message)
            await self.messages_deleted(gone)

    async def _accept_missed(self) -> None:
        by_place: dict[TextPlace, list[discord.Message]] = {}
        for message in await self._seen.missed(self._context.places):
            if self._is_for_us(message):
                by_place.setdefault(_place_of(message), []).append(message)
        taken = [message for messages in by_place.values() for message in messages[:_MOST_MISSED]]
        await self._accept_in_order(sorted(taken, key=lambda message: message.id))
        for place, messages in by_place.items():
            if left_out := messages[_MOST_MISSED:]:
                await self._leave_out(place, left_out)

    async def _leave_out(self, place: TextPlace, messages: Sequence[discord.Message]) -> None:
        """Take none of these messages of a channel, and say so there, once."""
        newest = messages[-1]
        async with self._order_lock:
            count = sum(self._seen.is_new(message) for message in messages)
            # Written down as answered, so that the next process does not read them all again.
            is_ours = await self._context.journal.accept(newest.id, place.id, is_answered=True)
        if count and is_ours:
            _logger.warning("%d messages were typed in #%s while I was away that are not answered", count, place)
            await post(place, wording.missed_too_many(count), answering=newest)

    async def _accept_in_order(self, messages: Sequence[discord.Message]) -> bool:
        notices: list[tuple[discord.Message, Told]] = []
        async with self._order_lock:
            for message in messages:
                notice = await self._accept_one(message)
                if notice is not None:
                    notices.append((message, notice))
        for message, notice in notices:
            if notice.text:
                asker = self._reader.asker(message)
                self._notices.tell(message, _place_of(message), notice, member_id=asker.id)
        return bool(notices)

    async def _accept_one(self, message: discord.Message) -> Told | None:
        """Take one message; None when it is not ours to take, else what its author is told."""
        if not self._is_for_us(message) or not self._seen.is_new(message):
            return None
        is_question = self._reader.question(message) is not None
        if not (
            self._is_over
            or await self._context.journal.accept(message.id, message.channel.id, is_answered=not is_question)
        ):
            return None
        if not is_question:
            return self._reader.hint(message)
        now = self._changes.latest(message)  # what became of it while it was accepted
        question = self._read(now)
        told = self._offer(question) if question is not None else None
        if told is None or told.text:
            await self._turn_loop.close_question(message.id)
        return told or Told()

    async def _accept_spoken(self, question: Question) -> Told:
        message = question.message
        said = question.text if message is None else None
        if not self._is_over and not await self._context.journal.accept(
            question.id, question.place.id, speaker_id=question.asker.id, said=said
        ):
            return Told()
        is_gone = message is not None and self._changes.latest(message) is None  # deleted while it was accepted
        told = Told() if is_gone else self._offer(question)
        if is_gone or told.text:
            self._turn_loop.withdraw(question.asker.id)
            await self._turn_loop.close_question(question.id)
        return told

    def _offer(self, question: Question) -> Told:
        """Let a message wait for its turn, if it may; else its author is told why not."""
        member = self._context.guild_id, question.asker.id
        is_begun = question.is_spoken and self._turn_loop.is_begun(question)  # its own answer may have used up the rest
        if not is_begun and (limit := self._limits.reached(*member)) is not None:
            return Told(wording.limit_reached(limit), once=True)
        offer = self._turn_loop.offer(question)
        if offer is Offer.SHARE_USED:
            return Told(wording.share_used(self._turn_loop.share))
        if offer is Offer.FULL:
            return Told(wording.inbox_full(self._inbox_size))
        self._limits.count_message(*member)
        return Told()

    def _is_for_us(self, message: discord.Message) -> bool:
        return not self._is_suspended and self._reader.is_for_us(message)

    def _read(self, message: discord.Message | None) -> Question | None:
        """The question in a message; None where it is gone, or there is none in it, or none any more."""
        return self._reader.question(message) if message is not None and self._reader.is_for_us(message) else None

    def _as_edited(self, message: discord.Message, question: Question) -> Question | None:
        """A question, which is about this message or about another one, as it is now."""
        if question.id != message.id or question.is_spoken:
            return question
        edited = self._read(message)
        return edited and replace(edited, snapshot=question.snapshot, received=question.received)

    async def _read_again(self, snapshot: QuestionSnapshot, unread: dict[TextPlace, None]) -> Question | None:
        """The question that an earlier process accepted; None, and its channel in `unread`, if Discord fails."""
        place = next((place for place in self._context.places if place.id == snapshot.channel_id), self._context.text)
        if snapshot.said is None and place.id != snapshot.channel_id:
            _logger.warning("Message %d is not answered: its channel is not the call's any more", snapshot.message_id)
            return None
        try:
            message = await place.fetch_message(snapshot.message_id) if snapshot.said is None else None
            speaker = snapshot.speaker_id and await _member(place.guild, snapshot.speaker_id)
        except discord.NotFound:
            _logger.info("Message %d is not answered: it, or who said it, is gone", snapshot.message_id)
            return None
        except READING_ERRORS as error:
            _logger.warning("Message %d is not answered: it could not be read again: %s", snapshot.message_id, error)
            unread[place] = None
            return None
        latest = message and self._changes.latest(message)
        if not speaker:
            question = self._read(latest)
        else:
            said = snapshot.said if latest is None else heard_text(latest.content)
            question = self._reader.spoken_question(speaker, said, latest, snapshot.message_id) if said else None
        return question and replace(question, snapshot=snapshot)


def _place_of(message: discord.Message) -> TextPlace:
    place = message.channel
    assert isinstance(place, TextPlace)  # it is one of the call's places
    return place


async def _member(guild: discord.Guild, user_id: int) -> discord.Member:
    """A member of a guild, who may not be known here."""
    return guild.get_member(user_id) or await guild.fetch_member(user_id)
