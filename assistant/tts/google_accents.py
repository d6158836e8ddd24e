"""The accents that Google's speech offers."""

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
    "fr": ("fr", "Google, of France"),
    "com.br": ("pt", "Google, Brazilian"),
    "pt": ("pt", "Google, of Portugal"),
    "com.mx": ("es", "Google, Mexican"),
    "es": ("es", "Google, of Spain"),
}
"""Google's top-level domains with the languages whose accent they decide ("": all others too) and a label
(https://gtts.readthedocs.io/en/latest/module.html#localized-accents). gTTS puts the domain into a host name
unchecked, so nothing but these may reach it."""
