import ctypes
import ctypes.util
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.codeccontext import AudioCodecContext
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.errors import HearingUnavailable
from assistant.hearing.libopus import SAMPLE_RATE, OpusDecoder, load_libopus
from tests.support.sent_packets import encode_as_clients_do, tones
from tests.support.sounds import Samples

LONGEST = SAMPLE_RATE * 120 // 1000 * 2


def move_pyav(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let PyAV be found in a folder of packages."""
    (packages / "av").mkdir()
    (packages / "av" / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, "av")
    monkeypatch.syspath_prepend(packages)


def samples_of(pcm: bytes) -> Samples:
    samples: Samples = np.frombuffer(pcm, "<i2").astype(np.float32) * np.float32(1 / 32768)
    return samples


def decoded_by_pyav(frames: list[bytes]) -> Samples:
    decoder = av.CodecContext.create("libopus", "r")
    assert isinstance(decoder, AudioCodecContext)
    resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE)
    pieces = [piece for frame in frames for piece in decoder.decode(av.Packet(frame))]
    return np.concatenate([each.to_ndarray()[0] for piece in [*pieces, None] for each in resampler.resample(piece)])


def test_the_sound_is_that_of_another_decoder() -> None:
    frames = tones(50)
    decoder = OpusDecoder(load_libopus())
    ours = samples_of(b"".join(decoder.decode(frame) or b"" for frame in frames))
    theirs = decoded_by_pyav(frames)
    assert len(ours) == 50 * 320
    best = max(float(np.corrcoef(ours[4000:12000], theirs[4000 + lag : 12000 + lag])[0, 1]) for lag in range(-200, 200))
    assert best > 0.99
    assert np.std(ours[4000:12000]) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)


def test_a_lost_packet_is_recovered_from_the_next_one_better_than_concealed() -> None:
    """A tone that whose pitch rises: concealment can't know how far."""
    time = np.arange(320 * 30) / SAMPLE_RATE
    sweep = (np.sin(2 * np.pi * (200 + 900 * time) * time) * 0.3).astype(np.float32)
    frames = encode_as_clients_do(sweep)

    def error(*, use_fec: bool) -> float:
        whole, lossy = OpusDecoder(load_libopus()), OpusDecoder(load_libopus())
        for frame in frames[:20]:
            whole.decode(frame)
            lossy.decode(frame)
        true = samples_of(whole.decode(frames[20]) or b"")
        made = samples_of(lossy.recover(frames[21], 320) if use_fec else lossy.conceal(320))
        assert len(made) == 320
        return float(np.abs(true - made).mean())

    assert error(use_fec=True) < error(use_fec=False) / 2


@given(st.lists(st.one_of(st.binary(max_size=1500), st.sampled_from(tones(5))), max_size=20))
def test_any_bytes_give_a_bounded_piece_of_sound_or_none(packets: list[bytes]) -> None:
    decoder = OpusDecoder(load_libopus())
    for packet in packets:
        assert len(decoder.decode(packet) or b"") <= LONGEST
        assert len(decoder.recover(packet, 320)) == 640
        assert len(decoder.conceal(320)) == 640


@pytest.mark.parametrize("packet", [b"", b"\xff", b"\x03", b"\xff\xff" + bytes(1200), bytes(60_000)])
def test_what_is_no_opus_gives_nothing_much_and_harms_nothing(packet: bytes) -> None:
    decoder, frames = OpusDecoder(load_libopus()), tones(20)
    assert len(decoder.decode(packet) or b"") <= LONGEST
    decoder.reset()
    assert all(len(decoder.decode(frame) or b"") == 640 for frame in frames)


def test_a_machine_without_the_library_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    move_pyav(tmp_path, monkeypatch)
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: None)
    with pytest.raises(HearingUnavailable, match="libopus"):
        load_libopus()


def test_a_library_that_is_something_else_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "av.libs"
    folder.mkdir()
    (folder / "libopus-1.so").write_bytes(b"nothing")
    move_pyav(tmp_path, monkeypatch)
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: "libc.so.6")
    with pytest.raises(HearingUnavailable) as refused:
        load_libopus()
    assert "libopus-1.so" in refused.value.detail
    assert "libc.so.6" in refused.value.detail
