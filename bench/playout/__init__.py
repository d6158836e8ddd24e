"""How evenly frames are sent: by one clock for all calls, or by a thread for each: `python -m bench.playout`."""
