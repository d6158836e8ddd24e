"""How a spoken conversation goes: `python -m bench.conversation`."""
