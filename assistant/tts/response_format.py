"""Which form of audio a hosted service is asked for, by the names of OpenAI's `response_format`."""

import logging
import re
from collections.abc import Sequence
from typing import Final

_logger = logging.getLogger(__name__)

RESPONSE_FORMATS: Final = ("mp3", "opus", "aac", "flac", "wav", "pcm")
"""https://platform.openai.com/docs/api-reference/audio/createSpeech"""
DEFAULT_FORMAT: Final = "mp3"
_REFUSALS: Final = frozenset({400, 415, 422})
"""What services answer to a form that they don't give. It may also be another field that they don't like."""
_FAILURES: Final = frozenset({500, 501})
"""What some answer that fail over it, and then only if they say so."""
_OTHERS: Final = ("wav", "pcm", "mp3", "opus", "flac", "aac")
"""The order in which others are tried: those that the least of servers can give come first."""
_UNSAID: Final = 2
"""How many others are tried where the refusal does not say what it is about."""
_FORMAT_WORDS: Final = r"format|codec|encoding|\b(?:mp3|opus|aac|flac|wav|pcm)\b"


class ResponseFormat:
    """The form that one service gives: the one that was chosen, or another that it was found to take."""

    def __init__(self, chosen: str) -> None:
        """Begin with `chosen`, one of RESPONSE_FORMATS."""
        self.current = chosen
        """The form to ask for first."""
        self._is_settled = False

    def after_refusal(self, status: int, said: str, tried: Sequence[str]) -> str | None:
        """The form to ask for after those of `tried` were refused, the last with these words; None to give up."""
        # Once it is known what the service gives, a refusal must name the form to be about it.
        words = rf"response_format|\b{tried[-1]}\b" if self._is_settled else _FORMAT_WORDS
        is_about_format = re.search(words, said, re.IGNORECASE) is not None
        if status not in _REFUSALS and not (is_about_format and status in _FAILURES):
            return None
        left = [form for form in _OTHERS if form not in tried]
        if not left or (not is_about_format and (self._is_settled or len(tried) > _UNSAID)):
            self._is_settled = True
            return None
        named = [form for form in left if re.search(rf"\b{form}\b", said, re.IGNORECASE)]
        return (named or left)[0]

    def gave(self, form: str) -> None:
        """The service has given `form`: it is asked for that from now on."""
        if form != self.current:
            _logger.warning("Hosted speech refuses %s, and is asked for %s from now on", self.current, form)
        self.current, self._is_settled = form, True
