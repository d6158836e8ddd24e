"""Checks that the language model answers."""

import time
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Final

from assistant.config.settings import Settings
from assistant.doctor.finding import Finding, failed, ok
from assistant.domain.errors import (
    ModelAnswerFiltered,
    ModelAnswerInvalid,
    ModelAnswerTooLong,
    ModelContextExceeded,
    ModelError,
    ModelFailed,
    ModelNoCredit,
    ModelRateLimited,
    ModelRefused,
    ModelSaidNothing,
    ModelTimeout,
    ModelUnreachable,
)
from assistant.llm.chat_message import ChatMessage
from assistant.llm.endpoint_address import address_hints, what_is_left_out
from assistant.llm.factory import language_model
from assistant.llm.model_list import closest
from assistant.util.plurals import counted

_MOST_NAMES: Final = 10
"""Models that are named; some services have hundreds."""


async def model_finding(settings: Settings) -> Finding:
    """Ask one short question. Only the beginning of the answer is read, and paid for."""
    name = "language model"
    begun = time.monotonic()
    async with language_model(settings, tries=1) as model:
        try:
            async with aclosing(model.reply([ChatMessage("user", "Say hello.", "Owner")])) as pieces:
                async for piece in pieces:
                    if isinstance(piece, str) and piece.strip():
                        break
        except ModelError as error:
            detail = f"{settings.ai_model} at {error.endpoint}: {type(error).__name__}, {error.detail}"
            offered = await model.offered_models() if isinstance(error, ModelFailed | ModelRefused) else []
            advice = [_model_missing(settings.ai_model, offered) or model_advice(error)]
            return failed(name, detail, ". ".join([*advice, *address_hints(settings.ai_base_url)]))
    answered = f"{settings.ai_model} started to answer after {time.monotonic() - begun:.1f} s"
    return ok(name, answered, ". ".join(what_is_left_out(settings.ai_base_url)))


def _model_missing(asked: str, offered: Sequence[str]) -> str:
    """What the endpoint offers, where the model that it was asked for is not among that; "" where it is, or may be."""
    if not offered or asked in offered or any(each.removeprefix("models/") == asked for each in offered):
        return ""
    named = closest(asked, offered, _MOST_NAMES)
    more = len(offered) - len(named)
    others = f" and {counted(more, 'other')}" if more else ""
    return f"Check AI_MODEL: {asked} is not among the models there, which are {', '.join(named)}{others}"


_MODEL_ADVICE: Final[Mapping[type[ModelError], str]] = {
    ModelUnreachable: "Check AI_BASE_URL, and that the model's server is running",
    ModelTimeout: "Check that the model's server is fast enough; a slow one needs a longer AI_READ_TIMEOUT",
    ModelRefused: "Check AI_API_KEY",
    ModelRateLimited: "Wait, and check the limits and credit of the account that AI_API_KEY belongs to",
    ModelFailed: "Check AI_MODEL and AI_BASE_URL; if they are right, the service itself has a problem",
    ModelNoCredit: "Add credit to the account that AI_API_KEY belongs to, or raise its spending limit",
    ModelContextExceeded: "Give the model a larger context, or shorten AI_SYSTEM_PROMPT",
    ModelSaidNothing: "Raise AI_MAX_TOKENS, or choose an AI_MODEL that thinks less",
    ModelAnswerFiltered: "Choose another AI_MODEL or service: a content filter stopped the answer to a greeting",
    ModelAnswerTooLong: "Raise AI_MAX_TOKENS and AI_MAX_CHARACTERS",
    ModelAnswerInvalid: "Check AI_BASE_URL: what answers there doesn't speak OpenAI's chat completions API",
}


def model_advice(error: ModelError) -> str:
    """What the owner can do about a model that gave no answer."""
    return _MODEL_ADVICE.get(type(error), "Check AI_BASE_URL, AI_MODEL and AI_API_KEY")
