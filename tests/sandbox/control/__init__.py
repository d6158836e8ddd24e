"""The sandbox driven over HTTP."""
