"""Writes build/infer: what types the values of real exports have when they run, and what other tools infer of them.

    python infer_truth.py [names…]      with build/venv-export; needs build/corpus

One file for each export of build/corpus, read by modelium-core/tests/it/infer_exports.rs:

    runs    the two sets of inputs beside the model, run by ONNX Runtime with every value exposed: {inputs, values},
            each {name: [dtype, dims]}
    onnx    what onnx.shape_inference infers with data propagation: {name: [dtype or null, dims or null]}
    ort     the same of onnxruntime.tools.symbolic_shape_infer; null where it fails
    times   seconds of the processor that each took
"""

import json
import sys
import time
from pathlib import Path

import numpy
import onnx
import onnxruntime
from onnxruntime.tools.symbolic_shape_infer import SymbolicShapeInference

REPOSITORY = Path(__file__).resolve().parents[2]
CORPUS = REPOSITORY / "build/corpus"
OUT = REPOSITORY / "build/infer"


def run(model, inputs):
    """Every tensor of the main graph, by name."""
    exposed = onnx.ModelProto()
    exposed.CopyFrom(model)
    named = {output.name for output in exposed.graph.output}
    for node in exposed.graph.node:
        for name in node.output:
            if name and name not in named:
                named.add(name)
                exposed.graph.output.append(onnx.ValueInfoProto(name=name))
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(exposed.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    results = session.run(names, inputs)
    arrays = {name: array for name, array in zip(names, results, strict=True) if isinstance(array, numpy.ndarray)}
    return {name: [array.dtype.name, list(array.shape)] for name, array in arrays.items()}


def types(model):
    """What a model says of its values: dims are numbers, texts, or null."""
    found = {}
    for value in [*model.graph.value_info, *model.graph.output]:
        if not value.type.HasField("tensor_type"):
            continue
        tensor = value.type.tensor_type
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type).name if tensor.elem_type else None
        dims = None
        if tensor.HasField("shape"):
            dims = [dim.dim_value if dim.HasField("dim_value") else (dim.dim_param or None) for dim in tensor.shape.dim]
        found[value.name] = [dtype, dims]
    return found


def timed(times, name, infer, model):
    """What a tool infers; null where it fails."""
    start = time.process_time()
    try:
        result = types(infer(model))
    except Exception as error:  # whatever it is, it is its answer
        print(f"  {name}: {type(error).__name__}: {str(error)[:100]}")
        result = None
    times[name] = round(time.process_time() - start, 4)
    return result


def truth(folder):
    model = onnx.load(folder / "model.onnx")
    sets = [dict(numpy.load(folder / f"inputs_{index}.npz")) for index in (0, 1)]
    # What writers left of inferred types would be told again as their own.
    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    del bare.graph.value_info[:]
    times = {}
    return {
        "nodes": len(model.graph.node),
        "runs": [
            {
                "inputs": {name: [array.dtype.name, list(array.shape)] for name, array in inputs.items()},
                "values": run(model, inputs),
            }
            for inputs in sets
        ],
        "onnx": timed(times, "onnx", lambda model: onnx.shape_inference.infer_shapes(model, data_prop=True), bare),
        "ort": timed(times, "ort", lambda model: SymbolicShapeInference.infer_shapes(model, auto_merge=True), bare),
        "times": times,
    }


def main(names):
    OUT.mkdir(exist_ok=True)
    for folder in sorted(CORPUS.iterdir()):
        out = OUT / f"{folder.name}.json"
        if not (folder / "inputs_1.npz").exists() or names and folder.name not in names or out.exists() and not names:
            continue
        print(folder.name, flush=True)
        try:
            out.write_text(json.dumps(truth(folder)))
        except Exception as error:  # one export that does not run does not stop the others
            print(f"  {type(error).__name__}: {str(error)[:200]}")


if __name__ == "__main__":
    main(sys.argv[1:])
