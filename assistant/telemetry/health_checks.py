"""Whether the process should be restarted, and whether it is ready: the answers of /healthz and /readyz.

A restart takes all calls from their voice for some seconds. So it is asked for only where it helps, and where nothing
in here will: not while Discord, a speech service or a voice server is away, for then the bot recovers by itself as soon
as they are back, and a bot that is restarted over and over meanwhile uses up its logins (1,000 a day).
"""

from datetime import UTC, datetime
from typing import Final, TypedDict

from assistant.telemetry.call_health import CallHealth
from assistant.telemetry.loop_watchdog import BLOCKED_SECONDS
from assistant.telemetry.sources import TelemetrySources

_MOST_BLOCKS: Final = 5
"""How often within a minute the event loop may be held for longer than BLOCKED_SECONDS.

One block, however long, is over when we are asked: calls outlive it. A loop that is held again and again answers no
voice heartbeat in time, and nothing in here stops whoever does that. (A loop that is held for good does not answer at
all, which whoever asks takes for the same.)
"""
_LONGEST_STOPPING: Final = 120.0
"""Seconds that the process may go on after py-cord has given up the gateway. It ends at once, by itself, and takes 20 s
to leave its calls to the next one: after so long something hangs, and the bot is deaf for ever."""


class LagJson(TypedDict):
    """How late the event loop was within the last minute, in milliseconds."""

    p99: float
    """99 of 100 timers were late by no more."""
    max: float
    """None was later."""


class GatewayJson(TypedDict):
    """The main gateway."""

    connected: bool
    """Whether there is a connection now."""
    latency_ms: float | None
    """From a heartbeat to its answer; None when that is not known."""


class CallJson(TypedDict):
    """One call."""

    guild: str
    """Its guild's id; a string, as in Discord's own JSON, for it is too large for other languages' numbers."""
    state: str
    """Where its connection stands."""
    is_mute: bool
    """Whether it goes on in text."""
    live_seconds: float | None
    """Since when it is live; None while it is joining."""
    waiting: int
    """How many messages wait for their turn."""


class HealthJson(TypedDict):
    """The body of /healthz."""

    trouble: list[str]
    """Why the process should be restarted; empty while it should not."""
    loop_lag_ms: LagJson
    """How late the event loop was."""
    gateway: GatewayJson
    """How the main gateway is."""
    calls: list[CallJson]
    """How each call is."""


def trouble_of(sources: TelemetrySources) -> list[str]:
    """Why the process should be restarted; empty while it should not."""
    trouble = []
    if sources.lag.blocks_over(BLOCKED_SECONDS) > _MOST_BLOCKS:
        trouble.append("the event loop is held for long, again and again")
    if sources.gateway.given_up_seconds > _LONGEST_STOPPING:
        trouble.append("the gateway was given up, and the process does not end")
    return trouble


def unreadiness_of(sources: TelemetrySources) -> list[str]:
    """What stands in the way of taking calls; empty when nothing does.

    A gateway that is lost later is no such thing: it is tried again all the time, and nobody else could take the calls.
    """
    obstacles = {
        "the gateway is not ready": not sources.gateway.is_ready,
        "Discord does not know the commands": not sources.gateway.knows_commands,
        "the bot is stopping": sources.is_stopping(),
    }
    return [obstacle for obstacle, stands in obstacles.items() if stands]


def health_of(sources: TelemetrySources) -> HealthJson:
    """How everything is; nothing in it is secret, or tells who is in a call or what is said."""
    lag, latency = sources.lag.snapshot(), sources.gateway.latency
    return HealthJson(
        trouble=trouble_of(sources),
        loop_lag_ms=LagJson(p99=_milliseconds(lag.p99), max=_milliseconds(lag.max)),
        gateway=GatewayJson(
            connected=sources.gateway.is_connected,
            latency_ms=None if latency is None else _milliseconds(latency),
        ),
        calls=[_call(guild_id, call) for guild_id, call in sources.calls().items()],
    )


def _call(guild_id: int, call: CallHealth) -> CallJson:
    since = call.live_since
    return CallJson(
        guild=str(guild_id),
        state=call.state.value,
        is_mute=call.is_mute,
        live_seconds=None if since is None else round((datetime.now(UTC) - since).total_seconds(), 1),
        waiting=call.waiting,
    )


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
