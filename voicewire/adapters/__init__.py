"""Ways to use a `VoiceConnection` from libraries for the rest of Discord. Nothing else here imports one."""
