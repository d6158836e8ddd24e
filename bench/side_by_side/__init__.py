"""What a user would pick instead, side by side in one run: `python -m bench.side_by_side`."""
