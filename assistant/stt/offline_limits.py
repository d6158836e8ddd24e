"""Whether this machine can recognize speech by itself."""

from typing import Final

from assistant.stt.moonshine import PACKAGE, MoonshineEngine

_NEEDED: Final = 600 * 2**20
"""Bytes of memory: the bot takes 140 MB, its offline English voice 185 MB, the recognizer up to 220 MB."""


def reason_against_offline(memory: int | None) -> str:
    """Why `auto` leaves the offline engine out, as the rest of a sentence; "" if it does not.

    `memory` is how many bytes this machine lets us have; None if that is not known.
    """
    if not MoonshineEngine.is_installed():
        return f"{PACKAGE} is not installed (it is for Linux with glibc 2.34, Windows, and macOS 15 on ARM)"
    if memory is not None and memory < _NEEDED:
        return f"it does not fit into {memory // 2**20} MB beside the bot; STT_ENGINE=offline takes it all the same"
    return ""
