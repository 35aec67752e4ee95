"""One measured piece of work on a graph by the tools that people use for it, in a process of its own.

What starts from a model in memory is timed from there, as it is for modelium. Prints one JSON line: seconds, and the
growth of resident memory, current and peak, in bytes.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from peer import memory


def check(model: str, _: str) -> float:
    """The official checker, types and shapes included."""
    import onnx.checker

    proto = onnx.load(model)
    return timed(lambda: onnx.checker.check_model(proto, full_check=True))


def infer(model: str, _: str) -> float:
    """The official inference, with values of shape arithmetic."""
    import onnx.shape_inference

    proto = onnx.load(model)
    return timed(lambda: onnx.shape_inference.infer_shapes(proto, data_prop=True))


def symbolic(model: str, _: str) -> float:
    """ONNX Runtime's inference with symbols."""
    import onnx
    from onnxruntime.tools.symbolic_shape_infer import SymbolicShapeInference

    proto = onnx.load(model)
    return timed(lambda: SymbolicShapeInference.infer_shapes(proto, auto_merge=True))


def onnxsim(model: str, _: str) -> float:
    """onnxsim on a model in memory."""
    import onnx
    import onnxsim as tool

    proto = onnx.load(model)
    return timed(lambda: tool.simplify(proto))


def onnxsim_save(model: str, out: str) -> float:
    """onnxsim from file to file."""
    import onnx
    import onnxsim as tool

    return timed(lambda: onnx.save(tool.simplify(onnx.load(model))[0], out))


def onnxslim(model: str, _: str) -> float:
    """onnxslim on a model in memory."""
    import onnx
    import onnxslim as tool

    proto = onnx.load(model)
    return timed(lambda: tool.slim(proto))


def evaluate(model: str, samples: str) -> float:
    """The official reference evaluator, the second run."""
    import numpy as np
    from onnx.reference import ReferenceEvaluator

    evaluator = ReferenceEvaluator(model)
    return again(lambda inputs: evaluator.run(None, inputs), dict(np.load(samples)))


def ort(model: str, samples: str) -> float:
    """ONNX Runtime on one thread, the second run."""
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return again(lambda inputs: session.run(None, inputs), dict(np.load(samples)))


def again(work: Callable[[Any], Any], inputs: Any) -> float:
    """Seconds of the second time."""
    work(inputs)
    return timed(lambda: work(inputs))


def timed(work: Callable[[], Any]) -> float:
    """Seconds of the work alone."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    listed = (check, infer, symbolic, onnxsim, onnxsim_save, onnxslim, evaluate, ort)
    works = {work.__name__: work for work in listed}
    before = memory()[0]
    seconds = works[sys.argv[1]](sys.argv[2], sys.argv[3])
    now, peak = memory()
    print(json.dumps({"seconds": seconds, "resident": now - before, "peak": peak - before}))
