"""What a bot in many servers uses: `python -m bench.guilds`."""
