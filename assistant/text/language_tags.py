"""Turns what people and systems call a language into the code that the speech engines use, which is gTTS's."""

import difflib
import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global

from assistant.text.spoken_languages import SPOKEN_LANGUAGES

_CODES: Final[Mapping[str, str]] = {
    "zh": "zh-CN",
    "cmn": "zh-CN",
    "he": "iw",
    "jv": "jw",
    "nb": "no",
    "nn": "no",
    "fil": "tl",
    "arz": "ar",
    "arb": "ar",
    "wuu": "zh-CN",
    "in": "id",
    "sh": "sr",
    "mo": "ro",
}
"""Codes that differ from gTTS's: some of those are deprecated (iw, jw, tl) or stand for more than one language."""
_SCRIPTS: Final[Mapping[str, str]] = {"zh_Hans": "zh-CN", "zh_Hant": "zh-TW"}
"""Languages that gTTS tells apart by their script, though it names a country."""
_WITH_KINDS: Final = {"zh", "ar"}
"""Languages of which others are written as kinds: `zh-yue` (https://www.rfc-editor.org/rfc/rfc5646#section-2.2.2)."""
_PART: Final = re.compile("[a-z0-9]{1,8}")
_DASHES: Final = re.compile("[_\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}]")
"""What stands for a hyphen in locales, and in what is copied from a page."""
_MOST_CHOICES: Final = 3


def gtts_code(tag: str) -> str | None:
    """The gTTS code for a language, or None if the engines don't know it.

    `tag` may be a code of ISO 639, old or new, a BCP 47 tag or a POSIX locale, in any case (`he`, `eng`, `pt-br`,
    `zh_CN.UTF-8`, `zh-Hant-HK`), or a language's name in English (`Hebrew`, `Brazilian Portuguese`). A region or script
    that no voice has is left out.
    """
    folded = tag.strip().casefold()
    by_folded: dict[str, str] = {code.casefold(): code for code in SPOKEN_LANGUAGES}
    cleaned = _DASHES.sub("-", re.split("[.@]", folded)[0])
    if cleaned in by_folded:
        return by_folded[cleaned]
    language, *rest = cleaned.split("-")
    if all(_PART.fullmatch(part) for part in (language, *rest)) and len(language) <= 3:
        return _code_of_parts(language, rest)
    return _code_of_name(folded)


def gtts_code_of_detected(language: str) -> str:
    """The gTTS code for a language that a detector or Discord names by a code without a region; itself if unknown."""
    return _CODES.get(language, language)


def similar_languages(tag: str) -> tuple[str, ...]:
    """The codes of up to three languages whose code or name looks like `tag`, the most similar first."""
    known = {code.casefold(): code for code in SPOKEN_LANGUAGES} | _names()
    folded = tag.strip().casefold()
    # A country's code, such as "jp", is what many take for that of its language.
    spoken = str(get_global("likely_subtags").get(f"und_{folded.upper()}", "")).partition("_")[0]
    close = [known[name] for name in difflib.get_close_matches(folded, known, n=2 * _MOST_CHOICES)]
    return tuple(dict.fromkeys(filter(None, (spoken and gtts_code(spoken), *close))))[:_MOST_CHOICES]


def _code_of_name(name: str) -> str | None:
    """The code of a language that is called so; "Chinese (Traditional)" is Traditional Chinese."""
    names = _names()
    base, _, kind = name.removesuffix(")").partition(" (")
    return names.get(name) or names.get(f"{kind} {base}") or names.get(base)


def _code_of_parts(language: str, rest: list[str]) -> str | None:
    known = SPOKEN_LANGUAGES
    if language in _WITH_KINDS and rest and len(rest[0]) == 3 and rest[0].isalpha():
        language, *rest = rest
    if language not in known and language not in _CODES:
        language = str(get_global("language_aliases").get(language, language)).partition("_")[0]
    script = next((part.title() for part in rest if len(part) == 4 and part.isalpha()), None)
    region = next((part.upper() for part in rest if len(part) == 2 or (len(part) == 3 and part.isdigit())), None)
    code = _CODES.get(language, language)
    if script is None and region is not None and code in ("zh-CN", "pt"):
        # A territory tells the script, or which of two countries it speaks like: zh_HK is zh_Hant, pt_AO is pt_PT.
        likely = str(get_global("likely_subtags").get(f"zh_{region}", ""))
        script = likely.split("_")[1] if code == "zh-CN" and likely else None
        region = str(get_global("parent_exceptions").get(f"{code}_{region}", f"{code}_{region}")).rpartition("_")[2]
    if script is not None and code == "zh-CN":
        return _SCRIPTS.get(f"zh_{script}", code)
    if region is not None and f"{code}-{region}" in known:
        return f"{code}-{region}"
    return code if code in known else None


@cache
def _names() -> dict[str, str]:
    """The English names of languages, those of gTTS and those of CLDR, folded; each with its code.

    Their names in themselves would need all of CLDR: a second and 100 MB.
    """
    named = {}
    for tag, name in Locale("en").languages.items():
        language, *rest = tag.lower().split("_")
        code = _code_of_parts(language, rest)
        if code is not None:
            named[name.casefold()] = code
    for code, name in SPOKEN_LANGUAGES.items():
        named.setdefault(name.partition(" (")[0].casefold(), code)
        named[name.casefold()] = code
    return named | {"chinese": "zh-CN", "mandarin": "zh-CN"}
