"""What a packet costs, at several times what it takes on a quiet machine."""

import pytest

from bench.wire.packet_costs import hostile_cost, receive_cost, rubbish_cost, send_cost
from tests.support.dave_libraries import LIBRARIES, library
from voicewire.ciphers import CIPHERS

pytestmark = pytest.mark.alone


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("mode", CIPHERS)
def test_a_packet_costs_microseconds(name: str, mode: str) -> None:
    assert send_cost(mode, library(name)) < 60
    opened, dropped = (receive_cost(mode, library(name), wants=wants) for wants in (True, False))
    assert opened < 100
    assert dropped < opened
    assert rubbish_cost(mode, library(name)) < 150


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("mode", CIPHERS)
def test_hostile_packets_raise_nothing_and_cost_little(name: str, mode: str) -> None:
    cost, count = hostile_cost(mode, library(name), 20_000)
    assert count == 20_000
    assert cost < 20
