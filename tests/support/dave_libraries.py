"""The libraries for end-to-end encryption that voicewire works with; tests of one that is missing are skipped."""

import pytest

from voicewire.dave import available_sessions
from voicewire.dave.mls_session import MakeMlsSession

HAS_LIBDAVE = "libdave" in available_sessions()
"""Whether `dave.py` is installed."""
LIBRARIES = [
    pytest.param("davey", id="davey"),
    pytest.param("libdave", id="libdave", marks=pytest.mark.skipif(not HAS_LIBDAVE, reason="dave.py is not installed")),
]
"""For `pytest.mark.parametrize`."""


def library(name: str) -> MakeMlsSession:
    """A library by its name."""
    return available_sessions()[name]
