"""How well members of a call are heard."""
