import asyncio

from sqlalchemy import make_url

from bench.hostile.freezable_relay import FreezableRelay


async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server that says each line again, louder."""
    while line := await reader.readline():
        writer.write(line.upper())
    writer.close()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: bytes) -> bytes | None:
    """What comes back; None while nothing does."""
    writer.write(line)
    try:
        async with asyncio.timeout(0.3):
            return await reader.readline()
    except TimeoutError:
        return None


async def test_a_frozen_relay_takes_connections_and_bytes_and_passes_them_on_once_it_thaws() -> None:
    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with FreezableRelay(f"postgresql+asyncpg://ada:secret@127.0.0.1:{port}/assistant") as relay:
        url = make_url(relay.url)
        assert (url.username, url.password, url.database) == ("ada", "secret", "assistant")
        assert url.port != port
        old = await asyncio.open_connection("127.0.0.1", url.port)
        assert await ask(*old, b"hello\n") == b"HELLO\n"
        relay.freeze()
        assert await ask(*old, b"are you there?\n") is None
        new = await asyncio.open_connection("127.0.0.1", url.port)
        assert await ask(*new, b"and you?\n") is None
        relay.thaw()
        assert await old[0].readline() == b"ARE YOU THERE?\n"
        assert await new[0].readline() == b"AND YOU?\n"
        old[1].close()
        assert await new[0].read(0) == b""
    assert await new[0].read() == b"", "a connection outlived the relay"
    new[1].close()
    server.close()
