"""Runs all checks at once, each with a time limit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from assistant.config.settings import Settings
from assistant.doctor.discord import discord_findings
from assistant.doctor.env_file import env_file_finding
from assistant.doctor.finding import Finding, failed, ok
from assistant.doctor.hearing import hearing_finding
from assistant.doctor.machine import machine_findings, speech_cache_folder
from assistant.doctor.model import model_finding
from assistant.doctor.proxy import proxy_findings
from assistant.doctor.recognition import choice_finding, recognition_finding
from assistant.doctor.speech import speech_finding
from assistant.doctor.storage import database_finding
from assistant.doctor.udp import udp_finding
from assistant.stt.engine import RecognitionEngine
from assistant.stt.engine_factory import engines_for as recognizers_for
from assistant.stt.recognition_settings import RecognitionSettings
from assistant.tts.engine import SpeechEngine
from assistant.tts.engine_factory import engines_for
from assistant.util.memory_limit import memory_limit

_logger = logging.getLogger(__name__)

_SECONDS: Final = 60.0
"""How long a check may take: in a call, nobody would wait longer."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check that runs on its own."""

    name: str
    """What is checked: the name of the finding when the check itself fails."""
    run: Callable[[], Awaitable[Sequence[Finding]]]
    """Runs it."""


async def run_checks(settings: Settings, env_file: Path, notes: Sequence[str] = ()) -> list[Finding]:
    """Run all checks. The first finding says that the settings are valid: they have been read already.

    `env_file` is the file with the settings; it may be missing. `notes` say which values were taken for others.
    """
    groups = await asyncio.gather(*(run_check(check, _SECONDS) for check in _checks(settings, env_file)))
    valid = ok("settings", "; ".join(("all valid", *notes)))
    return [valid, *proxy_findings(settings), *chain.from_iterable(groups)]


async def run_check(check: Check, seconds: float) -> Sequence[Finding]:
    """Run one check for at most `seconds`. A check that takes longer or raises becomes a failed finding."""
    try:
        async with asyncio.timeout(seconds):
            return await check.run()
    except TimeoutError:
        advice = "Check the service it depends on: in a call, nobody would wait that long"
        return [failed(check.name, f"no answer within {seconds:g} s", advice)]
    except Exception as error:
        _logger.exception("The check of %s raised an error", check.name)
        return [failed(check.name, f"{type(error).__name__}: {error}", "See the error in the log")]


def _checks(settings: Settings, env_file: Path) -> list[Check]:
    speech = settings.speech
    listening, memory = settings.listening, memory_limit()
    recognizers: Sequence[RecognitionEngine] = ()
    if listening != "off":
        recognizers = recognizers_for(settings.recognition, settings.assistant_name, memory)
    return [
        Check("Discord", lambda: discord_findings(settings)),
        Check("UDP", lambda: _in_list(udp_finding(settings.discord_api_url))),
        Check("language model", lambda: _in_list(model_finding(settings))),
        *(_speech_check(engine, settings) for engine in engines_for(speech)),
        Check(
            "hearing",
            lambda: _in_list(asyncio.to_thread(hearing_finding, listening, is_recognized=bool(recognizers))),
        ),
        *([] if listening == "off" else [_recognition_choice(settings.recognition, recognizers, memory)]),
        *(_recognition_check(engine) for engine in recognizers),
        Check("database", lambda: _in_list(database_finding(settings.database_url))),
        Check("secrets", lambda: _in_list(asyncio.to_thread(env_file_finding, env_file))),
        Check("this machine", lambda: asyncio.to_thread(machine_findings)),
        Check("speech cache", lambda: _in_list(asyncio.to_thread(speech_cache_folder, speech))),
    ]


def _speech_check(engine: SpeechEngine, settings: Settings) -> Check:
    return Check(f"speech: {engine.name}", lambda: _in_list(speech_finding(engine, settings.speech)))


def _recognition_choice(
    settings: RecognitionSettings, engines: Sequence[RecognitionEngine], memory: int | None
) -> Check:
    return Check("recognition", lambda: _in_list(asyncio.to_thread(choice_finding, settings, engines, memory)))


def _recognition_check(engine: RecognitionEngine) -> Check:
    return Check(f"recognition: {engine.name}", lambda: _in_list(recognition_finding(engine)))


async def _in_list(finding: Awaitable[Finding]) -> list[Finding]:
    return [await finding]
