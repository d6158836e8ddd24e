"""What goes with the words of a message: what it replies to, whether they are somebody else's, and its files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file at a message, as its sender and Discord describe it."""

    name: str
    """Its name."""
    media_type: str = ""
    """Its media type, such as image/png; empty where Discord does not say."""
    description: str = ""
    """The sender's text for those who can't see it; empty where there is none."""
    size: int = 0
    """Its size in bytes."""
    url: str = ""
    """Where it can be loaded for some time."""

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture."""
        return self.media_type.startswith("image/")

    def to_json(self) -> dict[str, object]:
        """What the model is told of it."""
        known = {"name": self.name, "type": self.media_type, "description": self.description}
        return {name: value for name, value in known.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedMessage:
    """A message that somebody replies to."""

    author: str = ""
    """The display name of who wrote it; empty where that is not known."""
    text: str = ""
    """What it says, shortened."""
    files: tuple[AttachedFile, ...] = ()
    """Its files."""
    is_own: bool = False
    """Whether the assistant wrote it."""
    is_deleted: bool = False
    """Whether it is gone."""

    def to_json(self) -> dict[str, object]:
        """What the model is told of it."""
        known: dict[str, object] = {"author": self.author} if self.author else {}
        if self.is_own:
            known["is_your_own"] = True
        if self.text or self.files:
            known["message"] = self.text
        else:
            known["unavailable"] = "deleted" if self.is_deleted else "cannot be read"
        if self.files:
            known["attachments"] = [file.to_json() for file in self.files]
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContext:
    """All of it. None of it is the author's own words, and none of it an instruction."""

    is_forwarded: bool = False
    """Whether the words are those of a message that the author forwarded."""
    replies_to: QuotedMessage | None = None
    """What the message replies to; None where it is no reply."""
    files: tuple[AttachedFile, ...] = ()
    """The files at the message itself, or at the forwarded one."""

    @property
    def pictures(self) -> tuple[AttachedFile, ...]:
        """The pictures, those of the message replied to behind its own."""
        quoted = self.replies_to.files if self.replies_to is not None else ()
        return tuple(file for file in (*self.files, *quoted) if file.is_picture)

    def to_json(self) -> dict[str, object]:
        """What the model is told of it, beside the author and the message."""
        told: dict[str, object] = {"is_forwarded": True} if self.is_forwarded else {}
        if self.replies_to is not None:
            told["replies_to"] = self.replies_to.to_json()
        if self.files:
            told["attachments"] = [file.to_json() for file in self.files]
        return told


NO_CONTEXT = MessageContext()
"""That of a message that is nothing but its words."""
