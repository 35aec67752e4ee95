//! IR → `onnx.proto`, record by record, fields in the order of their numbers as the official writer puts them.
//!
//! Nothing is gathered: [`Encoder`] counts a record, then writes it, and elements go from where they lie to the stream.

use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::formats::onnx::attributes::kind_code;
use crate::formats::onnx::placement::{Home, Placement};
use crate::formats::onnx::schema::data_type;
use crate::formats::onnx::tensors::FIELDS;
use crate::ir::{
    Attribute, AttributeValue, Dim, Extension, Function, Graph, Model, Node, Opset, Port, Property, Shape,
    SparseTensor, Type, TypeKind, ValueId,
};
use crate::tensor::{DType, Data, External, Field, Tensor};
use crate::wire::protobuf::Encoder;

/// `TensorProto.DataLocation.EXTERNAL`.
const EXTERNAL: i64 = 1;

/// Writes a model whose tensors lie where `placement` says.
pub(super) fn model(out: &mut Encoder<'_>, model: &Model, placement: &Placement) -> Result<()> {
    let provenance = &model.provenance;
    optional_int(out, 1, provenance.ir_version)?;
    out.optional(2, provenance.producer_name.as_deref())?;
    out.optional(3, provenance.producer_version.as_deref())?;
    out.optional(4, provenance.domain.as_deref())?;
    optional_int(out, 5, provenance.model_version)?;
    out.optional(6, provenance.doc.as_deref())?;
    out.message(7, |out| graph(out, &model.graph, placement))?;
    opsets(out, 8, &model.opsets)?;
    kept(out, &model.extensions, 9..14)?;
    properties(out, 14, &model.metadata)?;
    kept(out, &model.extensions, 15..25)?;
    for item in &model.functions {
        out.message(25, |out| function(out, item, placement))?;
    }
    kept(out, &model.extensions, 26..u32::MAX)
}

fn graph(out: &mut Encoder<'_>, graph: &Graph, placement: &Placement) -> Result<()> {
    for (_, item) in graph.nodes() {
        out.tick()?;
        out.message(1, |out| node(out, graph, item, placement))?;
    }
    out.optional(2, graph.name.as_deref())?;
    kept(out, &graph.extensions, 3..5)?;
    for item in &graph.initializers {
        out.tick()?;
        out.message(5, |out| tensor(out, &item.tensor, placement))?;
    }
    kept(out, &graph.extensions, 6..10)?;
    out.optional(10, graph.doc.as_deref())?;
    ports(out, 11, graph, &graph.inputs)?;
    ports(out, 12, graph, &graph.outputs)?;
    ports(out, 13, graph, &graph.value_info)?;
    kept(out, &graph.extensions, 14..15)?;
    for item in &graph.sparse_initializers {
        out.message(15, |out| sparse_tensor(out, &item.tensor, placement))?;
    }
    properties(out, 16, &graph.metadata)?;
    kept(out, &graph.extensions, 17..u32::MAX)
}

fn node(out: &mut Encoder<'_>, graph: &Graph, node: &Node, placement: &Placement) -> Result<()> {
    let name = |value: &Option<ValueId>| value.map_or("", |value| graph.value(value).name.as_str());
    for input in &node.inputs {
        out.bytes(1, name(input).as_bytes())?;
    }
    for output in &node.outputs {
        out.bytes(2, name(output).as_bytes())?;
    }
    out.optional(3, node.name.as_deref())?;
    out.optional(4, present(node.op.name()))?;
    attributes(out, 5, &node.attributes, placement)?;
    out.optional(6, node.doc.as_deref())?;
    out.optional(7, node.domain.as_deref())?;
    out.optional(8, node.overload.as_deref())?;
    properties(out, 9, &node.metadata)?;
    kept(out, &node.extensions, 10..u32::MAX)
}

fn function(out: &mut Encoder<'_>, function: &Function, placement: &Placement) -> Result<()> {
    let body = &function.body;
    if !body.initializers.is_empty() || !body.sparse_initializers.is_empty() {
        let message = format!("function '{}' has initializers, which ONNX has no field for", function.name);
        return Err(Error::new(ErrorKind::Unsupported, message).with_note("make them Constant nodes"));
    }
    out.optional(1, present(&function.name))?;
    for port in &body.inputs {
        out.bytes(4, body.value(port.value).name.as_bytes())?;
    }
    for port in &body.outputs {
        out.bytes(5, body.value(port.value).name.as_bytes())?;
    }
    for name in &function.attributes {
        out.bytes(6, name.as_bytes())?;
    }
    for (_, item) in body.nodes() {
        out.tick()?;
        out.message(7, |out| node(out, body, item, placement))?;
    }
    out.optional(8, body.doc.as_deref())?;
    opsets(out, 9, &function.opsets)?;
    out.optional(10, function.domain.as_deref())?;
    attributes(out, 11, &function.attribute_defaults, placement)?;
    ports(out, 12, body, &body.value_info)?;
    out.optional(13, function.overload.as_deref())?;
    properties(out, 14, &body.metadata)
}

fn attributes(out: &mut Encoder<'_>, field: u32, attributes: &[Attribute], placement: &Placement) -> Result<()> {
    attributes.iter().try_for_each(|item| out.message(field, |out| attribute(out, item, placement)))
}

fn attribute(out: &mut Encoder<'_>, attribute: &Attribute, placement: &Placement) -> Result<()> {
    use AttributeValue as Value;
    out.optional(1, present(&attribute.name))?;
    // a value that was left out is left out again as long as it is what that means
    match &attribute.value {
        Value::Float(value) if !(attribute.implied && value.to_bits() == 0) => out.float(2, *value)?,
        Value::Int(value) if !(attribute.implied && *value == 0) => out.int(3, *value)?,
        Value::String(value) if !(attribute.implied && value.is_empty()) => out.bytes(4, value)?,
        Value::Tensor(value) => out.message(5, |out| tensor(out, value, placement))?,
        Value::Graph(value) => out.message(6, |out| graph(out, value, placement))?,
        Value::Floats(values) => values.iter().try_for_each(|value| out.float(7, *value))?,
        Value::Ints(values) => values.iter().try_for_each(|value| out.int(8, *value))?,
        Value::Strings(values) => values.iter().try_for_each(|value| out.bytes(9, value))?,
        Value::Tensors(values) => {
            values.iter().try_for_each(|value| out.message(10, |out| tensor(out, value, placement)))?;
        }
        Value::Graphs(values) => {
            values.iter().try_for_each(|value| out.message(11, |out| graph(out, value, placement)))?;
        }
        _ => {}
    }
    out.optional(13, attribute.doc.as_deref())?;
    match &attribute.value {
        Value::Type(value) => out.message(14, |out| ty(out, value))?,
        Value::Types(values) => values.iter().try_for_each(|value| out.message(15, |out| ty(out, value)))?,
        _ => {}
    }
    optional_int(out, 20, attribute.value.kind().map(kind_code))?;
    match &attribute.value {
        Value::Reference { attribute, .. } => out.bytes(21, attribute.as_bytes()),
        Value::SparseTensor(value) => out.message(22, |out| sparse_tensor(out, value, placement)),
        Value::SparseTensors(values) => {
            values.iter().try_for_each(|value| out.message(23, |out| sparse_tensor(out, value, placement)))
        }
        _ => Ok(()),
    }
}

fn tensor(out: &mut Encoder<'_>, tensor: &Tensor, placement: &Placement) -> Result<()> {
    let home = placement.home(tensor);
    let typed = |out: &mut Encoder<'_>, wanted: &[Field]| match (&tensor.data, &home) {
        (Data::Fields(field, chunks), Home::Inside | Home::AsItIs) if wanted.contains(field) => {
            let number = FIELDS.iter().find(|(_, known)| known == field).map_or(0, |(number, _)| *number);
            chunks.iter().try_for_each(|chunk| out.blob(number, chunk))
        }
        _ => Ok(()),
    };
    dims(out, 1, &tensor.dims)?;
    out.int(2, data_type(tensor.dtype))?;
    typed(out, &[Field::Float, Field::Int32])?;
    if let Data::Strings(strings) = &tensor.data {
        strings.iter().try_for_each(|string| out.bytes(6, string))?;
    }
    typed(out, &[Field::Int64])?;
    out.optional(8, tensor.name.as_deref())?;
    match (&tensor.data, &home) {
        (Data::Raw(blob), Home::Inside | Home::AsItIs) | (Data::External(External { blob, .. }), Home::Inside) => {
            out.blob(9, blob)?;
        }
        (Data::Derived(_), Home::Inside | Home::AsItIs) => {
            out.computed(9, tensor.byte_len().unwrap_or_default(), || tensor.to_le_bytes())?;
        }
        _ => {}
    }
    typed(out, &[Field::Double, Field::Uint64])?;
    let notes = tensor.notes.as_deref();
    out.optional(12, notes.and_then(|notes| notes.doc.as_deref()))?;
    match (&tensor.data, &home) {
        (Data::External(External { entries, .. }), Home::AsItIs) => {
            properties(out, 13, entries)?;
            out.int(14, EXTERNAL)?;
        }
        (_, Home::Beside { location, offset, length }) => {
            let numbers = [("offset", offset.to_string()), ("length", length.to_string())];
            entry(out, 13, Some("location"), Some(location))?;
            numbers.iter().try_for_each(|(key, value)| entry(out, 13, Some(key), Some(value)))?;
            out.int(14, EXTERNAL)?;
        }
        _ if notes.is_some_and(|notes| notes.location_spelt) => out.int(14, 0)?,
        _ => {}
    }
    properties(out, 16, notes.map_or(&[], |notes| &notes.metadata))
}

fn sparse_tensor(out: &mut Encoder<'_>, sparse: &SparseTensor, placement: &Placement) -> Result<()> {
    out.message(1, |out| tensor(out, &sparse.values, placement))?;
    out.message(2, |out| tensor(out, &sparse.indices, placement))?;
    dims(out, 3, &sparse.dims)
}

fn dims(out: &mut Encoder<'_>, field: u32, dims: &[u64]) -> Result<()> {
    dims.iter().try_for_each(|dim| out.int(field, dim.cast_signed()))
}

fn ports(out: &mut Encoder<'_>, field: u32, graph: &Graph, ports: &[Port]) -> Result<()> {
    ports.iter().try_for_each(|port| {
        out.message(field, |out| {
            out.bytes(1, graph.value(port.value).name.as_bytes())?;
            optional_type(out, 2, port.ty.as_ref())?;
            out.optional(3, port.doc.as_deref())?;
            properties(out, 4, &port.metadata)
        })
    })
}

fn optional_type(out: &mut Encoder<'_>, field: u32, value: Option<&Type>) -> Result<()> {
    value.map_or(Ok(()), |value| out.message(field, |out| ty(out, value)))
}

fn ty(out: &mut Encoder<'_>, ty: &Type) -> Result<()> {
    match &ty.kind {
        TypeKind::Tensor { dtype, shape } => out.message(1, |out| tensor_type(out, *dtype, shape.as_ref()))?,
        TypeKind::Sequence(element) => out.message(4, |out| optional_type(out, 1, element.as_deref()))?,
        TypeKind::Map { key, value } => out.message(5, |out| {
            optional_int(out, 1, key.map(data_type))?;
            optional_type(out, 2, value.as_deref())
        })?,
        _ => {}
    }
    out.optional(6, ty.denotation.as_deref())?;
    match &ty.kind {
        TypeKind::Opaque { domain, name } => out.message(7, |out| {
            out.optional(1, domain.as_deref())?;
            out.optional(2, name.as_deref())
        }),
        TypeKind::SparseTensor { dtype, shape } => out.message(8, |out| tensor_type(out, *dtype, shape.as_ref())),
        TypeKind::Optional(element) => out.message(9, |out| optional_type(out, 1, element.as_deref())),
        _ => Ok(()),
    }
}

fn tensor_type(out: &mut Encoder<'_>, dtype: Option<DType>, shape: Option<&Shape>) -> Result<()> {
    optional_int(out, 1, dtype.map(data_type))?;
    let Some(shape) = shape else { return Ok(()) };
    out.message(2, |out| {
        (0_u32..).zip(&shape.dims).try_for_each(|(axis, dim)| {
            let denotation = shape.denotations.iter().find(|(at, _)| *at == axis).map(|(_, text)| text);
            out.message(1, |out| {
                match dim {
                    Dim::Known(dim) => out.int(1, dim.cast_signed())?,
                    Dim::Symbol(name) => out.bytes(2, name.as_bytes())?,
                    Dim::Expr(expr) => out.bytes(2, expr.to_string().as_bytes())?,
                    Dim::Unknown => {}
                }
                out.optional(3, denotation)
            })
        })
    })
}

fn opsets(out: &mut Encoder<'_>, field: u32, opsets: &[Opset]) -> Result<()> {
    opsets.iter().try_for_each(|opset| {
        out.message(field, |out| {
            out.optional(1, opset.domain.as_deref())?;
            optional_int(out, 2, opset.version)
        })
    })
}

fn properties(out: &mut Encoder<'_>, field: u32, properties: &[Property]) -> Result<()> {
    properties.iter().try_for_each(|(key, value)| entry(out, field, key.as_deref(), value.as_deref()))
}

fn entry(out: &mut Encoder<'_>, field: u32, key: Option<&str>, value: Option<&str>) -> Result<()> {
    out.message(field, |out| {
        out.optional(1, key)?;
        out.optional(2, value)
    })
}

/// Fields that were kept as they are encoded, of those numbers, in the order of their numbers.
fn kept(out: &mut Encoder<'_>, extensions: &[Extension], numbers: Range<u32>) -> Result<()> {
    let mut wanted: Vec<_> = extensions.iter().filter(|extension| numbers.contains(&extension.field)).collect();
    wanted.sort_by_key(|extension| extension.field);
    wanted.iter().try_for_each(|extension| out.values(extension.field, extension.wire, &extension.bytes))
}

fn optional_int(out: &mut Encoder<'_>, field: u32, value: Option<i64>) -> Result<()> {
    value.map_or(Ok(()), |value| out.int(field, value))
}

/// The IR does not tell a name that is missing from an empty one where neither is allowed.
fn present(name: &str) -> Option<&str> {
    Some(name).filter(|name| !name.is_empty())
}
