"""Checks what this machine must have. Needs no network."""

import tempfile
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

from assistant.audio.opus import OpusEncoder
from assistant.doctor.finding import Finding, failed, ok
from assistant.tts.speech_settings import SpeechSettings
from assistant.util.plurals import counted

_INSTALL: Final = "Install the packages of requirements.lock: pip install --require-hashes -r requirements.lock"
_OPUS: Final = "Opus encoder"
_RATE: Final = 24_000


def machine_findings() -> list[Finding]:
    """Check what every call needs. Blocks for a fifth of a second, and what it loads stays loaded."""
    return [dave_library(), opus_encoder(), temporary_folder()]


def findings_at_start() -> list[Finding]:
    """The same without loading what is large: only whether it is installed. Blocks for some milliseconds."""
    return [dave_library(), audio_library(), temporary_folder()]


def dave_library(load: Callable[[str], ModuleType] = import_module) -> Finding:
    """Check that the library for Discord's end-to-end encryption is there, and which protocol version it speaks."""
    name = "DAVE library"
    try:
        davey = load("davey")
    except ImportError as error:
        return failed(name, f"davey can't be imported: {error}", f"Discord refuses calls without it. {_INSTALL}")
    detail = f"davey {davey.__version__}, protocol version {davey.DAVE_PROTOCOL_VERSION}"
    if davey.DAVE_PROTOCOL_VERSION < 1:
        return failed(name, detail, f"Discord refuses calls without version 1. {_INSTALL}")
    return ok(name, detail)


def audio_library(name: str = "av") -> Finding:
    """Check that the library which encodes speech is installed."""
    if find_spec(name) is None:
        return failed(_OPUS, "PyAV is not installed", f"The bot can't speak without it. {_INSTALL}")
    return ok(_OPUS, "PyAV is installed")


def opus_encoder(make: Callable[[], OpusEncoder] = OpusEncoder) -> Finding:
    """Check that speech can be encoded as Opus."""
    import av  # noqa: PLC0415 - 16 MB that a process without calls saves

    name = _OPUS
    second = av.AudioFrame("s16", "mono", _RATE)
    second.sample_rate = _RATE
    second.planes[0].update(bytes(second.planes[0].buffer_size))
    try:
        encoder = make()
        frames = [*encoder.encode(second), *encoder.finish()]
    except (av.FFmpegError, ValueError) as error:
        frames, detail = [], f"libopus in PyAV {av.__version__} can't encode: {error}"
    else:
        detail = f"libopus in PyAV {av.__version__}, {counted(len(frames), 'frame')} from one second"
    return ok(name, detail) if frames else failed(name, detail, f"The bot can't speak without it. {_INSTALL}")


def temporary_folder(find: Callable[[], str] = tempfile.gettempdir) -> Finding:
    """Check that calls can have their temporary folders."""
    name = "temporary folder"
    try:
        folder = Path(find())
        _write_in(folder)
    except OSError as error:
        return failed(name, str(error), "Set TMPDIR to a writable folder with free space")
    return ok(name, f"{folder} is writable")


def speech_cache_folder(settings: SpeechSettings) -> Finding:
    """Check that speech can be cached on disk. Blocks."""
    name = "speech cache"
    if not settings.cache_megabytes:
        return ok(name, "off (TTS_CACHE_MEGABYTES is 0)")
    try:
        folder = settings.cache_folder.expanduser()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_in(folder)
    except (OSError, RuntimeError) as error:  # RuntimeError: a user without a home, as in some containers
        advice = "Set TTS_CACHE_FOLDER to a writable folder, or TTS_CACHE_MEGABYTES=0"
        return failed(name, str(error), advice)
    return ok(name, f"{folder}, up to {settings.cache_megabytes} MB")


def _write_in(folder: Path) -> None:
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"written by --check")
        file.flush()
