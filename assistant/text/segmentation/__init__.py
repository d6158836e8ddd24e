"""Splits text into sentences and clauses."""
