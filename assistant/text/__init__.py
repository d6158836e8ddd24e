"""Turns a streamed reply in Markdown into sentences to be spoken."""
