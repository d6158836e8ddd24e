"""The libraries for end-to-end encryption that voicewire works with; tests of one that is missing are skipped."""

import importlib.util

import pytest

from voicewire.dave.davey_session import DaveySession
from voicewire.dave.mls_session import MakeMlsSession

HAS_LIBDAVE = importlib.util.find_spec("dave") is not None
"""Whether `dave.py` is installed."""
LIBRARIES = [
    pytest.param("davey", id="davey"),
    pytest.param("libdave", id="libdave", marks=pytest.mark.skipif(not HAS_LIBDAVE, reason="dave.py is not installed")),
]
"""For `pytest.mark.parametrize`."""


def library(name: str) -> MakeMlsSession:
    """A library by its name."""
    if name == "davey":
        return DaveySession
    from voicewire.dave.libdave_session import LibdaveSession  # noqa: PLC0415 - only where its library is

    return LibdaveSession
