"""Versions, names, order, operators, ports."""

import copy

from onnx import TensorProto as T
from onnx import helper

from . import Case, cases, read, sound, texts


def changed(change):
    made = sound()
    change(made)
    return made


@cases
def versions():
    def opset(number):
        return lambda made: setattr(made.opset_import[0], "version", number)

    for name, what, change in [
        ("ir_version_3_weight_no_input", "format 3 with a weight that is no input",
         lambda made: setattr(made, "ir_version", 3)),
        ("ir_version_2_with_opsets", "format 2, which has no opset_import, with one",
         lambda made: setattr(made, "ir_version", 2)),
        ("ir_version_2_without_opsets", "format 2 without opset_import", lambda made: (
            setattr(made, "ir_version", 2), made.ClearField("opset_import"), made.graph.ClearField("initializer"),
            made.graph.input.append(helper.make_tensor_value_info("w", T.FLOAT, [2])))),
        ("ir_version_15", "a format that does not exist yet", lambda made: setattr(made, "ir_version", 15)),
        ("ir_version_4_weight_no_input", "format 4 with a weight that is no input",
         lambda made: setattr(made, "ir_version", 4)),
        ("opset_1_mul", "an opset in which Mul does not broadcast by itself", opset(1)),
        ("opset_7", "the first opset with broadcasting", opset(7)),
        ("no_default_domain", "imports of another domain only",
         lambda made: setattr(made.opset_import[0], "domain", "com.example")),
        ("ai_onnx_imported", "the default domain imported under its long name",
         lambda made: setattr(made.opset_import[0], "domain", "ai.onnx")),
        ("ai_onnx_on_nodes", "nodes that spell the default domain out",
         lambda made: [setattr(node, "domain", "ai.onnx") for node in made.graph.node]),
        ("ai_onnx_everywhere", "the default domain spelt out in imports and nodes", lambda made: (
            setattr(made.opset_import[0], "domain", "ai.onnx"),
            [setattr(node, "domain", "ai.onnx") for node in made.graph.node])),
        ("ai_onnx_twice", "the default domain imported under both names at one version",
         lambda made: made.opset_import.append(helper.make_opsetid("ai.onnx", 21))),
        ("metadata_twice", "a metadata key of the model twice", lambda made: (
            made.metadata_props.add(key="a", value="1"), made.metadata_props.add(key="a", value="1"))),
        ("metadata_twice_in_graph", "a metadata key of the graph twice", lambda made: (
            made.graph.metadata_props.add(key="a", value="1"), made.graph.metadata_props.add(key="a", value="2"))),
        ("metadata_twice_in_node", "a metadata key of a node twice", lambda made: (
            made.graph.node[0].metadata_props.add(key="a", value="1"),
            made.graph.node[0].metadata_props.add(key="a", value="2"))),
        ("graph_without_name", "a graph without a name", lambda made: made.graph.ClearField("name")),
        ("graph_empty", "a graph with a name and nothing else", lambda made: made.graph.CopyFrom(
            helper.make_graph([], "g", [], []))),
    ]:
        yield Case(f"model_{name}", what, changed(change))


@cases
def names():
    yield from texts("names", [
        ("output_is_input", "an input that is an output at once", "g (float[2] x) => (float[2] x) { y = Relu (x) }"),
        ("output_is_weight", "a weight that is an output",
         "g (float[2] x) => (float[2] w) <float[2] w = {1, 2}> { y = Relu (x) }"),
        ("cycle_of_three", "three nodes in a circle",
         "g (float[2] x) => (float[2] y) { a = Add (x, c) b = Relu (a) c = Neg (b) y = Relu (c) }"),
        ("reads_output_of_later", "a node that reads a graph output made later",
         "g (float[2] x) => (float[2] y, float[2] z) { z = Neg (y) y = Relu (x) }"),
        ("weight_and_output", "a node that computes a weight",
         "g (float[2] x) => (float[2] y) <float[2] w = {1, 2}> { w = Relu (x) y = Neg (w) }"),
        ("unused_undefined", "value_info of a value that nothing computes",
         "g (float[2] x) => (float[2] y) <float[2] ghost> { y = Relu (x) }"),
        ("case_differs", "a name that differs in its case", "g (float[2] x) => (float[2] y) { y = Relu (X) }"),
        ("same_in_and_out", "a node that writes what it reads", "g (float[2] x) => (float[2] x) { x = Relu (x) }"),
        ("two_outputs_one_name", "a node with one name at two outputs",
         "g (float[4] x) => (float[2] y) { y, y = TopK (x, k) }", {}),
    ])
    made = sound()
    made.graph.output.append(made.graph.output[0])
    yield Case("names_output_twice", "an output listed twice", made)
    made = sound()
    made.graph.input[0].name = ""
    yield Case("names_input_empty", "an input without a name", made)
    made = sound()
    made.graph.node[0].output[0] = ""
    yield Case("names_output_of_node_left_out", "a node that leaves its only output out", made)
    made = sound()
    made.graph.node.add(op_type="Relu", input=["x"], output=[""])
    yield Case("names_useless_node", "a node more whose only output is left out", made)
    made = sound()
    made.graph.value_info.append(helper.make_tensor_value_info("", T.FLOAT, [2]))
    yield Case("names_value_info_empty", "value_info without a name", made)
    made = sound()
    for _ in range(2):
        made.graph.value_info.append(helper.make_tensor_value_info("a", T.FLOAT, ["n", 2]))
    yield Case("names_value_info_twice", "value_info of a value twice, with one type", copy.deepcopy(made))
    made.graph.value_info[1].type.tensor_type.shape.dim[1].dim_value = 3
    yield Case("names_value_info_twice_differs", "value_info of a value twice, with two types", made)


@cases
def ports():
    def port(name, what, change):
        made = sound()
        change(made)
        return Case(f"port_{name}", what, made)

    yield port("input_without_type", "an input without a type", lambda m: m.graph.input[0].ClearField("type"))
    yield port("output_without_type", "an output without a type", lambda m: m.graph.output[0].ClearField("type"))
    yield port("input_without_shape", "an input without a shape",
               lambda m: m.graph.input[0].type.tensor_type.ClearField("shape"))
    yield port("output_without_shape", "an output without a shape",
               lambda m: m.graph.output[0].type.tensor_type.ClearField("shape"))
    yield port("input_without_element_type", "an input without an element type",
               lambda m: m.graph.input[0].type.tensor_type.ClearField("elem_type"))
    yield port("output_without_element_type", "an output without an element type",
               lambda m: m.graph.output[0].type.tensor_type.ClearField("elem_type"))
    yield port("value_info_without_type", "value_info without a type", lambda m: m.graph.value_info.add(name="a"))
    yield port("value_info_without_shape", "value_info without a shape",
               lambda m: m.graph.value_info.append(helper.make_tensor_value_info("a", T.FLOAT, None)))

    yield from texts("port", [
        ("sequence_unknown_rank", "a sequence of tensors without a shape",
         "g (seq(float[]) s) => (int64 y) { y = SequenceLength (s) }"),
        ("optional_input", "an optional input", "g (optional(float[2]) o) => (bool y) { y = OptionalHasElement (o) }"),
        ("map_input", "an input that is a map, for an operator on tensors",
         "g (map(int64, float[2]) m) => (float[2] y) { y = Relu (m) }"),
        ("sequence_for_tensor", "a sequence where a tensor has to be",
         "g (seq(float[2]) s) => (float[2] y) { y = Relu (s) }"),
        ("tensor_for_sequence", "a tensor where a sequence has to be",
         "g (float[2] s) => (int64 y) { y = SequenceLength (s) }"),
        ("sparse_for_tensor", "a sparse tensor where a dense one has to be",
         "g (sparse_tensor(float[2]) s) => (float[2] y) { y = Relu (s) }"),
    ])


@cases
def operators():
    yield from texts("operator", [
        ("unknown", "an operator that nobody knows", "g (float[2] x) => (float[2] y) { y = Frob (x) }"),
        ("of_later_opset", "an operator of a later opset", "g (float[2] x) => (float[2] y) { y = Swish (x) }"),
        ("withdrawn_scatter", "Scatter, which opset 11 withdrew",
         "g (float[2] x, int64[1] i, float[1] u) => (float[2] y) { y = Scatter (x, i, u) }"),
        ("upsample_at_9", "Upsample in its last opset",
         "g (float[1,1,2,2] x) => (float[1,1,4,4] y) <float[4] s = {1, 1, 2, 2}> { y = Upsample (x, s) }",
         {"opset": 9}),
        ("experimental", "an operator from before opset 1", "g (float[2] x) => (float[2] y) { y = ScaledTanh (x) }"),
        ("foreign_domain", "an operator of a domain that is not imported",
         "g (float[2] x) => (float[2] y) { y = com.example.Frob (x) }"),
        ("foreign_imported", "an operator of a domain that is imported",
         "g (float[2] x) => (float[2] y) { y = com.example.Frob (x) }", {"more": ', "com.example" : 1'}),
        ("ml_not_imported", "an operator of ai.onnx.ml without its import",
         "g (float[2] x) => (float[2] y) { y = ai.onnx.ml.Binarizer (x) }"),
        ("ml_unknown", "an operator that ai.onnx.ml does not have",
         "g (float[2] x) => (float[2] y) { y = ai.onnx.ml.Frob (x) }", {"more": ', "ai.onnx.ml" : 3'}),
        ("ml_withdrawn", "an operator that ai.onnx.ml withdrew",
         "g (float[2, 3] x) => (float[2, 1] y) { y = ai.onnx.ml.TreeEnsembleRegressor (x) }",
         {"more": ', "ai.onnx.ml" : 5'}),
        ("no_inputs_for_concat", "Concat of nothing", "g (float[2] x) => (float[2] y) { y = Concat <axis = 0> () }"),
        ("trailing_empty_input", "a name left out at the end",
         'g (float[2] x) => (float[2] y) { y = Clip (x, "", "") }'),
        ("three_for_two", "three inputs for an operator of two",
         "g (float[2] x) => (float[2] y) { y = Sub (x, x, x) }"),
        ("empty_in_variadic", "a name left out of a variadic list",
         'g (float[2] x) => (float[4] y) { y = Concat <axis = 0> (x, "", x) }'),
        ("four_outputs_for_dropout", "three outputs for an operator of two",
         "g (float[2] x) => (float[2] y) { y, a, b = Dropout (x) }"),
        ("required_output_left_out", "the first output left out and the second taken",
         'g (float[4] x) => (int64[2] y) <int64[1] k = {2}> { "", y = TopK (x, k) }'),
        ("old_attribute_in_new_opset", "axes of Squeeze as an attribute, as up to opset 12",
         "g (float[1, 2] x) => (float[2] y) { y = Squeeze <axes = [0]> (x) }"),
        ("new_input_in_old_opset", "axes of Squeeze as an input, in opset 11",
         "g (float[1, 2] x) => (float[2] y) <int64[1] a = {0}> { y = Squeeze (x, a) }", {"opset": 11}),
        ("clip_inputs_in_opset_6", "bounds of Clip as inputs, in opset 6",
         "g (float[2] x) => (float[2] y) <float m = {0}> { y = Clip (x, m) }", {"opset": 6}),
        ("gemm_without_c_in_opset_9", "Gemm without its third input, in opset 9",
         "g (float[2, 3] a, float[3, 4] b) => (float[2, 4] y) { y = Gemm (a, b) }", {"opset": 9}),
        ("preview", "an operator of ai.onnx.preview.training without its import",
         "g (float[2] x) => (float[2] y) { y = ai.onnx.preview.training.Adam (x) }"),
    ])
