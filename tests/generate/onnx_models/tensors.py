"""Every element type, every field that can hold elements, and the shapes at the edge."""

import struct

import numpy
from onnx import TensorProto as T
from onnx import helper, numpy_helper

from . import model, read, wrap
from wire import encode

F32 = [0.0, -0.0, 1.5, float("inf"), float("-inf"), float("nan")]

# Element type → (typed field, bits, elements as bit patterns, or as values where the field takes them as such).
# The patterns of the small floats are zero, the smallest, one, the largest, the sign bit, and all bits.
ELEMENTS = {
    T.FLOAT: ("float_data", 32, F32),
    T.DOUBLE: ("double_data", 64, F32),
    T.COMPLEX64: ("float_data", 64, [1.5, -2.0, 0.0, float("inf")]),
    T.COMPLEX128: ("double_data", 128, [1.5, -2.0, 0.0, float("inf")]),
    T.INT8: ("int32_data", 8, [0, 1, -1, 127, -128]),
    T.INT16: ("int32_data", 16, [0, 1, -1, 2**15 - 1, -(2**15)]),
    T.INT32: ("int32_data", 32, [0, 1, -1, 2**31 - 1, -(2**31)]),
    T.INT64: ("int64_data", 64, [0, 1, -1, 2**63 - 1, -(2**63)]),
    T.UINT8: ("int32_data", 8, [0, 1, 127, 128, 255]),
    T.UINT16: ("int32_data", 16, [0, 1, 2**15, 2**16 - 1]),
    T.UINT32: ("uint64_data", 32, [0, 1, 2**31, 2**32 - 1]),
    T.UINT64: ("uint64_data", 64, [0, 1, 2**63, 2**64 - 1]),
    T.BOOL: ("int32_data", 8, [0, 1, 1, 0]),
    T.FLOAT16: ("int32_data", 16, [0, 0x0001, 0x3C00, 0x7BFF, 0x8000, 0x7C00, 0xFE00]),
    T.BFLOAT16: ("int32_data", 16, [0, 0x0001, 0x3F80, 0x7F7F, 0x8000, 0x7F80, 0xFFC0]),
    T.FLOAT8E4M3FN: ("int32_data", 8, [0, 0x01, 0x38, 0x7E, 0x80, 0xFF]),
    T.FLOAT8E4M3FNUZ: ("int32_data", 8, [0, 0x01, 0x40, 0x7F, 0x80, 0xFF]),
    T.FLOAT8E5M2: ("int32_data", 8, [0, 0x01, 0x3C, 0x7B, 0x80, 0x7C, 0xFF]),
    T.FLOAT8E5M2FNUZ: ("int32_data", 8, [0, 0x01, 0x40, 0x7F, 0x80, 0xFF]),
    T.FLOAT8E8M0: ("int32_data", 8, [0, 0x01, 0x7F, 0xFE, 0xFF]),
    T.UINT4: ("int32_data", 4, [0, 1, 7, 8, 15]),
    T.INT4: ("int32_data", 4, [0, 1, 7, 8, 15]),
    T.FLOAT4E2M1: ("int32_data", 4, [0, 1, 2, 7, 8]),
    T.FLOAT6E2M3: ("int32_data", 6, [0, 1, 8, 31, 32, 63]),
    T.FLOAT6E3M2: ("int32_data", 6, [0, 1, 12, 31, 32, 63]),
    T.UINT2: ("int32_data", 2, [0, 1, 2, 3, 1]),
    T.INT2: ("int32_data", 2, [0, 1, 2, 3, 1]),
}
TEXT = ["", "ascii", "zwölf Boxkämpfer", "日本語"]


def little_endian(bits, elements):
    """The elements as one stream of bits, the first element lowest, padded with zeros to a whole byte."""
    stream = 0
    for index, element in enumerate(elements):
        stream |= (element & 2**bits - 1) << index * bits
    return stream.to_bytes((len(elements) * bits + 7) // 8, "little")


def tensor(data_type, form):
    """A one-dimensional tensor of the elements of its type, as `raw` bytes or in the `typed` field."""
    name = f"{T.DataType.Name(data_type).lower()}_{form}"
    field, bits, elements = ELEMENTS[data_type]
    made = T(name=name, data_type=data_type)
    if field in ("float_data", "double_data"):
        width = len(elements) // 2 if data_type in (T.COMPLEX64, T.COMPLEX128) else len(elements)
        raw = struct.pack(f"<{len(elements)}{'f' if field == 'float_data' else 'd'}", *elements)
    else:
        width = len(elements)
        raw = little_endian(bits, elements)
        if bits < 8 and bits != 6:
            # Two or four elements share an entry of the typed field; six-bit elements have one each.
            elements = list(raw)
    made.dims.append(width)
    if form == "raw":
        made.raw_data = raw
    else:
        getattr(made, field).extend(elements)
    return made


def strings(name="string_typed"):
    return helper.make_tensor(name, T.STRING, [len(TEXT)], [text.encode() for text in TEXT])


def holding(name, tensors, opset=28, ir_version=14):
    """A graph without nodes whose outputs are its initializers."""
    outputs = [helper.make_tensor_value_info(t.name, t.data_type, list(t.dims)) for t in tensors]
    return wrap(helper.make_graph([], name, [], outputs, initializer=tensors), opset, ir_version)


@model
def dtypes_raw():
    return holding("raw", [tensor(data_type, "raw") for data_type in ELEMENTS])


@model
def dtypes_typed():
    return holding("typed", [tensor(data_type, "typed") for data_type in ELEMENTS] + [strings()])


@model
def dtypes_unpacked():
    """The same with each element as a field of its own, as a writer without packing puts it."""
    return encode(dtypes_typed(), packed=False)


@model
def dtypes_packed():
    """The same with the dimensions packed too, as a writer generated under proto3 rules puts them."""
    return encode(dtypes_typed(), packed=True)


@model
def dtypes_as_inputs():
    """Each type as an input and, through Identity, as an output."""
    kinds = [data_type for data_type in [*ELEMENTS, T.STRING] if data_type not in (T.FLOAT6E2M3, T.FLOAT6E3M2)]
    names = [T.DataType.Name(kind).lower() for kind in kinds]
    return wrap(helper.make_graph(
        [helper.make_node("Identity", [name], [f"{name}_out"]) for name in names],
        "identities",
        [helper.make_tensor_value_info(name, kind, ["n", 2]) for name, kind in zip(names, kinds)],
        [helper.make_tensor_value_info(f"{name}_out", kind, ["n", 2]) for name, kind in zip(names, kinds)],
    ), 28, 14)


@model
def scalars_and_empty_tensors():
    """No dimension is one element; a dimension of zero is none, whichever field would have held it."""
    tensors = [
        helper.make_tensor("scalar_raw", T.FLOAT, [], struct.pack("<f", 2.5), raw=True),
        helper.make_tensor("scalar_typed", T.INT64, [], [42]),
        helper.make_tensor("scalar_string", T.STRING, [], [b"one"]),
        helper.make_tensor("scalar_int4", T.INT4, [], [-3]),
        helper.make_tensor("empty", T.FLOAT, [0], []),
        helper.make_tensor("empty_raw", T.FLOAT, [0], b"", raw=True),
        helper.make_tensor("empty_between", T.INT8, [3, 0, 2], b"", raw=True),
        helper.make_tensor("empty_int4", T.INT4, [0], []),
        helper.make_tensor("empty_strings", T.STRING, [2, 0], []),
        helper.make_tensor("ones", T.FLOAT, [1, 1, 1, 1, 1], [1.0]),
        helper.make_tensor("odd_int4", T.INT4, [3, 1], [-8, 7, -1]),
        helper.make_tensor("odd_uint2", T.UINT2, [5], [0, 1, 2, 3, 1]),
    ]
    return holding("edges", tensors)


@model
def constant_forms():
    """A Constant node of each attribute form."""
    dense = numpy_helper.from_array(numpy.arange(6, dtype=numpy.float32).reshape(2, 3), "dense")
    sparse = helper.make_sparse_tensor(
        helper.make_tensor("values", T.FLOAT, [2], [1.0, 2.0]), helper.make_tensor("indices", T.INT64, [2], [1, 5]),
        [2, 3],
    )
    forms = {
        "value": (dense, T.FLOAT, [2, 3]),
        "sparse_value": (sparse, T.FLOAT, [2, 3]),
        "value_float": (1.5, T.FLOAT, []),
        "value_floats": ([1.5, -2.5], T.FLOAT, [2]),
        "value_int": (-7, T.INT64, []),
        "value_ints": ([1, 2, 3], T.INT64, [3]),
        "value_string": ("text", T.STRING, []),
        "value_strings": (["a", "", "ß"], T.STRING, [3]),
    }
    return wrap(helper.make_graph(
        [helper.make_node("Constant", [], [f"{name}_out"], **{name: value}) for name, (value, _, _) in forms.items()],
        "constants", [],
        [helper.make_tensor_value_info(f"{name}_out", kind, dims) for name, (_, kind, dims) in forms.items()],
    ))


def sparse(name, values, indices, dims):
    indices = numpy.array(indices, dtype=numpy.int64)
    made = helper.make_sparse_tensor(
        numpy_helper.from_array(numpy.array(values, dtype=numpy.float32), name),
        numpy_helper.from_array(indices, f"{name}_indices"), dims,
    )
    return made


@model
def sparse_initializers():
    """Both forms of indices, and a sparse tensor with nothing in it."""
    made = read("""
        <ir_version: 8, opset_import: ["" : 16]>
        sparse (float[n, 4] x) => (float[n, 3] y, float[n, 3] z) {
            y = MatMul (x, linear)
            part = MatMul (x, coordinates)
            z = Add (part, none)
        }
    """)
    made.graph.sparse_initializer.extend([
        sparse("linear", [1.0, -1.0, 0.5], [0, 4, 11], [4, 3]),
        sparse("coordinates", [2.0, 3.0], [[0, 1], [3, 2]], [4, 3]),
        sparse("none", [], numpy.zeros([0]), [3]),
    ])
    return made


@model
def initializer_uses():
    """One initializer used three times, one as input with a default, one as output, one by nobody."""
    return read("""
        <ir_version: 10, opset_import: ["" : 21]>
        uses (float[n, 2] x, float[2] bias) => (float[n, 2] y, float[2, 2] shared, float[n, 2] x)
        <float[2, 2] shared = {1, 2, 3, 4}, float[2] bias = {0.5, -0.5}, float[3] nobody = {7, 8, 9},
         float[2, 2] same_content = {1, 2, 3, 4}>
        {
            a = MatMul (x, shared)
            b = MatMul (a, shared)
            c = MatMul (b, same_content)
            y = Gemm (c, shared, bias)
        }
    """)
