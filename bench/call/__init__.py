"""One call: its frames, its heartbeats, its end: `python -m bench.call`."""
