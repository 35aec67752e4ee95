//! `weightsManifest`: which weights lie where.

use crate::blob::Blob;
use crate::descriptor::TensorDescriptor;
use crate::error::{Classify, Error, ErrorKind, Location, Result};
use crate::formats::single::head;
use crate::tensor::DType;
use crate::wire::budget::{Budget, list_item};
use crate::wire::json::Json;

/// Why a model cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct TfjsError {
    /// What is wrong.
    #[source]
    pub fault: TfjsFault,
    /// Where.
    pub location: Location,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub enum TfjsFault {
    #[error("no TensorFlow.js model among the files")]
    NoModel,
    #[error("weight '{name}' has no {what}")]
    Missing { name: String, what: &'static str },
    #[error("weight '{name}' has a size beyond 64 bits")]
    Overflow { name: String },
    #[error("weight '{name}' ends at byte {end} of a group of {available}")]
    Range { name: String, end: u64, available: u64 },
}

impl TfjsFault {
    /// The error, with its place.
    pub(super) fn at(self, location: Location) -> Error {
        TfjsError { fault: self, location }.into()
    }
}

impl Classify for TfjsError {
    fn kind(&self) -> ErrorKind {
        if matches!(self.fault, TfjsFault::NoModel) { ErrorKind::Unsupported } else { ErrorKind::Malformed }
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}

/// True for a model: an object with a topology and a manifest among its first and last keys.
pub(super) fn is_model(blob: &Blob) -> bool {
    let start = head(blob, 4096);
    let end = blob.get(blob.bytes().len().saturating_sub(1 << 16)..).unwrap_or_default();
    let has = |bytes: &[u8], word: &[u8]| memchr::memmem::find(bytes, word).is_some();
    let known = |word: &[u8]| has(start.as_bytes(), word) || has(end, word);
    start.trim_start().starts_with('{')
        && (known(b"\"modelTopology\"") || known(b"\"layers-model\"") || known(b"\"graph-model\""))
        && known(b"\"weightsManifest\"")
}

/// A group of weights: one run of bytes in several files.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) paths: Vec<String>,
    pub(super) weights: Vec<TensorDescriptor>,
    pub(super) bytes: u64,
}

/// Reads the manifest. Weights lie where the shards' sizes put them, as `size` tells them; without a size, a group of
/// several shards gives offsets into the run and no file.
///
/// # Errors
/// `Malformed`, `LimitExceeded`, `Cancelled`.
pub(super) fn groups(
    root: &Json,
    blob: &Blob,
    budget: &mut Budget<'_>,
    size: &dyn Fn(&str) -> Option<u64>,
) -> Result<Vec<Group>> {
    let mut groups = Vec::new();
    for listed in root.get("weightsManifest").map(Json::items).unwrap_or_default() {
        let paths = listed.get("paths").map(Json::items).unwrap_or_default().iter();
        let mut group =
            Group { paths: paths.filter_map(Json::as_str).map(str::to_owned).collect(), ..Group::default() };
        let mut shards = Vec::new();
        let mut end = Some(0_u64);
        for path in &group.paths {
            let start = end;
            end = end.and_then(|end| end.checked_add(size(path)?));
            shards.push((path.clone(), start, end));
        }
        for weight in listed.get("weights").map(Json::items).unwrap_or_default() {
            budget.tensor(list_item::<TensorDescriptor>())?;
            let mut tensor = weight_of(weight, blob, budget)?;
            let start = group.bytes;
            group.bytes = group.bytes.saturating_add(tensor.bytes);
            if let Some(available) = end.filter(|end| group.bytes > *end && !group.paths.is_empty()) {
                let fault = TfjsFault::Range { name: tensor.name, end: group.bytes, available };
                return Err(fault.at(blob.location(0)));
            }
            // a weight that begins in a shard; it may end in the next one
            let shard = shards.iter().find(|(_, from, to)| match (from, to) {
                (Some(from), Some(to)) => *from <= start && start < *to,
                _ => false,
            });
            if let Some((path, Some(from), _)) = shard {
                tensor.file = Some(path.clone());
                tensor.start = start.checked_sub(*from);
            } else if let [only] = group.paths.as_slice() {
                tensor.file = Some(only.clone());
                tensor.start = Some(start);
            }
            group.weights.push(tensor);
        }
        groups.push(group);
    }
    Ok(groups)
}

fn weight_of(weight: &Json, blob: &Blob, budget: &Budget<'_>) -> Result<TensorDescriptor> {
    let name = weight.get("name").and_then(Json::as_str).unwrap_or_default().to_owned();
    let missing = |what| TfjsFault::Missing { name: name.clone(), what }.at(blob.location(0));
    let dtype = weight.get("dtype").and_then(Json::as_str).ok_or_else(|| missing("dtype"))?;
    let listed = weight.get("shape").ok_or_else(|| missing("shape"))?.items();
    budget.rank(listed.len() as u64)?;
    let shape = listed.iter().map(|dim| dim.as_u64().ok_or_else(|| missing("dimension that is a number")));
    let shape = shape.collect::<Result<Vec<u64>>>()?;
    // what is quantised is stored in fewer bits than its type says
    let stored = weight.at(&["quantization", "dtype"]).and_then(Json::as_str).unwrap_or(dtype);
    let elements = shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
    let bytes = match (DType::from_name(stored), elements) {
        (Some(found), Some(elements)) => found.bytes_for(elements),
        (None, Some(_)) => Some(0), // texts have their lengths among them
        (_, None) => None,
    };
    let Some(bytes) = bytes.or((stored == "string").then_some(0)) else {
        return Err(TfjsFault::Overflow { name }.at(blob.location(0)));
    };
    Ok(TensorDescriptor { name, dtype: stored.to_owned(), shape, bytes, ..TensorDescriptor::default() })
}
