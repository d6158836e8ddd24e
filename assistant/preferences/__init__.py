"""What members and servers chose with /voice_settings."""
