"""Finds citations in Markdown: [1], [2][3], [^1], 【3†source】. They refer to what is not heard."""

import re
from typing import Final

_NUMBERS: Final = r"\^?[1-9]\d{0,2}(?:\s?[,;–-]\s?\^?\d{1,3}){0,9}"
_NEEDED: Final = (
    r"citation needed|clarification needed|better source needed|dubious|who\?|when\?|by whom\?|Quelle\?|Beleg fehlt"
    r"|Quelle fehlt|réf\. (?:nécessaire|souhaitée)|cita requerida|senza fonte|carece de fontes\??|bron\?|källa behövs"
    r"|kilde mangler|potrzebny przypis|kaynak belirtilmeli|источник\?|джерело\?|要出典|来源请求|出典|출처 필요"
)
"""What Wikipedia writes where a source is missing."""
_NOTED: Final = r"(?:note|nb|n|ref|fn|source|src|cite|Anm\.|прим\.)[ ]?\d{1,3}"
CITATION: Final = re.compile(rf"\[(?:\^[^\[\]\n]{{1,40}}+|{_NUMBERS}|{_NOTED}|{_NEEDED})\]", re.IGNORECASE)
"""A citation in square brackets."""

LABEL: Final = re.compile(rf"\[?{_NUMBERS}\]?")
"""What a link that is a citation is called."""

_LONGEST: Final = 80
_LENTICULAR: Final = re.compile(rf"【[^【】\n]{{0,{_LONGEST}}}+】")
_LENTICULAR_BEGUN: Final = re.compile(rf"【[^【】\n]{{0,{_LONGEST}}}+\Z")
_SOURCE: Final = re.compile(r"†|^.\d{1,3}(?::\d{1,3})?.$|source|turn\d")
_HIDDEN: Final = re.compile(r"\ue200[^\ue200\ue201\n]{0,200}+\ue201")
_HIDDEN_BEGUN: Final = re.compile(r"\ue200[^\ue200\ue201\n]{0,200}+\Z")
"""As ChatGPT writes citations: between characters for private use, which nothing draws."""


def unlinked_citation_at(text: str, *, is_last: bool) -> tuple[str, int] | None:
    """What to read for the 【 or the private-use character that `text` starts with, and how much of the text that is.

    None if more is needed.
    """
    found = _LENTICULAR.match(text) or _HIDDEN.match(text)
    if found:
        is_citation = found[0][0] != "【" or _SOURCE.search(found[0])
        return ("", found.end()) if is_citation else (text[0], 1)
    is_open = _LENTICULAR_BEGUN.match(text) or _HIDDEN_BEGUN.match(text)
    return None if is_open and not is_last else (text[0], 1)
