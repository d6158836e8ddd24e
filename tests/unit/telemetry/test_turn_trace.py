from assistant.telemetry.turn_trace import RecentTraces, TurnTrace


def trace(first_frame: float | None, first_token: float | None = 10.3) -> TurnTrace:
    return TurnTrace(received=10.0, begun=10.0, first_token=first_token, first_frame=first_frame)


def test_a_trace_tells_each_step_in_milliseconds_since_the_message() -> None:
    assert str(trace(11.0)) == "begun 0 ms, first token 300 ms, first frame 1000 ms"


def test_each_step_is_counted_from_the_one_that_was_taken_before_it() -> None:
    durations = trace(11.0).durations
    assert {step: round(seconds, 3) for step, seconds in durations.items()} == {
        "begun": 0.0,
        "first_token": 0.3,
        "first_frame": 0.7,
    }
    assert trace(11.0, first_token=None).durations == {"begun": 0.0, "first_frame": 1.0}


def test_traces_are_summed_up() -> None:
    traces = RecentTraces()
    for hundredths in range(1, 101):
        traces.add(trace(10 + hundredths / 100))
    summary = traces.summary()
    assert summary is not None
    assert (summary.count, round(summary.first_audio_p50, 2), round(summary.first_audio_p95, 2)) == (100, 0.5, 0.95)
    assert [*summary.steps] == ["begun", "first_token", "first_frame"]


def test_a_turn_that_was_not_heard_is_not_counted() -> None:
    traces = RecentTraces()
    traces.add(trace(None))
    assert traces.summary() is None
