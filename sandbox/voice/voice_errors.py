"""What may go wrong in the voice half of the sandbox."""

from sandbox.voice.voice_opcodes import VoiceCloseCode


class VoiceClose(Exception):
    """The voice websocket has to be closed."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{int(code)}: {reason}")
        self.code = code
        """The close code that the client is sent."""
        self.reason = reason
        """Why, in words; sent with the code."""


class UnsupportedVoiceOperation(VoiceClose):
    """The client asked for something that Discord may have and this sandbox has not."""

    def __init__(self, operation: str, code: VoiceCloseCode = VoiceCloseCode.UNKNOWN_OPCODE) -> None:
        super().__init__(code, f"the sandbox does not implement {operation}")
        self.operation = operation
        """What was asked for."""


class MalformedMlsError(ValueError):
    """Bytes are not the MLS structure that they should be (RFC 9420)."""
