"""A voice connection without a network: what a player hands it is kept."""


class FakeLine:
    """Takes frames, unless it is cut."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.announced: list[bool] = []
        self.is_connected = True
        self.is_mute = False

    def send_frame(self, frame: bytes) -> bool:
        if self.is_connected:
            self.sent.append(frame)
        return self.is_connected

    async def announce_speaking(self, speaking: bool) -> None:
        self.announced.append(speaking)
