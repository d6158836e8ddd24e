"""Discord's REST side: login, posts, the panel, the channel's status, and the words they are made of."""
