"""Programs for the sandbox."""
