"""Writes tests/corpus/eval: models of few nodes, each with its inputs and with what ONNX Runtime makes of them.

    python eval_cases.py            writes the folder
    python eval_cases.py --check    writes nothing; exits 1 if a committed file differs

They are about what the official suite lacks: old versions of operators, control flow, and `ai.onnx.ml`. Inputs are
initializers of their names. Expected outputs are initializers that no node reads: `expected/0` is the first output, and
below it `/0` the first element of a sequence, `/keys` and `/values` the parts of a map. `given/x/keys` and
`given/x/values` are the parts of input `x`, a map. The last bits depend on the processor: `--check` is for the machine that
wrote them.
"""

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import eval_ml
import eval_movement
from output import deliver

FILES = {}


def constants(path, value):
    """A value as initializers."""
    if isinstance(value, list):
        return [tensor for index, item in enumerate(value) for tensor in constants(f"{path}/{index}", item)]
    if isinstance(value, dict):
        keys, values = numpy.array(list(value)), numpy.array(list(value.values()))
        if values.dtype == numpy.float64:
            values = values.astype(numpy.float32)
        return constants(f"{path}/keys", keys) + constants(f"{path}/values", values)
    array = numpy.asarray(value)
    if array.dtype.kind == "U":
        array = array.astype(object)
    return [numpy_helper.from_array(array, path)]


def map_type(value):
    key, item = next(iter(value.items()))
    item = {str: TensorProto.STRING, int: TensorProto.INT64}.get(type(item), TensorProto.FLOAT)
    return helper.make_map_type_proto(
        TensorProto.STRING if isinstance(key, str) else TensorProto.INT64, helper.make_tensor_type_proto(item, None)
    )


def case(name, nodes, feeds, opset=21, ml=None, outputs=1):
    """Runs a graph and keeps it with what it gave. Outputs of the last node are those of the graph."""
    nodes = nodes if isinstance(nodes, list) else [nodes]
    inputs = []
    for key, value in feeds.items():
        if isinstance(value, dict):
            inputs.append(helper.make_value_info(key, map_type(value)))
        else:
            dtype = helper.np_dtype_to_tensor_dtype(value.dtype) if value.dtype.kind not in "OU" else TensorProto.STRING
            inputs.append(helper.make_tensor_value_info(key, dtype, value.shape))
    names = [output for output in nodes[-1].output if output][:outputs] if outputs else list(nodes[-1].output)
    graph = helper.make_graph(nodes, name, inputs, [onnx.ValueInfoProto(name=output) for output in names])
    opsets = [helper.make_opsetid("", opset)] + ([helper.make_opsetid("ai.onnx.ml", ml)] if ml else [])
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        results = session.run(None, feeds)
    except Exception as error:
        raise RuntimeError(f"{name}: {error}") from error
    for index, result in enumerate(results):
        model.graph.initializer.extend(constants(f"expected/{index}", result))
    for key, value in feeds.items():
        model.graph.initializer.extend(constants(f"given/{key}" if isinstance(value, dict) else key, value))
    FILES[f"{name}.onnx"] = model.SerializeToString(deterministic=True)


if __name__ == "__main__":
    eval_movement.write(case)
    eval_ml.write(case)
    deliver(__doc__, "tests/corpus/eval", FILES)
