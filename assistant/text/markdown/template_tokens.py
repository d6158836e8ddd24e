"""Takes out tokens of chat templates, such as <|im_end|>, that a model has written as text.

The tokens of the templates that come with open models: ChatML, Llama 2 and 3, Mistral, Gemma, DeepSeek, Phi, Alpaca and
Vicuna (https://huggingface.co/docs/transformers/chat_templating). Between backticks they stay: there, somebody explains
them.
"""

import re
from typing import Final

_ROLES: Final = r"(?:system|user|assistant|model|tool|final|analysis|commentary)\b"
_BARRED: Final = r"[|｜](?:/?[\w▁ .-]{1,40})[|｜]"
_ANGLED: Final = (
    r"/?s|/?unk|/?pad|/?(?:[be]os|[BE]OS)|(?:start|end)_of_(?:turn|text|image)|end_of_utterance|/?start_header_id|extra_id_\d{1,3}"
    r"|im_(?:start|end)|endoftext|eot_id|/INST|0x[0-9A-Fa-f]{2}|/?(?:answer|final_answer|final|response|reply|assistant|speak)"
    r"|</?SYS>|sep|cls|eot|eod|BOS_TOKEN|EOS_TOKEN"
)
_SQUARED: Final = (
    r"/?INST|/?SYSTEM_PROMPT|/?AVAILABLE_TOOLS|/?TOOL_RESULTS|TOOL_CALLS|/?SYS|BOS|EOS|PAD|UNK|CLS|SEP"
    r"|end of text|gMASK|sMASK"
)
_OPENING: Final = r"<[|｜](?:im_start|start|start_header_id|channel)[|｜]>|<start_of_turn>"

TOKEN: Final = re.compile(rf"(?:{_OPENING})(?:\s?{_ROLES})?|<(?:{_BARRED}|{_ANGLED})>|\[(?:{_SQUARED})\](?!\()")
"""A token at the start of a text; the name of who speaks behind one that opens a message belongs to it."""

TOKEN_BEGUN: Final = re.compile(
    rf"(?:{_OPENING})\s?[a-z]{{0,10}}\Z"
    rf"|<(?:[|｜](?:[\w▁ ./-]{{0,41}}[|｜]?)?|<(?:/?[SY]{{0,3}}>?)?|0x?[0-9A-Fa-f]{{0,2}})?\Z"
)
"""The beginning of a token that no other construct begins with."""

CUT_TOKEN: Final = re.compile(r"<[|｜][\w▁]{2,40}[|｜]?\Z")
"""A token of which a reply that was cut off has only the beginning."""

_HEADER_WORDS: Final = ("response", "instruction", "assistant", "human", "user", "system")
HEADER: Final = re.compile(rf"(?i:###[ ]?(?:{'|'.join(_HEADER_WORDS)})[ ]?:[ ]*)")
"""What a line begins with in the templates of Alpaca and Vicuna. Without the colon, it is a heading."""

_CODE_OR_TOKEN: Final = re.compile(
    rf"(?P<code>```.*?(?:```|\Z)|`[^`\n]*`)|(?m:^){HEADER.pattern}|{TOKEN.pattern}|{CUT_TOKEN.pattern}", re.DOTALL
)


def begins_header(line: str) -> bool:
    """Whether an unfinished line may become a header, or one may go on."""
    words = line.lower().removeprefix("###").lstrip(" ")
    return (
        line.startswith("###")
        and (any(f"{word} :".startswith(words) or f"{word}:".startswith(words) for word in _HEADER_WORDS))
    ) or HEADER.fullmatch(line) is not None


def without_template_tokens(markdown: str) -> str:
    """A whole reply without its tokens."""
    if "<" not in markdown and "[" not in markdown and "###" not in markdown:
        return markdown
    return _CODE_OR_TOKEN.sub(lambda found: found["code"] or "", markdown).strip()
