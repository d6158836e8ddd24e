"""How a session lets go of its call: in the voice channel, in the database, and before people."""

from typing import Final

from assistant.call.context import CallContext
from assistant.call.message_intake import MessageIntake
from assistant.call.services import Services
from assistant.call.status_display import StatusDisplay
from assistant.call.turn_loop import TurnLoop
from assistant.discord_io import wording
from assistant.discord_io.posting import post
from assistant.domain.call_ending import CallEnding, EndReason
from assistant.pycord.api import leave_voice
from assistant.reply.post_queue import PostQueue

_TEXTS_SECONDS: Final = 30.0
"""How long texts that Discord has not taken are tried further when the call is over."""
_GOES_ON: Final = (EndReason.SUSPENDED, EndReason.TAKEN_OVER)
"""The call is not over, but goes on in another process."""


class LeaveTaking:
    """The steps of one session, in their order: `begin`, `let_go`, and once the call may begin anew `say_goodbye`."""

    def __init__(
        self,
        services: Services,
        context: CallContext,
        *,
        status_display: StatusDisplay,
        intake: MessageIntake,
        turn_loop: TurnLoop,
        posts: PostQueue,
        is_resumed: bool,
    ) -> None:
        """`is_resumed` says whether an earlier process had the call, and may have left us in its channel."""
        self._services = services
        self._context = context
        self._status_display = status_display
        self._intake = intake
        self._turn_loop = turn_loop
        self._posts = posts
        self._is_resumed = is_resumed

    async def begin(self, ending: CallEnding) -> None:
        """Do what is to be done while the bot is still in the voice channel."""
        if ending.reason in _GOES_ON:
            self._intake.suspend()
        if ending.reason is EndReason.SUSPENDED:
            await self._status_display.show_suspended()
        if not self._hands_over(ending):
            await self._status_display.clear_status()

    async def let_go(self, ending: CallEnding) -> CallEnding:
        """Release the voice connection, then the call; return how it has ended.

        Whatever hangs, the voice channel is not left where another process is in it for this call, or about to be.
        """
        connection, journal = self._context.connection, self._context.journal
        if self._hands_over(ending):
            await connection.hand_over()
        else:
            if self._is_resumed and connection.live_since is None and await journal.is_held():
                await leave_voice(self._context.voice.guild)
            await connection.leave()
        self._intake.close()
        if ending.reason in _GOES_ON:
            await self._posts.finish(0.0)  # the next process finds written down what is not posted
        if ending.reason is EndReason.SUSPENDED:
            return ending if await journal.release() else CallEnding(reason=EndReason.SHUTDOWN)
        await self._intake.end()
        return ending

    async def say_goodbye(self, ending: CallEnding) -> None:
        """Say on the panel why the call is over, and to the authors of waiting messages that they stay unanswered."""
        if ending.reason in _GOES_ON:
            return
        await self._status_display.show_ended(ending)
        waiting = [question for question in self._turn_loop.close() if question.message is not None]
        if waiting:
            await post(waiting[0].place, wording.unanswered(len(waiting)), answering=waiting[0].message)
        await self._posts.finish(_TEXTS_SECONDS)

    def _hands_over(self, ending: CallEnding) -> bool:
        """Whether another process has the call, or is waiting for it."""
        match ending.reason:
            case EndReason.TAKEN_OVER:
                return True
            case EndReason.SUSPENDED:
                return self._services.has_successor()
            case _:
                return False
