"""libdave does the encryption, and davey where libdave cannot."""

import sys
from collections.abc import Callable

import pytest

from tests.support.dave_libraries import HAS_LIBDAVE
from voicewire.dave import NoDaveLibrary, available_sessions, default_session, libraries
from voicewire.dave.davey_session import DaveySession

pytestmark = pytest.mark.skipif(not HAS_LIBDAVE, reason="dave.py is not installed")


def nobody() -> frozenset[int]:
    return frozenset()


@pytest.fixture
def uninstall(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Packages are no longer installed."""

    def forget(*packages: str) -> None:
        for adapter in ("libdave_session", "davey_session"):
            monkeypatch.delitem(sys.modules, f"voicewire.dave.{adapter}", raising=False)
        for package in packages:
            monkeypatch.setitem(sys.modules, package, None)

    return forget


def test_libdave_is_preferred() -> None:
    assert list(available_sessions()) == ["libdave", "davey"]
    assert type(default_session(1, 77, nobody)).__name__ == "LibdaveSession"


def test_a_session_of_the_default_can_begin() -> None:
    assert default_session(1, 77, nobody).begin(1)


def test_davey_is_used_where_libdave_is_not_installed(uninstall: Callable[..., None]) -> None:
    uninstall("dave")
    assert list(available_sessions()) == ["davey"]
    assert type(default_session(1, 77, nobody)).__name__ == "DaveySession"


def test_libdave_is_enough_where_davey_is_not_installed(uninstall: Callable[..., None]) -> None:
    uninstall("davey")
    assert list(available_sessions()) == ["libdave"]


def test_without_any_library_the_error_says_what_to_install(uninstall: Callable[..., None]) -> None:
    uninstall("dave", "davey")
    with pytest.raises(NoDaveLibrary, match=r"pip install dave\.py"):
        default_session(1, 77, nobody)


@pytest.mark.parametrize(
    "error", [RuntimeError("no memory"), ValueError("no such version"), OSError("no entropy"), None]
)
def test_davey_is_used_where_libdave_starts_no_session(
    error: Exception | None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(DaveySession):
        def begin(self, version: int) -> bytes:
            if error is not None:
                raise error
            return b""

    sessions = {"libdave": Broken, "davey": DaveySession}
    monkeypatch.setattr(libraries, "available_sessions", lambda: sessions)
    assert type(default_session(1, 77, nobody)) is DaveySession
    assert "DAVE by libdave starts no session" in caplog.text
