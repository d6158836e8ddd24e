"""Reads inline Markdown: code, links, pictures, tags and bare addresses."""

import html
import re
from collections.abc import Sequence
from html.entities import html5
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.text.markdown.addresses import ADDRESS, address_at, domain_of
from assistant.text.markdown.citations import LABEL, citation_at, unlinked_citation_at
from assistant.text.markdown.placeholders import SPOILER
from assistant.text.markdown.template_tokens import CUT_TOKEN, TOKEN, TOKEN_BEGUN

PARSER: Final = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")
"""It keeps escaped characters as separate tokens, so that they are not mistaken for markup."""

LONGEST: Final = 1000
"""The longest construct, in characters. Longer ones are plain text, so that little text is held back."""

_LONGEST_CODE: Final = 300
_LABEL: Final = r"(?:[^\[\]\n\\]|\\.|\[[^\[\]\n]{0,100}+\](?:\([^()\s]{0,300}+\))?+){0,200}+"
_TARGET: Final = r"""(?:<[^<>\n]{0,500}+>|(?:[^\s()<]|\([^\s()]{0,100}+\)){0,500}+)"""
_TITLE: Final = r"""(?:[ ]+(?:"[^"\n]{0,200}+"|'[^'\n]{0,200}+'))?+"""
_LINK: Final = re.compile(rf"!?\[{_LABEL}\]\({_TARGET}{_TITLE}[ ]?\)")
_LINK_BEGUN: Final = re.compile(
    rf"""!?\[{_LABEL}(?:\\|\[[^\[\]\n]{{0,100}}(?:\](?:\([^()\s]{{0,300}})?+)?+)?
    (?:\](?:\({_TARGET}(?:\([^\s()]{{0,100}}|<[^<>\n]{{0,500}})?(?:[ ]+(?:["'][^\n]{{0,200}})?)?)?)?\Z""",
    re.VERBOSE,
)
_REFERENCE: Final = re.compile(r"\[(?P<label>[^\[\]\n]{1,200}+)\]\[[^\[\]\n]{0,100}+\]")
_REFERENCE_BEGUN: Final = re.compile(r"\[[^\[\]\n]{1,200}\](?:\[[^\[\]\n]{0,100})?\Z")
_TAG_BEGUN: Final = re.compile(r"<(?:[@#:/!]|/?(?P<name>[a-zA-Z][a-zA-Z0-9]*))?(?P<more>[^<>\n]*)\Z")
_MAIL_BEGUN: Final = re.compile(r"[\w.+-]{1,64}(?:@[\w.-]{0,200})?")
_MARK: Final = re.compile(r"<(?:@[!&]?\d{1,25}|#\d{1,25}|a?:\w{1,64}:\d{1,25}|t:-?\d{1,14}(?::[a-zA-Z])?)>")
_COMMAND: Final = re.compile(r"</(?P<name>[\w -]{1,100}+):\d{1,25}>")
_RAISED: Final = re.compile(r"<sup>\[?(?P<number>-?(?:\d{1,4}|n))\]?</sup>", re.IGNORECASE)
_RAISED_BEGUN: Final = re.compile(r"<sup>\[?-?(?:\d{0,4}|n)\]?(?:</?s?u?p?)?\Z", re.IGNORECASE)
_ABOVE: Final = str.maketrans("0123456789n-", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ⁻")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ENTITY_BEGUN: Final = re.compile(r"&#?\w{0,32}\Z")
_SPOILER: Final = re.compile(r"\|\|[^|]+\|\|")
_MARKS: Final = re.compile(r"\*+|~~+|\|\|+|(?<![^\W_])_+|_+(?![^\W_])")

_AUTOLINKS: Final = frozenset({"http", "https", "ftp", "mailto", "tel", "sms", "discord", "a", "t"})
"""What may follow `<` besides a tag's name: addresses, Discord's timestamps and animated emoji."""
_INLINE_NAMES: Final = """
    a abbr b big cite code del dfn em font i img ins kbd mark q s samp small span strike strong sub sup tt u var wbr
"""
_BLOCK_NAMES: Final = """
    blockquote br center dd details div dl dt footer h1 h2 h3 h4 h5 h6 header hr li ol p pre section summary table tbody
    td th thead tr ul
"""
_INLINE_TAGS: Final = frozenset(_INLINE_NAMES.split())
_TAGS: Final = _INLINE_TAGS | frozenset(_BLOCK_NAMES.split())
"""The HTML elements that people use in Markdown; List<String> is not one."""


def plain(content: str) -> str:
    """The visible text of a short Markdown text, such as a table cell or a link's label."""
    return "".join(_seen(PARSER.parseInline(content)[0].children or ())).strip()


def inline_at(text: str, *, before: str, is_last: bool) -> tuple[str, int] | None:
    """The text to read for the construct at the start of `text`, and its length; None if more is needed.

    A mark that opens nothing is read literally, and alone. `before` is the characters before it.
    """
    text = text[:LONGEST]
    if text[0] == "`":
        return _code(text, is_last=is_last)
    if text[0] == "<":
        return _tag(text, is_last=is_last)
    if text[0] in "[!":
        return _link(text, before=before, is_last=is_last)
    if text[0] in "【\ue200":
        return unlinked_citation_at(text, is_last=is_last)
    if text[0] == "&":
        return _entity(text, is_last=is_last)
    is_in_word = text[0] in "wW" and before[-1:].isascii() and before[-1:].isalnum()
    return (text[0], 1) if is_in_word else address_at(text, is_last=is_last)


def _seen(tokens: Sequence[Token]) -> list[str]:
    """The visible text of each token; a link without a label shows its domain."""
    parts: list[str] = []
    label_starts = 0
    address = ""
    for token in tokens:
        if token.type == "link_open":
            label_starts, address = len(parts), str(token.attrs.get("href", ""))
        elif token.type == "link_close" and not "".join(parts[label_starts:]).strip():
            parts.append(domain_of(address))
        elif token.type == "image":
            parts += _seen(token.children or ())
        elif token.type == "text":
            shown = ADDRESS.sub(lambda url: domain_of(url[0]), token.content)
            parts.append(_MARKS.sub("", _SPOILER.sub(SPOILER, shown)))
        elif token.type in ("code_inline", "text_special"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak") or _is_break(token):
            parts.append(" ")
    return parts


def _is_break(token: Token) -> bool:
    return token.type == "html_inline" and token.content.lower().startswith("<br")


def _code(text: str, *, is_last: bool) -> tuple[str, int] | None:
    """Inline code, as the parser reads it. Backticks that are not closed on their line are dropped."""
    run = len(text) - len(text.lstrip("`"))
    line = text[:_LONGEST_CODE].partition("\n")[0]
    is_open = not is_last and line == text and len(line) < _LONGEST_CODE
    if run == len(line):
        return None if is_open else ("", run)
    closing = re.search(rf"(?<!`)`{{{run}}}(?!`)", line[run:])
    if closing is None:
        return None if is_open else ("", run)
    end = run + closing.end()
    if end == len(line) and is_open:
        return None  # the run of backticks may go on
    return plain(line[:end]), end


def _link(text: str, *, before: str, is_last: bool) -> tuple[str, int] | None:
    """A link, picture or reference, read as its label; a citation and a token of a chat template are dropped."""
    if found := _LINK.match(text):
        tokens = PARSER.parseInline(found[0])[0].children or []
        if tokens[0].type not in ("link_open", "image"):
            return text[0], 1
        label = plain(found[0])
        return "" if LABEL.fullmatch(label) else label, found.end()
    is_open = not is_last and len(text) < LONGEST
    if is_open and _LINK_BEGUN.match(text):
        return None
    if unread := TOKEN.match(text) or citation_at(text, before=before):
        return "", unread.end()
    is_index = before[-1:].isalnum() or before[-1:] == "]"  # a[i][j]
    if not is_index and (reference := _REFERENCE.match(text)):
        return plain(reference["label"]), reference.end()
    return None if is_open and _REFERENCE_BEGUN.match(text) else (text[0], 1)


def _tag(text: str, *, is_last: bool) -> tuple[str, int] | None:
    """Discord's markup is kept; a command becomes its name, an address its domain; HTML tags are dropped."""
    if (TOKEN_BEGUN.match(text) or _RAISED_BEGUN.match(text)) and not is_last:
        return None
    if raised := _RAISED.match(text):
        return raised["number"].translate(_ABOVE), raised.end()
    if found := CUT_TOKEN.match(text) or TOKEN.match(text) or _MARK.match(text):  # the first one only at the end
        return (found[0] if found.re is _MARK else ""), found.end()
    if command := _COMMAND.match(text):
        return command["name"].replace("_", " "), command.end()
    line = text[:_LONGEST_CODE].partition("\n")[0]
    if begun := _TAG_BEGUN.match(line):
        is_open = not is_last and line == text and len(line) < _LONGEST_CODE
        return None if is_open and _may_be_tag(begun) else ("<", 1)
    return _closed_tag(line[: line.find(">") + 1])


def _closed_tag(tag: str) -> tuple[str, int]:
    tokens = (PARSER.parseInline(tag)[0].children or []) if "<" not in tag[1:] else []
    kind = tokens[0].type if tokens else ""
    if kind == "link_open" and (_element(tag) in _AUTOLINKS or _MAIL_BEGUN.fullmatch(tag[1:-1])):
        return (tag[1:-1] if _MAIL_BEGUN.fullmatch(tag[1:-1]) else domain_of(tag[1:-1])), len(tag)
    if kind == "html_inline" and _element(tag) in _TAGS | {""}:
        return _in_place_of(_element(tag)), len(tag)
    return "<", 1


def _may_be_tag(begun: re.Match[str]) -> bool:
    """Whether the text after `<` may become Discord markup, an address or an element."""
    name, more = begun["name"], begun["more"]
    if name is None:
        return not more or begun[0][1] in "@#:/!"
    is_mail = _MAIL_BEGUN.fullmatch(name + more) is not None
    return not more or is_mail or name.lower() in _TAGS | _AUTOLINKS


def _element(tag: str) -> str:
    """The name of an element; "" for a comment."""
    found = re.match(r"</?([a-zA-Z0-9]*)", tag)
    return found[1].lower() if found else ""


def _in_place_of(element: str) -> str:
    """What replaces a tag: a line break, a space, or nothing."""
    if not element or element in _INLINE_TAGS:
        return ""
    return " " if element == "br" else "\n"


def _entity(text: str, *, is_last: bool) -> tuple[str, int] | None:
    found = _ENTITY.match(text)
    if found is None:
        return None if not is_last and _ENTITY_BEGUN.match(text) else ("&", 1)
    # Not as html.unescape reads names, which makes the beginning of an unknown one a character.
    character = html.unescape(found[0]) if found[0][1] == "#" else html5.get(found[0][1:], found[0])
    return character, found.end()
