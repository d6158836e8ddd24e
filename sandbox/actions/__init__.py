"""What can be done in the sandbox, by Discord's rules: posting, joining voice, using commands."""
