"""What all stand-ins for OpenAI-compatible endpoints have in common: keys, headers and errors."""

from __future__ import annotations

from typing import Any

from aiohttp import web


def error_object(message: str, code: int | str | None) -> dict[str, Any]:
    """The API's form of an error."""
    return {"error": {"message": message, "type": "sandbox_error", "param": None, "code": code}}


def refusal(status: int, message: str, retry_after: str | None = None) -> web.Response:
    """An HTTP error in the API's usual form; `retry_after` is sent as the header of that name."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return web.json_response(error_object(message, None), status=status, headers=headers)


def check_key(request: web.Request, api_key: str | None) -> web.Response | None:
    """The refusal of a request without the key; None if it may pass, as any may where `api_key` is None."""
    if api_key is None or request.headers.get("Authorization") == f"Bearer {api_key}":
        return None
    return refusal(401, "Incorrect API key provided")


def headers_to_keep(request: web.Request) -> dict[str, str]:
    """A request's headers by their names in lower case, without the value of `authorization`."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    if "authorization" in headers:
        headers["authorization"] = "(not kept)"
    return headers


def client_port(request: web.Request) -> int:
    """The TCP port a request came from; 0 once its client has left."""
    address = request.transport and request.transport.get_extra_info("peername")
    return int(address[1]) if address else 0


def abort(request: web.Request) -> None:
    """Break the request's connection off, whatever has been sent."""
    if request.transport is not None:
        request.transport.abort()
