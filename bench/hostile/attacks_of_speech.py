"""What a speech service, or whoever speaks in its place, can send, and what lies where recordings are kept."""

from collections.abc import Mapping, Sequence
from typing import Final

from bench.hostile.attack import Act, Attack
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

_BOTH: Final[Mapping[str, str]] = {"TTS_ENGINE": "hosted,gtts"}
_ANSWER: Final = "The ships come home at dusk. The gulls fly back in."
_DIARY: Final = b"Dear diary. " * 200_000


def _hosted(*faults: HostedSpeechFault) -> Act:
    async def act(bed: HostileTestBed) -> None:
        bed.hosted.order(*faults)
        await bed.ask(bed.ada, "Where are the ships?", _ANSWER)

    return act


def _google(*faults: SpeechFault) -> Act:
    async def act(bed: HostileTestBed) -> None:
        bed.google.order(*faults)
        await bed.ask(bed.ada, "Where are the ships?", _ANSWER)

    return act


async def _ask_only(bed: HostileTestBed) -> None:
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
    Attack(
        name="gzip bomb, hosted",
        sent="1 MB of gzip that is 1 GB",
        act=_hosted(GzipBomb(1000)),
        settings=_BOTH,
        is_quick=True,
    ),
    Attack(name="gzip bomb, gTTS", sent="1 MB of gzip that is 1 GB, twice", act=_google(*[GzipBomb(1000)] * 2)),
    Attack(
        name="frames bomb, hosted",
        sent="speech without an end, as fast as it is read",
        act=_hosted(EndlessSpeech()),
        settings=_BOTH,
    ),
    Attack(
        name="compressed frames bomb, hosted",
        sent="146 KB of FLAC that are 275 minutes",
        act=_hosted(FramesBomb(275)),
        settings=_BOTH,
        is_quick=True,
    ),
    Attack(
        name="frames bomb, gTTS",
        sent="base64 without an end, as fast as it is read, four times",
        act=_google(*[EndlessSpeech()] * 4),
        is_quick=True,
    ),
    Attack(name="drip, hosted", sent="a byte each 0.5 s", act=_hosted(Drip(0.5)), settings=_BOTH),
    Attack(
        name="drip from the first byte on, hosted",
        sent="a byte each 0.5 s, its head too",
        act=_hosted(Drip(0.5, is_head_too=True)),
        settings=_BOTH,
    ),
    Attack(name="drip, gTTS alone", sent="a byte each 0.5 s", act=_google(Drip(0.5))),
    Attack(
        name="one engine hangs (A3)",
        sent="gTTS alone, one request that is never answered",
        act=_google(Hang()),
        is_quick=True,
    ),
    Attack(
        name="nonsense, hosted",
        sent="noise, a page for people, nothing at all",
        act=_hosted(CorruptAudio(), HtmlPage(), EmptyBody(), CorruptAudio()),
        settings=_BOTH,
    ),
    Attack(
        name="nonsense, gTTS alone",
        sent="noise, a page for people, nothing at all",
        act=_google(CorruptMp3(), HtmlPage(), EmptyBody(), CorruptMp3()),
    ),
    Attack(
        name="wrong certificate",
        sent="a stranger's certificate in Google's place",
        act=_ask_only,
        prepare=_distrust,
        check=_has_read_something,
        settings={"TTS_ENGINE": "gtts,hosted"},
    ),
    Attack(
        name="cache folder with files of strangers",
        sent="a subfolder, a database of 2.4 MB, an empty file, a broken link; 1 MB for the cache",
        act=_ask_only,
        prepare=_fill_cache_folder,
        check=_misses_files,
        settings={"TTS_CACHE_MEGABYTES": "1"},
    ),
)
"""In the order of the table."""
