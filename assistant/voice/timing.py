"""How long a voice connection waits, and for what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceTiming:
    """All in seconds, but for the counts. The defaults are what ships; tests are in more of a hurry."""

    join_timeout: float = 60.0
    """One try to join."""
    join_tries: int = 3
    """How many of those there are."""
    join_pause: float = 2.0
    """Between two of them."""
    recovery_timeout: float = 2.5
    """The first try to recover; it doubles with each. A server that is there answers within one second."""
    longest_timeout: float = 10.0
    """The most that it grows to."""
    recovery_pause: float = 0.25
    """After the first such try; it doubles with each, and is shortened at random by up to a half."""
    longest_pause: float = 15.0
    """The most that it grows to."""
    mute_after: float = 20.0
    """Speech waits for a lost connection that long; then the conversation goes on in text until it is back."""
    give_up_after: float = 300.0
    """A lost connection is tried again for that long; then the call ends."""
    rate_limit: float = 10.0
    """The voice server is left alone for that long after a 4021. Discord gives no figure; speech waits meanwhile."""
    encryption: float = 5.0
    """The end-to-end encryption may take that long while somebody listens; some 10 ms are usual."""
    heartbeat: float = 15.0
    """The voice server may leave heartbeats without an answer for that long; py-cord sends one each 5 s."""
    probe: float = 5.0
    """The way to the voice server over UDP is probed this often."""
    probes: int = 3
    """That many unanswered probes in a row mean that nothing arrives; only where one was ever answered."""
    watch: float = 0.5
    """The connection is looked at this often, although most losses report themselves."""
