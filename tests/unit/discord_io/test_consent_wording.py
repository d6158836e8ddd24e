"""What people read about who is heard."""

import math

import pytest

from assistant.discord_io import consent_wording as wording
from assistant.domain.consent import Consent
from assistant.domain.heard_by import HeardBy

HERE = HeardBy(is_local=True)


def agreed(guild_id: int = 5, changed_at: float = 1_700_000_000.5, *, is_given: bool = True) -> Consent:
    return Consent(guild_id=guild_id, user_id=7, is_given=is_given, changed_at=changed_at)


@pytest.mark.parametrize(
    ("people", "line"),
    [
        ([], "I hear nobody yet."),
        (["Ada"], "I hear Ada."),
        (["Ada", "", "[x](y)"], "I hear Ada, Somebody, and \\[x\\]\\(y\\)."),
        (["@everyone", "Ada\n-# Ben"], "I hear \\@everyone and Ada\\-\\# Ben."),
        (["Ada"] * 5, "I hear Ada, Ada, Ada, Ada, and Ada."),
        (["Ada"] * 6, "I hear 6 people."),
        (["Ada"] * 99, "I hear 99 people."),
    ],
)
def test_the_panel_names_a_few_and_counts_many_on_one_line(people: list[str], line: str) -> None:
    shown = wording.heard("Molly", HERE, people, is_asked=True)
    assert line in shown
    assert "**Talk to Molly**" in shown
    assert len(shown.splitlines()) == 1
    assert "Talk to" not in wording.heard("Molly", HERE, people, is_asked=False)


@pytest.mark.parametrize(
    ("heard_by", "where"),
    [
        (HERE, "recognized on this machine."),
        (HeardBy(hosts=("api.openai.com",)), "recognized by api.openai.com."),
        (HeardBy(is_local=True, hosts=("a.example", "b.example")), "on this machine, by a.example, or by b.example."),
    ],
)
def test_the_panel_says_which_service_gets_what_is_said(heard_by: HeardBy, where: str) -> None:
    assert where in wording.heard("Molly", heard_by, ["Ada"], is_asked=True)
    assert where[:-1] in wording.now_heard("Molly", heard_by)


def test_where_only_english_is_understood_that_is_said_before_anybody_speaks() -> None:
    english = HeardBy(is_local=True, is_english_only=True)
    assert "English is recognized on this machine." in wording.heard("Molly", english, ["Ada"], is_asked=True)
    assert "I understand spoken English only." in wording.now_heard("Molly", english)
    assert "English" not in wording.heard("Molly", HERE, ["Ada"], is_asked=True) + wording.now_heard("Molly", HERE)


def test_a_member_reads_where_they_are_heard_since_when_and_how_to_take_it_back() -> None:
    elsewhere = [(agreed(6), "Café_x"), (agreed(8), ""), (agreed(9, is_given=False), "Attic")]
    shown = wording.decisions("ask", agreed(), elsewhere, "Molly")
    assert "I hear you in calls on this server, since <t:1700000000:D>." in shown
    assert "- Café\\_x, since <t:1700000000:D>" in shown
    assert "- another server, since" in shown
    assert "Attic" not in shown
    assert "`take_back`" in shown
    assert "since just now" in wording.decisions("ask", agreed(changed_at=math.inf), [], "Molly")


@pytest.mark.parametrize("here", [None, agreed(is_given=False)])
def test_who_has_agreed_to_nothing_reads_how_to_and_nothing_else(here: Consent | None) -> None:
    shown = wording.decisions("ask", here, [], "Molly")
    assert shown == "I don't hear you on this server. To talk to me, press **Talk to Molly** in a call."


def test_what_the_owner_decided_is_said_before_what_a_member_did() -> None:
    assert wording.decisions("off", None, [], "Molly") == wording.NOBODY_HEARD
    kept = wording.decisions("off", agreed(), [], "Molly")
    assert kept.startswith(wording.NOBODY_HEARD)
    assert "`take_back`" in kept
    assert wording.decisions("everyone", None, [], "Molly") == wording.ALL_HEARD
    assert "I hear everyone" in wording.taken_back(everywhere=True, listening="everyone")
    assert wording.taken_back(everywhere=True, listening="ask") == "I don't hear you any more, on any server."


def test_the_longest_name_fits_on_the_button() -> None:
    assert len(wording.talk("x" * 32)) <= 80  # https://discord.com/developers/docs/components/reference#button


def test_who_spoke_too_much_reads_that_it_passes_and_not_that_something_is_mended() -> None:
    line = wording.spoke_too_long(["Ada", "Ben"])
    assert line.startswith("🙉 Ada and Ben spoke more")
    assert "mend" not in line
