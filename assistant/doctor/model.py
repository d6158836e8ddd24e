"""Whether the language model answers."""

import time
from collections.abc import Mapping
from contextlib import aclosing
from typing import Final

from assistant.config.settings import Settings
from assistant.doctor.finding import Finding, right, wrong
from assistant.domain.errors import (
    ModelAnswerInvalid,
    ModelError,
    ModelFailed,
    ModelRateLimited,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)
from assistant.llm.chat_message import ChatMessage
from assistant.llm.factory import language_model


async def model_finding(settings: Settings) -> Finding:
    """Ask it once for something short; no more than the beginning of its answer is paid for."""
    name = "language model"
    begun = time.monotonic()
    try:
        async with (
            language_model(settings, tries=1) as model,
            aclosing(model.reply([ChatMessage("user", "Say hello.", "Owner")])) as pieces,
        ):
            async for piece in pieces:
                if piece.strip():
                    break
    except ModelError as error:
        what = f"{settings.ai_model} at {error.endpoint}: {type(error).__name__}, {error.detail}"
        return wrong(name, what, model_advice(error))
    return right(name, f"{settings.ai_model} begins to answer after {time.monotonic() - begun:.1f} s")


_MODEL_ADVICE: Final[Mapping[type[ModelError], str]] = {
    ModelUnreachable: "Check AI_BASE_URL, and that the model's server is running",
    ModelTimeout: "Check that the model's server is up to it; a slow one needs a longer AI_READ_TIMEOUT",
    ModelRefused: "Check AI_API_KEY",
    ModelRateLimited: "Wait, and look at the limits and the credit of the account that AI_API_KEY belongs to",
    ModelFailed: "Check AI_MODEL and AI_BASE_URL; where they are right, the service has trouble of its own",
    ModelAnswerInvalid: "Check AI_BASE_URL: what answers there does not speak OpenAI's chat completions",
}


def model_advice(error: ModelError) -> str:
    """What to do about a model that gave no answer."""
    return _MODEL_ADVICE.get(type(error), "Check AI_BASE_URL, AI_MODEL and AI_API_KEY")
