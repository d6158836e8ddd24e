"""Variables read one by one from an environment, with every mistake noted on the way."""

import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

Name = TypeVar("Name", bound=str)


class Mistake(NamedTuple):
    """One setting that can't be used as it is."""

    variable: str
    """The variable's name, as in .env.example."""
    wrong: str
    """What is wrong with it; never shows the value of a secret."""
    instead: str
    """What to write instead."""


class EnvReader:
    """Turns the text of variables into values. A wrong one is noted, and reading goes on with the default."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.mistakes: list[Mistake] = []

    def mistake(self, variable: str, wrong: str, instead: str) -> None:
        """Note what is wrong with `variable`."""
        self.mistakes.append(Mistake(variable, wrong, instead))

    def is_mistaken(self, variable: str) -> bool:
        """Whether something was found to be wrong with `variable`."""
        return any(mistake.variable == variable for mistake in self.mistakes)

    def text(self, variable: str) -> str | None:
        """The value without the blanks around it; None when there is nothing."""
        return self._environment.get(variable, "").strip() or None

    def line(self, variable: str, default: str, longest: int) -> str:
        """One line of at most `longest` printable characters."""
        value = self.text(variable) or default
        if len(value) > longest or not value.isprintable():
            wrong = f"is longer than {longest} characters or not printable"
            self.mistake(variable, wrong, f"1 to {longest} printable characters, such as {default}")
            return default
        return value

    def number(self, variable: str, default: float, least: float, most: float) -> float:
        """A number within the two bounds, which both belong to it."""
        value = self.text(variable)
        if value is None:
            return default
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not least <= number <= most:  # false for nan and both infinities too
            instead = f"a number from {least:g} to {most:g}, such as {default:g}"
            self.mistake(variable, f"is {_shown(value)}", instead)
            return default
        return number

    def whole_number(self, variable: str, default: int, least: int, most: int) -> int:
        """A whole number within the two bounds, which both belong to it."""
        value = self.text(variable)
        if value is None:
            return default
        if not re.fullmatch("[0-9]{1,9}", value) or not least <= int(value) <= most:
            instead = f"a whole number from {least} to {most}, such as {default}"
            self.mistake(variable, f"is {_shown(value)}", instead)
            return default
        return int(value)

    def choice(self, variable: str, default: Name, choices: Iterable[Name], examples: str = "") -> Name:
        """One of `choices`, in whichever case it was written; `examples` replace a list too long to show."""
        value = self.text(variable)
        if value is None:
            return default
        by_folded = {choice.casefold(): choice for choice in choices}
        found = by_folded.get(value.casefold())
        if found is None:
            instead = examples or "one of " + ", ".join(by_folded.values())
            self.mistake(variable, f"is {_shown(value)}", instead)
            return default
        return found

    def choices(
        self, variable: str, default: tuple[str, ...], choices: Iterable[str], examples: str = ""
    ) -> tuple[str, ...]:
        """Some of `choices`, separated by commas, each once; else as for `choice`."""
        value = self.text(variable)
        if value is None:
            return default
        by_folded = {choice.casefold(): choice for choice in choices}
        found = [by_folded.get(name.strip().casefold()) for name in value.split(",")]
        if None in found:
            instead = "one or more, separated by commas, of " + (examples or ", ".join(by_folded.values()))
            self.mistake(variable, f"is {_shown(value)}", instead)
            return default
        return tuple(dict.fromkeys(name for name in found if name is not None))

    def names(self, variable: str, default: tuple[str, ...], *, longest: int) -> tuple[str, ...]:
        """Names of at most `longest` letters, digits and `_.+:/-`, separated by commas, each once."""
        value = self.text(variable)
        if value is None:
            return default
        found = [name.strip() for name in value.split(",")]
        if not all(re.fullmatch(r"[\w.+:/-]+", name) and len(name) <= longest for name in found):
            asked = f"names of at most {longest} characters, separated by commas, such as {', '.join(default)}"
            self.mistake(variable, f"is {_shown(value)}", asked)
            return default
        return tuple(dict.fromkeys(found))

    def key(self, variable: str) -> str | None:
        """A secret that travels in an HTTP header; None when it is not set."""
        value = self.text(variable)
        if value is not None and not is_header_safe(value):
            wrong = "has a space, a quote or another character no key has"
            self.mistake(variable, wrong, "the key alone, on one line")
        return value

    def url(self, variable: str, default: str) -> str:
        """An http or https address without user, query and fragment; slashes at its end are taken off."""
        value = self.text(variable)
        if value is None:
            return default
        wrong = _wrong_with_url(value)
        if wrong is not None:
            self.mistake(variable, wrong, f"an address such as {default}")
            return default
        return value.rstrip("/")

    def existing_file(self, variable: str) -> Path | None:
        """The path of a file that is there, or None when the variable is not set."""
        value = self.text(variable)
        if value is None:
            return None
        path = Path(value)
        if not path.is_file():
            self.mistake(variable, f"is {_shown(value)}, where there is no file", "the path of a file")
            return None
        return path


def is_openai(base_url: str) -> bool:
    """Whether an API's address is one of OpenAI's own, which always asks for a key."""
    host = urlsplit(base_url).hostname or ""
    return host == "openai.com" or host.endswith(".openai.com")


def openai_key(base_url_variable: str) -> str:
    """What to write where OpenAI's key is missing."""
    return f"a key from https://platform.openai.com/api-keys, or another {base_url_variable}"


def is_header_safe(value: str) -> bool:
    """Whether a secret may stand in an HTTP header: visible ASCII, and no quotes left over from a shell."""
    return re.fullmatch(r"[!#-&(-~]+", value) is not None


def _wrong_with_url(value: str) -> str | None:
    """What is wrong with an API's address, or None. Never shows the value: it may hold a password."""
    if not value.isprintable() or " " in value:
        return "has a space or a control character in it"
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return "is not a valid address"
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return "is not an http or https address"
    if "@" in parts.netloc:
        return "has a user name or password in it"
    if "?" in value or "#" in value:
        return "has a query (?) or a fragment (#)"
    return None


def _shown(value: str) -> str:
    """A value as it may stand in a message: quoted, on one line, not too long."""
    return ascii(value if len(value) <= 40 else value[:40] + "…")
