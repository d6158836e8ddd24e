"""Start here: `python app.py`, or `python app.py --check`."""

import sys
from pathlib import Path

from assistant.runtime.main import start

if __name__ == "__main__":
    sys.exit(start(Path(__file__).with_name(".env"), sys.argv[1:]))
