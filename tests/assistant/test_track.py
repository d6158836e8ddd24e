from assistant.track import Track


def test_the_cursor_passes_every_frame_once_and_in_order() -> None:
    track = Track()
    for number in range(3):
        track.append(bytes([number]))
    track.finish()
    heard = []
    while (frame := track.current) is not None:
        heard.append(frame)
        track.advance()
    assert heard == [b"\0", b"\1", b"\2"]
    assert track.is_over


def test_a_track_that_has_run_dry_is_not_over_before_it_is_finished() -> None:
    track = Track()
    track.append(b"a")
    track.advance()
    assert track.current is None
    assert not track.is_over
    track.finish()
    assert track.is_over


def test_waiting_counts_what_is_made_and_not_yet_sent() -> None:
    track = Track()
    track.append(b"a")
    track.append(b"b")
    assert track.waiting == 2
    track.advance()
    assert track.waiting == 1


def test_a_track_without_a_frame_is_over_once_it_is_finished() -> None:
    track = Track()
    track.finish()
    assert track.is_over
