"""Loads the pictures that people send, from Discord's own hosts and from nowhere else."""

import asyncio
import base64
import logging
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

import aiohttp

from assistant.config.settings import Settings
from assistant.discord_io.rest_client import connector_to_discord
from assistant.domain.message_context import AttachedFile

_logger = logging.getLogger(__name__)

_MOST_PICTURES: Final = 4
"""How many pictures of one message are loaded, the first ones."""
_MOST_BYTES: Final = 5 << 20
"""The largest picture: more than one endpoint refuses larger ones."""
_MOST_BYTES_TOGETHER: Final = 8 << 20
"""As many bytes of one message are made into JSON in some 20 ms, which hold the event loop."""
_SECONDS: Final = 10.0
"""How long the pictures of a message may take to load; the question waits for them."""
_DISCORDS_HOSTS: Final = {"cdn.discordapp.com", "media.discordapp.net"}
"""https://discord.com/developers/docs/reference#image-formatting, and its proxy for media."""
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
"""The kinds that vision models take, with WebP (https://platform.openai.com/docs/guides/images-vision)."""


class PictureLoader:
    """Makes data URLs of pictures. Use it as an async context manager."""

    def __init__(self, settings: Settings) -> None:
        """Loads nothing yet."""
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=connector_to_discord(self._settings.discord_ca_file),
            headers={"Accept-Encoding": "identity"},
            auto_decompress=False,  # a kilobyte could be a gigabyte
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def load(self, pictures: Sequence[AttachedFile]) -> tuple[str, ...]:
        """The pictures as data URLs; left out is what is too large, is missing, or is of a kind that no model takes."""
        wanted: list[AttachedFile] = []
        for picture in pictures:
            room = _MOST_BYTES_TOGETHER - sum(each.size for each in wanted)
            if (
                len(wanted) < _MOST_PICTURES
                and 0 < picture.size <= min(room, _MOST_BYTES)
                and self._is_discords(picture)
            ):
                wanted.append(picture)
        loaded = await asyncio.gather(*map(self._load_one, wanted))
        return tuple(url for url in loaded if url)

    def _is_discords(self, picture: AttachedFile) -> bool:
        """Whether a picture is at Discord, or at its stand-in: nobody makes us ask for any other address."""
        address, files = _origin(picture.url), _origin(self._settings.discord_files_url)
        if files == _origin(Settings.discord_files_url):
            return address in {("https", host, 443) for host in _DISCORDS_HOSTS}
        return address is not None and address == files

    async def _load_one(self, picture: AttachedFile) -> str:
        try:
            async with asyncio.timeout(_SECONDS):
                data = await self._read(picture)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            _logger.warning("A picture could not be loaded: %r", error)
            return ""
        media_type = _media_type(data)
        if media_type is None:
            _logger.info("A picture of %d bytes is none that models know", len(data))
            return ""
        return await asyncio.to_thread(lambda: f"data:{media_type};base64,{base64.b64encode(data).decode()}")

    async def _read(self, picture: AttachedFile) -> bytes:
        if self._session is None:
            raise RuntimeError("PictureLoader is used outside its `async with`")
        async with self._session.get(picture.url, allow_redirects=False) as response:
            if response.status != 200:
                raise ValueError(f"Discord answered {response.status}")
            data = bytearray()
            while chunk := await response.content.readany():
                data += chunk
                if len(data) > picture.size:
                    raise ValueError("it is larger than Discord said")
            return bytes(data)


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address; None where it is none, or holds a user."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    except (ValueError, KeyError):
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname and "@" not in parts.netloc else None


def _media_type(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for signature, media_type in _SIGNATURES if data.startswith(signature)), None)
