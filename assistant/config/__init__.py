"""The settings: environment variables, checked at the start."""
