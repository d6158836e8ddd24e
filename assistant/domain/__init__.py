"""Values and errors that every room may know."""
