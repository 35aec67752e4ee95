//! The text form: layers, their blobs and parameters.

use std::collections::BTreeMap;

use crate::blob::Blob;
use crate::error::{Classify, Error, ErrorKind, Location, Result};
use crate::wire::budget::{Budget, list_item};

/// Why a model cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct NcnnError {
    /// What is wrong.
    #[source]
    pub fault: NcnnFault,
    /// Where.
    pub location: Location,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub enum NcnnFault {
    #[error("no ncnn model among the files")]
    NoModel,
    #[error("found {0:?}, expected the numbers of layers and of blobs")]
    Counts(String),
    #[error("the header counts {claimed} layers but there are {found}")]
    LayerCount { claimed: u64, found: u64 },
    #[error("found {0:?}, expected a kind, a name, and the counts of blobs")]
    Line(String),
    #[error("layer '{layer}' counts {claimed} blobs but its line names {found}")]
    BlobCount { layer: String, claimed: u64, found: u64 },
    #[error("layer '{layer}' reads bytes {start} to {end} of weights of {available}")]
    Weights { layer: String, start: u64, end: u64, available: u64 },
}

impl NcnnFault {
    /// The error, with its place.
    pub(super) fn at(self, location: Location) -> Error {
        NcnnError { fault: self, location }.into()
    }
}

impl Classify for NcnnError {
    fn kind(&self) -> ErrorKind {
        if matches!(self.fault, NcnnFault::NoModel) { ErrorKind::Unsupported } else { ErrorKind::Malformed }
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}

/// The number that both forms begin with.
const MAGIC: u32 = 7_767_517;

/// One layer.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) takes: Vec<String>,
    pub(super) gives: Vec<String>,
    /// Parameters that are one number, by their key.
    pub(super) numbers: BTreeMap<i32, f64>,
    pub(super) line: u64,
}

impl Layer {
    /// A parameter that counts something.
    pub(super) fn count(&self, key: i32) -> u64 {
        let value = self.numbers.get(&key).copied().unwrap_or(0.0);
        // counts of layers are small; what is no count is 0
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held between the bounds")]
        let count = if (0.0..4e15).contains(&value) { value as u64 } else { 0 };
        count
    }
}

/// True for the text form.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let rest = bytes.strip_prefix(b"7767517");
    rest.and_then(|rest| rest.first()).is_some_and(|byte| matches!(byte, b'\n' | b'\r' | b' '))
}

/// True for the binary form.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let word = |at: usize| bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes);
    word(0) == Some(MAGIC)
        && word(4).is_some_and(|layers| (1..1_000_000).contains(&layers))
        && word(8).is_some_and(|blobs| (1..1_000_000).contains(&blobs))
}

/// Reads the text form.
///
/// # Errors
/// `Malformed` with the line, `LimitExceeded`, `Cancelled`.
pub(super) fn read(blob: &Blob, budget: &mut Budget<'_>) -> Result<Vec<Layer>> {
    let text = String::from_utf8_lossy(blob);
    let place = |line: u64| Location { line: Some(line), ..Location::file(blob.name()) };
    let mut lines = (1_u64..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.next(); // the magic number
    let (line, counts) = lines.next().unwrap_or((2, ""));
    let mut numbers = counts.split_whitespace().map(str::parse::<u64>);
    let (Some(Ok(claimed)), Some(Ok(_))) = (numbers.next(), numbers.next()) else {
        return Err(NcnnFault::Counts(shown(counts)).at(place(line)));
    };
    let mut layers = Vec::new();
    for (line, text) in lines {
        budget.node(list_item::<Layer>())?;
        layers.push(layer(text, line, budget).map_err(|fault| match fault {
            Ok(fault) => fault.at(place(line)),
            Err(error) => error,
        })?);
    }
    if layers.len() as u64 != claimed {
        return Err(NcnnFault::LayerCount { claimed, found: layers.len() as u64 }.at(place(2)));
    }
    Ok(layers)
}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

fn layer(text: &str, line: u64, budget: &mut Budget<'_>) -> Result<Layer, Result<NcnnFault, Error>> {
    let mut words = text.split_whitespace();
    let head = (words.next(), words.next(), words.next().map(str::parse::<u64>), words.next().map(str::parse::<u64>));
    let (Some(kind), Some(name), Some(Ok(takes)), Some(Ok(gives))) = head else {
        return Err(Ok(NcnnFault::Line(shown(text))));
    };
    budget.spend(2_u64.saturating_mul(text.len() as u64)).map_err(Err)?;
    let mut blobs = Vec::new();
    let mut numbers = BTreeMap::new();
    for word in words {
        match word.split_once('=') {
            Some((key, value)) if (blobs.len() as u64) >= takes.saturating_add(gives) => {
                // lists have keys below -23300, and begin with their length
                if let (Ok(key @ -99..=99), Ok(value)) = (key.parse::<i32>(), value.parse::<f64>()) {
                    budget.spend(64).map_err(Err)?;
                    numbers.insert(key, value);
                }
            }
            _ => {
                budget.spend(64).map_err(Err)?;
                blobs.push(word.to_owned());
            }
        }
    }
    let (claimed, found) = (takes.saturating_add(gives), blobs.len() as u64);
    if claimed != found {
        return Err(Ok(NcnnFault::BlobCount { layer: name.to_owned(), claimed, found }));
    }
    let gives = blobs.split_off(usize::try_from(takes).unwrap_or(usize::MAX).min(blobs.len()));
    Ok(Layer { kind: kind.to_owned(), name: name.to_owned(), takes: blobs, gives, numbers, line })
}

/// One run of numbers that a layer reads: what it is, how many, and whether a word before it tells their encoding.
pub(super) type Run = (&'static str, u64, bool);

/// The runs that a layer reads, in their order; none for a kind whose runs are not known here.
pub(super) fn runs(layer: &Layer) -> Option<Vec<Run>> {
    let bias = |key, size| (layer.count(key) != 0).then_some(("bias", size, false));
    Some(match layer.kind.as_str() {
        "Convolution" | "ConvolutionDepthWise" | "Deconvolution" | "DeconvolutionDepthWise" | "Convolution1D"
        | "ConvolutionDepthWise1D" | "Deconvolution1D"
            // scales follow the weights of quantised ones, and weights can be an input
            if layer.count(8) == 0 && layer.count(19) == 0 =>
        {
            std::iter::once(("weight", layer.count(6), true)).chain(bias(5, layer.count(0))).collect()
        }
        "InnerProduct" if layer.count(8) == 0 => {
            std::iter::once(("weight", layer.count(2), true)).chain(bias(1, layer.count(0))).collect()
        }
        "Embed" if layer.count(18) == 0 => {
            std::iter::once(("weight", layer.count(3), true)).chain(bias(2, layer.count(0))).collect()
        }
        "BatchNorm" => {
            let channels = layer.count(0);
            ["slope", "mean", "variance", "bias"].into_iter().map(|name| (name, channels, false)).collect()
        }
        "Scale" if layer.numbers.get(&0) != Some(&-233.0) => {
            std::iter::once(("scale", layer.count(0), false)).chain(bias(1, layer.count(0))).collect()
        }
        "PReLU" => vec![("slope", layer.count(0), false)],
        "Bias" => vec![("bias", layer.count(0), false)],
        kind if PLAIN.binary_search(&kind).is_ok() => Vec::new(),
        _ => return None,
    })
}

/// Layers without weights, sorted.
const PLAIN: &[&str] = &[
    "AbsVal",
    "ArgMax",
    "BNLL",
    "BinaryOp",
    "CELU",
    "Cast",
    "Clip",
    "Concat",
    "CopyTo",
    "Crop",
    "CumulativeSum",
    "DeepCopy",
    "DetectionOutput",
    "Diag",
    "Dropout",
    "ELU",
    "Einsum",
    "Eltwise",
    "Erf",
    "Exp",
    "ExpandDims",
    "Flatten",
    "Flip",
    "Fold",
    "GELU",
    "GLU",
    "GridSample",
    "HardSigmoid",
    "HardSwish",
    "Input",
    "Interp",
    "LRN",
    "Log",
    "MVN",
    "MatMul",
    "Mish",
    "Noop",
    "PSROIPooling",
    "Packing",
    "Padding",
    "Permute",
    "PixelShuffle",
    "Pooling",
    "Pooling1D",
    "Pooling3D",
    "Power",
    "PriorBox",
    "Proposal",
    "ROIAlign",
    "ROIPooling",
    "ReLU",
    "Reduction",
    "Reorg",
    "Reshape",
    "SELU",
    "SPP",
    "Shrink",
    "ShuffleChannel",
    "Sigmoid",
    "Silence",
    "Slice",
    "Softmax",
    "Softplus",
    "Split",
    "Squeeze",
    "StatisticsPooling",
    "Swish",
    "TanH",
    "Threshold",
    "Tile",
    "UnaryOp",
    "Unfold",
    "YoloDetectionOutput",
    "Yolov3DetectionOutput",
];

/// True for a kind of layer that ncnn has.
pub(super) fn is_known(kind: &str) -> bool {
    include_str!("generated/layers.txt").lines().any(|known| known == kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_layers_are_sorted_and_known() {
        assert!(PLAIN.is_sorted());
        for kind in PLAIN {
            assert!(is_known(kind), "{kind} is no layer of ncnn");
        }
    }
}
