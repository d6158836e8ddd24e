"""What voice calls survive, and what they do not: `python -m bench.faults`."""
