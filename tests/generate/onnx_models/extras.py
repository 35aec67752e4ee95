"""What travels with a graph and is no computation: metadata, annotations, training, devices, foreign operators."""

import numpy
from onnx import AttributeProto as A
from onnx import TensorProto as T
from onnx import helper, numpy_helper

from . import model, read, wrap
from .tensors import sparse


def relu(ir_version=10, opset=21):
    made = read("""
        <ir_version: 10, opset_import: ["" : 21]>
        one (float[n, 2] x) => (float[n, 2] y) <float[2] w = {1, 2}> { a = Mul (x, w)  y = Relu (a) }
    """)
    made.ir_version = ir_version
    made.opset_import[0].version = opset
    return made


@model
def metadata():
    """Properties at each level that has them, in an order that is not alphabetical."""
    made = relu()
    made.graph.value_info.append(helper.make_tensor_value_info("a", T.FLOAT, ["n", 2]))
    for level, owner in {
        "model": made, "graph": made.graph, "node": made.graph.node[0], "tensor": made.graph.initializer[0],
        "input": made.graph.input[0], "output": made.graph.output[0], "value": made.graph.value_info[0],
    }.items():
        helper.set_metadata_props(owner, {"where": level, "a.key": "ünïcode", "empty": "", "lines": "one\ntwo"})
    return made


@model
def doc_strings():
    """Documentation wherever the format has room for it, and the fields that name the model."""
    made = relu()
    made.producer_name, made.producer_version, made.domain = "a producer", "1.2.3-rc1", "com.example.models"
    made.model_version = 2**63 - 1
    made.graph.node.append(helper.make_node("LeakyRelu", ["y"], ["z"], alpha=0.5))
    made.graph.output.append(helper.make_tensor_value_info("z", T.FLOAT, ["n", 2]))
    for name, owner in {
        "model": made, "graph": made.graph, "node": made.graph.node[0], "attribute": made.graph.node[2].attribute[0],
        "tensor": made.graph.initializer[0], "input": made.graph.input[0],
    }.items():
        owner.doc_string = f"what the {name} is for\n\n* _markdown_ is allowed"
    return made


@model
def quantization_annotations():
    """Scales and zero points named beside the tensors that they belong to."""
    made = read("""
        <ir_version: 10, opset_import: ["" : 21]>
        quantized (float[n, 2] x) => (float[n, 2] y)
        <float x_scale = {0.5}, uint8 x_zero = {128}, float y_scale = {0.25}>
        {
            q = QuantizeLinear (x, x_scale, x_zero)
            y = DequantizeLinear (q, x_scale, x_zero)
        }
    """)
    for name, keys in {
        "x": {"SCALE_TENSOR": "x_scale", "ZERO_POINT_TENSOR": "x_zero"}, "y": {"SCALE_TENSOR": "y_scale"},
    }.items():
        annotation = made.graph.quantization_annotation.add(tensor_name=name)
        for key, value in keys.items():
            annotation.quant_parameter_tensor_names.add(key=key, value=value)
    return made


@model
def training():
    """How the weights are drawn and how one step changes them."""
    draw = helper.make_graph(
        [helper.make_node("RandomNormal", [], ["drawn"], shape=[2], seed=1.0)], "draw", [],
        [helper.make_tensor_value_info("drawn", T.FLOAT, [2])],
    )
    step = helper.make_graph(
        [
            helper.make_node("Sub", ["y", "wanted"], ["off"]),
            helper.make_node("ReduceMean", ["off", "axis"], ["gradient"], keepdims=0),
            helper.make_node("Sub", ["w", "gradient"], ["w_next"]),
        ],
        "step", [helper.make_tensor_value_info("wanted", T.FLOAT, ["n", 2])],
        [helper.make_tensor_value_info("w_next", T.FLOAT, [2])],
        initializer=[helper.make_tensor("axis", T.INT64, [1], [0])],
    )
    made = relu()
    made.training_info.append(helper.make_training_info(step, [("w", "w_next")], draw, [("w", "drawn")]))
    return made


@model
def device_configurations():
    """One node is cut over two devices, another lives in a second pipeline stage."""
    made = relu(ir_version=11, opset=23)
    made.configuration.add(name="pair", num_devices=2, device=["gpu:0", "gpu:1"])
    placed = made.graph.node[0].device_configurations.add(configuration_id="pair", pipeline_stage=0)
    spec = placed.sharding_spec.add(tensor_name="x", device=[0, -1])
    spec.index_to_device_group_map.add(key=-1, value=[0, 1])
    dim = spec.sharded_dim.add(axis=0)
    dim.simple_sharding.add(dim_param="n", num_shards=2)
    dim.simple_sharding.add(dim_value=4, num_shards=1)
    made.graph.node[1].device_configurations.add(configuration_id="pair", pipeline_stage=1)
    return made


@model
def foreign_operators():
    """Operators that the specification does not know, in a domain of their own."""
    graph = helper.make_graph(
        [
            helper.make_node("BiasGelu", ["x", "gamma"], ["a"], domain="com.microsoft"),
            helper.make_node("Strange.Thing", ["a", "", "gamma"], ["y", "", "z"], domain="com.example", level=7),
            helper.make_node("Conv", ["z"], ["out"], domain="com.example", note="not the Conv that everybody knows"),
        ],
        "foreign",
        [helper.make_tensor_value_info("x", T.FLOAT, ["n", 4])],
        [helper.make_tensor_value_info(name, T.FLOAT, ["n", 4]) for name in ("y", "out")],
        initializer=[helper.make_tensor("gamma", T.FLOAT, [4], [1.0, 2.0, 3.0, 4.0])],
    )
    return wrap(graph, {"": 21, "com.example": 3, "com.microsoft": 1})


@model
def attribute_kinds():
    """An attribute of each kind, the lists with elements and without, and bytes that are no text."""
    dense = numpy_helper.from_array(numpy.array([1, 2], numpy.int16), "dense")
    thin = sparse("thin", [1.0], [2], [3])
    inner = helper.make_graph(
        [helper.make_node("Neg", ["x"], ["negative"])], "inner", [],
        [helper.make_tensor_value_info("negative", T.FLOAT, [2])],
    )
    kind = helper.make_sequence_type_proto(helper.make_tensor_type_proto(T.FLOAT, ["n"]))
    values = {
        "float": 0.1, "int": -(2**63), "string": "text", "bytes": b"\xff\x00\xfe", "tensor": dense, "graph": inner,
        "sparse_tensor": thin, "type_proto": kind, "floats": [0.1, float("inf")], "ints": [0, -1, 2**63 - 1],
        "strings": ["a", b"\x80", ""], "tensors": [dense, dense], "graphs": [inner, inner],
        "sparse_tensors": [thin], "type_protos": [kind, kind],
    }
    node = helper.make_node("Everything", ["x"], ["y"], domain="com.example", **values)
    for name, attribute_type in A.AttributeType.items():
        if name.endswith("S"):
            node.attribute.append(A(name=f"no_{name.lower()}", type=attribute_type))
    node.attribute.append(A(name="zero", type=A.INT))
    node.attribute.append(A(name="explicit_zero", type=A.INT, i=0))
    node.attribute.append(A(name="documented", type=A.FLOAT, f=-0.0, doc_string="negative zero"))
    graph = helper.make_graph(
        [node], "attributes",
        [helper.make_tensor_value_info("x", T.FLOAT, [2])], [helper.make_tensor_value_info("y", T.FLOAT, [2])],
    )
    return wrap(graph, {"": 21, "com.example": 1})


@model
def value_info():
    """Types noted for inner values, one of them for a value that no node makes."""
    made = relu()
    made.graph.value_info.extend([
        helper.make_tensor_value_info("a", T.FLOAT, ["n", 2]),
        helper.make_tensor_value_info("gone", T.INT64, [None]),
    ])
    return made
