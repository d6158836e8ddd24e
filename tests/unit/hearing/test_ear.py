"""Packets to turns."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.hearing_trouble import HearingTrouble
from assistant.domain.spoken_turn import SpokenTurn
from assistant.hearing.models import HearingModels
from sandbox.voice.microphone import Microphone, PushToTalk, VoiceActivity
from tests.support.loud_is_voice import LoudIsVoice, models
from tests.support.sent_packets import (
    ADA,
    BEN,
    FRAME_SECONDS,
    SentPacket,
    encode_as_clients_do,
    packets_of,
    spoken,
    tones,
)
from tests.support.sounds import Samples
from tests.support.spoken_words import spoken_words
from tests.support.virtual_ear import VirtualEar
from voicewire.listener import VoicePacket
from voicewire.rtp import SILENCE

LONG = tones(150)
LOUD = LONG[:50]
"""A second."""
SILENT = [SILENCE] * 5
MODELS = models()


def an_ear() -> VirtualEar:
    return VirtualEar(MODELS)


def seconds(ear: VirtualEar) -> list[float]:
    return [round(len(turn.pcm) / 32_000, 2) for turn in ear.turns]


def numbered(sent: Sequence[SentPacket], *lost: int) -> list[SentPacket]:
    """Without those packets."""
    return [each for number, each in enumerate(sent) if number not in lost]


def test_a_sentence_is_one_turn_with_its_sound() -> None:
    sentence = spoken_words()
    ear = VirtualEar(HearingModels.load())
    ear.hear(packets_of(spoken(sentence)))
    [turn] = ear.end()
    assert turn.user_id == ADA
    length = len(sentence) / 16_000
    assert len(turn.pcm) / 32_000 == pytest.approx(length, abs=0.7)
    assert 0.5 * length < turn.voiced_seconds <= length
    assert turn.began_at == pytest.approx(0.3, abs=0.3)
    assert turn.ended_at == pytest.approx(length, abs=0.5)
    heard = np.frombuffer(turn.pcm, "<i2").astype(np.float32)
    assert np.sqrt((heard**2).mean()) / 32768 == pytest.approx(np.sqrt((sentence**2).mean()), rel=0.3)


async def test_an_ear_sleeps_until_somebody_speaks_and_again_when_they_have_ended() -> None:
    hearing = an_ear()
    waking = asyncio.create_task(hearing.ear.wait_until_awake())
    await asyncio.sleep(0)
    assert not waking.done()
    hearing.hear(packets_of(LOUD))
    await waking
    await hearing.ear.wait_until_awake()  # at once: they are speaking
    hearing.end()
    waking = asyncio.create_task(hearing.ear.wait_until_awake())
    await asyncio.sleep(0)
    assert not waking.done()
    hearing.hear(packets_of(LOUD, begin=hearing.time))
    await waking


class EarWhoseOwnerFailsOnce(VirtualEar):
    """Its first turn is not taken."""

    has_failed = False

    def _on_turn(self, turn: SpokenTurn) -> None:
        if not self.has_failed:
            self.has_failed = True
            raise RuntimeError("no")
        super()._on_turn(turn)


def test_an_error_while_time_passes_costs_one_turn_and_they_are_heard_again(caplog: pytest.LogCaptureFixture) -> None:
    ear = EarWhoseOwnerFailsOnce(MODELS)
    ear.hear(packets_of(LOUD))
    assert ear.end() == []
    assert "A member's sound could not be listened to" in caplog.text
    ear.hear(packets_of(LOUD, begin=ear.time, first=500))
    assert [turn.user_id for turn in ear.end()] == [ADA]


def test_who_begins_to_speak_is_told_at_once() -> None:
    ear = an_ear()
    ear.hear(packets_of([*SILENT, *LOUD]))
    assert [user_id for user_id, _ in ear.begun] == [ADA]
    assert ear.begun[0][1] == pytest.approx(0.1 + 0.1, abs=0.06)


def test_a_turn_ends_though_nothing_comes_after_it() -> None:
    """Discord's clients stop sending; here not even their silence frames came."""
    ear = an_ear()
    ear.hear(packets_of(LOUD))
    [turn] = ear.end()
    assert ear.ended[0] - turn.ended_at == pytest.approx(0.75, abs=0.1)


def test_a_key_that_is_let_go_in_the_middle_of_a_sound_ends_the_turn_sooner() -> None:
    ear = an_ear()
    ear.hear(packets_of([*LOUD, *SILENT]))
    [turn] = ear.end()
    assert ear.ended[0] - turn.ended_at == pytest.approx(0.25, abs=0.1)


def sent_by(microphone: Microphone, samples: Samples) -> list[SentPacket]:
    """What a client sends of it: silence frames behind each stretch, and numbers that count packets only."""
    lets_through, silences, number = microphone.begin(), 0, 0
    scaled = (samples * 32767).astype(np.int16)
    sent = []
    for index, opus in enumerate([*encode_as_clients_do(samples), *SILENT]):
        captured = scaled[index * 320 : (index + 1) * 320]
        is_open = len(captured) > 0 and lets_through(captured, index * FRAME_SECONDS)
        silences = len(SILENT) if is_open else silences - 1
        if is_open or silences >= 0:
            [packet] = packets_of([opus if is_open else SILENCE], begin=index * FRAME_SECONDS, first=number)
            sent.append(packet)
            number += 1
    return sent


def in_a_room(*sounds: Samples | float) -> Samples:
    """Sounds, and seconds without one, in noise of -60 dB of full scale."""
    parts = [np.zeros(round(each * 16_000), np.float32) if isinstance(each, float) else each for each in sounds]
    samples = np.concatenate(parts)
    noise: Samples = np.random.default_rng(0).normal(0, 1e-3, len(samples)).astype(np.float32)
    return samples + noise


def words_alone() -> Samples:
    """The sentence, without the silence around it."""
    words = spoken_words()
    audible = np.flatnonzero(np.abs(words) > 0.02)
    return words[audible[0] : audible[-1]]


@pytest.fixture(scope="module")
def network() -> HearingModels:
    return HearingModels.load()


@pytest.mark.parametrize("let_go", [0.0, 0.15, 0.4, 0.6])
def test_a_key_that_is_let_go_ends_the_turn_at_once_however_long_behind_the_last_word(
    network: HearingModels, let_go: float
) -> None:
    sound = in_a_room(0.2, words_alone(), let_go)
    ear = VirtualEar(network)
    ear.hear(sent_by(PushToTalk(), sound))
    [turn] = ear.end()
    assert ear.ended[0] <= max(len(sound) / 16_000, turn.ended_at + 0.2) + 0.12


@pytest.mark.parametrize("hold", [0.2, 0.3, 0.4])
@pytest.mark.parametrize("pause", [0.2, 0.3, 0.4, 0.5])
def test_a_client_whose_gate_closes_between_words_cuts_no_turn(
    network: HearingModels, hold: float, pause: float
) -> None:
    words = words_alone()
    ear = VirtualEar(network)
    ear.hear(sent_by(VoiceActivity(hold=hold), in_a_room(0.5, words, pause, words, 1.0)))
    [turn] = ear.end()
    assert ear.ended[0] - turn.ended_at == pytest.approx(0.7, abs=0.1)


def test_two_sentences_are_two_turns_and_a_short_pause_is_none() -> None:
    ear = an_ear()
    ear.hear(
        packets_of([*LOUD, *SILENT]) + packets_of(LOUD, begin=1.15, first=55) + packets_of(LOUD, begin=4, first=105)
    )
    assert len(ear.end()) == 2
    assert [user_id for user_id, _ in ear.begun] == [ADA, ADA]


def test_who_pauses_and_goes_on_is_told_of_twice_and_who_is_done_once() -> None:
    ear = an_ear()
    ear.hear(packets_of(LOUD) + packets_of(LOUD, begin=1.5, first=75))
    [turn] = ear.end()
    assert [round(each.voiced_seconds) for each in ear.paused] == [1, 2]
    assert ear.resumed == [(ADA, ear.resumed[0][1])]
    assert ear.resumed[0][1] == pytest.approx(1.56, abs=0.1)
    assert (ear.paused[1].began_at, ear.paused[1].ended_at) == (turn.began_at, turn.ended_at)


def test_a_pause_of_what_is_no_speech_is_not_told_nor_that_it_is_over() -> None:
    ear = an_ear()
    ear.hear(packets_of(LONG[:6]) + packets_of(LONG[:2], begin=0.6, first=30))
    ear.end()
    assert (len(ear.begun), ear.paused, ear.resumed, ear.turns) == (1, [], [], [])
    assert [user_id for user_id, _ in ear.dismissed] == [ADA]


def test_what_was_said_so_far_can_be_asked_for_once_it_is_speech() -> None:
    ear = an_ear()
    ear.hear(packets_of(LOUD[:8]))
    assert ear.ear.so_far(ADA) is None
    ear.hear(packets_of(LOUD[8:], begin=0.16, first=8))
    so_far = ear.ear.so_far(ADA)
    assert so_far is not None
    assert so_far.voiced_seconds == pytest.approx(1, abs=0.1)
    assert ear.ear.so_far(BEN) is None
    ear.end()
    assert ear.ear.so_far(ADA) is None


def test_a_turn_ends_later_where_that_is_asked_for() -> None:
    ear = an_ear()
    ear.hear(packets_of(LOUD))
    ear.wait_until(1.4)
    ear.ear.wait_longer(ADA, 1.2)
    ear.ear.wait_longer(BEN, 1.2)
    [turn] = ear.end()
    assert ear.ended[0] - turn.ended_at == pytest.approx(1.25, abs=0.1)


def test_members_are_heard_each_by_themselves() -> None:
    ear = an_ear()
    ear.hear(packets_of(LOUD) + packets_of(LOUD, BEN, begin=0.5, ssrc=2))
    assert [turn.user_id for turn in ear.end()] == [ADA, BEN]
    assert seconds(ear) == [pytest.approx(1.4, abs=0.2)] * 2


@pytest.mark.parametrize("lost", [(10,), (10, 11), (10, 20, 21, 30), tuple(range(3, 50, 7)), (0,), (49,)])
def test_a_turn_is_as_long_with_losses_as_without(lost: tuple[int, ...]) -> None:
    ear = an_ear()
    ear.hear(numbered(packets_of([*LOUD, *SILENT]), *lost))
    [turn] = ear.end()
    assert len(turn.pcm) / 32_000 == pytest.approx(1.24, abs=0.06)
    health = ear.ear.health(ADA)
    assert health is not None
    assert health.counters.lost == len(set(lost) - {0})


def test_delays_of_a_tenth_of_a_second_make_no_holes() -> None:
    dice = random.Random(0)
    sent = [replace(each, at=each.at + dice.random() * 0.1) for each in packets_of([*LONG, *SILENT])]
    ear = an_ear()
    ear.hear(sent)
    assert len(ear.end()) == 1
    assert seconds(ear) == [pytest.approx(3.3, abs=0.12)]


def test_a_network_that_holds_everything_up_puts_no_silence_into_a_word() -> None:
    sent = packets_of([*LONG[:100], *SILENT])
    late = [replace(each, at=max(each.at, 1.3)) if each.at > 1 else each for each in sent]
    ear = an_ear()
    ear.hear(late)
    assert len(ear.end()) == 1
    assert seconds(ear) == [pytest.approx(2.3, abs=0.06)]


def test_an_event_loop_that_stands_still_ends_no_turn() -> None:
    ear = an_ear()
    sent = packets_of(LONG)
    ear.hear(sent[:50])
    ear.stand_still(2.0)
    ear.wait_until(3.03)
    ear.hear(replace(each, at=3.04) for each in sent[50:])
    assert len(ear.end()) == 1
    assert seconds(ear) == [pytest.approx(3.3, abs=0.1)]


def test_a_member_with_a_new_ssrc_goes_on_with_the_same_turn() -> None:
    ear = an_ear()
    ear.hear(packets_of(LOUD) + packets_of(LOUD, begin=1.0, first=40_000, ssrc=9))
    assert len(ear.end()) == 1
    assert seconds(ear) == [pytest.approx(2.3, abs=0.1)]


def test_nothing_is_kept_of_a_member_who_takes_back_their_consent_in_the_middle_of_a_word() -> None:
    ear = an_ear()
    ear.hear(packets_of(LOUD))
    ear.unwanted.add(ADA)
    assert ear.end() == []
    assert ear.ear.health(ADA) is None
    assert [user_id for user_id, _ in ear.dismissed] == [ADA]


def test_a_member_who_leaves_is_forgotten() -> None:
    ear = an_ear()
    ear.hear(packets_of(LOUD))
    ear.ear.forget(ADA)
    assert ear.end() == []
    assert ear.ear.health(ADA) is None
    ear.ear.forget(BEN)


def test_a_click_is_no_turn() -> None:
    ear = an_ear()
    ear.hear(packets_of([*LONG[:8], *SILENT]))
    assert ear.end() == []
    health = ear.ear.health(ADA)
    assert health is not None
    assert (len(ear.begun), health.counters.too_short, len(ear.dismissed)) == (1, 1, 1)


def test_what_hardly_sounds_like_speech_is_no_turn() -> None:
    ear = VirtualEar(models(LoudIsVoice(certainty=0.6)))
    ear.hear(packets_of(LOUD))
    assert ear.end() == []
    health = ear.ear.health(ADA)
    assert health is not None
    assert health.counters.doubtful == 1
    assert ear.ear.so_far(ADA) is None
    assert [user_id for user_id, _ in ear.dismissed] == [ADA]


def test_who_speaks_for_an_hour_gets_their_share_and_no_more() -> None:
    ear, minutes, told = an_ear(), 4, False
    frames = LONG[:100]
    for begin in range(0, minutes * 60, 2):
        ear.hear(packets_of(frames, begin=begin, first=begin * 50))
        told |= ear.ear.unheard({}).get(ADA) is HearingTrouble.OVER_BUDGET
    ear.end()
    assert told
    assert sum(seconds(ear)) == pytest.approx(60 + minutes * 30, abs=31)
    assert max(seconds(ear)) <= 30.1
    health = ear.ear.health(ADA)
    assert health is not None
    assert health.counters.over_budget > 1
    assert len(ear.begun) == len(ear.turns) + len(ear.dismissed)
    ear.hear(packets_of(LOUD, BEN, begin=minutes * 60 + 5.0, ssrc=2))
    ear.end()
    assert ear.turns[-1].user_id == BEN, "nobody else notices"


def test_of_who_has_spoken_too_much_nothing_is_told_before_they_end_either() -> None:
    ear = an_ear()
    so_far: list[SpokenTurn | None] = []
    for begin in range(0, 8 * 22, 22):
        ear.hear(packets_of(LONG[:100] * 10, begin=begin, first=begin * 50))
        so_far.append(ear.ear.so_far(ADA))
    ear.end()
    assert len(ear.begun) == 8
    assert len(ear.turns) == len(ear.paused) == 8 - so_far.count(None)
    assert so_far.count(None) in (1, 2, 3)


def test_more_members_than_there_is_room_for_leave_room_to_those_who_speak() -> None:
    ear = an_ear()
    crowd = range(100, 200)
    for user_id in crowd:
        ear.hear(packets_of(LOUD[:5], user_id, ssrc=user_id))
    ear.wait_until(1.0)
    assert len(ear.ear._members) <= 32
    ear.hear(packets_of(LOUD, ADA, begin=2.0))
    assert [turn.user_id for turn in ear.end()] == [ADA]


def test_when_too_many_speak_at_once_the_first_are_heard() -> None:
    ear = an_ear()
    ear.hear([each for user_id in range(100, 140) for each in packets_of(LOUD, user_id, ssrc=user_id)])
    assert sorted(turn.user_id for turn in ear.end()) == list(range(100, 132))
    assert ear.ear.crowded_out > 0


def test_a_hundred_ssrcs_of_one_member_cost_nobody_else_anything() -> None:
    ear = an_ear()
    hostile = [
        SentPacket(0.001 * number, VoicePacket(ADA, number % 100, dice, dice, LOUD[number % 50]))
        for number, dice in enumerate(random.Random(0).choices(range(0x10000), k=2000))
    ]
    ear.hear(hostile + packets_of(LOUD, BEN, ssrc=500))
    assert BEN in [turn.user_id for turn in ear.end()]


def test_who_is_silent_costs_nothing() -> None:
    model = LoudIsVoice()
    ear = VirtualEar(models(model))
    ear.hear(packets_of([*LOUD, *SILENT]))
    ear.end()
    judged = model.judged
    assert not ear.ear._awake
    ear.wait_until(ear.time + 600)
    assert model.judged == judged


def test_health_tells_what_was_heard() -> None:
    ear = an_ear()
    ear.hear(numbered(packets_of([*LOUD, *SILENT]), 20, 21))
    ear.end()
    health = ear.ear.health(ADA)
    assert health is not None
    assert (health.counters.packets, health.counters.decoded) == (53, 53)
    assert (health.counters.lost, health.counters.recovered, health.counters.concealed) == (2, 1, 1)
    assert health.counters.turns == 1
    assert not health.is_speaking
    assert health.trouble is None
    assert health.last_heard == pytest.approx(1.1, abs=0.1)
    assert ear.ear.health(BEN) is None


@pytest.mark.parametrize(
    ("opus", "trouble"), [(None, HearingTrouble.NOT_OPENED), (b"\xff\xff\xff", HearingTrouble.NOT_OPUS)]
)
def test_packets_without_sound_are_noticed_within_two_seconds(opus: bytes | None, trouble: HearingTrouble) -> None:
    ear = an_ear()
    arrived = {ADA: 0}
    noticed: list[tuple[float, HearingTrouble]] = []
    ear.ear.unheard(arrived)
    for each in packets_of([b""] * 150):
        ear.wait_until(each.at)
        ear.ear.hear(each.packet._replace(opus=opus))
        arrived[ADA] += 1
        if arrived[ADA] % 25 == 0:
            noticed += [(ear.time, why) for why in ear.ear.unheard(arrived).values()]
    assert noticed[0][1] is trouble
    assert noticed[0][0] <= 2
    ear.hear(packets_of(LOUD, begin=3.0, first=500))
    arrived[ADA] += 50
    assert ear.ear.unheard(arrived) == {}
    health = ear.ear.health(ADA)
    assert health is not None
    assert health.trouble is None


def test_packets_that_never_reach_the_ear_are_noticed_too() -> None:
    ear = an_ear()
    for number in range(6):
        ear.wait_until(number * 0.5)
        unheard = ear.ear.unheard({ADA: number * 25})
    assert unheard == {ADA: HearingTrouble.NOT_OPENED}


hostile_packets = st.builds(
    VoicePacket,
    st.integers(1, 3),
    st.integers(0, 3),
    st.integers(0, 0xFFFF),
    st.integers(0, 2**32 - 1),
    st.one_of(st.none(), st.binary(max_size=80), st.sampled_from(LOUD), st.just(SILENCE)),
)


@given(st.lists(st.tuples(st.floats(0, 0.5), hostile_packets), max_size=60))
def test_any_packets_in_any_order_raise_nothing_and_give_turns_of_bounded_length(
    steps: list[tuple[float, VoicePacket]],
) -> None:
    ear = an_ear()
    for wait, packet in steps:
        ear.wait_until(ear.time + wait)
        ear.ear.hear(packet)
    ear.end()
    assert all(len(turn.pcm) <= 32_000 * 30 + 1024 for turn in ear.turns)
    assert len(ear.begun) == len(ear.turns) + len(ear.dismissed)
    assert not ear.ear._awake


@settings(max_examples=30)
@given(st.integers(0, 1000), st.floats(0, 0.3))
def test_loss_duplicates_and_disorder_leave_one_turn_of_about_its_length(seed: int, rate: float) -> None:
    dice = random.Random(seed)
    sent = [
        replace(each, at=each.at + dice.random() * 0.06)
        for each in packets_of([*LONG[:100], *SILENT])
        for _ in range(1 + (dice.random() < 0.2))
        if dice.random() >= rate
    ]
    ear = an_ear()
    ear.hear(sent)
    assert len(ear.end()) == 1
    assert sum(seconds(ear)) == pytest.approx(2.3, abs=0.35)


def test_who_was_silent_for_half_an_hour_is_heard_from_the_first_word_to_the_last() -> None:
    """The timestamps of Discord's clients go on meanwhile, their numbers stand still."""
    ear, half_an_hour = an_ear(), 1800.0
    ear.hear(packets_of([*LOUD, *SILENT]))
    ear.end()
    ear.wait_until(half_an_hour)
    ear.hear(packets_of([*LOUD, *SILENT], begin=half_an_hour, first=len(LOUD) + len(SILENT)))
    ear.end()
    first, second = ear.turns
    assert second.voiced_seconds == first.voiced_seconds
    assert len(second.pcm) / 32_000 == pytest.approx(len(first.pcm) / 32_000, abs=0.3)  # it has a lead, too
    assert second.ended_at - half_an_hour == pytest.approx(first.ended_at, abs=0.04)
