"""Finds citations in Markdown: [1], [2][3], [^1], 【3†source】. They refer to what is not heard."""

import re
from typing import Final

_NUMBERS: Final = r"\^?(?!0)\d{1,3}(?:\s?[,;–-]\s?\^?\d{1,3}){0,9}\^?"
_NEEDED: Final = (
    r"citation needed|clarification needed|better source needed|dubious|who\?|when\?|by whom\?|Quelle\?|Beleg fehlt"
    r"|Quelle fehlt|réf\. (?:nécessaire|souhaitée)|cita requerida|senza fonte|carece de fontes\??|bron\?|källa behövs"
    r"|kilde mangler|potrzebny przypis|kaynak belirtilmeli|источник\?|источник не указан|джерело\?|要出典|来源请求"
    r"|出典|출처 필요"
)
"""What Wikipedia writes where a source is missing."""
_NOTED: Final = (
    rf"(?:note|nb|n|refs?\.?|fn|sources?|src|cite|s|docs?|documents?|web|search|Anm\.|прим\.|Quellen?|fuentes?|fontes?|fonti|"
    rf"bron|źródło|källa|kilde|lähde|kaynak|zdroj|источник|джерело|来源|出典|출처)[ ]?[:_#]?[ ]?{_NUMBERS}"
)
_OF_TOOLS: Final = (
    r"cite_(?:start|end)|(?:web_?search|search_?result|result|file|doc)_?\d{1,3}|turn\d+[a-z]+\d+"
    r"|\d{1,3}(?::\d{1,3})?†[^\[\]\n]{0,40}"
)
"""What products put where they show a link: Gemini, ChatGPT, Perplexity."""
_CITATION: Final = re.compile(
    rf"\[(?:\^[^\[\]\n]{{1,40}}+|(?P<several>{_NUMBERS})|{_NOTED}|{_OF_TOOLS}|{_NEEDED})\]", re.IGNORECASE
)
_LISTED: Final = re.compile(
    r"(?:[=:(,→]|\b(?:is|are|be|returns?|array|list|vector|input|output|sort|ist|sind|Liste|est|es|son|è|é|são|lista|liste))"
    r"\s?\Z",
    re.IGNORECASE,
)
"""What comes before numbers in brackets that are a list: x = [1, 2]."""
_INDEXED: Final = re.compile(r"(?:\A|\W)[a-z]\Z|\]\Z")
"""What comes before an index: a[1], a[i][1]."""


def citation_at(text: str, *, before: str) -> re.Match[str] | None:
    """The citation in square brackets that `text` starts with; `before` is the characters before it."""
    found = _CITATION.match(text)
    if found and found["several"]:
        is_list = not found["several"].isdigit() and _LISTED.search(before)
        return None if is_list or _INDEXED.search(before) else found
    return found


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
