"""The exit codes."""

from typing import Final

STOPPED: Final = 0
"""Stopped by a signal; or no check failed."""
FAILED: Final = 1
"""Failed, and starting again may help; or a check failed."""
MISCONFIGURED: Final = 2
"""Misconfigured: starting again does not help before the owner changes something."""
