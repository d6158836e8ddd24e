"""All checks at once, each with so much time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from assistant.config.settings import Settings
from assistant.doctor.discord import discord_findings
from assistant.doctor.finding import Finding, right, wrong
from assistant.doctor.machine import machine_findings, recordings_folder
from assistant.doctor.model import model_finding
from assistant.doctor.speech import speech_finding
from assistant.doctor.storage import database_finding
from assistant.doctor.udp import udp_finding
from assistant.tts.engine import SpeechEngine
from assistant.tts.engine_factory import engines_for

_logger = logging.getLogger(__name__)

_SECONDS: Final = 60.0
"""How long a check may take: nobody in a call would wait for what takes longer."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is found out by itself."""

    name: str
    """What is looked at, for the case that nothing is found."""
    find: Callable[[], Awaitable[Sequence[Finding]]]
    """Finds it out."""


async def check_up(settings: Settings) -> list[Finding]:
    """Find out everything; settings that could be read are the first thing that is right."""
    groups = await asyncio.gather(*(find_in_time(check, _SECONDS) for check in _checks(settings)))
    return [right("settings", "can be read, and none is wrong in itself"), *chain.from_iterable(groups)]


async def find_in_time(check: Check, seconds: float) -> Sequence[Finding]:
    """What a check finds; that it takes too long, or breaks, is a finding too, and hides no other."""
    try:
        async with asyncio.timeout(seconds):
            return await check.find()
    except TimeoutError:
        advice = "Check what it depends on: in a call, nobody would wait that long"
        return [wrong(check.name, f"nothing is known after {seconds:g} s", advice)]
    except Exception as error:
        _logger.exception("The check of %s broke", check.name)
        return [wrong(check.name, f"{type(error).__name__}: {error}", "See the error in the log")]


def _checks(settings: Settings) -> list[Check]:
    speech = settings.speech
    return [
        Check("Discord", lambda: discord_findings(settings)),
        Check("UDP", lambda: _alone(udp_finding(settings.discord_api_url))),
        Check("language model", lambda: _alone(model_finding(settings))),
        *(_spoken(engine, settings) for engine in engines_for(speech)),
        Check("database", lambda: _alone(database_finding(settings.database_url))),
        Check("this machine", lambda: asyncio.to_thread(machine_findings)),
        Check("cache", lambda: _alone(asyncio.to_thread(recordings_folder, speech))),
    ]


def _spoken(engine: SpeechEngine, settings: Settings) -> Check:
    return Check(f"speech: {engine.name}", lambda: _alone(speech_finding(engine, settings.speech)))


async def _alone(finding: Awaitable[Finding]) -> list[Finding]:
    return [await finding]
