"""Reads a path through menus, such as Settings > Audio > Input, with pauses."""

import re
from typing import Final

_STEP: Final = re.compile(
    r" (?P<sign>>>?|›|»|▸|▶|►|❯|⟩|/|\|) |(?<=[^\W\d_]{2})>(?=[^\W\d_]{2})|(?<=[」』”\]])\s?>\s?(?=[「『“\[])"
)
_BEFORE: Final = re.compile(r"[^\s<>/|]{1,40}\Z")
_BEHIND: Final = re.compile(r"[^\s<>/|]{1,40}")
_NAME: Final = re.compile(r"(?:\A|\s)[^\W\d_a-zß-öø-ÿ][^\W\d_]+(?: [^\s.,;:!?]{1,20}){0,2}\Z")
_MARKS: Final = "\"'“”„‘’()[],.;:!?…*_「」『』"
_CONTEXT: Final = 40


def menu_paths_paused(text: str, pause: str) -> str:
    """`text` with a pause in place of each sign between the steps of a path.

    A path has several steps, or names at both sides of the sign: dogs > cats and x > y are comparisons.
    """
    steps = list(_STEP.finditer(text)) if any(sign in text for sign in ">›»▸▶►❯⟩/|") else []
    if not steps:
        return text
    parts: list[str] = []
    begin = 0
    for found in steps:
        if _is_step(text, found, is_chain=len(steps) > 1):
            parts += [text[begin : found.start()], pause]
            begin = found.end()
    return "".join([*parts, text[begin:]])


def _is_step(text: str, found: re.Match[str], *, is_chain: bool) -> bool:
    before = _BEFORE.search(text[max(0, found.start() - _CONTEXT) : found.start()].rstrip())
    behind = _BEHIND.match(text[found.end() : found.end() + _CONTEXT].lstrip())
    if not before or not behind:
        return False
    words = before[0].strip(_MARKS), behind[0].strip(_MARKS)
    sign = found["sign"] or ">"
    is_last_step = is_chain and sign != "/" and words[1][:1].isdigit() and _STEP.search(text, 0, found.start())
    if is_last_step and words[0].isalpha() and len(words[0]) > 1:
        return True  # Settings > Audio > 5.1 Surround
    if not all(len(word) > 1 and any(map(str.isalpha, word)) for word in words) and not _are_wide(words):
        return False
    if sign == "»" and "«" in text:
        return False
    name = _NAME.search(text[max(0, found.start() - _CONTEXT) : found.start()])  # Cài đặt > Âm thanh
    if found["sign"] is None and text[found.start() - 1] in "」』”]":
        return True
    are_names = not words[1][0].islower() and (name is not None or not words[0][0].islower())
    return are_names or (is_chain and sign in ">>›»▸▶►❯⟩") or sign in "›▸▶►❯⟩/|"


def _are_wide(words: tuple[str, ...]) -> bool:
    """Whether both are in a script where one character is a word."""
    return all(word and "\u3040" <= word[0] <= "\ud7af" for word in words)
