"""Removes from a sentence what is only seen: notes of a source, codes of emoji, paths of addresses."""

import re
from typing import Final

SHORTCODE: Final = re.compile(r"(?<![\w:]):(?:[^\W\d][\w+-]{0,32}(?: [\w+-]{1,32}){0,4}|[+-]1|100|1234):(?![\w:])")
"""The code of an emoji, such as :thumbsup:. A Markdown reader has put blanks in place of its underscores."""

_SOURCES: Final = (
    r"sources?|refs?\.?|references?|Quellen?|fuentes?|fontes?|fonti|bron(?:nen)?|źródł[oa]|källor|källa|kilder?|lähteet|"
    r"lähde|kaynak(?:lar)?|источники?|джерел[оа]|zdroje?|πηγ[ήέ]ς?|sumber|nguồn|出典|来源|來源|출처|स्रोत|المصدر"
)
_SEE: Final = r"see|siehe|vgl\.|voir|cf\.|véase|ver|vedi|zie|zob\.|см\.|se"
_NOTE: Final = re.compile(
    rf"[ ]?[(（](?:(?:{_SEE})[ ])?(?:{_SOURCES})[:： ]{{0,2}}\[?\d{{1,3}}\]?(?:[ ]?[,;&–-][ ]?\d{{1,3}}){{0,9}}[)）]",
    re.IGNORECASE,
)
_LEAKED: Final = re.compile(
    r":contentReference\[oaicite:\d+\]\{index=\d+\}|\boaicite:\d+|\b(?:file)?cite(?:turn\d+[a-z]+\d+)+"
)
"""ChatGPT's citations, when they have lost the characters that hide them."""
_ADDRESS: Final = re.compile(
    r"(?<![\w@./:-])(?P<domain>(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|io|dev|app|gg|co|edu|gov|info|me|tv|ai|[a-z]{2}))"
    r"(?:/[^\s<>\"]{0,300}?|\?[^\s<>\"?]{1,300}?=[^\s<>\"]{0,300}?)(?=[.,;:!?)\]]*(?:\s|\Z))"
)
_OTHER_ADDRESS: Final = re.compile(
    r"\b[a-z]{2,10}://(?P<domain>[^\s/?#:<>\"]{1,200})(?:[^\s<>\"]{0,300}[^\s<>\".,;:!?)\]])?", re.IGNORECASE
)
_SCHEME: Final = re.compile(r"\b(?:mailto|tel):(?=[\w+])", re.IGNORECASE)


def without_references(text: str) -> str:
    """`text` without notes of sources, codes of emoji, and what follows the domain of an address."""
    if ":" in text:
        text = _SCHEME.sub("", SHORTCODE.sub(" ", _LEAKED.sub("", text)))
    if "/" in text or "?" in text:
        text = _OTHER_ADDRESS.sub(lambda found: found["domain"], text)
        text = _ADDRESS.sub(lambda found: found["domain"], text)
    return _NOTE.sub("", _LEAKED.sub("", text))
