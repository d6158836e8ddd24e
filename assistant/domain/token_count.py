"""About how many tokens a text takes, without knowing the model."""

import re
from typing import Final

_SCRIPTS: Final[tuple[tuple[re.Pattern[str], float], ...]] = (
    # About as the tokenizers of OpenAI, Qwen and Llama cut them, rather more than fewer.
    (re.compile(r"[\x00-\x7f]"), 1 / 4),
    (re.compile(r"[\u0080-\u08ff\u1e00-\u1fff]"), 1 / 2),  # accented, Cyrillic, Greek, Hebrew, Arabic
    (re.compile(r"[\u0900-\u1cff\ua800-\uabff]"), 1.0),  # the scripts of India, Thai, Georgian, Khmer and others
    (re.compile(r"[\u2000-\ua7ff\uac00-\uffff\u1d00-\u1dff]"), 1.0),  # Chinese, Japanese, Korean, symbols
    (re.compile(r"[\U00010000-\U0010ffff]"), 2.0),  # emoji, rare characters
)


def estimated_tokens(text: str) -> int:
    """About how many tokens a text takes: one for four letters of English, one for each of Chinese."""
    if text.isascii():
        return -(-len(text) // 4)
    count = sum(len(pattern.findall(text)) * weight for pattern, weight in _SCRIPTS)
    return -int(-count // 1)
