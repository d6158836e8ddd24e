"""Whether a datagram can leave: voice goes over UDP."""

import asyncio
import socket
from typing import Final

from yarl import URL

from assistant.doctor.finding import Finding, unknown, wrong

_DATAGRAM: Final = bytes(1)


async def udp_finding(discord_api_url: str) -> Finding:
    """Send a byte to where Discord is, which answers nothing; so what is right here cannot be known."""
    name = "UDP"
    url = URL(discord_api_url)
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(url.host or "", url.port, type=socket.SOCK_DGRAM)
    except OSError as error:
        return unknown(name, f"there is no address to send to: {error}")
    family, _, _, _, address = found[0]
    try:
        await asyncio.to_thread(_send, family, address)
    except OSError as error:
        return wrong(name, f"a datagram cannot leave: {error}", "Allow UDP to the internet: voice has no other way")
    return unknown(name, "a datagram can leave; whether answers come back shows as I join a call, and is watched in it")


def _send(family: int, address: tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        sender.connect(address)
        sender.send(_DATAGRAM)
