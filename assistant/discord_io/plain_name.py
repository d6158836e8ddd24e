"""Names that people give themselves, as they may stand in a post of ours."""

import string
import unicodedata
from typing import Final

_HIDDEN: Final = {"Cc", "Cf", "Zl", "Zp"}
"""Unicode's categories of control and format characters and of line ends: some turn the direction of the text around
them, or end the line. Of the rest, only the one that joins emoji is of use."""
_JOINER: Final = "\N{ZERO WIDTH JOINER}"
_BLANK: Final = {
    "\N{HANGUL FILLER}",
    "\N{HANGUL CHOSEONG FILLER}",
    "\N{HALFWIDTH HANGUL FILLER}",
    "\N{BRAILLE PATTERN BLANK}",
}
"""Letters that show nothing: people who want no name take them."""
_NO_NAME: Final = "Somebody"


def plain_name(name: str) -> str:
    r"""A name that shows as it is: no link, mention, markdown or emoji code, and on one line.

    One that shows nothing is "Somebody".

    Discord shows any ASCII punctuation with a backslash before it as itself
    (https://support.discord.com/hc/en-us/articles/210298617): `\[click\]\(https\:\/\/example\.com\)` is no link.
    """
    shown = [letter for letter in name if letter == _JOINER or unicodedata.category(letter) not in _HIDDEN]
    if all(letter == _JOINER or letter.isspace() or letter in _BLANK for letter in shown):
        return _NO_NAME
    return "".join(f"\\{letter}" if letter in string.punctuation else letter for letter in shown)
