"""How soon an answer begins to be heard: `python -m bench.first_audio`."""
