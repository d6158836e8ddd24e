"""What became of one member's packets and turns."""

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class HearingCounters:
    """Counted since the member was first heard in this call."""

    packets: int = 0
    """All that came."""
    decoded: int = 0
    """Packets that gave sound."""
    unopened: int = 0
    """Packets that no key opened."""
    undecodable: int = 0
    """Packets that are no Opus."""
    late: int = 0
    """Packets that came after their place was filled, or again."""
    lost: int = 0
    """Packets that never came in time."""
    recovered: int = 0
    """Lost packets whose sound was sought in the packet after them."""
    concealed: int = 0
    """Lost or undecodable packets whose sound was made up."""
    restarts: int = 0
    """New streams: another SSRC, or numbers that jumped."""
    turns: int = 0
    """Turns that were handed over."""
    too_short: int = 0
    """Turns with too little voice in them to be speech; dropped."""
    doubtful: int = 0
    """Turns that hardly sound like speech, such as laughter; dropped."""
    over_budget: int = 0
    """Turns of a member who had spoken too much in the last minutes; dropped."""
    too_soft_seconds: float = 0.0
    """Voice that was taken for somebody else's in the member's room."""
