"""What the events of a stream mean that are no chunks of a reply."""

from __future__ import annotations

import re
from typing import Final

from assistant.util.sse import Event

_END: Final = re.compile(r"(?:\W|data:\s*)*(?:done|end|eos)(?:\W+(?:data:\s*\[done\])?)?", re.IGNORECASE)
"""What ends a stream: OpenAI's `[DONE]`, and other servers' slips."""
_LONGEST_END: Final = 30
_END_EVENTS: Final = frozenset({"done", "end", "close", "complete", "completed", "finish"})
"""The events that end a stream, where there is no chunk in them."""
_KEEPING_ALIVE: Final = frozenset({"ping", "heartbeat", "keepalive", "keep-alive", "keep_alive"})
"""The events that say nothing, whatever data they have: Anthropic's is `ping`."""


def is_end(event: Event) -> bool:
    """Whether the stream ends here, whatever comes behind it."""
    if event.name.lower() in _END_EVENTS:
        return '"choices"' not in event.data
    data = event.data.strip()
    return len(data) <= _LONGEST_END and _END.fullmatch(data) is not None


def keeps_alive(event: Event) -> bool:
    """Whether an event only keeps the connection open."""
    return event.name.lower() in _KEEPING_ALIVE
