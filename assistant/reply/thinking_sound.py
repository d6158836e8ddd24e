"""A soft sound that says that somebody was heard, where their answer takes long."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from assistant.audio.player import Player
from assistant.audio.track import Track

_SECONDS: Final = 1.5
"""Longer than that, people wonder whether they were heard: users of voice assistants expect it after 1 to 1.5 s."""


async def play_thinking_sound(player: Player, track: Track, frames: Sequence[bytes], *, since: float) -> None:
    """Play these frames, once, where nothing of the answer's track was heard 1.5 s after its speaker had ended.

    `since` is when they had, in seconds of `time.monotonic()`; where other answers came first, it counts from now.
    """
    left = since + _SECONDS - time.monotonic()
    await asyncio.sleep(left if left > 0 else _SECONDS)
    if not track.has_begun and not track.is_over:
        await player.play_cue(frames)
