"""`make run`: the bot on Discord when there is a token; else the playground, or a scripted call in the sandbox."""

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import Final

from sandbox.tools.demo_call import make_demo_call
from sandbox.tools.dotenv_file import read_dotenv
from sandbox.tools.open_playground import open_playground

_ROOT: Final = Path(__file__).parents[2]


def main() -> int:
    """Start what there is to start; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.tools.run", description=__doc__)
    parser.add_argument("--sandbox", action="store_true", help="in the sandbox although there is a token")
    parser.add_argument("--script", action="store_true", help="a scripted call; also where there is no terminal")
    parser.add_argument("--no-browser", action="store_true", help="only print the playground's address")
    parser.add_argument("--heard", type=Path, default=_ROOT / "heard", help="folder for what was heard and the log")
    arguments = parser.parse_args()
    environment = read_dotenv(_ROOT / ".env")
    program = _ROOT / "app.py"
    if not arguments.sandbox:
        if "DISCORD_TOKEN" in environment:
            os.execv(sys.executable, [sys.executable, str(program)])
        print("There is no DISCORD_TOKEN (see .env.example), so this is a call in the sandbox.")
    print("Discord is a stand-in on 127.0.0.1; the bot is the one that ships, in its own process.")
    arguments.heard.mkdir(parents=True, exist_ok=True)
    if arguments.script or not sys.stdout.isatty():
        return asyncio.run(make_demo_call(program, environment, arguments.heard))
    log = arguments.heard / "bot.log"
    return asyncio.run(open_playground(program, environment, log, opens_browser=not arguments.no_browser))


if __name__ == "__main__":
    sys.exit(main())
