"""Opens every connection of the bot's HTTP clients and websockets, through a proxy where the environment names one."""

import os
import ssl
from typing import Any

import aiohttp
from aiohttp import ClientRequest, ClientTimeout, hdrs
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from assistant.util.proxy_rules import Proxy, ProxyRules


class ProxyError(aiohttp.ClientConnectionError):
    """The proxy can't be reached or used, or refuses. Its text says which, and who is to look at what."""


class ProxiedConnector(aiohttp.TCPConnector):
    """aiohttp's connector, which decides about the proxy for each request.

    aiohttp's own `trust_env` knows neither ALL_PROXY nor networks in NO_PROXY, and has no proxy for `wss:`; and py-cord
    makes its session by itself, but with the connector that it is given.
    """

    def __init__(self, *, trust: ssl.SSLContext | None = None, **options: Any) -> None:
        """`trust` says whose certificates are accepted; None: aiohttp's default. `options` are those of aiohttp.

        With aiohttp's default limit of 100 connections, the 101st call would wait until another answer ends.
        """
        super().__init__(limit=0, ssl=True if trust is None else trust, **options)

    async def connect(self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout) -> Connection:
        """See `aiohttp.BaseConnector.connect`.

        Raises:
            ProxyError: there is no way through the proxy.
        """
        proxy = None if req.proxy else ProxyRules.of(os.environ).proxy_for(req.url)
        if proxy is None:
            return await super().connect(req, traces, timeout)
        if proxy.wrong is not None:
            raise ProxyError(f"{proxy.variable} {proxy.wrong}")
        _lead(req, proxy)
        try:
            return await super().connect(req, traces, timeout)
        except aiohttp.ClientHttpProxyError as refusal:
            raise ProxyError(_refused(proxy, refusal.status, refusal.message)) from refusal
        except aiohttp.ClientProxyConnectionError as error:
            raise ProxyError(f"the proxy {proxy} of {proxy.variable} can't be reached: {error.os_error}") from error
        except (aiohttp.ClientResponseError, aiohttp.ServerDisconnectedError) as error:
            raise ProxyError(f"what listens at {proxy} of {proxy.variable} doesn't answer as an HTTP proxy") from error


async def refuse_proxy_answer(response: aiohttp.ClientResponse) -> None:
    """For `raise_for_status` of a session: a request in plain HTTP gets the proxy's refusal as if it were an answer.

    Raises:
        ProxyError: the proxy wants a user name and password.
    """
    if response.status != 407:
        return
    proxy = ProxyRules.of(os.environ).proxy_for(response.url)
    if proxy is not None:
        response.close()
        raise ProxyError(_refused(proxy, response.status, response.reason or ""))


def _lead(request: ClientRequest, proxy: Proxy) -> None:
    headers = {hdrs.PROXY_AUTHORIZATION: proxy.authorization} if proxy.authorization else None
    if headers is not None and not request.is_ssl():  # else it is for the tunnel's beginning alone
        request.headers.update(headers)
    request.update_proxy(proxy.url, None, headers)


def _refused(proxy: Proxy, status: int, reason: str) -> str:
    said = f"the proxy {proxy} of {proxy.variable} answers {status} {' '.join(reason.split())[:60]}".rstrip()
    if status == 407:
        return f"{said}; it wants {'another' if proxy.authorization else 'a'} user name and password"
    return said
