"""What a voice packet costs in voicewire: `python -m bench.wire`."""
