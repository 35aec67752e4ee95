//! What the guard knows of each record: the fields of [`schema`](super::schema), their layout, and what they cost.
//!
//! Costs are overestimates of what import allocates: the record and the part of the IR that it becomes, three times,
//! because a list that grows holds its old half and its new double for a moment. `tests/memory.rs` holds them to it.

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

/// What an item of a list costs while the list grows.
const fn list(bytes: usize) -> u64 {
    bytes.saturating_mul(3) as u64
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use prost::Message;

    use super::*;
    use crate::wire::protobuf::WireType;

    /// What `tests/generate/onnx_fields.py` found in the package onnx: message, number, name, how often, what.
    const OFFICIAL: &str = include_str!("generated/fields.tsv");

    /// Messages that are kept as they are encoded, so that no shape looks into them.
    const OPAQUE: [&str; 7] = [
        "DeviceConfigurationProto",
        "NodeDeviceConfigurationProto",
        "ShardingSpecProto",
        "IntIntListEntryProto",
        "ShardedDimProto",
        "SimpleShardedDimProto",
        "TensorAnnotation",
    ];

    fn official() -> BTreeMap<&'static str, Vec<[&'static str; 4]>> {
        let mut messages = BTreeMap::<_, Vec<_>>::new();
        for line in OFFICIAL.lines() {
            let [message, number, name, often, what] = *line.split('\t').collect::<Vec<_>>() else { panic!("{line}") };
            messages.entry(message).or_default().push([number, name, often, what]);
        }
        messages
    }

    /// The shapes by the official name of their message, followed from the model.
    fn shapes() -> BTreeMap<&'static str, &'static Shape> {
        let official = official();
        let mut found = BTreeMap::from([("ModelProto", &MODEL)]);
        let mut open = vec![("ModelProto", &MODEL)];
        while let Some((message, shape)) = open.pop() {
            for [number, _, _, what] in &official[message] {
                let field = shape.fields.iter().find(|field| field.number.to_string() == *number);
                if let Some(Field { kind: Kind::Message(inner), .. }) = field
                    && found.insert(what, inner).is_none()
                {
                    open.push((what, inner));
                }
            }
        }
        found
    }

    #[test]
    fn each_shape_lists_the_fields_of_its_official_record() {
        let (official, shapes) = (official(), shapes());
        for (message, rows) in &official {
            let Some(shape) = shapes.get(message) else {
                assert!(OPAQUE.contains(message), "no shape for {message}");
                continue;
            };
            let found: Vec<_> = shape
                .fields
                .iter()
                .map(|field| {
                    let wire = match field.kind {
                        Kind::Scalar(wire) | Kind::Numbers(wire) | Kind::Elements(wire) => wire,
                        Kind::Bytes { .. } | Kind::Message(_) => WireType::Len,
                    };
                    (field.number.to_string(), field.name, if field.repeated { "many" } else { "one" }, wire)
                })
                .collect();
            let expected: Vec<_> = rows
                .iter()
                .map(|[number, name, often, what]| {
                    let wire = match *what {
                        "varint" => WireType::Varint,
                        "fixed32" => WireType::Fixed32,
                        "fixed64" => WireType::Fixed64,
                        _ => WireType::Len,
                    };
                    ((*number).to_owned(), *name, *often, wire)
                })
                .collect();
            assert_eq!(found, expected, "{message}");
        }
    }

    /// Decodes with the record of that name and encodes again; with it, the fields that it does not declare.
    fn through_record(message: &str, bytes: &[u8]) -> (Vec<u8>, Vec<u32>) {
        fn plain<M: Message + Default>(bytes: &[u8]) -> (Vec<u8>, Vec<u32>) {
            (M::decode(bytes).unwrap().encode_to_vec(), Vec::new())
        }
        fn kept<M: Message + Default + super::super::kept::Declared>(bytes: &[u8]) -> (Vec<u8>, Vec<u32>) {
            let record = Kept::<M>::decode(bytes).unwrap();
            (record.encode_to_vec(), record.others.iter().map(|other| other.field).collect())
        }
        match message {
            "ModelProto" => kept::<schema::ModelProto>(bytes),
            "GraphProto" => kept::<schema::GraphProto>(bytes),
            "NodeProto" => kept::<schema::NodeProto>(bytes),
            "TensorProto" => kept::<schema::TensorProto>(bytes),
            "AttributeProto" => plain::<schema::AttributeProto>(bytes),
            "ValueInfoProto" => plain::<schema::ValueInfoProto>(bytes),
            "TypeProto" => plain::<schema::TypeProto>(bytes),
            "Tensor" | "SparseTensor" => plain::<schema::TypeTensor>(bytes),
            "Sequence" | "Optional" => plain::<schema::TypeElement>(bytes),
            "Map" => plain::<schema::TypeMap>(bytes),
            "Opaque" => plain::<schema::TypeOpaque>(bytes),
            "TensorShapeProto" => plain::<schema::TensorShapeProto>(bytes),
            "Dimension" => plain::<schema::Dimension>(bytes),
            "Segment" => plain::<schema::Segment>(bytes),
            "SparseTensorProto" => plain::<schema::SparseTensorProto>(bytes),
            "FunctionProto" => plain::<schema::FunctionProto>(bytes),
            "TrainingInfoProto" => plain::<schema::TrainingInfoProto>(bytes),
            "OperatorSetIdProto" => plain::<schema::OperatorSetIdProto>(bytes),
            "StringStringEntryProto" => plain::<schema::StringStringEntryProto>(bytes),
            _ => panic!("no record for {message}"),
        }
    }

    #[test]
    fn each_record_declares_the_fields_of_its_shape() {
        for (message, shape) in shapes() {
            let mut undeclared = Vec::new();
            for field in shape.fields {
                let (wire, value): (_, &[u8]) = match field.kind {
                    Kind::Scalar(Varint) | Kind::Numbers(Varint) | Kind::Elements(Varint) => (0, &[7]),
                    Kind::Scalar(Fixed64) | Kind::Numbers(Fixed64) | Kind::Elements(Fixed64) => (1, &[7; 8]),
                    Kind::Scalar(_) | Kind::Numbers(_) | Kind::Elements(_) => (5, &[7; 4]),
                    Kind::Bytes { .. } => (2, &[1, b'x']),
                    Kind::Message(_) => (2, &[0]),
                };
                let mut bytes = Vec::new();
                prost::encoding::encode_varint(u64::from(field.number << 3 | wire), &mut bytes);
                bytes.extend(value);
                let (encoded, others) = through_record(message, &bytes);
                assert_eq!(encoded, bytes, "{message}.{}", field.name);
                undeclared.extend(others);
            }
            let kept: &[u32] = match message {
                "ModelProto" => &[20, 26],
                "GraphProto" => &[14],
                "NodeProto" => &[10],
                "TensorProto" => &[4, 5, 7, 10, 11],
                _ => &[],
            };
            assert_eq!(undeclared, kept, "{message}");
        }
    }
}
