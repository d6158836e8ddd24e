"""The ear on real voices, and on sounds that are none."""

import pytest

from assistant.hearing.models import HearingModels
from bench.hearing.decoded_frames import FORMS, CallForm, decoded_figure
from bench.hearing.ear_costs import ear_costs
from bench.hearing.false_turns import false_turns
from bench.hearing.hostile_packets import hostile_figures
from bench.hearing.sounds import sound_of
from bench.hearing.turn_trial import cut_recordings
from bench.hearing.word_trial import Heard, Said, error_rate, word_figures
from tests.support.recorded_speech import recording

PEOPLE = ("en-libri-1447-130550-0000", "en-libri-19-198-0000", "en-libri-237-134500-0005", "en-cv-22058264")


@pytest.fixture(scope="module")
def models() -> HearingModels:
    return HearingModels.load()


def test_people_are_heard_from_their_first_sound_to_their_last(models: HearingModels) -> None:
    for cut in cut_recordings([recording(name) for name in PEOPLE], models):
        assert (cut.turns, cut.stray_turns) == (1, 0), cut
        assert cut.first_lost < 0, cut
        assert cut.last_lost < 0, cut
        assert 0.6 < cut.longest_wait < 0.8, cut


def test_people_are_heard_where_others_talk_on_behind_them(models: HearingModels) -> None:
    """But for who has said one word so far: how loud they speak is not known yet."""
    cuts = cut_recordings([recording(name) for name in PEOPLE[:3]], models, babble_decibels=15)
    assert [cut.turns for cut in cuts] == [1, 1, 1]
    assert all(cut.longest_wait < 1.5 for cut in cuts), cuts


def test_keys_and_laughter_are_no_turns(models: HearingModels) -> None:
    sounds = [recording("noise-typing"), recording("noise-laugh-evil")]
    assert [(each.name, len(each.turns)) for each in false_turns(sounds, models, 0.4)] == [
        ("hiss", 0),
        ("typing", 0),
        ("laugh-evil", 0),
    ]


@pytest.mark.alone
def test_a_member_who_speaks_costs_a_few_hundredths_of_a_core(models: HearingModels) -> None:
    costs = dict(ear_costs(sound_of(recording("en-libri-254-12312-0000")), models))
    assert 0 < costs["the whole ear, nothing sent"] < 1
    assert costs["the whole ear, a quiet room"] < costs["the whole ear, speech"] < 40


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
async def test_every_frame_that_is_sent_is_decoded(form: CallForm, models: HearingModels) -> None:
    figure = await decoded_figure(form, models, 1.0)
    assert figure.holds, figure


def test_what_a_hostile_member_sends_changes_nothing_for_another(models: HearingModels) -> None:
    figures = list(hostile_figures(models, seconds=1.0, shouting=20.0))
    assert len(figures) == 7
    assert all(figure.holds for figure in figures), figures


def heard(text: str, *, clean: str = "is it late now") -> Heard:
    return Heard(Said("Is it late now?", sound_of(recording(PEOPLE[0])), "ada"), clean, text)


def test_word_errors_count_what_the_call_adds() -> None:
    assert error_rate([heard("").said], ["Is it now"]) == 0.25
    assert [figure.holds for figure in word_figures("ada", [heard("Is it late now?")])] == [True, True]
    assert [figure.holds for figure in word_figures("ada", [heard("it late now")])] == [False, False]
    assert heard("it late now").is_first_word_lost
    assert heard("is it late").is_last_word_lost


def test_a_word_that_the_recording_does_not_give_either_is_not_lost_in_the_call() -> None:
    unclear = heard("it late now", clean="it late now")
    assert not unclear.is_first_word_lost
    assert word_figures("ada", [unclear])[0].holds
