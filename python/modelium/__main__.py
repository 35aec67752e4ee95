"""``python -m modelium``."""

import sys

from modelium._cli import main

if __name__ == "__main__":
    sys.exit(main())
