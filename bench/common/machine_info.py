"""The machine on which something was measured."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Final

_PACKAGES: Final = ("py-cord", "aiohttp", "davey", "av", "gTTS", "imageio-ffmpeg")


def machine() -> str:
    """Processor count, system, Python and the packages that matter."""
    packages = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    return (
        f"{os.cpu_count()} CPUs, {platform.system()} {platform.machine()}, "
        f"{platform.python_implementation()} {platform.python_version()} ({sys.platform}), {packages}"
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # the seed's ffmpeg, where only the assistant was tried
        return "(not installed)"
