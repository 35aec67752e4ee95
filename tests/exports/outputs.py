"""Runs a model in ONNX Runtime on the samples of its case and measures how far it is from what is expected."""

import pathlib

import numpy as np
import onnxruntime

TOLERANCE = 1e-4  # of the largest magnitude in the output


class Refused(Exception):
    """ONNX Runtime does not load the model, or does not run it."""


def run(path: pathlib.Path, folder: pathlib.Path) -> list[dict[str, np.ndarray]]:
    """The outputs by name for each `inputs_<i>.npz` of the folder.

    Without ONNX Runtime's own optimisation, which would hide from us what the model says.
    """
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        names = [output.name for output in session.get_outputs()]
        wanted = {given.name for given in session.get_inputs()}
        results = []
        for sample in sorted(folder.glob("inputs_*.npz")):
            inputs = {name: array for name, array in np.load(sample).items() if name in wanted}
            results.append(dict(zip(names, session.run(None, inputs), strict=True)))
    except Exception as error:  # the runtime has many kinds, and not one base
        raise Refused(str(error).strip().splitlines()[0][:200]) from error
    return results


def expected(folder: pathlib.Path) -> list[dict[str, np.ndarray]]:
    """What PyTorch gave for the same samples."""
    return [dict(np.load(sample)) for sample in sorted(folder.glob("outputs_*.npz"))]


def distance(found: list[dict[str, np.ndarray]], wanted: list[dict[str, np.ndarray]]) -> float:
    """The largest difference, relative to the largest magnitude of its output; infinite where shapes, types, names or
    integers differ."""
    worst = 0.0
    for results, references in zip(found, wanted, strict=True):
        if list(results) != list(references):
            return float("inf")
        for name, b in references.items():
            a = results[name]
            if a.shape != b.shape or a.dtype != b.dtype:
                return float("inf")
            if a.size == 0 or np.array_equal(a, b, equal_nan=a.dtype.kind == "f"):
                continue
            if a.dtype.kind != "f" or not np.array_equal(np.isfinite(a), np.isfinite(b)):
                return float("inf")
            finite = np.isfinite(b)
            a, b = a[finite].astype(np.float64), b[finite].astype(np.float64)
            worst = max(worst, float(np.abs(a - b).max() / max(np.abs(b).max(), 1e-30)))
    return worst
