"""Bots of other libraries, unmodified, in the sandbox: for whoever uses it without py-cord."""
