"""The voice connection: joining, monitoring and recovering it, and who is in the channel."""
