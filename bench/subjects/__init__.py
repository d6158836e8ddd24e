"""The bots that are measured."""
