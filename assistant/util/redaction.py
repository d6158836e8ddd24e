"""Masks secrets in text that is logged or shown."""

import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

MASK: Final = "•••"
"""Replaces a secret. It is not ASCII, so it can't become part of an ASCII secret."""

SHORTEST_SECRET: Final = 4
"""Shorter "secrets" (a dummy key such as "x") are not masked: that would only garble the text."""

_KEY: Final = r"(?:token|secret|secret_key|session_id|api_key|password|authorization)"
_NAMES: Final = ("token", "secret", "session_id", "api_key", "password", "authorization")
_QUOTED: Final = r"""b?(?P<quote>\\{0,8}["'])"""
_TO_QUOTE: Final = r"(?:(?!(?P=quote))(?:\\.|.))*+"

_SHAPES: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (words, re.compile(shape, re.IGNORECASE | re.VERBOSE))
    for words, shape in (
        # 'token': '…' and "token": "…": py-cord prints gateway payloads as dicts and as JSON, at DEBUG, and its own
        # voice client's at INFO; JSON may be inside other text, with its quotes escaped.
        (
            _NAMES,
            rf"""(?P<keep>{_KEY}\\{{0,8}}["']\s{{0,4}}[:,]\s{{0,4}}{_QUOTED}) {_TO_QUOTE}""",
        ),
        # 'secret_key': [1, 2, …], the key of a voice connection
        (
            ("secret",),
            r"""(?P<keep>secret_key\\{0,8}["']?\s{0,4}[:=]\s{0,4}[\[(]) [\d,\s]*+""",
        ),
        # token='…' and token=…, as in the repr of an object and in a query
        (
            _NAMES,
            rf"""(?P<keep>{_KEY}\s{{0,4}}=\s{{0,4}}{_QUOTED}) {_TO_QUOTE}""",
        ),
        (
            _NAMES,
            rf"""(?P<keep>{_KEY}\s{{0,4}}=\s{{0,4}}) (?!\\|["']|b["']|[\[(]) [^\s"'&,;)\]}}]++""",
        ),
        # Authorization: Bot …, as in a dump of headers
        (
            ("authorization",),
            r"""(?P<keep>authorization\s{0,4}[:=]\s{0,4}) (?:[a-z]{2,12}\s{1,4})?+ [^\s"',;)\]}\\]++""",
        ),
        (("bearer",), r"""(?P<keep>bearer\s{1,4}) [^\s"',;)\]}\\]++"""),
        # OpenAI quotes a refused key, partly masked, in its error
        (("sk-",), r"(?P<keep>\bsk-) [\w*-]{4,}+"),
        # Discord's URLs that contain a token: webhooks, follow-ups and interaction responses
        (
            ("/webhooks/", "/interactions/"),
            r"""(?P<keep>/(?:webhooks|interactions)/\d{1,24}/) [^\s/?"'<>\\]++""",
        ),
        # the session's id, as gateway.py prints it when ready and when resumed
        (("session",), r"(?P<keep>\bSession\ ID:\ |\bRESUMED\ session\ ) \w++"),
    )
)
"""Words, of which one must occur (a quick test), and a pattern that matches a secret after the group `keep`."""


class Redactor:
    """Masks known secrets, and everything that looks like a secret from its context.

    Takes time linear in the text. Threads may share it.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._spellings: tuple[str, ...] = ()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Mask `secret` from now on: as it is, and as it is written in a repr, in JSON and in a URL."""
        if len(secret) < SHORTEST_SECRET:
            return
        spellings = {
            secret,
            repr(secret)[1:-1],
            json.dumps(secret)[1:-1],
            quote(secret),
            quote(secret, safe=""),
        }
        # Longest first, so that a secret that starts with another one is masked completely.
        self._spellings = tuple(sorted(spellings | set(self._spellings), key=len, reverse=True))

    def redact(self, text: str) -> str:
        """`text` with every secret masked."""
        folded = text.lower()
        for words, shape in _SHAPES:
            if any(word in folded for word in words):
                text = shape.sub(rf"\g<keep>{MASK}", text)
        for spelling in self._spellings:
            text = text.replace(spelling, MASK)
        return text
