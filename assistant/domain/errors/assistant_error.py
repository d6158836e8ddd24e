"""The base of all errors that this package raises on purpose."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar


# Not frozen: Python sets `__traceback__`, `__cause__` and notes on a raised exception.
# eq=False keeps exceptions hashable and compared by identity, as everywhere else.
@dataclass(eq=False, kw_only=True)
class AssistantError(Exception):
    """The base of every error this package raises on purpose."""

    quoting: ClassVar[frozenset[str]] = frozenset()
    """The fields that may hold what people or the model wrote: servers quote what they were sent."""

    def __str__(self) -> str:
        """The type and its fields in one log line, such as `ModelRefused: endpoint='…', status=401`."""
        values = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self))
        return f"{type(self).__name__}: {values}" if values else type(self).__name__

    def without_texts(self) -> str:
        """The same without the fields that may quote."""
        shown = [field.name for field in fields(self) if field.name not in self.quoting]
        values = ", ".join(f"{name}={_without_texts(getattr(self, name))}" for name in shown)
        return f"{type(self).__name__}: {values}" if values else type(self).__name__


def _without_texts(value: object) -> str:
    """A field's value; of errors inside it, too, only what quotes nobody."""
    if isinstance(value, AssistantError):
        return f"<{value.without_texts()}>"
    if isinstance(value, tuple):
        return f"({', '.join(map(_without_texts, value))})"
    return repr(value)
