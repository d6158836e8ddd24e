"""Whether the language model answers."""

import time
from contextlib import aclosing

from assistant.config.settings import Settings
from assistant.discord_io.login_advice import model_advice
from assistant.doctor.finding import Finding, right, wrong
from assistant.domain.errors import ModelError
from assistant.llm.client import ChatMessage
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
