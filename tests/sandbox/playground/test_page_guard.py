"""Nobody but a page of the playground itself gets anything of it."""

import aiohttp
import pytest
from yarl import URL

from sandbox.playground import Playground


async def status_of(url: URL | str, headers: dict[str, str]) -> int:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status


async def test_our_own_page_gets_everything(playground: Playground) -> None:
    url = URL(playground.url)
    for path in ("", "js/app.js", "css/theme.css", "icon.svg"):
        assert await status_of(url.join(URL(path)), {}) == 200
    assert await status_of(url, {"Host": f"localhost:{url.port}"}) == 200
    assert await status_of(url.join(URL("js/app.js")), {"Origin": f"http://127.0.0.1:{url.port}"}) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://127.0.0.1:{port}.example.org"},
        {"Origin": "http://localhost.example.org:{port}"},
        {"Host": "example.org"},
        {"Host": "example.org:{port}"},
        {"Host": "127.0.0.1.example.org:{port}"},
        {"Host": "127.0.0.1"},
        {"Host": ""},
    ],
    ids=str,
)
async def test_a_foreign_page_gets_nothing_though_it_knows_the_token(
    playground: Playground, headers: dict[str, str]
) -> None:
    url = URL(playground.url)
    headers = {name: value.format(port=url.port) for name, value in headers.items()}
    for path in ("", "js/app.js", "nothing"):
        assert await status_of(url.join(URL(path)), headers) in (400, 403)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url.join(URL("socket")), headers=headers)


async def test_two_origins_at_once_are_not_taken_for_ours(playground: Playground) -> None:
    url = URL(playground.url)
    headers = [("Origin", f"http://127.0.0.1:{url.port}"), ("Origin", "https://example.org")]
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        assert response.status == 403


async def test_without_the_token_there_is_nothing_and_out_of_its_folder_neither(playground: Playground) -> None:
    url = URL(playground.url)
    token = url.path.strip("/")
    for path in ("/", "/socket", "/js/app.js", f"/{token}", f"/{token[:-1]}/", f"/{token}x/", f"/{token.lower()}/"):
        assert await status_of(url.origin().with_path(path), {}) == 404
    for path in ("../playground_site.py", "..%2fplayground_site.py", "js/..%2f..%2fpage_guard.py", "%2e%2e/people.py"):
        address = URL(f"{url.origin()}/{token}/{path}", encoded=True)
        assert await status_of(address, {}) in (403, 404)


async def test_the_browser_is_told_to_keep_the_page_to_itself(playground: Playground) -> None:
    async with aiohttp.ClientSession() as session, session.get(playground.url) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
