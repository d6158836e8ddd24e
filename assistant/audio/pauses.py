"""How long the pauses are between pieces of speech."""

from typing import Final

SENTENCE_PAUSE: Final = 0.4
"""How many seconds of the silence that a voice leaves behind a sentence are heard at most."""
CLAUSE_PAUSE: Final = 0.15
"""The same where its sentence goes on after a comma or another mark."""
PHRASE_PAUSE: Final = 0.05
"""The same where nothing stands between a piece and the rest of its sentence."""
