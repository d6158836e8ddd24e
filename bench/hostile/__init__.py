"""What hostile services, members and strangers can do to a call, and what they cannot: `python -m bench.hostile`."""
