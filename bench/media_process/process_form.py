"""Which forms are compared."""

from enum import StrEnum


class ProcessForm(StrEnum):
    """What runs where, as the variable BENCHED_FORM names it to the bot's process."""

    ONE = "one process"
    """All of it in the bot's process: encoders in two threads, the frame clock in another."""
    ONE_ENCODER = "one process, one encoder"
    """The same with one thread that encodes."""
    SPEECH = "speech process"
    """Decoding, loudness and Opus in a process of their own; the wire in the bot's."""
    MEDIA = "media process"
    """The wire and the frame clock in a process of their own; it gets Opus over a Unix socket."""
