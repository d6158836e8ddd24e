"""What two members and the bot say to each other in the demo: one of them types, the other one talks."""

import asyncio
from collections.abc import Mapping
from typing import Final

from sandbox import ChannelHandle, MemberActor, Message
from sandbox.standins.hibari_voice import Synthesizer
from sandbox.tools.spoken_line import spoken
from sandbox.tools.transcript import Transcript

_LINES: Final = (
    ("Ada", "Hello!"),
    ("Ben", "Who are you?"),
    ("Ada", "What are the seasons of a year?"),
    ("Ben", "What is seven plus five?"),
    ("Ada", "Tell me a story."),
    ("Ben", "Thank you, that was lovely."),
)
_TALKER: Final = "Ben"
"""Who says their lines, where the bot hears; the other one types."""
_HEARS: Final = "👂"
"""Stands in the panel of a bot that hears people who want it."""
_NOT_HEARD: Final = "🙉"
_HEARD: Final = ("🗣️", _NOT_HEARD)
"""How the bot's messages begin about what somebody said."""
_ANSWER_SECONDS: Final = 120.0
"""A real model and a slow machine may need a while."""
_PAUSE_SECONDS: Final = 0.8
"""Speech has ended when nothing was heard for that long: longer than a pause between two sentences."""


class Conversation:
    """Printed as it happens."""

    def __init__(
        self, members: Mapping[str, MemberActor], text: ChannelHandle, lounge: ChannelHandle, voice: Synthesizer
    ) -> None:
        """`voice` is that of the member who talks."""
        self._members = members
        self._text = text
        self._lounge = lounge
        self._voice = voice
        self._transcript = Transcript()

    async def hold(self) -> None:
        """Call the bot, talk with it, and end the call."""
        say, text, lounge = self._transcript.say, self._text, self._lounge
        for member in self._members.values():
            await member.join(lounge)
        ada = self._members["Ada"]
        reply = await ada.command("voice_chat", text)
        say("Ada", "/voice_chat")
        say("(Discord)", reply.content.replace(f"<#{lounge.id}>", "#Lounge"))
        panel = await text.wait_for_message(lambda message: "is in" in message.content, _ANSWER_SECONDS)
        is_heard = await self._agree(self._members[_TALKER], panel)
        for name, line in _LINES:
            if is_heard and name == _TALKER:
                await self._speak(self._members[name], line)
            else:
                await self._type(self._members[name], line)
        await ada.click(panel, "End Call")
        say("Ada", "[End Call]")
        await panel.wait_for(lambda message: "has ended" in message.content, _ANSWER_SECONDS)
        say("(panel)", panel.content)

    async def _agree(self, member: MemberActor, panel: Message) -> bool:
        """Have a member agree to be heard; False where the bot hears nobody, as its panel tells."""
        if _HEARS not in panel.content:
            self._transcript.say(f"({member.name})", "types, too: this bot hears nobody (see `app.py --check`)")
            return False
        buttons = [each["label"] for each in panel.buttons if each["label"].startswith("Talk to")]
        for button in buttons:  # there is none where everybody is heard
            reply = await member.click(panel, button)
            self._transcript.say(member.name, f"[{button}]")
            self._transcript.say("(Discord)", reply.content)
        return True

    async def _speak(self, member: MemberActor, line: str) -> None:
        """Say a line, and wait for what was heard of it, and for the answer. What was not made out is typed."""
        sound = await asyncio.to_thread(spoken, line, self._voice)
        earlier, frames = list(self._text.messages), len(self._lounge.call.speech())
        self._transcript.say(member.name, f"(says) {line}")
        await member.speak(sound)
        heard = await self._text.wait_for_message(
            lambda message: message not in earlier and message.content.startswith(_HEARD), _ANSWER_SECONDS
        )
        self._transcript.say("Molly", heard.content.splitlines()[0])
        if heard.content.startswith(_NOT_HEARD):
            await self._type(member, line)
        else:
            await self._hear_answer(self._text, [*earlier, heard], frames, below=heard)

    async def _type(self, member: MemberActor, line: str) -> None:
        """Type a line, and wait for its answer."""
        earlier, frames = list(self._lounge.messages), len(self._lounge.call.speech())
        self._transcript.say(member.name, line)
        await member.type(line, self._lounge)
        await self._hear_answer(self._lounge, earlier, frames)

    async def _hear_answer(
        self, place: ChannelHandle, earlier: list[Message], frames: int, below: Message | None = None
    ) -> None:
        """Return when an answer was spoken to the end, and print it; `frames` were heard before.

        It is posted in `place`, or `below` the first line of the message that shows the question.
        """

        def is_answer(message: Message) -> bool:
            return message.author.bot and (message not in earlier or (message is below and "\n" in message.content))

        answer = await place.wait_for_message(is_answer, _ANSWER_SECONDS)
        await self._lounge.call.wait_for_frames(frames + 1, _ANSWER_SECONDS)
        await self._lounge.call.wait_until_quiet(_PAUSE_SECONDS, _ANSWER_SECONDS)
        self._transcript.say("Molly", answer.content.partition("\n")[2] if answer is below else answer.content)
