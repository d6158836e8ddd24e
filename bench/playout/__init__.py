"""How evenly frames are sent, by one clock for all calls and by a thread a call: `python -m bench.playout`."""
