"""Verdicts as a table in Markdown."""

from collections.abc import Sequence
from typing import Final

from bench.common.markdown_table import markdown_table
from bench.faults.verdict import CallResult, Verdict
from bench.subjects.benched_bot import BenchedBot

_HEAD: Final = (
    "fault",
    "bot",
    "what became of the call",
    "silence, s",
    "the server's own, s",
    "next answer, s",
    "frames lost",
    "frames doubled",
    "end-to-end encrypted",
    "turns lost",
    "notices in the channel",
)
LEGEND: Final = """\
Each row is a call of its own. A member types a message whose answer is 7 s of speech. Two seconds into it the fault
comes, together with a second message; a third message follows 2 s later. ✓ means that the call went on and all three
were answered in writing and aloud, or that the call had to end and the bot said so. Silence is the longest pause inside
an answer, measured at the voice server's socket, less the 20 ms of a frame. The stand-in for Discord answers at once
unless the fault orders a wait ("the server's own"). "Next answer" is the time from the second message to the first
sound of its answer: about 5 s without a fault, because the first answer is spoken to the end. Frames lost are of the
first answer, of which 342 frames count. Turns lost are messages that were accepted, but neither answered nor
declined."""
"""What the columns mean."""


def fault_table(verdicts: Sequence[Verdict]) -> str:
    """One row for each verdict."""
    return markdown_table(_HEAD, map(_cells, verdicts))


def fault_summary(verdicts: Sequence[Verdict]) -> str:
    """One line for each bot: how often it was right, and what it lost."""
    bots = dict.fromkeys(verdict.bot for verdict in verdicts)
    return "\n".join(_summary_of(bot, [verdict for verdict in verdicts if verdict.bot == bot]) for bot in bots)


def _summary_of(bot: BenchedBot, verdicts: Sequence[Verdict]) -> str:
    to_go_on = [verdict for verdict in verdicts if not verdict.should_end]
    came_back = [each.silence - each.server_seconds for each in to_go_on if each.silence is not None]
    longest = f"{max(came_back):.1f} s" if came_back else "–"
    return (
        f"- {bot.label}: {sum(verdict.is_right for verdict in verdicts)} of {len(verdicts)} right; "
        f"turns lost: {sum(verdict.turns_lost for verdict in verdicts)}. "
        f"Calls that had to go on: {len(to_go_on)}; the voice did not come back in {len(to_go_on) - len(came_back)}, "
        f"otherwise after {longest} at most, without the server's own time; "
        f"frames lost: {sum(verdict.lost for verdict in to_go_on)}, doubled: {sum(each.doubled for each in to_go_on)}."
    )


def _cells(verdict: Verdict) -> tuple[str, ...]:
    return (
        verdict.fault,
        verdict.bot.label,
        f"{'✓' if verdict.is_right else '✗'} {verdict.result.value}",
        _silence(verdict),
        f"{verdict.server_seconds:.1f}" if verdict.server_seconds else "",
        "–" if verdict.next_answer is None else f"{verdict.next_answer:.1f}",
        "" if verdict.result in (CallResult.ENDED, CallResult.LEFT) else str(verdict.lost),
        str(verdict.doubled),
        _encrypted(verdict),
        f"{verdict.turns_lost} ({verdict.turns_in_writing} in writing)"
        if verdict.turns_in_writing
        else str(verdict.turns_lost),
        " → ".join(_short(text) for text in verdict.notices).replace("|", "\\|"),
    )


def _silence(verdict: Verdict) -> str:
    if verdict.result is CallResult.ENDED:
        return "–"
    if verdict.silence is None:
        return "for good" if verdict.result is CallResult.LEFT else f"> {verdict.wait_seconds:.0f}"
    return f"{verdict.silence:.2f}"


def _encrypted(verdict: Verdict) -> str:
    frames = verdict.heard + verdict.sent_in_clear
    return "all" if verdict.end_to_end == frames else f"{verdict.end_to_end} of {frames}"


def _short(text: str) -> str:
    """The text of a notice without what is the same each time."""
    if "has lost the connection" in text:
        return "“has lost the connection … and is coming back”"
    if "can't be heard" in text:
        return "“can't be heard … I'll answer in text”"
    if "** is in " in text:
        return "“is in …”"
    return f"“{text.rpartition('has ended: ')[2]}”"
