"""One payload, every way in which a pickle can say it: opcodes, names, memo, stack, state, indirection."""

import struct

from .ops import Raw, build, call, const, inst, line, newobj, newobj_ex, reduce, run, stack, stream

SYSTEM = line("os", "system")


def put(index):
    return b"q" + bytes([index])


def get(index):
    return Raw(b"h" + bytes([index]))


def files():
    for name, technique, expected, content in cases():
        yield f"{name}.pkl", technique, "pickle opcodes", expected, content


def cases():
    yield from opcodes()
    yield from names()
    yield from stacks()
    yield from states()


def opcodes():
    bad = "malicious"
    for proto in (None, 0, 1, 2, 3, 4, 5):
        yield f"reduce_p{proto}", f"REDUCE, protocol {proto}", bad, stream(run(), proto=proto)
    for way, technique in (("c", "GLOBAL"), ("i", "INST"), ("o", "OBJ"), ("I", "OBJ after GLOBAL")):
        yield f"way_{technique.replace(' ', '_').lower()}", technique, bad, stream(run(way))
    popen = stack("subprocess", "Popen")
    yield "newobj", "NEWOBJ of a class that acts in __new__ or later", bad, stream(newobj(popen, ["true"]))
    yield "newobj_init", "NEWOBJ and BUILD of Popen", bad, stream(build(newobj(popen), {"args": "true"}))
    yield "newobj_ex", "NEWOBJ_EX", bad, stream(newobj_ex(stack("zipimport", "zipimporter"), "x.zip", path="x"))
    yield "ascii_protocol_0", "protocol 0 as text", bad, b"cos\nsystem\n(S'true'\ntR."
    yield "ascii_unicode_argument", "V argument with escapes", bad, b"cos\nsystem\n(V\\u0074rue\ntR."
    yield "ascii_string_escapes", "S argument with escapes", bad, b"cos\nsystem\n(S'\\x74\\162ue'\ntR."
    yield "binstring", "BINSTRING argument", bad, b"\x80\x02cos\nsystem\nT\x04\0\0\0true\x85R."
    yield "short_binstring", "SHORT_BINSTRING argument", bad, b"\x80\x02cos\nsystem\nU\x04true\x85R."
    yield (
        "binunicode8",
        "BINUNICODE8 operands",
        bad,
        stream(reduce(Raw(b"\x8d" + struct.pack("<Q", 2) + b"os\x8d" + struct.pack("<Q", 6) + b"system\x93"), "true")),
    )
    yield (
        "binbytes8_argument",
        "BINBYTES8 argument",
        bad,
        b"\x80\x04cos\nsystem\n\x8e" + struct.pack("<Q", 4) + b"true\x85R.",
    )
    yield (
        "bytearray8_argument",
        "BYTEARRAY8 argument",
        bad,
        b"\x80\x05cos\nsystem\n\x96" + struct.pack("<Q", 4) + b"true\x85R.",
    )
    yield (
        "next_buffer",
        "NEXT_BUFFER and READONLY_BUFFER after the payload",
        bad,
        stream(run(), Raw(b"\x97\x98"), proto=5),
    )
    yield "inst_many_arguments", "INST with arguments", bad, stream(inst("subprocess", "call", ["true"], 0))
    yield "long_tuple", "the tuple by MARK and TUPLE", bad, stream(Raw(SYSTEM + b"(" + const("true") + b"tR"))
    yield (
        "appended_tuple",
        "arguments through list and tuple()",
        bad,
        stream(Raw(SYSTEM + line("builtins", "tuple") + b"(]" + const("true") + b"atRR")),
    )
    yield "proto_twice", "PROTO in the middle", bad, stream(Raw(SYSTEM + b"\x80\x02" + const("true") + b"\x85R"))
    yield (
        "proto_255",
        "a protocol of 255, refused after nothing ran by Python, read by others",
        "suspicious",
        b"\x80\xff" + run() + b".",
    )
    yield (
        "frames_of_one",
        "each opcode in its own frame",
        bad,
        b"\x80\x04"
        + b"".join(
            b"\x95" + struct.pack("<Q", len(part)) + part for part in (SYSTEM, const("true"), b"\x85", b"R", b".")
        ),
    )
    yield "frame_of_zero", "an empty frame first", bad, b"\x80\x04\x95" + bytes(8) + run() + b"."
    for opcode, width in ((b"\x82", 1), (b"\x83", 2), (b"\x84", 4)):
        code = b"\x01" + bytes(width - 1)
        yield (
            f"ext{width}",
            f"EXT{width}: whatever the process registered",
            "suspicious",
            stream(Raw(opcode + code + const(("true",)) + b"R")),
        )
    yield (
        "ext_registered",
        "copyreg.add_extension, then EXT1",
        bad,
        stream(call("copyreg:add_extension", "os", "system", 240), Raw(b"\x82\xf0" + const(("true",)) + b"R")),
    )
    yield "persid", "PERSID, which a loader resolves as it likes", "suspicious", b"Pos.system\n."
    yield (
        "binpersid_call",
        "BINPERSID gives what is called",
        "suspicious",
        stream(Raw(const("storage") + b"Q" + const(("true",)) + b"R")),
    )
    yield "no_stop", "no STOP at the end", bad, stream(run(), end=b"")
    yield "integers_as_text", "INT and LONG of odd forms around it", bad, b"I0000001\n0L-5L\n0F1e400\n0" + run() + b"."


def names():
    bad = "malicious"
    yield (
        "dotted",
        "a dotted name through a harmless module",
        bad,
        stream(reduce(stack("logging", "os.system"), "true")),
    )
    for module, name in (
        ("collections", "_sys.modules.__class__"),
        ("numpy", "os.system"),
        ("torch", "sys.modules.get"),
        ("sklearn", "os.system"),
        ("re", "enum.sys.exit"),
        ("datetime", "sys.modules"),
        ("random", "_os.system"),
        ("pathlib", "os.system"),
        ("tempfile", "_os.popen"),
        ("joblib.numpy_pickle", "pickle.loads"),
        ("torch._utils", "torch.os.system"),
        ("collections", "OrderedDict.__init__.__globals__"),
        ("functools", "partial.__class__.__call__"),
        ("numpy.core.multiarray", "overrides.os.system"),
        ("pandas", "core.common.np.os.system"),
        ("uuid", "os.popen"),
        ("decimal", "_sys.exit"),
    ):
        yield (
            f"dotted_{module}.{name}",
            f"dotted through {module}",
            "suspicious",
            stream(reduce(stack(module, name), "true")),
        )
    yield "dotted_global", "GLOBAL with dots", bad, stream(reduce(line("logging", "os.system"), "true"))
    yield (
        "dotted_protocol_2",
        "dots before protocol 4 are part of a name",
        "suspicious",
        stream(reduce(line("logging", "os.system"), "true"), proto=2),
    )
    yield (
        "dunder_class",
        "object through __class__.__base__",
        bad,
        stream(reduce(stack("builtins", "int.__class__.__subclasses__"), stack("builtins", "object"))),
    )
    for alias, module in (("posix", "posix"), ("nt", "nt"), ("os_path", "os.path")):
        yield (
            f"alias_{alias}",
            f"alias {module}",
            "suspicious",
            stream(reduce(stack(module, "system" if alias != "os_path" else "os.system"), "true")),
        )
    yield "alias_builtin", "__builtin__ of protocol 2", bad, stream(call("__builtin__:eval", "1", way="c"), proto=2)
    yield (
        "alias_exceptions",
        "a name that Python 2 had elsewhere",
        "suspicious",
        stream(call("commands:getstatusoutput", "true", way="c"), proto=2),
    )
    yield "alias_sys_modules", "sys.modules.get", "suspicious", stream(reduce(stack("sys", "modules.get"), "os"))
    yield (
        "name_unicode_escape",
        "protocol 0 strings with \\u in the module's name",
        bad,
        b"\x80\x04V\\u006fs\nVsys\\u0074em\n\x93\x8c\x04true\x85R.",
    )
    yield "name_nfkc", "letters that normalise to os", "suspicious", stream(reduce(stack("ｏs", "system"), "true"))
    yield "name_spaces", "blanks around the name", "suspicious", b"\x80\x02c os\nsystem \n\x8c\x04true\x85R."
    yield (
        "name_carriage_return",
        "a carriage return in the name",
        "suspicious",
        b"\x80\x02cos\r\nsystem\r\n\x8c\x04true\x85R.",
    )
    yield "name_empty_module", "an empty module", "suspicious", stream(reduce(stack("", "eval"), "1"))
    yield (
        "name_bytes",
        "operands that are bytes",
        "suspicious",
        stream(reduce(Raw(const(b"os") + const(b"system") + b"\x93"), "true")),
    )
    yield (
        "name_str_subclass",
        "operands made by str()",
        bad,
        stream(
            reduce(
                Raw(reduce(stack("builtins", "str"), "os") + reduce(stack("builtins", "str"), "system") + b"\x93"),
                "true",
            )
        ),
    )
    yield (
        "name_codecs_decode",
        "operands decoded",
        bad,
        stream(reduce(Raw(call("_codecs:decode", b"bf", "rot13") + const("system") + b"\x93"), "true")),
    )
    yield (
        "name_from_list",
        "operands through operator.getitem",
        "suspicious",
        stream(reduce(Raw(call("operator:getitem", ["os"], 0) + const("system") + b"\x93"), "true")),
    )
    yield (
        "name_memo",
        "operands from the memo",
        bad,
        stream(reduce(Raw(const("system") + put(1) + b"0" + const("os") + put(0) + get(1) + b"\x93"), "true")),
    )
    yield (
        "name_memo_overwritten",
        "a memo slot overwritten before it is used",
        bad,
        stream(
            reduce(
                Raw(const("math") + put(0) + b"0" + const("os") + put(0) + b"0" + get(0) + const("system") + b"\x93"),
                "true",
            )
        ),
    )
    yield (
        "name_memo_text",
        "PUT and GET as text",
        bad,
        b"\x80\x04\x8c\x02osp7\n0\x8c\x06systemp0008\n0g7\ng8\n\x93\x8c\x04true\x85R.",
    )
    yield (
        "name_long_memo",
        "LONG_BINPUT of a high index",
        bad,
        stream(
            reduce(Raw(const("os") + b"r\xff\xff\xff\x00" + b"0j\xff\xff\xff\x00" + const("system") + b"\x93"), "true")
        ),
    )
    yield (
        "name_memoize",
        "MEMOIZE counts what PUT left",
        bad,
        stream(
            reduce(
                Raw(const("x") + put(3) + b"0" + const("os") + b"\x940" + get(1) + const("system") + b"\x93"), "true"
            )
        ),
    )
    yield (
        "name_dup",
        "DUP of one operand: code.code",
        "suspicious",
        stream(reduce(Raw(const("timeit") + b"2\x93"), "true")),
    )


def stacks():
    bad = "malicious"
    yield "pop_result", "the result is popped", bad, stream(run(), const({"w": 1}))
    yield "pop_mark_result", "the result is popped by POP_MARK", bad, stream(Raw(b"(" + run() + b"1" + const({"w": 1})))
    yield "result_in_memo", "the result goes to the memo alone", bad, stream(Raw(run() + put(9) + b"0" + const([1])))
    yield (
        "in_dictionary",
        "the payload is a value of a state dict",
        bad,
        stream(const({"layer.weight": run(), "bias": [1.0]})),
    )
    yield "as_key", "the payload is a key", bad, stream(Raw(b"}" + run() + const(1) + b"s"))
    yield "in_tuple_deep", "deep in tuples", bad, stream(Raw(run() + b"\x85" * 60))
    yield "in_frozenset", "in a frozenset", bad, stream(Raw(b"(" + run() + b"\x91"))
    yield "in_set", "added to a set", bad, stream(Raw(b"\x8f(" + run() + b"\x90"))
    yield "after_many_values", "after many values", bad, stream(const([[i] for i in range(2000)]), run())
    yield (
        "many_decoys",
        "among many honest callables",
        bad,
        stream(*[call("collections:OrderedDict")] * 300, run(), call("collections:OrderedDict")),
    )
    yield (
        "dup_function",
        "the function by DUP",
        bad,
        stream(Raw(SYSTEM + b"2" + const(("true",)) + b"R0" + const(("true",)) + b"R")),
    )
    yield (
        "function_from_memo",
        "the function from the memo",
        bad,
        stream(Raw(SYSTEM + put(5) + b"0" + const([]) + b"0" + get(5) + const(("true",)) + b"R")),
    )
    yield (
        "arguments_from_memo",
        "the arguments from the memo",
        bad,
        stream(Raw(const(("true",)) + put(4) + b"0" + SYSTEM + get(4) + b"R")),
    )
    yield (
        "mark_juggling",
        "marks within marks",
        bad,
        stream(Raw(b"((((" + SYSTEM + const("true") + b"\x85R1111" + const(1))),
    )
    yield (
        "stack_under_mark",
        "POP takes what lies under a mark",
        "suspicious",
        stream(Raw(SYSTEM + const(("true",)) + b"(0R")),
    )
    yield (
        "function_in_list_state",
        "the function only referenced, then called by a map",
        bad,
        stream(reduce(stack("builtins", "list"), reduce(stack("builtins", "map"), SYSTEM, ["true"]))),
    )
    yield (
        "result_called",
        "the result of a call is called",
        bad,
        stream(reduce(call("operator:attrgetter", "system"), call("importlib:import_module", "os"))),
    )
    yield (
        "memo_of_previous_value",
        "GET before PUT in a later value",
        bad,
        stream(Raw(SYSTEM + b"\x940" + b"}" + b"\x940" + b"h\x00" + const(("true",)) + b"R")),
    )


def states():
    bad = "malicious"
    own = newobj(stack("collections", "OrderedDict"))
    yield (
        "build_setstate",
        "BUILD calls __setstate__ of an unknown class",
        "suspicious",
        stream(build(newobj(stack("somewhere", "Class")), {"a": 1})),
    )
    yield (
        "build_setstate_attribute",
        "a state that replaces __setstate__, then BUILD again",
        bad,
        stream(build(build(newobj(stack("argparse", "Namespace")), {"__setstate__": SYSTEM}), "true")),
    )
    yield (
        "build_slots",
        "a state of slots that sets __setstate__",
        bad,
        stream(build(build(newobj(stack("argparse", "Namespace")), (None, {"__setstate__": SYSTEM})), "true")),
    )
    yield (
        "build_on_module",
        "BUILD on a module patches it",
        "suspicious",
        stream(build(stack("collections", "abc"), {"x": SYSTEM})),
    )
    yield (
        "build_on_class",
        "BUILD on a class patches it",
        "suspicious",
        stream(build(stack("collections", "OrderedDict"), (None, {"update": SYSTEM}))),
    )
    yield (
        "build_on_function",
        "BUILD on a function",
        "suspicious",
        stream(build(stack("numpy", "log1p"), {"__wrapped__": SYSTEM})),
    )
    yield (
        "build_class_attribute",
        "a state that replaces __class__",
        "suspicious",
        stream(build(newobj(stack("argparse", "Namespace")), {"__class__": stack("subprocess", "Popen")})),
    )
    yield (
        "build_dict_attribute",
        "a state that replaces __dict__",
        "suspicious",
        stream(build(own, {"__dict__": {"x": SYSTEM}})),
    )
    yield (
        "build_partial",
        "functools.partial by BUILD",
        "suspicious",
        stream(
            reduce(
                build(newobj(stack("functools", "partial"), stack("builtins", "int")), (SYSTEM, ("true",), {}, None))
            )
        ),
    )
    yield (
        "append_to_object",
        "APPEND calls append of what is no list",
        "suspicious",
        stream(Raw(newobj(stack("somewhere", "Queue")) + const("true") + b"a")),
    )
    yield (
        "appends_extend",
        "APPENDS on an unknown object",
        "suspicious",
        stream(Raw(newobj(stack("somewhere", "Queue")) + b"(" + const("true") + b"e")),
    )
    yield (
        "setitem_on_object",
        "SETITEM calls __setitem__ of what is no dictionary",
        "suspicious",
        stream(Raw(stack("os", "environ") + const("A") + const("b") + b"s")),
    )
    yield (
        "setitems_sys_modules",
        "SETITEMS on sys.modules",
        "suspicious",
        stream(Raw(stack("sys", "modules") + b"(" + const("json") + const(1) + b"u")),
    )
    yield (
        "additems_on_object",
        "ADDITEMS calls add of what is no set",
        "suspicious",
        stream(Raw(newobj(stack("somewhere", "Registry")) + b"(" + const("true") + b"\x90")),
    )
    yield (
        "defaultdict_factory",
        "a factory that acts when a key is missing",
        "suspicious",
        stream(reduce(stack("collections", "defaultdict"), stack("os", "abort"))),
    )
    yield (
        "reduce_ex_of_subclass",
        "__reduce_ex__ by name",
        "suspicious",
        stream(reduce(stack("builtins", "object.__reduce_ex__"), SYSTEM, 4)),
    )
    yield (
        "list_subclass_extend",
        "extend of a class made by type()",
        "suspicious",
        stream(
            Raw(
                reduce(reduce(stack("builtins", "type"), "L", (stack("builtins", "list"),), {"extend": SYSTEM}))
                + b"("
                + const("true")
                + b"e"
            )
        ),
    )
    yield (
        "type_with_setstate",
        "a class made by type() with __setstate__",
        bad,
        stream(
            build(
                newobj(
                    reduce(stack("builtins", "type"), "L", (stack("builtins", "object"),), {"__setstate__": SYSTEM})
                ),
                "true",
            )
        ),
    )
