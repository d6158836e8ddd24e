"""Requests of bots, checked as Discord checks them."""
