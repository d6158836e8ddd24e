"""Whether the wire belongs in the bot's process or in one of its own: `python -m bench.media_process`."""
