"""Which fields a request for a transcript has: what a service refuses is left out from then on."""

import logging
import re
from collections.abc import Mapping
from typing import Final

_logger = logging.getLogger(__name__)

_REFUSALS: Final = frozenset({400, 404, 415, 422, 501})
"""What services answer to a field that they don't take. It may also be the sound, the model or the key."""
_ABOUT_SOMETHING_ELSE: Final = re.compile(
    r"audio[ _](?:file )?(?:is )?too|too[ _](?:short|long|large)|api[ _]?key|quota|billing|"
    r"(?:invalid|unsupported|corrupt\w*) (?:audio|file)",
    re.IGNORECASE,
)
_FORMAT_WORDS: Final = re.compile(r"response_format|verbose_json|\bformat\b", re.IGNORECASE)


class RequestForm:
    """The fields that one service takes."""

    def __init__(self, model: str) -> None:
        """`model` is its name there. Whisper tells how sure it is; others can send their text as it comes."""
        self._model = model
        if "whisper" in model.lower():
            self._optional = {"response_format": "verbose_json"}
        else:
            self._optional = {"response_format": "json", "stream": "true"}
        self._refused: set[str] = set()
        self._refused_languages: set[str] = set()
        self._guessed: set[str] = set()
        """What was left out though no refusal named it."""
        self._has_given = False

    def fields(self, language: str, prompt: str) -> dict[str, str]:
        """The fields of the next request besides the file. "" for a language or a prompt: none."""
        known = "" if language in self._refused_languages else language
        wanted = self._optional | {"language": known, "prompt": prompt}
        return {"model": self._model} | {
            name: value for name, value in wanted.items() if value and name not in self._refused
        }

    def gave(self) -> None:
        """The service has answered: its refusals are about something else from now on, unless they name a field."""
        self._has_given = True
        self._guessed.clear()

    def gave_up(self) -> None:
        """The service refuses this turn however it is asked: what was only guessed is taken back."""
        self._refused -= self._guessed
        self._refused_languages.clear()
        self._guessed.clear()

    def learn(self, status: int, said: str, sent: Mapping[str, str]) -> bool:
        """Leave out what the service refused with these words; False if that is nothing of what was `sent`."""
        if status not in _REFUSALS or _ABOUT_SOMETHING_ELSE.search(said):
            return False
        optional = sent.keys() - {"model"}
        named = {name for name in optional if re.search(rf"\b{name}\b", said, re.IGNORECASE)}
        if "response_format" in optional and _FORMAT_WORDS.search(said):
            named.add("response_format")
        if "response_format" in named and sent["response_format"] == "verbose_json":
            self._optional["response_format"] = "json"
            named.remove("response_format")
            if not named:
                _logger.warning("Hosted recognition does not tell how sure it is (verbose_json is refused)")
                return True
        if not named and optional and not self._has_given and status != 404:
            named = self._guessed = set(optional)
        if named:
            _logger.warning("Hosted recognition refuses %s: left out from now on", ", ".join(sorted(named)))
        if "language" in named:  # another one may be taken
            self._refused_languages.add(sent["language"])
        self._refused |= named - {"language"}
        return bool(named)
