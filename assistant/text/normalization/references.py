"""Removes from a sentence what is only seen: notes of a source, codes of emoji, paths of addresses."""

import re
from typing import Final

from assistant.text.normalization.numbers import LETTER

_CODE: Final = r":(?:[^\W\d][\w+-]{0,32}(?: [\w+-]{1,32}){0,4}|[+-]1|100|1234):"
SHORTCODE: Final = re.compile(rf"(?<!{LETTER})(?<!:)(?:{_CODE}){{1,20}}(?!{LETTER}|:)")
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
    r"(?<![\w@./:-])(?P<domain>(?:[a-zа-яё0-9-]{1,63}\.){1,4}(?:рф|укр|com|org|net|io|dev|app|gg|co|edu|gov|info|me|tv|ai|[a-z]{2}))"
    r"(?:/[^\s<>\"]{0,300}?|\?[^\s<>\"?]{1,300}?=[^\s<>\"]{0,300}?|#[^\s<>\"]{1,100}?)(?=[.,;:!?)\]]*(?:\s|\Z))"
)
_OTHER_ADDRESS: Final = re.compile(
    r"\b[a-z][a-z0-9]{1,9}://(?P<domain>[^\s/?#:<>\"]{1,200})(?:[^\s<>\"]{0,300}[^\s<>\".,;:!?)\]])?", re.IGNORECASE
)
_MAIL_QUERY: Final = re.compile(r"(?<=[\w.]@)([\w.-]{1,200})\?\w{1,20}=[^\s<>\"]{0,300}?(?=[.,;:!?)\]]*(?:\s|\Z))")
_BRACKETED: Final = re.compile(
    r"[［〔]\s?\d{1,3}(?:\s?[,，、–-]\s?\d{1,3}){0,9}\s?[］〕]|[\[⁽(][⁰¹²³⁴-⁹]{1,3}[\])⁾]|⁽[⁰¹²³⁴-⁹]{1,3}⁾"
)
"""Citations in other brackets, or in raised ones."""
_BETWEEN: Final = re.compile(r" [-–](?=[.,;:!?]|\Z)")
"""What was between two citations, as in [1]–[3]."""
_SCHEME: Final = re.compile(r"\b(?:mailto|tel):(?=[\w+])", re.IGNORECASE)


def without_references(text: str) -> str:
    """`text` without notes of sources, codes of emoji, and what follows the domain of an address."""
    if ":" in text:
        text = _SCHEME.sub("", SHORTCODE.sub(" ", _LEAKED.sub("", text)))
    if "/" in text or "?" in text or "#" in text:
        text = _OTHER_ADDRESS.sub(lambda found: found["domain"], text)
        text = _ADDRESS.sub(lambda found: found["domain"], text)
        text = _MAIL_QUERY.sub(r"\1", text)
    return _BETWEEN.sub("", _BRACKETED.sub("", _NOTE.sub("", _LEAKED.sub("", text))))
