"""What all calls share."""

from collections.abc import Callable
from dataclasses import dataclass

import discord

from assistant.audio.frame_clock import FrameClock
from assistant.call.usage_limits import UsageLimits
from assistant.call.warm_up import WarmUp
from assistant.cluster.journal import CallJournals
from assistant.config.settings import Settings
from assistant.discord_io.picture_loader import PictureLoader
from assistant.llm.chat_client import ChatClient
from assistant.preferences.consents import Consents
from assistant.preferences.service import PreferenceService
from assistant.stt.recognizer import Recognizer
from assistant.telemetry.metrics import Metrics
from assistant.text.language_detection import LanguageDetector
from assistant.tts.synthesizer import Synthesizer
from assistant.voice.timing import VoiceTiming
from voicewire import Pacer


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Made once a process; each call is given them."""

    settings: Settings
    """What the owner decided."""
    model: ChatClient
    """Who answers."""
    limits: UsageLimits
    """How much people may ask of the model."""
    synthesizer: Synthesizer
    """Who speaks."""
    preferences: PreferenceService
    """How they answer, as people chose it."""
    recognizer: Recognizer
    """Who makes text of what they say."""
    consents: Consents
    """Who may be heard."""
    clock: FrameClock
    """Who keeps the frames of all calls queued."""
    pacer: Pacer
    """Who sends them."""
    timing: VoiceTiming
    """How long their connections wait."""
    detector: LanguageDetector
    """Who tells languages apart."""
    warm_up: WarmUp
    """What a call waits for before it begins."""
    find_guild: Callable[[int], discord.Guild | None]
    """A guild as Discord has it now, by its id; None when there is none."""
    pictures: PictureLoader | None
    """Who loads the pictures that the model is to see; None where it sees none."""
    metrics: Metrics
    """Who counts what happens."""
    journals: CallJournals
    """Where they are written down."""
    has_successor: Callable[[], bool]
    """Whether a newer process serves what this one did, and waits for the calls."""
