"""The gateway: the websocket over which a bot hears what happens."""
