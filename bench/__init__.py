"""Benchmarks behind the figures in docs/measured.md: anybody can run them again."""
