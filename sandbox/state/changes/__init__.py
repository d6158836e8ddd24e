"""All that can happen. Each change knows what it writes and what the gateway says of it."""
