"""What Discord says: whether it accepts the token, what it grants, how many starts are left, and what time it is."""

import asyncio
from typing import Final

from assistant.config.settings import Settings
from assistant.discord_io.login_advice import NO_INTENT, STARTED_OFTEN, discord_advice, discord_trouble
from assistant.discord_io.rest_client import DiscordRefused, RestClient, SessionStarts
from assistant.doctor.finding import Finding, right, unknown, wrong
from assistant.util.durations import duration

_MESSAGE_CONTENT: Final = 1 << 18 | 1 << 19
"""The application's flags, of which one is set: granted by review, or to a bot in fewer than 100 servers."""
_FEW_STARTS: Final = 100
_CLOCK_SECONDS: Final = 30.0
"""Where certificates and times in headers are still taken for right."""

_TOKEN: Final = "Discord, token"
_INTENT: Final = "intents"
_STARTS: Final = "starts left"
_CLOCK: Final = "clock"


async def discord_findings(settings: Settings) -> list[Finding]:
    """Ask three questions; the second and third only when the first went well, since refused ones count."""
    async with RestClient(settings) as api:
        try:
            me = await api.get("/users/@me")
        except DiscordRefused as refusal:
            token = _refused(refusal)
            intent, starts = (unknown(name, "is told once Discord accepts the token") for name in (_INTENT, _STARTS))
        else:
            token = right(_TOKEN, f"{settings.discord_api_url} knows me as {me.get('username')}")
            intent, starts = await asyncio.gather(_intent(api), _starts(api))
        return [token, intent, starts, clock_finding(api.clock_error)]


def clock_finding(ahead: float | None) -> Finding:
    """What it means that our clock is so many seconds ahead of Discord's."""
    if ahead is None:
        return unknown(_CLOCK, "is compared with Discord's once that can be reached")
    detail = f"{duration(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} Discord's"
    if abs(ahead) > _CLOCK_SECONDS:
        advice = "Have the clock set (NTP): by it certificates are judged, and how long Discord wants to be left alone"
        return wrong(_CLOCK, detail, advice)
    return right(_CLOCK, detail if abs(ahead) >= 1 else "as Discord's, to a second")


async def _intent(api: RestClient) -> Finding:
    try:
        flags = (await api.get("/applications/@me")).get("flags")
    except DiscordRefused as refusal:
        return unknown(_INTENT, discord_trouble(refusal), discord_advice(refusal))
    if not isinstance(flags, int):
        return unknown(_INTENT, "Discord does not say which are granted")
    if not flags & _MESSAGE_CONTENT:
        return wrong(_INTENT, "the Message Content Intent is not granted", NO_INTENT)
    return right(_INTENT, "the Message Content Intent is granted, the others need no grant")


async def _starts(api: RestClient) -> Finding:
    try:
        starts = await SessionStarts.fetch(api)
    except DiscordRefused as refusal:
        wait = "" if refusal.retry_after is None else f"; to be asked again in {duration(refusal.retry_after)}"
        return unknown(_STARTS, f"{discord_trouble(refusal)}{wait}", "I can start without this answer")
    if starts is None:
        return unknown(_STARTS, "Discord does not say how many")
    until = duration(starts.reset_seconds)
    detail = f"{starts.remaining} of {starts.total}; all {starts.total} again in {until}"
    if not starts.remaining:
        advice = f"I start in {until}, since at one start more Discord withdraws the token. {STARTED_OFTEN}"
        return wrong(_STARTS, detail, advice)
    return right(_STARTS, detail, STARTED_OFTEN if starts.remaining < _FEW_STARTS else "")


def _refused(refusal: DiscordRefused) -> Finding:
    wait = "" if refusal.retry_after is None else f"; to be asked again in {duration(refusal.retry_after)}"
    return wrong(_TOKEN, f"{discord_trouble(refusal)}{wait}", discord_advice(refusal))
