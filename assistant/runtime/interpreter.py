"""Tunes the Python interpreter for a process with a thread that must be on time."""

import asyncio.sslproto
import ctypes
import gc
import sys
from contextlib import suppress
from typing import Final

if sys.platform != "win32":
    import resource

_SWITCH_SECONDS: Final = 0.0005
_MOST_FILES: Final = 65_536
_GC_THRESHOLDS: Final = (700, 5, 400)
"""New objects, young and middle collections: see https://docs.python.org/3/library/gc.html#gc.set_threshold."""
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
"""From glibc's malloc.h; see https://man7.org/linux/man-pages/man3/mallopt.3.html."""
_MOST_ARENAS: Final = 2
_LARGE_BYTES: Final = 32 * 1024
_TLS_BUFFER_BYTES: Final = 32 * 1024
"""More than a TLS record, of at most 16 KB: https://www.rfc-editor.org/rfc/rfc8446#section-5.1."""


def prepare_interpreter() -> None:
    """Keep other threads and the garbage collector from delaying the frame clock, save memory, allow many open files.

    Call it once, at the start.
    """
    # A waiting thread gets the interpreter after 0.5 ms instead of 5: with many calls, that is the frame clock.
    sys.setswitchinterval(_SWITCH_SECONDS)
    # Imported modules stay for ever. Scanning them again and again would pause all calls for 50 ms.
    gc.collect()
    gc.freeze()
    # With 150 calls, a full collection held all threads for 120 ms, twice a minute: now about every five minutes. What
    # it collects is little. The middle ones come twice as often, and take half as long.
    gc.set_threshold(*_GC_THRESHOLDS)
    _tune_malloc()
    _shrink_tls_buffers()
    _raise_file_limit()


def _tune_malloc() -> None:
    """Let C's `malloc` keep less of what was once in use, where that is glibc's; others have no such settings.

    The threads share two heaps, where they would get one each: 6 MB with ten calls. What is large is mapped by itself
    and given back at once, where it would leave holes in the heaps: 8 to 30 MB with 200 calls that have spoken.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(_M_ARENA_MAX, _MOST_ARENAS)
            mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def _shrink_tls_buffers() -> None:
    """Let each TLS connection of asyncio have a buffer of 32 KB, where it would get 256, all of it touched.

    uvloop has its own way with them: this is for where it is missing. A call that speaks has two such connections, to
    its voice server and to Google. It is an attribute of asyncio's class; there is no argument for it:
    https://github.com/python/cpython/blob/3.11/Lib/asyncio/sslproto.py.
    """
    asyncio.sslproto.SSLProtocol.max_size = _TLS_BUFFER_BYTES


def _raise_file_limit() -> None:
    """Let the process open as many files and sockets as the system allows it; 1,024 are usual, for old programs' sake.

    A call has a handful. Where none is left, no connection can be mended and no answer asked for.
    """
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # macOS allows less than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
