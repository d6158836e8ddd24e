"""The sandbox's members by one library or the other."""

from sandbox.voice import DaveClient
from sandbox.voice.voice_member import MakeMember


def member(name: str) -> MakeMember:
    """Members by a library."""
    if name == "davey":
        return DaveClient
    from sandbox.voice.libdave_client import LibdaveClient  # noqa: PLC0415 - only where its library is

    return LibdaveClient
