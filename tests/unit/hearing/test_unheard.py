from assistant.hearing.unheard import UnheardWatch


class Call:
    """A member, of whom packets arrive and are decoded or not."""

    def __init__(self) -> None:
        self.watch = UnheardWatch()
        self.arrived = 0
        self.decoded = 0
        self.time = 0.0

    def go_on(self, seconds: float, *, arrive: int = 25, decode: int = 0) -> list[float]:
        """Look twice a second; returns when the member was unheard. `arrive` and `decode` are for each half second."""
        noticed = []
        for _ in range(round(seconds * 2)):
            self.time += 0.5
            self.arrived += arrive
            self.decoded += decode
            if self.watch.look({1: self.arrived}, {1: self.decoded}, self.time):
                noticed.append(self.time)
        return noticed


def test_who_speaks_and_is_not_decoded_is_noticed_within_two_seconds() -> None:
    call = Call()
    call.go_on(10, arrive=0)
    began = call.time
    noticed = call.go_on(3)
    assert noticed
    assert noticed[0] - began <= 2


def test_who_becomes_unheard_in_the_middle_is_noticed_too() -> None:
    call = Call()
    assert call.go_on(5, decode=25) == []
    began = call.time
    assert call.go_on(3)[0] - began <= 2


def test_who_is_heard_or_silent_is_not() -> None:
    call = Call()
    assert call.go_on(5, decode=1) == []
    assert call.go_on(60, arrive=0) == []


def test_a_few_packets_that_did_not_open_are_no_trouble() -> None:
    call = Call()
    call.go_on(1, arrive=0)
    call.go_on(0.5, arrive=5)
    assert call.go_on(30, arrive=0) == []
    assert call.go_on(4, arrive=1) == []


def test_trouble_is_over_with_the_first_sound_or_with_silence() -> None:
    call = Call()
    assert call.go_on(3)
    assert call.go_on(1, decode=1) == []
    assert call.go_on(3)
    call.go_on(1.5, arrive=0)
    assert call.go_on(5, arrive=0) == []


def test_nobody_is_remembered_who_is_gone() -> None:
    watch = UnheardWatch()
    for user_id in range(1000):
        watch.look({user_id: 1}, {}, float(user_id))
    assert len(watch._watched) == 1
