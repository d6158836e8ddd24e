"""The words by which people take turns: what needs more behind it, what only says that one listens, and "stop"."""
