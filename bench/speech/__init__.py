"""What speech is worth: how text is said, how voices sound, and what is heard when engines fail."""
