"""What stands in the text for what is left to the chat, until it is said in the language of the reply."""

from typing import Final

CODE: Final = "\ue000"
TABLE: Final = "\ue001"
"""Characters for private use, which no text brings with it: Markdown takes them out."""

NOTES: Final = {CODE: "code", TABLE: "table"}
"""The words for each, as a language's file calls them."""
