"""Constants: the fields of tensors, sparse ones, data beside the model; annotations."""

from onnx import TensorProto as T
from onnx import helper

from . import Case, cases, sound


def weight(**fields):
    """The sound model with another weight, read by an operator that asks nothing of it."""
    made = sound()
    made.opset_import.append(helper.make_opsetid("com.example", 1))
    del made.graph.node[:]
    made.graph.node.add(op_type="Keep", domain="com.example", input=["x", "w"], output=["y"])
    tensor = made.graph.initializer[0]
    tensor.Clear()
    tensor.name = "w"
    for name, value in fields.items():
        if isinstance(value, list):
            getattr(tensor, name).extend(value)
        else:
            setattr(tensor, name, value)
    return made


@cases
def contents():
    for name, what, fields in [
        ("sound_raw", "raw bytes", {"dims": [2], "data_type": T.FLOAT, "raw_data": bytes(8)}),
        ("raw_and_typed", "raw bytes and typed ones",
         {"dims": [2], "data_type": T.FLOAT, "raw_data": bytes(8), "float_data": [1, 2]}),
        ("two_typed", "two typed fields",
         {"dims": [2], "data_type": T.FLOAT, "float_data": [1, 2], "int64_data": [1, 2]}),
        ("nothing", "no data for two elements", {"dims": [2], "data_type": T.FLOAT}),
        ("empty_with_data", "data for no elements", {"dims": [0], "data_type": T.FLOAT, "float_data": [1]}),
        ("empty_without_data", "no data for no elements", {"dims": [0], "data_type": T.FLOAT}),
        ("empty_with_zero_raw", "no data for no elements, in the raw field",
         {"dims": [0], "data_type": T.FLOAT, "raw_data": b""}),
        ("no_type", "no element type", {"dims": [2], "raw_data": bytes(8)}),
        ("type_0", "an undefined element type", {"dims": [2], "data_type": 0, "raw_data": bytes(8)}),
        ("type_99", "an element type that does not exist", {"dims": [2], "data_type": 99, "raw_data": bytes(8)}),
        ("type_99_typed", "typed data of an element type that does not exist",
         {"dims": [2], "data_type": 99, "int32_data": [1, 2]}),
        ("float_in_int64", "floats in the field of int64", {"dims": [2], "data_type": T.FLOAT, "int64_data": [1, 2]}),
        ("int64_in_int32", "int64 in the field of int32", {"dims": [2], "data_type": T.INT64, "int32_data": [1, 2]}),
        ("double_in_float", "doubles in the field of floats", {"dims": [2], "data_type": T.DOUBLE, "float_data": [1, 2]}),
        ("uint32_in_int32", "uint32 in the field of int32", {"dims": [2], "data_type": T.UINT32, "int32_data": [1, 2]}),
        ("bool_in_uint64", "booleans in the field of uint64", {"dims": [2], "data_type": T.BOOL, "uint64_data": [1, 0]}),
        ("float16_in_float", "float16 in the field of floats",
         {"dims": [2], "data_type": T.FLOAT16, "float_data": [1, 2]}),
        ("string_raw", "text in raw bytes", {"dims": [1], "data_type": T.STRING, "raw_data": b"text"}),
        ("string_in_float", "text in the field of floats", {"dims": [1], "data_type": T.STRING, "float_data": [1]}),
        ("raw_short", "too few raw bytes", {"dims": [2], "data_type": T.FLOAT, "raw_data": bytes(7)}),
        ("raw_long", "too many raw bytes", {"dims": [2], "data_type": T.FLOAT, "raw_data": bytes(12)}),
        ("typed_short", "too few numbers", {"dims": [3], "data_type": T.FLOAT, "float_data": [1, 2]}),
        ("typed_long", "too many numbers", {"dims": [1], "data_type": T.FLOAT, "float_data": [1, 2]}),
        ("strings_short", "too few texts", {"dims": [2], "data_type": T.STRING, "string_data": [b"a"]}),
        ("dim_negative", "a dimension of -2", {"dims": [-2], "data_type": T.FLOAT, "raw_data": bytes(8)}),
        ("dims_negative_pair", "two negative dimensions",
         {"dims": [-1, -2], "data_type": T.FLOAT, "raw_data": bytes(8)}),
        ("dims_overflow", "dimensions whose product overflows",
         {"dims": [2**32, 2**32], "data_type": T.FLOAT, "raw_data": bytes(8)}),
        ("scalar", "a scalar", {"data_type": T.FLOAT, "float_data": [1]}),
        ("scalar_two", "a scalar with two numbers", {"data_type": T.FLOAT, "float_data": [1, 2]}),
        ("int4_packed", "int4, two in a byte", {"dims": [3], "data_type": T.INT4, "raw_data": bytes(2)}),
        ("int4_unpacked", "int4, one in a byte", {"dims": [3], "data_type": T.INT4, "raw_data": bytes(3)}),
        ("complex_odd", "complex numbers of three floats",
         {"dims": [2], "data_type": T.COMPLEX64, "float_data": [1, 2, 3]}),
    ]:
        yield Case(f"tensor_{name}", f"a weight with {what}", weight(**fields))
    made = weight(dims=[2], data_type=T.FLOAT, raw_data=bytes(8))
    made.graph.initializer[0].name = ""
    yield Case("tensor_without_name", "a weight without a name", made)
    made = weight(dims=[2], data_type=T.FLOAT, raw_data=bytes(8))
    made.graph.initializer.append(made.graph.initializer[0])
    yield Case("tensor_twice", "a weight twice", made)


def beside(*entries, **fields):
    made = weight(dims=[2], data_type=T.FLOAT)
    tensor = made.graph.initializer[0]
    tensor.data_location = T.EXTERNAL
    for key, value in entries:
        tensor.external_data.add(key=key, value=value)
    for name, value in fields.items():
        setattr(tensor, name, value)
    return made


@cases
def external():
    data = {"w.bin": bytes(8)}
    for name, what, made, files in [
        ("sound", "data in a file beside the model", beside(("location", "w.bin")), data),
        ("with_raw", "data in a file and in the model", beside(("location", "w.bin"), raw_data=bytes(8)), data),
        ("no_location", "data in a file without a name", beside(("offset", "0")), data),
        ("empty_location", "data in a file with an empty name", beside(("location", "")), data),
        ("missing", "data in a file that is not there", beside(("location", "v.bin")), data),
        ("absolute", "data at an absolute path", beside(("location", "/etc/passwd")), data),
        ("parent", "data in a folder above", beside(("location", "../w.bin")), data),
        ("folder", "data in a folder", beside(("location", "w")), {"w/w.bin": bytes(8)}),
        ("range_beyond", "data beyond the end of the file",
         beside(("location", "w.bin"), ("offset", "4"), ("length", "8")), data),
        ("offset_negative", "data at a negative offset", beside(("location", "w.bin"), ("offset", "-4")), data),
        ("offset_text", "data at an offset that is no number", beside(("location", "w.bin"), ("offset", "x")), data),
        ("length_short", "data of fewer bytes than the elements need",
         beside(("location", "w.bin"), ("length", "4")), data),
        ("file_short", "data in a file that is too short", beside(("location", "w.bin")), {"w.bin": bytes(4)}),
    ]:
        yield Case(f"external_{name}", what, made, files)


def sparse(values, indices, dims, name="s", dtype=T.FLOAT, index_type=T.INT64, shape=None, value_shape=None):
    made = sound()
    made.graph.ClearField("initializer")
    made.graph.node[0].op_type, made.graph.node[0].input[1] = "Add", "s"
    made.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 2
    made.graph.output[0].type.tensor_type.shape.dim[0].dim_value = 2
    item = made.graph.sparse_initializer.add()
    item.dims.extend(dims)
    if values is not None:
        item.values.CopyFrom(helper.make_tensor(name, dtype, value_shape or [len(values)], values))
    if indices is not None:
        item.indices.CopyFrom(helper.make_tensor("", index_type, shape or [len(indices)], indices))
    return made


@cases
def sparse_ones():
    for name, what, made in [
        ("sound", "nothing wrong", sparse([1, 2], [0, 3], [2, 2])),
        ("sound_coordinates", "coordinates", sparse([1, 2], [0, 0, 1, 1], [2, 2], shape=[2, 2])),
        ("unsorted", "indices out of order", sparse([1, 2], [3, 0], [2, 2])),
        ("twice", "an index twice", sparse([1, 2], [3, 3], [2, 2])),
        ("beyond", "an index beyond the end", sparse([1, 2], [0, 4], [2, 2])),
        ("negative", "a negative index", sparse([1, 2], [-1, 3], [2, 2])),
        ("coordinates_unsorted", "coordinates out of order", sparse([1, 2], [1, 1, 0, 0], [2, 2], shape=[2, 2])),
        ("coordinates_beyond", "a coordinate beyond the end", sparse([1, 2], [0, 0, 1, 2], [2, 2], shape=[2, 2])),
        ("coordinates_depth", "coordinates for three axes of two",
         sparse([1, 2], [0, 0, 0, 1, 1, 1], [2, 2], shape=[2, 3])),
        ("too_few", "fewer indices than values", sparse([1, 2], [0], [2, 2])),
        ("indices_rank_3", "indices of rank 3", sparse([1, 2], [0, 3], [2, 2], shape=[2, 1, 1])),
        ("indices_int32", "indices of int32", sparse([1, 2], [0, 3], [2, 2], index_type=T.INT32)),
        ("no_indices", "no indices", sparse([1, 2], None, [2, 2])),
        ("no_values", "no values", sparse(None, [0, 3], [2, 2])),
        ("nothing_stored", "no values and no indices stored", sparse([], [], [2, 2])),
        ("no_dims", "no dimensions", sparse([1, 2], [0, 3], [])),
        ("dim_zero", "a dimension of 0", sparse([1, 2], [0, 3], [0, 2])),
        ("dim_negative", "a dimension of -2", sparse([1, 2], [0, 3], [-2, 2])),
        ("values_rank_2", "values of rank 2", sparse([1, 2], [0, 3], [2, 2], value_shape=[2, 1])),
        ("no_name", "no name", sparse([1, 2], [0, 3], [2, 2], name="")),
        ("does_not_fit", "a shape that its reader does not take", sparse([1, 2], [0, 3], [3, 3])),
        ("other_type", "a type that its reader does not take", sparse([1, 2], [0, 3], [2, 2], dtype=T.INT64)),
    ]:
        yield Case(f"sparse_{name}", f"a sparse weight with {what}", made)


@cases
def annotations():
    made = sound()
    made.graph.quantization_annotation.add(tensor_name="nobody")
    yield Case("annotation_of_nothing", "a quantisation annotation of a value that is not there", made)
    made = sound()
    note = made.graph.quantization_annotation.add(tensor_name="x")
    note.quant_parameter_tensor_names.add(key="SCALE_TENSOR", value="nobody")
    yield Case("annotation_scale_missing", "a quantisation annotation with a scale that is not there", made)
    made = sound()
    training = made.training_info.add()
    training.initialization.CopyFrom(made.graph)
    yield Case("training_sound", "training information", made)
    made = sound()
    training = made.training_info.add()
    training.algorithm.node.add(op_type="Frob", input=["q"], output=["r"])
    yield Case("training_broken", "training information whose graph is broken", made)
    made = sound()
    made.training_info.add().update_binding.add(key="w", value="nobody")
    yield Case("training_binding", "training information that binds what is not there", made)
