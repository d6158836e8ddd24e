"""Every connection goes through the proxy that the environment names, and what the proxy refuses is said in a line."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from assistant.util.openai_http import OpenAiHttp
from assistant.util.proxied_connector import ProxiedConnector, ProxyError, refuse_proxy_answer
from sandbox.loopback_tls import LoopbackTls, make_loopback_tls
from sandbox.standins.http_proxy import HttpProxy, ProxiedRequest


class Site:
    """Says hello in plain HTTP and over TLS, and echoes over a websocket."""

    def __init__(self, plain: int, encrypted: int, tls: LoopbackTls) -> None:
        self.tls = tls.server
        self.trust = ssl.create_default_context(cafile=tls.ca_file)
        self.urls = (f"http://127.0.0.1:{plain}/hello?a=b", f"https://127.0.0.1:{encrypted}/hello?a=b")
        self.websockets = (f"ws://127.0.0.1:{plain}/echo", f"wss://127.0.0.1:{encrypted}/echo")
        self.ports = plain, encrypted


async def hello(request: web.Request) -> web.Response:
    assert request.path_qs == "/hello?a=b"
    assert "Proxy-Authorization" not in request.headers
    return web.Response(text=await request.text() or "hello")


async def echo(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data)
    return socket


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    app = web.Application()
    app.add_routes([web.route("*", "/hello", hello), web.get("/echo", echo)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    tls = make_loopback_tls(tmp_path)
    for context in (None, tls.server):
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    plain, encrypted = (address[1] for address in runner.addresses)
    yield Site(plain, encrypted, tls)
    await runner.cleanup()


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def session(site: Site) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=ProxiedConnector(trust=site.trust), raise_for_status=refuse_proxy_answer)


@pytest.mark.parametrize("login", [None, "ada:p@ss/wörd"])
async def test_requests_and_websockets_go_through_it(
    site: Site, monkeypatch: pytest.MonkeyPatch, login: str | None
) -> None:
    async with HttpProxy(login=login) as proxy, session(site) as http:
        user = "ada:p%40ss%2Fw%C3%B6rd@" if login else ""
        monkeypatch.setenv("ALL_PROXY", proxy.url.replace("//", f"//{user}"))
        for url in site.urls:
            for body in ("once", "twice"):
                async with http.post(url, data=body) as response:
                    assert await response.text() == body
        for url in site.websockets:
            async with http.ws_connect(url) as socket:
                await socket.send_str("echo")
                assert await socket.receive_str() == "echo"
    plain, encrypted = site.ports
    assert ProxiedRequest("CONNECT", "127.0.0.1", encrypted) in proxy.requests
    assert [request for request in proxy.requests if request.port == plain] == [
        ProxiedRequest("POST", "127.0.0.1", plain),
        ProxiedRequest("POST", "127.0.0.1", plain),
        ProxiedRequest("GET", "127.0.0.1", plain, is_websocket=True),
    ]
    assert proxy.refused == []


async def test_a_proxy_may_itself_be_reached_over_tls(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async with HttpProxy(tls=site.tls, login="ada:hidden") as proxy, session(site) as http:
        monkeypatch.setenv("ALL_PROXY", proxy.url.replace("//", "//ada:hidden@"))
        for url in site.urls:
            async with http.get(url) as response:
                assert await response.text() == "hello"
    assert [request.method for request in proxy.requests] == ["GET", "CONNECT"]


async def test_what_no_proxy_names_does_not(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async with HttpProxy() as proxy, session(site) as http:
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.0/8")
        for url in site.urls:
            async with http.get(url) as response:
                assert await response.text() == "hello"
    assert proxy.requests == []


@pytest.mark.parametrize("status", [403, 407, 502])
@pytest.mark.parametrize("kind", [0, 1])
async def test_a_refusal_is_one_clear_line(site: Site, monkeypatch: pytest.MonkeyPatch, status: int, kind: int) -> None:
    async with HttpProxy() as proxy, session(site) as http:
        proxy.answer_instead = status
        monkeypatch.setenv("ALL_PROXY", proxy.url.replace("//", "//ada:hidden@"))
        if kind == 0 and status != 407:  # in plain HTTP it can't be told from an answer of the server
            async with http.get(site.urls[kind]) as response:
                assert response.status == status
            return
        with pytest.raises(ProxyError) as raised:
            await http.get(site.urls[kind])
    said = str(raised.value)
    assert f"the proxy http://•••@127.0.0.1:{proxy.port} of ALL_PROXY answers {status}" in said
    assert ("user name and password" in said) == (status == 407)
    assert "hidden" not in said
    assert "\n" not in said


async def test_nobody_there_somebody_else_and_socks_are_told_apart(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stranger(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 smtp.example ESMTP\r\n")
        writer.close()

    async with await asyncio.start_server(stranger, "127.0.0.1", 0) as server, session(site) as http:
        port = server.sockets[0].getsockname()[1]
        for value, said in (
            ("http://127.0.0.1:9", "can't be reached"),
            (f"http://127.0.0.1:{port}", "doesn't answer as an HTTP proxy"),
            ("socks5://127.0.0.1:9", "SOCKS proxy"),
        ):
            monkeypatch.setenv("HTTPS_PROXY", value)
            with pytest.raises(ProxyError, match=said):
                await http.get(site.urls[1])


async def test_ipv6_works_for_the_server_and_for_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    app = web.Application()
    app.add_routes([web.post("/v1/hello", hello_of_ipv6)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "::1", 0).start()
    except OSError:
        pytest.skip("this machine has no IPv6")
    url = f"http://[::1]:{runner.addresses[0][1]}/v1/"
    async with HttpProxy(host="::1", login="ada:hidden") as proxy:
        for value in ("", proxy.url.replace("//", "//ada:hidden@")):
            monkeypatch.setenv("HTTP_PROXY", value)
            api = OpenAiHttp(base_url=url, api_key=None, connect_timeout=5.0, read_timeout=5.0)
            async with api, await api.post("/hello", {}) as response:
                assert await response.text() == "hello"
        assert [request.host for request in proxy.requests] == ["::1"]
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        async with api:
            with pytest.raises(ProxyError, match=rf"http://\[::1\]:{proxy.port} of HTTP_PROXY answers 407"):
                await api.post("/hello", {})
    await runner.cleanup()


async def hello_of_ipv6(_: web.Request) -> web.Response:
    return web.Response(text="hello")
