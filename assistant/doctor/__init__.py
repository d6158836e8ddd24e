"""`python app.py --check`: what is right and what is wrong, here and with everything the assistant needs.

Each module finds out about one thing. No session is started on Discord, so a check costs no IDENTIFY.
"""
