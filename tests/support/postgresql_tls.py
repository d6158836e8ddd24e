"""TLS in front of a PostgreSQL server that listens at a socket alone."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import make_url


@asynccontextmanager
async def tls_before(database_url: str, tls: ssl.SSLContext) -> AsyncIterator[str]:
    """The address of the database over TCP, where the server wants TLS as PostgreSQL does: after an SSLRequest."""
    address = make_url(database_url)
    place = f"{address.query['host']}/.s.PGSQL.5432"
    links: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(8)
        writer.write(b"S")
        try:
            await writer.start_tls(tls)
        except (OSError, ssl.SSLError):  # whoever does not trust us has gone
            return
        far_reader, far_writer = await asyncio.open_unix_connection(place)
        await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # one side is enough to end both
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = asyncio.create_task(serve(reader, writer))
        links.add(link)
        link.add_done_callback(links.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield f"postgresql://{address.username}@127.0.0.1:{port}/{address.database}"
    finally:
        server.close()
        await asyncio.gather(*links, return_exceptions=True)
