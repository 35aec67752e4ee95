"""``python -m modelium._worker``: the child process in which a step runs. One request on stdin, events on stdout."""

from __future__ import annotations

import sys

from modelium._pipeline import Pipeline


def main() -> int:
    """Serves one request and ends."""
    return Pipeline()._engine.serve_worker()


if __name__ == "__main__":
    sys.exit(main())
