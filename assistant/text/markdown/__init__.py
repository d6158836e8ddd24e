"""Markdown, read while it is streamed."""
