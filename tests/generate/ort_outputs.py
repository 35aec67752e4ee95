"""Writes backends/ort/tests/expected: what ONNX Runtime gives when Python runs the corpus, and tiny models of each type.

    python ort_outputs.py            writes outputs.json and identity/
    python ort_outputs.py --check    writes nothing; exits 1 if a committed file differs

Numbers depend on the processor in their last bits: `--check` is for the machine that wrote them.
"""

import json

import numpy
import onnxruntime
from onnx import TensorProto, helper

from output import REPOSITORY, deliver

CORPUS = REPOSITORY / "tests/corpus/onnx"
DTYPES = {
    "tensor(float)": "float32", "tensor(double)": "float64", "tensor(int64)": "int64", "tensor(int32)": "int32",
    "tensor(bool)": "bool", "tensor(string)": "string", "tensor(uint8)": "uint8", "tensor(int8)": "int8",
}  # fmt: skip
SIZES = {"sequence": 3, "k": 3}
IDENTITIES = [
    "BOOL", "INT4", "INT8", "INT16", "INT32", "INT64", "UINT4", "UINT8", "UINT16", "UINT32", "UINT64",
    "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ", "FLOAT16", "BFLOAT16", "FLOAT", "DOUBLE",
    "FLOAT4E2M1", "FLOAT8E8M0", "INT2", "UINT2", "STRING", "COMPLEX64",
]  # fmt: skip
# Types that have no kernel: the model gives its input back.
WITHOUT_KERNEL = ["INT4", "UINT4", "INT2", "UINT2", "FLOAT4E2M1", "FLOAT8E8M0"]


def tensor(array):
    """A tensor as JSON has it: strings as they are, all else as bytes in hexadecimal."""
    if array.dtype.kind in "OUS":
        return {"dtype": "string", "dims": list(array.shape), "strings": [str(item) for item in array.flat]}
    return {"dtype": array.dtype.name, "dims": list(array.shape), "bytes": array.tobytes().hex()}


def sample(port, random):
    """Values that every model of the corpus takes; sizes by the name of the dimension."""
    dims = [dim if isinstance(dim, int) else SIZES.get(dim, 2) for dim in port.shape]
    match DTYPES[port.type]:
        case "float32" | "float64" as dtype:
            return random.standard_normal(dims).astype(dtype)
        case "bool":
            return numpy.ones(dims, bool)
        case "string":
            return numpy.full(dims, "a", object)
        case dtype:
            return random.integers(1, 3, dims).astype(dtype)


def run(path):
    """What loading and running gives."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001  (each refusal of the library is a class of its own)
        return {"refused": type(error).__name__}
    ports = session.get_inputs() + session.get_outputs()
    signature = {
        "inputs": [[port.name, port.type, port.shape] for port in session.get_inputs()],
        "outputs": [[port.name, port.type, port.shape] for port in session.get_outputs()],
    }
    unread = [port.name for port in ports if port.type not in DTYPES]
    if unread:
        return signature | {"unread": unread}
    random = numpy.random.default_rng(7)
    feed = {port.name: sample(port, random) for port in session.get_inputs()}
    outputs = session.run(None, feed)
    named = zip((port.name for port in session.get_outputs()), outputs)
    sparse = [name for name, output in named if "SparseTensor" in type(output).__name__]
    if sparse:
        return signature | {"unread": sparse}
    given = {name: tensor(numpy.ascontiguousarray(array).reshape(array.shape)) for name, array in feed.items()}
    return signature | {"given": given, "got": [tensor(numpy.asarray(output)) for output in outputs]}


def identity(name):
    """`y = Identity(x)` of one element type, of any rank."""
    dtype = getattr(TensorProto, name)
    nodes, given = [helper.make_node("Identity", ["x"], ["y"])], "y"
    if name in WITHOUT_KERNEL:
        nodes, given = [], "x"
    ports = [helper.make_tensor_value_info(side, dtype, None) for side in ("x", given)]
    graph = helper.make_graph(nodes, "identity", ports[:1], ports[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    return model.SerializeToString(deterministic=True)


def nested_sequence():
    """A sequence of sequences, given back: a type that bindings forget."""
    inner = helper.make_sequence_type_proto(helper.make_tensor_type_proto(TensorProto.FLOAT, [1]))
    port = helper.make_value_info("x", helper.make_sequence_type_proto(inner))
    graph = helper.make_graph([], "nested", [port], [port])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    return model.SerializeToString(deterministic=True)


def main():
    paths = sorted([*CORPUS.glob("*.onnx"), *CORPUS.glob("*/model.onnx")])
    paths.append(REPOSITORY / "examples/models/digits/digits.onnx")
    models = {path.relative_to(REPOSITORY).as_posix(): run(path) for path in paths}
    files = {f"identity/{name.lower()}.onnx": identity(name) for name in IDENTITIES}
    files["nested_sequence.onnx"] = nested_sequence()
    lines = (f"{json.dumps(name)}: {json.dumps(model)}" for name, model in models.items())
    document = f'{{"onnxruntime": "{onnxruntime.__version__}", "models": {{\n' + ",\n".join(lines) + "\n}}\n"
    files["outputs.json"] = document.encode()
    deliver(__doc__, "backends/ort/tests/expected", files)


if __name__ == "__main__":
    main()
