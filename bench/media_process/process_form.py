"""Which forms are compared."""

from enum import StrEnum


class ProcessForm(StrEnum):
    """What runs where, as the variable BENCHED_FORM names it to the bot's process."""

    PACER = "pacer"
    """As the bot does it: encoders in two threads, encryption in another, and a process that sends what is ready."""
    ONE_ENCODER = "pacer, one encoder"
    """The same with one thread that encodes."""
    SPEECH = "pacer, speech process"
    """Decoding, loudness and Opus in a process of their own, too."""
