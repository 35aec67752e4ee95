"""Tensors and types that do not add up."""

import numpy
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

from . import Fault, faults, keeping, read, sound


def weight(**fields):
    """A model with fields of its weight replaced; None clears one."""
    made = keeping()
    tensor = made.graph.initializer[0]
    for name, value in fields.items():
        tensor.ClearField(name)
        if isinstance(value, list):
            getattr(tensor, name).extend(value)
        elif value is not None:
            setattr(tensor, name, value)
    return made


def bad(name, what, kind="malformed", **fields):
    return Fault(f"tensor_{name}", what, weight(**fields), kind, item="w")


@faults
def content():
    yield bad("raw_too_short", "7 raw bytes for two floats", raw_data=bytes(7))
    yield bad("raw_too_long", "9 raw bytes for two floats", raw_data=bytes(9))
    yield bad("raw_missing", "no content for two floats", raw_data=None)
    yield bad("raw_claims_a_terabyte", "8 raw bytes for 2^38 floats", dims=[2**38])
    yield bad("float_data_too_few", "one entry in float_data for two floats", raw_data=None, float_data=[1.0])
    yield bad("float_data_too_many", "three entries in float_data for two floats", raw_data=None, float_data=[1.0] * 3)
    yield bad("two_contents", "raw_data and float_data at once", float_data=[1.0, 2.0])
    yield bad("wrong_field", "floats in int64_data", raw_data=None, int64_data=[1, 2])
    yield bad("string_raw", "strings as raw bytes", data_type=T.STRING)
    yield bad("string_too_few", "one string where the dimensions say two", data_type=T.STRING, raw_data=None,
              string_data=[b"one"])
    yield bad("complex_data_odd", "three floats for two complex numbers", data_type=T.COMPLEX64, raw_data=None,
              float_data=[1.0, 2.0, 3.0])
    yield bad("int4_raw_unpacked", "two bytes for two 4-bit integers", data_type=T.INT4, raw_data=bytes(2))
    yield bad("int4_data_unpacked", "two entries in int32_data for two 4-bit integers", data_type=T.INT4,
              raw_data=None, int32_data=[1, 2])
    yield bad("int8_out_of_range", "300 in int32_data of an int8 tensor", data_type=T.INT8, raw_data=None,
              int32_data=[300, 0])
    yield bad("type_undefined", "element type 0", data_type=T.UNDEFINED)
    yield bad("type_missing", "no element type", data_type=None)
    yield bad("type_99", "element type 99, which does not exist", "unsupported", data_type=99)
    yield bad("type_negative", "element type -1", data_type=-1)
    made = keeping()
    made.graph.initializer[0].segment.begin, made.graph.initializer[0].segment.end = 0, 4
    yield Fault("tensor_segment", "a segment of a tensor, which nothing puts together", made, "unsupported", "w")


@faults
def dimensions():
    yield bad("dim_negative", "a dimension of -2", dims=[-2])
    yield bad("dim_smallest", "a dimension of -2^63", dims=[-(2**63)])
    yield bad("dims_negative_pair", "dimensions of -1 and -2, whose product is right", dims=[-1, -2])
    yield bad("dims_2_to_63", "2^63 elements", dims=[2**32, 2**31])
    yield bad("dims_2_to_64", "2^64 elements, which is 0 in 64 bits", dims=[2**32, 2**32], raw_data=b"")
    yield bad("dims_wrap_to_two", "a product that is 2 in 64 bits", dims=[2**63 - 1, -2])
    yield bad("bytes_wrap", "2^62 floats, whose bytes are 0 in 64 bits", dims=[2**62], raw_data=b"")
    yield bad("dims_9900", "9,900 dimensions of 1", "limit_exceeded", dims=[1] * 9900, raw_data=bytes(4))
    made = weight(dims=[0, 2**63 - 1, 2**63 - 1], raw_data=b"")
    yield Fault("tensor_dims_zero_times_huge", "no elements, though the other dimensions overflow", made,
                item="w", expect="survives")


def with_sparse(values, indices, dims):
    made = read("sparse (float[n, 4] x) => (float[n, 3] y) { y = MatMul (x, w) }")
    made.graph.sparse_initializer.append(helper.make_sparse_tensor(
        numpy_helper.from_array(numpy.array(values, numpy.float32), "w"),
        numpy_helper.from_array(numpy.array(indices, numpy.int64), "w_at"), dims,
    ))
    return made


@faults
def sparse():
    for name, what, *content in [
        ("index_beyond", "an index of 12 in a tensor of 12 elements", [1.0], [12], [4, 3]),
        ("index_negative", "an index of -1", [1.0], [-1], [4, 3]),
        ("unsorted", "indices out of order", [1.0, 2.0], [4, 1], [4, 3]),
        ("twice", "the same index twice", [1.0, 2.0], [4, 4], [4, 3]),
        ("too_few_indices", "two values and one index", [1.0, 2.0], [4], [4, 3]),
        ("wrong_rank", "indices with three columns for two dimensions", [1.0], [[0, 0, 0]], [4, 3]),
        ("coordinate_beyond", "a coordinate of 3 in a dimension of 3", [1.0], [[0, 3]], [4, 3]),
        ("dims_overflow", "2^64 elements", [1.0], [0], [2**32, 2**32]),
        ("dim_negative", "a dimension of -3", [1.0], [0], [4, -3]),
        ("no_dims", "no dimensions", [1.0], [0], []),
    ]:
        yield Fault(f"sparse_{name}", f"a sparse tensor with {what}", with_sparse(*content), item="w")
    made = with_sparse([1.0], [0], [4, 3])
    made.graph.sparse_initializer[0].values.name = ""
    yield Fault("sparse_no_name", "a sparse initializer without a name", made)


@faults
def declared():
    made = keeping()
    made.graph.input[0].type.tensor_type.elem_type = 99
    yield Fault("type_of_input_99", "an input with element type 99", made, "unsupported", "x")
    made = keeping()
    made.graph.input[0].type.tensor_type.elem_type = T.UNDEFINED
    yield Fault("type_of_input_undefined", "an input with element type 0", made, item="x")
    made = keeping()
    made.graph.input[0].ClearField("type")
    yield Fault("type_of_input_missing", "an input without a type", made, item="x")
    made = keeping()
    made.graph.input[0].type.Clear()
    made.graph.input[0].type.denotation = "IMAGE"
    yield Fault("type_of_input_empty", "an input whose type says nothing", made, item="x")
    made = keeping()
    made.graph.input[0].type.tensor_type.shape.dim[1].dim_value = -2
    yield Fault("dim_of_input_negative", "an input with a dimension of -2", made, item="x")
    made = keeping()
    made.graph.input[0].type.map_type.key_type = T.FLOAT
    made.graph.input[0].type.map_type.value_type.tensor_type.elem_type = T.FLOAT
    yield Fault("map_key_float", "an input that is a map from floats", made, item="x")
    made = keeping()
    made.graph.input[0].type.sequence_type.SetInParent()
    yield Fault("sequence_of_nothing", "an input that is a sequence of no type", made, item="x")
    made = sound()
    made.graph.value_info.append(helper.make_tensor_value_info("a", T.INT64, ["n", 2]))
    yield Fault("value_info_contradicts", "a type noted for a value that is not the one it has", made, item="a")
    made = sound()
    made.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 3
    yield Fault("output_contradicts", "an output declared with a dimension that it cannot have", made,
                item="y", expect="survives")
    made = sound()
    made.graph.input.append(helper.make_tensor_value_info("w", T.FLOAT, [3]))
    yield Fault("initializer_contradicts", "an initializer that is an input of another shape", made, item="w")
    made = keeping()
    made.graph.input[0].CopyFrom(onnx.ValueInfoProto())
    yield Fault("input_without_anything", "an input without name and type", made)
