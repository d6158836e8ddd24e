"""Checks that a UDP datagram can be sent: voice goes over UDP."""

import asyncio
import socket
from typing import Final

from yarl import URL

from assistant.doctor.finding import Finding, failed, unknown

_DATAGRAM: Final = bytes(1)


async def udp_finding(discord_api_url: str) -> Finding:
    """Send one byte to Discord's address. Nothing replies to it, so this can fail but never prove that UDP works."""
    name = "UDP"
    url = URL(discord_api_url)
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(url.host or "", url.port, type=socket.SOCK_DGRAM)
    except OSError as error:
        return unknown(name, f"no address to send to: {error}")
    family, _, _, _, address = found[0]
    try:
        await asyncio.to_thread(_send, family, address)
    except OSError as error:
        return failed(name, f"a datagram can't be sent: {error}", "Allow outgoing UDP: Discord voice needs it")
    return unknown(name, "a datagram can be sent; whether replies arrive shows only in a call")


def _send(family: int, address: tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        sender.connect(address)
        sender.send(_DATAGRAM)
