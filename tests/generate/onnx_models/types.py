"""Types beyond the dense tensor, and shapes that are known in part."""

import onnx
from onnx import TensorProto as T
from onnx import helper

from . import model, read, wrap


def keep(name, kinds, opset, ir_version):
    """A graph that hands each of its inputs to an operator of another domain, so that any type will do."""
    inputs = [helper.make_value_info(f"in_{index}", kind) for index, kind in enumerate(kinds)]
    outputs = [helper.make_value_info(f"out_{index}", kind) for index, kind in enumerate(kinds)]
    nodes = [
        helper.make_node("Keep", [source.name], [target.name], domain="com.example")
        for source, target in zip(inputs, outputs)
    ]
    return wrap(helper.make_graph(nodes, name, inputs, outputs), {"": opset, "com.example": 1}, ir_version)


@model
def types_sequence():
    """A sequence is built, grown, measured and taken apart."""
    return read("""
        <ir_version: 10, opset_import: ["" : 21]>
        sequences (float[2] a, float[3] b) => (seq(float[m]) s, int64 length, float[k] joined, float[m] second)
        {
            first = SequenceConstruct (a)
            s = SequenceInsert (first, b)
            length = SequenceLength (s)
            joined = ConcatFromSequence <axis = 0> (s)
            index = Constant <value_int = 1> ()
            second = SequenceAt (s, index)
        }
    """)


@model
def types_optional():
    """An optional that holds something, one that holds nothing, and the question which it is."""
    float_tensor = helper.make_tensor_type_proto(T.FLOAT, ["n"])
    made = read("""
        <ir_version: 10, opset_import: ["" : 21]>
        optionals (float[n] x, optional(float[n]) maybe) => (float[n] y, bool there, float[n] inside)
        {
            full = Optional (x)
            y = OptionalGetElement (full)
            there = OptionalHasElement (maybe)
            inside = OptionalGetElement (maybe)
        }
    """)
    made.graph.node.append(helper.make_node("Optional", [], ["none"], type=float_tensor))
    made.graph.output.append(helper.make_value_info("none", helper.make_optional_type_proto(float_tensor)))
    return made


@model
def types_map():
    """Maps, as the classical operators make and read them."""
    int64_float = helper.make_map_type_proto(T.INT64, helper.make_tensor_type_proto(T.FLOAT, []))
    string_int64 = helper.make_map_type_proto(T.STRING, helper.make_tensor_type_proto(T.INT64, []))
    graph = helper.make_graph(
        [
            helper.make_node("ZipMap", ["scores"], ["zipped"], domain="ai.onnx.ml", classlabels_int64s=[10, 20]),
            helper.make_node(
                "DictVectorizer", ["words"], ["counts"], domain="ai.onnx.ml", string_vocabulary=["a", "b"],
            ),
            helper.make_node("CastMap", ["sparse_row"], ["row"], domain="ai.onnx.ml", map_form="SPARSE", max_map=4),
        ],
        "maps",
        [
            helper.make_tensor_value_info("scores", T.FLOAT, ["n", 2]),
            helper.make_value_info("words", string_int64),
            helper.make_value_info("sparse_row", int64_float),
        ],
        [
            helper.make_value_info("zipped", helper.make_sequence_type_proto(int64_float)),
            helper.make_tensor_value_info("counts", T.INT64, [1, 2]),
            helper.make_tensor_value_info("row", T.FLOAT, [1, 4]),
        ],
    )
    return wrap(graph, {"": 21, "ai.onnx.ml": 5})


@model
def types_nested():
    """Types inside types, each way round."""
    tensor = helper.make_tensor_type_proto(T.FLOAT, ["n", 3])
    sequence = helper.make_sequence_type_proto(tensor)
    mapping = helper.make_map_type_proto(T.STRING, sequence)
    kinds = [
        helper.make_optional_type_proto(sequence),
        helper.make_sequence_type_proto(sequence),
        helper.make_sequence_type_proto(helper.make_map_type_proto(T.UINT8, tensor)),
        helper.make_map_type_proto(T.INT64, mapping),
        helper.make_sequence_type_proto(helper.make_optional_type_proto(tensor)),
    ]
    return keep("nested", kinds, 21, 10)


@model
def types_sparse():
    kinds = [
        helper.make_sparse_tensor_type_proto(T.FLOAT, ["n", 4]),
        helper.make_sparse_tensor_type_proto(T.INT8, [2, 3]),
    ]
    return keep("sparse", kinds, 21, 10)


@model
def types_opaque():
    kind = onnx.TypeProto()
    kind.opaque_type.domain = "com.example"
    kind.opaque_type.name = "tokenizer"
    return keep("opaque", [kind], 28, 14)


def negated(name, shapes):
    inputs = [helper.make_tensor_value_info(f"in_{index}", T.FLOAT, shape) for index, shape in enumerate(shapes)]
    outputs = [helper.make_tensor_value_info(f"out_{index}", T.FLOAT, shape) for index, shape in enumerate(shapes)]
    nodes = [helper.make_node("Neg", [x.name], [y.name]) for x, y in zip(inputs, outputs)]
    return wrap(helper.make_graph(nodes, name, inputs, outputs))


@model
def shapes_known_in_part():
    """An empty shape; dimensions with a number, a name, neither, and zero."""
    return negated("partly", [[], [3], ["n"], [None], [0, "n", None, 2]])


@model
def shapes_unknown():
    """No shape: any rank will do. The official checker refuses this, yet exporters write it and runtimes take it."""
    return negated("ranks", [None])


@model
def denotations():
    """What types and dimensions mean, said beside them."""
    made = read("""
        <ir_version: 10, opset_import: ["" : 21]>
        denoted (float[N, 3, 8, 8] picture) => (float[N, 3, 8, 8] y) { y = Relu (picture) }
    """)
    kind = made.graph.input[0].type
    kind.denotation = "IMAGE"
    for dim, name in zip(kind.tensor_type.shape.dim, ["DATA_BATCH", "DATA_CHANNEL", "DATA_FEATURE", "DATA_FEATURE"]):
        dim.denotation = name
    return made
