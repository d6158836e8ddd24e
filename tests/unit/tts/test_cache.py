"""Recordings are whole or not there, and stay within their bounds."""

import errno
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.tts.cache import SpeechCache
from assistant.tts.voice import Voice
from tests.support.fake_engines import Clock

VOICE = Voice(engine="gtts", name="com", label="Google", languages=frozenset({"en"}))
FRAMES = (b"\1" * 100, b"\2" * 200)


@pytest.fixture
def turn(tmp_path: Path) -> Path:
    folder = tmp_path / "turn"
    folder.mkdir()
    return folder


def kept(folder: Path, clock: Clock | None = None, *, max_bytes: int = 10_000, seconds: float = 100.0) -> SpeechCache:
    return SpeechCache(folder / "kept", max_bytes=max_bytes, max_age_seconds=seconds, now=clock or Clock())


def test_what_is_kept_is_found_as_it_was_also_by_the_next_run(tmp_path: Path, turn: Path) -> None:
    kept(tmp_path).store(VOICE, "en", "Hello.", FRAMES, turn)
    assert kept(tmp_path).find(VOICE, "en", "Hello.") == FRAMES
    assert list(turn.iterdir()) == [], "a copy stayed in the turn's folder"


def test_what_sounds_differently_is_another_recording(tmp_path: Path, turn: Path) -> None:
    cache = kept(tmp_path)
    cache.store(VOICE, "en", "Hello.", FRAMES, turn)
    assert cache.find(VOICE, "de", "Hello.") is None
    assert cache.find(VOICE, "en", "Hello!") is None


def test_the_folder_tells_nobody_what_was_said(tmp_path: Path, turn: Path) -> None:
    kept(tmp_path).store(VOICE, "en", "secret", FRAMES, turn)
    (path,) = (tmp_path / "kept").iterdir()
    assert "secret" not in path.name
    assert b"secret" not in path.read_bytes()


def test_what_was_not_used_for_too_long_is_not_found_and_goes(tmp_path: Path, turn: Path) -> None:
    clock = Clock()
    cache = kept(tmp_path, clock)
    cache.store(VOICE, "en", "old", FRAMES, turn)
    clock.now += 99
    assert cache.find(VOICE, "en", "old") == FRAMES, "it is used"
    clock.now += 99
    assert cache.find(VOICE, "en", "old") == FRAMES, "its last use did not count"
    clock.now += 4000
    assert cache.find(VOICE, "en", "old") is None
    cache.store(VOICE, "en", "new", FRAMES, turn)
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_what_was_used_the_longest_ago_makes_room(tmp_path: Path, turn: Path) -> None:
    clock = Clock()
    cache = kept(tmp_path, clock, max_bytes=1000)
    for text in ("one", "two", "three"):
        cache.store(VOICE, "en", text, FRAMES, turn)
        clock.now += 1
    assert cache.find(VOICE, "en", "one") == FRAMES
    clock.now += 1
    cache.store(VOICE, "en", "four", FRAMES, turn)
    assert cache.find(VOICE, "en", "two") is None
    assert cache.find(VOICE, "en", "one") == FRAMES
    assert cache.find(VOICE, "en", "four") == FRAMES


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 900), min_size=1, max_size=60))
def test_the_folder_never_grows_beyond_its_bound(tmp_path_factory: pytest.TempPathFactory, sizes: list[int]) -> None:
    folder, clock = tmp_path_factory.mktemp("bounds"), Clock()
    cache = kept(folder, clock, max_bytes=5000)
    for number, size in enumerate(sizes):
        cache.store(VOICE, "en", str(number), (b"x" * size,), folder)
        clock.now += 1
        assert sum(path.stat().st_size for path in (folder / "kept").iterdir()) <= 5000


@pytest.mark.parametrize(
    "damage", [b"", b"opus frames 0\n", b"opus frames 1\n", b"opus frames 1\n\0\5abc", b"opus frames 1\n\0"]
)
def test_a_damaged_recording_is_not_played(tmp_path: Path, turn: Path, damage: bytes) -> None:
    cache = kept(tmp_path)
    cache.store(VOICE, "en", "Hello.", FRAMES, turn)
    (path,) = (tmp_path / "kept").iterdir()
    path.write_bytes(damage)
    os.utime(path, (1000, 1000))
    assert cache.find(VOICE, "en", "Hello.") is None


def test_a_folder_that_cannot_be_made_costs_a_warning_and_no_speech(
    tmp_path: Path, turn: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    cache = kept(tmp_path)
    cache.store(VOICE, "en", "Hello.", FRAMES, turn)
    assert cache.find(VOICE, "en", "Hello.") is None
    assert "Couldn't store a recording" in caplog.text


def test_whatever_else_is_in_the_folder_stays_and_is_in_nobody_s_way(tmp_path: Path, turn: Path) -> None:
    clock = Clock()
    cache = kept(tmp_path, clock, max_bytes=1000)
    folder = tmp_path / "kept"
    (folder / "subfolder").mkdir(parents=True)
    (folder / ("a" * 64 + ".frames")).mkdir()
    others = [folder / "bot.db", folder / "old.frames", folder / ("b" * 64 + ".frames"), folder / "subfolder" / "file"]
    for path in others:
        path.write_bytes(b"x" * 5000)
        os.utime(path, (1.0, 1.0))
    for text in ("one", "two", "three", "four", "five"):
        cache.store(VOICE, "en", text, FRAMES, turn)
        clock.now += 4000
    assert [path.stat().st_size for path in others] == [5000] * 4
    assert (folder / ("a" * 64 + ".frames")).is_dir()
    assert cache.find(VOICE, "en", "one") is None, "ours no longer go"
    cache.store(VOICE, "en", "six", FRAMES, turn)
    assert cache.find(VOICE, "en", "six") == FRAMES, "what is not ours takes our room"


def test_a_folder_or_a_pipe_in_a_recording_s_place_costs_a_warning(
    tmp_path: Path, turn: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = kept(tmp_path)
    for text in ("folder", "pipe"):
        cache.store(VOICE, "en", text, FRAMES, turn)
        (path,) = (tmp_path / "kept").glob("*.frames")
        path.unlink()
        path.mkdir() if text == "folder" else os.mkfifo(path)
        assert cache.find(VOICE, "en", text) is None
        cache.store(VOICE, "en", text, FRAMES, turn)
        path.rmdir() if text == "folder" else path.unlink()
    assert "Couldn't read a recording" in caplog.text
    assert "Couldn't store a recording" in caplog.text
    assert list(turn.iterdir()) == [], "a copy stayed in the turn's folder"


def test_what_cannot_be_removed_costs_a_warning(
    tmp_path: Path, turn: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    cache = kept(tmp_path, clock)
    cache.store(VOICE, "en", "old", FRAMES, turn)
    clock.now += 4000
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        monkeypatch.setattr("assistant.tts.cache._write_privately", lambda path, data, _: path.write_bytes(data))
        cache.store(VOICE, "en", "new", FRAMES, turn)
    assert cache.find(VOICE, "en", "new") == FRAMES
    assert "Couldn't remove a recording" in caplog.text


def refuse(path: Path, missing_ok: bool = False) -> None:
    raise PermissionError(13, "Permission denied", str(path), missing_ok)


def test_recordings_are_nobody_else_s_to_read(tmp_path: Path, turn: Path) -> None:
    umask = os.umask(0)
    try:
        cache = SpeechCache(tmp_path / "above" / "kept", max_bytes=10_000, max_age_seconds=100.0, now=Clock())
        cache.store(VOICE, "en", "Hello.", FRAMES, turn)
    finally:
        os.umask(umask)
    (path,) = (tmp_path / "above" / "kept").iterdir()
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


def test_between_two_disks_a_recording_is_copied(tmp_path: Path, turn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace

    def within_a_disk(path: Path, target: Path) -> Path:
        if path.parent != target.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", within_a_disk)
    cache = kept(tmp_path)
    cache.store(VOICE, "en", "Hello.", FRAMES, turn)
    assert cache.find(VOICE, "en", "Hello.") == FRAMES
    assert len(list((tmp_path / "kept").iterdir())) == 1
    assert list(turn.iterdir()) == []


def test_half_a_character_is_a_text_too(tmp_path: Path, turn: Path) -> None:
    cache = kept(tmp_path)
    cache.store(VOICE, "en", "\ud800", FRAMES, turn)
    assert cache.find(VOICE, "en", "\ud800") == FRAMES
