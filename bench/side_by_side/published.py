"""What others have published of players that cannot be run here."""

from typing import Final

PUBLISHED: Final = (
    "Not run here, since the registries have none that could be: Lavalink, which comes from Maven, and songbird. Of "
    "songbird, 0.6 is the first with the end-to-end encryption that Discord demands; on PyPI it is in "
    "discord-ext-songbird from 0.5 on, for Python 3.14 only. Published, in 2023: Lavalink 1.1 % of a core a stream, "
    "songbird 3.3 % on the same machine (EC2; serenity-rs/songbird, issue 185); songbird with its scheduler and "
    "prepared Opus, 660 calls a thread on a Ryzen 5700X (serenity-rs/songbird, pull request 179)."
)
