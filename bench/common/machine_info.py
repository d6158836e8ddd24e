"""The machine and the Python on which something is measured."""

import datetime
import os
import platform
import sys
import sysconfig
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

_PACKAGES: Final = ("py-cord", "aiohttp", "dave.py", "davey", "av", "gTTS", "imageio-ffmpeg")
_CPU_INFO: Final = Path("/proc/cpuinfo")


def machine_info() -> str:
    """One line: the Python, the CPU and its cores, the system, the date, and the versions of the packages that matter.

    Every benchmark prints it: a figure means nothing without it.
    """
    return "; ".join(
        (
            f"{platform.python_implementation()} {platform.python_version()} ({_threading()})",
            f"{os.cpu_count()} cores, {_cpu_model()}",
            f"{platform.system()} {platform.machine()}",
            datetime.datetime.now().astimezone().date().isoformat(),
            ", ".join(f"{name} {_version(name)}" for name in _PACKAGES),
        )
    )


def _threading() -> str:
    if not sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "with GIL"
    # A free-threaded build turns the GIL on when an extension module asks for it.
    is_on: bool = sys._is_gil_enabled()  # type: ignore[attr-defined,unused-ignore] # from 3.13 on
    return "free-threaded build, GIL on" if is_on else "free-threaded"


def _cpu_model() -> str:
    try:
        with _CPU_INFO.open(encoding="utf-8") as lines:
            return cpu_model_in(lines) or platform.processor() or "unknown CPU"
    except OSError:  # not Linux
        return platform.processor() or "unknown CPU"


def cpu_model_in(cpu_info: Iterable[str]) -> str | None:
    """The first CPU's model in the lines of /proc/cpuinfo; None where it is not named, as on ARM."""
    for line in cpu_info:
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return None


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # imageio-ffmpeg is only needed for the usual pipeline
        return "(not installed)"
