"""External data that points where it must not, or where nothing fits."""

import numpy
from onnx import TensorProto as T
from onnx import helper, numpy_helper

from . import Fault, faults, keeping, read, sound

DATA = bytes.fromhex("0000803f00000040") + bytes(8)


def placed(*entries, location="weights.bin", start=sound):
    """The sound model with its weight in a file; `entries` are further (key, value) pairs."""
    made = start()
    place(made.graph.initializer[0], *entries, location=location)
    return made


def place(tensor, *entries, location="weights.bin"):
    tensor.ClearField("raw_data")
    tensor.data_location = T.EXTERNAL
    for key, value in ([("location", location)] if location is not None else []) + list(entries):
        tensor.external_data.add(key=key, value=str(value))


def bad(name, what, made, kind="malformed", item="w", **fields):
    beside = fields.pop("beside", {"weights.bin": DATA})
    return Fault(f"external_{name}", what, made, kind, item, beside=beside, **fields)


@faults
def locations():
    """`outside.bin` lies in the folder above and would fit, so that a reader which goes there does read it."""
    for name, what, location in [
        ("absolute", "an absolute path", "/etc/passwd"),
        ("device", "a device", "/dev/zero"),
        ("parent", "a path out of the folder", "../outside.bin"),
        ("nested_parent", "a path out of the folder by way of one that is there", "sub/../../outside.bin"),
        ("parent_and_back", "a path out of the folder and in again", "../external_parent_and_back/weights.bin"),
        ("backslash_parent", "a path out of the folder in Windows spelling", "..\\outside.bin"),
        ("drive", "a path on a Windows drive", "C:\\outside.bin"),
        ("share", "a path on a network share", "\\\\server\\share\\weights.bin"),
        ("url", "a URL", "https://example.com/weights.bin"),
        ("file_url", "a file URL", "file:///etc/passwd"),
        ("home", "a path in a home folder, as a shell writes it", "~/weights.bin"),
        ("variable", "an environment variable, as a shell writes it", "$HOME/weights.bin"),
        ("nul", "NUL in the path", "weights.bin\0.txt"),
    ]:
        kind = "io" if name in ("home", "variable") else "unsafe_content"
        beside = {"weights.bin": DATA} | ({"sub/keep.bin": b"\0"} if name == "nested_parent" else {})
        yield bad(name, f"external data at {what}", placed(location=location), kind, beside=beside)
    yield bad("empty_location", "external data at an empty path", placed(location=""))
    yield bad("no_location", "external data without a path", placed(location=None))
    yield bad("location_twice", "external data at two paths", placed(("location", "outside.bin")))
    yield bad("missing_file", "external data in a file that is not there", placed(location="nowhere.bin"), "io")
    yield bad("folder", "external data in a folder", placed(location="sub"), "io", beside={"sub/keep.bin": b"\0"})
    yield bad("this_folder", "external data in the model's own folder", placed(location="."), "unsafe_content")
    yield bad("itself", "external data in the model file itself, as if it were a weight",
              placed(("offset", 0), ("length", 8), location="model.onnx"), expect="survives")
    for name, link, target in [
        ("symlink_out", "symlink", "../outside.bin"), ("symlink_inside", "symlink", "other.bin"),
        ("hard_link", "hardlink", "../outside.bin"), ("symlinked_folder", "symlink", ".."),
        ("fifo", "fifo", ""),
    ]:
        at = "folder" if name == "symlinked_folder" else "weights.bin"
        location = "folder/outside.bin" if name == "symlinked_folder" else "weights.bin"
        what = {"symlink": "a symbolic link", "hardlink": "a hard link", "fifo": "a named pipe"}[link]
        yield bad(name, f"external data behind {what}" + (f" to {target}" if target else ""),
                  placed(location=location), "unsafe_content",
                  beside={"other.bin": DATA} if target == "other.bin" else {}, links=((link, at, target),))


@faults
def ranges():
    for name, what, *entries in [
        ("offset_beyond_end", "an offset beyond the end of the file", ("offset", 100)),
        ("offset_negative", "an offset of -8", ("offset", -8)),
        ("offset_text", "an offset that is no number", ("offset", "eight")),
        ("offset_hex", "an offset in hexadecimal", ("offset", "0x8")),
        ("offset_fraction", "an offset with a fraction", ("offset", "8.0")),
        ("offset_empty", "an empty offset", ("offset", "")),
        ("offset_2_to_64", "an offset of 2^64", ("offset", 2**64)),
        ("offset_and_length_wrap", "an offset and a length whose sum is 0 in 64 bits",
         ("offset", 2**64 - 8), ("length", 8)),
        ("length_beyond_end", "a length beyond the end of the file", ("offset", 12), ("length", 8)),
        ("length_negative", "a length of -1", ("length", -1)),
        ("length_too_short", "a length of 4 for 8 bytes", ("length", 4)),
        ("length_too_long", "a length of 12 for 8 bytes", ("length", 12)),
        ("length_text", "a length that is no number", ("length", "all")),
        ("offset_twice", "two offsets", ("offset", 0), ("offset", 8)),
    ]:
        yield bad(name, f"external data with {what}", placed(*entries))
    made = placed(start=keeping)
    made.graph.initializer[0].dims[:] = [2**40]
    yield bad("claims_terabytes", "external data of 16 bytes for 2^40 floats", made)
    yield bad("empty_file", "external data in an empty file", placed(), beside={"weights.bin": b""})
    made = placed()
    made.graph.initializer[0].raw_data = DATA[:8]
    yield bad("and_raw", "external data and raw data at once", made)
    made = placed(start=keeping)
    made.graph.initializer[0].data_type = T.STRING
    yield bad("strings", "strings as external data", made)
    made = sound()
    made.graph.initializer[0].external_data.add(key="location", value="weights.bin")
    yield bad("not_announced", "a path to external data beside raw data that is said to be used", made,
              expect="survives")


@faults
def elsewhere():
    """The same escape from each place where a tensor can be."""
    def escaping(name, dims=(2,)):
        tensor = numpy_helper.from_array(numpy.zeros(dims, numpy.float32), name)
        place(tensor, location="../outside.bin")
        return tensor

    made = read("g (float[2] x) => (float[2] y) { k = Constant <value = float[2] {1, 2}> () y = Add (x, k) }")
    made.graph.node[0].attribute[0].t.CopyFrom(escaping("inner"))
    yield bad("in_attribute", "an escape from a Constant node", made, "unsafe_content", "inner", beside={})

    made = read("""g (bool c, float[2] x) => (float[2] y) { y = If (c) <
        then_branch = t () => (float[2] a) { a = Add (x, inner) },
        else_branch = e () => (float[2] b) { b = Neg (x) }> }""")
    made.graph.node[0].attribute[0].g.initializer.append(escaping("inner"))
    yield bad("in_subgraph", "an escape from a subgraph", made, "unsafe_content", "inner", beside={})

    made = read("""g (float[2] x) => (float[2] y) { y = local.f (x) }
        <domain: "local", opset_import: ["" : 21]> f (x) => (y)
        { k = Constant <value = float[2] {1, 2}> () y = Add (x, k) }""",
                '<ir_version: 10, opset_import: ["" : 21, "local" : 1]>')
    made.functions[0].node[0].attribute[0].t.CopyFrom(escaping("inner"))
    yield bad("in_function", "an escape from a function", made, "unsafe_content", "inner", beside={})

    made = read("sparse (float[n, 4] x) => (float[n, 3] y) { y = MatMul (x, w) }")
    at = numpy_helper.from_array(numpy.array([0, 5], numpy.int64), "w_at")
    made.graph.sparse_initializer.append(helper.make_sparse_tensor(escaping("w"), at, [4, 3]))
    yield bad("in_sparse", "an escape from the values of a sparse tensor", made, "unsafe_content", beside={})

    made = sound()
    step = helper.make_graph([], "step", [], [], initializer=[escaping("rate")])
    made.training_info.append(helper.make_training_info(step, [], None, None))
    yield bad("in_training", "an escape from training information", made, "unsafe_content", "rate", beside={})

    made = read("g (float[2] x) => (float[2] y) { y = com.example.Op (x) }",
                '<ir_version: 10, opset_import: ["" : 21, "com.example" : 1]>')
    made.graph.node[0].attribute.append(helper.make_attribute("all", [escaping("first"), escaping("second")]))
    yield bad("in_tensor_list", "an escape from a list of tensors", made, "unsafe_content", "first", beside={})


@faults
def odd_but_sound():
    yield bad("accepted_no_length_and_more",
              "external data without a length in a file that goes on: the type says how much",
              placed(("offset", 0)), expect="accepted")
    yield bad("unknown_key", "external data with a key that nobody knows, which ONNX Runtime refuses",
              placed(("colour", "blue")), beside={"weights.bin": DATA[:8]}, expect="survives")
    yield bad("accepted_dot_slash", "external data at a path that begins with ./", placed(location="./weights.bin"),
              beside={"weights.bin": DATA[:8]}, expect="accepted")
    yield bad("wrong_checksum", "external data with a checksum that is not its own, which readers ignore",
              placed(("checksum", "0" * 40)), beside={"weights.bin": DATA[:8]}, expect="survives")
