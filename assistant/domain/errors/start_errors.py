"""Why the program can't start, or not with this database."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.errors.assistant_error import AssistantError


@dataclass(eq=False, kw_only=True)
class MissingIntents(AssistantError):
    """The bot was made without gateway intents that the assistant needs."""

    names: tuple[str, ...]
    """Their names, as attributes of `discord.Intents`."""

    def __str__(self) -> str:
        wanted = "; ".join(f"intents.{name} = True" for name in self.names)
        without = "; or set MESSAGE_CONTENT=off to do without it" if "message_content" in self.names else ""
        return f"the voice assistant needs intents that this bot was made without: {wanted}{without}"


@dataclass(eq=False, kw_only=True)
class ExtensionMissing(AssistantError):
    """An extension was loaded before the one it depends on."""

    extension: str
    """The extension to load first."""

    def __str__(self) -> str:
        return f"load the extension {self.extension} first"


@dataclass(eq=False, kw_only=True)
class PortUnavailable(AssistantError):
    """The HTTP server can't listen on PORT."""

    port: int
    """The port."""
    detail: str
    """What the system said, such as "Address already in use"."""


@dataclass(eq=False, kw_only=True)
class StorageUnavailable(AssistantError):
    """The database can't be opened, or a transaction failed."""

    address: str
    """Its address, without password and query."""
    detail: str
    """What went wrong, on one line, with the password masked."""


@dataclass(eq=False, kw_only=True)
class StorageTooNew(AssistantError):
    """A newer version of this program has changed the tables, and this one does not know how."""

    address: str
    """Where the database is, without the password and the query."""
    revision: str
    """The revision of its tables."""
    newest_known: str
    """The newest revision that this program knows."""

    def __str__(self) -> str:
        return (
            f"{self.address} is at revision {self.revision}, and this version knows none newer than {self.newest_known}"
        )
