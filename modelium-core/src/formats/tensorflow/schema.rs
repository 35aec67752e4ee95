//! The records that all of TensorFlow's formats share: element types, shapes, constants, signatures.

use std::collections::BTreeMap;

use crate::blob::Blob;
use crate::descriptor::{Dimension, PortDescriptor};
use crate::error::Result;
use crate::formats::tensorflow::error::TensorFlowFault;
use crate::tensor::DType;
use crate::wire::budget::Budget;
use crate::wire::protobuf::{FieldView, Message};

/// The name of an element type as descriptors spell it; what TensorFlow alone has keeps its own name.
pub(super) fn dtype_name(code: u64) -> String {
    if let Some(dtype) = dtype(code) {
        return dtype.name().to_owned();
    }
    match code {
        11 => "qint8",
        12 => "quint8",
        13 => "qint32",
        15 => "qint16",
        16 => "quint16",
        20 => "resource",
        21 => "variant",
        25 => "float8_e4m3fn",
        _ => return format!("tensorflow_type_{code}"),
    }
    .to_owned()
}

/// An element type of `types.proto`; references (beyond 100) are the type that they refer to.
pub(super) fn dtype(code: u64) -> Option<DType> {
    Some(match if code > 100 { code.saturating_sub(100) } else { code } {
        1 => DType::Float32,
        2 => DType::Float64,
        3 => DType::Int32,
        4 => DType::Uint8,
        5 => DType::Int16,
        6 => DType::Int8,
        7 => DType::String,
        8 => DType::Complex64,
        9 => DType::Int64,
        10 => DType::Bool,
        14 => DType::Bfloat16,
        17 => DType::Uint16,
        18 => DType::Complex128,
        19 => DType::Float16,
        22 => DType::Uint32,
        23 => DType::Uint64,
        24 => DType::Float8E5M2,
        25 => DType::Float8E4M3Fn,
        29 => DType::Int4,
        30 => DType::Uint4,
        31 => DType::Int2,
        32 => DType::Uint2,
        _ => return None,
    })
}

/// Bits that one element takes in a bundle or in `tensor_content`; four-bit types take a byte there.
pub(super) fn stored_bits(code: u64) -> Option<u64> {
    Some(match code {
        11 | 12 | 29 | 30 | 31 | 32 => 8,
        15 | 16 => 16,
        13 => 32,
        _ => dtype(code)?.bits()?,
    })
}

/// `TensorShapeProto`: dimensions, -1 for open ones; `None` for an unknown rank.
pub(super) fn shape(message: Message<'_>, budget: &mut Budget<'_>) -> Result<Option<Vec<i64>>> {
    let mut dims = Vec::new();
    let mut unknown = false;
    for field in message.fields() {
        let field = field?;
        match field.number {
            2 => {
                budget.rank(dims.len() as u64)?;
                let size = field.message()?.find(1)?;
                dims.push(size.map(|size| size.signed()).transpose()?.unwrap_or(0));
            }
            3 => unknown = field.int()? != 0,
            _ => {}
        }
    }
    Ok((!unknown).then_some(dims))
}

/// Dimensions that must all be known.
pub(super) fn known(dims: &[i64], blob: &Blob, at: u64) -> Result<Vec<u64>> {
    let known = dims
        .iter()
        .map(|dim| u64::try_from(*dim).map_err(|_| TensorFlowFault::NegativeDim(*dim).at(blob.location(at))));
    known.collect()
}

/// A constant as a graph holds it: `TensorProto`.
#[derive(Debug, Clone, Default)]
pub(super) struct Constant<'a> {
    /// The code of its element type.
    pub(super) dtype: u64,
    /// Its dimensions; a constant has all of them.
    pub(super) dims: Vec<i64>,
    /// Its elements as one run of bytes, if they are stored so.
    pub(super) content: Option<Message<'a>>,
    /// Bytes in the lists of single values, encoded.
    pub(super) listed_bytes: u64,
    /// The elements of a constant of strings.
    pub(super) strings: Vec<Message<'a>>,
    /// Its elements if they are variants or resources, which can hold tensors and functions themselves.
    pub(super) opaque: Vec<Message<'a>>,
}

impl<'a> Constant<'a> {
    pub(super) fn read(message: Message<'a>, budget: &mut Budget<'_>) -> Result<Self> {
        let mut constant = Self::default();
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => constant.dtype = field.int()?,
                2 => constant.dims = shape(field.message()?, budget)?.unwrap_or_default(),
                4 => constant.content = Some(field.message()?),
                8 => {
                    budget.spend(size_of::<Message<'_>>() as u64)?;
                    constant.strings.push(field.message()?);
                }
                14 | 15 => {
                    budget.spend(size_of::<Message<'_>>() as u64)?;
                    constant.opaque.push(field.message()?);
                }
                5..=13 | 16..=18 => {
                    constant.listed_bytes = constant.listed_bytes.saturating_add(field.raw().len() as u64);
                }
                _ => {}
            }
        }
        Ok(constant)
    }
}

/// What a caller can run: `SignatureDef`.
#[derive(Debug, Clone, Default)]
pub(super) struct Signature {
    pub(super) inputs: Vec<PortDescriptor>,
    pub(super) outputs: Vec<PortDescriptor>,
    pub(super) method: String,
    /// Names of the nodes that compute the outputs.
    pub(super) nodes: Vec<String>,
}

impl Signature {
    pub(super) fn read(message: Message<'_>, budget: &mut Budget<'_>) -> Result<Self> {
        let mut signature = Self::default();
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => signature.inputs.push(port(&field, budget, &mut Vec::new())?),
                2 => {
                    let port = port(&field, budget, &mut signature.nodes)?;
                    signature.outputs.push(port);
                }
                3 => signature.method = field.text()?.into_owned(),
                _ => {}
            }
        }
        // maps have no order on the wire
        signature.inputs.sort_by(|a, b| a.name.cmp(&b.name));
        signature.outputs.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(signature)
    }
}

/// An entry of a map from names to `TensorInfo`.
fn port(entry: &FieldView<'_>, budget: &mut Budget<'_>, nodes: &mut Vec<String>) -> Result<PortDescriptor> {
    budget.node(size_of::<PortDescriptor>() as u64)?;
    let entry = entry.message()?;
    let name = entry.find(1)?.map(|name| name.text()).transpose()?.unwrap_or_default().into_owned();
    let (mut code, mut dims) = (None, None);
    if let Some(info) = entry.find(2)? {
        for field in info.message()?.fields() {
            let field = field?;
            match field.number {
                1 => nodes.push(node_of(&field.text()?).to_owned()),
                2 => code = Some(field.int()?),
                3 => dims = shape(field.message()?, budget)?,
                4 | 5 => {
                    // a sparse or composite tensor: the tensors that make it up
                    for part in field.message()?.fields() {
                        let part = part?;
                        if field.number == 4 && part.is_message() {
                            nodes.push(node_of(&part.text()?).to_owned());
                        } else if part.is_message() && part.number == 2 {
                            let inner = part.message()?.find(1)?;
                            nodes.extend(
                                inner.map(|name| name.text()).transpose()?.map(|name| node_of(&name).to_owned()),
                            );
                        }
                    }
                }
                _ => {}
            }
        }
    }
    Ok(describe(name, code, dims.as_deref()))
}

/// The node that a tensor's name stands for: `^a`, `a:0` and `a` are of node `a`.
pub(super) fn node_of(tensor: &str) -> &str {
    let name = tensor.strip_prefix('^').unwrap_or(tensor);
    name.split(':').next().unwrap_or(name)
}

/// A port in the descriptor's words.
pub(super) fn describe(name: String, code: Option<u64>, dims: Option<&[i64]>) -> PortDescriptor {
    let shape = dims.map(|dims| {
        let dims = dims.iter().map(|dim| u64::try_from(*dim).map_or(Dimension::Unknown, Dimension::Known));
        dims.collect::<Vec<_>>()
    });
    let spelt = code.map_or_else(|| "?".to_owned(), dtype_name);
    let ty = match &shape {
        Some(shape) => {
            let dims = shape.iter().map(|dim| match dim {
                Dimension::Known(dim) => dim.to_string(),
                _ => "?".to_owned(),
            });
            format!("{spelt}[{}]", dims.collect::<Vec<_>>().join(", "))
        }
        None => spelt,
    };
    PortDescriptor { name, ty, dtype: code.and_then(dtype), shape, optional: false }
}

/// Entries of a map from text to messages, in the order of the file.
pub(super) fn map_entry<'a>(entry: &FieldView<'a>) -> Result<(String, Option<Message<'a>>)> {
    let entry = entry.message()?;
    let key = entry.find(1)?.map(|key| key.text()).transpose()?.unwrap_or_default().into_owned();
    let value = entry.find(2)?.map(|value| value.message()).transpose()?;
    Ok((key, value))
}

/// Everything of a `MetaGraphDef` but its graph.
#[derive(Debug, Clone, Default)]
pub(super) struct MetaFacts {
    pub(super) tags: Vec<String>,
    pub(super) tensorflow_version: Option<String>,
    pub(super) tensorflow_git_version: Option<String>,
    pub(super) signatures: BTreeMap<String, Signature>,
    pub(super) saver: Option<Saver>,
    /// Assets by the file names that the graph asks for.
    pub(super) assets: Vec<String>,
    /// Nodes that assets are fed to.
    pub(super) asset_nodes: Vec<String>,
    /// Nodes that are run when the model is loaded.
    pub(super) initializers: Vec<String>,
    /// Objects of TensorFlow 2: how many, of which kinds, and the metadata that Keras left in them.
    pub(super) objects: u64,
    pub(super) functions_exposed: u64,
}

/// `SaverDef`: the nodes by which a checkpoint is written and read.
#[derive(Debug, Clone, Default)]
pub(super) struct Saver {
    pub(super) filename: String,
    pub(super) save: String,
    pub(super) restore: String,
}

impl Saver {
    pub(super) fn read(message: Message<'_>) -> Result<Self> {
        let mut saver = Self::default();
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => node_of(&field.text()?).clone_into(&mut saver.filename),
                2 => node_of(&field.text()?).clone_into(&mut saver.save),
                3 => node_of(&field.text()?).clone_into(&mut saver.restore),
                _ => {}
            }
        }
        Ok(saver)
    }

    /// True for the nodes of the saver itself: those it names, and in TensorFlow 1 those of its name scope.
    pub(super) fn owns(&self, node: &str) -> bool {
        let scope = self.filename.rsplit_once('/').map(|(scope, _)| scope);
        let in_scope = scope.is_some_and(|scope| node.strip_prefix(scope).is_some_and(|rest| rest.starts_with('/')));
        in_scope || [&self.filename, &self.save, &self.restore].into_iter().any(|own| own == node)
    }
}
