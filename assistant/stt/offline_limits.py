"""Whether this machine can recognize speech by itself."""

from typing import Final

from assistant.stt.moonshine import MoonshineEngine

_NEEDED: Final = 600 * 2**20
"""Bytes of memory: the bot in a call takes up to 190 MB, its offline English voice 160 MB and the recognizer 220 MB."""
_PACKAGE: Final = "moonshine-voice==0.1.0"


def reason_against_offline(memory: int | None) -> str:
    """Why `auto` leaves the offline engine out, as the rest of a sentence; "" if it does not.

    `memory` is how many bytes this machine lets us have; None if that is not known.
    """
    if not MoonshineEngine.is_installed():
        return (
            f"{_PACKAGE} is not installed; it has wheels for Linux (glibc 2.34 or newer), Windows and macOS 15 on ARM"
        )
    if memory is not None and memory < _NEEDED:
        return f"it does not fit into {memory // 2**20} MB beside the bot; STT_ENGINE=offline takes it all the same"
    return ""
