"""The timeouts and pauses of a voice connection."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceTiming:
    """All values are seconds, except for counts. Tests use shorter ones than these defaults."""

    join_timeout: float = 60.0
    """The timeout of one try to join."""
    join_tries: int = 3
    """The number of tries to join."""
    join_pause: float = 2.0
    """The pause between two tries to join."""
    resume_timeout: float = 1.0
    """How long taking up a voice session may take, where only its websocket broke. After that the call joins anew."""
    recovery_timeout: float = 2.5
    """The timeout of the first try to recover; it doubles with each try. A healthy server answers within one second."""
    longest_timeout: float = 10.0
    """The upper limit of that timeout."""
    recovery_pause: float = 0.25
    """The pause after the first try to recover. It doubles with each try; up to half of it is cut at random."""
    longest_pause: float = 15.0
    """The upper limit of that pause."""
    mute_after: float = 20.0
    """How long speech waits for a lost connection. After that the call continues in text until it is back."""
    give_up_after: float = 300.0
    """How long to try to recover a lost connection. After that the call ends."""
    rate_limit: float = 10.0
    """The pause after close code 4021 (rate limited). Discord documents no length."""
    encryption: float = 5.0
    """How long setting up end-to-end encryption may take while somebody listens; about 10 ms is usual."""
    heartbeat: float = 15.0
    """How long heartbeats may stay unanswered; one is sent every 5 s."""
    probe: float = 5.0
    """The pause between two UDP probes to the voice server."""
    probes: int = 3
    """How many probes in a row may stay unanswered, on a connection that has answered one."""
    watch: float = 0.5
    """The pause between two checks of the connection. Most losses are reported at once."""
