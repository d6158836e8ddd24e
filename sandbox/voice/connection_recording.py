"""What went over one voice connection, kept as lines of JSON: to be read, and to be played back.

A line is an object with `at`, the seconds since the websocket was opened, `from`, "server" or "client", and one of:

- `text`: a message of JSON, as it was, but for the voice token;
- `binary`: the rest of a binary message in hex, with its `op`, and its `seq` if it is the server's;
- `packet`: a voice packet in hex, still encrypted, with what its header says: `ssrc`, `sequence`, `timestamp`.

IP discovery is left out: whoever plays a recording answers it with addresses of their own.
"""

import json
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO, TypeAlias

Message: TypeAlias = str | bytes
"""A websocket's message."""
_HEADER: Final = struct.Struct(">HHII")
_MASKED: Final = "…"


@dataclass(frozen=True, slots=True)
class RecordedItem:
    """A message, or a voice packet."""

    at: float
    """Seconds since the websocket was opened."""
    is_from_server: bool
    """Who sent it."""
    content: Message
    """What was sent."""
    is_packet: bool = False
    """Whether it is a voice packet, and no message."""

    @property
    def op(self) -> int | None:
        """A message's operation; None for a voice packet."""
        if self.is_packet:
            return None
        if isinstance(self.content, bytes):
            return self.content[2 if self.is_from_server else 0]
        return int(json.loads(self.content)["op"])

    def to_line(self) -> str:
        """One line of JSON."""
        line = {"at": round(self.at, 4), "from": "server" if self.is_from_server else "client"} | self._content()
        return json.dumps(line, ensure_ascii=False)

    @classmethod
    def from_line(cls, line: str) -> "RecordedItem":
        """Read a line.

        Raises:
            ValueError: it is none of a recording.
        """
        data = json.loads(line)
        try:
            at, is_from_server = float(data["at"]), data["from"] == "server"
            if "text" in data:
                return cls(at, is_from_server, json.dumps(data["text"]))
            if "packet" in data:
                return cls(at, is_from_server, bytes.fromhex(data["packet"]), is_packet=True)
            number = int(data["seq"]).to_bytes(2, "big") if is_from_server else b""
            return cls(at, is_from_server, number + bytes([data["op"]]) + bytes.fromhex(data["binary"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"no line of a recording: {line:.80}") from error

    def _content(self) -> dict[str, Any]:
        content = self.content
        if isinstance(content, str):
            return {"text": _without_token(json.loads(content))}
        if self.is_packet:
            _, sequence, timestamp, ssrc = _HEADER.unpack_from(content)
            return {"ssrc": ssrc, "sequence": sequence, "timestamp": timestamp, "packet": content.hex()}
        if self.is_from_server:
            return {"op": content[2], "seq": int.from_bytes(content[:2], "big"), "binary": content[3:].hex()}
        return {"op": content[0], "binary": content[1:].hex()}


class ConnectionRecording:
    """Writes down one connection, line by line."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._opened_at = time.monotonic()

    def note_message(self, content: Message, *, is_from_server: bool) -> None:
        """A message was sent."""
        self._note(RecordedItem(self._now(), is_from_server, content))

    def note_packet(self, datagram: bytes, *, is_from_server: bool) -> None:
        """A voice packet was sent."""
        if len(datagram) >= _HEADER.size:
            self._note(RecordedItem(self._now(), is_from_server, datagram, is_packet=True))

    def close(self) -> None:
        """Nothing more will be written."""
        self._file.close()

    def _now(self) -> float:
        return time.monotonic() - self._opened_at

    def _note(self, item: RecordedItem) -> None:
        if not self._file.closed:
            self._file.write(item.to_line() + "\n")


class Recorder:
    """Keeps each connection of a voice server in a file of its own: connection-1.jsonl and so on."""

    def __init__(self, folder: Path) -> None:
        """`folder` is there already."""
        self._folder = folder
        self._begun = 0

    def begin(self) -> ConnectionRecording:
        """A websocket was opened."""
        self._begun += 1
        return ConnectionRecording((self._folder / f"connection-{self._begun}.jsonl").open("w", encoding="utf-8"))


def read_recording(path: Path) -> list[RecordedItem]:
    """All that was recorded, in its order.

    Raises:
        ValueError: it is no recording.
    """
    with path.open(encoding="utf-8") as lines:
        return [RecordedItem.from_line(line) for line in lines]


def _without_token(message: Any) -> Any:
    data = message.get("d") if isinstance(message, dict) else None
    if isinstance(data, dict) and "token" in data:
        return {**message, "d": {**data, "token": _MASKED}}
    return message
