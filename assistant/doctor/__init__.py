"""`python app.py --check`: checks the settings, this machine and every service the bot uses.

One module for each thing that is checked. No gateway session is started, so a check costs no IDENTIFY.
"""
