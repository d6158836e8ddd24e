"""Placeholders for parts that only the chat shows, until their words in the reply's language are known."""

from typing import Final

CODE: Final = "\ue000"
TABLE: Final = "\ue001"
"""Private-use characters. They can't come from the text, since the Markdown reader removes them."""

NOTES: Final = {CODE: "code", TABLE: "table"}
"""The key of each placeholder's words in a language's file."""
