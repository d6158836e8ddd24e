"""Outcomes as a table in Markdown."""

from collections.abc import Sequence
from typing import Final

from bench.faults.verdict import Outcome, State

_HEAD: Final = (
    "fault",
    "bot",
    "the call",
    "silence, s",
    "of it the server's",
    "next answer, s",
    "frames lost",
    "doubled",
    "end-to-end encrypted",
    "turns lost",
    "the channel was told",
)
LEGEND: Final = """\
Each row is a call of its own. A member types a message whose answer is 7 s of speech; the fault comes 2 s into it, with
a second message, and 2 s later a third. ✓: the call went on and all three were answered in writing and aloud, or it
ended, as it had to, and the channel was told. Silence is the longest pause inside an answer, as the frames arrived at
the voice server's socket, less the 20 ms of a frame; the stand-in for Discord answers at once except where a wait was
ordered ("of it the server's"). "Next answer" is from the second message to its first sound: some 5 s without a fault,
for the first answer is spoken to its end. Frames are of the first answer, which has 342 of them that count. Turns are
messages that were accepted, and neither answered nor declined."""
"""What the columns mean."""


def table(outcomes: Sequence[Outcome]) -> str:
    """One row for each outcome."""
    rows = [_HEAD, tuple("---" for _ in _HEAD), *map(_row, outcomes)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def summary(outcomes: Sequence[Outcome]) -> str:
    """How often each bot did as it should."""
    bots = dict.fromkeys(outcome.bot for outcome in outcomes)
    return "\n".join(_summary_of(bot, [outcome for outcome in outcomes if outcome.bot == bot]) for bot in bots)


def _summary_of(bot: str, outcomes: Sequence[Outcome]) -> str:
    to_go_on = [outcome for outcome in outcomes if not outcome.should_end]
    came_back = [each.silence - each.server_seconds for each in to_go_on if each.silence is not None]
    longest = f"{max(came_back):.1f} s" if came_back else "–"
    return (
        f"- {bot}: {sum(outcome.as_it_should for outcome in outcomes)} of {len(outcomes)} as they should be, "
        f"turns lost {sum(outcome.turns_lost for outcome in outcomes)}. "
        f"In the {len(to_go_on)} calls that had to go on: the voice did not come back in "
        f"{len(to_go_on) - len(came_back)}, else after {longest} at most, the server's own time apart; "
        f"frames lost {sum(outcome.lost for outcome in to_go_on)}, doubled {sum(each.doubled for each in to_go_on)}."
    )


def _row(outcome: Outcome) -> tuple[str, ...]:
    return (
        outcome.fault,
        outcome.bot,
        f"{'✓' if outcome.as_it_should else '✗'} {outcome.state.value}",
        _silence(outcome),
        f"{outcome.server_seconds:.1f}" if outcome.server_seconds else "",
        "–" if outcome.next_answer is None else f"{outcome.next_answer:.1f}",
        "" if outcome.state in (State.ENDED, State.LEFT) else str(outcome.lost),
        str(outcome.doubled),
        _encrypted(outcome),
        f"{outcome.turns_lost} ({outcome.turns_in_writing} in writing)"
        if outcome.turns_in_writing
        else str(outcome.turns_lost),
        " → ".join(_short(text) for text in outcome.told).replace("|", "\\|"),
    )


def _silence(outcome: Outcome) -> str:
    if outcome.state is State.ENDED:
        return "–"
    if outcome.silence is None:
        return "for good" if outcome.state is State.LEFT else f"> {outcome.wait_seconds:.0f}"
    return f"{outcome.silence:.2f}"


def _encrypted(outcome: Outcome) -> str:
    frames = outcome.heard + outcome.sent_in_clear
    return "all" if outcome.end_to_end == frames else f"{outcome.end_to_end} of {frames}"


def _short(text: str) -> str:
    """The panel's text without what is the same each time."""
    if "has lost the connection" in text:
        return "“has lost the connection … and is coming back”"
    if "can't be heard" in text:
        return "“can't be heard … I'll answer in text”"
    if "** is in " in text:
        return "“is in …”"
    return f"“{text.rpartition('has ended: ')[2]}”"
