"""Graphs inside graphs, functions, and the ways in which values can be named, shared and left out."""

import numpy
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

from . import model, read, wrap


@model
def subgraphs_if():
    """Both branches capture outer values and use the same inner names; one has an initializer."""
    made = read("""
        <ir_version: 10, opset_import: ["" : 21]>
        branches (bool choose, float[n] x) => (float[n] y)
        <float[1] half = {0.5}>
        {
            twice = Add (x, x)
            y = If (choose) <
                then_branch = yes () => (float[n] out) { inner = Mul (twice, half)  out = Neg (inner) },
                else_branch = no () => (float[n] out) { inner = Sub (x, offset)  out = Abs (inner) }
            >
        }
    """)
    made.graph.node[1].name = "decide"
    branch = next(a.g for a in made.graph.node[1].attribute if a.name == "else_branch")
    branch.initializer.append(helper.make_tensor("offset", T.FLOAT, [1], [3.0]))
    return made


@model
def subgraphs_loop():
    """A carried value, a scan output, a condition that is left out, and an outer value that is captured."""
    return read("""
        <ir_version: 10, opset_import: ["" : 21]>
        repeat (int64 times, float[2] start, float[2] step) => (float[2] last, float[k, 2] all)
        {
            last, all = Loop (times, "", start) <
                body = once (int64 i, bool going, float[2] now) => (bool still, float[2] next, float[2] seen) {
                    still = Identity (going)
                    next = Add (now, step)
                    seen = Identity (next)
                }
            >
        }
    """)


@model
def subgraphs_scan():
    """A running sum with one state, one scan input, one scan output, and a captured bound."""
    return read("""
        <ir_version: 10, opset_import: ["" : 21]>
        running (float[3] zero, float[k, 3] rows, float[3] bound) => (float[3] total, float[k, 3] sums)
        {
            total, sums = Scan <
                num_scan_inputs = 1, scan_input_directions = [0], scan_output_axes = [0],
                body = step (float[3] sum_in, float[3] row) => (float[3] sum_out, float[3] seen) {
                    added = Add (sum_in, row)
                    sum_out = Min (added, bound)
                    seen = Identity (sum_out)
                }
            > (zero, rows)
        }
    """)


@model
def subgraphs_nested():
    """A Loop inside an If inside a Loop; the innermost body reads a value of each level around it."""
    return read("""
        <ir_version: 10, opset_import: ["" : 21]>
        outermost (int64 times, bool choose, float[2] x) => (float[2] y)
        {
            level0 = Mul (x, x)
            y = Loop (times, choose, x) <
                body = level_1 (int64 i, bool going, float[2] a) => (bool still, float[2] a_next) {
                    level1 = Add (a, level0)
                    still = Identity (going)
                    a_next = If (going) <
                        then_branch = level_2 () => (float[2] chosen) {
                            level2 = Sub (level1, level0)
                            chosen = Loop (i, "", level2) <
                                body = level_3 (int64 j, bool more, float[2] b) => (bool goes_on, float[2] b_next) {
                                    goes_on = Identity (more)
                                    sum_0 = Add (b, level0)
                                    sum_1 = Add (sum_0, level1)
                                    b_next = Add (sum_1, level2)
                                }
                            >
                        },
                        else_branch = other () => (float[2] kept) { kept = Identity (a) }
                    >
                }
            >
        }
    """)


@model
def subgraphs_sequence_map():
    """A body over the elements of a sequence."""
    return read("""
        <ir_version: 10, opset_import: ["" : 21]>
        each (seq(float[k]) parts, float[1] by) => (seq(float[k]) scaled)
        {
            scaled = SequenceMap (parts, by) <
                body = one (float[k] part, float[1] factor) => (float[k] product) { product = Mul (part, factor) }
            >
        }
    """)


@model
def functions():
    """Functions that call functions, with attributes passed on by reference, with and without a default."""
    made = read("""
        <ir_version: 10, opset_import: ["" : 21, "local" : 1]>
        caller (float[n, 4] x) => (float[n, 4] y)
        {
            a = local.leaky <slope: float = 0.25> (x)
            b = local.block <slope: float = 0.5> (a)
            y = local.scaled (b)
        }
        <domain: "local", opset_import: ["" : 21]>
        leaky <slope> (x) => (y)
        {
            y = LeakyRelu <alpha: float = @slope> (x)
        }
        <domain: "local", opset_import: ["" : 21, "local" : 1], doc_string: "two leaky steps">
        block <slope> (x) => (y)
        {
            a = local.leaky <slope: float = @slope> (x)
            y = local.leaky <slope: float = @slope> (a)
        }
        <domain: "local", opset_import: ["" : 21]>
        scaled <factor: float = 2.0> (x) => (y)
        {
            f = Constant <value_float: float = @factor> ()
            y = Mul (x, f)
        }
    """)
    return made


@model
def function_overloads():
    """Two functions of one name, told apart by their overload, and what belongs to a function's values."""
    def variant(overload, op_type):
        function = helper.make_function(
            "local", "act", ["x"], ["y"], [helper.make_node(op_type, ["x"], ["y"], name=f"{overload}_node")],
            [helper.make_opsetid("", 21)], overload=overload,
            value_info=[helper.make_tensor_value_info("y", T.FLOAT, ["n"])],
        )
        function.doc_string = f"{op_type} by the name of act"
        helper.set_metadata_props(function, {"kind": overload})
        return function

    graph = helper.make_graph(
        [
            helper.make_node("act", ["x"], ["a"], domain="local", overload="soft"),
            helper.make_node("act", ["a"], ["y"], domain="local", overload="hard"),
        ],
        "overloads",
        [helper.make_tensor_value_info("x", T.FLOAT, ["n"])], [helper.make_tensor_value_info("y", T.FLOAT, ["n"])],
    )
    return wrap(graph, {"": 21, "local": 1}, functions=[variant("soft", "Softplus"), variant("hard", "Relu")])


@model
def function_with_subgraph():
    """A function body that holds an If, whose branches read the function's input and a referenced attribute."""
    branches = [
        helper.make_graph(
            [helper.make_node(op_type, ["x"], ["out"])], op_type.lower(), [],
            [helper.make_tensor_value_info("out", T.FLOAT, None)],
        )
        for op_type in ("Neg", "LeakyRelu")
    ]
    branches[1].node[0].attribute.append(helper.make_attribute_ref("alpha", onnx.AttributeProto.FLOAT))
    branches[1].node[0].attribute[0].ref_attr_name = "slope"
    function = helper.make_function(
        "local", "either", ["choose", "x"], ["y"],
        [helper.make_node("If", ["choose"], ["y"], then_branch=branches[0], else_branch=branches[1])],
        [helper.make_opsetid("", 21)], ["slope"],
    )
    graph = helper.make_graph(
        [helper.make_node("either", ["choose", "x"], ["y"], domain="local", slope=0.1)], "caller",
        [helper.make_tensor_value_info("choose", T.BOOL, []), helper.make_tensor_value_info("x", T.FLOAT, [3])],
        [helper.make_tensor_value_info("y", T.FLOAT, [3])],
    )
    return wrap(graph, {"": 21, "local": 1}, functions=[function])


@model
def function_for_a_known_operator():
    """A model may bring a body for an operator of the specification; the node still names the operator."""
    made = read("""
        <ir_version: 10, opset_import: ["" : 21]>
        caller (float[n] x) => (float[n] y) { y = Softplus (x) }
        <domain: "", opset_import: ["" : 21]>
        Softplus (x) => (y)
        {
            e = Exp (x)
            one = Constant <value_float: float = 1.0> ()
            shifted = Add (e, one)
            y = Log (shifted)
        }
    """)
    return made


@model
def optional_inputs_left_out():
    """Empty names at the front, in the middle and at the end; outputs that nobody wants."""
    scales = numpy.array([1, 1, 2, 2], dtype=numpy.float32)
    lstm = {
        "W": numpy.full((1, 8, 3), 0.1, numpy.float32), "R": numpy.full((1, 8, 2), 0.2, numpy.float32),
        "state": numpy.zeros((1, 1, 2), numpy.float32),
    }
    made = read("""
        <ir_version: 10, opset_import: ["" : 21]>
        gaps (float[1, 1, 2, 3] x, float[4, 1, 3] words) =>
             (float[1, 1, 4, 6] y, float[1, 1, 2] hidden, float[u] distinct, int64[k] back)
        <float top = {6.0}>
        {
            clipped = Clip (x, "", top)
            y = Resize <mode = "nearest"> (clipped, "", scales)
            "", hidden = LSTM <hidden_size = 2> (words, W, R, "", "", "", state)
            flat = Flatten <axis = 0> (x)
            row = Squeeze (flat)
            distinct, "", back = Unique (row)
        }
    """)
    made.graph.initializer.append(numpy_helper.from_array(scales, "scales"))
    made.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in lstm.items())
    # The same as leaving the last inputs and outputs out.
    made.graph.node[0].output[:] = ["clipped"]
    made.graph.node[2].input.append("")
    made.graph.node[2].output.append("")
    return made


@model
def dead_nodes():
    """What a simplifier may drop: two nodes that reach no output, and chains of Identity."""
    return read("""
        <ir_version: 10, opset_import: ["" : 21]>
        dead (float[n] x) => (float[n] y, float[n] z)
        <float[1] one = {1}, float[1] unused = {2}>
        {
            lost = Exp (x)
            also_lost = Add (lost, one)
            a = Identity (x)
            b = Identity (a)
            y = Add (b, one)
            z = Identity (y)
        }
    """)


@model
def passthrough():
    """No node at all: an input that is an output, and an initializer that is one."""
    return read("""
        <ir_version: 10, opset_import: ["" : 21]>
        nothing (float[2] x) => (float[2] x, int64[2] fixed) <int64[2] fixed = {3, 4}> { }
    """)


@model
def no_inputs():
    """Everything is known before the model runs."""
    return read("""
        <ir_version: 10, opset_import: ["" : 21]>
        fixed () => (float[2, 2] y) <float[2, 2] w = {1, 2, 3, 4}> { y = MatMul (w, w) }
    """)


@model
def several_outputs():
    """Outputs of one node that go to different places, and a value with several readers."""
    return read("""
        <ir_version: 10, opset_import: ["" : 21]>
        fan (float[4, 6] x) => (float[4, 2] y, int64[4, 2] where, float[4, 6] again)
        {
            left, middle, right = Split <axis = 1, num_outputs = 3> (x)
            both = Concat <axis = 1> (left, right, left, middle)
            k = Constant <value_ints = [2]> ()
            y, where = TopK (both, k)
            again = Concat <axis = 1> (left, middle, right)
        }
    """)


@model
def odd_names():
    """Names are any text: spaces, slashes, other scripts, the same for node and value, or none for a node."""
    names = ["x:0", "a b/c.d", "größe", "層.1/重み", "\"quoted\\\"", "日本"]
    nodes = [
        helper.make_node("Relu", [source], [target], name="" if index == 1 else target)
        for index, (source, target) in enumerate(zip(names, names[1:]))
    ]
    return wrap(helper.make_graph(
        nodes, "größer als /eins",
        [helper.make_tensor_value_info(names[0], T.FLOAT, ["batch size", None])],
        [helper.make_tensor_value_info(names[-1], T.FLOAT, ["batch size", None])],
    ))


@model
def domain_spelt_out():
    """The import calls the default domain by its long name; another import has no user."""
    return read("""
        <ir_version: 10, opset_import: ["ai.onnx" : 21, "ai.onnx.ml" : 5]>
        spelt (float[n] x) => (float[n] y) { a = Relu (x)  y = Neg (a) }
    """)
