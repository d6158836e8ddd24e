"""Who is compared."""

from enum import StrEnum
from pathlib import Path
from typing import Final

_BOTS: Final = Path(__file__).with_name("bots")
_BOT_UNDER_TEST: Final = Path(__file__).parents[1] / "subjects" / "bot_under_test.py"


class Contender(StrEnum):
    """A voice assistant, or what people make one of."""

    ASSISTANT = "assistant"
    """This project's bot."""
    USUAL_PIPELINE = "usual"
    """The usual pipeline; see `bench/subjects/reference_bot.py`."""
    DISCORD_JS = "discord.js"
    """A bot of discord.js and @discordjs/voice."""
    PIPECAT = "pipecat"
    """A pipeline of pipecat, which has no transport to Discord."""
    LIVEKIT = "livekit"
    """A session of livekit-agents, which has none either."""

    @property
    def program(self) -> Path:
        """What is run."""
        match self:
            case Contender.ASSISTANT | Contender.USUAL_PIPELINE:
                return _BOT_UNDER_TEST
            case Contender.DISCORD_JS:
                return _BOTS / "discord_js_bot.cjs"
            case _:
                return _BOTS / f"{self.value}_bot.py"

    @property
    def is_ours(self) -> bool:
        """Whether it runs in the project's own environment."""
        return self in (Contender.ASSISTANT, Contender.USUAL_PIPELINE)

    @property
    def speaks_on_discord(self) -> bool:
        """Whether it makes calls on Discord; the others are heard at their own output."""
        return self not in (Contender.PIPECAT, Contender.LIVEKIT)

    @property
    def most_calls(self) -> int:
        """How many calls two cores can carry for it."""
        return 20 if self is Contender.USUAL_PIPELINE else 1000 if self.speaks_on_discord else 1
