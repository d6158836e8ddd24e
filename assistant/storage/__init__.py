"""What outlives a call and a process: a SQLite file, or a PostgreSQL server."""
