"""Every attack, in the order of the table."""

from collections.abc import Sequence
from typing import Final

from bench.hostile.attack import Attack, nothing
from bench.hostile.attacks_of_members import MEMBER_ATTACKS
from bench.hostile.attacks_of_speech import SPEECH_ATTACKS
from bench.hostile.attacks_of_surroundings import SURROUNDING_ATTACKS
from bench.hostile.attacks_of_texts import TEXT_ATTACKS
from bench.hostile.attacks_of_the_database import DATABASE_ATTACKS
from bench.hostile.attacks_of_the_model import MODEL_ATTACKS

ATTACKS: Final[Sequence[Attack]] = (
    Attack(name="no attack", sent="nothing", act=nothing, is_quick=True),
    *SPEECH_ATTACKS,
    *MODEL_ATTACKS,
    *TEXT_ATTACKS,
    *MEMBER_ATTACKS,
    *DATABASE_ATTACKS,
    *SURROUNDING_ATTACKS,
)
"""The first is what all others are compared with: what a busy machine adds to each of them."""
