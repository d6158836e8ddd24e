"""The accents of Google's speech."""

from collections.abc import Mapping
from typing import Final

ACCENTS: Final[Mapping[str, tuple[str, str]]] = {
    "com": ("", "Google"),
    "co.uk": ("en", "Google, British"),
    "com.au": ("en", "Google, Australian"),
    "ca": ("en fr", "Google, Canadian"),
    "co.in": ("en", "Google, Indian"),
    "ie": ("en", "Google, Irish"),
    "co.za": ("en", "Google, South African"),
    "com.ng": ("en", "Google, Nigerian"),
    "fr": ("fr", "Google, France"),
    "com.br": ("pt", "Google, Brazilian"),
    "pt": ("pt", "Google, Portugal"),
    "com.mx": ("es", "Google, Mexican"),
    "es": ("es", "Google, Spain"),
}
"""Google's top-level domains, each with the languages it has an accent for ("": all languages) and a label
(https://gtts.readthedocs.io/en/latest/module.html#localized-accents). gTTS puts the domain into a host name
unchecked, so only these may reach it."""
