"""Weights beside the model: one file or many, parts of files, with and without a length."""

import hashlib

import numpy
from onnx import TensorProto as T
from onnx import helper, numpy_helper

from . import model, wrap

PAGE = 4096


def weight(name, values, location, **places):
    """A tensor whose elements lie at `location`; keys with a value of None are not written."""
    made = numpy_helper.from_array(values, name)
    made.ClearField("raw_data")
    made.data_location = T.EXTERNAL
    for key, value in {"location": location, **places}.items():
        if value is not None:
            made.external_data.add(key=key, value=str(value))
    return made


def floats(*dims, start=0):
    return numpy.arange(start, start + numpy.prod(dims), dtype=numpy.float32).reshape(dims)


def summed(name, tensors):
    """x + the sum of every weight, all of them [2, 3] or smaller."""
    nodes, last = [], "x"
    for index, tensor in enumerate(tensors):
        nodes.append(helper.make_node("Add", [last, tensor.name], [f"sum_{index}"]))
        last = f"sum_{index}"
    return wrap(helper.make_graph(
        nodes, name, [helper.make_tensor_value_info("x", T.FLOAT, [2, 3])],
        [helper.make_tensor_value_info(last, T.FLOAT, [2, 3])], initializer=tensors,
    ))


@model
def external_one_file():
    """Three tensors at page boundaries of one file; the gaps between them belong to nobody."""
    parts = [floats(2, 3), floats(3, start=10), floats(1, start=20)]
    data = b"".join(part.tobytes().ljust(PAGE, b"\xee") for part in parts[:-1]) + parts[-1].tobytes()
    tensors = [
        weight(f"w{index}", part, "weights.bin", offset=index * PAGE, length=part.nbytes)
        for index, part in enumerate(parts)
    ]
    return summed("one_file", tensors), {"weights.bin": data}


@model
def external_many_files():
    """A file for each tensor, one of them in a folder below, none with an offset or a length."""
    parts = {"w0.bin": floats(2, 3), "a folder/w 1.bin": floats(3, start=10), "größe.bin": floats(1, start=20)}
    tensors = [weight(f"w{index}", part, name) for index, (name, part) in enumerate(parts.items())]
    return summed("many_files", tensors), {name: part.tobytes() for name, part in parts.items()}


@model
def external_odd_offsets():
    """Back to back at offsets that fit no alignment; the order in the file is not that of the graph."""
    first, second, third = floats(2, 3), floats(3, start=10), floats(1, start=20)
    data = b"\x01" + third.tobytes() + b"\x02\x03" + first.tobytes() + second.tobytes()
    return summed("odd", [
        weight("first", first, "weights.bin", offset=7, length=24),
        weight("second", second, "weights.bin", offset=31, length=12),
        weight("third", third, "weights.bin", offset=1, length=4),
    ]), {"weights.bin": data}


@model
def external_without_length():
    """An offset and no length: the data runs to the end of the file."""
    part = floats(2, 3)
    tensors = [weight("w", part, "weights.bin", offset=16)]
    return summed("no_length", tensors), {"weights.bin": bytes(16) + part.tobytes()}


@model
def external_shared():
    """Two tensors that are the same bytes, as exporters write tied weights."""
    part = floats(2, 3)
    return summed("shared", [
        weight("w", part, "weights.bin", offset=0, length=24),
        weight("tied", part, "weights.bin", offset=0, length=24),
    ]), {"weights.bin": part.tobytes()}


@model
def external_mixed():
    """External beside raw and typed tensors; tensors in a subgraph and in an attribute; checksum; nothing at all."""
    part, inner, constant = floats(2, 3), floats(3, start=10), floats(2, 3, start=20)
    body = helper.make_graph(
        [helper.make_node("Add", ["x", "inner"], ["chosen"])], "with_weight", [],
        [helper.make_tensor_value_info("chosen", T.FLOAT, [2, 3])],
        initializer=[weight("inner", inner, "weights.bin", offset=24, length=12)],
    )
    other = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["kept"])], "without", [],
        [helper.make_tensor_value_info("kept", T.FLOAT, [2, 3])],
    )
    nodes = [
        helper.make_node("If", ["choose"], ["a"], then_branch=body, else_branch=other),
        helper.make_node(
            "Constant", [], ["k"], value=weight("constant", constant, "weights.bin", offset=36, length=24),
        ),
        helper.make_node("Sum", ["a", "k", "outer", "raw", "typed"], ["b"]),
        helper.make_node("Concat", ["b", "empty"], ["y"], axis=0),
    ]
    data = part.tobytes() + inner.tobytes() + constant.tobytes()
    checksum = hashlib.sha1(data).hexdigest()
    graph = helper.make_graph(
        nodes, "mixed",
        [helper.make_tensor_value_info("choose", T.BOOL, []), helper.make_tensor_value_info("x", T.FLOAT, [2, 3])],
        [helper.make_tensor_value_info("y", T.FLOAT, [2, 3])],
        initializer=[
            weight("outer", part, "weights.bin", offset=0, length=24, checksum=checksum),
            numpy_helper.from_array(floats(3), "raw"),
            helper.make_tensor("typed", T.FLOAT, [1], [0.5]),
            weight("empty", floats(0, 3), "weights.bin", offset=60, length=0),
        ],
    )
    return wrap(graph), {"weights.bin": data}


@model
def external_small_types():
    """Elements of four and two bits, and of two bytes, outside the model."""
    tensors = [
        weight("int4", numpy.zeros(0), "weights.bin", offset=0, length=2),
        weight("uint2", numpy.zeros(0), "weights.bin", offset=2, length=2),
        weight("bfloat16", numpy.zeros(0), "weights.bin", offset=4, length=4),
    ]
    for tensor, kind, count in zip(tensors, [T.INT4, T.UINT2, T.BFLOAT16], [3, 5, 2]):
        tensor.data_type, tensor.dims[:] = kind, [count]
    outputs = [helper.make_tensor_value_info(t.name, t.data_type, list(t.dims)) for t in tensors]
    graph = helper.make_graph([], "small", [], outputs, initializer=tensors)
    return wrap(graph, 25, 13), {"weights.bin": bytes([0x78, 0x0F, 0xE4, 0x01, 0x80, 0x3F, 0x00, 0xC0])}
