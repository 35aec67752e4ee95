//! What the guard knows of each record: the fields of [`schema`](super::schema), their layout, and what they cost.
//!
//! Costs are overestimates of what import allocates: the record, twice because a list that grows may hold twice what it
//! needs, and the part of the IR that it becomes.

use std::mem::size_of;

use bytes::Bytes;

use crate::formats::onnx::kept::Kept;
use crate::formats::onnx::schema;
use crate::ir;
use crate::tensor::Tensor;
use crate::wire::protobuf::WireType::{Fixed32, Fixed64, Varint};
use crate::wire::protobuf::guard::{Class, Field, Kind, Shape};

/// Text that becomes a string.
const TEXT: Kind = Kind::Bytes { weight: list(size_of::<Bytes>() + size_of::<String>() + 16), copies: 1 };

/// The name of a value: it may make a [`Value`](ir::Value) and an entry of the graph's table of names.
const NAME: Kind = Kind::Bytes {
    weight: list(size_of::<Bytes>() + size_of::<ir::Value>() + size_of::<(String, ir::ValueId)>() + 32) + 32,
    copies: 2,
};

/// Bytes that stay where they are.
const DATA: Kind = Kind::Bytes { weight: list(2 * size_of::<Bytes>()), copies: 0 };

/// A list may hold twice what it needs when it grows.
const fn list(bytes: usize) -> u64 {
    bytes.saturating_mul(2) as u64
}

const fn shape(record: usize, ir: usize, class: Class, fields: &'static [Field]) -> Shape {
    Shape { weight: list(record).saturating_add(list(ir)), class, fields }
}

const fn one(number: u32, name: &'static str, kind: Kind) -> Field {
    Field { number, name, repeated: false, kind }
}

const fn many(number: u32, name: &'static str, kind: Kind) -> Field {
    Field { number, name, repeated: true, kind }
}

const INT: Kind = Kind::Scalar(Varint);

pub(super) static MODEL: Shape = shape(
    size_of::<Kept<schema::ModelProto>>(),
    size_of::<ir::Model>(),
    Class::Other,
    &[
        one(1, "ir_version", INT),
        one(2, "producer_name", TEXT),
        one(3, "producer_version", TEXT),
        one(4, "domain", TEXT),
        one(5, "model_version", INT),
        one(6, "doc_string", TEXT),
        one(7, "graph", Kind::Message(&GRAPH)),
        many(8, "opset_import", Kind::Message(&OPERATOR_SET)),
        many(14, "metadata_props", Kind::Message(&ENTRY)),
        many(20, "training_info", Kind::Message(&TRAINING)),
        many(25, "functions", Kind::Message(&FUNCTION)),
        many(26, "configuration", DATA),
    ],
);

static GRAPH: Shape = shape(
    size_of::<Kept<schema::GraphProto>>(),
    size_of::<ir::Graph>(),
    Class::Other,
    &[
        many(1, "node", Kind::Message(&NODE)),
        one(2, "name", TEXT),
        many(5, "initializer", Kind::Message(&TENSOR)),
        one(10, "doc_string", TEXT),
        many(11, "input", Kind::Message(&VALUE_INFO)),
        many(12, "output", Kind::Message(&VALUE_INFO)),
        many(13, "value_info", Kind::Message(&VALUE_INFO)),
        many(14, "quantization_annotation", DATA),
        many(15, "sparse_initializer", Kind::Message(&SPARSE_TENSOR)),
        many(16, "metadata_props", Kind::Message(&ENTRY)),
    ],
);

static NODE: Shape = shape(
    size_of::<Kept<schema::NodeProto>>(),
    size_of::<Option<ir::Node>>() + 8,
    Class::Node,
    &[
        many(1, "input", NAME),
        many(2, "output", NAME),
        one(3, "name", TEXT),
        one(4, "op_type", TEXT),
        many(5, "attribute", Kind::Message(&ATTRIBUTE)),
        one(6, "doc_string", TEXT),
        one(7, "domain", TEXT),
        one(8, "overload", TEXT),
        many(9, "metadata_props", Kind::Message(&ENTRY)),
        many(10, "device_configurations", DATA),
    ],
);

static ATTRIBUTE: Shape = shape(
    size_of::<schema::AttributeProto>(),
    size_of::<ir::Attribute>(),
    Class::Other,
    &[
        one(1, "name", TEXT),
        one(2, "f", Kind::Scalar(Fixed32)),
        one(3, "i", INT),
        one(4, "s", DATA),
        one(5, "t", Kind::Message(&TENSOR)),
        one(6, "g", Kind::Message(&GRAPH)),
        many(7, "floats", Kind::Numbers(Fixed32)),
        many(8, "ints", Kind::Numbers(Varint)),
        many(9, "strings", DATA),
        many(10, "tensors", Kind::Message(&TENSOR)),
        many(11, "graphs", Kind::Message(&GRAPH)),
        one(13, "doc_string", TEXT),
        one(14, "tp", Kind::Message(&TYPE)),
        many(15, "type_protos", Kind::Message(&TYPE)),
        one(20, "type", INT),
        one(21, "ref_attr_name", TEXT),
        one(22, "sparse_tensor", Kind::Message(&SPARSE_TENSOR)),
        many(23, "sparse_tensors", Kind::Message(&SPARSE_TENSOR)),
    ],
);

static VALUE_INFO: Shape = shape(
    size_of::<schema::ValueInfoProto>(),
    size_of::<ir::Port>(),
    Class::Other,
    &[
        one(1, "name", NAME),
        one(2, "type", Kind::Message(&TYPE)),
        one(3, "doc_string", TEXT),
        many(4, "metadata_props", Kind::Message(&ENTRY)),
    ],
);

static TYPE: Shape = shape(
    size_of::<schema::TypeProto>(),
    2 * size_of::<ir::Type>(),
    Class::Other,
    &[
        one(1, "tensor_type", Kind::Message(&TYPE_TENSOR)),
        one(4, "sequence_type", Kind::Message(&TYPE_ELEMENT)),
        one(5, "map_type", Kind::Message(&TYPE_MAP)),
        one(6, "denotation", TEXT),
        one(7, "opaque_type", Kind::Message(&TYPE_OPAQUE)),
        one(8, "sparse_tensor_type", Kind::Message(&TYPE_TENSOR)),
        one(9, "optional_type", Kind::Message(&TYPE_ELEMENT)),
    ],
);

static TYPE_TENSOR: Shape = shape(
    size_of::<schema::TypeTensor>(),
    0,
    Class::Other,
    &[one(1, "elem_type", INT), one(2, "shape", Kind::Message(&TENSOR_SHAPE))],
);

static TYPE_ELEMENT: Shape =
    shape(size_of::<schema::TypeElement>(), 0, Class::Other, &[one(1, "elem_type", Kind::Message(&TYPE))]);

static TYPE_MAP: Shape = shape(
    size_of::<schema::TypeMap>(),
    0,
    Class::Other,
    &[one(1, "key_type", INT), one(2, "value_type", Kind::Message(&TYPE))],
);

static TYPE_OPAQUE: Shape =
    shape(size_of::<schema::TypeOpaque>(), 0, Class::Other, &[one(1, "domain", TEXT), one(2, "name", TEXT)]);

static TENSOR_SHAPE: Shape =
    shape(size_of::<schema::TensorShapeProto>(), 0, Class::Other, &[many(1, "dim", Kind::Message(&DIMENSION))]);

/// A dimension is written down twice: in the port and in its value. A symbol's name is shared, behind two counters.
static DIMENSION: Shape = shape(
    size_of::<schema::Dimension>(),
    2 * (size_of::<ir::Dim>() + 16),
    Class::Other,
    &[
        one(1, "dim_value", INT),
        one(2, "dim_param", TEXT),
        one(3, "denotation", Kind::Bytes { weight: list(4 * size_of::<(u32, String)>()), copies: 2 }),
    ],
);

static TENSOR: Shape = shape(
    size_of::<Kept<schema::TensorProto>>(),
    size_of::<Tensor>() + size_of::<crate::tensor::Notes>() + size_of::<ir::Type>(),
    Class::Tensor,
    &[
        many(1, "dims", Kind::Numbers(Varint)),
        one(2, "data_type", INT),
        one(3, "segment", Kind::Message(&SEGMENT)),
        many(4, "float_data", Kind::Elements(Fixed32)),
        many(5, "int32_data", Kind::Elements(Varint)),
        many(6, "string_data", DATA),
        many(7, "int64_data", Kind::Elements(Varint)),
        one(8, "name", NAME),
        one(9, "raw_data", DATA),
        many(10, "double_data", Kind::Elements(Fixed64)),
        many(11, "uint64_data", Kind::Elements(Varint)),
        one(12, "doc_string", TEXT),
        many(13, "external_data", Kind::Message(&ENTRY)),
        one(14, "data_location", INT),
        many(16, "metadata_props", Kind::Message(&ENTRY)),
    ],
);

static SEGMENT: Shape = shape(0, 0, Class::Other, &[one(1, "begin", INT), one(2, "end", INT)]);

static SPARSE_TENSOR: Shape = shape(
    size_of::<schema::SparseTensorProto>(),
    size_of::<ir::SparseTensor>(),
    Class::Other,
    &[
        one(1, "values", Kind::Message(&TENSOR)),
        one(2, "indices", Kind::Message(&TENSOR)),
        many(3, "dims", Kind::Numbers(Varint)),
    ],
);

static FUNCTION: Shape = shape(
    size_of::<schema::FunctionProto>(),
    size_of::<ir::Function>(),
    Class::Other,
    &[
        one(1, "name", TEXT),
        many(4, "input", NAME),
        many(5, "output", NAME),
        many(6, "attribute", TEXT),
        many(7, "node", Kind::Message(&NODE)),
        one(8, "doc_string", TEXT),
        many(9, "opset_import", Kind::Message(&OPERATOR_SET)),
        one(10, "domain", TEXT),
        many(11, "attribute_proto", Kind::Message(&ATTRIBUTE)),
        many(12, "value_info", Kind::Message(&VALUE_INFO)),
        one(13, "overload", TEXT),
        many(14, "metadata_props", Kind::Message(&ENTRY)),
    ],
);

static TRAINING: Shape = shape(
    size_of::<schema::TrainingInfoProto>(),
    0,
    Class::Other,
    &[
        one(1, "initialization", Kind::Message(&GRAPH)),
        one(2, "algorithm", Kind::Message(&GRAPH)),
        many(3, "initialization_binding", Kind::Message(&ENTRY)),
        many(4, "update_binding", Kind::Message(&ENTRY)),
    ],
);

static OPERATOR_SET: Shape = shape(
    size_of::<schema::OperatorSetIdProto>(),
    size_of::<ir::Opset>(),
    Class::Other,
    &[one(1, "domain", TEXT), one(2, "version", INT)],
);

static ENTRY: Shape = shape(
    size_of::<schema::StringStringEntryProto>(),
    size_of::<ir::Property>(),
    Class::Other,
    &[one(1, "key", TEXT), one(2, "value", TEXT)],
);
