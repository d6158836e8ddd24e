"""What a bot in many servers takes: `python -m bench.guilds`."""
