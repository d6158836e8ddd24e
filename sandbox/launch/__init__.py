"""Bots that know nothing of the sandbox are started so that they meet no other Discord."""
