"""The words in Discord's messages, wherever Discord keeps them, with names in the place of mentions."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import discord

from assistant.discord_io.mention_names import mention_names
from assistant.text.normalization.discord_markup import KINDS, MARK

_PREVIEWS: Final = {"link", "article", "image", "video", "gifv"}
"""The kinds of embeds that show what is behind a link in the text; the others are text of the message
(https://discord.com/developers/docs/resources/message#embed-object-embed-types)."""


def forwarded_messages(message: discord.Message) -> Sequence[discord.ForwardedMessage]:
    """The messages that this one forwards, as far as Discord shows them."""
    return [original for snapshot in message.snapshots if (original := getattr(snapshot, "message", None))]


def forwarded_words(message: discord.Message) -> str:
    """What the message says that this one forwards: its text, and that of its embeds and components."""
    parts = [part for original in forwarded_messages(message) for part in _parts(original, original.content)]
    return with_names("\n\n".join(parts), message.guild)


def all_words(message: discord.Message) -> str:
    """What there is to read at a message, be it somebody's, a bot's, a forward, a poll or a sticker."""
    parts = _parts(message, message.clean_content)
    if message.poll is not None:
        answers = (answer.media.text for answer in message.poll.answers)
        parts += [f"Poll: {message.poll.question.text} ({' / '.join(filter(None, answers))})"]
    parts += [f"Sticker: {sticker.name}" for sticker in message.stickers]
    return "\n\n".join(filter(None, (with_names("\n\n".join(parts), message.guild), forwarded_words(message))))


def with_names(text: str, guild: discord.Guild | None) -> str:
    """`text` with the names of members, roles and channels, as far as they are known, in the place of mentions."""
    names = mention_names(guild)

    def name(mark: str, kind: str, number: str) -> str:
        found = names(KINDS[kind], int(number))
        return mark if found is None else f"{kind[0]}{found}"

    return MARK.sub(lambda found: name(found[0], found["kind"], found["id"]) if found["kind"] else found[0], text)


def _parts(message: discord.Message | discord.ForwardedMessage, content: str) -> list[str]:
    """The texts of a message, those of a bot that writes in embeds or components included."""
    content = content.strip()
    embeds = [embed for embed in message.embeds if not content or embed.type not in _PREVIEWS]
    texts = (content, *map(_embed_text, embeds), "\n".join(_component_texts(message.components)))
    return [text for text in texts if text]


def _embed_text(embed: discord.Embed) -> str:
    fields = (f"{field.name}: {field.value}" for field in embed.fields)
    texts = (embed.author.name if embed.author else None, embed.title, embed.description, *fields)
    return "\n".join(text.strip() for text in texts if text and text.strip())


def _component_texts(components: Iterable[discord.Component]) -> Iterator[str]:
    """The texts in components (https://discord.com/developers/docs/components/reference#text-display)."""
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        elif isinstance(component, discord.Container | discord.Section):
            yield from _component_texts(component.components)
