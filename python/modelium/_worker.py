"""``python -m modelium._worker``: the child process in which steps run. One request on stdin, events on stdout."""

from __future__ import annotations

import argparse
import sys

from modelium._pipeline import Pipeline


def main() -> int:
    """Serves one request and ends."""
    parser = argparse.ArgumentParser(prog="modelium._worker", description=__doc__)
    parser.add_argument("--onnxruntime", metavar="LIBRARY", help="the shared library of ONNX Runtime")
    return Pipeline(onnxruntime=parser.parse_args().onnxruntime)._engine.serve_worker()


if __name__ == "__main__":
    sys.exit(main())
