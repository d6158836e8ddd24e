"""What the benchmarks of speed say: answers of one shape, each with its own words, and a voice for them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

CHARACTERS_A_SECOND: Final = 15.0
"""How fast the voice speaks: about as fast as Google's English voice."""
_RATE: Final = 24_000
_HERTZ: Final = 220.0
_TOWNS: Final = ("Leeds", "Paris", "Turin", "Delhi", "Osaka", "Lagos", "Quito", "Tunis", "Accra", "Miami")
_FLOCKS: Final = ("gulls", "crows", "ducks", "swans", "storks", "larks", "geese", "owls", "terns", "robins")
_NAMES: Final = ("Ann", "Ben", "Eve", "Ian", "Joe", "Kim", "Leo", "Max", "Sam", "Tom")
_ANSWER: Final = (
    "In the old harbour of {town}, the ships come home at dusk when the {flock} fly back in. "
    "The men of {town} tie the ropes, fold the sails and feed the {flock} on the deck. "
    "By the time the moon is up, all of {town} is calm and only a few {flock} are still wide awake."
)


def answer(number: int) -> str:
    """Three sentences of about 60 tokens and 250 characters; the first clause has 28 characters.

    Ten answers in a row have no sentence in common.
    """
    round_, kind = divmod(number, 10)
    return _ANSWER.format(town=_TOWNS[kind], flock=_FLOCKS[(kind + round_) % 10])


def short_opening(number: int) -> str:
    """The same after a first sentence of three tokens."""
    return f"Yes {_NAMES[number % 10]} does. {answer(number)}"


def even_voice(text: str, _: str) -> tuple[NDArray[np.float32], int]:
    """A tone as long as the text takes to say, without a silent frame: its samples, and their rate per second."""
    time = np.arange(round(len(text) / CHARACTERS_A_SECOND * _RATE)) / _RATE
    return (0.3 * np.sin(2 * np.pi * _HERTZ * time)).astype(np.float32), _RATE
