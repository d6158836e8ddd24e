"""How much silence ends a member's turn."""

from typing import Final

_USUAL_SECONDS: Final = 0.7
_RELEASED_SECONDS: Final = 0.2
"""Less is enough where a member who talks by a key has let it go."""
_WITHIN_SECONDS: Final = 0.07
"""A client that stops sending so soon behind a voice does so in the middle of a sound, as gates seldom do."""
_TAIL_SECONDS: Final = 0.15
"""How long a sound that is cut off may still seem to be voice."""
_GOES_ON_SECONDS: Final = 0.7
"""A member whose voice comes again so soon had not ended: something closes their microphone between words."""
_RELEASES_TO_TRUST: Final = 3
"""How often such a member's turns have to end with what they send before that is believed again."""


class SilenceLimit:
    """One member's. Times are in seconds."""

    def __init__(self) -> None:
        self.seconds = _USUAL_SECONDS
        """What ends the turn that goes on."""
        self._released_at: float | None = None
        """When the client stopped sending; None since there was a voice again."""
        self._distrusted = 0
        """Releases that are not believed to be the end."""
        self._longer = 0.0
        """The silence that was asked for, until the member goes on."""

    def released(self, silent: float, at: float, *, is_by_key: bool) -> None:
        """In a turn, after so much silence, the client stops sending; whether by a key, see `Transmission`."""
        if self._released_at is not None:
            return
        self._released_at = at
        if (is_by_key or silent < _WITHIN_SECONDS) and not self._distrusted:
            self.seconds = _RELEASED_SECONDS

    def spoke(self, at: float) -> None:
        """There is a voice."""
        if self._released_at is not None:
            since = at - self._released_at
            if since < _TAIL_SECONDS:
                return
            self._distrusted = _RELEASES_TO_TRUST if since < _GOES_ON_SECONDS else max(0, self._distrusted - 1)
            self._released_at = None
        self.seconds = max(_USUAL_SECONDS, self._longer)

    def goes_on(self) -> None:
        """It was more than a breath."""
        self._longer = 0.0
        self.seconds = _USUAL_SECONDS

    def wait_longer(self, seconds: float) -> None:
        """The silence until the member goes on has to be so long; what says that they have ended counts more."""
        self._longer = seconds
        if self._released_at is None or self.seconds > _RELEASED_SECONDS:
            self.seconds = max(self.seconds, seconds)

    def turn_ended(self) -> None:
        """What ended this turn says nothing of the next one."""
        self._longer = 0.0
        self.seconds = _USUAL_SECONDS
