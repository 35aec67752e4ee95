"""The models that the benchmarks read: shaped like real ones, with random weights, written by the package onnx.

No PyTorch is needed, and nothing is downloaded. They are built once, below `build/bench/`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17


class Builder:
    """Collects nodes and initializers under running names."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(7)
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def weight(self, *shape: int) -> str:
        """A float32 initializer of small random numbers."""
        values = (self._random.standard_normal(shape, dtype=np.float32) * 0.02).astype(np.float32)
        return self.constant(values)

    def constant(self, values: np.ndarray) -> str:
        """An initializer of these values."""
        name = f"w{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(values, name))
        return name

    def node(self, op: str, *inputs: str, outputs: int = 1, **attributes: object) -> str:
        """Adds a node and returns the name of its first output."""
        names = [f"{op.lower()}_{len(self._nodes)}_{index}" for index in range(outputs)]
        name = f"/{op}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(op, list(inputs), names, name=name, **attributes))
        return names[0]

    def save(self, path: Path, inputs: list[onnx.ValueInfoProto], output: str, shape: list[object]) -> None:
        """Writes the model with one float32 output."""
        result = helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)
        graph = helper.make_graph(self._nodes, path.stem, inputs, [result], self._weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="benches")
        model.ir_version = 8
        onnx.save(model, path)


def resnet(path: Path) -> None:
    """ResNet-50's layers: 53 convolutions, 25.6 million parameters, about 98 MiB."""
    b = Builder()

    def conv(x: str, inside: int, outside: int, kernel: int, stride: int) -> str:
        pad = kernel // 2
        weight = b.weight(outside, inside, kernel, kernel)
        bias = b.weight(outside)
        return b.node("Conv", x, weight, bias, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4)

    x = b.node("Relu", conv("input", 3, 64, 7, 2))
    x = b.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    channels = 64
    for width, blocks, first_stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for block in range(blocks):
            stride = first_stride if block == 0 else 1
            y = b.node("Relu", conv(x, channels, width, 1, 1))
            y = b.node("Relu", conv(y, width, width, 3, stride))
            y = conv(y, width, width * 4, 1, 1)
            short = conv(x, channels, width * 4, 1, stride) if block == 0 else x
            x = b.node("Relu", b.node("Add", y, short))
            channels = width * 4
    x = b.node("Flatten", b.node("GlobalAveragePool", x))
    x = b.node("Gemm", x, b.weight(1000, 2048), b.weight(1000), transB=1)
    image = helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 3, 224, 224])
    b.save(path, [image], x, ["batch", 1000])


def bert(path: Path) -> None:
    """BERT-base's layers as an exporter writes them, reshapes by shape arithmetic: about 418 MiB, 900 nodes."""
    b = Builder()
    hidden, heads, layers, vocabulary, positions = 768, 12, 12, 30522, 512
    width = hidden // heads

    def norm(x: str) -> str:
        mean = b.node("ReduceMean", x, axes=[-1])
        centred = b.node("Sub", x, mean)
        square = b.node("Pow", centred, b.constant(np.array(2.0, np.float32)))
        deviation = b.node("Sqrt", b.node("Add", b.node("ReduceMean", square, axes=[-1]), epsilon))
        return b.node("Add", b.node("Mul", b.node("Div", centred, deviation), b.weight(hidden)), b.weight(hidden))

    def linear(x: str, inside: int, outside: int) -> str:
        return b.node("Add", b.node("MatMul", x, b.weight(inside, outside)), b.weight(outside))

    def dim(x: str, axis: int) -> str:
        index = b.constant(np.array(axis, np.int64))
        return b.node("Unsqueeze", b.node("Gather", b.node("Shape", x), index, axis=0), zero)

    def split_heads(x: str, order: list[int]) -> str:
        shape = b.node("Concat", dim(x, 0), dim(x, 1), b.constant(np.array([heads, width], np.int64)), axis=0)
        return b.node("Transpose", b.node("Reshape", x, shape), perm=order)

    epsilon = b.constant(np.array(1e-12, np.float32))
    zero = b.constant(np.array([0], np.int64))
    scale = b.constant(np.array(np.sqrt(width), np.float32))
    words = b.node("Gather", b.weight(vocabulary, hidden), "input_ids")
    length = b.node("Gather", b.node("Shape", "input_ids"), b.constant(np.array(1, np.int64)), axis=0)
    start, step = b.constant(np.array(0, np.int64)), b.constant(np.array(1, np.int64))
    places = b.node("Gather", b.weight(positions, hidden), b.node("Range", start, length, step))
    x = norm(b.node("Add", words, places))
    for _ in range(layers):
        query = split_heads(linear(x, hidden, hidden), [0, 2, 1, 3])
        key = split_heads(linear(x, hidden, hidden), [0, 2, 3, 1])
        value = split_heads(linear(x, hidden, hidden), [0, 2, 1, 3])
        scores = b.node("Softmax", b.node("Div", b.node("MatMul", query, key), scale), axis=-1)
        mixed = b.node("Transpose", b.node("MatMul", scores, value), perm=[0, 2, 1, 3])
        shape = b.node("Concat", dim(mixed, 0), dim(mixed, 1), b.constant(np.array([hidden], np.int64)), axis=0)
        x = norm(b.node("Add", linear(b.node("Reshape", mixed, shape), hidden, hidden), x))
        inner = linear(x, hidden, 4 * hidden)
        root = b.constant(np.array(np.sqrt(2.0), np.float32))
        one, half = b.constant(np.array(1.0, np.float32)), b.constant(np.array(0.5, np.float32))
        gate = b.node("Add", b.node("Erf", b.node("Div", inner, root)), one)
        x = norm(b.node("Add", linear(b.node("Mul", b.node("Mul", inner, gate), half), 4 * hidden, hidden), x))
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "sequence"])
    b.save(path, [ids], x, ["batch", "sequence", hidden])


MODELS: dict[str, Callable[[Path], None]] = {"resnet50": resnet, "bert-base": bert}


def build(folder: Path) -> dict[str, Path]:
    """Builds what is not there yet; returns the paths by name."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.onnx" for name in MODELS}
    for name, path in paths.items():
        if not path.exists():
            partial = path.with_suffix(".partial")
            MODELS[name](partial)
            partial.rename(path)
    return paths
