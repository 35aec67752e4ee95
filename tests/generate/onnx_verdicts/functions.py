"""Functions of the model: names, imports, recursion, attributes."""

from . import Case, cases, read, texts

F = ', "f" : 1'
CALL = "g (float[2] x) => (float[2] y) {{ y = f.F (x) }} {}"


def function(body='b = Relu (a)', name="F", attributes="", imports='"" : 21', ins="a", outs="b"):
    return f'<domain: "f", opset_import: [{imports}]> {name} {attributes} ({ins}) => ({outs}) {{ {body} }}'


@cases
def functions():
    rows = []

    def row(name, what, *bodies, call=CALL):
        rows.append((name, what, call.format(" ".join(bodies)), {"more": F}))

    both = '"" : 21, "f" : 1'
    row("sound", "a function with nothing wrong", function())
    row("calls_itself", "a function that calls itself", function("b = f.F (a)", imports=both))
    row("call_each_other", "two functions that call each other", function("b = f.G (a)", imports=both),
        function("b = f.F (a)", name="G", imports=both))
    row("without_import", "a function that uses a domain it does not import", function("b = f.G (a)"),
        function(name="G"))
    row("no_default_import", "a function without an import of the default domain", function(imports='"f" : 1'))
    row("older_same_meaning", "a function at an older opset, where its operator is the same",
        function(imports='"" : 20'))
    row("older_other_meaning", "a function at an older opset, where its operator differs",
        function("b = ReduceSum (a)", imports='"" : 11'))
    row("newer", "a function at a newer opset", function(imports='"" : 22'))
    row("undefined", "a function that reads what nobody makes", function("b = Relu (q)"))
    row("reads_caller", "a function that reads a value of its caller", function("b = Add (a, x)"))
    row("output_undefined", "a function whose output nobody makes", function("c = Relu (a)"))
    row("out_of_order", "nodes of a function out of order", function("b = Neg (c) c = Relu (a)"))
    row("output_twice", "a value of a function computed twice", function("b = Relu (a) b = Neg (a)"))
    row("hides_input", "a node of a function that computes its input", function("a = Relu (a) b = Neg (a)"))
    row("unknown_operator", "an unknown operator in a function", function("b = Frob (a)"))
    row("arity_inside", "too many inputs in a function", function("b = Relu (a, a)"))
    row("too_many_arguments", "a call with more inputs than the function has", function(),
        call="g (float[2] x) => (float[2] y) {{ y = f.F (x, x) }} {}")
    row("too_few_arguments", "a call with fewer inputs than the function has",
        function("b = Add (a, c)", ins="a, c"))
    row("too_many_results", "a call with more outputs than the function has", function(),
        call="g (float[2] x) => (float[2] y) {{ y, z = f.F (x) }} {}")
    row("attribute_reference", "a function with an attribute that its node refers to",
        function("b = LeakyRelu <alpha: float = @slope> (a)", attributes="<slope>"),
        call="g (float[2] x) => (float[2] y) {{ y = f.F <slope = 0.5> (x) }} {}")
    row("attribute_not_given", "a call that leaves such an attribute out",
        function("b = LeakyRelu <alpha: float = @slope> (a)", attributes="<slope>"))
    row("attribute_undeclared", "a reference to an attribute that the function does not declare",
        function("b = LeakyRelu <alpha: float = @slope> (a)"))
    row("attribute_wrong_kind_given", "a call that gives an integer where the node takes a float",
        function("b = LeakyRelu <alpha: float = @slope> (a)", attributes="<slope>"),
        call="g (float[2] x) => (float[2] y) {{ y = f.F <slope = 1> (x) }} {}")
    row("reference_wrong_kind", "a reference of another kind than the operator takes",
        function("b = LeakyRelu <alpha: int = @slope> (a)", attributes="<slope>"))
    row("attribute_twice", "an attribute of a function twice", function(attributes="<slope, slope>"))
    row("attribute_default", "an attribute with a default",
        function("b = LeakyRelu <alpha: float = @slope> (a)", attributes="<slope: float = 0.5>"))
    row("input_twice", "an input of a function twice", function(ins="a, a"))
    row("output_listed_twice", "an output of a function twice", function(outs="b, b"))
    row("defined_twice", "a function defined twice", function(), function())
    row("unused_broken", "a function that nobody calls, with an unknown operator", function(),
        function("b = Frob (a)", name="G"))
    row("unknown_called", "a call of a function that the model does not define", function(name="G"))
    row("type_error_inside", "types that do not fit inside a function",
        function("i = Cast <to = 7> (a) b = Add (a, i)"))
    row("shape_error_inside", "shapes that do not fit inside a function",
        function("k = Constant <value_floats = [1.0, 2.0, 3.0]> () b = Add (a, k)"))
    row("result_type", "a function whose result is declared as another type",
        function("b = Cast <to = 7> (a)"))
    row("result_shape", "a function whose result is declared in another rank",
        function("k = Constant <value_ints = [0]> () b = Unsqueeze (a, k)"))
    row("in_default_domain", "a function with the name of a standard operator",
        '<domain: "", opset_import: ["" : 21]> Relu (a) => (b) { b = Neg (a) }',
        call="g (float[2] x) => (float[2] y) {{ y = Relu (x) }} {}")
    yield from texts("function", rows)
    made = read(CALL.format(function()), more=F)
    made.functions[0].ClearField("name")
    yield Case("function_without_name", "a function without a name", made)
    made = read(CALL.format(function()), more=F)
    made.functions[0].ClearField("domain")
    yield Case("function_without_domain", "a function without a domain", made)
    made = read(CALL.format(function()), more=F)
    made.functions[0].ClearField("opset_import")
    yield Case("function_without_opsets", "a function without imports", made)
    made = read(CALL.format(function()), more=F)
    del made.opset_import[1]
    yield Case("function_domain_not_imported", "a function whose domain the model does not import", made)
    made = read(CALL.format(function()), more=F)
    made.functions[0].overload = "wide"
    yield Case("function_other_overload", "a call of an overload that is not there", made)
    made = read(CALL.format(function()), more=F, ir=7)
    yield Case("function_in_ir_7", "a function in a format that has none", made)
