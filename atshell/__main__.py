"""``python -m atshell``."""

import sys

from atshell.cli import main

if __name__ == "__main__":
    sys.exit(main())
