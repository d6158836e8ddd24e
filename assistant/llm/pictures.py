"""Pictures beside a question, for endpoints whose model sees them."""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from assistant.domain.errors import ModelError, ModelFailed
from assistant.llm.chat_message import ChatMessage
from assistant.llm.error_mapping import TRANSIENT_CLIENT_ERRORS

_logger = logging.getLogger(__name__)

_ABOUT_PICTURES: Final = re.compile(r"image|vision|visual|multi-?modal|mmproj|picture", re.IGNORECASE)
"""What refusals of pictures speak of: "image_url is only supported by certain models" (OpenAI), "No endpoints found
that support image input" (OpenRouter), "not a multimodal model" (vLLM), "provide the mmproj" (llama.cpp, as a 500)."""
_ABOUT_ONE: Final = re.compile(
    r"decod|corrupt|invalid image|too (?:large|big)|format|dimension|size|animat", re.IGNORECASE
)
"""What they speak of where only this picture is refused."""
_CLIENT_ERRORS: Final = range(400, 500)


class PictureSupport:
    """What is known of one endpoint: it gets pictures until it refuses them."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._are_refused = False

    def of(self, messages: Sequence[ChatMessage]) -> Sequence[str]:
        """The pictures to send with these messages: those of the question, which is the last of them."""
        return messages[-1].pictures if messages and not self._are_refused else ()

    def learn(self, error: ModelError) -> bool:
        """A request with pictures failed; whether to ask again without them."""
        if not isinstance(error, ModelFailed):
            return False
        is_about_pictures = _ABOUT_PICTURES.search(error.detail) is not None
        if is_about_pictures and not _ABOUT_ONE.search(error.detail):
            self._are_refused = True
            _logger.warning("The model takes no pictures, so it is only told that there are some: %s", error)
        is_refusal = error.status in _CLIENT_ERRORS and error.status not in TRANSIENT_CLIENT_ERRORS
        return is_about_pictures or is_refusal


def with_pictures(body: Mapping[str, Any], pictures: Sequence[str]) -> Mapping[str, Any]:
    """The request with pictures, as data URLs, in its last message.

    As data, since local servers load nothing (https://github.com/ollama/ollama/blob/main/docs/openai.md), and Discord's
    addresses expire. The form is https://platform.openai.com/docs/guides/images-vision.
    """
    if not pictures:
        return body
    *before, last = body["messages"]
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in pictures]
    return {**body, "messages": [*before, {**last, "content": [{"type": "text", "text": last["content"]}, *parts]}]}
