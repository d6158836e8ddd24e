"""What the shell is told at the end."""

from typing import Final

STOPPED: Final = 0
"""By a signal; or a check that found nothing wrong."""
FAILED: Final = 1
"""By something that may pass; or a check that found something wrong."""
MISCONFIGURED: Final = 2
"""Starting again does not help: the owner must change something first."""
