"""The part of a voice connection's state that its websocket writes to."""

import davey
from discord.voice.state import VoiceConnectionState


class DaveConnectionState(VoiceConnectionState):
    """py-cord's connection state, for a call that may turn its end-to-end encryption (DAVE) on at any time."""

    heartbeats_answered = 0
    """How many answers to heartbeats have come, over this websocket and over those it followed."""

    def ensure_dave_session(self) -> davey.DaveSession:
        """The session of end-to-end encryption; made where the call began without, so that it can turn it on."""
        if self.dave_session is None:
            assert self.channel_id
            self.dave_session = davey.DaveSession(davey.DAVE_PROTOCOL_VERSION, self.user.id, self.channel_id)
        return self.dave_session
