"""Each figure is a small part of the usual pipeline's, in the same run."""

import os

import pytest

from bench.ratios.ratio_table import COMPARISONS, ratio_table, ratios
from bench.ratios.small_calls import try_bots

pytestmark = [pytest.mark.alone, pytest.mark.timeout(240)]

ATTEMPTS = 3
"""A pause of the machine spoils one attempt: what has got worse spoils all."""


async def test_first_sound_frames_cpu_and_memory_are_a_small_part_of_the_usual_pipelines() -> None:
    if os.environ.get("REQUIRE_BENCH") != "1":
        pytest.importorskip("imageio_ffmpeg", reason="the usual pipeline's ffmpeg is not installed: make bench")
    for _ in range(ATTEMPTS):
        taken = await try_bots()
        assert all(calls.pacing.frames > 4000 for calls in taken.values()), "a hundred seconds of speech"
        parts = ratios(taken)
        if all(parts[each.name] <= each.limit for each in COMPARISONS):
            return
    pytest.fail(ratio_table(taken))
