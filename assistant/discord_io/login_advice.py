"""What is said to the owner about a service that does not do its part, and what the owner can do about it."""

from collections.abc import Mapping
from typing import Final

from assistant.discord_io.rest_client import DiscordRefused
from assistant.domain.errors import (
    ModelAnswerInvalid,
    ModelError,
    ModelFailed,
    ModelRateLimited,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
    SpeechError,
    SpeechRefused,
    SpeechTimeout,
    SpeechUnreachable,
)

BAD_TOKEN: Final = "Discord does not know DISCORD_TOKEN; copy it again from the developer portal, page Bot"
NO_INTENT: Final = "Switch on the Message Content Intent in the developer portal, page Bot; I cannot read without it"
STARTED_OFTEN: Final = "Something starts me over and over; look into the log for what ends me"

_MODEL_ADVICE: Final[Mapping[type[ModelError], str]] = {
    ModelUnreachable: "Check AI_BASE_URL, and that the model's server is running",
    ModelTimeout: "Check that the model's server is up to it; a slow one needs a longer AI_READ_TIMEOUT",
    ModelRefused: "Check AI_API_KEY",
    ModelRateLimited: "Wait, and look at the limits and the credit of the account that AI_API_KEY belongs to",
    ModelFailed: "Check AI_MODEL and AI_BASE_URL; where they are right, the service has trouble of its own",
    ModelAnswerInvalid: "Check AI_BASE_URL: what answers there does not speak OpenAI's chat completions",
}


def discord_trouble(refusal: DiscordRefused) -> str:
    """What happened, as the beginning of a line."""
    if refusal.status is None:
        return f"Discord cannot be reached ({refusal.detail})"
    return f"Discord answers {refusal.status}" + (f" ({refusal.detail})" if refusal.detail else "")


def discord_advice(refusal: DiscordRefused) -> str:
    """What to do about it."""
    match refusal.status:
        case None:
            return "Check this machine's way to the internet, its name lookups, and DISCORD_API_URL"
        case 401:
            return BAD_TOKEN
        case 429:
            return (
                "Too many requests came from this address, perhaps from others who share it: wait, don't start me "
                "anew; where it lasts, move to a host, or a region of it, with another address"
            )
        case 403:
            return "This address is blocked: move to a host, or a region of it, with another one"
        case status if status >= 500:
            return "Discord has trouble of its own: wait, and see https://discordstatus.com"
        case _:
            return "Check DISCORD_API_URL, and what stands between this machine and Discord: it answers in their place"


def model_advice(error: ModelError) -> str:
    """What to do about a model that gave no answer."""
    return _MODEL_ADVICE.get(type(error), "Check AI_BASE_URL, AI_MODEL and AI_API_KEY")


def speech_advice(error: SpeechError) -> str:
    """What to do about an engine that did not speak."""
    match error:
        case SpeechRefused(status=401 | 403, engine="hosted"):
            return "Check TTS_API_KEY"
        case SpeechRefused(status=429):
            return "It wants fewer requests: wait, or name another engine first in TTS_ENGINE"
        case SpeechRefused(engine="hosted"):
            return "Check TTS_BASE_URL, TTS_MODEL and TTS_VOICES"
        case SpeechTimeout():
            return "Name a quicker engine first in TTS_ENGINE; a slow service needs a longer TTS_TIMEOUT"
        case SpeechUnreachable():
            return "Check the way to its service; the next engine of TTS_ENGINE speaks in its place"
        case _:
            return "Leave it out of TTS_ENGINE, or name another engine first"
