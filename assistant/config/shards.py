"""Which of Discord's shards this process holds: told to it by whatever runs the processes, and nobody else.

A guild belongs to the shard `(guild_id >> 22) % SHARD_COUNT`: https://discord.com/developers/docs/events/gateway#sharding
"""

import re
import socket
from dataclasses import dataclass
from typing import Final

from assistant.util.env_reader import EnvReader

_MOST: Final = 16_384
"""More than any bot has: 16 million guilds with a thousand each."""


@dataclass(frozen=True, kw_only=True)
class Shards:
    """What SHARD_COUNT, SHARD_IDS and SHARDS_PER_PROCESS say."""

    count: int = 1
    """How many shards all processes hold together; 1 means that there is but one process."""
    ids: tuple[int, ...] = ()
    """Those of this process, ascending; empty means all."""
    per_process: int = 0
    """How many each process of a StatefulSet holds, by the number in its host's name; 0: it is not one."""


def read_shards(read: EnvReader) -> Shards:
    """The shards of this process; what cannot be is noted as a mistake."""
    count = read.whole_number("SHARD_COUNT", Shards.count, 1, _MOST)
    listed = _listed(read)
    per_process = read.whole_number("SHARDS_PER_PROCESS", Shards.per_process, 0, _MOST)
    if any(map(read.is_mistaken, ("SHARD_COUNT", "SHARD_IDS", "SHARDS_PER_PROCESS"))):
        return Shards()
    if listed and per_process:
        read.mistake("SHARDS_PER_PROCESS", "is set beside SHARD_IDS", "one of the two alone")
    if listed and listed[-1] >= count:
        wrong = f"names shard {listed[-1]}, and there are {count} by SHARD_COUNT: 0 to {count - 1}"
        read.mistake("SHARD_IDS", wrong, "shards that there are, or a higher SHARD_COUNT")
    if per_process and not listed:
        listed = _by_host(read, count, per_process)
    return Shards(count=count, ids=listed, per_process=per_process)


def _listed(read: EnvReader) -> tuple[int, ...]:
    value = read.text("SHARD_IDS")
    if value is None:
        return ()
    ids: list[int] = []
    for part in value.split(","):
        numbers = re.fullmatch(r"\s*([0-9]{1,5})(?:\s*-\s*([0-9]{1,5}))?\s*", part)
        found = range(int(numbers[1]), int(numbers[2] or numbers[1]) + 1) if numbers else range(0)
        if not found:
            read.mistake("SHARD_IDS", "is no list of shards", "numbers and ascending ranges, such as 0-3,7")
            return ()
        ids += found
    if len(set(ids)) < len(ids):
        read.mistake("SHARD_IDS", "names a shard twice", "each once")
    return tuple(sorted(ids))


def _by_host(read: EnvReader, count: int, per_process: int) -> tuple[int, ...]:
    """The shards of the process on this host: with 4 each, bot-0 holds 0 to 3, bot-1 holds 4 to 7, and so on."""
    host = socket.gethostname().partition(".")[0]
    ordinal = re.search(r"-([0-9]{1,5})$", host)
    if ordinal is None:
        wrong = f"needs a host whose name ends in a number, as those of a StatefulSet do; this one is {host!a}"
        read.mistake("SHARDS_PER_PROCESS", wrong, "SHARD_IDS for each process")
        return ()
    first = int(ordinal[1]) * per_process
    if first >= count:
        wrong = f"leaves none of the {count} shards to {host}"
        read.mistake(
            "SHARDS_PER_PROCESS", wrong, f"at most {-(-count // per_process)} replicas, or a higher SHARD_COUNT"
        )
    return tuple(range(first, min(first + per_process, count)))
