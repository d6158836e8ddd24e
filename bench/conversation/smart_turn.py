"""Pipecat's detector of the end of a turn: smart-turn v3, which judges by the sound alone.

The network: https://github.com/pipecat-ai/smart-turn (BSD-2), in the wheel of pipecat-ai as
`pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx`.
"""

from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime

from bench.conversation.log_mel import log_mel
from tests.support.sent_packets import RATE
from tests.support.sounds import Samples

_HEARD: Final = 8 * RATE
"""Samples that it hears: the last ones."""


class SmartTurn:
    """The network, in the caller's thread."""

    def __init__(self, path: Path) -> None:
        """Load it from its ONNX file."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def probability(self, samples: Samples) -> float:
        """How probable it is, from 0 to 1, that the turn is over behind this sound (RATE samples a second)."""
        heard = samples[-_HEARD:]
        features = log_mel(np.pad(heard, (_HEARD - len(heard), 0)))
        return float(self._session.run(None, {"input_features": features[np.newaxis]})[0][0].item())
