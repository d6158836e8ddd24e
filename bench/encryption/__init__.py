"""Calls with members who use Discord's own encryption library: `python -m bench.encryption`."""
