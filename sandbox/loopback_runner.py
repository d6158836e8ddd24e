"""The end of a web server on loopback: nothing of it is left."""

import asyncio

from aiohttp import web


async def close_runner(runner: web.AppRunner) -> None:
    """Close a server's address and its connections.

    Those too whose client reads no more, as a process that stands still: closed in order, they would wait for it.
    """
    connections = runner.server.connections if runner.server is not None else []
    transports = [connection.transport for connection in connections if connection.transport is not None]
    await runner.cleanup()
    for transport in transports:
        transport.abort()
    await asyncio.sleep(0)  # they are closed in the next pass of the loop
