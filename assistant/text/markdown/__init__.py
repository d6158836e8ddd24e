"""Turns streamed Markdown into plain text to be read aloud."""
