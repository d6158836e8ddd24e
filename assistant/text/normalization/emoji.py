"""Removes or names emoji and emoticons."""

import re
from importlib import import_module
from typing import Final

from assistant.text.normalization.discord_markup import MARK
from assistant.text.normalization.references import SHORTCODE

_CHARACTERS: Final = (
    "\U0001f000-\U0001faff"  # pictures, flags' letters, skin tones
    "\u2139\u3030\u303d\u3297\u3299"
    "\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff"  # symbols that are drawn as pictures
    "\u2190-\u21ff\u2500-\u25ff"  # arrows, lines and shapes
    "\ufe0e\ufe0f\u20e3"  # how a character is drawn
    "\U000e0020-\U000e007f"  # flags of regions
)
_PICTURES: Final = re.compile(rf"(?:[{_CHARACTERS}]\u200d?)+")
_EMOTICONS: Final = re.compile(r"(?<!\S)(?:[:;=][-'^o]?[()\[\]DPpO|/*]{1,9}|</?3|[xX]D|\^_?\^)(?=[\s.,!?]|\Z)")
_TONES: Final = re.compile("[\U0001f3fb-\U0001f3ff]")
_DELIMITERS: Final = ("\ue002", "\ue003")
_NAME: Final = re.compile("\ue002([^\ue002\ue003]+)\ue003")


def without_emoji(text: str) -> str:
    """`text` with a space in place of each emoji or emoticon."""
    text = _EMOTICONS.sub(" ", text)
    return text if text.isascii() else _PICTURES.sub(" ", text)


def emoji_named(text: str, language: str) -> str:
    """The names of the emoji in `text`, including server emoji; in English if the language has none."""
    emoji = import_module("emoji")  # imported here: 8 MB, for the rare reply that is only emoji
    known = {"zh-CN": "zh", "zh-TW": "zh"}.get(language, language)
    known = known if known in emoji.LANGUAGES else "en"
    pictures = emoji.emojize(_TONES.sub("", text), language="alias")
    named = emoji.demojize(pictures, language=known, delimiters=_DELIMITERS)
    names = [name.replace("_", " ").strip() for name in _NAME.findall(named)]
    names += [found["emoji"].replace("_", " ") for found in MARK.finditer(text) if found["emoji"]]
    names += [code[0].strip(":").replace("_", " ") for code in SHORTCODE.finditer(MARK.sub("", named))]
    return ", ".join(dict.fromkeys(filter(None, names)))
