"""What becomes of an answer in whose middle the voice connection breaks."""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.common.conversation import Pace
from bench.common.pitch_coded_audio import LONG, pitch_coded_voice
from bench.faults.heard_audio import HeardAudio
from bench.side_by_side.contender import Contender
from bench.side_by_side.contender_row import Closing
from bench.side_by_side.contender_test_bed import open_contender_test_bed
from sandbox.standins.speech.audio_format import FORMATS
from sandbox.voice import Call, Listening

ABNORMAL: Final = 1006
"""No close frame at all: the TCP connection is gone (RFC 6455, 7.1.5)."""
CODES: Final = (4006, ABNORMAL)
_AT_ONCE: Final = Pace(first_token=0.0, tokens=float("inf"), speech=0.0, speech_character=0.0)
_FRAMES_BEFORE: Final = 100
"""How much of the answer is heard before: two seconds of seven."""
_WAIT_SECONDS: Final = 35.0
"""For so long the rest is waited for."""
_BEGIN_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.5


async def try_closing(contender: Contender, code: int) -> Closing:
    """Break the connection with a close code in the middle of an answer.

    Raises:
        TimeoutError: the contender does not start, or says nothing.
        ExceptionGroup: it does not join the call in time.
    """

    def encoded(text: str, form: str) -> bytes:
        return FORMATS[form].encode(*pitch_coded_voice(text, "en"))

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_contender_test_bed(
            contender, Path(folder), lambda _: LONG.text, encoded, pace=_AT_ONCE, listening=Listening.FRAMES
        ) as bed:
            await bed.crowd.start_calls(1)
            place = bed.crowd.places[0]
            call, faults = place.lounge.call, bed.discord.voice.faults
            await place.ada.type("talk", place.text)
            await call.wait_for_frames(_FRAMES_BEFORE, _BEGIN_SECONDS)
            if code == ABNORMAL:
                faults.abort(place.lounge.id)
            else:
                await faults.close(place.lounge.id, code)
            heard = await _hear_the_rest(call)
    return Closing(code=code, lost=heard.lost(LONG), silence=heard.silence)


async def _hear_the_rest(call: Call) -> HeardAudio:
    """What was heard, as soon as the answer has come to its end."""
    give_up = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < give_up:
        await asyncio.sleep(_LOOK_SECONDS)
        heard = await asyncio.to_thread(HeardAudio.of, call.speech())
        if heard.silence is not None:
            return heard
    return await asyncio.to_thread(HeardAudio.of, call.speech())
