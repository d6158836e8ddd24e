"""Where a sandbox listens, known once it does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Addresses:
    """The addresses of a sandbox's servers; empty until they listen."""

    http_url: str = ""
    """Where the HTTP server is, without a path."""
    gateway_url: str = ""
    """Where the gateway is."""

    @property
    def attachments_url(self) -> str:
        """Where attached files are served, each below its id."""
        return f"{self.http_url}/attachments"
