"""Findings as text."""

from assistant.doctor.finding import failed, ok, unknown
from assistant.doctor.report import table

TOKEN = "a-token-nobody-may-see"


def test_columns_stand_below_each_other_and_the_last_line_sums_up() -> None:
    text = table([ok("a", "is there"), failed("longer name", "is not", "Get one"), unknown("b", "perhaps")], [])
    assert text == (
        "check        result   details\n"
        "a            ok       is there\n"
        "longer name  failed   is not\n"
        "                      -> Get one\n"
        "b            unknown  perhaps\n"
        "\n"
        "1 ok, 1 failed, 1 unknown\n"
    )


def test_no_secret_is_shown_wherever_it_stands() -> None:
    assert TOKEN not in table([failed("a", f"refuses {TOKEN}", f"Replace {TOKEN}")], [TOKEN])


def test_what_others_said_is_one_line_without_orders_to_the_terminal() -> None:
    lines = table([ok("a", "one\ntwo\x1b[31mred\r\nthree")], []).splitlines()
    assert len(lines) == 4
    assert "one two?[31mred three" in lines[1]
