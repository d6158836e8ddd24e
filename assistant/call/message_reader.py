"""What a message is to a call: a question with all that belongs to it, something else, or nothing."""

import mimetypes
import re
import secrets
from typing import Final
from urllib.parse import urlsplit

import discord

from assistant.call.context import CallContext
from assistant.call.notices import Told
from assistant.discord_io import wording
from assistant.discord_io.heard_line import heard_text
from assistant.discord_io.message_text import all_words, forwarded_messages, forwarded_words, with_names
from assistant.domain.channels import TextPlace
from assistant.domain.message_context import NO_CONTEXT, AttachedFile, MessageContext, QuotedMessage
from assistant.reply.question import Question
from assistant.util.text_boundaries import shortened

_TYPED: Final = {discord.MessageType.default, discord.MessageType.reply}
_COMMAND_SIGNS: Final = ("!", "/")
"""What the commands of other bots begin with where the owner says nothing else."""
_MENTION_FIRST: Final = re.compile(r"<@!?(\d+)>")
_PICTURE_HOSTS: Final = {"tenor.com", "giphy.com", "klipy.com", "cdn.discordapp.com", "media.discordapp.net"}
"""Where the pictures are that Discord's GIF picker sends as an address, and those whose address is copied."""
_LONGEST_FORWARD: Final = 4000
"""The most characters that a member may type."""
_LONGEST_QUOTE: Final = 1000
_LONGEST_NAME: Final = 100
_LONGEST_DESCRIPTION: Final = 300
_COUNTED_BITS: Final = 22
"""How many bits of a snowflake are not its time (https://discord.com/developers/docs/reference#snowflakes)."""


class MessageReader:
    """Reads the messages of one call."""

    def __init__(self, context: CallContext, ignored_prefixes: tuple[str, ...] = ()) -> None:
        """`ignored_prefixes` are the beginnings of messages that are for other bots.

        Without any, those are `!` and `/`, except in the voice channel's own chat, where people talk to us.
        """
        self._context = context
        self._ignored_prefixes = tuple(prefix.casefold() for prefix in ignored_prefixes)

    def is_for_us(self, message: discord.Message) -> bool:
        """Whether somebody typed it in the call's channels, and not for another bot."""
        if message.channel not in self._context.places:
            return False
        if self._is_asked_by_command(message):
            return True
        # Webhooks are no people. Whether they are marked as bots is not documented.
        if message.author.bot or message.webhook_id is not None or message.type not in _TYPED:
            return False
        if self._is_for_another_bot(message):
            return False
        return not message.content.casefold().startswith(self._prefixes_in(message.channel.id))

    def asker(self, message: discord.Message) -> discord.Member | discord.User:
        """Who asks: the author, or who used /ask where the message is ours."""
        metadata = message.interaction_metadata
        if metadata is None or not self._is_asked_by_command(message):
            return message.author
        return (message.guild.get_member(metadata.user.id) if message.guild else None) or metadata.user

    def question(self, message: discord.Message) -> Question | None:
        """The message as a question; None where there are no words in it, or it lacks the mention that it needs."""
        if self._is_asked_by_command(message):
            text, context = with_names(wording.asked_text(message.content), message.guild), NO_CONTEXT
        elif self._lacks_mention(message):
            return None
        else:
            text, context = self._typed(message)
        if not text:
            return None
        place = message.channel
        assert isinstance(place, TextPlace)  # it is one of the call's
        asker = self.asker(message)
        return Question(
            id=message.id,
            author=asker.display_name,
            text=text,
            message=message,
            place=place,
            asker=asker,
            context=context,
            is_silent=message.flags.suppress_notifications,
        )

    def spoken_question(
        self, speaker: discord.Member, text: str, message: discord.Message | None, question_id: int = 0
    ) -> Question:
        """What somebody has said.

        Args:
            speaker: who.
            text: what.
            message: where we wrote it down; None where it is not to be seen in the chat.
            question_id: the question's id in this case; 0 for a new one.
        """
        place = message.channel if message is not None else self._context.text
        assert isinstance(place, TextPlace)  # we wrote it into one of the call's
        return Question(
            id=message.id if message is not None else question_id or _new_id(),
            author=speaker.display_name,
            text=" ".join(text.split()),
            message=message,
            place=place,
            asker=speaker,
            is_spoken=True,
        )

    def hint(self, message: discord.Message) -> Told:
        """What the author of a message without words is told; nothing where it is not meant to be answered."""
        if message.poll is not None or message.stickers:
            return Told()
        if self._lacks_mention(message):
            return Told(wording.mention_me(self._context.needed_mention), once=True)
        if message.flags.is_voice_message:
            return Told(wording.NO_TEXT)
        return Told(wording.NO_WORDS if _is_picture_alone(message.content) or _files_of(message) else "")

    def _typed(self, message: discord.Message) -> tuple[str, MessageContext]:
        """The words of a message, or those that it forwards, and what goes with them."""
        if _is_picture_alone(message.content):
            return "", NO_CONTEXT
        own = with_names(message.clean_content.strip(), message.guild)
        forwarded = "" if own else shortened(forwarded_words(message), _LONGEST_FORWARD)
        replies_to, files = self._quoted(message), _files_of(message)
        return own or forwarded, MessageContext(is_forwarded=bool(forwarded), replies_to=replies_to, files=files)

    def _is_for_another_bot(self, message: discord.Message) -> bool:
        """Whether a message begins by mentioning another bot, as many bots take their commands, and not us as well."""
        first = _MENTION_FIRST.match(message.content)
        if first is None or self._mentions_us(message):
            return False
        return any(user.bot and user.id == int(first[1]) for user in message.mentions)

    def _mentions_us(self, message: discord.Message) -> bool:
        return self._context.voice.guild.me.id in {user.id for user in message.mentions}

    def _prefixes_in(self, channel_id: int) -> tuple[str, ...]:
        if self._ignored_prefixes:
            return self._ignored_prefixes
        return () if channel_id == self._context.voice.id else _COMMAND_SIGNS

    def _is_asked_by_command(self, message: discord.Message) -> bool:
        """Whether it is our own message that shows what somebody asked with /ask."""
        is_answer = message.interaction_metadata is not None
        return is_answer and message.author.id == self._context.voice.guild.me.id and wording.is_asked(message.content)

    def _lacks_mention(self, message: discord.Message) -> bool:
        return not self._context.reads_all and not self._mentions_us(message)

    def _quoted(self, message: discord.Message) -> QuotedMessage | None:
        if message.type is not discord.MessageType.reply or message.reference is None:
            return None
        original = message.reference.resolved
        if not isinstance(original, discord.Message):
            return QuotedMessage(is_deleted=isinstance(original, discord.DeletedReferencedMessage))
        if self._is_asked_by_command(original):
            text = with_names(wording.asked_text(original.content), original.guild)
            return QuotedMessage(author=self.asker(original).display_name, text=shortened(text, _LONGEST_QUOTE))
        text, is_own = all_words(original), original.author.id == self._context.voice.guild.me.id
        if is_own and heard_text(text):  # our answer stands below what somebody said
            text = text.partition("\n")[2] or text
        return QuotedMessage(
            author=shortened(original.author.display_name, _LONGEST_NAME),
            text=shortened(text, _LONGEST_QUOTE),
            files=_files_of(original),
            is_own=is_own,
        )


def _new_id() -> int:
    """An id for what has no message: a snowflake, so that it sorts by its time, with what Discord counts at random."""
    return discord.utils.time_snowflake(discord.utils.utcnow()) | secrets.randbits(_COUNTED_BITS)


def _is_picture_alone(content: str) -> bool:
    """Whether a text is nothing but the address of a picture, which Discord shows in its place."""
    if len(content.split()) != 1 or not content.startswith("https://"):
        return False
    try:
        host = urlsplit(content).hostname or ""
    except ValueError:
        return False
    return any(host == known or host.endswith(f".{known}") for known in _PICTURE_HOSTS)


def _files_of(message: discord.Message) -> tuple[AttachedFile, ...]:
    """The files at a message, and at the one that it forwards."""
    attachments = [
        *message.attachments,
        *(attachment for original in forwarded_messages(message) for attachment in original.attachments),
    ]
    return tuple(
        AttachedFile(
            name=shortened(attachment.filename, _LONGEST_NAME),
            media_type=shortened(_media_type(attachment), _LONGEST_NAME),
            description=shortened(attachment.description or "", _LONGEST_DESCRIPTION),
            size=attachment.size,
            url=attachment.url,
        )
        for attachment in attachments
    )


def _media_type(attachment: discord.Attachment) -> str:
    """What kind of file it is, by its name where Discord does not say; empty where that is not known either."""
    known = attachment.content_type or mimetypes.guess_type(attachment.filename)[0] or ""
    return known.partition(";")[0].strip().lower()
