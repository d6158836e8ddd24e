"""The encoder's benchmark: what it recommends is fit for a call, and its table says what was measured."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.codeccontext import AudioCodecContext
from numpy.typing import NDArray

pytest.importorskip("moonshine_voice", reason="the listener has no wheel for this machine")

from bench.encoder.encoder_settings import BEFORE, BEST, QUICK, Setting, settings
from bench.encoder.encoder_table import encoder_table
from bench.encoder.encoder_trial import try_all
from bench.encoder.opus_packet import coded_as, is_one_frame_of_20_ms
from bench.encoder.opus_pipeline import by_container, from_chunks
from bench.encoder.recordings import Recording, record
from bench.encoder.spectral_distance import distance_db

_SENTENCE = "The weather will be warm and dry until the end of the week."


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return record([_SENTENCE], tmp_path_factory.mktemp("speech"))[0]


def decoded(packets: list[bytes]) -> list[NDArray[np.float32]]:
    """What a listener's decoder makes of each packet, at 48,000 samples a second."""
    decoder = av.CodecContext.create("libopus", "r")
    assert isinstance(decoder, AudioCodecContext)
    decoder.sample_rate, decoder.layout = 48_000, "mono"
    frames = [frame for packet in packets for frame in decoder.decode(av.Packet(packet))]
    return [(frame.to_ndarray()[0] / 32768).astype(np.float32) for frame in frames]


def samples(frames: Iterator[av.AudioFrame]) -> NDArray[np.float32]:
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


@pytest.mark.parametrize("setting", settings(), ids=lambda setting: setting.name)
def test_every_packet_is_one_frame_of_20_ms_and_no_speech_is_left_out(setting: Setting, recording: Recording) -> None:
    packets = list(setting.frames(recording.mp3))
    assert all(map(is_one_frame_of_20_ms, packets))
    assert {len(frame) for frame in decoded(packets)} == {960}
    missing = 0.1 if "WAV" in setting.name else 0.0  # an MP3 has silence before and after what it was made of
    if setting.name.startswith("assistant"):
        missing = 0.45  # of the silence that hibari puts around a sentence
    assert -missing <= len(packets) * 0.02 - recording.seconds < 0.06
    assert setting.converted is None or {piece.samples for piece in setting.converted(recording.mp3)} <= {320, 480, 960}


def test_what_is_recommended_pads_no_more_than_a_frame(recording: Recording) -> None:
    assert len(list(BEST.frames(recording.mp3))) * 0.02 - recording.seconds < 0.03


@pytest.mark.parametrize("size", [1, 100, 417, 1024, 100_000])
def test_chunks_of_any_size_give_the_sound_of_the_file(recording: Recording, size: int) -> None:
    mp3 = recording.mp3.read_bytes()
    chunks = (mp3[start : start + size] for start in range(0, len(mp3), size))
    assert np.array_equal(samples(from_chunks(chunks)), samples(by_container(recording.mp3)))


def test_neither_chunks_nor_gathering_change_a_packet(recording: Recording) -> None:
    same = [setting for setting in settings() if "chunks" in setting.name or "gathered" in setting.name]
    expected = {prefix: list(each.frames(recording.mp3)) for prefix, each in (("before", BEFORE), ("best", BEST))}
    for setting in same:
        assert list(setting.frames(recording.mp3)) == expected[setting.name.partition(",")[0]], setting.name


def test_the_sound_is_as_close_as_before(recording: Recording) -> None:
    before, best = (
        distance_db(recording.sound, np.concatenate(decoded(list(each.frames(recording.mp3)))))
        for each in (BEFORE, BEST)
    )
    assert best < before + 0.3


def test_distance_knows_no_delay_but_loss(recording: Recording) -> None:
    sound = recording.sound
    assert distance_db(sound, np.concatenate([np.zeros(312, np.float32), sound])) == pytest.approx(0.0, abs=0.01)
    assert distance_db(sound, sound[312:]) == pytest.approx(0.0, abs=0.01)
    assert distance_db(sound, sound * np.float32(0.5)) == pytest.approx(6.0, abs=0.5)
    muffled = np.convolve(sound, np.full(16, 1 / 16, np.float32), "same").astype(np.float32)
    assert distance_db(sound, muffled) > 1.0


@pytest.mark.parametrize(
    ("first_byte", "is_one", "coded"),
    [
        (0xF8, True, "CELT 20000"),
        (0xD8, True, "CELT 12000"),
        (0xD0, False, "CELT 12000"),
        (0xFB, False, "CELT 20000"),
        (0x48, True, "SILK 8000"),
        (0x50, False, "SILK 8000"),
        (0x68, True, "hybrid 12000"),
    ],
)
def test_the_first_byte_tells_what_a_packet_is(first_byte: int, is_one: bool, coded: str) -> None:
    packet = bytes([first_byte, 0])
    assert (is_one_frame_of_20_ms(packet), coded_as(packet)) == (is_one, coded)


def test_each_setting_has_a_row_and_is_understood(recording: Recording, tmp_path: Path) -> None:
    chosen = [setting for setting in settings() if setting.name in QUICK]
    rows = try_all(chosen, [recording], 1, tmp_path)
    lines = encoder_table(rows).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == [f"| {name}" for name in QUICK]
    assert {line.count("|") for line in lines} == {lines[0].count("|")}
    for row in rows:
        assert row.irregular == 0
        assert row.word_errors <= 0.1
        assert row.total_ms > (row.converting_ms or 0.0) > 0.0 or row.converting_ms is None
        assert row.first_frame_ms > 0.0
    by_name = {row.setting: row for row in rows}
    assert by_name["best"].total_ms < by_name["before"].total_ms / 2  # a third, and CPU time: noise won't halve it


def test_names_are_told_apart() -> None:
    names = [setting.name for setting in settings()]
    assert len(names) == len(set(names))
    assert set(QUICK) <= set(names)
