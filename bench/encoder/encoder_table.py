"""What each setting costs, as a table in Markdown."""

from collections.abc import Sequence
from typing import Final

from bench.common.markdown_table import markdown_table
from bench.encoder.encoder_trial import EncoderRow

_HEAD: Final = (
    "setting",
    "decode and resample, CPU ms",
    "encode, CPU ms",
    "all, CPU ms",
    "first frame, ms",
    "bytes/s",
    "word errors",
    "distance, dB",
    "padding, ms",
    "coded as",
    "packets other than one 20 ms frame",
)
LEGEND: Final = """\
CPU times are for 10 s of speech, from 24 kHz MP3 as Google sends it; each is the median of several rounds. "Before" is
av.open, an AudioResampler to 48 kHz s16, and libopus with lowdelay, complexity 10 and 64 kbit/s, whose context cuts the
frames again in a filter of its own. "Best" is an MP3 parser, pieces of 4800 samples, and libopus with 24 kHz s16,
lowdelay, complexity 0 and 64 kbit/s, whose context converts and cuts by itself. "Assistant" is
`assistant/audio/opus.py` as it is. Where one context converts and encodes, "decode and resample" is the time of an
AudioResampler that does the same. Distance is the mean difference from the MP3 in a third of an octave and 20 ms.
Padding is how much longer a sentence's frames last than its MP3. "From WAV" starts from the same speech as the offline
voice writes it, without what MP3 adds at both ends."""
"""What the columns and the settings mean."""


def encoder_table(rows: Sequence[EncoderRow]) -> str:
    """One line for each row."""
    return markdown_table(_HEAD, map(_cells, rows))


def _cells(row: EncoderRow) -> tuple[str, ...]:
    return (
        row.setting,
        "–" if row.converting_ms is None else f"{row.converting_ms:.1f}",
        "–" if row.encoding_ms is None else f"{row.encoding_ms:.1f}",
        f"{row.total_ms:.1f}",
        f"{row.first_frame_ms:.2f}",
        f"{row.bytes_per_second:.0f}",
        f"{row.word_errors:.1%}",
        f"{row.distance:.2f}",
        f"{row.padding_ms:.0f}",
        row.coded,
        str(row.irregular),
    )
