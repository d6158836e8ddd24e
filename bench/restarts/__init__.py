"""What becomes of calls when the assistant's process ends and another one begins: `python -m bench.restarts`."""
