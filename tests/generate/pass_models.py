"""Writes tests/corpus/passes: small models that passes rewrite, for backends/ort/tests/it/passes.rs to run before and after.

    python pass_models.py            writes the folder
    python pass_models.py --check    writes nothing; exits 1 if a committed file differs
"""

import numpy
from onnx import TensorProto, helper, numpy_helper

from output import deliver

RANDOM = numpy.random.default_rng(0)
FILES = {}


def floats(*dims):
    return RANDOM.standard_normal(dims).astype(numpy.float32)


def statistics(channels):
    """Scale, shift, mean and variance of a batch normalisation."""
    names = ("scale", "shift", "mean")
    return {name: floats(channels) for name in names} | {"variance": numpy.abs(floats(channels)) + 0.5}


def case(name, inputs, nodes, outputs, constants):
    """A model; inputs are dimensions by name."""
    graph = helper.make_graph(
        [helper.make_node(op, ins, outs, **attributes) for op, ins, outs, attributes in nodes],
        name,
        [helper.make_tensor_value_info(port, TensorProto.FLOAT, dims) for port, dims in inputs.items()],
        [helper.make_tensor_value_info(port, TensorProto.FLOAT, dims) for port, dims in outputs.items()],
        [numpy_helper.from_array(array, constant) for constant, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    FILES[f"{name}.onnx"] = model.SerializeToString(deterministic=True)


NORM = ("scale", "shift", "mean", "variance")
case(
    "linear_norm",
    {"x": ["batch", "length", 6]},
    [
        ("MatMul", ["x", "w"], ["p"], {}),
        ("Add", ["p", "b"], ["a"], {}),
        ("Transpose", ["a"], ["t"], {"perm": [0, 2, 1]}),
        ("BatchNormalization", ["t", *NORM], ["n"], {"epsilon": 1e-3}),
        ("Relu", ["n"], ["y"], {}),
    ],
    {"y": ["batch", 4, "length"]},
    {"w": floats(6, 4), "b": floats(4), **statistics(4)},
)
case(
    "image_norm",
    {"x": ["batch", "height", "width", 6]},
    [
        ("MatMul", ["x", "w"], ["p"], {}),
        ("Transpose", ["p"], ["t"], {"perm": [0, 3, 1, 2]}),
        ("BatchNormalization", ["t", *NORM], ["y"], {}),
    ],
    {"y": ["batch", 4, "height", "width"]},
    {"w": floats(6, 4), **statistics(4)},
)
case(
    "rows_norm",
    {"x": ["batch", 6, "length"]},
    [("MatMul", ["w", "x"], ["p"], {}), ("BatchNormalization", ["p", *NORM], ["y"], {})],
    {"y": ["batch", 4, "length"]},
    {"w": floats(4, 6), **statistics(4)},
)
case(
    "split_part",
    {"x": ["batch", 7]},
    [("Split", ["x"], ["a", "b", "c"], {"axis": 1, "num_outputs": 3}), ("Relu", ["c"], ["y"], {})],
    {"y": ["batch", 1]},
    {},
)
case(
    "several_outputs",
    {"x": ["batch", 3]},
    [
        ("Split", ["w", "sizes"], ["a", "b"], {"axis": 0}),
        ("TopK", ["b", "k"], ["values", "places"], {"axis": 1}),
        ("Gather", ["x", "row"], ["g"], {"axis": 1}),
        ("Cast", ["places"], ["f"], {"to": TensorProto.FLOAT}),
        ("Add", ["x", "a"], ["s"], {}),
        ("Mul", ["s", "values"], ["m"], {}),
        ("Add", ["m", "f"], ["n"], {}),
        ("Sub", ["n", "g"], ["y"], {}),
    ],
    {"y": ["batch", 3]},
    {
        "w": floats(2, 3),
        "sizes": numpy.array([1, 1]),
        "k": numpy.array([3]),
        "row": numpy.array([1]),
    },
)
deliver(__doc__, "tests/corpus/passes", FILES)
