"""What was asked of hosted recognition."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HostedRecognitionRequest:
    """One request to POST /audio/transcriptions, whatever came of it."""

    fields: dict[str, str]
    """The fields of its form, without the file."""
    file: bytes
    """The file; b"" where there is none."""
    file_name: str
    """Its name; "" where there is none."""
    headers: dict[str, str]
    """Its headers by their names in lower case; the value of `authorization` is not kept."""
    arrived: float
    """When it came, by `time.monotonic`."""
    client_port: int
    """The TCP port it came from: the same one means the same connection."""

    @property
    def prompt(self) -> str:
        """The prompt; "" where there is none."""
        return self.fields.get("prompt", "")

    @property
    def language(self) -> str:
        """The language that was named; "" where none was."""
        return self.fields.get("language", "")

    @property
    def format(self) -> str:
        """The form of the answer that was asked for."""
        return self.fields.get("response_format", "json")

    @property
    def is_streamed(self) -> bool:
        """Whether the answer was to be streamed."""
        return self.fields.get("stream", "").lower() == "true"

    @property
    def pcm(self) -> bytes:
        """The samples of the file: 16 bits, little-endian, 16 kHz, one channel.

        Raises:
            ValueError: it is no WAV file of this form.
        """
        try:
            with wave.open(io.BytesIO(self.file)) as reader:
                form = reader.getframerate(), reader.getnchannels(), reader.getsampwidth()
                if form != (16_000, 1, 2):
                    raise ValueError(f"a WAV file with {form}")
                return bytes(reader.readframes(reader.getnframes()))
        except (wave.Error, EOFError) as error:
            raise ValueError(f"no WAV file: {error}") from error
