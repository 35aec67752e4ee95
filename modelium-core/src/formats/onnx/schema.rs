//! The records of [`onnx.proto`](https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), with its names and numbers.
//!
//! All bytes and text stay windows of the mapped file. Text is [`Bytes`] too: the importer checks it, because only the
//! importer can say which byte is not UTF-8. Every field keeps its presence, as proto2 has it.
//!
//! Records whose unknown fields must survive, and tensors, whose typed elements stay as they are encoded, come as
//! [`Kept`]. [`shapes`](super::shapes) lists the same fields for the guard; a test compares the two.

use bytes::Bytes;
use prost::Message;

use crate::formats::onnx::kept::{Declared, Kept};
use crate::tensor::DType;

#[derive(Clone, PartialEq, Message)]
pub(super) struct ModelProto {
    #[prost(int64, optional, tag = "1")]
    pub(super) ir_version: Option<i64>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub(super) producer_name: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub(super) producer_version: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub(super) domain: Option<Bytes>,
    #[prost(int64, optional, tag = "5")]
    pub(super) model_version: Option<i64>,
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub(super) doc_string: Option<Bytes>,
    #[prost(message, optional, boxed, tag = "7")]
    pub(super) graph: Option<Box<Kept<GraphProto>>>,
    #[prost(message, repeated, tag = "8")]
    pub(super) opset_import: Vec<OperatorSetIdProto>,
    #[prost(message, repeated, tag = "14")]
    pub(super) metadata_props: Vec<StringStringEntryProto>,
    #[prost(message, repeated, tag = "25")]
    pub(super) functions: Vec<FunctionProto>,
}

/// Where [`TrainingInfoProto`] stands in a model.
pub(super) const TRAINING_INFO: u32 = 20;

/// `training_info` and `configuration` (26) are kept as they are.
impl Declared for ModelProto {
    const FIELDS: &'static [u32] = &[1, 2, 3, 4, 5, 6, 7, 8, 14, 25];
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct GraphProto {
    #[prost(message, repeated, tag = "1")]
    pub(super) node: Vec<Kept<NodeProto>>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub(super) name: Option<Bytes>,
    #[prost(message, repeated, tag = "5")]
    pub(super) initializer: Vec<Kept<TensorProto>>,
    #[prost(bytes = "bytes", optional, tag = "10")]
    pub(super) doc_string: Option<Bytes>,
    #[prost(message, repeated, tag = "11")]
    pub(super) input: Vec<ValueInfoProto>,
    #[prost(message, repeated, tag = "12")]
    pub(super) output: Vec<ValueInfoProto>,
    #[prost(message, repeated, tag = "13")]
    pub(super) value_info: Vec<ValueInfoProto>,
    #[prost(message, repeated, tag = "15")]
    pub(super) sparse_initializer: Vec<SparseTensorProto>,
    #[prost(message, repeated, tag = "16")]
    pub(super) metadata_props: Vec<StringStringEntryProto>,
}

/// `quantization_annotation` (14) is kept as it is.
impl Declared for GraphProto {
    const FIELDS: &'static [u32] = &[1, 2, 5, 10, 11, 12, 13, 15, 16];
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct NodeProto {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    pub(super) input: Vec<Bytes>,
    #[prost(bytes = "bytes", repeated, tag = "2")]
    pub(super) output: Vec<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub(super) name: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub(super) op_type: Option<Bytes>,
    #[prost(message, repeated, tag = "5")]
    pub(super) attribute: Vec<AttributeProto>,
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub(super) doc_string: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "7")]
    pub(super) domain: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "8")]
    pub(super) overload: Option<Bytes>,
    #[prost(message, repeated, tag = "9")]
    pub(super) metadata_props: Vec<StringStringEntryProto>,
}

/// `device_configurations` (10) is kept as it is.
impl Declared for NodeProto {
    const FIELDS: &'static [u32] = &[1, 2, 3, 4, 5, 6, 7, 8, 9];
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct AttributeProto {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub(super) name: Option<Bytes>,
    #[prost(float, optional, tag = "2")]
    pub(super) f: Option<f32>,
    #[prost(int64, optional, tag = "3")]
    pub(super) i: Option<i64>,
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub(super) s: Option<Bytes>,
    #[prost(message, optional, boxed, tag = "5")]
    pub(super) t: Option<Box<Kept<TensorProto>>>,
    #[prost(message, optional, boxed, tag = "6")]
    pub(super) g: Option<Box<Kept<GraphProto>>>,
    #[prost(float, repeated, packed = "false", tag = "7")]
    pub(super) floats: Vec<f32>,
    #[prost(int64, repeated, packed = "false", tag = "8")]
    pub(super) ints: Vec<i64>,
    #[prost(bytes = "bytes", repeated, tag = "9")]
    pub(super) strings: Vec<Bytes>,
    #[prost(message, repeated, tag = "10")]
    pub(super) tensors: Vec<Kept<TensorProto>>,
    #[prost(message, repeated, tag = "11")]
    pub(super) graphs: Vec<Kept<GraphProto>>,
    #[prost(bytes = "bytes", optional, tag = "13")]
    pub(super) doc_string: Option<Bytes>,
    #[prost(message, optional, boxed, tag = "14")]
    pub(super) tp: Option<Box<TypeProto>>,
    #[prost(message, repeated, tag = "15")]
    pub(super) type_protos: Vec<TypeProto>,
    #[prost(int32, optional, tag = "20")]
    pub(super) r#type: Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "21")]
    pub(super) ref_attr_name: Option<Bytes>,
    #[prost(message, optional, boxed, tag = "22")]
    pub(super) sparse_tensor: Option<Box<SparseTensorProto>>,
    #[prost(message, repeated, tag = "23")]
    pub(super) sparse_tensors: Vec<SparseTensorProto>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ValueInfoProto {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub(super) name: Option<Bytes>,
    #[prost(message, optional, boxed, tag = "2")]
    pub(super) r#type: Option<Box<TypeProto>>,
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub(super) doc_string: Option<Bytes>,
    #[prost(message, repeated, tag = "4")]
    pub(super) metadata_props: Vec<StringStringEntryProto>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TypeProto {
    #[prost(oneof = "TypeValue", tags = "1, 4, 5, 7, 8, 9")]
    pub(super) value: Option<TypeValue>,
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub(super) denotation: Option<Bytes>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum TypeValue {
    #[prost(message, tag = "1")]
    Tensor(TypeTensor),
    #[prost(message, boxed, tag = "4")]
    Sequence(Box<TypeElement>),
    #[prost(message, boxed, tag = "5")]
    Map(Box<TypeMap>),
    #[prost(message, tag = "7")]
    Opaque(TypeOpaque),
    #[prost(message, tag = "8")]
    SparseTensor(TypeTensor),
    #[prost(message, boxed, tag = "9")]
    Optional(Box<TypeElement>),
}

/// `TypeProto.Tensor` and `TypeProto.SparseTensor`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct TypeTensor {
    #[prost(int32, optional, tag = "1")]
    pub(super) elem_type: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub(super) shape: Option<TensorShapeProto>,
}

/// `TypeProto.Sequence` and `TypeProto.Optional`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct TypeElement {
    #[prost(message, optional, boxed, tag = "1")]
    pub(super) elem_type: Option<Box<TypeProto>>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TypeMap {
    #[prost(int32, optional, tag = "1")]
    pub(super) key_type: Option<i32>,
    #[prost(message, optional, boxed, tag = "2")]
    pub(super) value_type: Option<Box<TypeProto>>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TypeOpaque {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub(super) domain: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub(super) name: Option<Bytes>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TensorShapeProto {
    #[prost(message, repeated, tag = "1")]
    pub(super) dim: Vec<Dimension>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Dimension {
    #[prost(oneof = "DimensionValue", tags = "1, 2")]
    pub(super) value: Option<DimensionValue>,
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub(super) denotation: Option<Bytes>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum DimensionValue {
    #[prost(int64, tag = "1")]
    Value(i64),
    #[prost(bytes = "bytes", tag = "2")]
    Param(Bytes),
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TensorProto {
    #[prost(int64, repeated, packed = "false", tag = "1")]
    pub(super) dims: Vec<i64>,
    #[prost(int32, optional, tag = "2")]
    pub(super) data_type: Option<i32>,
    #[prost(message, optional, tag = "3")]
    pub(super) segment: Option<Segment>,
    #[prost(bytes = "bytes", repeated, tag = "6")]
    pub(super) string_data: Vec<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "8")]
    pub(super) name: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "9")]
    pub(super) raw_data: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "12")]
    pub(super) doc_string: Option<Bytes>,
    #[prost(message, repeated, tag = "13")]
    pub(super) external_data: Vec<StringStringEntryProto>,
    #[prost(int32, optional, tag = "14")]
    pub(super) data_location: Option<i32>,
    #[prost(message, repeated, tag = "16")]
    pub(super) metadata_props: Vec<StringStringEntryProto>,
}

/// The typed fields of elements (4, 5, 7, 10, 11) stay as they are encoded.
impl Declared for TensorProto {
    const FIELDS: &'static [u32] = &[1, 2, 3, 6, 8, 9, 12, 13, 14, 16];
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Segment {
    #[prost(int64, optional, tag = "1")]
    pub(super) begin: Option<i64>,
    #[prost(int64, optional, tag = "2")]
    pub(super) end: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SparseTensorProto {
    #[prost(message, optional, boxed, tag = "1")]
    pub(super) values: Option<Box<Kept<TensorProto>>>,
    #[prost(message, optional, boxed, tag = "2")]
    pub(super) indices: Option<Box<Kept<TensorProto>>>,
    #[prost(int64, repeated, packed = "false", tag = "3")]
    pub(super) dims: Vec<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct FunctionProto {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub(super) name: Option<Bytes>,
    #[prost(bytes = "bytes", repeated, tag = "4")]
    pub(super) input: Vec<Bytes>,
    #[prost(bytes = "bytes", repeated, tag = "5")]
    pub(super) output: Vec<Bytes>,
    #[prost(bytes = "bytes", repeated, tag = "6")]
    pub(super) attribute: Vec<Bytes>,
    #[prost(message, repeated, tag = "7")]
    pub(super) node: Vec<Kept<NodeProto>>,
    #[prost(bytes = "bytes", optional, tag = "8")]
    pub(super) doc_string: Option<Bytes>,
    #[prost(message, repeated, tag = "9")]
    pub(super) opset_import: Vec<OperatorSetIdProto>,
    #[prost(bytes = "bytes", optional, tag = "10")]
    pub(super) domain: Option<Bytes>,
    #[prost(message, repeated, tag = "11")]
    pub(super) attribute_proto: Vec<AttributeProto>,
    #[prost(message, repeated, tag = "12")]
    pub(super) value_info: Vec<ValueInfoProto>,
    #[prost(bytes = "bytes", optional, tag = "13")]
    pub(super) overload: Option<Bytes>,
    #[prost(message, repeated, tag = "14")]
    pub(super) metadata_props: Vec<StringStringEntryProto>,
}

/// Read only to look at the graphs in it: the model keeps `training_info` as it is encoded.
#[derive(Clone, PartialEq, Message)]
pub(super) struct TrainingInfoProto {
    #[prost(message, optional, boxed, tag = "1")]
    pub(super) initialization: Option<Box<Kept<GraphProto>>>,
    #[prost(message, optional, boxed, tag = "2")]
    pub(super) algorithm: Option<Box<Kept<GraphProto>>>,
    #[prost(message, repeated, tag = "3")]
    pub(super) initialization_binding: Vec<StringStringEntryProto>,
    #[prost(message, repeated, tag = "4")]
    pub(super) update_binding: Vec<StringStringEntryProto>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct OperatorSetIdProto {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub(super) domain: Option<Bytes>,
    #[prost(int64, optional, tag = "2")]
    pub(super) version: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct StringStringEntryProto {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub(super) key: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub(super) value: Option<Bytes>,
}

/// `TensorProto.DataType`, numbered from 1.
const DATA_TYPES: [DType; 28] = [
    DType::Float32,
    DType::Uint8,
    DType::Int8,
    DType::Uint16,
    DType::Int16,
    DType::Int32,
    DType::Int64,
    DType::String,
    DType::Bool,
    DType::Float16,
    DType::Float64,
    DType::Uint32,
    DType::Uint64,
    DType::Complex64,
    DType::Complex128,
    DType::Bfloat16,
    DType::Float8E4M3Fn,
    DType::Float8E4M3FnUz,
    DType::Float8E5M2,
    DType::Float8E5M2FnUz,
    DType::Uint4,
    DType::Int4,
    DType::Float4E2M1,
    DType::Float8E8M0,
    DType::Uint2,
    DType::Int2,
    DType::Float6E2M3,
    DType::Float6E3M2,
];

/// The element type that a `data_type` or `elem_type` stands for; `None` for 0 (undefined) and for what is newer.
pub(super) fn dtype(code: i32) -> Option<DType> {
    DATA_TYPES.get(usize::try_from(code).ok()?.checked_sub(1)?).copied()
}

/// The number of an element type.
pub(super) fn data_type(dtype: DType) -> i64 {
    (1..).zip(DATA_TYPES).find(|(_, known)| *known == dtype).map_or(0, |(code, _)| code)
}
