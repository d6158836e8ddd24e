"""The usual pipeline: a voice assistant as people write it on the first evening, and the "before" of each comparison.

Nothing in it is worse than usual. Messages wait in a queue, an error in one of them does not end the bot, and the
answer is posted before it is spoken.
"""

import asyncio
import logging
import tempfile
from pathlib import Path

import aiohttp
import av
import discord
import imageio_ffmpeg
from gtts import gTTS

_log = logging.getLogger(__name__)


def make_bot(model_url: str) -> discord.Bot:
    """Make the bot; `model_url` is the base URL of an OpenAI-compatible API.

    Raises:
        FileNotFoundError: PyAV's wheel has no libopus.
    """
    if not discord.opus.is_loaded():
        discord.opus.load_opus(str(_libopus()))
    bot = discord.Bot(intents=discord.Intents.default() | discord.Intents(message_content=True))  # type: ignore[no-untyped-call]
    queues: dict[int, asyncio.Queue[discord.Message]] = {}
    workers: set[asyncio.Task[None]] = set()

    async def voice_chat(ctx: discord.ApplicationContext) -> None:
        await ctx.defer()
        author, text = ctx.author, ctx.channel
        assert isinstance(author, discord.Member)
        assert author.voice is not None
        assert author.voice.channel is not None
        assert text is not None
        voice_client: discord.VoiceClient = await author.voice.channel.connect(timeout=60, reconnect=True)
        queue = queues[text.id] = asyncio.Queue()
        worker = asyncio.create_task(_answer_all(voice_client, queue, model_url))
        workers.add(worker)
        worker.add_done_callback(workers.discard)
        await ctx.respond("I am in the call. Type here, and I answer out loud.")

    async def on_message(message: discord.Message) -> None:
        if not message.author.bot and message.channel.id in queues:
            await queues[message.channel.id].put(message)

    bot.slash_command(description="Call the assistant")(voice_chat)
    bot.add_listener(on_message)
    return bot


async def _answer_all(voice_client: discord.VoiceClient, queue: asyncio.Queue[discord.Message], model_url: str) -> None:
    while True:
        message = await queue.get()
        try:
            reply = await _ask_model(model_url, message.clean_content)
            await message.channel.send(reply)
            await _speak(voice_client, reply)
        except Exception:  # noqa: BLE001 - as in most bots: print it and go on with the next message
            _log.exception("Error while answering")


async def _ask_model(model_url: str, text: str) -> str:
    body = {"model": "sandbox-model", "messages": [{"role": "user", "content": text}]}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{model_url}/chat/completions", json=body) as response,
    ):
        data = await response.json()
    return str(data["choices"][0]["message"]["content"])


async def _speak(voice_client: discord.VoiceClient, text: str) -> None:
    with tempfile.NamedTemporaryFile(suffix=".mp3", delete=False) as file:
        path = Path(file.name)
    try:
        await asyncio.get_running_loop().run_in_executor(None, lambda: gTTS(text).save(str(path)))
        voice_client.play(discord.FFmpegPCMAudio(str(path), executable=imageio_ffmpeg.get_ffmpeg_exe()))
        while voice_client.is_playing():  # noqa: ASYNC110 - such bots poll
            await asyncio.sleep(0.5)
    finally:
        path.unlink()  # noqa: ASYNC240 - such bots delete it like this


def _libopus() -> Path:
    """The libopus in PyAV's wheel."""
    package = Path(av.__file__).parent
    libraries = [*package.parent.glob("av.libs/libopus*"), *package.glob(".dylibs/libopus*")]
    if not libraries:
        raise FileNotFoundError("no libopus in PyAV's wheel")
    return libraries[0]
