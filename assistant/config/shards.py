"""Which of Discord's shards this process serves, as configured by whatever runs the processes.

A guild belongs to the shard `(guild_id >> 22) % SHARD_COUNT`: https://discord.com/developers/docs/events/gateway#sharding
"""

import re
import socket
from dataclasses import dataclass
from typing import Final

from assistant.util.env_reader import EnvReader

_MOST: Final = 16_384
"""More than any bot has: enough for 16 million guilds with a thousand on each shard."""


@dataclass(frozen=True, kw_only=True)
class Shards:
    """The values of SHARD_COUNT, SHARD_IDS and SHARDS_PER_PROCESS."""

    count: int = 1
    """The number of shards of all processes together; with 1 there is only one process."""
    ids: tuple[int, ...] = ()
    """The shards of this process, ascending; empty means all."""
    per_process: int = 0
    """The number of shards for each process of a StatefulSet, which the host name numbers; 0 outside of one."""


def read_shards(read: EnvReader) -> Shards:
    """The shards of this process. Impossible values are added to the mistakes of `read`."""
    count = read.whole_number("SHARD_COUNT", Shards.count, 1, _MOST)
    listed = _listed(read)
    per_process = read.whole_number("SHARDS_PER_PROCESS", Shards.per_process, 0, _MOST)
    if any(map(read.has_mistake, ("SHARD_COUNT", "SHARD_IDS", "SHARDS_PER_PROCESS"))):
        return Shards()
    if listed and per_process:
        read.add_mistake("SHARDS_PER_PROCESS", "is set together with SHARD_IDS", "only one of the two")
    if listed and listed[-1] >= count:
        wrong = f"names shard {listed[-1]}, but with SHARD_COUNT={count} the highest is {count - 1}"
        read.add_mistake("SHARD_IDS", wrong, "existing shards, or a higher SHARD_COUNT")
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
            read.add_mistake("SHARD_IDS", "is not a list of shards", "numbers and ascending ranges, such as 0-3,7")
            return ()
        ids += found
    if len(set(ids)) < len(ids):
        read.add_mistake("SHARD_IDS", "names a shard twice", "each shard once")
    return tuple(sorted(ids))


def _by_host(read: EnvReader, count: int, per_process: int) -> tuple[int, ...]:
    """The shards of the process on this host: with 4 each, bot-0 has 0 to 3, bot-1 has 4 to 7, and so on."""
    host = socket.gethostname().partition(".")[0]
    ordinal = re.search(r"-([0-9]{1,5})$", host)
    if ordinal is None:
        wrong = f"needs a host name that ends in a number, as in a StatefulSet; this host is {host!a}"
        read.add_mistake("SHARDS_PER_PROCESS", wrong, "SHARD_IDS for each process")
        return ()
    first = int(ordinal[1]) * per_process
    if first >= count:
        wrong = f"leaves no shard for {host}: there are {count}"
        read.add_mistake(
            "SHARDS_PER_PROCESS", wrong, f"at most {-(-count // per_process)} replicas, or a higher SHARD_COUNT"
        )
    return tuple(range(first, min(first + per_process, count)))
