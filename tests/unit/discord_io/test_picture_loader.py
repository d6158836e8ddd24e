import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

import pytest

from assistant.config.settings import Settings
from assistant.discord_io.picture_loader import PictureLoader
from assistant.domain.message_context import AttachedFile

PNG = b"\x89PNG\r\n\x1a\n and so on"
SETTINGS = Settings(discord_token="")


class Loader(PictureLoader):
    """Loads without a wire: what is asked for is noted."""

    def __init__(self, settings: Settings = SETTINGS, data: bytes = PNG) -> None:
        super().__init__(settings)
        self.data = data
        self.asked: list[str] = []

    async def _read(self, picture: AttachedFile) -> bytes:
        self.asked.append(picture.url)
        return self.data


def picture(url: str = "https://cdn.discordapp.com/attachments/1/2/cat.png?ex=1", size: int = 20) -> AttachedFile:
    return AttachedFile(name="cat.png", media_type="image/png", url=url, size=size)


async def test_a_picture_is_loaded_as_a_data_url() -> None:
    (url,) = await Loader().load([picture()])
    assert url == f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com:8443/a.png",
        "https://cdn.discordapp.com.evil.example/a.png",
        "https://evil.example/cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com@evil.example/a.png",
        "https://ada:pw@cdn.discordapp.com/a.png",
        "https://xcdn.discordapp.com/a.png",
        "https://127.0.0.1/a.png",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "//cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com:99999/a.png",
        "https://[::1/a.png",
        "",
    ],
)
async def test_nothing_is_asked_of_any_other_address_than_discords(url: str) -> None:
    loader = Loader()
    assert await loader.load([picture(url)]) == ()
    assert loader.asked == []


@pytest.mark.parametrize("url", ["https://media.discordapp.net/a.png", "https://CDN.discordapp.com:443/a.png"])
async def test_both_hosts_of_discord_are_asked(url: str) -> None:
    assert await Loader().load([picture(url)])


async def test_in_a_sandbox_only_the_sandbox_is_asked() -> None:
    loader = Loader(replace(SETTINGS, discord_files_url="http://127.0.0.1:8080/attachments"))
    elsewhere = ("https://cdn.discordapp.com/a.png", "http://127.0.0.1:9/a.png", "https://127.0.0.1:8080/a.png")
    assert await loader.load([*map(picture, elsewhere), picture("http://127.0.0.1:8080/attachments/a.png")])
    assert loader.asked == ["http://127.0.0.1:8080/attachments/a.png"]


async def test_too_large_empty_and_too_many_are_left_out() -> None:
    mega = 1 << 20
    assert await Loader().load([picture(size=0), picture(size=5 * mega + 1)]) == ()
    assert len(await Loader().load([picture()] * 7)) == 4
    assert len(await Loader().load([picture(size=5 * mega), picture(size=4 * mega), picture(size=2 * mega)])) == 2


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF1234WEBPVP8 ", "image/webp"),
        (b"<svg onload=...>", None),
        (b"RIFF1234WAVE", None),
        (b"", None),
    ],
)
async def test_what_a_picture_is_its_bytes_say(data: bytes, media_type: str | None) -> None:
    urls = await Loader(data=data).load([picture()])
    assert [url.partition(";")[0] for url in urls] == ([f"data:{media_type}"] if media_type else [])


async def test_a_picture_that_cannot_be_loaded_is_left_out() -> None:
    class Failing(Loader):
        async def _read(self, picture: AttachedFile) -> bytes:
            if picture.size == 1:
                raise OSError("gone")
            return await super()._read(picture)

    assert len(await Failing().load([picture(size=1), picture()])) == 1


class Wire:
    """In the place of aiohttp's session: gives an answer, or that of the address to which it redirects."""

    def __init__(self, data: bytes, status: int = 200) -> None:
        self.status = status
        self.chunks = [data[:10], data[10:]]
        self.content = self

    @asynccontextmanager
    async def get(self, _: str, *, allow_redirects: bool = True) -> AsyncIterator["Wire"]:
        if self.status == 302 and allow_redirects:
            self.status = 200
        yield self

    async def readany(self) -> bytes:
        return self.chunks.pop(0) if self.chunks else b""


@pytest.mark.parametrize(
    ("wire", "is_loaded"), [(Wire(PNG), True), (Wire(PNG, 302), False), (Wire(PNG, 404), False), (Wire(PNG * 2), False)]
)
async def test_no_redirect_is_followed_and_no_more_is_read_than_discord_has_said(wire: Wire, is_loaded: bool) -> None:
    loader = PictureLoader(SETTINGS)
    cast(Any, loader)._session = wire
    assert bool(await loader.load([picture(size=len(PNG))])) is is_loaded
