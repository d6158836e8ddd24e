"""What was asked of hosted speech."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.standins.speech.request_form import DEFAULT_FORMAT


@dataclass(slots=True)
class HostedSpeechRequest:
    """One request to POST /audio/speech, whatever came of it."""

    body: dict[str, Any]
    """The JSON that came."""
    headers: dict[str, str]
    """Its headers by their names in lower case; the value of `authorization` is not kept."""
    arrived: float
    """When it came, by `time.monotonic`."""
    client_port: int
    """The TCP port it came from: the same one means the same connection."""
    answered: float | None = None
    """When the last of the speech was sent, by `time.monotonic`; None until then, and where something went wrong."""

    @property
    def text(self) -> str:
        """The text to be spoken; "" where there is none."""
        return str(self.body.get("input", ""))

    @property
    def voice(self) -> str:
        """The voice's name; "" where there is none."""
        return str(self.body.get("voice", ""))

    @property
    def format(self) -> str:
        """The form of the sound that was asked for."""
        return str(self.body.get("response_format", DEFAULT_FORMAT))
