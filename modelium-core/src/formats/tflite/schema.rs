//! The tables of the schema, their fields by number.

use std::borrow::Cow;

use crate::blob::Blob;
use crate::error::{Classify, Error, ErrorKind, Location, Result};
use crate::tensor::DType;
use crate::wire::budget::{Budget, list_item};
use crate::wire::flatbuffers::{Buffer, Table, Vector};

/// What can be wrong with a model beyond its encoding.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct TfliteError {
    /// What is wrong.
    #[source]
    pub fault: TfliteFault,
    /// Where.
    pub location: Location,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub enum TfliteFault {
    #[error("no TensorFlow Lite model among the files")]
    NoModel,
    #[error("{what} {index} does not exist; there are {count}")]
    NoSuch { what: &'static str, index: i64, count: u64 },
    #[error("tensor '{name}' claims {claimed} bytes ({dtype}{shape:?}) but its buffer has {available}")]
    ByteCount { name: String, dtype: String, shape: Vec<u64>, claimed: u64, available: u64 },
    #[error("buffer {index} claims bytes {start} to {end} of a file of {available}")]
    BufferRange { index: u64, start: u64, end: u64, available: u64 },
}

impl TfliteFault {
    /// The error, with its place.
    pub(super) fn at(self, location: Location) -> Error {
        TfliteError { fault: self, location }.into()
    }
}

impl Classify for TfliteError {
    fn kind(&self) -> ErrorKind {
        if matches!(self.fault, TfliteFault::NoModel) { ErrorKind::Unsupported } else { ErrorKind::Malformed }
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}

/// A model's tables, with every index resolved.
#[derive(Debug, Default)]
pub(super) struct Model<'a> {
    pub(super) version: u32,
    pub(super) description: Option<Cow<'a, str>>,
    pub(super) codes: Vec<Code<'a>>,
    pub(super) graphs: Vec<Graph<'a>>,
    /// Where each buffer lies in the file; none for empty ones.
    pub(super) buffers: Vec<Option<(u64, u64)>>,
    pub(super) metadata: Vec<(Cow<'a, str>, u32)>,
    pub(super) signatures: Vec<Signature<'a>>,
    /// The first byte behind all that the structure and the buffers take, as far as they say.
    pub(super) external_groups: u64,
}

/// An operator that the model uses.
#[derive(Debug, Clone)]
pub(super) struct Code<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) custom: bool,
}

#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    pub(super) tensors: Vec<TensorRow<'a>>,
    pub(super) inputs: Vec<u32>,
    pub(super) outputs: Vec<u32>,
    pub(super) operators: Vec<Operator<'a>>,
}

#[derive(Debug, Clone)]
pub(super) struct TensorRow<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) code: u8,
    pub(super) shape: Vec<u64>,
    /// Dimensions with -1 for open ones, where they differ from the shape.
    pub(super) signature: Vec<i64>,
    pub(super) buffer: u32,
    pub(super) quantized: bool,
    pub(super) per_channel: bool,
    pub(super) sparse: bool,
    pub(super) at: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Operator<'a> {
    pub(super) code: u32,
    /// Options of a custom operator.
    pub(super) custom: Option<&'a [u8]>,
    pub(super) at: u64,
}

#[derive(Debug, Default)]
pub(super) struct Signature<'a> {
    pub(super) key: Cow<'a, str>,
    pub(super) inputs: Vec<(Cow<'a, str>, u32)>,
    pub(super) outputs: Vec<(Cow<'a, str>, u32)>,
    pub(super) graph: u32,
}

/// The name of an element type as descriptors spell it.
pub(super) fn dtype_name(code: u8) -> String {
    match (dtype(code), code) {
        (Some(dtype), _) => dtype.name().to_owned(),
        (None, 13) => "resource".to_owned(),
        (None, 14) => "variant".to_owned(),
        (None, code) => format!("tflite_type_{code}"),
    }
}

/// `TensorType`.
pub(super) fn dtype(code: u8) -> Option<DType> {
    Some(match code {
        0 => DType::Float32,
        1 => DType::Float16,
        2 => DType::Int32,
        3 => DType::Uint8,
        4 => DType::Int64,
        5 => DType::String,
        6 => DType::Bool,
        7 => DType::Int16,
        8 => DType::Complex64,
        9 => DType::Int8,
        10 => DType::Float64,
        11 => DType::Complex128,
        12 => DType::Uint64,
        15 => DType::Uint32,
        16 => DType::Uint16,
        17 => DType::Int4,
        18 => DType::Bfloat16,
        19 => DType::Int2,
        20 => DType::Uint4,
        _ => return None,
    })
}

/// The name of a builtin operator.
pub(super) fn builtin(number: u32) -> Option<&'static str> {
    include_str!("generated/operators.txt").lines().nth(usize::try_from(number).ok()?)
}

/// The number of `CUSTOM` among the builtin operators.
const CUSTOM: u32 = 32;

/// A dimension that is not negative; what is, is open, and written as 1 in shapes.
fn size(dim: i32) -> u64 {
    u64::try_from(dim).unwrap_or(1)
}

impl<'a> Model<'a> {
    /// Reads all tables; each index is checked, weights are not looked at.
    ///
    /// # Errors
    /// `Malformed`, `LimitExceeded`, `Cancelled`.
    pub(super) fn read(blob: &'a Blob, budget: &mut Budget<'_>) -> Result<Self> {
        let buffer = Buffer::new(blob);
        let root = buffer.root()?;
        let mut model = Self { version: root.u32(0, 0)?, description: root.text(3)?, ..Self::default() };
        for code in root.tables(1)? {
            budget.spend(64)?;
            let code = code?;
            // old writers have one byte, new ones both: the larger one counts
            let number = code.u32(3, 0)?.max(code.u8(0, 0)?.into());
            let custom = number == CUSTOM;
            let name = match builtin(number) {
                _ if custom => code.text(1)?.unwrap_or(Cow::Borrowed("")),
                Some(name) => Cow::Borrowed(name),
                None => Cow::Owned(format!("BUILTIN_{number}")),
            };
            model.codes.push(Code { name, custom });
        }
        for (index, data) in (0_u64..).zip(root.tables(4)?) {
            budget.spend(64)?;
            model.buffers.push(buffer_range(index, data?, blob)?);
        }
        for graph in root.tables(2)? {
            budget.spend(256)?;
            let graph = Graph::read(graph?, &model, blob, budget)?;
            model.graphs.push(graph);
        }
        for entry in root.tables(6)? {
            budget.spend(64)?;
            let entry = entry?;
            let at = entry.u32(1, 0)?;
            exists("buffer", at.into(), model.buffers.len(), blob, entry.position())?;
            model.metadata.push((entry.text(0)?.unwrap_or_default(), at));
        }
        for signature in root.tables(7)? {
            budget.spend(256)?;
            let signature = Signature::read(signature?, &model, blob, budget)?;
            model.signatures.push(signature);
        }
        model.external_groups = root.vector(8, 4)?.map_or(0, Vector::len);
        Ok(model)
    }
}

/// Where a buffer lies: inside the structure, or behind it by offset and size.
fn buffer_range(index: u64, table: Table<'_>, blob: &Blob) -> Result<Option<(u64, u64)>> {
    if let Some(data) = table.vector(0, 1)? {
        return Ok((data.len() > 0).then(|| (data.position(), data.position().saturating_add(data.len()))));
    }
    let (start, size) = (table.u64(1, 0)?, table.u64(2, 0)?);
    // 1 stands for a buffer whose place the writer was about to fill in
    if start <= 1 || size == 0 {
        return Ok(None);
    }
    let available = blob.len();
    let end = start.saturating_add(size);
    if end <= available {
        Ok(Some((start, end)))
    } else {
        Err(TfliteFault::BufferRange { index, start, end, available }.at(blob.location(table.position())))
    }
}

fn exists(what: &'static str, index: i64, count: usize, blob: &Blob, at: u64) -> Result<()> {
    let there = usize::try_from(index).is_ok_and(|index| index < count);
    if there { Ok(()) } else { Err(TfliteFault::NoSuch { what, index, count: count as u64 }.at(blob.location(at))) }
}

impl<'a> Graph<'a> {
    fn read(table: Table<'a>, model: &Model<'a>, blob: &Blob, budget: &mut Budget<'_>) -> Result<Self> {
        let mut graph = Self::default();
        for tensor in table.tables(0)? {
            let tensor = tensor?;
            budget.tensor(list_item::<TensorRow<'_>>())?;
            let row = TensorRow::read(tensor, budget)?;
            exists("buffer", row.buffer.into(), model.buffers.len(), blob, row.at)?;
            graph.tensors.push(row);
        }
        for (field, list) in [(1, &mut graph.inputs), (2, &mut graph.outputs)] {
            for index in table.i32s(field)? {
                budget.spend(16)?;
                // an optional tensor that is left out is -1
                if index != -1 {
                    exists("tensor", index.into(), graph.tensors.len(), blob, table.position())?;
                    list.extend(u32::try_from(index));
                }
            }
        }
        for operator in table.tables(3)? {
            let operator = operator?;
            budget.node(list_item::<Operator<'_>>())?;
            let (code, at) = (operator.u32(0, 0)?, operator.position());
            exists("operator code", code.into(), model.codes.len(), blob, at)?;
            for field in [1, 2] {
                for index in operator.i32s(field)?.filter(|index| *index != -1) {
                    exists("tensor", index.into(), graph.tensors.len(), blob, at)?;
                }
            }
            let custom = operator.vector(5, 1)?.map(Vector::bytes).transpose()?;
            graph.operators.push(Operator { code, custom, at });
        }
        Ok(graph)
    }
}

impl<'a> TensorRow<'a> {
    fn read(table: Table<'a>, budget: &mut Budget<'_>) -> Result<Self> {
        let shape: Vec<u64> = table.i32s(0)?.map(size).collect();
        budget.rank(shape.len() as u64)?;
        let signature: Vec<i64> = table.i32s(7)?.map(i64::from).collect();
        budget.rank(signature.len() as u64)?;
        budget.spend(16_u64.saturating_mul(shape.len().saturating_add(signature.len()) as u64))?;
        let scales = match table.table(4)? {
            Some(quantization) => quantization.vector(2, 4)?.map_or(0, Vector::len),
            None => 0,
        };
        Ok(Self {
            name: table.text(3)?.unwrap_or_default(),
            code: table.u8(1, 0)?,
            shape,
            signature,
            buffer: table.u32(2, 0)?,
            quantized: scales > 0,
            per_channel: scales > 1,
            sparse: table.has(6)?,
            at: table.position(),
        })
    }
}

impl<'a> Signature<'a> {
    fn read(table: Table<'a>, model: &Model<'a>, blob: &Blob, budget: &mut Budget<'_>) -> Result<Self> {
        let mut signature =
            Self { key: table.text(2)?.unwrap_or_default(), graph: table.u32(4, 0)?, ..Self::default() };
        exists("subgraph", signature.graph.into(), model.graphs.len(), blob, table.position())?;
        let graph = usize::try_from(signature.graph).ok().and_then(|index| model.graphs.get(index));
        let tensors = graph.map_or(0, |graph| graph.tensors.len());
        for (field, list) in [(0, &mut signature.inputs), (1, &mut signature.outputs)] {
            for entry in table.tables(field)? {
                budget.spend(64)?;
                let entry = entry?;
                let index = entry.u32(1, 0)?;
                exists("tensor", index.into(), tensors, blob, entry.position())?;
                list.push((entry.text(0)?.unwrap_or_default(), index));
            }
        }
        Ok(signature)
    }
}
