"""The Python interpreter, set for a process in which one thread must be on time."""

import gc
import sys
from typing import Final

_SWITCH_SECONDS: Final = 0.0005


def prepare_interpreter() -> None:
    """Keep other threads and the garbage collector from holding up the frame clock. Once a process, at its start."""
    # Whoever waits for the interpreter asks for it after 0.5 ms instead of 5: with many calls that is the frame clock.
    sys.setswitchinterval(_SWITCH_SECONDS)
    # What has been imported stays for ever. Left out of the collector's rounds, it does not halt all calls for 50 ms.
    gc.collect()
    gc.freeze()
