"""Streamed Markdown without what can't be cut into sentences: blocks of code and links."""

import re

CODE_NOTE = "The code is in the chat."
"""What is said in place of a block of code."""

_FENCE = "```"
_LABEL = r"\[(?P<label>[^\[\]\n]{0,200}+)"
_LINK = re.compile(_LABEL + r"\]\((?P<target>(?:[^\s()]|\([^\s()]{0,100}+\)){0,500}+)\)")
_LINK_BEGUN = re.compile(_LABEL + r"(?:\](?:\((?:[^\s()]|\([^\s()]{0,100}+\)?+){0,500}+)?+)?+\Z")
_SPECIAL = re.compile(r"```|`{1,2}\Z|\[")
_DOMAIN = re.compile(r"(?:https?://)?(?:[^\s/@]{1,200}@)?(?:www\.)?(?P<domain>[^\s/?#:]+)", re.IGNORECASE)


def domain_of(address: str) -> str:
    """The part of an address that can be said: docs.python.org for https://docs.python.org/3/."""
    found = _DOMAIN.match(address)
    return found["domain"] if found else address


class Prose:
    """Takes Markdown as it arrives and gives the text to read, as soon as it is clear what it is.

    A block of code becomes CODE_NOTE on a line of its own, a link its label, or its domain when it has none.
    Everything else passes as it is. What is held back is bounded.
    """

    def __init__(self) -> None:
        self._held = ""
        self._in_code = False

    def feed(self, delta: str) -> str:
        """Take more Markdown; the text that is now certain."""
        self._held += delta
        return self._take(is_last=False)

    def finish(self) -> str:
        """The Markdown is over: the rest of the text. A block of code that never ended is code all the same."""
        rest = self._take(is_last=True)
        self._held = ""
        self._in_code = False
        return rest

    def _take(self, *, is_last: bool) -> str:
        """Turn as much of the held Markdown into text as can be decided; hold the rest."""
        text, at, taken = self._held, 0, []
        while at < len(text):
            if self._in_code:
                fence = text.find(_FENCE, at)
                if fence < 0:
                    at = max(at, len(text) - 2)  # a fence may have begun
                    break
                self._in_code = False
                at = fence + len(_FENCE)
                continue
            special = _SPECIAL.search(text, at)
            begin = special.start() if special else len(text)
            taken.append(text[at:begin])
            at = begin
            if special is None:
                break
            if special[0] == _FENCE:
                self._in_code = True
                taken.append(f"\n{CODE_NOTE}\n")
                at = special.end()
            elif link := _LINK.match(text, at):
                taken.append(link["label"].strip() or domain_of(link["target"]))
                at = link.end()
            elif not is_last and (special[0] != "[" or _LINK_BEGUN.match(text, at)):
                break
            else:
                taken.append(special[0])
                at = special.end()
        self._held = text[at:]
        return "".join(taken)
