"""Simplifies every model of the official ONNX test suite and runs it again in ONNX Runtime.

    python suite.py SUITE [--only WORD…]

SUITE is what `tests/generate/onnx_suite.py` wrote. Needs modelium, onnx and onnxruntime: build/venv has them. Every
case that passes before has to pass after, at both levels; exits with 1 where one does not. Cases with sequences,
optionals and maps are among them, which Rust's own test of this (`backends/ort/tests/it/suite.rs`) cannot feed.
"""

import argparse
import json
import pathlib
import sys
import tempfile

import modelium
import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

LEVELS = ["portable", "onnxruntime"]


def value(path: pathlib.Path, declared: onnx.TypeProto):
    """A value of the suite as ONNX Runtime takes it."""
    data = path.read_bytes()
    kind = declared.WhichOneof("value")
    if kind == "tensor_type":
        return numpy_helper.to_array(onnx.TensorProto.FromString(data))
    if kind == "sequence_type":
        return numpy_helper.to_list(onnx.SequenceProto.FromString(data))
    if kind == "optional_type":
        return numpy_helper.to_optional(onnx.OptionalProto.FromString(data))
    if kind == "map_type":
        return numpy_helper.to_dict(onnx.MapProto.FromString(data))
    raise ValueError(f"nothing reads {kind}")


def sets(folder: pathlib.Path, model: onnx.ModelProto) -> list[tuple[dict, list]]:
    """Inputs by name and expected outputs, set by set."""
    found = []
    for data in sorted(folder.glob("test_data_set_*")):
        given = [(port.name, data / f"input_{at}.pb", port.type) for at, port in enumerate(model.graph.input)]
        inputs = {name: value(path, declared) for name, path, declared in given if path.exists()}
        due = [(data / f"output_{at}.pb", port.type) for at, port in enumerate(model.graph.output)]
        found.append((inputs, [value(path, declared) for path, declared in due if path.exists()]))
    return found


def equal(found, due, rtol: float, atol: float) -> bool:
    """numpy's `allclose` through lists and maps; types and shapes have to be the same."""
    if isinstance(due, list):
        same = isinstance(found, list) and len(found) == len(due)
        return same and all(equal(a, b, rtol, atol) for a, b in zip(found, due, strict=True))
    if isinstance(due, dict):
        return found.keys() == due.keys() and all(equal(found[key], due[key], rtol, atol) for key in due)
    if due is None or found is None:
        return found is due
    found, due = np.asarray(found), np.asarray(due)
    if found.shape != due.shape or found.dtype != due.dtype and due.dtype.kind in "fiub":
        return False
    if due.dtype.kind in "OUS":
        return bool(np.array_equal(found, due))
    return bool(
        np.allclose(
            found.astype(np.complex128 if due.dtype.kind == "c" else np.float64),
            due.astype(np.complex128 if due.dtype.kind == "c" else np.float64),
            rtol=rtol,
            atol=atol,
            equal_nan=True,
        )
    )


def failure(path: pathlib.Path, cases: list, tolerance: dict) -> str | None:
    """Why the model does not pass; None if it does."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        for inputs, due in cases:
            found = session.run(None, inputs)
            if len(found) < len(due) or not all(equal(a, b, **tolerance) for a, b in zip(found, due, strict=False)):
                return "other values"
    except Exception as error:  # the runtime has many kinds, and not one base
        return str(error).strip().splitlines()[0][:200]
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=pathlib.Path)
    parser.add_argument("--only", nargs="*", default=[], help="words, one of which the name has to begin with")
    given = parser.parse_args()
    passed, total, wrong = 0, 0, []
    for folder in sorted(given.suite.iterdir()):
        if not (folder / "model.onnx").exists() or given.only and not folder.name.startswith(tuple(given.only)):
            continue
        facts = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        try:
            cases = sets(folder, onnx.load(folder / "model.onnx"))
        except Exception as error:  # types that numpy lacks
            print(f"{folder.name}: not read: {error}")
            continue
        tolerance = {"rtol": facts["rtol"], "atol": facts["atol"]}
        total += bool(cases)
        if not cases or failure(folder / "model.onnx", cases, tolerance) is not None:
            continue
        passed += 1
        for level in LEVELS:
            with tempfile.TemporaryDirectory() as scratch:
                out = pathlib.Path(scratch) / "model.onnx"
                try:
                    modelium.simplify(folder / "model.onnx", out, level=level)
                    reason = failure(out, cases, tolerance)
                except modelium.Error as error:
                    reason = str(error)
            if reason is not None:
                wrong.append(f"{folder.name} ({level}): {reason}")
    print("".join(f"{line}\n" for line in wrong), end="")
    print(f"{passed} of {total} cases pass in ONNX Runtime before; after, at {len(LEVELS)} levels, {len(wrong)} do not")
    return int(bool(wrong) or not passed)


if __name__ == "__main__":
    sys.exit(main())
