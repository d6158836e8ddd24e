from bench.common.conversation import TimedTurn
from bench.common.workload import answer, short_opening
from bench.first_audio.first_audio_row import first_audio_row
from bench.subjects.benched_bot import BenchedBot
from sandbox.standins.google.google_speech import SpeechRequest
from sandbox.standins.language_model.completion_stream import tokens_of
from sandbox.standins.language_model.model_server import ModelRequest
from sandbox.voice import HeardFrame


def frame(arrival: float) -> HeardFrame:
    return HeardFrame(
        arrival=arrival,
        sequence=0,
        timestamp=0,
        ssrc=1,
        opus=b"x",
        end_to_end=True,
        is_silence=False,
        connection=0,
    )


def turn(pieces: list[str], gap_after: int, gap: float) -> TimedTurn:
    """A turn whose model says a token each 25 ms from 0.3 s on, and in whose sound there is one gap."""
    model_request = ModelRequest(
        {}, {}, 0.0, 1, [(0.3 + 0.025 * n, token) for n, token in enumerate(tokens_of(" ".join(pieces)))]
    )
    requests = tuple(SpeechRequest(text, "en", False, "host", 1.0, 1.4) for text in pieces)
    count = sum(len(text) for text in pieces) * 10 // 3
    arrivals = [1.0 + 0.02 * n + (gap - 0.02 if n > gap_after else 0.0) for n in range(count)]
    return TimedTurn(typed=0.0, model_request=model_request, pieces=requests, frames=tuple(map(frame, arrivals)))


def test_the_floor_is_what_the_model_took_to_the_end_of_the_first_piece_and_the_speech_service_for_it() -> None:
    floor = turn(["One two three,", "four."], 0, 0.02).floor
    assert floor is not None
    assert round(floor, 3) == round(0.3 + 3 * 0.025 + 0.4, 3)


def test_a_gap_inside_a_sentence_is_a_hole_and_one_between_two_sentences_is_a_pause() -> None:
    clause, sentence = "In the old harbour of Leeds,", "the ships come home at dusk."
    after_the_first = len(clause) * 10 // 3
    inside = first_audio_row(BenchedBot.ASSISTANT, "any", [turn([clause, sentence], after_the_first, 0.3)])
    assert (inside.holes, inside.longest_pause) == (1, 0.0)
    between = first_audio_row(BenchedBot.ASSISTANT, "any", [turn([sentence, clause], after_the_first, 0.3)])
    assert between.holes == 0
    assert round(between.longest_pause) == 280


def test_ten_answers_share_no_sentence_so_that_none_is_ready_made() -> None:
    for make in (answer, short_opening):
        sentences = [sentence for number in range(10) for sentence in make(number).split(". ")]
        assert len(sentences) == len(set(sentences))
