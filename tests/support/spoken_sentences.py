"""English that a good voice says clearly, and what such a voice makes of it."""

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.float32]
"""Samples between -1 and 1."""

SENTENCES = (
    "A year has four seasons.",
    "They are spring, summer, autumn, and winter.",
    "Bees make honey from the sweet juice of flowers.",
    "The boat carried the bird across the dark water until the wind was calm.",
    "My name is Molly, and I am a voice assistant.",
    "The capital of France is Paris.",
    "I have no window, so I do not know the weather.",
    "Once upon a time, a small boat lived in a quiet harbor.",
    "The largest ocean in the world is the Pacific.",
    "Water boils when it is very hot, and then it becomes steam.",
)
