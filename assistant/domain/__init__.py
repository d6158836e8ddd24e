"""Values and errors that every room may import."""
