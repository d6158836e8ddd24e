"""The form of Google Translate's requests for speech and of its answers, good and bad.

It is inferred from gTTS 2.5's own code (`gtts/tts.py`), not captured from Google.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Final

from sandbox.standins.faults import (
    CorruptBase64,
    CorruptMp3,
    EmptyBody,
    HtmlPage,
    NoAudioLine,
    NullAudio,
    SpeechFault,
)

PATH: Final = "/_/TranslateWebserverUi/data/batchexecute"
"""Where the requests are posted."""
MAX_CHARACTERS: Final = 100
"""The longest text Google speaks at once, as gTTS has it."""


def read_request(text: str) -> tuple[str, str, bool]:
    """Read the form's `f.req`: the text, the language, and whether slow speech is asked for.

    Raises:
        ValueError: it is not what gTTS sends, or the text is empty or too long.
    """
    match json.loads(text):
        case [[["jQ1olc", str(parameters), None, "generic"]]]:
            pass
        case other:
            raise ValueError(f"not a request for speech: {other!r:.200}")
    match json.loads(parameters):
        case [str(spoken), str(language), True | None as slow, "null"]:
            pass
        case other:
            raise ValueError(f"not the parameters of speech: {other!r:.200}")
    if not 0 < len(spoken) <= MAX_CHARACTERS:
        raise ValueError(f"a text of {len(spoken)} characters")
    return spoken, language, bool(slow)


def _audio_line(encoded: str) -> str:
    return json.dumps([["wrb.fr", "jQ1olc", json.dumps([encoded]), None, None, None, "generic"]], separators=(",", ":"))


def answer_body(mp3: bytes) -> str:
    """The answer that holds `mp3`; without any, the line with the speech is missing."""
    return _envelope(_audio_line(base64.b64encode(mp3).decode()) if mp3 else "")


def _envelope(line: str) -> str:
    """Google's envelope: a line against being run as a script, then pieces, each after its length."""
    closing = '[["di",10],["af.httprm",10,"0",1]]'
    pieces = "".join(f"{len(piece)}\n{piece}\n" for piece in (line, closing) if piece)
    return f")]}}'\n\n{pieces}"


FAULTY_BODIES: Final[Mapping[SpeechFault | None, str]] = {
    EmptyBody(): "",
    HtmlPage(): "<!doctype html><html><body><h1>Before you continue to Google Translate</h1></body></html>",
    NoAudioLine(): answer_body(b""),
    NullAudio(): _envelope('[["wrb.fr","jQ1olc",null,null,null,[3],"generic"]]'),
    CorruptBase64(): _envelope(_audio_line("A" * 401)),  # no padding makes this length right
    CorruptMp3(): answer_body(b"This is no speech at all. " * 100),
}
"""The answers 200 that hold no speech."""
