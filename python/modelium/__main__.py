"""``python -m modelium``."""

import sys

from modelium._cli import main

sys.exit(main())
