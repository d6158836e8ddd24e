"""What a Discord is made of: users, guilds, roles, members, channels, messages, voice states, commands."""
