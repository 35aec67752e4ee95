"""Attributes: kinds, required ones, references, subgraphs in them."""

from onnx import AttributeProto as A
from onnx import TensorProto as T
from onnx import helper

from . import Case, cases, read, texts


def holding(*attributes, op_type="Softmax", domain=""):
    made = read("g (float[2, 2] x) => (float[2, 2] y) { y = Softmax (x) }", more=', "com.example" : 1')
    made.graph.node[0].op_type, made.graph.node[0].domain = op_type, domain
    made.graph.node[0].attribute.extend(attributes)
    return made


@cases
def kinds():
    for name, what, made in [
        ("floats_for_int", "a list of floats for an integer", holding(helper.make_attribute("axis", [1.0, 2.0]))),
        ("ints_for_int", "a list of integers for one", holding(helper.make_attribute("axis", [1]))),
        ("string_for_int", "text for an integer", holding(helper.make_attribute("axis", "1"))),
        ("int_for_float", "an integer for a float",
         holding(helper.make_attribute("alpha", 1), op_type="LeakyRelu")),
        ("int_for_ints", "an integer for a list", holding(helper.make_attribute("perm", 1), op_type="Transpose")),
        ("tensor_for_ints", "a tensor for a list", holding(
            helper.make_attribute("perm", helper.make_tensor("p", T.INT64, [2], [1, 0])), op_type="Transpose")),
        ("empty_name", "an attribute whose name is empty", holding(A(name="", type=A.INT, i=1))),
        ("type_only", "an attribute with its kind and no content", holding(A(name="axis", type=A.INT))),
        ("no_type", "an attribute without its kind", holding(A(name="axis", i=1))),
        ("says_float_holds_int", "an attribute that says float and holds an integer",
         holding(A(name="axis", type=A.FLOAT, i=1))),
        ("two_contents", "an attribute with an integer and text", holding(A(name="axis", type=A.INT, i=1, s=b"1"))),
        ("twice", "an attribute twice, once with each value",
         holding(helper.make_attribute("axis", 0), helper.make_attribute("axis", 1))),
        ("unknown", "an attribute that Softmax does not have", holding(helper.make_attribute("dim", 1))),
        ("internal", "an attribute of a runtime's own", holding(helper.make_attribute("__mark", 1))),
        ("reference_in_main_graph", "a reference in the main graph",
         holding(A(name="axis", type=A.INT, ref_attr_name="a"))),
        ("reference_and_content", "a reference that also has a value",
         holding(A(name="axis", type=A.INT, i=1, ref_attr_name="a"))),
        ("foreign_anything", "attributes of a foreign operator, of any kind", holding(
            helper.make_attribute("a", 1), helper.make_attribute("b", "text"), op_type="Frob", domain="com.example")),
        ("foreign_twice", "an attribute of a foreign operator twice", holding(
            helper.make_attribute("a", 1), helper.make_attribute("a", 1), op_type="Frob", domain="com.example")),
        ("foreign_without_type", "an attribute of a foreign operator without its kind", holding(
            A(name="a", i=1), op_type="Frob", domain="com.example")),
        ("bad_tensor_inside", "a tensor with two elements and the bytes of none in an attribute", holding(
            A(name="t", type=A.TENSOR, t=T(dims=[2], data_type=T.FLOAT)), op_type="Frob", domain="com.example")),
        ("bad_tensor_in_list", "such a tensor in a list", holding(
            A(name="t", type=A.TENSORS, tensors=[T(dims=[2], data_type=T.FLOAT)]), op_type="Frob",
            domain="com.example")),
    ]:
        yield Case(f"attribute_{name}", what, made)


@cases
def required():
    yield from texts("required", [
        ("concat_axis", "Concat without its axis", "g (float[2] x) => (float[4] y) { y = Concat (x, x) }"),
        ("cast_to", "Cast without its type", "g (float[2] x) => (int64[2] y) { y = Cast (x) }"),
        ("if_branch", "If without a branch for false",
         "g (bool c) => (float y) { y = If (c) <then_branch = t () => (float o) { o = Constant <value_float = 1.0> () }> }"),
        ("depth_blocksize", "DepthToSpace without its block size",
         "g (float[1, 4, 2, 2] x) => (float[1, 1, 4, 4] y) { y = DepthToSpace (x) }"),
        ("lstm_hidden_size", "LSTM without its hidden size",
         "g (float[1, 1, 2] x, float[1, 8, 2] w, float[1, 8, 2] r) => (float[1, 1, 1, 2] y) { y = LSTM (x, w, r) }"),
        ("einsum_equation", "Einsum without its equation", "g (float[2] x) => (float[2] y) { y = Einsum (x) }"),
        ("constant_value", "Constant without any value", "g () => (float y) { y = Constant () }"),
        ("constant_two_values", "Constant with two values",
         "g () => (float y) { y = Constant <value_float = 1.0, value_int = 1> () }"),
        ("pool_kernel", "MaxPool without its kernel",
         "g (float[1, 1, 4, 4] x) => (float[1, 1, 2, 2] y) { y = MaxPool (x) }"),
        ("bitshift_direction", "BitShift without its direction",
         "g (uint8[2] x) => (uint8[2] y) { y = BitShift (x, x) }"),
        ("group_norm_groups", "GroupNormalization without its groups",
         "g (float[1, 4, 2] x, float[4] s) => (float[1, 4, 2] y) { y = GroupNormalization (x, s, s) }"),
    ])
    yield from texts("value", [
        ("cast_to_99", "a Cast to a type that does not exist",
         "g (float[2] x) => (int64[2] y) { y = Cast <to = 99> (x) }"),
        ("cast_to_0", "a Cast to nothing", "g (float[2] x) => (int64[2] y) { y = Cast <to = 0> (x) }"),
        ("auto_pad_unknown", "a padding that Conv does not know",
         'g (float[1, 1, 4, 4] x, float[1, 1, 3, 3] w) => (float[1, 1, 4, 4] y)'
         ' { y = Conv <auto_pad = "AROUND"> (x, w) }'),
        ("mode_unknown", "a mode that DepthToSpace does not know",
         'g (float[1, 4, 2, 2] x) => (float[1, 1, 4, 4] y) { y = DepthToSpace <blocksize = 2, mode = "XYZ"> (x) }'),
        ("pad_mode_unknown", "a mode that Pad does not know",
         'g (float[2] x) => (float[4] y) <int64[2] p = {1, 1}> { y = Pad <mode = "somehow"> (x, p) }'),
        ("random_dtype", "random integers of a float's operator",
         "g () => (int64[2] y) { y = RandomNormal <shape = [2], dtype = 7> () }"),
        ("eyelike_dtype", "EyeLike of a type that does not exist",
         "g (float[2, 2] x) => (float[2, 2] y) { y = EyeLike <dtype = 77> (x) }"),
        ("tile_huge", "a reduction over axis 7", "g (float[2] x) => (float[1] y) <int64[1] a = {7}>"
         " { y = ReduceSum (x, a) }"),
        ("lrn_even", "a blocksize of zero", "g (float[1, 4, 2, 2] x) => (float[1, 1, 4, 4] y)"
         " { y = DepthToSpace <blocksize = 0> (x) }"),
    ])


def branching(yes, no, before="", after="", ports=("float[2] t_out", "float[2] e_out")):
    return read(
        f"g (bool c, float[2] x) => (float[2] y) {{ {before} "
        f"y = If (c) <then_branch = t () => ({ports[0]}) {{ {yes} }},"
        f" else_branch = e () => ({ports[1]}) {{ {no} }}> {after} }}"
    )


@cases
def branches():
    fine = "e_out = Relu (x)"
    made = branching("t_out = Neg (x)", fine)
    yield Case("branch_sound", "an If with nothing wrong", made)
    made = branching("t_out = Neg (x)", fine)
    made.graph.node[0].attribute[0].g.ClearField("name")
    yield Case("branch_without_name", "a branch without a name", made)
    made = branching("t_out = Neg (x)", fine)
    made.graph.node[0].attribute[0].g.output[0].ClearField("type")
    yield Case("branch_output_without_type", "a branch whose output has no type", made)
    made = branching("t_out = Neg (x)", fine)
    made.graph.node[0].attribute[0].g.output[0].name = ""
    yield Case("branch_output_without_name", "a branch whose output has no name", made)
    made = branching("t_out = Neg (x)", fine)
    made.graph.node[0].attribute[0].g.input.append(helper.make_tensor_value_info("i", T.FLOAT, [2]))
    yield Case("branch_with_input", "a branch with an input", made)
    for name, what, arguments in [
        ("shadows_input", "a branch that computes a name of around it", ("x = Neg (x) t_out = Relu (x)", fine)),
        ("undefined", "a branch that reads what nobody makes", ("t_out = Neg (q)", fine)),
        ("reads_later", "a branch that reads what is made later", ("t_out = Neg (z)", fine, "", "z = Relu (x)")),
        ("unknown_operator", "an unknown operator in a branch", ("t_out = Frob (x)", fine)),
        ("arity", "too many inputs in a branch", ("t_out = Relu (x, x)", fine)),
        ("same_names", "branches that use one name each for itself",
         ("m = Neg (x) t_out = Neg (m)", "m = Neg (x) e_out = Neg (m)")),
        ("leaks", "a node that reads from inside a branch", ("m = Neg (x) t_out = Neg (m)", fine, "", "z = Neg (m)")),
        ("out_of_order", "nodes of a branch out of order", ("t_out = Neg (m) m = Neg (x)", fine)),
        ("type_conflict", "branches of two element types",
         ("t_out = Cast <to = 7> (x)", fine, "", "", ("int64[2] t_out", "float[2] e_out"))),
        ("rank_differs", "branches of two ranks",
         ("t_out = Unsqueeze (x, k)", fine, "k = Constant <value_ints = [0]> ()", "",
          ("float[1, 2] t_out", "float[2] e_out"))),
        ("declares_wrong_type", "a branch that declares another type than it computes",
         ("t_out = Neg (x)", fine, "", "", ("int64[2] t_out", "float[2] e_out"))),
        ("declares_wrong_shape", "a branch that declares another shape than it computes",
         ("t_out = Neg (x)", fine, "", "", ("float[3] t_out", "float[2] e_out"))),
        ("shape_error_inside", "shapes that do not fit inside a branch",
         ("t_out = Add (x, v)", fine, "v = Constant <value_floats = [1.0, 2.0, 3.0]> ()")),
        ("type_error_inside", "types that do not fit inside a branch",
         ("t_out = Add (x, v)", fine, "v = Constant <value_ints = [1, 2]> ()")),
        ("outer_as_output", "a branch that gives a value of around it", ("u = Neg (x)", fine, "", "",
                                                                       ("float[2] x", "float[2] e_out"))),
        ("output_undefined", "a branch whose output nobody makes", ("u = Neg (x)", fine)),
    ]:
        yield Case(f"branch_{name}", what, branching(*arguments))
    yield from texts("branch", [
        ("outputs_differ", "branches with one output and with two",
         "g (bool c, float[2] x) => (float[2] y) { y = If (c) <then_branch = t () => (float[2] a)"
         " { a = Neg (x) }, else_branch = e () => (float[2] b, float[2] d) { b = Neg (x) d = Neg (x) }> }"),
        ("condition_float", "a float for a condition",
         "g (float c, float[2] x) => (float[2] y) { y = If (c) <then_branch = t () => (float[2] a)"
         " { a = Neg (x) }, else_branch = e () => (float[2] b) { b = Neg (x) }> }"),
        ("more_outputs_taken", "an If with two outputs and branches with one",
         "g (bool c, float[2] x) => (float[2] y) { y, z = If (c) <then_branch = t () => (float[2] a)"
         " { a = Neg (x) }, else_branch = e () => (float[2] b) { b = Neg (x) }> }"),
    ])


LOOP = "g (int64 m, bool c, float[2] x) => ({out}) {{ {out_name} = Loop (m, c, x) <body = b ({ins}) => ({outs}) {{ {body} }}> }}"


@cases
def loops():
    for name, what, fields in [
        ("sound", "a Loop with nothing wrong", {}),
        ("body_inputs", "a Loop whose body lacks an input", {"ins": "int64 i, bool k"}),
        ("body_outputs", "a Loop whose body lacks an output", {"outs": "bool k2"}),
        ("condition_type", "a Loop whose body takes a float for its condition", {"ins": "int64 i, float k, float[2] a"}),
        ("carried_type", "a Loop whose body takes another type than it is given",
         {"ins": "int64 i, bool k, int64[2] a", "body": "k2 = Identity (k) a2 = Cast <to = 1> (a)"}),
        ("carried_shape", "a Loop whose body takes another shape than it is given",
         {"ins": "int64 i, bool k, float[3] a", "outs": "bool k2, float[3] a2"}),
        ("carried_rank_grows", "a Loop that carries a tensor which grows",
         {"ins": "int64 i, bool k, float[n] a", "outs": "bool k2, float[p] a2", "out": "float[q] y",
          "body": "k2 = Identity (k) a2 = Concat <axis = 0> (a, a)"}),
        ("result_type", "a Loop whose result is declared as another type", {"out": "int64[2] y"}),
        ("result_shape", "a Loop whose result is declared in another rank", {"out": "float[2, 2] y"}),
        ("undefined_inside", "a Loop whose body reads what nobody makes",
         {"body": "k2 = Identity (k) a2 = Neg (q)"}),
        ("shadows", "a Loop whose body has an input with the name of an outer value",
         {"ins": "int64 i, bool k, float[2] x", "body": "k2 = Identity (k) a2 = Neg (x)"}),
    ]:
        values = {"out": "float[2] y", "ins": "int64 i, bool k, float[2] a", "outs": "bool k2, float[2] a2",
                  "body": "k2 = Identity (k) a2 = Neg (a)"} | fields
        yield Case(f"loop_{name}", what, read(LOOP.format(out_name="y", **values)))
    yield from texts("scan", [
        ("too_few_inputs", "a Scan with fewer inputs than it scans",
         "g (float[3, 2] x) => (float[3, 2] y) { y = Scan (x) <num_scan_inputs = 2, body = b (float[2] a)"
         " => (float[2] o) { o = Neg (a) }> }"),
        ("axis_out_of_range", "a Scan over axis 5",
         "g (float[3, 2] x) => (float[3, 2] y) { y = Scan (x) <num_scan_inputs = 1, scan_input_axes = [5],"
         " body = b (float[2] a) => (float[2] o) { o = Neg (a) }> }"),
        ("body_inputs", "a Scan whose body takes two for one",
         "g (float[3, 2] x) => (float[3, 2] y) { y = Scan (x) <num_scan_inputs = 1, body = b (float[2] a, float[2] z)"
         " => (float[2] o) { o = Neg (a) }> }"),
        ("sound", "a Scan with nothing wrong",
         "g (float[3, 2] x) => (float[3, 2] y) { y = Scan (x) <num_scan_inputs = 1, body = b (float[2] a)"
         " => (float[2] o) { o = Neg (a) }> }"),
    ])
