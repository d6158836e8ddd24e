"""What the bot asks besides Discord in a demo: the owner's model and speech, or stand-ins."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox import Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.hibari_voice import Synthesizer
from sandbox.standins.language_model import LanguageModel


@dataclass(frozen=True, slots=True)
class DemoServices:
    """What a demo has."""

    settings: Mapping[str, str]
    """Those that lead the bot there."""
    model: LanguageModel | None
    """The stand-in for a model; None: the owner has one."""
    google: GoogleSpeech | None
    """The stand-in for Google; None: the owner has speech of another kind."""


@asynccontextmanager
async def demo_services(environment: Mapping[str, str], voice: Synthesizer) -> AsyncIterator[DemoServices]:
    """The owner's services where settings name them, else stand-ins; what it is, is printed.

    `voice` is that of the stand-in for Google.
    """
    settings: dict[str, str] = {}
    model = google = None
    async with AsyncExitStack() as stack:
        if "AI_BASE_URL" in environment or "AI_API_KEY" in environment:
            print(f"Answers come from your model at {environment.get('AI_BASE_URL', 'OpenAI')}.")
        else:
            model = await stack.enter_async_context(LanguageModel(first_token_seconds=0.3, tokens_per_second=40))
            settings |= {"AI_BASE_URL": model.base_url, "AI_MODEL": "sandbox-model"}
            print("Answers come from a small built-in responder, not from a language model (set AI_BASE_URL for one).")
        engines = environment.get("TTS_ENGINE", "auto")
        if not {"auto", "gtts"}.intersection(name.strip() for name in engines.split(",")):
            print(f"Speech comes from TTS_ENGINE={engines}.")
        else:
            google = await stack.enter_async_context(GoogleSpeech(voice))
            settings |= google.environment
            print("Speech comes through gTTS from a stand-in for Google, which speaks with the offline engine's voice.")
        print()
        yield DemoServices(settings, model, google)


def demo_settings(discord: Sandbox, folder: Path, addresses: Mapping[str, str]) -> dict[str, str]:
    """The settings of the bot in a demo: it logs in to `discord`, and keeps what it knows in `folder`, not the owner's.

    `addresses` are the settings of `demo_services`.
    """
    return {
        "DISCORD_TOKEN": discord.bot.token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_CA_FILE": str(discord.ca_file),
        "TTS_CACHE_MEGABYTES": "0",  # so that each run makes its speech anew
        "DATABASE_URL": f"sqlite:///{folder}/assistant.db",
        **addresses,
    }
