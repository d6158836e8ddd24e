"""Tells voice from other sounds: Silero's network (silero/README.md) in onnxruntime."""

import os
from importlib import resources
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from assistant.domain.errors import HearingUnavailable

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CHUNK_SAMPLES: Final = 512
"""Samples that the network judges at a time: 32 ms at 16 kHz."""
_CONTEXT_SAMPLES: Final = 64
"""Samples of the chunk before that it is shown again."""
_STATE_SHAPE: Final = (2, 1, 128)
_RATE: Final = np.array(16_000, np.int64)

Samples = npt.NDArray[np.float32]


class VoiceActivityModel:
    """The network; all members share it. It computes in the caller's thread, a seventh of a millisecond a chunk."""

    def __init__(self, session: "InferenceSession") -> None:
        self._session = session

    def judge(self, samples: Samples, state: Samples) -> tuple[float, Samples]:
        """How probable voice is, from 0 to 1, and the state for the next chunk. `samples` holds context and chunk."""
        probability, following = self._session.run(None, {"input": samples, "state": state, "sr": _RATE})
        return float(probability[0, 0]), following


def load_voice_activity_model() -> VoiceActivityModel:
    """Load it; blocks for a third of a second, and the interpreter for a tenth, so not while somebody is spoken to.

    Raises:
        HearingUnavailable: onnxruntime is not there, or does not load it.
    """
    # onnxruntime sends telemetry to its maker unless this is set before its import.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    try:
        import onnxruntime  # noqa: PLC0415 - see above

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = resources.files(__package__).joinpath("silero", "silero_vad_16k_op15.onnx").read_bytes()
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        raise HearingUnavailable(part="voice activity", detail=f"{type(error).__name__}: {error}") from error
    return VoiceActivityModel(session)


class VoiceActivity:
    """One member's voice: the network with its memory of the last moments."""

    def __init__(self, model: VoiceActivityModel) -> None:
        self._model = model
        self._samples: Samples = np.zeros((1, _CONTEXT_SAMPLES + CHUNK_SAMPLES), np.float32)
        self._state: Samples = np.zeros(_STATE_SHAPE, np.float32)

    def reset(self) -> None:
        """Forget what was heard, as after a long silence."""
        self._samples[:] = 0
        self._state = np.zeros(_STATE_SHAPE, np.float32)

    def probability(self, chunk: Samples) -> float:
        """How probable it is, from 0 to 1, that somebody speaks in CHUNK_SAMPLES samples from -1 to 1."""
        self._samples[0, :_CONTEXT_SAMPLES] = self._samples[0, -_CONTEXT_SAMPLES:]
        self._samples[0, _CONTEXT_SAMPLES:] = chunk
        probability, self._state = self._model.judge(self._samples, self._state)
        return probability
