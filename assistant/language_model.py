"""The language model that the owner chose."""

from assistant.chat import ChatModel
from assistant.settings import Settings


def language_model(settings: Settings, tries: int = 3) -> ChatModel:
    """Asked up to `tries` times for a reply; to be opened as a context manager."""
    return ChatModel(
        base_url=settings.ai_base_url,
        api_key=settings.ai_api_key,
        model=settings.ai_model,
        connect_timeout=settings.ai_connect_timeout,
        read_timeout=settings.ai_read_timeout,
        tries=tries,
    )
