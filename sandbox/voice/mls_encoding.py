"""How MLS puts structures into bytes (RFC 9420, 2.1)."""

from sandbox.voice.voice_errors import MalformedMlsError


def vector(data: bytes) -> bytes:
    """`data` behind its variable-size length (RFC 9420, 2.1.2)."""
    size = len(data)
    if size < 1 << 6:
        return bytes([size]) + data
    if size < 1 << 14:
        return (size | 0x4000).to_bytes(2, "big") + data
    return (size | 0x8000_0000).to_bytes(4, "big") + data


class Reader:
    """Reads structures from bytes, front to back.

    Raises:
        MalformedMlsError: every method, where the bytes end before the structure does.
    """

    def __init__(self, data: bytes, offset: int = 0) -> None:
        self.data = data
        """All bytes."""
        self.offset = offset
        """Where the next structure begins."""

    @property
    def at_end(self) -> bool:
        """Whether nothing is left."""
        return self.offset == len(self.data)

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        taken = self.data[self.offset : self.offset + size]
        if len(taken) < size:
            raise MalformedMlsError(f"{size} bytes expected at {self.offset}, {len(taken)} found")
        self.offset += size
        return taken

    def number(self, size: int) -> int:
        """An unsigned number of `size` bytes."""
        return int.from_bytes(self.take(size), "big")

    def vector(self) -> bytes:
        """Bytes behind their length."""
        first = self.number(1)
        width = 1 << (first >> 6)
        if width > 4:
            raise MalformedMlsError(f"a length cannot begin with {first:#x}")
        size = first & 0x3F
        for _ in range(width - 1):
            size = size << 8 | self.number(1)
        return self.take(size)

    def expect(self, size: int, value: int, what: str) -> None:
        """A number that must have one value."""
        found = self.number(size)
        if found != value:
            raise MalformedMlsError(f"{what} should be {value}, it is {found}")
