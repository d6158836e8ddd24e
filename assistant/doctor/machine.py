"""What this machine must have, found out without a network: quick enough to be asked at each start."""

import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

import av
from av import AudioFrame

from assistant.audio.opus import OpusEncoder
from assistant.doctor.finding import Finding, right, wrong
from assistant.tts.speech_settings import SpeechSettings

_INSTALL: Final = "Install what requirements.lock names: pip install --require-hashes -r requirements.lock"
_RATE: Final = 24_000


def machine_findings() -> list[Finding]:
    """What no call can do without. Blocks, for some milliseconds."""
    return [dave_library(), opus_encoder(), temporary_folder()]


def dave_library(load: Callable[[str], ModuleType] = import_module) -> Finding:
    """Whether there is the library of Discord's end-to-end encryption, and which version of the protocol it speaks."""
    name = "DAVE library"
    try:
        davey = load("davey")
    except ImportError as error:
        return wrong(name, f"davey cannot be used: {error}", f"Discord refuses calls without it. {_INSTALL}")
    detail = f"davey {davey.__version__}, protocol version {davey.DAVE_PROTOCOL_VERSION}"
    if davey.DAVE_PROTOCOL_VERSION < 1:
        return wrong(name, detail, f"Discord refuses calls without version 1. {_INSTALL}")
    return right(name, detail)


def opus_encoder(make: Callable[[], OpusEncoder] = OpusEncoder) -> Finding:
    """Whether speech can be made into what a call carries."""
    name = "Opus encoder"
    second = AudioFrame("s16", "mono", _RATE)
    second.sample_rate = _RATE
    second.planes[0].update(bytes(second.planes[0].buffer_size))
    try:
        encoder = make()
        frames = [*encoder.encode(second), *encoder.finish()]
    except (av.FFmpegError, ValueError) as error:
        frames, detail = [], f"libopus of PyAV {av.__version__} does not encode: {error}"
    else:
        detail = f"libopus of PyAV {av.__version__}, {len(frames)} frames from one second"
    return right(name, detail) if frames else wrong(name, detail, f"Nothing could be said. {_INSTALL}")


def temporary_folder(find: Callable[[], str] = tempfile.gettempdir) -> Finding:
    """Whether calls can have their folders."""
    name = "temporary files"
    try:
        folder = Path(find())
        _write_in(folder)
    except OSError as error:
        return wrong(name, str(error), "Let TMPDIR name a folder that I may write in and that is not full")
    return right(name, f"can be written in {folder}")


def recordings_folder(settings: SpeechSettings) -> Finding:
    """Whether recordings of speech can be kept. Blocks."""
    name = "cache"
    if not settings.cache_megabytes:
        return right(name, "none are kept (TTS_CACHE_MEGABYTES is 0)")
    try:
        folder = settings.cache_folder.expanduser()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_in(folder)
    except (OSError, RuntimeError) as error:  # RuntimeError: a user without a home, as in some containers
        advice = "Let TTS_CACHE_FOLDER name a folder that I may write in, or set TTS_CACHE_MEGABYTES=0"
        return wrong(name, str(error), advice)
    return right(name, f"are kept in {folder}, {settings.cache_megabytes} MB at most")


def _write_in(folder: Path) -> None:
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"written by --check")
        file.flush()
