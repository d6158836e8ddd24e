"""What an unmodified Python bot runs first: this folder is on its path, and imports nothing of the sandbox."""
