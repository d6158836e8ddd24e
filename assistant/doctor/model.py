"""Checks that the language model answers."""

import time
from collections.abc import Mapping
from contextlib import aclosing
from typing import Final

from assistant.config.settings import Settings
from assistant.doctor.finding import Finding, failed, ok
from assistant.domain.errors import (
    ModelAnswerInvalid,
    ModelAnswerTooLong,
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
    """Ask one short question. Only the beginning of the answer is read, and paid for."""
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
        detail = f"{settings.ai_model} at {error.endpoint}: {type(error).__name__}, {error.detail}"
        return failed(name, detail, model_advice(error))
    return ok(name, f"{settings.ai_model} started to answer after {time.monotonic() - begun:.1f} s")


_MODEL_ADVICE: Final[Mapping[type[ModelError], str]] = {
    ModelUnreachable: "Check AI_BASE_URL, and that the model's server is running",
    ModelTimeout: "Check that the model's server is fast enough; a slow one needs a longer AI_READ_TIMEOUT",
    ModelRefused: "Check AI_API_KEY",
    ModelRateLimited: "Wait, and check the limits and credit of the account that AI_API_KEY belongs to",
    ModelFailed: "Check AI_MODEL and AI_BASE_URL; if they are right, the service itself has a problem",
    ModelAnswerTooLong: "Raise AI_MAX_TOKENS and AI_MAX_CHARACTERS",
    ModelAnswerInvalid: "Check AI_BASE_URL: what answers there doesn't speak OpenAI's chat completions API",
}


def model_advice(error: ModelError) -> str:
    """What the owner can do about a model that gave no answer."""
    return _MODEL_ADVICE.get(type(error), "Check AI_BASE_URL, AI_MODEL and AI_API_KEY")
