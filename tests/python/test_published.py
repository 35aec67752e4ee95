"""Published counts, of graphs with the layers of the original models. The weights are holes in a file."""

from __future__ import annotations

from pathlib import Path

import modelium as ml
import onnx
import pytest
from onnx import TensorProto, helper


class Network:
    """Layers as torchvision has them, exported without folding anything."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.size = 0
        #: running means and variances: stored, and not learnt
        self.statistics = 0

    def weight(self, *shape: int) -> str:
        count = 1
        for size in shape:
            count *= size
        tensor = TensorProto(name=f"w{len(self.weights)}", data_type=TensorProto.FLOAT, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", "weights.bin"), ("offset", self.size), ("length", 4 * count)):
            tensor.external_data.add(key=key, value=str(value))
        self.size += 4 * count
        self.weights.append(tensor)
        return tensor.name

    def node(self, op: str, *inputs: str, **attributes: object) -> str:
        output = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def conv(self, x: str, inside: int, outside: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> str:
        """A convolution without bias, and its batch normalisation."""
        pads, strides = [kernel // 2] * 4, [stride] * 2
        weight = self.weight(outside, inside // groups, kernel, kernel)
        x = self.node("Conv", x, weight, kernel_shape=[kernel] * 2, pads=pads, strides=strides, group=groups)
        self.statistics += 2 * outside
        return self.node("BatchNormalization", x, *(self.weight(outside) for _ in range(4)))

    def classify(self, x: str, features: int) -> str:
        x = self.node("Flatten", self.node("GlobalAveragePool", x))
        return self.node("Gemm", x, self.weight(1000, features), self.weight(1000), transB=1)

    def save(self, folder: Path, output: str) -> Path:
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 3, 224, 224])
        scores = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", 1000])
        graph = helper.make_graph(self.nodes, "g", [image], [scores], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
        path = folder / "model.onnx"
        path.write_bytes(model.SerializeToString())
        with (folder / "weights.bin").open("wb") as file:
            file.truncate(self.size)
        return path


def resnet50(net: Network) -> str:
    x = net.node("Relu", net.conv("image", 3, 64, 7, 2))
    x = net.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    channels = 64
    for width, blocks, first in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for block in range(blocks):
            stride = first if block == 0 else 1
            y = net.node("Relu", net.conv(x, channels, width))
            y = net.node("Relu", net.conv(y, width, width, 3, stride))
            y = net.conv(y, width, 4 * width)
            shortcut = net.conv(x, channels, 4 * width, 1, stride) if block == 0 else x
            x = net.node("Relu", net.node("Add", y, shortcut))
            channels = 4 * width
    return net.classify(x, 2048)


def mobilenet_v2(net: Network) -> str:
    def relu6(x: str) -> str:
        return net.node("Clip", x)

    x = relu6(net.conv("image", 3, 32, 3, 2))
    channels = 32
    rows = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    for expansion, outside, blocks, first in rows:
        for block in range(blocks):
            stride, inner = first if block == 0 else 1, channels * expansion
            y = relu6(net.conv(x, channels, inner)) if expansion > 1 else x
            y = relu6(net.conv(y, inner, inner, 3, stride, groups=inner))
            y = net.conv(y, inner, outside)
            x = net.node("Add", x, y) if stride == 1 and channels == outside else y
            channels = outside
    x = relu6(net.conv(x, 320, 1280))
    return net.classify(x, 1280)


# torchvision's model cards: parameters, and multiply-accumulates of one image of 224 × 224 in billions
@pytest.mark.parametrize(
    ("build", "parameters", "gmacs"), [(resnet50, 25_557_032, 4.09), (mobilenet_v2, 3_504_872, 0.30)]
)
def test_parameters_and_macs_are_the_published_ones(
    tmp_path: Path, build: object, parameters: int, gmacs: float
) -> None:
    net = Network()
    path = net.save(tmp_path, build(net))  # type: ignore[operator]
    model = ml.open(path)
    assert model.parameters - net.statistics == parameters
    assert round(model.costs(batch=1)["macs"] / 1e9, 2) == gmacs
