"""Which library does the encryption: libdave, or davey where libdave cannot. docs/decisions/0011 has the reasons."""

import logging
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from importlib import import_module
from typing import Final

from voicewire.dave.mls_session import MakeMlsSession, MlsSession
from voicewire.messages import DAVE_VERSION

_logger = logging.getLogger(__name__)

_ADAPTERS: Final = {"libdave": ("libdave_session", "LibdaveSession"), "davey": ("davey_session", "DaveySession")}
"""By the library's name: the module of `voicewire.dave` that uses it, and the class. The first one is preferred."""


class NoDaveLibrary(Exception):
    """Neither libdave nor davey can be used on this machine."""


def available_sessions() -> Mapping[str, MakeMlsSession]:
    """The libraries that can be imported, by name; the preferred one comes first."""
    sessions: dict[str, MakeMlsSession] = {}
    for name, (module, adapter) in _ADAPTERS.items():
        try:
            sessions[name] = getattr(import_module(f"voicewire.dave.{module}"), adapter)
        except ImportError as error:
            _logger.debug("DAVE by %s is not available: %s", name, error)
    return sessions


def default_session(user_id: int, channel_id: int, expected: Callable[[], AbstractSet[int]]) -> MlsSession:
    """A session by the first library that can be imported and starts one: a `MakeMlsSession`.

    Raises:
        NoDaveLibrary: none can.
    """
    for name, make_session in available_sessions().items():
        try:
            session = make_session(user_id, channel_id, expected)
            if session.begin(DAVE_VERSION):
                return session
        except (ValueError, RuntimeError, OSError) as error:
            _logger.warning("DAVE by %s starts no session: %s", name, error)
        else:
            _logger.warning("DAVE by %s starts no session: it makes no key package", name)
    raise NoDaveLibrary("neither dave.py nor davey can be used: pip install dave.py")
