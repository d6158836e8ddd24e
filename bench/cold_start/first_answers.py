"""What the first answer of a fresh process may meet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sandbox.standins.faults import Hang, Slow, SpeechFault

_LONG: Final = (
    "The ships of the old harbour come home at dusk when the gulls fly back to the cold grey cliffs. "
    "The men of the town tie the ropes and fold the sails and feed the gulls on the wet wooden deck. "
    "By the time the moon is up all of the town is calm and only a few gulls are still wide awake. "
    "On the next day the ships leave the harbour again and the gulls follow them far out to the sea."
)
"""No piece is shorter than five seconds, so that even a slow service never lets it run dry."""
_LANGUAGES: Final = (
    "On 25 November 2026 at 14:05 the ships brought 12 kg of fish, which is about $5 for each of us. "
    "Am 3. Mai um 14:05 Uhr fuhren 120 Schiffe ungefähr 35 km weit und brachten uns für 5 € viel Fisch. "
    "Le 3 mai à 14:05, 120 bateaux ont fait environ 35 km et nous ont rapporté du poisson pour 5 €. "
    "El 3 de mayo a las 14:05 unos 120 barcos recorrieron 35 km y nos trajeron pescado por solo 5 €. "
    "Третьего мая 120 кораблей прошли 35 км и привезли нам много рыбы всего за 5 € в старый порт."
)
_WARM_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One course of events. Its process is new, and so is its database."""

    name: str
    """What it is called in the table."""
    answer: str = _LONG
    """What the model says."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Environment variables beside the usual ones."""
    first_speech: SpeechFault | None = None
    """How Google's first answer goes wrong."""
    later_speech: SpeechFault | None = None
    """How all of Google's answers after it go wrong; None: not at all."""
    pause: float = _WARM_SECONDS
    """Seconds from the moment in which the bot is ready to /voice_chat."""
    is_taken_up: bool = False
    """Whether the call was begun by an earlier process, which was killed while somebody waited for an answer."""

    @property
    def loads_a_voice(self) -> bool:
        """Whether an offline voice is loaded, perhaps while something else is heard."""
        return self.variables.get("TTS_ENGINE") == "offline" or isinstance(self.later_speech, Hang)


_AUTO: Final = {"TTS_ENGINE": "auto", "TTS_TIMEOUT": "2"}

SCENARIOS: Final = (
    Scenario(name="Google answers at once"),
    Scenario(name="the same, called in the moment in which the bot is ready", pause=0.0),
    Scenario(name="Google takes 1.8 s for each piece", variables=_AUTO, later_speech=Slow(1.8)),
    Scenario(name="Google hangs from the start", variables=_AUTO, first_speech=Hang(), later_speech=Hang()),
    Scenario(name="Google hangs from the second piece on", variables=_AUTO, later_speech=Hang()),
    Scenario(name="an offline voice speaks first", variables={"TTS_ENGINE": "offline"}),
    Scenario(
        name="the same, called in the moment in which the bot is ready", variables={"TTS_ENGINE": "offline"}, pause=0.0
    ),
    Scenario(name="five languages, with numbers", answer=_LANGUAGES),
    Scenario(name="the same, when Google hangs", answer=_LANGUAGES, variables=_AUTO, later_speech=Hang()),
    Scenario(name="a call is taken up from a process that was killed", is_taken_up=True),
)
"""In the order of the table."""
