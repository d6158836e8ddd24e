"""Answers that are meant to harm whoever reads them: they never end, or are far more than they seem."""

from __future__ import annotations

import asyncio
import struct
import zlib
from contextlib import suppress
from typing import Final

from aiohttp import web

_GZIP_HEAD: Final = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
_BLOCK_BYTES: Final = 1_000_000


async def drip(
    request: web.Request, content_type: str, body: bytes, *, seconds: float, is_head_too: bool
) -> web.Response:
    """Send an answer byte by byte; the connection is closed behind it."""
    transport = request.transport
    assert transport is not None
    lines = (f"Content-Type: {content_type}", f"Content-Length: {len(body)}", "Connection: close")
    head = "\r\n".join(("HTTP/1.1 200 OK", *lines, "", "")).encode()
    if not is_head_too:
        transport.write(head)
    for byte in head + body if is_head_too else body:
        transport.write(bytes((byte,)))
        await asyncio.sleep(seconds)
    transport.close()
    return web.Response()  # it reaches nobody any more


async def send_for_ever(request: web.Request, content_type: str, beginning: bytes, again: bytes) -> web.StreamResponse:
    """Send `beginning`, and then `again` until nobody reads it any more."""
    response = web.StreamResponse(headers={"Content-Type": content_type})
    await response.prepare(request)
    with suppress(ConnectionError):
        await response.write(beginning)
        while True:
            await response.write(again)
    return response


def gzip_bomb(content_type: str, beginning: bytes, again: bytes, *, megabytes: int) -> web.Response:
    """An answer that begins with `beginning` and goes on with `again` for so many megabytes."""
    block = again * (_BLOCK_BYTES // max(1, len(again)) + 1)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    begin = packer.compress(beginning) + packer.flush(zlib.Z_FULL_FLUSH)
    # What stands between two full flushes refers to nothing before it, so that it can be sent again as it is.
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = zlib.crc32(beginning)
    for _ in range(megabytes):
        checksum = zlib.crc32(block, checksum)
    size = len(beginning) + megabytes * len(block)
    end = packer.flush() + struct.pack("<II", checksum, size % 2**32)
    body = b"".join((_GZIP_HEAD, begin, packed * megabytes, end))
    return web.Response(body=body, headers={"Content-Type": content_type, "Content-Encoding": "gzip"})
