"""The voice connection: joined, watched, recovered; and who is in the channel."""
