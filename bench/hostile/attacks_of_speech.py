"""What a speech service, or whoever speaks in its place, can send, and what lies where recordings are kept."""

from collections.abc import Sequence
from typing import Final

from bench.hostile.attack import Attack
from bench.hostile.hostile_test_bed import HostileTestBed
from sandbox.standins.faults import (
    CorruptAudio,
    CorruptMp3,
    Drip,
    EmptyBody,
    EndlessSpeech,
    FramesBomb,
    GzipBomb,
    Hang,
    HostedSpeechFault,
    HtmlPage,
    SpeechFault,
)

_ANSWER: Final = "The ships come home at dusk. The gulls fly back in."
_NONSENSE: Final = "noise, a page for people, nothing at all"
_DIARY: Final = b"Dear diary. " * 200_000


def _hosted(name: str, sent: str, *faults: HostedSpeechFault, is_quick: bool = False) -> Attack:
    """Hosted speech goes wrong; gTTS is there to speak instead."""

    async def act(bed: HostileTestBed) -> None:
        bed.hosted.order(*faults)
        await _ask(bed)

    return Attack(name=name, sent=sent, act=act, settings={"TTS_ENGINE": "hosted,gtts"}, is_quick=is_quick)


def _google(name: str, sent: str, *faults: SpeechFault, is_quick: bool = False) -> Attack:
    """Google's speech goes wrong, and there is no other."""

    async def act(bed: HostileTestBed) -> None:
        bed.google.order(*faults)
        await _ask(bed)

    return Attack(name=name, sent=sent, act=act, is_quick=is_quick)


async def _ask(bed: HostileTestBed) -> None:
    await bed.ask(bed.ada, "Where are the ships?", _ANSWER)


async def _distrust(bed: HostileTestBed) -> None:
    """Whoever is on the way to Google has a certificate that nobody has signed whom the bot trusts."""
    bed.environment["REQUESTS_CA_BUNDLE"] = str(bed.discord.ca_file)


def _has_read_something(bed: HostileTestBed) -> str:
    return f"who is on the way has read {len(bed.google.requests)} sentences" if bed.google.requests else ""


async def _fill_cache_folder(bed: HostileTestBed) -> None:
    cache = bed.folder / "cache"
    (cache / "photos").mkdir(parents=True)
    (cache / "photos" / "us.jpg").write_bytes(_DIARY)
    (cache / "diary.db").write_bytes(_DIARY)
    (cache / "notes.opus").write_bytes(b"")
    (cache / "nowhere").symlink_to(cache / "is-not-there")


def _misses_files(bed: HostileTestBed) -> str:
    cache = bed.folder / "cache"
    mine = (cache / "photos" / "us.jpg", cache / "diary.db", cache / "notes.opus")
    return "" if all(each.exists() for each in mine) else "files of strangers are gone"


SPEECH_ATTACKS: Final[Sequence[Attack]] = (
    _hosted("gzip bomb, hosted", "1 MB of gzip that is 1 GB", GzipBomb(1000), is_quick=True),
    _google("gzip bomb, gTTS", "1 MB of gzip that is 1 GB, twice", *[GzipBomb(1000)] * 2),
    _hosted("frames bomb, hosted", "speech without an end, as fast as it is read", EndlessSpeech()),
    _hosted("compressed frames bomb, hosted", "146 KB of FLAC that are 275 minutes", FramesBomb(275), is_quick=True),
    _google(
        "frames bomb, gTTS",
        "base64 without an end, as fast as it is read, four times",
        *[EndlessSpeech()] * 4,
        is_quick=True,
    ),
    _hosted("drip, hosted", "a byte each 0.5 s", Drip(0.5)),
    _hosted("drip from the first byte on, hosted", "a byte each 0.5 s, its head too", Drip(0.5, is_head_too=True)),
    _google("drip, gTTS alone", "a byte each 0.5 s", Drip(0.5)),
    _google("one engine hangs (A3)", "gTTS alone, one request that is never answered", Hang(), is_quick=True),
    _hosted("nonsense, hosted", _NONSENSE, CorruptAudio(), HtmlPage(), EmptyBody(), CorruptAudio()),
    _google("nonsense, gTTS alone", _NONSENSE, CorruptMp3(), HtmlPage(), EmptyBody(), CorruptMp3()),
    Attack(
        name="wrong certificate",
        sent="a stranger's certificate in Google's place",
        act=_ask,
        prepare=_distrust,
        check=_has_read_something,
        settings={"TTS_ENGINE": "gtts,hosted"},
    ),
    Attack(
        name="cache folder with files of strangers",
        sent="a subfolder, a database of 2.4 MB, an empty file, a broken link; 1 MB for the cache",
        act=_ask,
        prepare=_fill_cache_folder,
        check=_misses_files,
        settings={"TTS_CACHE_MEGABYTES": "1"},
    ),
)
"""In the order of the table."""
