"""Faults in the meaning: models that decode well and are not well formed."""

from onnx import AttributeProto as A
from onnx import TensorProto as T
from onnx import helper

from . import Fault, dump, faults, read, sound
from wire import block, number


def chain(nodes, header=None):
    body = f"g (float[2] x) => (float[2] y) {{ {nodes} }}"
    return read(body, header) if header else read(body)


@faults
def model_level():
    made = sound()
    made.ClearField("graph")
    yield Fault("no_graph", "a model without a graph", made, item="graph")
    made = sound()
    del made.opset_import[:]
    yield Fault("no_opset_import", "a model that imports no operators", made, item="opset_import")
    made = sound()
    made.ClearField("ir_version")
    yield Fault("no_ir_version", "a model without ir_version", made, item="ir_version")
    for name, version, kind in [("future", 99, "unsupported"), ("zero", 0, "malformed"), ("negative", -1, "malformed")]:
        made = sound()
        made.ir_version = version
        yield Fault(f"ir_version_{name}", f"ir_version {version}", made, kind, "ir_version")
    for name, version, kind in [
        ("future", 999, "unsupported"), ("zero", 0, "malformed"), ("negative", -1, "malformed"),
        ("largest", 2**63 - 1, "unsupported"),
    ]:
        made = sound()
        made.opset_import[0].version = version
        yield Fault(f"opset_{name}", f"opset {version}", made, kind, str(version))
    made = sound()
    made.opset_import.append(helper.make_opsetid("", 13))
    yield Fault("opset_twice", "opset 21 and opset 13 of one domain", made, item="ai.onnx")
    made = sound()
    made.graph.node[1].domain = "com.example"
    yield Fault("domain_not_imported", "a node of a domain that is not imported", made, item="com.example")
    made = sound()
    for value in ("one", "two"):
        made.metadata_props.add(key="key", value=value)
    yield Fault("metadata_key_twice", "the same metadata key twice", made, item="key")


@faults
def names():
    yield Fault("cycle", "two nodes that wait for each other",
                chain("a = Add (x, b) b = Relu (a) y = Neg (b)"))
    yield Fault("cycle_of_one", "a node that reads its own output", chain("y = Add (x, y)"), item="y")
    yield Fault("out_of_order", "a node before the one that makes its input", chain("y = Neg (a) a = Relu (x)"),
                item="a")
    yield Fault("undefined_input", "a node that reads a value which nobody makes", chain("y = Add (x, nobody)"),
                item="nobody")
    yield Fault("undefined_output", "an output that nobody makes", chain("a = Relu (x)"), item="y")
    yield Fault("output_twice", "two nodes with the same output", chain("y = Relu (x) y = Neg (x)"), item="y")
    yield Fault("output_twice_in_one_node", "a node with one output under two positions",
                read("g (float[4] x) => (float[2] y) { y, y = Split <num_outputs = 2> (x) }"), item="y")
    yield Fault("output_hides_input", "a node whose output is the graph's input", chain("x = Relu (x) y = Neg (x)"),
                item="x")
    made = sound()
    made.graph.node[0].output[0] = made.graph.node[1].input[0] = "w"
    yield Fault("output_hides_initializer", "a node whose output is an initializer", made, item="w")
    made = sound()
    made.graph.input.append(made.graph.input[0])
    yield Fault("input_twice", "two inputs of one name", made, item="x")
    made = sound()
    made.graph.initializer.append(made.graph.initializer[0])
    yield Fault("initializer_twice", "two initializers of one name", made, item="w")
    made = sound()
    made.graph.output.append(made.graph.output[0])
    yield Fault("graph_output_twice", "the same output twice", made, item="y", expect="survives")
    made = sound()
    made.graph.initializer[0].ClearField("name")
    yield Fault("initializer_without_name", "an initializer without a name", made, item="w")
    made = sound()
    made.graph.output[0].name = ""
    yield Fault("graph_output_without_name", "an output without a name", made)
    made = sound()
    made.graph.ClearField("name")
    yield Fault("accepted_graph_without_name", "a graph without a name, which the official checker refuses", made,
                expect="accepted")
    made = sound()
    made.graph.node[1].ClearField("op_type")
    yield Fault("node_without_operator", "a node without an operator", made)
    made = sound()
    made.graph.node.add()
    yield Fault("node_empty", "a node with nothing in it", made)
    made = sound()
    made.graph.node[0].name = made.graph.node[1].name = "same"
    yield Fault("node_name_twice", "two nodes of one name, which the checker takes and ONNX Runtime does not", made,
                item="same", expect="survives")
    made = sound()
    made.graph.node[0].output[0] = made.graph.node[1].input[0] = "n" * 9_000
    yield Fault("accepted_long_name", "a value whose name has 9,000 bytes", made, expect="accepted")
    made = sound()
    for node in made.graph.node:
        node.domain = "ai.onnx"
    yield Fault("accepted_domain_on_nodes",
                "nodes that spell the default domain out, which the official checker refuses", made, expect="accepted")


@faults
def operators():
    yield Fault("operator_unknown", "an operator that the default domain does not have", chain("y = Frobnicate (x)"),
                "unsupported", "Frobnicate")
    yield Fault("operator_too_new", "an operator of a later opset",
                chain("y = Gelu (x)", '<ir_version: 8, opset_import: ["" : 17]>'), item="Gelu")
    yield Fault("operator_withdrawn", "an operator that this opset no longer has",
                read("g (float[1, 1, 2, 2] x) => (float[1, 1, 4, 4] y) <float[4] s = {1, 1, 2, 2}>"
                     " { y = Upsample (x, s) }"), item="Upsample")
    yield Fault("inputs_too_few", "an operator without its input", chain("y = Relu ()"), item="Relu")
    yield Fault("inputs_too_many", "two inputs for an operator of one", chain("y = Relu (x, x)"), item="Relu")
    yield Fault("input_required_but_empty", "an empty name for an input that must be there", chain('y = Add (x, "")'),
                item="Add")
    yield Fault("outputs_too_many", "two outputs for an operator of one", chain("y, z = Relu (x)"), item="Relu")
    made = sound()
    made.graph.node.add(op_type="Neg", input=["x"])
    yield Fault("outputs_none", "an operator without its output", made, item="Neg")
    yield Fault("type_mismatch", "floats and integers in one addition",
                read("g (float[2] x, int64[2] i) => (float[2] y) { y = Add (x, i) }"), item="Add")
    yield Fault("type_not_allowed", "text in an operator for numbers",
                read("g (string[2] x) => (string[2] y) { y = Relu (x) }"), item="Relu")
    yield Fault("shape_mismatch", "a product of matrices that do not fit",
                read("g (float[2, 3] x, float[4, 5] w) => (float[2, 5] y) { y = MatMul (x, w) }"), item="MatMul")


def attributed(*attributes, op_type="Softmax", domain=""):
    graph = helper.make_graph(
        [helper.make_node(op_type, ["x"], ["y"], domain=domain)], "g",
        [helper.make_tensor_value_info("x", T.FLOAT, [2, 2])], [helper.make_tensor_value_info("y", T.FLOAT, [2, 2])],
    )
    graph.node[0].attribute.extend(attributes)
    imports = [helper.make_opsetid("", 21), helper.make_opsetid("com.example", 1)]
    return helper.make_model(graph, ir_version=10, opset_imports=imports)


@faults
def attributes():
    axis = helper.make_attribute("axis", 1)
    yield Fault("attribute_twice", "the same attribute twice", attributed(axis, axis), item="axis")
    yield Fault("attribute_unknown", "an attribute that the operator does not have",
                attributed(helper.make_attribute("axes", 1)), item="axes")
    yield Fault("attribute_of_wrong_kind", "a float where the operator wants an integer",
                attributed(helper.make_attribute("axis", 1.0)), item="axis")
    yield Fault("attribute_missing", "an operator without the attribute that it needs",
                attributed(op_type="Concat"), item="axis")
    yield Fault("attribute_without_name", "an attribute without a name",
                attributed(A(type=A.INT, i=1)), item="Softmax")
    yield Fault("attribute_without_type", "an attribute that does not say what it holds",
                attributed(A(name="axis", i=1)), item="axis")
    yield Fault("attribute_contradicts", "an attribute that holds a float and says integer",
                attributed(A(name="axis", type=A.INT, f=1.0)), item="axis")
    yield Fault("attribute_two_contents", "an attribute with an integer and a float",
                attributed(A(name="axis", type=A.INT, i=1, f=1.0)), item="axis")
    made = attributed(A(name="axis", type=A.INT, i=1))
    yield Fault("attribute_type_99", "an attribute of kind 99, which does not exist",
                dump(made).replace(number(20, A.INT), number(20, 99), 1), "unsupported", "axis")
    reference = A(name="axis", type=A.INT, ref_attr_name="outer")
    yield Fault("attribute_reference_outside", "a reference to a function's attribute outside any function",
                attributed(reference), item="axis")
    tensor = helper.make_tensor("inner", T.FLOAT, [2], bytes(8), raw=True)
    tensor.raw_data = bytes(5)
    yield Fault("attribute_tensor_too_short", "5 raw bytes for two floats in an attribute",
                attributed(helper.make_attribute("t", tensor), op_type="Strange", domain="com.example"), item="t")


def branching(yes, no, before="", after=""):
    return read(
        f"g (bool c, float[2] x) => (float[2] y) {{ {before} "
        f"y = If (c) <then_branch = t () => (float[2] t_out) {{ {yes} }},"
        f" else_branch = e () => (float[2] e_out) {{ {no} }}> {after} }}"
    )


@faults
def subgraphs():
    yield Fault("subgraph_hides_outer", "a value in a branch with the name of an outer value",
                branching("x = Neg (x) t_out = Relu (x)", "e_out = Relu (x)"), item="x")
    yield Fault("subgraph_reads_sibling", "a branch that reads a value of the other branch",
                branching("mine = Neg (x) t_out = Relu (mine)", "e_out = Relu (mine)"), item="mine")
    yield Fault("subgraph_reads_later", "a branch that reads a value which the outer graph makes later",
                branching("t_out = Relu (late)", "e_out = Relu (x)", after="late = Neg (x)"), item="late")
    yield Fault("subgraph_leaks", "a node that reads a value from inside a branch",
                branching("inner = Neg (x) t_out = Relu (inner)", "e_out = Relu (x)", after="z = Neg (inner)"),
                item="inner")
    made = branching("t_out = Relu (x)", "e_out = Neg (x)")
    del made.graph.node[0].attribute[1]
    yield Fault("subgraph_missing", "an If without one of its branches", made, item="else_branch")
    made = branching("t_out = Relu (x)", "e_out = Neg (x)")
    made.graph.node[0].attribute[0].ClearField("g")
    yield Fault("subgraph_empty", "an If with a branch that is not there", made, item="then_branch")
    made = branching("t_out = Relu (x)", "e_out = Neg (x)")
    made.graph.node[0].attribute[0].g.output.add().CopyFrom(helper.make_tensor_value_info("x", T.FLOAT, [2]))
    yield Fault("subgraph_outputs_differ", "an If with one output and a branch with two", made, item="If")
    yield Fault("loop_body_inputs", "a Loop body with one input where two are needed", read("""
        g (int64 m, float[2] x) => (float[2] y) {
            y = Loop (m, "", x) <body = b (int64 i) => (bool on, float[2] v) {
                on = Constant <value = bool {1}> () v = Identity (x) }>
        }"""), item="body")


def called(functions, node="y = local.f (x)"):
    return read(f"g (float[2] x) => (float[2] y) {{ {node} }} {functions}",
                '<ir_version: 10, opset_import: ["" : 21, "local" : 1]>')


def function(name, body, signature="(x) => (y)"):
    return f'<domain: "local", opset_import: ["" : 21, "local" : 1]> {name} {signature} {{ {body} }}'


@faults
def functions():
    yield Fault("function_calls_itself", "a function that calls itself", called(function("f", "y = local.f (x)")),
                item="f")
    yield Fault("functions_call_each_other", "two functions that call each other",
                called(function("f", "y = local.h (x)") + function("h", "y = local.f (x)")), item="f")
    yield Fault("function_twice", "two functions of one name",
                called(function("f", "y = Relu (x)") + function("f", "y = Neg (x)")), item="f")
    yield Fault("function_unknown", "a call of a function that is not there",
                called(function("f", "y = Relu (x)"), "y = local.missing (x)"), expect="survives", item="missing")
    yield Fault("function_reads_caller", "a function that reads a value of its caller",
                called(function("f", "y = Relu (outer)"), "outer = Neg (x) y = local.f (outer)"), item="outer")
    yield Fault("function_output_undefined", "a function whose output nobody makes",
                called(function("f", "z = Relu (x)")), item="y")
    yield Fault("function_input_twice", "a function with two inputs of one name",
                called(function("f", "y = Add (x, x)", "(x, x) => (y)"), "y = local.f (x, x)"), item="x")
    yield Fault("function_too_many_inputs", "a call with more inputs than the function has",
                called(function("f", "y = Relu (x)"), "y = local.f (x, x)"), item="f")
    made = called(function("f", "y = Relu (x)"))
    made.functions[0].ClearField("name")
    yield Fault("function_without_name", "a function without a name", made)
    yield Fault("function_reference_unknown", "a reference to an attribute that the function does not have",
                called(function("f", "y = LeakyRelu <alpha: float = @nothing> (x)")), item="nothing",
                expect="survives")
    made = called(function("f", "y = Relu (x)"))
    del made.functions[0].opset_import[:]
    yield Fault("function_without_opset", "a function that imports no operators", made, item="f")


@faults
def bombs():
    """Small files that are large, slow or endless for whoever takes them at their word."""
    header, opsets = number(1, 10), block(8, number(2, 21))
    yield Fault("nodes_100000", "100,000 empty nodes in two bytes each",
                header + opsets + block(7, block(1, b"") * 100_000 + block(2, "many")))
    yield Fault("inputs_9000", "a node with 9,000 empty inputs",
                header + opsets + block(7, block(1, block(1, b"") * 9000 + block(4, "Sum")) + block(2, "wide")))
    levels = 12
    made = called("".join(
        function(f"f{level}", " ".join(
            f"v{step + 1} = local.f{level - 1} (v{step})" if step else f"v1 = local.f{level - 1} (x)"
            for step in range(10)
        ) + " y = Identity (v10)")
        for level in range(1, levels + 1)
    ) + function("f0", "y = Relu (x)"), f"y = local.f{levels} (x)")
    yield Fault("functions_unfold", "functions that unfold to 10^12 nodes", made, "limit_exceeded", expect="survives")
    for name, what, body in [
        ("constant_huge", "a constant of 2^50 elements, if anybody computes it",
         "s = Constant <value = int64[2] {33554432, 33554432}> () c = ConstantOfShape (s) a = ReduceSum (c)"
         " y = Add (x, a)"),
        ("range_huge", "a range of 2^62 elements, if anybody computes it",
         "l = Constant <value = int64 {4611686018427387904}> () i = Constant <value = int64 {0}> ()"
         " d = Constant <value = int64 {1}> () r = Range (i, l, d) m = ReduceMax <keepdims = 0> (r)"
         " f = Cast <to = 1> (m) y = Add (x, f)"),
        ("loop_endless", "a loop of 2^62 steps over a constant, if anybody unrolls it",
         "m = Constant <value = int64 {4611686018427387904}> () y = Loop (m, \"\", x) <body = b"
         " (int64 i, bool c, float[2] v) => (bool on, float[2] w) { on = Identity (c) w = Neg (v) }>"),
    ]:
        yield Fault(name, what, chain(body), expect="survives")
