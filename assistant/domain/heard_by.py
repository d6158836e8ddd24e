"""Who turns speech into text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardBy:
    """The services that get what is said in a call: at least one."""

    is_local: bool = False
    """Whether one of them runs on this machine."""
    hosts: tuple[str, ...] = ()
    """The host names of the others, such as "api.openai.com"."""
    is_english_only: bool = False
    """Whether none of them understands anything but English."""
