"""The program: command line, start, handover between processes, shutdown, and how its parts fit together."""
