"""Discord over REST: login, posts, the panel and the channel status, and the wording of everything people read."""
