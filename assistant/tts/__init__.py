"""Text to speech: the engines, and the synthesizer that chooses between them."""
