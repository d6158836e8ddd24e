"""Start here: `python app.py`, or `python app.py --check`."""

import sys
from pathlib import Path

from assistant.runtime.entry_point import begin

if __name__ == "__main__":
    sys.exit(begin(Path(__file__).with_name(".env")))
