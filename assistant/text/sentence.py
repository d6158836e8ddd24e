"""A piece of a reply, as it is said."""

import re
from dataclasses import dataclass
from typing import Final

_END: Final = re.compile(r"""[.!?…。！？؟।]["'”’»)\]*_]*$""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, or as much of one as is said in one go."""

    said: str
    """The words, as a voice should get them; never empty."""
    source: str
    """The words of the reply that they stand for: what a reader would say was heard."""
    language: str
    """The language they are in, as a gTTS code."""

    @property
    def ends(self) -> bool:
        """Whether a sentence ends here, so that a pause behind it would not be one in the middle of it."""
        return not self.source or _END.search(self.source) is not None
