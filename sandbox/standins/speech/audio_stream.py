"""Sound that is sent piece by piece, at a chosen pace."""

from __future__ import annotations

import asyncio
import time

from aiohttp import web


async def stream_audio(
    request: web.Request,
    content_type: str,
    audio: bytes,
    *,
    first_at: float,
    chunk_bytes: int,
    bytes_per_second: float,
) -> web.StreamResponse:
    """Answer with `audio` in chunks of `chunk_bytes`, without telling how much it is.

    The headers and the first chunk leave at `first_at` (monotonic), or now if that is past; each other one leaves
    when those before it have taken their time at `bytes_per_second`. The answer is not ended: the handler does that
    by returning the response.
    """
    begin = max(first_at, time.monotonic())
    await asyncio.sleep(begin - time.monotonic())
    response = web.StreamResponse(headers={"Content-Type": content_type})
    await response.prepare(request)
    for start in range(0, len(audio), chunk_bytes):
        wait = begin + start / bytes_per_second - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        await response.write(audio[start : start + chunk_bytes])
    return response
