"""The answers of /healthz (should the process be restarted?) and /readyz (can it take calls?).

A restart silences all calls for some seconds, so /healthz asks for one only when nothing else can help. While Discord,
a speech service or a voice server is down, the bot recovers by itself; restarting it over and over would use up its
session starts (1,000 a day).
"""

from datetime import UTC, datetime
from typing import Final, TypedDict

from assistant.telemetry.call_health import CallHealth
from assistant.telemetry.loop_watchdog import BLOCKED_SECONDS
from assistant.telemetry.sources import TelemetrySources

_MOST_BLOCKS: Final = 5
"""How often in a minute the event loop may be blocked for longer than BLOCKED_SECONDS.

A single block, however long, is over by the time we answer, and calls survive it. A loop that blocks again and again
misses voice heartbeats, and only a restart helps. (A loop that is blocked for good does not answer at all, which the
caller sees as a failed check too.)
"""
_LONGEST_STOPPING: Final = 120.0
"""How many seconds the process may live after py-cord has given up on the gateway. It should exit by itself, after at
most 20 s for leaving its calls to the next process. Later than this, something hangs."""


class LagJson(TypedDict):
    """The event loop's lag in the last minute, in milliseconds."""

    p99: float
    """99% of timers were late by at most this."""
    max: float
    """The latest timer was late by this."""


class GatewayJson(TypedDict):
    """The main gateway."""

    connected: bool
    """Whether there is a session now."""
    latency_ms: float | None
    """Milliseconds from a heartbeat to its answer; None when unknown."""


class CallJson(TypedDict):
    """One call."""

    guild: str
    """The guild's id; a string, as in Discord's JSON, since it is too large for some languages' numbers."""
    state: str
    """The state of its voice connection."""
    is_mute: bool
    """Whether it continues in text only."""
    live_seconds: float | None
    """Seconds since it went live; None while it is joining."""
    waiting: int
    """The number of messages waiting for their turn."""
    listened_to: int
    """How many members in the voice channel may be heard."""
    unheard: int
    """How many speak and are not heard."""


class HealthJson(TypedDict):
    """The body of /healthz."""

    problems: list[str]
    """Why the process should be restarted; empty when it should not."""
    loop_lag_ms: LagJson
    """The event loop's lag."""
    gateway: GatewayJson
    """The state of the main gateway."""
    calls: list[CallJson]
    """The state of each call."""


def restart_reasons(sources: TelemetrySources) -> list[str]:
    """Why the process should be restarted; empty when it should not."""
    reasons = []
    if sources.lag.blocks_over(BLOCKED_SECONDS) > _MOST_BLOCKS:
        reasons.append("the event loop keeps blocking for seconds")
    if sources.gateway.given_up_seconds > _LONGEST_STOPPING:
        reasons.append("py-cord gave up on the gateway, but the process does not exit")
    return reasons


def unready_reasons(sources: TelemetrySources) -> list[str]:
    """Why the bot can't take calls; empty when it can.

    A gateway connection that is lost later does not count: the bot keeps reconnecting, and no other process could take
    its calls.
    """
    reasons = {
        "the gateway is not ready": not sources.gateway.is_ready,
        "the commands are not registered with Discord": not sources.gateway.commands_registered,
        "the bot is stopping": sources.is_stopping(),
    }
    return [reason for reason, applies in reasons.items() if applies]


def health_of(sources: TelemetrySources) -> HealthJson:
    """The state of everything. It holds no secrets, and does not say who is in a call or what is said."""
    lag, latency = sources.lag.snapshot(), sources.gateway.latency
    return HealthJson(
        problems=restart_reasons(sources),
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
        listened_to=len(call.hearing),
        unheard=len(call.unheard),
    )


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
