"""Reads environment variables one by one and collects every mistake."""

import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

Name = TypeVar("Name", bound=str)

_MOST_DIGITS: Final = 18
"""More than any setting has, and few enough to be read in no time."""
_SWITCHES: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("on", "true", "yes", "1"), True),
    **dict.fromkeys(("off", "false", "no", "0"), False),
}


class Mistake(NamedTuple):
    """One setting with a wrong value."""

    variable: str
    """The variable's name."""
    wrong: str
    """What is wrong, as the rest of a sentence; never shows the value of a secret."""
    expected: str
    """What the value should be."""


class EnvReader:
    """Turns variables into values. A wrong one becomes a mistake, and reading goes on with the default."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.mistakes: list[Mistake] = []
        self.notes: list[str] = []
        """What was taken for something else, or left out: a line for the owner each, without secrets."""

    def add_mistake(self, variable: str, wrong: str, expected: str) -> None:
        """Note what is wrong with `variable`, and what its value should be."""
        self.mistakes.append(Mistake(variable, wrong, expected))

    def add_note(self, variable: str, text: str) -> None:
        """Tell the owner what becomes of `variable`; `text` is the rest of a sentence and holds no secret."""
        self.notes.append(f"{variable}: {text}")

    def has_mistake(self, variable: str) -> bool:
        """Whether `variable` has a mistake so far."""
        return any(mistake.variable == variable for mistake in self.mistakes)

    def text(self, variable: str) -> str | None:
        """The value without blanks or quotes around it; None when it is unset or blank.

        In a `.env` file or a shell, quotes are not part of a value. `docker run --env-file`, lists in Compose files and
        the forms of many hosts leave them there.
        """
        return unquoted(self._environment.get(variable, "").strip()).strip() or None

    def line(self, variable: str, default: str, longest: int) -> str:
        """One line of at most `longest` printable characters."""
        value = self.text(variable) or default
        if len(value) > longest or not value.isprintable():
            wrong = f"is longer than {longest} characters or has unprintable ones"
            self.add_mistake(variable, wrong, f"1 to {longest} printable characters, such as {default}")
            return default
        return value

    def number(self, variable: str, default: float, least: float, most: float) -> float:
        """A number from `least` to `most`, inclusive."""
        value = self.text(variable)
        if value is None:
            return default
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not least <= number <= most:  # false for nan and both infinities too
            expected = f"a number from {least:g} to {most:g}, such as {default:g}"
            self.add_mistake(variable, f"is {shown(value)}", expected)
            return default
        return number

    def whole_number(self, variable: str, default: int, least: int, most: int) -> int:
        """A whole number from `least` to `most`, inclusive."""
        value = self.text(variable)
        if value is None:
            return default
        if not re.fullmatch(f"[0-9]{{1,{_MOST_DIGITS}}}", value) or not least <= int(value) <= most:
            expected = f"a whole number from {least} to {most}, such as {default}"
            self.add_mistake(variable, f"is {shown(value)}", expected)
            return default
        return int(value)

    def choice(self, variable: str, default: Name, choices: Iterable[Name], examples: str = "") -> Name:
        """One of `choices`, upper or lower case; a mistake shows `examples` where the list is too long."""
        value = self.text(variable)
        if value is None:
            return default
        by_folded = {choice.casefold(): choice for choice in choices}
        found = by_folded.get(value.casefold())
        if found is None:
            expected = examples or "one of " + ", ".join(by_folded.values())
            self.add_mistake(variable, f"is {shown(value)}", expected)
            return default
        return found

    def switch(self, variable: str, default: bool) -> bool:
        """Whether something is on: "on" or "off", and what else people write for these."""
        value = self.text(variable)
        if value is None:
            return default
        if (found := _SWITCHES.get(value.casefold())) is None:
            self.add_mistake(variable, f"is {shown(value)}", "on or off")
            return default
        return found

    def choices(
        self, variable: str, default: tuple[str, ...], choices: Iterable[str], examples: str = ""
    ) -> tuple[str, ...]:
        """A comma-separated list of `choices`, without duplicates; see `choice`."""
        value = self.text(variable)
        if value is None:
            return default
        by_folded = {choice.casefold(): choice for choice in choices}
        found = [by_folded.get(name.strip().casefold()) for name in value.split(",")]
        if None in found:
            expected = "a comma-separated list of " + (examples or "these: " + ", ".join(by_folded.values()))
            self.add_mistake(variable, f"is {shown(value)}", expected)
            return default
        return tuple(dict.fromkeys(name for name in found if name is not None))

    def names(self, variable: str, default: tuple[str, ...], *, longest: int) -> tuple[str, ...]:
        """A comma-separated list of names without duplicates: at most `longest` letters, digits and `_.+:/-` each."""
        value = self.text(variable)
        if value is None:
            return default
        found = [name.strip() for name in value.split(",")]
        if not all(re.fullmatch(r"[\w.+:/-]+", name) and len(name) <= longest for name in found):
            expected = f"comma-separated names of at most {longest} characters, such as {', '.join(default)}"
            self.add_mistake(variable, f"is {shown(value)}", expected)
            return default
        return tuple(dict.fromkeys(found))

    def key(self, variable: str) -> str | None:
        """A secret that travels in an HTTP header; None when it is not set."""
        value = self.text(variable)
        if value is not None and not is_header_safe(value):
            wrong = "contains a space, a quote or another character that no key has"
            self.add_mistake(variable, wrong, "the key alone, on one line")
        return value

    def url(self, variable: str, default: str, *, takes_query: bool = False) -> str:
        """An http or https URL without user and fragment, and without a query if none is taken.

        Slashes at the end of its path are removed.
        """
        value = self.text(variable)
        if value is None:
            return default
        wrong = _wrong_with_url(value, takes_query=takes_query)
        if wrong is not None:
            self.add_mistake(variable, wrong, f"an address such as {default}")
            return default
        path, mark, query = value.partition("?")
        return f"{path.rstrip('/')}{mark}{query}" if query else path.rstrip("/")

    def existing_file(self, variable: str) -> Path | None:
        """The path of an existing file; None when the variable is not set."""
        value = self.text(variable)
        if value is None:
            return None
        path = Path(value)
        if not path.is_file():
            self.add_mistake(variable, f"is {shown(value)}, which is not a file", "the path of an existing file")
            return None
        return path


def is_openai(base_url: str) -> bool:
    """Whether the URL is one of OpenAI's own, which always requires a key."""
    host = urlsplit(base_url).hostname or ""
    return host == "openai.com" or host.endswith(".openai.com")


def openai_key(base_url_variable: str) -> str:
    """What the owner can do when OpenAI's key is missing."""
    return f"a key from https://platform.openai.com/api-keys, or another {base_url_variable}"


def is_header_safe(value: str) -> bool:
    """Whether a secret fits into an HTTP header: visible ASCII, and no quotes left over from a shell."""
    return re.fullmatch(r"[!#-&(-~]+", value) is not None


def _wrong_with_url(value: str, *, takes_query: bool) -> str | None:
    """What is wrong with a URL, or None. Never shows the value: it may hold a password."""
    if not value.isprintable() or " " in value:
        return "contains a space or a control character"
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return "is not a valid address"
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return "is not an http or https address"
    if "@" in parts.netloc:
        return "contains a user name or password"
    if ("?" in value and not takes_query) or "#" in value:
        return "has a query (?) or a fragment (#)"
    return None


def unquoted(value: str) -> str:
    """A value without the quotes around all of it; as it is where there are others in it."""
    quoted = re.fullmatch("""(["'])(?P<inside>(?:(?!\\1).)*)\\1""", value, re.DOTALL)
    return quoted["inside"] if quoted else value


def shown(value: str) -> str:
    """The value for a message: quoted, on one line, shortened."""
    return ascii(value if len(value) <= 40 else value[:40] + "…")
