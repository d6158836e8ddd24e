"""Reads addresses in Markdown as their domains."""

import re
from typing import Final

_LONGEST_ADDRESS: Final = 500
_PERSON: Final = re.compile(r"(?:mailto|tel|sms):(?P<person>[^?]+)", re.IGNORECASE)
_BEHIND_ADDRESS: Final = ".,;:!?…'*_~|]}"
_DOMAIN: Final = re.compile(
    r"(?:[a-z]{2,10}://)?(?:[^\s/@]{1,200}@)?(?:www\.)?(?P<domain>\[[^\s\]]{1,60}\]|[^\s/?#:]+)", re.IGNORECASE
)
ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>\"\u3000-\u30ff\uff00-\uffef\u4e00-\u9fff\uac00-\ud7af]{0,492}", re.IGNORECASE
)
"""A bare address in a text."""


def domain_of(address: str) -> str:
    """The part of a URL to read aloud: docs.python.org for https://docs.python.org/3/, all of an e-mail address."""
    if found := _PERSON.match(address):
        return found["person"]
    found = _DOMAIN.match(address)
    return found["domain"] if found else address


def address_at(text: str, *, is_last: bool) -> tuple[str, int] | None:
    """The domain of a bare address at the start of `text`, and the length of the address; None if more is needed.

    Punctuation behind an address does not belong to it.
    """
    found = ADDRESS.match(text)
    if found is None:
        return text[0], 1
    if found.end() == len(text) and not is_last and len(text) < _LONGEST_ADDRESS:
        return None
    address = found[0].rstrip(_BEHIND_ADDRESS)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(_BEHIND_ADDRESS)
    return domain_of(address), len(address)
