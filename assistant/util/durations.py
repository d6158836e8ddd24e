"""Formats durations for people."""


def duration(seconds: float) -> str:
    """Format as `3 s`, `15 min` or `22 h 59 min`, rounded, and at least one second."""
    whole = max(1, round(seconds))
    if whole < 120:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 120:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
