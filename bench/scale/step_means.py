"""How long the steps of turns took, by the bot's own metrics."""

import socket
from collections.abc import Mapping
from typing import Final

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from assistant.telemetry.turn_trace import STEPS

_METRIC: Final = "turn_step_seconds"


def free_port() -> int:
    """A TCP port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class StepMeans:
    """Reads /metrics of a bot again and again."""

    def __init__(self, port: int) -> None:
        """`port` is the bot's `PORT`."""
        self._url = f"http://127.0.0.1:{port}/metrics"
        self._known: dict[tuple[str, str], float] = {}

    async def since_last(self) -> Mapping[str, float]:
        """The mean of each step, in seconds behind the one before it, of the turns that have ended since the last look.

        Raises:
            aiohttp.ClientError: the bot does not answer.
        """
        async with aiohttp.ClientSession() as http, http.get(self._url) as response:
            text = await response.text()
        values = {
            (sample.name.rpartition("_")[2], sample.labels["step"]): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if _METRIC in sample.name and sample.name.endswith(("_sum", "_count"))
        }
        new = {key: value - self._known.get(key, 0.0) for key, value in values.items()}
        self._known = values
        return {step: new["sum", step] / count for step in STEPS if (count := new.get(("count", step), 0.0))}
