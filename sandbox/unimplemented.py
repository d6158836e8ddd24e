"""The loud gap: what a bot asked for and the sandbox does not do."""

from __future__ import annotations


class Unimplemented(Exception):
    """A bot asked for something real that the sandbox does not do. It says so instead of pretending."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the sandbox does not implement {what}")
        self.what = what
        """What was asked for."""
