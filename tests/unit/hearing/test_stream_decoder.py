from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing.counters import HearingCounters
from assistant.hearing.jitter_buffer import HOLD_SECONDS
from assistant.hearing.libopus import load_libopus
from assistant.hearing.stream_decoder import Sound, StreamDecoder
from tests.support.sent_packets import tones
from voicewire.listener import VoicePacket
from voicewire.rtp import SILENCE

FRAMES = tones(40)
LIBOPUS = load_libopus()


def packet(number: int, timestamp: int | None = None, opus: bytes | None = FRAMES[20], ssrc: int = 7) -> VoicePacket:
    at = number * 960 if timestamp is None else timestamp
    return VoicePacket(1, ssrc, number & 0xFFFF, at & 0xFFFFFFFF, opus)


class Stream:
    """A decoder that has heard packets 0, 1 and 2."""

    def __init__(self) -> None:
        self.time = 0.0
        self.counters = HearingCounters()
        self.decoder = StreamDecoder(LIBOPUS, self.counters)
        self.take(packet(0), packet(1), packet(2))

    def take(self, *packets: VoicePacket) -> list[Sound]:
        return [sound for each in packets for sound in self.decoder.take(each, self.time)]

    def wait(self, seconds: float = HOLD_SECONDS) -> list[Sound]:
        self.time += seconds
        return list(self.decoder.due(self.time))


def milliseconds(sounds: Iterable[Sound]) -> list[float]:
    return [len(sound.pcm) / 32 for sound in sounds]


def test_a_gap_is_concealed_and_its_last_packet_recovered() -> None:
    stream = Stream()
    assert stream.take(packet(6)) == []
    assert milliseconds(stream.wait()) == [20, 20, 20, 20]
    assert (stream.counters.concealed, stream.counters.recovered, stream.counters.lost) == (2, 1, 3)


def test_after_a_tenth_of_a_second_a_gap_is_silence() -> None:
    stream = Stream()
    stream.take(packet(43))
    assert milliseconds(stream.wait()) == [20] * 5 + [34 * 20, 20, 20]


def test_what_was_filled_already_is_not_concealed_again() -> None:
    stream = Stream()
    stream.decoder.filled(16_000)
    stream.take(packet(6))
    assert milliseconds(stream.wait()) == [0, 20, 20], "recovered, and the packet"
    assert stream.counters.concealed == 0


def test_a_pause_that_only_the_timestamps_tell_of_is_put_in() -> None:
    stream = Stream()
    assert milliseconds(stream.take(packet(3, 3 * 960 + 24_000))) == [500, 20]


def test_a_pause_that_the_clock_has_put_in_is_not_put_in_again() -> None:
    stream = Stream()
    stream.decoder.filled(6_400)
    assert milliseconds(stream.take(packet(3, 3 * 960 + 24_000))) == [100, 20]


@pytest.mark.parametrize("timestamp", [3 * 960 - 5000, 3 * 960 + 2**31, 0])
def test_timestamps_that_make_no_sense_put_nothing_in(timestamp: int) -> None:
    stream = Stream()
    assert milliseconds(stream.take(packet(3, timestamp))) == [20]


def test_a_pause_is_never_longer_than_a_second() -> None:
    assert sum(milliseconds(Stream().take(packet(3, 3 * 960 + 48_000 * 50)))) == 1020


def test_silence_that_was_only_a_delay_is_told() -> None:
    stream = Stream()
    stream.decoder.filled(1_600)
    assert [sound.surplus for sound in stream.take(packet(3))] == [1_600, 0]
    assert [sound.surplus for sound in stream.take(packet(4))] == [0]


def test_a_delay_with_a_loss_in_it_is_told_but_for_the_loss() -> None:
    stream = Stream()
    stream.decoder.filled(1_600)
    stream.take(packet(5))
    assert [sound.surplus for sound in stream.wait()] == [1_600 - 320, 0, 0]


def test_another_bots_timestamps_stand_still_during_a_pause() -> None:
    """So a loss in it is a loss of sound."""
    stream = Stream()
    stream.take(packet(5))
    assert milliseconds(stream.wait()) == [20, 20, 20]


def test_a_packet_that_no_key_opened_is_a_missing_one() -> None:
    stream = Stream()
    assert stream.take(packet(3, opus=None)) == []
    stream.take(packet(4))
    assert milliseconds(stream.wait()) == [20, 20]
    assert (stream.counters.unopened, stream.counters.lost) == (1, 1)


def test_a_packet_that_is_no_opus_is_concealed_and_spoils_nothing() -> None:
    stream = Stream()
    assert milliseconds(stream.take(packet(3, opus=b"\xff"), packet(4))) == [20, 20]
    assert (stream.counters.undecodable, stream.counters.decoded) == (1, 4)


def test_the_silence_frame_ends_speech() -> None:
    assert [sound.ends_speech for sound in Stream().take(packet(3), packet(4, opus=SILENCE))] == [False, True]


def test_another_ssrc_is_a_new_stream_whose_numbers_mean_nothing() -> None:
    stream = Stream()
    stream.take(packet(4))
    sounds = stream.take(*[packet(number, ssrc=8) for number in (60_000, 60_001, 60_002)])
    assert milliseconds(sounds) == [20, 20, 20, 20, 20], "what waited, what was lost before it, and the new ones"
    assert stream.counters.restarts == 2


def test_stragglers_of_the_ssrc_before_are_dropped() -> None:
    stream = Stream()
    stream.take(*[packet(number, ssrc=8) for number in range(3)])
    assert stream.take(packet(3)) == []
    assert stream.counters.late == 1
    assert milliseconds(stream.take(packet(3, ssrc=8))) == [20]
    stream.time += 2
    assert milliseconds(stream.take(packet(4), packet(5), packet(6))) == [20, 20, 20], "it is in use again"


def test_a_hundred_ssrcs_by_turns_give_each_packet_once() -> None:
    stream = Stream()
    total = 0.0
    for number in range(1000):
        stream.time += 0.02
        total += sum(milliseconds(stream.take(packet(number, ssrc=100 + number % 100))))
    assert total <= 1000 * 20


@given(
    st.lists(
        st.builds(
            packet,
            st.integers(0, 300),
            st.one_of(st.none(), st.integers(0, 2**32 - 1)),
            st.one_of(st.none(), st.binary(max_size=60), st.sampled_from(FRAMES), st.just(SILENCE)),
            st.integers(7, 9),
        ),
        max_size=60,
    )
)
def test_any_packets_give_bounded_sound(packets: list[VoicePacket]) -> None:
    stream = Stream()
    total = 0.0
    for each in packets:
        stream.time += 0.02
        total += sum(milliseconds([*stream.take(each), *stream.wait(0)]))
    total += sum(milliseconds(stream.wait(2 * HOLD_SECONDS)))
    assert total <= len(packets) * (1000 + 100 + 120 + 120)
    assert stream.counters.decoded + stream.counters.undecodable + stream.counters.late + stream.counters.unopened == (
        len(packets) + 3
    )
