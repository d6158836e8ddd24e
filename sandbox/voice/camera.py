"""A member's camera on the wire: op 12, and packets that are no voice.

Sources: the numbers that Discord's clients negotiate are 101 for H.264 and 102 for what is sent again
(https://docs.rs/crate/discord-stream-rs/latest/source/src/voice/codec_payload.rs); a bot gets both kinds, and RTCP
every second, whether it asks for them or not (https://github.com/imayhaveborkedit/discord-ext-voice-recv/issues/49).
"""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any, Final

from sandbox.voice.audience import Audience
from sandbox.voice.rtcp import SenderReport
from sandbox.voice.rtp import RtpPacket
from sandbox.voice.voice_opcodes import VoiceOp

H264: Final = 101
H264_AGAIN: Final = 102
_EXTENSION: Final = bytes.fromhex("22000000 31000050 00000000")
"""Three elements: the time of sending, a number for the congestion control, filled up."""
_PICTURES: Final = 30
"""A second."""
_CLOCK: Final = 90_000
_PACKET_BYTES: Final = 240
_PROBE_BYTES: Final = 10
_NO_CAMERA: Final = 0


class Camera:
    """Sends what looks like video to whoever cannot open it, until it is cancelled or its member has left."""

    def __init__(
        self,
        user_id: int,
        audio_ssrc: int,
        new_ssrc: Callable[[], int],
        audience: Audience,
        is_present: Callable[[], bool],
    ) -> None:
        self._user_id = user_id
        self._audio_ssrc = audio_ssrc
        self._video_ssrc, self._again_ssrc = new_ssrc(), new_ssrc()
        self._audience = audience
        self._is_present = is_present
        self._random = random.Random(self._video_ssrc)

    async def run(self) -> None:
        """Films."""
        self._tell(self._video_ssrc, self._again_ssrc)
        try:
            start = asyncio.get_running_loop().time()
            picture = 0
            while self._is_present():
                self._send(picture)
                picture += 1
                await asyncio.sleep(max(0.0, start + picture / _PICTURES - asyncio.get_running_loop().time()))
        finally:
            if self._is_present():
                self._tell(_NO_CAMERA, _NO_CAMERA)

    def _send(self, picture: int) -> None:
        at = picture * _CLOCK // _PICTURES
        for kind, ssrc, size in (
            (H264, self._video_ssrc, _PACKET_BYTES),
            (H264_AGAIN, self._again_ssrc, _PROBE_BYTES),
        ):
            payload = self._random.randbytes(size)
            self._audience.forward(self._user_id, RtpPacket(picture, at, ssrc, payload, _EXTENSION, kind=kind))
        if picture % _PICTURES == 0:
            report = SenderReport(self._video_ssrc, time.time(), at, picture, picture * _PACKET_BYTES)
            self._audience.forward_report(self._user_id, report.pack())

    def _tell(self, video_ssrc: int, again_ssrc: int) -> None:
        stream: dict[str, Any] = {
            "type": "video",
            "rid": "100",
            "ssrc": video_ssrc,
            "rtx_ssrc": again_ssrc,
            "active": bool(video_ssrc),
            "quality": 100,
            "max_bitrate": 2_500_000,
            "max_framerate": _PICTURES,
            "max_resolution": {"type": "fixed", "width": 1280, "height": 720},
        }
        self._audience.tell(
            VoiceOp.VIDEO,
            {
                "user_id": str(self._user_id),
                "audio_ssrc": self._audio_ssrc,
                "video_ssrc": video_ssrc,
                "rtx_ssrc": again_ssrc,
                "streams": [stream],
            },
        )
