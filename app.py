"""Start here: `python app.py`."""

import sys
from pathlib import Path

from assistant.start import start

if __name__ == "__main__":
    sys.exit(start(Path(__file__).with_name(".env")))
