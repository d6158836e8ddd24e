"""Reads Discord's markup: mentions, channels, server emoji and timestamps."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from babel import Locale
from babel.dates import format_time, format_timedelta

from assistant.text.normalization.dates import Dates
from assistant.text.normalization.lexicon import Lexicon

Kind = Literal["user", "role", "channel"]
Names = Callable[[Kind, int], str | None]
"""Looks up the name of a user, role or channel by its id; None when it is unknown."""

MARK: Final = re.compile(
    r"<(?:(?P<kind>@[!&]?|#)(?P<id>\d{1,25})|a?:(?P<emoji>\w{1,64}):\d{1,25}|t:(?P<moment>-?\d{1,14})(?::(?P<style>[a-zA-Z]))?)>"
)
KINDS: Final[dict[str, Kind]] = {"@": "user", "@!": "user", "@&": "role", "#": "channel"}
"""What a mention is of, by the sign in it."""


def nobody(_kind: Kind, _id: int) -> str | None:
    """Look up no names."""
    return None


class DiscordMarkup:
    """Replaces Discord's markup by what people see in its place."""

    def __init__(self, lexicon: Lexicon, now: Callable[[], float] = time.time) -> None:
        """`now` returns the time that "in 3 hours" is counted from, in seconds since 1970."""
        self._notes = lexicon.notes
        self._locale = lexicon.locale or Locale("en")
        self._dates = Dates(self._locale)
        self._now = now

    def normalize(self, text: str, names: Names) -> str:
        """`text` with words for its markup. Server emoji are removed; a timestamp is in UTC or relative."""
        return MARK.sub(lambda found: self._mark(found, names), text) if "<" in text else text

    def _mark(self, found: re.Match[str], names: Names) -> str:
        if found["kind"]:
            kind = KINDS[found["kind"]]
            return names(kind, int(found["id"])) or self._notes[kind]
        if found["moment"]:
            return self._moment(int(found["moment"]), found["style"] or "f")
        return ""

    def _moment(self, seconds: int, style: str) -> str:
        try:
            moment = datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError):  # no such year
            return ""
        if style == "R":
            return format_timedelta(timedelta(seconds=seconds - self._now()), add_direction=True, locale=self._locale)
        day, clock = self._dates.long(moment.date()), f"{format_time(moment, 'short', locale=self._locale)} UTC"
        return {"d": day, "D": day, "t": clock, "T": clock}.get(style, f"{day}, {clock}")
