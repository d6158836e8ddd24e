from hypothesis import given
from hypothesis import strategies as st

from voicewire.packet_order import PacketOrder


def test_a_gap_is_lost_until_it_is_filled() -> None:
    order = PacketOrder()
    assert [order.is_new(number) for number in (1, 2, 5)] == [True, True, True]
    assert order.lost == 2
    assert order.is_new(3)
    assert order.lost == 1


def test_what_came_before_is_not_new() -> None:
    order = PacketOrder()
    assert [order.is_new(number) for number in (7, 7, 8, 7, 8)] == [True, False, True, False, False]
    assert order.lost == 0


def test_numbers_wrap() -> None:
    order = PacketOrder()
    assert all(order.is_new(number & 0xFFFF) for number in range(65_500, 65_600))
    assert order.lost == 0


def test_a_jump_is_a_new_beginning_and_no_loss() -> None:
    order = PacketOrder()
    order.is_new(10)
    assert order.is_new(30_000)
    assert order.is_new(29_999)
    assert not order.is_new(30_000)
    assert order.lost == 0


def test_the_first_packets_may_be_out_of_order() -> None:
    order = PacketOrder()
    assert [order.is_new(number) for number in (3, 1, 2, 2, 4)] == [True, True, True, False, True]
    assert order.lost == 0


@given(st.lists(st.integers(0, 0xFFFF), max_size=300))
def test_it_does_not_grow(numbers: list[int]) -> None:
    order = PacketOrder()
    for number in numbers:
        order.is_new(number)
    assert len(order._missing) <= 400
    assert len(order._seen) <= 200
    assert order.lost >= 0


@given(st.permutations(list(range(40))))
def test_in_any_order_all_come_once(numbers: list[int]) -> None:
    order = PacketOrder()
    order.is_new(0)
    new = [number for number in numbers[:] if number and order.is_new(number)]
    assert sorted(new) == list(range(1, 40))
    assert order.lost == 0
