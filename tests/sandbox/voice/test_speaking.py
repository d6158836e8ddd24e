"""Members speak as Discord's clients do: each test shows what an ear gets wrong that does not know."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import wraps
from itertools import pairwise

import numpy as np
import pytest

from sandbox.voice import SILENCE, LiveSound, NetworkConditions, PushToTalk, Speaking, VoiceActivity, VoiceOp
from sandbox.voice.camera import H264, H264_AGAIN
from sandbox.voice.opus_codec import OpusDecoder, OpusEncoder, Samples
from sandbox.voice.rtp import AES, OPUS, XCHACHA
from sandbox.voice.talker import SILENCE_FRAMES
from tests.sandbox.voice.naive_ear import Mistake
from tests.sandbox.voice.raw_client import frames
from tests.sandbox.voice.spoken_call import ADA, BEN, DJ, SpokenCall
from tests.support.virtual_time import run_in_virtual_time

FRAME = 0.02


def virtual(test: Callable[..., Coroutine[None, None, None]]) -> Callable[..., None]:
    """The test runs in virtual time."""

    @wraps(test)
    def run(**arguments: object) -> None:
        run_in_virtual_time(test(**arguments))

    return run


def tone(seconds: float, level: float = 0.3) -> Samples:
    """A hum."""
    times = np.arange(round(48_000 * seconds)) / 48_000
    return (32767 * level * np.sin(2 * np.pi * 200 * times)).astype(np.int16)


def sounds(call: SpokenCall) -> list[bool]:
    """Of each packet that arrived, whether it is more than silence."""
    return [packet.payload != SILENCE for _, packet in call.arrivals]


def pauses(call: SpokenCall) -> list[float]:
    """Seconds between packets that came more than a frame apart, by arrival."""
    times = [at for at, _ in call.arrivals]
    return [later - earlier for earlier, later in pairwise(times) if later - earlier > 1.5 * FRAME]


def steps(call: SpokenCall) -> list[int]:
    """The same by timestamps, in frames."""
    stamps = [packet.timestamp for _, packet in call.arrivals]
    return [step for a, b in pairwise(stamps) if (step := ((b - a) & 0xFFFFFFFF) // 960) > 1]


@pytest.mark.parametrize("mode", [AES, XCHACHA])
@virtual
async def test_an_ear_that_keeps_the_padding_garbles_every_seventh_frame(mode: str) -> None:
    call = SpokenCall(Mistake.KEEPS_PADDING, mode=mode)
    await call.join(ADA)
    await call.call.speak(ADA, frames(70))
    assert sum(heard != said for heard, said in zip(call.naive.of(ADA)[:70], frames(70), strict=True)) == 10
    assert call.good.of(ADA) == frames(70)


@virtual
async def test_an_ear_that_cuts_an_extension_off_everything_garbles_silence_and_other_bots() -> None:
    call = SpokenCall(Mistake.EXPECTS_EXTENSION)
    await call.join(ADA)
    await call.join(DJ, is_bot=True)
    await call.call.speak(ADA, frames(20))
    await call.call.speak(DJ, frames(20))
    assert [bool(packet.extension) for _, packet in call.arrivals] == [True] * 20 + [False] * (20 + 2 * SILENCE_FRAMES)
    assert not set(call.naive.of(DJ)) & set(frames(20))
    assert (call.good.of(ADA), call.good.of(DJ)) == (frames(20), frames(20))


@virtual
async def test_an_ear_that_waits_for_op_5_misses_the_beginning_of_who_is_announced_late() -> None:
    call = SpokenCall(dave_version=1)
    await call.join(ADA)
    call.call.announcement_delay = 0.3
    await call.call.speak(ADA, frames(50))
    assert call.naive.unknown == 15
    assert call.good.of(ADA) == frames(50)
    assert [op for op, _ in call.said].count(VoiceOp.SPEAKING) == 1


@virtual
async def test_an_ear_that_waits_for_op_5_is_deaf_to_who_is_never_announced() -> None:
    call = SpokenCall(dave_version=1)
    await call.join(ADA)
    await call.join(BEN)
    call.call.announces_speakers = False
    await asyncio.gather(call.call.speak(ADA, frames(50)), call.call.speak(BEN, frames(50, 50)))
    assert call.naive.packets == []
    assert (call.good.of(ADA), call.good.of(BEN)) == (frames(50), frames(50, 50))


@virtual
async def test_an_ear_that_takes_op_5_for_a_start_notices_the_first_utterance_only() -> None:
    call = SpokenCall()
    await call.join(ADA)
    for _ in range(3):
        await call.call.speak(ADA, frames(10))
        await asyncio.sleep(5)
    assert [op for op, _ in call.said].count(VoiceOp.SPEAKING) == 1
    assert len(call.good.of(ADA)) == 30


@virtual
async def test_an_ear_that_waits_for_half_a_second_of_silent_packets_never_hears_the_end() -> None:
    call = SpokenCall()
    await call.join(ADA)
    await call.call.speak(ADA, tone(1))
    await asyncio.sleep(60)
    assert sounds(call) == [True] * 50 + [False] * SILENCE_FRAMES
    assert pauses(call) == []


@virtual
async def test_an_ear_that_joins_packets_loses_the_pause_between_them() -> None:
    call = SpokenCall()
    await call.join(ADA)
    await call.call.speak(ADA, frames(10))
    await asyncio.sleep(3)
    await call.call.speak(ADA, frames(10))
    assert len(call.arrivals) * FRAME < 1
    assert steps(call) == [151]
    assert pauses(call) == [pytest.approx(3.02)]


@virtual
async def test_an_ear_that_measures_pauses_by_timestamps_sees_none_of_a_bots() -> None:
    call = SpokenCall()
    await call.join(DJ, is_bot=True)
    await call.call.speak(DJ, frames(10))
    await asyncio.sleep(3)
    await call.call.speak(DJ, frames(10))
    assert steps(call) == []
    assert pauses(call) == [pytest.approx(3.02)]


@virtual
async def test_an_ear_that_sorts_by_plain_numbers_tears_speech_at_their_end() -> None:
    call = SpokenCall()
    await call.join(ADA)
    call.call.members[ADA].packets.sequence = 65_520
    call.call.members[ADA].packets.timestamp = (1 << 32) - 5 * 960
    await call.call.speak(ADA, frames(40))
    by_number = sorted(call.naive.packets, key=lambda packet: packet.sequence)
    assert [packet.opus for packet in by_number if packet.opus != SILENCE] != frames(40)
    assert call.good.of(ADA) == frames(40)
    assert call.good.receiver.counters[ADA].lost == 0
    assert steps(call) == []


@virtual
async def test_an_ear_that_takes_arrival_for_order_swaps_what_overtakes() -> None:
    call = SpokenCall()
    await call.join(ADA)
    await call.call.speak(ADA, frames(200), network=NetworkConditions(reorder=0.1, seed=1))
    assert call.naive.of(ADA) != frames(200)
    assert sorted(opus for opus in call.naive.of(ADA) if opus) == frames(200)
    assert call.good.of(ADA) == frames(200)
    assert call.good.receiver.counters[ADA].lost == 0


@virtual
async def test_an_ear_that_counts_no_numbers_hears_twice_what_comes_twice() -> None:
    call = SpokenCall(Mistake.HEARS_REPEATS)
    await call.join(ADA)
    await call.call.speak(ADA, frames(200), network=NetworkConditions(duplicate=0.1))
    assert 10 < len(call.naive.of(ADA)) - 200 < 35
    assert call.good.of(ADA) == frames(200)


@virtual
async def test_an_ear_that_leaves_holes_out_shortens_speech_and_the_timestamps_say_by_how_much() -> None:
    call = SpokenCall()
    await call.join(ADA)
    await call.call.speak(ADA, frames(400), network=NetworkConditions(loss=0.1, burst=2, seed=3))
    missing = 400 - len(call.naive.of(ADA))
    assert 20 < missing < 70
    assert call.good.receiver.counters[ADA].lost == sum(step - 1 for step in steps(call)) >= missing
    assert pauses(call) != []


@virtual
async def test_an_ear_that_ends_a_turn_at_60_ms_without_a_packet_cuts_words_under_jitter() -> None:
    call = SpokenCall()
    await call.join(ADA)
    await call.call.speak(ADA, frames(200), network=NetworkConditions(jitter=0.1))
    assert sum(pause > 0.06 for pause in pauses(call)) > 5
    assert call.good.of(ADA) == frames(200), "late, but in order"
    assert steps(call) == []


@virtual
async def test_each_member_has_a_network_of_its_own_and_the_same_seed_does_the_same() -> None:
    async def heard(seed: int) -> list[bytes | None]:
        call = SpokenCall()
        await call.join(ADA)
        await call.join(BEN)
        lossy = NetworkConditions(loss=0.2, seed=seed)
        await asyncio.gather(call.call.speak(ADA, frames(100), network=lossy), call.call.speak(BEN, frames(100)))
        assert call.good.of(BEN) == frames(100)
        return call.good.of(ADA)

    assert await heard(1) == await heard(1) != await heard(2)


@virtual
async def test_push_to_talk_cuts_words_where_the_key_is_and_the_clock_goes_on() -> None:
    call = SpokenCall()
    await call.join(ADA)
    await call.call.speak(ADA, frames(100), microphone=PushToTalk(((0.4, 0.8), (1.2, 1.6))))
    assert call.good.of(ADA) == frames(100)[20:40] + frames(100)[60:80]
    assert sounds(call) == ([True] * 20 + [False] * SILENCE_FRAMES) * 2
    assert steps(call) == [21 - SILENCE_FRAMES]


@virtual
async def test_voice_activity_sends_nothing_of_a_quiet_room_and_closes_late() -> None:
    call = SpokenCall()
    await call.join(ADA)
    sound = np.concatenate((tone(1, 0.002), tone(1), tone(2, 0.002), tone(1)))
    await call.call.speak(ADA, sound, microphone=VoiceActivity(hold=0.3))
    assert sounds(call) == [True] * 65 + [False] * SILENCE_FRAMES + [True] * 50 + [False] * SILENCE_FRAMES
    assert steps(call) == [151 - 65 - SILENCE_FRAMES]


@virtual
async def test_a_gate_that_opens_again_within_the_silence_frames_sends_no_more_of_them() -> None:
    call = SpokenCall()
    await call.join(ADA)
    await call.call.speak(ADA, frames(20), microphone=PushToTalk(((0.0, 0.2), (0.24, 0.4))))
    assert sounds(call) == [True] * 10 + [False] * 2 + [True] * 8 + [False] * SILENCE_FRAMES


@virtual
async def test_an_open_microphone_sends_silence_as_sound_for_as_long_as_it_is_open() -> None:
    call = SpokenCall()
    await call.join(ADA)
    await call.call.speak(ADA, np.concatenate((tone(0.2), np.zeros(48_000, np.int16))))
    assert len(call.arrivals) == 60 + SILENCE_FRAMES


@virtual
async def test_who_mutes_themselves_in_a_word_sends_silence_frames_and_nothing_more() -> None:
    call = SpokenCall()
    await call.join(ADA)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    await call.call.speak(ADA, frames(50), is_muted=lambda: loop.time() - begin > 0.39)
    assert sounds(call) == [True] * 20 + [False] * SILENCE_FRAMES


@virtual
async def test_an_ear_that_waits_for_silence_frames_never_hears_the_end_of_who_is_muted_by_a_moderator() -> None:
    call = SpokenCall()
    await call.join(ADA)
    speaking = asyncio.create_task(call.call.speak(ADA, frames(50)))
    await asyncio.sleep(0.39)
    call.call.audience.silenced.add(ADA)
    await speaking
    assert sounds(call) == [True] * 20


@virtual
async def test_a_deafened_bot_is_sent_nothing_until_it_may_hear_again() -> None:
    call = SpokenCall()
    await call.join(ADA)
    speaking = asyncio.create_task(call.call.speak(ADA, frames(50)))
    await asyncio.sleep(0.19)
    call.call.audience.deafened.add(call.session.user_id)
    await asyncio.sleep(0.4)
    call.call.audience.deafened.clear()
    await speaking
    assert call.good.of(ADA) == frames(50)[:10] + frames(50)[30:]


@virtual
async def test_an_ear_that_takes_all_for_opus_chokes_on_a_camera_and_on_rtcp() -> None:
    call = SpokenCall(Mistake.TAKES_ALL_FOR_OPUS)
    await call.join(ADA)
    async with call.call.camera(ADA):
        await call.call.speak(ADA, frames(100))
    await asyncio.sleep(1)
    assert call.kinds[H264] == call.kinds[H264_AGAIN] > 60
    assert call.kinds[200] == 3
    others = sum(call.kinds.values()) - call.kinds[OPUS]
    assert call.naive.refused == others
    assert call.good.of(ADA) == frames(100)
    assert {refusal.value: count for refusal, count in call.good.receiver.refused.items()} == {"not Opus": others}
    on, off = [data for op, data in call.said if op == VoiceOp.VIDEO]
    audio = call.call.members[ADA].ssrc
    assert on["audio_ssrc"] == off["audio_ssrc"] == audio
    assert len({audio, on["video_ssrc"], on["rtx_ssrc"]}) == 3
    assert (off["video_ssrc"], off["streams"][0]["active"]) == (0, False)


@virtual
async def test_the_camera_of_who_leaves_is_off() -> None:
    call = SpokenCall()
    await call.join(ADA)
    async with call.call.camera(ADA):
        await asyncio.sleep(1)
        call.call.member_left(ADA)
        sent = call.kinds.copy()
        await asyncio.sleep(1)
        assert call.kinds == sent
    assert [op for op, _ in call.said if op in (VoiceOp.VIDEO, VoiceOp.CLIENT_DISCONNECT)] == [12, 13]


@virtual
async def test_rtcp_comes_among_long_speech() -> None:
    call = SpokenCall()
    await call.join(ADA)
    await call.call.speak(ADA, frames(500))
    assert call.kinds == {OPUS: 505, 200: 2}
    assert call.good.of(ADA) == frames(500)


@virtual
async def test_an_ear_that_takes_all_sound_for_a_voice_listens_to_a_shared_game() -> None:
    call = SpokenCall()
    await call.join(ADA)
    await call.call.speak(ADA, frames(10), flags=Speaking.SOUNDSHARE)
    await call.call.speak(ADA, frames(10))
    await call.call.speak(ADA, frames(10), flags=Speaking.VOICE | Speaking.PRIORITY)
    assert len(call.naive.of(ADA)) == 30
    assert [data["speaking"] for op, data in call.said if op == VoiceOp.SPEAKING] == [2, 1, 5]


@pytest.mark.parametrize("announced", [True, False])
@virtual
async def test_an_ear_that_keeps_whose_an_ssrc_was_takes_one_member_for_another(announced: bool) -> None:
    call = SpokenCall(Mistake.KEEPS_SSRCS, dave_version=1)
    call.call.hands_on_ssrcs = True
    await call.join(ADA)
    await call.call.speak(ADA, frames(10))
    call.call.member_left(ADA)
    await call.join(BEN)
    call.call.announces_speakers = announced
    await call.call.speak(BEN, frames(10, 10))
    assert len({packet.ssrc for packet in call.naive.packets}) == 1
    assert len(call.naive.of(ADA)) == 20
    assert (call.good.of(ADA), call.good.of(BEN)) == (frames(10), frames(10, 10))


@virtual
async def test_who_comes_back_under_the_old_number_is_announced_again() -> None:
    call = SpokenCall()
    call.call.hands_on_ssrcs = True
    for _ in range(2):
        await call.join(ADA)
        await call.call.speak(ADA, frames(10))
        call.call.member_left(ADA)
    assert [op for op, _ in call.said].count(VoiceOp.SPEAKING) == 2
    assert len(call.good.of(ADA)) == 20


@virtual
async def test_an_ear_that_listens_to_bots_would_answer_them() -> None:
    call = SpokenCall(dave_version=1, bots=(DJ,))
    await call.join(DJ, is_bot=True)
    await call.call.speak(DJ, frames(10))
    assert len(call.naive.of(DJ)) == 10
    assert call.good.packets == []


@virtual
async def test_an_ear_that_knows_no_echo_hears_the_bot_itself_later_and_softer() -> None:
    call = SpokenCall()
    await call.join(ADA)
    echo = asyncio.create_task(call.call.speak(ADA, call.call.echo(delay=0.2, gain=0.5)))
    await asyncio.sleep(1)
    start, encoder = asyncio.get_running_loop().time(), OpusEncoder()
    said = tone(1)
    for index in range(50):
        call.hear_the_bot(index, encoder.encode(said[960 * index : 960 * (index + 1)]))
        await asyncio.sleep(FRAME)
    await asyncio.sleep(1)
    echo.cancel()
    await asyncio.wait({echo})
    heard = [(at, packet.payload) for at, packet in call.arrivals if packet.payload != SILENCE]
    assert heard[0][0] - start == pytest.approx(0.2, abs=0.03)
    assert len(heard) == 50
    decoder = OpusDecoder()
    echoed = np.frombuffer(b"".join(decoder.decode(opus) for _, opus in heard), np.int16)
    assert np.std(echoed[24_000:]) / np.std(said) == pytest.approx(0.5, rel=0.2)


@virtual
async def test_what_is_streamed_is_said_in_real_time_and_a_source_that_runs_dry_is_a_pause() -> None:
    async def sound() -> AsyncIterator[Samples | bytes]:
        yield tone(0.45)  # more than a frame, and less than a whole number of them
        await asyncio.sleep(2)
        for frame in frames(10):
            yield frame

    call = SpokenCall()
    await call.join(ADA)
    start = asyncio.get_running_loop().time()
    await call.call.speak(ADA, sound())
    assert sounds(call)[:22] == [True] * 22
    assert sounds(call)[22:27] == [False] * SILENCE_FRAMES
    assert call.good.of(ADA)[-10:] == frames(10)
    assert call.arrivals[-1][0] - start == pytest.approx(2 + 0.44 + 0.3, abs=0.1)
    assert steps(call) == [pytest.approx(100 - SILENCE_FRAMES, abs=4)]


@virtual
async def test_a_source_in_real_time_has_no_pauses_though_it_is_never_early() -> None:
    async def sound() -> AsyncIterator[Samples]:
        for index in range(100):
            await asyncio.sleep(FRAME + (0.005 if index % 2 else -0.005))
            yield tone(FRAME)

    call = SpokenCall()
    await call.join(ADA)
    await call.call.speak(ADA, sound())
    assert sounds(call) == [True] * 100 + [False] * SILENCE_FRAMES
    assert steps(call) == []


@pytest.mark.parametrize("seconds", [0.5, 1.5])
@virtual
async def test_a_source_is_closed_when_its_speaker_is_cut_off(seconds: float) -> None:
    closed = []

    async def sound() -> AsyncIterator[Samples]:
        try:
            yield tone(1)
            await asyncio.sleep(60)
        finally:
            closed.append(True)

    call = SpokenCall()
    await call.join(ADA)
    speaking = asyncio.create_task(call.call.speak(ADA, sound()))
    await asyncio.sleep(seconds)
    speaking.cancel()
    await asyncio.wait({speaking})
    assert closed == [True]


@virtual
async def test_a_source_that_fails_ends_speech_with_its_error() -> None:
    async def sound() -> AsyncIterator[Samples]:
        yield tone(0.1)
        raise OSError("no such file")

    call = SpokenCall()
    await call.join(ADA)
    with pytest.raises(OSError, match="no such file"):
        await call.call.speak(ADA, sound())
    await call.call.speak(ADA, frames(3))
    assert call.good.of(ADA)[-3:] == frames(3)


@virtual
async def test_who_is_cut_off_may_speak_again_and_what_was_on_its_way_arrives() -> None:
    call = SpokenCall()
    await call.join(ADA)
    speaking = asyncio.create_task(call.call.speak(ADA, frames(500), network=NetworkConditions(delay=0.1)))
    await asyncio.sleep(1.01)
    speaking.cancel()
    await asyncio.wait({speaking})
    assert len(call.arrivals) == 46
    await asyncio.sleep(2)
    assert len(call.arrivals) == 51
    await call.call.speak(ADA, frames(10))
    assert steps(call) == [pytest.approx(100, abs=2)]
    assert call.good.receiver.counters[ADA].lost == 0


@virtual
async def test_who_is_cut_off_and_goes_on_at_once_sends_no_two_frames_in_one_moment() -> None:
    call = SpokenCall()
    await call.join(ADA)
    speaking = asyncio.create_task(call.call.speak(ADA, frames(500)))
    await asyncio.sleep(1.001)
    speaking.cancel()
    await asyncio.wait({speaking})
    await call.call.speak(ADA, frames(10))
    times = [at for at, _ in call.arrivals]
    assert [later - earlier for earlier, later in pairwise(times)] == [pytest.approx(FRAME)] * (len(times) - 1)
    assert steps(call) == []


@pytest.mark.parametrize("delay", [0.0, 0.1])
@virtual
async def test_who_leaves_in_the_middle_of_a_word_is_not_heard_to_its_end(delay: float) -> None:
    call = SpokenCall()
    await call.join(ADA)
    speaking = asyncio.create_task(call.call.speak(ADA, frames(500), network=NetworkConditions(delay=delay)))
    await asyncio.sleep(0.99)
    call.call.member_left(ADA)
    async with asyncio.timeout(0.05):
        await speaking
    await asyncio.sleep(1)
    assert sounds(call) == [True] * (50 if not delay else 45)


@virtual
async def test_nobody_says_two_things_at_once() -> None:
    call = SpokenCall()
    await call.join(ADA)
    speaking = asyncio.create_task(call.call.speak(ADA, frames(10)))
    await asyncio.sleep(0.1)
    with pytest.raises(RuntimeError, match="speaking already"):
        await call.call.speak(ADA, frames(10))
    await speaking
    assert call.good.of(ADA) == frames(10)


@virtual
async def test_what_is_kept_of_an_hour_is_bounded() -> None:
    call = SpokenCall()
    assert call.call.frames.maxlen is not None
    assert call.call.frames.maxlen * FRAME == 15 * 60


async def microphone(*moments: float) -> AsyncIterator[bytes]:
    """A frame of Opus at each of these times, in seconds from now; after the last one, nothing for ever."""
    begin = asyncio.get_running_loop().time()
    for moment, frame in zip(moments, frames(len(moments)), strict=True):
        await asyncio.sleep(begin + moment - asyncio.get_running_loop().time())
        yield frame
    await asyncio.sleep(3600)


def on_time(*numbers: int) -> list[float]:
    """When these frames of a microphone come that is never late."""
    return [number * FRAME for number in numbers]


async def hear_live(moments: list[float], seconds: float) -> tuple[SpokenCall, list[float]]:
    """A call in which somebody talks live for so long, and when what is no silence arrived, from the first on."""
    call = SpokenCall()
    await call.join(ADA)
    talking = asyncio.create_task(call.call.speak(ADA, LiveSound(microphone(*moments))))
    await asyncio.sleep(seconds)
    talking.cancel()
    await asyncio.gather(talking, return_exceptions=True)
    heard = [at for at, packet in call.arrivals if packet.payload != SILENCE]
    return call, [round(at - heard[0], 3) for at in heard]


@virtual
async def test_what_a_live_microphone_was_late_with_is_sent_at_once_and_nothing_after_it_is_late() -> None:
    late = [0.3] * 5  # frames 10 to 14, while the machine was busy
    moments = [*on_time(*range(10)), *late, *on_time(*range(15, 40))]
    call, heard = await hear_live(moments, 3)
    assert heard == pytest.approx(moments)
    assert sounds(call) == [True] * 40 + [False] * SILENCE_FRAMES, "a hiccup is no end"
    assert steps(call) == []


@virtual
async def test_a_live_microphone_that_pauses_says_so_and_the_timestamps_go_on() -> None:
    moments = on_time(*range(10), *range(60, 70))
    call, heard = await hear_live(moments, 3)
    assert heard == pytest.approx(moments)
    assert sounds(call) == [True] * 10 + [False] * SILENCE_FRAMES + [True] * 10 + [False] * SILENCE_FRAMES
    assert steps(call) == [pytest.approx(60 - 9 - SILENCE_FRAMES, abs=1)]


@virtual
async def test_what_is_sealed_beforehand_is_heard_as_if_it_were_spoken() -> None:
    call = SpokenCall(dave_version=1)
    await call.join(ADA)
    said = frames(30)
    for datagrams in call.call.seal(ADA, [*said[:20], None, None, *said[20:]], pause=50):
        for datagram, _ in datagrams:
            call.good.receiver.take(datagram)
    assert call.good.of(ADA) == said
    stamps = [packet.timestamp for packet in call.good.packets]
    assert [(b - a) // 960 for a, b in pairwise(stamps)] == [*[1] * 19, 3, *[1] * 9]
    assert [op for op, _ in call.said].count(VoiceOp.SPEAKING) == 1
