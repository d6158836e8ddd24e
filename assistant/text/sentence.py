"""A sentence of a reply, ready to be spoken."""

import re
from dataclasses import dataclass
from typing import Final

_END: Final = re.compile(r"""[.!?…。！？؟।]["'”’»)\]*_]*$""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, or the part of one that is spoken at once."""

    said: str
    """The words for the speech engine; never empty."""
    source: str
    """The part of the reply that these words stand for: what counts as heard afterwards."""
    language: str
    """The language of the words, as a gTTS code."""
    goes_on: bool = False
    """Whether the same sentence of the reply goes on in the next one."""

    @property
    def ends(self) -> bool:
        """Whether a sentence ends here, so that a pause behind it would not be one in the middle of it."""
        return not self.source or _END.search(self.source) is not None
