//! The records of Core ML by the numbers of their fields.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::blob::Blob;
use crate::descriptor::{Dimension, PortDescriptor};
use crate::error::{Classify, Error, ErrorKind, Location, Result};
use crate::tensor::DType;
use crate::wire::budget::Budget;
use crate::wire::protobuf::{Message, WireType};

/// Why a Core ML model cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct CoremlError {
    /// What is wrong.
    #[source]
    pub fault: CoremlFault,
    /// Where.
    pub location: Location,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub enum CoremlFault {
    #[error("no Core ML model among the files")]
    NoModel,
    #[error("a blob claims bytes {start} to {end} of a file of {available}")]
    BlobRange { start: u64, end: u64, available: u64 },
    #[error("no blob at byte {0}: expected 0xdeadbeef and 60 bytes of metadata")]
    NoBlob(u64),
    #[error("tensor '{name}' claims {claimed} bytes ({dtype}{shape:?}) but its blob has {available}")]
    ByteCount { name: String, dtype: String, shape: Vec<u64>, claimed: u64, available: u64 },
}

impl CoremlFault {
    /// The error, with its place.
    pub(super) fn at(self, location: Location) -> Error {
        CoremlError { fault: self, location }.into()
    }
}

impl Classify for CoremlError {
    fn kind(&self) -> ErrorKind {
        if matches!(self.fault, CoremlFault::NoModel) { ErrorKind::Unsupported } else { ErrorKind::Malformed }
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}

/// What sort of model it is: the number of the field that holds it, and its name there.
pub(super) const KINDS: &[(u32, &str)] = &[
    (200, "pipelineClassifier"),
    (201, "pipelineRegressor"),
    (202, "pipeline"),
    (300, "glmRegressor"),
    (301, "supportVectorRegressor"),
    (302, "treeEnsembleRegressor"),
    (303, "neuralNetworkRegressor"),
    (304, "bayesianProbitRegressor"),
    (400, "glmClassifier"),
    (401, "supportVectorClassifier"),
    (402, "treeEnsembleClassifier"),
    (403, "neuralNetworkClassifier"),
    (404, "kNearestNeighborsClassifier"),
    (500, "neuralNetwork"),
    (501, "itemSimilarityRecommender"),
    (502, "mlProgram"),
    (555, "customModel"),
    (556, "linkedModel"),
    (560, "classConfidenceThresholding"),
    (600, "oneHotEncoder"),
    (601, "imputer"),
    (602, "featureVectorizer"),
    (603, "dictVectorizer"),
    (604, "scaler"),
    (606, "categoricalMapping"),
    (607, "normalizer"),
    (609, "arrayFeatureExtractor"),
    (610, "nonMaximumSuppression"),
    (900, "identity"),
    (2000, "textClassifier"),
    (2001, "wordTagger"),
    (2002, "visionFeaturePrint"),
    (2003, "soundAnalysisPreprocessing"),
    (2004, "gazetteer"),
    (2005, "wordEmbedding"),
    (2006, "audioFeaturePrint"),
    (3000, "serializedModel"),
];

/// The name of a kind of model.
pub(super) fn kind_name(number: u32) -> Option<&'static str> {
    KINDS.iter().find(|(known, _)| *known == number).map(|(_, name)| *name)
}

/// True for a `Model`: a version, a description, and one of the kinds; nothing else.
pub(super) fn is_model(blob: &Blob) -> bool {
    if blob.first() != Some(&0x08) {
        return false;
    }
    let (mut versioned, mut described, mut kinds) = (false, false, 0_u32);
    for field in Message::whole(blob).fields().take(8) {
        // a file that was cut off inside its model is still one
        let Ok(field) = field else { return versioned && described };
        match field.number {
            1 => versioned = field.int().is_ok_and(|version| (1..=100).contains(&version)),
            2 => {
                let first = field.raw().first();
                described = field.is_message() && first.is_none_or(|first| matches!(first, 0x0a | 0x52 | 0x5a | 0xa2));
            }
            10 if field.wire() == WireType::Varint => {}
            number if kind_name(number).is_some() && field.is_message() => kinds = kinds.saturating_add(1_u32),
            _ => return false,
        }
    }
    versioned && described && kinds == 1
}

/// A layer of neural networks: its name, and the paths to its weights.
#[derive(Debug, Clone, Copy)]
pub(super) struct LayerRow {
    pub(super) name: &'static str,
    pub(super) weights: &'static str,
}

/// Layers by the number of the field that holds them.
static LAYERS: LazyLock<HashMap<u32, LayerRow>> = LazyLock::new(|| {
    let rows = include_str!("generated/layers.tsv").lines();
    let rows = rows.filter_map(|row| {
        let mut cells = row.split('\t');
        let number = cells.next()?.parse().ok()?;
        Some((number, LayerRow { name: cells.next()?, weights: cells.next().unwrap_or_default() }))
    });
    rows.collect()
});

/// The layer that a field holds.
pub(super) fn layer(number: u32) -> Option<LayerRow> {
    LAYERS.get(&number).copied()
}

/// `FeatureDescription`: a port.
pub(super) fn port(message: Message<'_>, budget: &mut Budget<'_>) -> Result<PortDescriptor> {
    budget.node(size_of::<PortDescriptor>() as u64)?;
    let mut port =
        PortDescriptor { name: String::new(), ty: "?".to_owned(), dtype: None, shape: None, optional: false };
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => port.name = field.text()?.into_owned(),
            3 => feature(field.message()?, &mut port, budget)?,
            _ => {}
        }
    }
    Ok(port)
}

/// `FeatureType`.
fn feature(message: Message<'_>, port: &mut PortDescriptor, budget: &mut Budget<'_>) -> Result<()> {
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => (port.dtype, port.ty) = (Some(DType::Int64), "int64".to_owned()),
            2 => (port.dtype, port.ty) = (Some(DType::Float64), "float64".to_owned()),
            3 => (port.dtype, port.ty) = (Some(DType::String), "string".to_owned()),
            4 => port.ty = image(field.message()?)?,
            5 => array(field.message()?, port, budget)?,
            6 => "dictionary".clone_into(&mut port.ty),
            7 => "sequence".clone_into(&mut port.ty),
            8 => {
                // a state is an array that the model keeps between calls
                if let Some(inner) = field.message()?.find(1)? {
                    array(inner.message()?, port, budget)?;
                }
                port.ty = format!("state {}", port.ty);
            }
            1000 => port.optional = field.int()? != 0,
            _ => {}
        }
    }
    Ok(())
}

fn image(message: Message<'_>) -> Result<String> {
    let (mut width, mut height, mut color) = (0, 0, "image");
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => width = field.int()?,
            2 => height = field.int()?,
            3 => {
                color = match field.int()? {
                    10 => "grayscale",
                    20 => "rgb",
                    30 => "bgr",
                    40 => "grayscale float16",
                    _ => "image",
                }
            }
            _ => {}
        }
    }
    Ok(format!("image[{color}, {width} x {height}]"))
}

/// `ArrayFeatureType`: dimensions that can vary are unknown.
fn array(message: Message<'_>, port: &mut PortDescriptor, budget: &mut Budget<'_>) -> Result<()> {
    let (mut shape, mut spelt) = (Vec::new(), "?".to_owned());
    let mut open: Vec<bool> = Vec::new();
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => {
                for dim in field.ints()? {
                    budget.rank(shape.len() as u64)?;
                    shape.push(dim);
                }
            }
            2 => {
                port.dtype = match field.int()? {
                    65568 => Some(DType::Float32),
                    65600 => Some(DType::Float64),
                    65552 => Some(DType::Float16),
                    131_104 => Some(DType::Int32),
                    131_080 => Some(DType::Int8),
                    _ => None,
                };
                if let Some(dtype) = port.dtype {
                    dtype.name().clone_into(&mut spelt);
                }
            }
            21 => {
                // shapes that are listed: where two differ, the dimension is open
                let mut first: Option<Vec<u64>> = None;
                for listed in field.message()?.fields() {
                    let mut dims = Vec::new();
                    for dim in listed?.message()?.fields() {
                        for dim in dim?.ints()? {
                            budget.rank(dims.len() as u64)?;
                            dims.push(dim);
                        }
                    }
                    let first = first.get_or_insert_with(|| dims.clone());
                    open.resize(open.len().max(dims.len()), false);
                    for ((open, a), b) in open.iter_mut().zip(first.iter()).zip(&dims) {
                        *open |= a != b;
                    }
                }
            }
            31 => {
                for range in field.message()?.fields() {
                    let range = range?.message()?;
                    budget.rank(open.len() as u64)?;
                    let bound = |number| range.find(number)?.map(|bound| bound.int()).transpose();
                    open.push(bound(1)? != bound(2)?);
                }
            }
            _ => {}
        }
    }
    let dims = shape.iter().enumerate().map(|(axis, dim)| match open.get(axis) {
        Some(true) => Dimension::Unknown,
        _ => Dimension::Known(*dim),
    });
    let dims: Vec<_> = dims.collect();
    // neural networks that were converted leave the dimensions of an output out
    if dims.is_empty() {
        port.ty = spelt;
        return Ok(());
    }
    let words = dims.iter().map(|dim| if let Dimension::Known(dim) = dim { dim.to_string() } else { "?".to_owned() });
    port.ty = format!("{spelt}[{}]", words.collect::<Vec<_>>().join(", "));
    port.shape = Some(dims);
    Ok(())
}

/// An element type of ML programs.
pub(super) fn dtype_name(code: u64) -> String {
    match dtype(code) {
        Some(dtype) => dtype.name().to_owned(),
        None => match code {
            37 => "uint1".to_owned(),
            38 => "uint6".to_owned(),
            39 => "uint3".to_owned(),
            code => format!("coreml_type_{code}"),
        },
    }
}

/// `DataType` of `MIL.proto`.
pub(super) fn dtype(code: u64) -> Option<DType> {
    Some(match code {
        1 => DType::Bool,
        2 => DType::String,
        10 => DType::Float16,
        11 => DType::Float32,
        12 => DType::Float64,
        13 => DType::Bfloat16,
        21 => DType::Int8,
        22 => DType::Int16,
        23 => DType::Int32,
        24 => DType::Int64,
        25 => DType::Int4,
        31 => DType::Uint8,
        32 => DType::Uint16,
        33 => DType::Uint32,
        34 => DType::Uint64,
        35 => DType::Uint4,
        36 => DType::Uint2,
        40 => DType::Float8E4M3Fn,
        41 => DType::Float8E5M2,
        _ => return None,
    })
}

/// Bits of one element in a blob.
pub(super) fn bits(code: u64) -> Option<u64> {
    match code {
        37 => Some(1),
        38 => Some(6),
        39 => Some(3),
        code => dtype(code)?.bits(),
    }
}

/// The word before the metadata of a blob.
const SENTINEL: u32 = 0xdead_beef;

/// Metadata of a blob, and the alignment of all that is in the file.
pub(super) const ALIGNMENT: u64 = 64;

/// True for blob storage of version 2.
pub(super) fn is_storage(bytes: &[u8]) -> bool {
    let word = |at: usize| bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes);
    word(0).is_some_and(|count| count > 0)
        && word(4) == Some(2)
        && bytes.get(8..64).is_some_and(|rest| rest.iter().all(|byte| *byte == 0))
        && word(64) == Some(SENTINEL)
}

/// Where the elements of the blob lie whose metadata is at `at`.
///
/// # Errors
/// `Malformed` if there is none, or it does not fit.
pub(super) fn blob_at(storage: &Blob, at: u64) -> Result<(u64, u64)> {
    let metadata = at.checked_add(ALIGNMENT).and_then(|end| storage.slice(at..end));
    let sentinel = metadata.as_ref().and_then(|bytes| bytes.get(0..4)?.try_into().ok()).map(u32::from_le_bytes);
    let Some(metadata) = metadata.filter(|_| sentinel == Some(SENTINEL)) else {
        return Err(CoremlFault::NoBlob(at).at(storage.location(at)));
    };
    let number = |range: std::ops::Range<usize>| {
        let bytes = metadata.get(range).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
        bytes.map_or(0, u64::from_le_bytes)
    };
    let (size, start) = (number(8..16), number(16..24));
    let end = start.saturating_add(size);
    let available = storage.len();
    if end > available {
        return Err(CoremlFault::BlobRange { start, end, available }.at(storage.location(at)));
    }
    Ok((start, end))
}
