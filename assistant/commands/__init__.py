"""Support for the slash commands: option choices, replies, and which process serves a command."""
