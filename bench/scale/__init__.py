"""What many calls cost, and how well they speak: `python -m bench.scale`."""
