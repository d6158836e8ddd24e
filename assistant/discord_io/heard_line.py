"""The line that shows in the chat what somebody said; what stands below it in the same message is the answer."""

import re
from typing import Final

from assistant.discord_io.message_splitter import utf16_units
from assistant.discord_io.plain_name import plain_name
from assistant.util.text_boundaries import shortened

_SIGN: Final = "🗣️ "
_SIGNS: Final = re.compile("\N{SPEAKING HEAD IN SILHOUETTE}\N{VARIATION SELECTOR-16}? ?")
_LINE: Final = re.compile(rf"{_SIGN}(?:\\.|[^\\:])*: (.+)")
_MARKUP: Final = re.compile(r"[\\*_~|`<\[]")
"""What Discord reads as markup in the middle of a line: a code block or a spoiler would take in the answer below."""
_DIRECTIONS: Final = re.compile("[\N{ARABIC LETTER MARK}\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONGEST: Final = 1500
"""In UTF-16 units, so that there is room for an answer: Discord takes messages of 2,000 characters."""


def heard_line(by: str, text: str) -> str:
    """The line for what somebody said: read again by `heard_text`, also in a later process.

    Whatever they said, it is one line, has no markup, and looks like no other speaker's.
    """
    said = " ".join(_DIRECTIONS.sub("", _SIGNS.sub("", text)).split()) or "…"
    start = f"{_SIGN}{_SIGNS.sub('', plain_name(by)).strip() or plain_name('')}: "
    longest = _LONGEST
    while True:
        line = start + _MARKUP.sub(r"\\\g<0>", shortened(said, longest))
        if utf16_units(line) <= _LONGEST:
            return line
        longest = longest * 9 // 10


def heard_text(message: str) -> str:
    """What was said, in a message that begins with such a line; empty in any other. A name has its colons escaped."""
    found = _LINE.fullmatch(message.partition("\n")[0])
    return re.sub(r"\\(.)", r"\1", found[1]).strip() if found else ""
