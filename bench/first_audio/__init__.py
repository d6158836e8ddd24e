"""How soon an answer is heard: `python -m bench.first_audio`."""
