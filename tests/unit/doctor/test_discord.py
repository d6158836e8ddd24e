"""What Discord says in a check."""

from dataclasses import replace

import pytest

from assistant.config.settings import Settings
from assistant.doctor.discord import clock_finding, discord_findings
from assistant.doctor.finding import Finding, Verdict
from sandbox import Sandbox
from sandbox.state.intents import Intent

NOBODY = "http://127.0.0.1:9/api/v10"


async def found(settings: Settings) -> dict[str, Finding]:
    return {each.name: each for each in await discord_findings(settings)}


async def test_an_accepted_token_with_its_intent_and_its_starts_is_ok(settings: Settings) -> None:
    findings = await found(settings)
    assert {each.verdict for each in findings.values()} == {Verdict.OK}
    assert "valid for molly" in findings["Discord token"].detail
    assert "1000 of 1000" in findings["session starts"].detail
    assert not findings["session starts"].advice


async def test_a_refused_token_fails_and_nothing_more_is_asked_with_it(settings: Settings, discord: Sandbox) -> None:
    discord.faults.fail_route("GET", "/applications/@me", status=500)
    findings = await found(replace(settings, discord_token="not.the.token"))
    assert findings["Discord token"].verdict is Verdict.FAILED
    assert "Copy it again" in findings["Discord token"].advice
    assert findings["intents"].verdict is findings["session starts"].verdict is Verdict.UNKNOWN
    assert findings["clock"].verdict is Verdict.OK, "a refusal tells the time, too"
    assert "500" in (await found(settings))["intents"].detail, "the failure was still to come"


async def test_a_discord_that_cannot_be_reached_fails_and_tells_no_time(settings: Settings) -> None:
    findings = await found(replace(settings, discord_api_url=NOBODY))
    assert findings["Discord token"].verdict is Verdict.FAILED
    assert "can't be reached" in findings["Discord token"].detail
    assert findings["clock"].verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("discord", [{"privileged_intents": Intent.GUILD_MEMBERS}], indirect=True)
async def test_an_intent_that_is_not_granted_fails(settings: Settings) -> None:
    finding = (await found(settings))["intents"]
    assert finding.verdict is Verdict.FAILED
    assert "Turn on the Message Content Intent" in finding.advice
    assert "MESSAGE_CONTENT=off" in finding.advice
    without = (await found(replace(settings, message_content=False)))["intents"]
    assert (without.verdict, without.advice) == (Verdict.OK, "")


@pytest.mark.parametrize(
    ("discord", "verdict", "advice"),
    [
        ({"session_starts": 0}, Verdict.FAILED, "The bot waits 24 h"),
        ({"session_starts": 20}, Verdict.OK, "keeps restarting"),
        ({"session_starts": 100}, Verdict.OK, ""),
    ],
    indirect=["discord"],
)
async def test_few_starts_are_told_and_none_fails(settings: Settings, verdict: Verdict, advice: str) -> None:
    finding = (await found(settings))["session starts"]
    assert finding.verdict is verdict
    assert advice in finding.advice
    assert bool(advice) == bool(finding.advice)


async def test_a_limit_on_asking_for_starts_is_no_fault_for_they_can_be_made_without(
    settings: Settings, discord: Sandbox
) -> None:
    discord.faults.fail_route("GET", "/gateway/bot", retry_after=82_740.0)
    finding = (await found(settings))["session starts"]
    assert finding.verdict is Verdict.UNKNOWN
    assert "22 h 59 min" in finding.detail


async def test_an_answer_that_says_nothing_of_starts_is_unknown(settings: Settings, discord: Sandbox) -> None:
    discord.faults.fail_route("GET", "/gateway/bot", status=200, body={"url": "wss://x"})
    assert (await found(settings))["session starts"].verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("ahead", "verdict", "words"),
    [
        (None, Verdict.UNKNOWN, "until Discord can be reached"),
        (0.4, Verdict.OK, "within a second"),
        (-29.0, Verdict.OK, "29 s behind"),
        (31.0, Verdict.FAILED, "31 s ahead of"),
        (-7200.0, Verdict.FAILED, "2 h behind"),
    ],
)
def test_a_clock_fails_beyond_half_a_minute(ahead: float | None, verdict: Verdict, words: str) -> None:
    finding = clock_finding(ahead)
    assert finding.verdict is verdict
    assert words in finding.detail


async def test_the_clock_is_compared_with_the_answers(settings: Settings, discord: Sandbox) -> None:
    discord.faults.set_clock(-600.0)
    finding = (await found(settings))["clock"]
    assert finding.verdict is Verdict.FAILED
    assert "10 min ahead" in finding.detail
