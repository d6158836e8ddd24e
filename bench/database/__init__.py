"""What a turn's transactions cost: `python -m bench.database`."""
