"""The language model that the owner chose."""

from assistant.config.settings import Settings
from assistant.llm.chat_client import ChatClient
from assistant.telemetry.metrics import Metrics
from assistant.util.env_reader import is_openai


def language_model(settings: Settings, metrics: Metrics | None = None, tries: int = 3) -> ChatClient:
    """Asked up to `tries` times for a reply, which `metrics` count; to be opened as a context manager."""
    at_openai = is_openai(settings.ai_base_url)
    return ChatClient(
        base_url=settings.ai_base_url,
        api_key=settings.ai_api_key,
        model=settings.ai_model,
        connect_timeout=settings.ai_connect_timeout,
        read_timeout=settings.ai_read_timeout,
        total_timeout=settings.ai_total_timeout,
        max_tokens=settings.ai_max_tokens,
        max_characters=settings.ai_max_characters,
        # Others may refuse a request with a field that they don't know, or count tokens without being asked.
        asks_for_usage=at_openai,
        is_openai=at_openai,
        # The default model would think first, for seconds in which people wait.
        reasoning_effort="none" if at_openai and settings.ai_model == Settings.ai_model else None,
        metrics=metrics,
        tries=tries,
    )
