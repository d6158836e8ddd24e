"""The program: its command line, its life from login to hand-over, and how its parts are put together."""
