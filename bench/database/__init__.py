"""How often the database is used: `python -m bench.database`."""
