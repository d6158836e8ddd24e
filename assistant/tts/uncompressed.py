"""Answers of speech services are taken as they are: a megabyte of gzip may be a gigabyte of audio."""

from collections.abc import Mapping
from typing import Final

from assistant.domain.errors import SpeechEmpty

ASK_FOR_NO_COMPRESSION: Final[Mapping[str, str]] = {"Accept-Encoding": "identity"}
"""The header of a request; audio is compressed in itself, and gains nothing more."""
_LONGEST_NAME: Final = 20


def refuse_compression(headers: Mapping[str, str], engine: str) -> None:
    """Look at the headers of an answer.

    Raises:
        SpeechEmpty: it is compressed, though nobody asked for that.
    """
    encoding = headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise SpeechEmpty(engine=engine, detail=f"an answer in {encoding[:_LONGEST_NAME]}, which was not asked for")
