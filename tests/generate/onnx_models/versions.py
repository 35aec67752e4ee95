"""The same few computations in every version of the format that is still met."""

import numpy
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

from . import model, wrap


def newest_opset(ir_version):
    """The newest opset that was published together with an IR version."""
    return max(row[2] for row in helper.VERSION_TABLE if row[1] == ir_version)


@model
def ir():
    """From 3, where each initializer had to be an input too, to the newest."""
    for ir_version in range(3, onnx.IR_VERSION + 1):
        initializers = [
            helper.make_tensor("w", T.FLOAT, [2, 3], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
            helper.make_tensor("b", T.FLOAT, [3], [0.5, 0.0, -0.5]),
        ]
        inputs = [helper.make_tensor_value_info("x", T.FLOAT, [4, 2])]
        if ir_version == 3:
            inputs += [helper.make_tensor_value_info(t.name, T.FLOAT, list(t.dims)) for t in initializers]
        graph = helper.make_graph(
            [helper.make_node("Gemm", ["x", "w", "b"], ["a"]), helper.make_node("Relu", ["a"], ["y"])],
            f"ir_{ir_version}", inputs, [helper.make_tensor_value_info("y", T.FLOAT, [4, 3])],
            initializer=initializers,
        )
        yield f"{ir_version:02}", wrap(graph, newest_opset(ir_version), ir_version)


class Writer:
    """Adds nodes in the form that an opset wants them: a setting is an attribute in one, an input in another."""

    def __init__(self, opset):
        self.opset = opset
        self.nodes = []
        self.initializers = []

    def constant(self, values, dtype=numpy.int64):
        name = f"c{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(numpy.array(values, dtype=dtype), name))
        return name

    def add(self, op_type, inputs, outputs=None, *, since=99, attributes=None, settings=None, **always):
        """`attributes` before opset `since`, the constants `settings` as further inputs from it on."""
        if self.opset < since:
            always |= attributes or {}
        else:
            inputs = inputs + [self.constant(*setting) for setting in settings]
        outputs = outputs or [f"v{len(self.nodes)}"]
        self.nodes.append(helper.make_node(op_type, inputs, outputs, **always))
        return outputs[0]


def newcomers(to, x):
    """Operators that came with the newest opsets, each on a [2, 4] input."""
    if to.opset >= 20:
        to.add("Gelu", [x], ["gelu"], approximate="tanh")
        yield "gelu", [2, 4]
    if to.opset >= 23:
        to.add("RMSNormalization", [x, to.constant([1, 1, 1, 1], numpy.float32)], ["rms"], axis=-1)
        yield "rms", [2, 4]
        heads = to.add("Reshape", [x, to.constant([1, 1, 2, 4])])
        to.add("Attention", [heads, heads, heads], ["attention"], is_causal=1)
        yield "attention", [1, 1, 2, 4]
    if to.opset >= 24:
        to.add("Swish", [x], ["swish"], alpha=0.5)
        yield "swish", [2, 4]
    if to.opset >= 26:
        to.add("CumProd", [x, to.constant(1)], ["products"])
        yield "products", [2, 4]
    if to.opset >= 27:
        rows = to.add("Reshape", [x, to.constant([1, 2, 4])])
        to.add(
            "LinearAttention", [rows, rows, rows], ["linear", "state"],
            q_num_heads=1, kv_num_heads=1, update_rule="linear",
        )
        yield "linear", [1, 2, 4]


def everyday(to):
    """Operators whose form has changed most, one after the other, on a [1, 4, 4, 4] input."""
    ones, zeros = to.constant([1] * 4, numpy.float32), to.constant([0] * 4, numpy.float32)
    x = to.add("BatchNormalization", ["x", ones, zeros, zeros, ones], epsilon=1e-3)
    x = to.add("Dropout", [x], since=12, attributes={"ratio": 0.5}, settings=[(0.5, numpy.float32)])
    x = to.add(
        "Clip", [x], since=11, attributes={"min": -1.0, "max": 1.0},
        settings=[(-1.0, numpy.float32), (1.0, numpy.float32)],
    )
    x = to.add(
        "Pad", [x], since=11, attributes={"pads": [0, 0, 1, 1, 0, 0, 1, 1]}, settings=[([0, 0, 1, 1, 0, 0, 1, 1],)],
        mode="constant",
    )
    x = to.add(
        "Slice", [x], since=10, attributes={"axes": [2, 3], "starts": [0, 1], "ends": [4, 5]},
        settings=[([0, 1],), ([4, 5],), ([2, 3],)],
    )
    scales = [1.0, 1.0, 2.0, 2.0]
    if to.opset < 10:
        x = to.add(
            "Upsample", [x], since=9, attributes={"scales": scales}, settings=[(scales, numpy.float32)], mode="nearest",
        )
    else:
        region = [([], numpy.float32)] if to.opset >= 11 else []
        x = to.add("Resize", [x], since=0, settings=[*region, (scales, numpy.float32)], mode="nearest")
    x = to.add("AveragePool", [x], kernel_shape=[2, 2], strides=[2, 2])
    x = to.add("ReduceMean", [x], since=18, attributes={"axes": [2]}, settings=[([2],)], keepdims=1)
    x = to.add("ReduceSum", [x], since=13, attributes={"axes": [3]}, settings=[([3],)], keepdims=1)
    x = to.add("Squeeze", [x], since=13, attributes={"axes": [2, 3]}, settings=[([2, 3],)])
    x = to.add("Unsqueeze", [x], since=13, attributes={"axes": [2]}, settings=[([2],)])
    x = to.add("Softmax", [x], axis=1)
    x = to.add("Cast", [x], to=T.DOUBLE)
    x = to.add("Cast", [x], to=T.FLOAT)
    x = to.add("Flatten", [x], axis=1)
    to.add("TopK", [x], ["top", "where"], since=10, attributes={"k": 2}, settings=[([2],)], axis=1)
    if to.opset < 18:
        to.add("Split", [x], ["left", "right"], since=13, attributes={"split": [2, 2]}, settings=[([2, 2],)], axis=1)
    else:
        to.add("Split", [x], ["left", "right"], axis=1, num_outputs=2)
    return to.add("Concat", ["left", "right"], ["y"], axis=0)


@model
def opset():
    """From 7 to the newest."""
    for version in range(7, onnx.defs.onnx_opset_version() + 1):
        to = Writer(version)
        y = everyday(to)
        outputs = [(y, [2, 2]), ("top", [1, 2]), *newcomers(to, to.add("Concat", ["y", "y"], axis=1))]
        graph = helper.make_graph(
            to.nodes, f"opset_{version}", [helper.make_tensor_value_info("x", T.FLOAT, [1, 4, 4, 4])],
            [helper.make_tensor_value_info(name, T.FLOAT, shape) for name, shape in outputs],
            initializer=to.initializers,
        )
        ir_version = min(row[1] for row in helper.VERSION_TABLE if row[2] >= version)
        yield f"{version:02}", wrap(graph, version, max(ir_version, 4))
