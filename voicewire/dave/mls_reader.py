"""How MLS puts structures into bytes: RFC 9420, 2.1."""


class MalformedMls(ValueError):
    """Bytes are not the MLS structure that they should be."""


class MlsReader:
    """Reads structures, front to back. Every method raises MalformedMls where the bytes end too early."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        """All bytes."""
        self.offset = 0
        """Where the next structure begins."""

    @property
    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return self.offset >= len(self.data)

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        taken = self.data[self.offset : self.offset + size]
        if len(taken) < size:
            raise MalformedMls(f"{size} bytes expected at {self.offset}, {len(taken)} found")
        self.offset += size
        return taken

    def number(self, size: int) -> int:
        """An unsigned number of `size` bytes."""
        return int.from_bytes(self.take(size), "big")

    def vector(self) -> bytes:
        """Bytes behind their length, whose first two bits say how long it is itself."""
        first = self.number(1)
        width = 1 << (first >> 6)
        if width > 4:
            raise MalformedMls(f"a length cannot begin with {first:#x}")
        size = first & 0x3F
        for _ in range(width - 1):
            size = size << 8 | self.number(1)
        return self.take(size)

    def expect(self, size: int, value: int, what: str) -> None:
        """A number that must have one value.

        Raises:
            MalformedMls: it has another.
        """
        found = self.number(size)
        if found != value:
            raise MalformedMls(f"{what} should be {value}, it is {found}")

    def expect_end(self) -> None:
        """The structure is over.

        Raises:
            MalformedMls: bytes follow.
        """
        if not self.is_at_end:
            raise MalformedMls(f"{len(self.data) - self.offset} bytes too many")


def vector(data: bytes) -> bytes:
    """`data` behind its length."""
    size = len(data)
    if size < 1 << 6:
        return bytes([size]) + data
    if size < 1 << 14:
        return (size | 0x4000).to_bytes(2, "big") + data
    return (size | 0x8000_0000).to_bytes(4, "big") + data
