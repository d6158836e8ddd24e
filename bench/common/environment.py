"""The environment variables of a benched bot: where Discord, the model and Google's speech are."""

from pathlib import Path

from sandbox import Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel


def environment_of(discord: Sandbox, model: LanguageModel, google: GoogleSpeech, folder: Path) -> dict[str, str]:
    """The variables of a bot that speaks through gTTS; its temporary files and its database are in `folder`."""
    return {
        "DISCORD_TOKEN": discord.bot.token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_CA_FILE": str(discord.ca_file),
        "SSL_CERT_FILE": str(discord.ca_file),  # the usual pipeline does not read DISCORD_CA_FILE
        "AI_BASE_URL": model.base_url,
        "AI_MODEL": "sandbox-model",
        "TTS_ENGINE": "gtts",
        "STT_ENGINE": "off",
        "TTS_GOOGLE_PER_MINUTE": "1000000",  # two hundred calls speak at once
        "MEMBER_MESSAGES_PER_MINUTE": "0",  # one member types for all
        "SERVER_MESSAGES_PER_MINUTE": "0",
        "TTS_CACHE_MEGABYTES": "0",  # with a cache, the second turn would measure the disk
        **google.environment,
        "NO_PROXY": "127.0.0.1",  # to Discord and to the model there is no detour
        "TMPDIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder.resolve()}/assistant.db",
    }
