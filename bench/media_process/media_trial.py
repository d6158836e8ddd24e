"""Trying one form with some number of calls."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

from assistant.audio.opus import FRAME_SECONDS
from bench.common.cpu_yardstick import CpuYardstick
from bench.common.metronome import Metronome
from bench.common.process_usage import ProcessUsage, usage_of
from bench.media_process.json_process import JsonProcess, open_json_process
from bench.media_process.process_form import ProcessForm
from bench.media_process.spoken_turns import Distances
from bench.media_process.talking_bot import TURN_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRow:
    """What was measured while some number of calls took turns."""

    form: ProcessForm
    """What ran where."""
    calls: int
    """How many calls there were."""
    distances: Distances
    """Between all frames as they arrived."""
    quiet: Distances
    """Those of seconds in which no beat of an idle process was late by over 3 ms."""
    lost: int
    """Frames that did not arrive."""
    starved: float
    """Seconds in which a frame was due and not encoded, or not handed over, yet."""
    first_frame_p95: float
    """Seconds from the MP3 of a sentence to its first frame: the 95th percentile."""
    bot_cores: float
    """How many cores the bot's own process kept busy."""
    other_cores: float
    """The same for the processes that it started."""
    seconds: float
    """How long that was measured."""
    resident_bytes: int
    """The memory of all of them."""
    lag_p99: float
    """How late the bot's event loop was, in seconds: the 99th percentile."""
    lag_max: float
    """The same, at most."""
    machine_longest: float
    """The longest of an idle process's pauses of 20 ms, in seconds: what the machine alone does."""
    yardstick: float
    """CPU seconds of a fixed piece of work: how fast the machine was."""

    @property
    def bot_cpu(self) -> float:
        """CPU seconds of the bot's own process for a second of speech: a busy machine hardly changes them."""
        return self.bot_cores * self.seconds / self._spoken

    @property
    def other_cpu(self) -> float:
        """The same for the processes that it started."""
        return self.other_cores * self.seconds / self._spoken

    @property
    def _spoken(self) -> float:
        return max(self.distances.total, 1) * FRAME_SECONDS


async def try_form(
    servers: JsonProcess, form: ProcessForm, calls: int, seconds: float, *, ramp: float = TURN_SECONDS
) -> MediaRow:
    """Start a bot of this form, let it join, and listen to it for so many seconds after the ramp.

    Raises:
        TimeoutError: it does not join or speak.
        EOFError: one of the processes ended.
    """
    opened = await servers.ask({"open": calls})
    environment = {"BENCHED_FORM": form.value, "SSL_CERT_FILE": opened["ca_file"]}
    async with open_json_process("bench.media_process.talking_bot", environment) as bot:
        await bot.ask({"join": opened["servers"]})
        async with CpuYardstick() as yardstick, asyncio.TaskGroup() as tasks:
            talking = tasks.create_task(bot.ask({"ramp": ramp, "talk": seconds}))
            await asyncio.sleep(ramp)
            await servers.ask({"mark": True})
            before = _usages(bot)
            async with Metronome() as metronome:
                report = await talking
            after = _usages(bot)
        busy_seconds = sorted({int(beat) for beat in metronome.late})
        measured = await servers.ask({"measure": busy_seconds})
    own, *others = [usage.cores_since(before[number]) for number, usage in after.items() if number in before]
    return MediaRow(
        form=form,
        calls=calls,
        distances=_distances(measured["all"]),
        quiet=_distances(measured["quiet"]),
        lost=measured["lost"],
        starved=report["starved"],
        first_frame_p95=report["first_frame_p95"],
        bot_cores=own,
        other_cores=sum(others),
        seconds=after[bot.process_id].at - before[bot.process_id].at,
        resident_bytes=sum(usage.resident_bytes for usage in after.values()),
        lag_p99=report["lag_p99"],
        lag_max=report["lag_max"],
        machine_longest=metronome.longest,
        yardstick=yardstick.seconds,
    )


def _distances(counts: Mapping[str, int]) -> Distances:
    return Distances(Counter({int(steps): count for steps, count in counts.items()}))


def _usages(bot: JsonProcess) -> dict[int, ProcessUsage]:
    """The bot's process first, then those that it started."""
    children = psutil.Process(bot.process_id).children(recursive=True)
    return {process_id: usage_of(process_id) for process_id in (bot.process_id, *(child.pid for child in children))}
