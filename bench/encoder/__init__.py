"""What making Opus costs, and what a listener gets for it: `python -m bench.encoder`."""
