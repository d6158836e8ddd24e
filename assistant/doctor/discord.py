"""Asks Discord whether the token and the intents are right, how many session starts are left, and for the time."""

import asyncio
from typing import Final

from assistant.config.settings import Settings
from assistant.discord_io.login_advice import NO_INTENT, STARTED_OFTEN, advice_for, describe_refusal
from assistant.discord_io.rest_client import DiscordRefused, RestClient, SessionStarts
from assistant.doctor.finding import Finding, failed, ok, unknown
from assistant.util.durations import duration

_MESSAGE_CONTENT: Final = 1 << 18 | 1 << 19
"""The application flags for the Message Content Intent: one by review, one for bots in fewer than 100 servers."""
_FEW_STARTS: Final = 100
"""With fewer session starts left, the owner is warned."""
_CLOCK_SECONDS: Final = 30.0
"""How far the clock may be off: certificates and times in headers still work."""

_TOKEN: Final = "Discord token"
_INTENT: Final = "intents"
_STARTS: Final = "session starts"
_CLOCK: Final = "clock"


async def discord_findings(settings: Settings) -> list[Finding]:
    """Check token, intents, session starts and clock. A refused token ends it early: refused requests are counted."""
    async with RestClient(settings) as api:
        try:
            me = await api.get("/users/@me")
        except DiscordRefused as refusal:
            token = _token_refused(refusal)
            intent, starts = (
                unknown(name, "can't be checked until Discord accepts the token") for name in (_INTENT, _STARTS)
            )
        else:
            token = ok(_TOKEN, f"valid for {me.get('username')} at {settings.discord_api_url}")
            intent, starts = await asyncio.gather(_intent(api, is_needed=settings.message_content), _starts(api))
        return [token, intent, starts, clock_finding(api.clock_error)]


def clock_finding(ahead: float | None) -> Finding:
    """Judge this machine's clock, which is `ahead` seconds ahead of Discord's; None when that is not known."""
    if ahead is None:
        return unknown(_CLOCK, "can't be compared until Discord can be reached")
    detail = f"{duration(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} Discord"
    if abs(ahead) > _CLOCK_SECONDS:
        advice = "Synchronize the clock (NTP): a wrong one breaks certificate checks and rate-limit waits"
        return failed(_CLOCK, detail, advice)
    return ok(_CLOCK, detail if abs(ahead) >= 1 else "within a second of Discord's")


async def _intent(api: RestClient, *, is_needed: bool) -> Finding:
    if not is_needed:
        return ok(
            _INTENT, "MESSAGE_CONTENT=off: no privileged one is needed; what mentions the bot and /ask are answered"
        )
    try:
        flags = (await api.get("/applications/@me")).get("flags")
    except DiscordRefused as refusal:
        return unknown(_INTENT, describe_refusal(refusal), advice_for(refusal))
    if not isinstance(flags, int):
        return unknown(_INTENT, "Discord doesn't say which are enabled")
    if not flags & _MESSAGE_CONTENT:
        return failed(_INTENT, "the Message Content Intent is not enabled", NO_INTENT)
    return ok(_INTENT, "the Message Content Intent is enabled; the others need no approval")


async def _starts(api: RestClient) -> Finding:
    try:
        starts = await SessionStarts.fetch(api)
    except DiscordRefused as refusal:
        wait = "" if refusal.retry_after is None else f"; retry in {duration(refusal.retry_after)}"
        return unknown(_STARTS, f"{describe_refusal(refusal)}{wait}", "The bot can start without this answer")
    if starts is None:
        return unknown(_STARTS, "Discord doesn't say how many are left")
    until = duration(starts.reset_seconds)
    detail = f"{starts.remaining} of {starts.total} left; resets in {until}"
    if not starts.remaining:
        advice = f"The bot waits {until}: Discord resets the token of a bot that starts too often. {STARTED_OFTEN}"
        return failed(_STARTS, detail, advice)
    return ok(_STARTS, detail, STARTED_OFTEN if starts.remaining < _FEW_STARTS else "")


def _token_refused(refusal: DiscordRefused) -> Finding:
    wait = "" if refusal.retry_after is None else f"; retry in {duration(refusal.retry_after)}"
    return failed(_TOKEN, f"{describe_refusal(refusal)}{wait}", advice_for(refusal))
