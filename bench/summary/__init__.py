"""The figures that everything is about, beside their targets: `python -m bench.summary`."""
