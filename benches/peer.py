"""One measured piece of work of the peer, the package onnx, in a process of its own.

Prints one JSON line: seconds and the growth of resident memory, current and peak, in bytes.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def memory() -> tuple[int, int]:
    """Resident bytes now, and at the peak."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    return tuple(int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))  # type: ignore[return-value]


def load(model: str, _: str) -> object:
    """Reads the model."""
    return onnx.load(model)


def describe(model: str, _: str) -> object:
    """Reads the model and infers shapes: what operator and parameter counts with shapes take."""
    proto = onnx.load(model)
    operators: dict[str, int] = {}
    for node in proto.graph.node:
        operators[node.op_type] = operators.get(node.op_type, 0) + 1
    parameters = sum(int(np.prod(list(tensor.dims))) for tensor in proto.graph.initializer)
    return onnx.shape_inference.infer_shapes(proto), operators, parameters


def copy(model: str, out: str) -> object:
    """Reads the model and writes it again."""
    onnx.save(onnx.load(model), out)
    return None


if __name__ == "__main__":
    import numpy as np
    import onnx
    import onnx.shape_inference

    work = {"open": load, "describe": describe, "copy": copy}[sys.argv[1]]
    before = memory()[0]
    start = time.perf_counter()
    kept = work(sys.argv[2], sys.argv[3])
    seconds = time.perf_counter() - start
    now, peak = memory()
    print(json.dumps({"seconds": seconds, "resident": now - before, "peak": peak - before}))
