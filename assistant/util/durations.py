"""A stretch of time, as people say it."""


def duration(seconds: float) -> str:
    """`3 s`, `15 min`, `22 h 59 min`: rounded to what is told, but to one second at least."""
    whole = max(1, round(seconds))
    if whole < 120:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 120:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
