"""An HTTP client for OpenAI-compatible services: the language model, hosted speech and hosted recognition."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace, TracebackType
from typing import Final, Self

import aiohttp
from yarl import URL

from assistant.util.proxied_connector import ProxiedConnector, refuse_proxy_answer

_logger = logging.getLogger(__name__)

_BEARER: Final = "Authorization"
_KEPT_SECONDS: Final = 120.0
"""How long an idle connection is kept: people pause between messages, and a new one costs a TLS handshake."""

_WARM_SECONDS: Final = 10.0
"""How long opening a connection ahead of time may take."""

_WARM_FOR_SECONDS: Final = 60.0
"""How long after an answer a connection is taken to be open still."""


class OpenAiHttp:
    """One long-lived HTTP session for any number of requests at once. Use it as an async context manager."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str | None,
        connect_timeout: float,
        read_timeout: float | None,
        query: str = "",
        key_headers: Sequence[str] = (_BEARER,),
    ) -> None:
        """Describe the service. Sends nothing yet.

        Args:
            base_url: the API's address, such as `https://api.openai.com/v1`.
            api_key: sent as a bearer token; None or "" for a server that needs none.
            connect_timeout: seconds for one attempt to connect, including DNS and TLS.
            read_timeout: seconds to wait for the answer, and for each further piece of it; None where the caller has
                its own timeout.
            query: what every request has behind its path, without the question mark.
            key_headers: in which headers the key is sent: as it is, or in `Authorization` as a bearer token.
        """
        self._base_url = base_url.rstrip("/")
        self._query = query
        # Compressed, a kilobyte can be a gigabyte; and what is streamed gains nothing by it.
        self._headers = {"Accept-Encoding": "identity"}
        if api_key:
            self._headers |= {name: f"Bearer {api_key}" if name == _BEARER else api_key for name in key_headers}
        self._timeout = aiohttp.ClientTimeout(total=None, connect=connect_timeout, sock_read=read_timeout)
        self._session: aiohttp.ClientSession | None = None
        self._answered = float("-inf")
        self._is_warming = False

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=ProxiedConnector(keepalive_timeout=_KEPT_SECONDS),
            headers=self._headers,
            timeout=self._timeout,
            auto_decompress=False,
            raise_for_status=refuse_proxy_answer,
            trace_configs=[_connection_trace()],
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(
        self, path: str, body: Mapping[str, object], on_connected: Callable[[], None] | None = None
    ) -> aiohttp.ClientResponse:
        """Send a JSON request. The caller closes the response with `async with`.

        `on_connected` is called when there is a connection to send it over. The answer's body is given as it was sent:
        it is not decompressed, and none is asked for that would have to be.

        Raises:
            aiohttp.ClientError: there is no answer. A timeout is also a TimeoutError.
        """
        # A redirect would turn the POST into a GET, and might carry the key to another host.
        response = await self._open_session.post(
            self._url(path), json=body, allow_redirects=False, trace_request_ctx=on_connected
        )
        self._answered = time.monotonic()
        return response

    async def post_form(self, path: str, form: aiohttp.FormData) -> aiohttp.ClientResponse:
        """Send a form with files. As `post`, otherwise; a form can be sent once only.

        Raises:
            aiohttp.ClientError: there is no answer. A timeout is also a TimeoutError.
        """
        response = await self._open_session.post(self._url(path), data=form, allow_redirects=False)
        self._answered = time.monotonic()
        return response

    async def get(self, path: str) -> aiohttp.ClientResponse:
        """Ask for something. As `post`, otherwise.

        Raises:
            aiohttp.ClientError: there is no answer. A timeout is also a TimeoutError.
        """
        return await self._open_session.get(self._url(path), allow_redirects=False)

    async def warm(self) -> None:
        """Open a connection before the first request needs it. A failure is left to the request.

        Nothing is sent where one was used a moment ago. HEAD has an answer without a body, whatever its size.
        """
        if self._is_warming or time.monotonic() - self._answered < _WARM_FOR_SECONDS:
            return
        self._is_warming = True
        try:
            async with (
                asyncio.timeout(_WARM_SECONDS),
                self._open_session.head(self._url("/models"), allow_redirects=False),
            ):
                self._answered = time.monotonic()
        except (aiohttp.ClientError, TimeoutError) as error:
            _logger.debug("Couldn't open a connection ahead of time: %s", type(error).__name__)
        finally:
            self._is_warming = False

    def _url(self, path: str) -> URL:
        url = URL(f"{self._base_url}{path}")
        # Encoded already: a query is the service's own, and goes out as its owner wrote it.
        return URL(f"{url}?{self._query}", encoded=True) if self._query else url

    @property
    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("OpenAiHttp is used outside its `async with`")
        return self._session


def _connection_trace() -> aiohttp.TraceConfig:
    """Calls what a request was given as its `trace_request_ctx` once there is a connection for it."""

    async def connected(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        if context.trace_request_ctx is not None:
            context.trace_request_ctx()

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(connected)
    trace.on_connection_reuseconn.append(connected)
    return trace
