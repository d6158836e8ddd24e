import pytest

from voicewire.handshake import Ready, read_hello, read_ready
from voicewire.messages import MalformedMessage

READY = {"ssrc": 42, "ip": "203.0.113.7", "port": 5, "modes": []}


def test_a_heartbeat_interval_is_given_in_seconds() -> None:
    assert read_hello({"v": 8, "heartbeat_interval": 41250}) == 41.25


@pytest.mark.parametrize("interval", [None, "soon", True, 0, -1, float("nan"), float("inf"), 1e9, []])
def test_what_is_no_interval_is_refused(interval: object) -> None:
    with pytest.raises(MalformedMessage):
        read_hello({"heartbeat_interval": interval})


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::7"])
def test_an_address_is_of_either_family(address: str) -> None:
    assert read_ready(READY | {"ip": address}) == Ready(42, address, 5, [])


@pytest.mark.parametrize(
    "address", ["voice.example", "", "\0", "1.2.3.4\0", "ü.example", "1.2.3", None, 7, True, [], {}]
)
def test_what_is_no_address_is_refused(address: object) -> None:
    """A name would be looked up, which blocks the event loop."""
    with pytest.raises(MalformedMessage):
        read_ready(READY | {"ip": address})


@pytest.mark.parametrize("field", READY)
def test_without_one_of_its_fields_it_is_refused(field: str) -> None:
    with pytest.raises(MalformedMessage):
        read_ready({name: value for name, value in READY.items() if name != field})
