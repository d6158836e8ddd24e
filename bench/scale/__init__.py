"""What many calls cost, and how well they are served: `python -m bench.scale`."""
