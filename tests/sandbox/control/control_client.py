"""A client of the control API."""

from __future__ import annotations

from typing import Any

import aiohttp

from sandbox.control import ControlServer


class ControlClient:
    """Asks the control API as a program would."""

    def __init__(self, session: aiohttp.ClientSession, server: ControlServer) -> None:
        self.session = session
        self.server = server

    async def __call__(self, method: str, path: str, status: int = 200, /, **fields: Any) -> Any:
        """The answer to a request, which must have this status; JSON, bytes or None."""
        url = self.server.url + path
        async with self.session.request(method, url, json=fields or None, headers=self.headers) as response:
            content = await response.read()
            assert response.status == status, content
            if not content:
                return None
            return await response.json() if response.content_type == "application/json" else content

    @property
    def headers(self) -> dict[str, str]:
        """What lets one in."""
        return {"Authorization": f"Bearer {self.server.token}"}
