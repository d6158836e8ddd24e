"""What others have published of players that cannot be run here."""

from typing import Final

PUBLISHED: Final = (
    "Not run here, since the registries have none that could be. Lavalink is on Maven Central only. Songbird with the "
    "end-to-end encryption that Discord asks for is on crates.io, and on PyPI for Python 3.14 only "
    "(discord-ext-songbird 0.6). Published: Lavalink 1.1 % of a core a stream, songbird 3.3 % on the same machine "
    "(EC2, May 2023, before its scheduler; serenity-rs/songbird, issue 185); songbird with its scheduler and prepared "
    "Opus, 660 calls a thread on a Ryzen 5700X (serenity-rs/songbird, pull request 179)."
)
