"""The first seconds of speech of a process that has just been started: `python -m bench.cold_start`."""
