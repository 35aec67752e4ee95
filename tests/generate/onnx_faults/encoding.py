"""Faults below the level of messages: bytes that are no protobuf, or a protobuf that lies about itself."""

import random

import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto as T
from onnx import checker, helper

from . import Fault, dump, faults, sound
from wire import BYTES, END_GROUP, FIXED32, GROUP, VARINT, block, number, tag, varint

# Field numbers of ModelProto and below, as onnx.proto gives them.
IR_VERSION, GRAPH, OPSET_IMPORT = 1, 7, 8
NODE, GRAPH_NAME, INITIALIZER, INPUT, OUTPUT = 1, 2, 5, 11, 12
UNKNOWN = 15


def parts():
    """The sound model as (header, graph, opsets) bytes, to be put together with something else."""
    made = sound()
    return (
        number(IR_VERSION, made.ir_version), dump(made.graph),
        b"".join(block(OPSET_IMPORT, dump(entry)) for entry in made.opset_import),
    )


def verdict(data):
    try:
        model = onnx.load_from_string(data)
    except DecodeError:
        return "undecodable"
    try:
        checker.check_model(model)
    except (checker.ValidationError, UnicodeDecodeError):
        return "refused"
    return "accepted"


@faults
def not_a_model():
    yield Fault("empty", "no bytes at all", b"")
    yield Fault("garbage", "1,000 random bytes", random.Random(1).randbytes(1000))
    yield Fault("zeros", "1,000 zero bytes", bytes(1000))
    yield Fault("text", "a sentence", b"This is not a model.\n")
    yield Fault(
        "lfs_pointer", "the pointer that Git LFS leaves in place of a file",
        b"version https://git-lfs.github.com/spec/v1\n"
        b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n",
    )
    yield Fault("web_page", "an error page saved under the model's name", b"<!DOCTYPE html>\n<title>404</title>\n")
    yield Fault("zip", "the first bytes of a zip archive", b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(20))


@faults
def truncated():
    whole = dump(sound())
    cuts = [cut for cut in range(1, len(whole)) if verdict(whole[:cut]) == "undecodable"]
    for cut in (cuts[0], *cuts[len(cuts) // 5 :: len(cuts) // 5][:4], cuts[-1]):
        yield Fault(f"truncated_at_{cut}", f"the first {cut} of {len(whole)} bytes", whole[:cut])


@faults
def flipped():
    """Bits whose change is seen: half of them break the encoding, half the meaning."""
    whole = dump(sound())
    draw, seen = random.Random(2), set()
    for wanted in ("undecodable", "refused"):
        found = 0
        while found < 4:
            bit = draw.randrange(len(whole) * 8)
            data = bytearray(whole)
            data[bit // 8] ^= 1 << bit % 8
            if bit not in seen and verdict(bytes(data)) == wanted:
                seen.add(bit)
                found += 1
                yield Fault(f"flipped_bit_{bit}", f"bit {bit % 8} of byte {bit // 8} flipped", bytes(data), kind=None)


@faults
def lengths():
    header, graph, opsets = parts()
    yield Fault(
        "length_beyond_end", "the graph claims 100 bytes more than there are",
        header + opsets + block(GRAPH, graph, len(graph) + 100),
    )
    yield Fault("length_2_to_31", "the graph claims 2^31 bytes", header + opsets + block(GRAPH, graph, 2**31))
    yield Fault("length_2_to_63", "the graph claims 2^63 bytes", header + opsets + block(GRAPH, graph, 2**63))
    yield Fault("length_minus_one", "the graph claims 2^64 - 1 bytes", header + opsets + block(GRAPH, graph, -1))
    yield Fault(
        "length_beyond_parent", "a node inside the graph claims more than the graph has",
        header + opsets + block(GRAPH, graph + block(NODE, b"", 50)) + bytes(100),
    )
    yield Fault(
        "varint_of_eleven_bytes", "ir_version is a varint of eleven bytes",
        tag(IR_VERSION, VARINT) + varint(10, width=11) + opsets + block(GRAPH, graph),
    )
    yield Fault(
        "varint_unfinished", "the file ends inside a varint", header + opsets + block(GRAPH, graph) + b"\x08\x80\x80",
    )
    weight = sound().graph.initializer[0]
    weight.ClearField("raw_data")
    weight.ClearField("dims")
    weight.data_type = T.DOUBLE
    without = sound()
    without.graph.ClearField("initializer")
    yield Fault(
        "packed_doubles_of_nine_bytes", "packed double_data of nine bytes",
        header + opsets + block(GRAPH, dump(without.graph) + block(INITIALIZER, dump(weight) + block(10, bytes(9)))),
    )
    yield Fault(
        "packed_dims_claim_1e9", "packed dims claim 10^9 bytes",
        header + opsets
        + block(GRAPH, dump(without.graph) + block(INITIALIZER, dump(weight) + block(1, b"\1\1", 10**9))),
        item="w",
    )


@faults
def tags():
    header, graph, opsets = parts()
    whole = header + opsets + block(GRAPH, graph)
    yield Fault("field_number_zero", "a field with the number 0", whole + b"\x02\x00")
    yield Fault("field_number_too_large", "a field number above 2^29", whole + varint(2**32 + 8) + b"\x00")
    yield Fault("wire_type_6", "wire type 6, which does not exist", whole + b"\x7e\x00")
    yield Fault("wire_type_7", "wire type 7, which does not exist", whole + b"\x7f\x00")
    yield Fault("group_unclosed", "a group that never ends", whole + tag(UNKNOWN, GROUP) + number(1, 1))
    yield Fault("group_never_opened", "the end of a group that never began", whole + tag(UNKNOWN, END_GROUP))
    yield Fault(
        "group_closed_by_another", "a group that another group's end closes",
        whole + tag(UNKNOWN, GROUP) + tag(13, END_GROUP),
    )
    depth = 9000
    yield Fault(
        "groups_nested", f"{depth} groups inside each other",
        whole + tag(UNKNOWN, GROUP) * depth + tag(UNKNOWN, END_GROUP) * depth, kind="limit_exceeded",
    )
    yield Fault("group_for_a_message", "the graph as a group", header + opsets
                + tag(GRAPH, GROUP) + graph + tag(GRAPH, END_GROUP))


@faults
def wire_types():
    header, graph, opsets = parts()
    yield Fault(
        "ir_version_as_bytes", "ir_version as a string", block(IR_VERSION, "10") + opsets + block(GRAPH, graph),
        item="ir_version",
    )
    yield Fault("graph_as_number", "the graph as a number", header + opsets + number(GRAPH, 5), item="graph")
    node = block(1, "x") + block(2, "y")
    ends = (
        block(GRAPH_NAME, "g") + block(INPUT, dump(helper.make_tensor_value_info("x", T.FLOAT, [1])))
        + block(OUTPUT, dump(helper.make_tensor_value_info("y", T.FLOAT, [1])))
    )
    yield Fault(
        "op_type_as_number", "op_type as a number",
        header + opsets + block(GRAPH, block(NODE, node + number(4, 7)) + ends), item="op_type",
    )
    relu = block(NODE, node + block(4, "Relu"))
    yield Fault(
        "dims_as_fixed32", "dims as fixed 32-bit numbers",
        header + opsets + block(GRAPH, relu + ends + block(
            INITIALIZER,
            block(8, "w") + number(2, T.FLOAT) + tag(1, FIXED32) + bytes([2, 0, 0, 0]) + block(9, bytes(8)),
        )), item="dims",
    )
    yield Fault(
        "raw_data_as_number", "raw_data as a number",
        header + opsets + block(GRAPH, relu + ends + block(
            INITIALIZER, block(8, "w") + number(2, T.FLOAT) + number(1, 1) + number(9, 0),
        )), item="w",
    )


def nested_graphs(depth):
    """If inside If, so deep that a reader which recurses runs out of stack."""
    graph = block(NODE, block(4, "Relu"))
    for _ in range(depth):
        graph = block(NODE, block(5, block(6, graph)))
    return graph


def nested_types(depth, field):
    kind = block(1, number(1, T.FLOAT))
    for _ in range(depth):
        kind = block(field, block(2 if field == 5 else 1, kind))
    return kind


@faults
def nesting():
    header, _, opsets = parts()
    yield Fault(
        "subgraphs_nested", "1,450 subgraphs inside each other",
        header + opsets + block(GRAPH, nested_graphs(1450) + block(GRAPH_NAME, "deep")), kind="limit_exceeded",
    )
    for name, field in {"sequence": 4, "map": 5, "optional": 9}.items():
        kind = nested_types(2300, field)
        yield Fault(
            f"types_nested_{name}", f"a type of 2,300 {name} types inside each other",
            header + opsets + block(GRAPH, block(GRAPH_NAME, "deep") + block(INPUT, block(1, "x") + block(2, kind))),
            kind="limit_exceeded",
        )


@faults
def text_fields():
    """Names that are no UTF-8, and names that a C string cannot hold."""
    whole = dump(sound())
    for name, old, what in [
        ("graph_name", b"sound", "the graph's name"), ("op_type", b"Relu", "an operator"),
        ("producer", b"modelium-tests", "the producer's name"),
    ]:
        yield Fault(
            f"utf8_{name}", f"a byte in {what} that is no UTF-8", whole.replace(old, b"\xff" + old[1:]),
        )
    for name, bad in [("utf8_value_name", b"\xff"), ("nul_value_name", b"\0")]:
        made = sound()
        made.graph.node[0].output[0] = made.graph.node[1].input[0] = "inner#"
        what = "no UTF-8" if bad == b"\xff" else "NUL"
        yield Fault(name, f"a byte in a value's name that is {what}", dump(made).replace(b"inner#", b"inner" + bad))
    made = sound()
    made.graph.node[0].op_type = "Mul\0tiply"
    yield Fault("nul_op_type", "NUL in an operator's name", made)
    made = sound()
    made.graph.initializer[0].name = made.graph.node[0].input[1] = "w\0"
    yield Fault("nul_tensor_name", "NUL at the end of a tensor's name", made)
    made = sound()
    made.graph.input[0].type.tensor_type.shape.dim[0].dim_param = "ba#tch"
    yield Fault("utf8_dim_param", "a byte in a dimension's name that is no UTF-8",
                dump(made).replace(b"ba#tch", b"ba\xfftch"))


@faults
def odd_but_sound():
    """What the wire format allows, though the official writer does not do it."""
    header, graph, opsets = parts()
    whole = header + opsets + block(GRAPH, graph)
    future = number(200, 7) + block(201, "later") + tag(202, FIXED32) + bytes(4) + tag(203, 1) + bytes(8)
    yield Fault("accepted_unknown_fields", "fields of a later version, of each wire type, in model and graph",
                header + future + opsets + block(GRAPH, future + graph) + future, expect="accepted")
    yield Fault("accepted_unknown_group", "an unknown group, properly closed",
                whole + tag(UNKNOWN, GROUP) + number(1, 1) + tag(UNKNOWN, END_GROUP), expect="accepted")
    yield Fault("accepted_fields_in_reverse", "the fields of the model from the last to the first",
                block(GRAPH, graph) + opsets + header, expect="accepted")
    yield Fault("accepted_long_varints", "numbers and lengths in more bytes than they need",
                tag(IR_VERSION, VARINT) + varint(10, width=10) + opsets
                + tag(GRAPH, BYTES) + varint(len(graph), width=5) + graph, expect="accepted")
    yield Fault("accepted_ir_version_twice", "ir_version twice; the last one counts",
                number(IR_VERSION, 3) + whole, expect="accepted")
    nodes, rest = sound().graph, sound().graph
    del nodes.initializer[:], nodes.input[:], nodes.output[:]
    nodes.ClearField("name")
    del rest.node[:]
    yield Fault("accepted_graph_in_two_parts", "the graph in two fields, which a reader has to merge",
                header + opsets + block(GRAPH, dump(nodes)) + block(GRAPH, dump(rest)), expect="accepted")
    yield Fault("graph_twice", "the whole graph twice: merged, every name is there two times",
                header + opsets + block(GRAPH, graph) * 2)
    made = sound()
    made.producer_name = made.doc_string = made.graph.doc_string = made.graph.node[0].name = ""
    yield Fault("accepted_empty_strings", "strings that are present and empty", made, expect="accepted")
