//! `AttributeProto` → [`Attribute`].

use bytes::Bytes;

use crate::error::Result;
use crate::formats::onnx::error::{OnnxFault, Quoted};
use crate::formats::onnx::import::Reader;
use crate::formats::onnx::kept::Kept;
use crate::formats::onnx::schema::{AttributeProto, GraphProto, SparseTensorProto, TensorProto, TypeProto};
use crate::ir::schema::AttributeKind;
use crate::ir::{Attribute, AttributeValue};

/// `AttributeProto.AttributeType`: number, kind, and the field of the record that holds the value.
const KINDS: [(i32, AttributeKind, &str); 14] = [
    (1, AttributeKind::Float, "f"),
    (2, AttributeKind::Int, "i"),
    (3, AttributeKind::String, "s"),
    (4, AttributeKind::Tensor, "t"),
    (5, AttributeKind::Graph, "g"),
    (6, AttributeKind::Floats, "floats"),
    (7, AttributeKind::Ints, "ints"),
    (8, AttributeKind::Strings, "strings"),
    (9, AttributeKind::Tensors, "tensors"),
    (10, AttributeKind::Graphs, "graphs"),
    (11, AttributeKind::SparseTensor, "sparse_tensor"),
    (12, AttributeKind::SparseTensors, "sparse_tensors"),
    (13, AttributeKind::TypeProto, "tp"),
    (14, AttributeKind::TypeProtos, "type_protos"),
];

/// The number of a kind.
pub(super) fn kind_code(kind: AttributeKind) -> i64 {
    KINDS.iter().find(|(_, known, _)| *known == kind).map_or(0, |(code, ..)| i64::from(*code))
}

impl Reader<'_> {
    /// Reads an attribute. Its kind says which one field holds the value; any other that is there contradicts it.
    pub(super) fn attribute(&mut self, record: AttributeProto) -> Result<Attribute> {
        let near = record.name.clone().unwrap_or_default();
        let name = self.borrowed_name(&near)?.to_owned();
        let quoted = || Quoted(name.clone());
        let reference = self.name(record.ref_attr_name.clone())?.filter(|name| !name.is_empty());
        let filled = filled(&record);
        let kind = match record.r#type {
            None | Some(0) if reference.is_some() => None,
            None | Some(0) => {
                let inferred = KINDS.iter().find(|(.., field)| filled.first() == Some(field));
                let Some((_, kind, _)) = inferred.filter(|_| !self.kinds_are_spelt) else {
                    return Err(OnnxFault::AttributeWithoutKind { name: quoted() }.at(self.place(&near)));
                };
                Some(*kind)
            }
            Some(code) => match KINDS.iter().find(|(known, ..)| *known == code) {
                Some((_, kind, _)) => Some(*kind),
                None => return Err(OnnxFault::AttributeKind { name: quoted(), code }.at(self.place(&near))),
            },
        };
        let expected =
            KINDS.iter().find(|(_, known, _)| Some(*known) == kind).map_or("ref_attr_name", |(.., field)| field);
        let contradiction =
            |found: String| OnnxFault::AttributeContent { name: quoted(), expected, found }.at(self.place(&near));
        let allowed = if reference.is_some() { "" } else { expected };
        if filled.iter().any(|field| *field != allowed) {
            return Err(contradiction(format!("'{}'", filled.join("' and '"))));
        }
        let doc = self.text(record.doc_string.clone())?;
        if let Some(attribute) = reference {
            let value = AttributeValue::Reference { attribute, kind };
            return Ok(Attribute { name, value, doc, implied: false });
        }
        let Some(kind) = kind else { return Err(contradiction("nothing".to_owned())) };
        let is_list = expected.ends_with('s') && expected != "s";
        let implied = filled.is_empty() && !is_list;
        let messages = matches!(
            kind,
            AttributeKind::Tensor | AttributeKind::Graph | AttributeKind::SparseTensor | AttributeKind::TypeProto
        );
        if implied && messages {
            return Err(contradiction("nothing".to_owned()));
        }
        let value = self.attribute_value(kind, record, &near)?;
        Ok(Attribute { name, value, doc, implied })
    }

    fn attribute_value(&mut self, kind: AttributeKind, record: AttributeProto, near: &Bytes) -> Result<AttributeValue> {
        let mut tensor = |record: Kept<TensorProto>| self.tensor(record, near);
        Ok(match kind {
            AttributeKind::Float => AttributeValue::Float(record.f.unwrap_or_default()),
            AttributeKind::Int => AttributeValue::Int(record.i.unwrap_or_default()),
            AttributeKind::String => AttributeValue::String(record.s.unwrap_or_default()),
            AttributeKind::Floats => AttributeValue::Floats(record.floats),
            AttributeKind::Ints => AttributeValue::Ints(record.ints),
            AttributeKind::Strings => AttributeValue::Strings(record.strings),
            AttributeKind::Tensor => AttributeValue::Tensor(Box::new(tensor(*record.t.unwrap_or_default())?)),
            AttributeKind::Tensors => {
                AttributeValue::Tensors(record.tensors.into_iter().map(tensor).collect::<Result<_>>()?)
            }
            AttributeKind::Graph => AttributeValue::Graph(Box::new(self.graph(*record.g.unwrap_or_default())?)),
            AttributeKind::Graphs => {
                let graph = |record: Kept<GraphProto>| self.graph(record);
                AttributeValue::Graphs(record.graphs.into_iter().map(graph).collect::<Result<_>>()?)
            }
            AttributeKind::SparseTensor => AttributeValue::SparseTensor(Box::new(
                self.sparse_tensor(*record.sparse_tensor.unwrap_or_default(), near)?,
            )),
            AttributeKind::SparseTensors => {
                let sparse = |record: SparseTensorProto| self.sparse_tensor(record, near);
                AttributeValue::SparseTensors(record.sparse_tensors.into_iter().map(sparse).collect::<Result<_>>()?)
            }
            AttributeKind::TypeProto => AttributeValue::Type(Box::new(self.ty(*record.tp.unwrap_or_default(), near)?)),
            AttributeKind::TypeProtos => {
                let ty = |record: TypeProto| self.ty(record, near);
                AttributeValue::Types(record.type_protos.into_iter().map(ty).collect::<Result<_>>()?)
            }
        })
    }
}

/// The value fields that are there.
fn filled(record: &AttributeProto) -> Vec<&'static str> {
    let there = [
        ("f", record.f.is_some()),
        ("i", record.i.is_some()),
        ("s", record.s.is_some()),
        ("t", record.t.is_some()),
        ("g", record.g.is_some()),
        ("floats", !record.floats.is_empty()),
        ("ints", !record.ints.is_empty()),
        ("strings", !record.strings.is_empty()),
        ("tensors", !record.tensors.is_empty()),
        ("graphs", !record.graphs.is_empty()),
        ("sparse_tensor", record.sparse_tensor.is_some()),
        ("sparse_tensors", !record.sparse_tensors.is_empty()),
        ("tp", record.tp.is_some()),
        ("type_protos", !record.type_protos.is_empty()),
    ];
    there.into_iter().filter_map(|(field, there)| there.then_some(field)).collect()
}
