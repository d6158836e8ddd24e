"""How text is said, how voices sound, and what is heard when engines fail: `python -m bench.speech`."""
