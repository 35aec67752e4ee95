//! A file that `torch.save` or `torch.jit.save` wrote, opened: the object as its pickle builds it, and its storages.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Location, Result};
use crate::formats::torch::dtype::Element;
use crate::formats::torch::error::TorchError;
use crate::formats::torch::records::{Kind, Legacy, Place, Records, is_legacy, kind};
use crate::formats::torch::state::Tensor;
use crate::wire::pickle::{self, Options, Trace};

/// An opened file.
#[derive(Debug)]
pub(super) struct Saved {
    pub(super) blob: Blob,
    pub(super) source: Source,
    trace: Option<Trace>,
}

/// How it was written.
#[derive(Debug)]
pub(super) enum Source {
    Zip(Records),
    Legacy(Box<Legacy>),
}

/// Where a tensor's elements lie in its storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// The first byte of the storage that belongs to it.
    pub(super) start: u64,
    /// Bytes from there to its last element.
    pub(super) span: u64,
    /// Bytes of its elements, one after the other.
    pub(super) bytes: u64,
    /// True if they lie so already.
    pub(super) is_dense: bool,
}

impl Saved {
    /// Opens a zip archive or a legacy file; the pickle is run, storages are not touched.
    ///
    /// # Errors
    /// `Malformed` if it is neither.
    pub(super) fn open(blob: &Blob, cx: &Context) -> Result<Self> {
        let Some(kind) = kind(blob) else {
            if is_legacy(blob) {
                let legacy = Legacy::read(blob, cx)?;
                return Ok(Self { blob: blob.clone(), source: Source::Legacy(Box::new(legacy)), trace: None });
            }
            let at = Location::file(blob.name());
            return Err(TorchError::Legacy { at, reason: "it begins with another number" }.into());
        };
        let records = Records::read(blob, cx)?;
        let pickle = records.structure("data.pkl", cx)?;
        let trace = match &pickle {
            Some(pickle) => Some(pickle::run(pickle, 0, Options { stage: "analyze", ..Options::default() }, cx)?),
            None if kind == Kind::Program => None,
            None => return Err(TorchError::NoRecord { at: records.location(), record: "data.pkl" }.into()),
        };
        Ok(Self { blob: blob.clone(), source: Source::Zip(records), trace })
    }

    /// The object's pickle, carried out.
    ///
    /// # Errors
    /// `Malformed` if loading ends with a fault.
    pub(super) fn object(&self) -> Result<&Trace> {
        let trace = match &self.source {
            Source::Legacy(legacy) => &legacy.object,
            Source::Zip(..) => {
                let missing = || TorchError::NoRecord { at: Location::file(self.blob.name()), record: "data.pkl" };
                self.trace.as_ref().ok_or_else(missing)?
            }
        };
        match trace.fault() {
            None => Ok(trace),
            Some(fault) => {
                let at = Location {
                    byte: Some(fault.byte),
                    item: Some("data.pkl".to_owned()),
                    ..Location::file(self.blob.name())
                };
                Err(TorchError::Pickle { at, reason: fault.kind.to_string() }.into())
            }
        }
    }

    /// Where a storage lies.
    pub(super) fn place(&self, key: &str) -> Option<Place> {
        match &self.source {
            Source::Legacy(legacy) => legacy.storages.get(key).cloned(),
            Source::Zip(records) => {
                let entry = records.entry(&format!("data/{key}"))?;
                let range = if entry.is_plain() { entry.data.clone() } else { None };
                Some(Place { range, bytes: entry.bytes })
            }
        }
    }

    /// The bytes of a storage: a window of the file, or inflated.
    pub(super) fn storage(&self, key: &str, cx: &Context) -> Result<Option<Blob>> {
        match &self.source {
            Source::Legacy(legacy) => {
                let range = legacy.storages.get(key).and_then(|place| place.range.clone());
                Ok(range.and_then(|range| self.blob.slice(range)))
            }
            Source::Zip(records) => {
                let Some(entry) = records.entry(&format!("data/{key}")) else { return Ok(None) };
                records.directory.member(entry, cx.limits().inflated_bytes, cx).map(Some)
            }
        }
    }

    /// True unless the elements lie in big-endian order.
    pub(super) fn is_little_endian(&self, cx: &Context) -> bool {
        match &self.source {
            Source::Legacy(legacy) => legacy.little_endian,
            Source::Zip(records) => records.word("byteorder", cx).as_deref() != Some("big"),
        }
    }

    /// Where a tensor's elements lie, held against its storage and the storage against its record.
    pub(super) fn window(&self, name: &str, tensor: &Tensor<'_>) -> Result<Window, TorchError> {
        let at = || Location { byte: Some(tensor.byte), ..Location::file(self.blob.name()) };
        let (name, key) = (|| name.to_owned(), || tensor.storage.key.to_owned());
        let overflow = || TorchError::Overflow { at: at(), name: name() };
        let width = tensor.element.or(tensor.storage.element).map_or(1, Element::bytes);
        let held = tensor.storage.element.map_or(1, Element::bytes);
        let elements = product(&tensor.shape).ok_or_else(overflow)?;
        let bytes = elements.checked_mul(width).ok_or_else(overflow)?;
        let span = if elements == 0 { 0 } else { span(&tensor.shape, &tensor.strides).ok_or_else(overflow)? };
        let start = tensor.offset.checked_mul(width).ok_or_else(overflow)?;
        let span = span.checked_mul(width).ok_or_else(overflow)?;
        let end = start.checked_add(span).ok_or_else(overflow)?;
        let storage = tensor.storage.elements.checked_mul(held).ok_or_else(overflow)?;
        if tensor.shape.len() != tensor.strides.len() || (end > storage && elements > 0) {
            let (end, elements) = (end.div_ceil(width.max(1)), storage.checked_div(width).unwrap_or(0));
            return Err(TorchError::OutOfStorage { at: at(), name: name(), key: key(), end, elements });
        }
        match self.place(tensor.storage.key) {
            None if elements > 0 => return Err(TorchError::NoStorage { at: at(), name: name(), key: key() }),
            // views of torch 0.3 name the elements of the view
            Some(place) if place.bytes != storage && tensor.storage.view == 0 => {
                return Err(TorchError::StorageSize { at: at(), key: key(), claimed: storage, found: place.bytes });
            }
            _ => {}
        }
        let is_dense = elements < 2 || row_major(&tensor.shape, &tensor.strides);
        Ok(Window { start, span, bytes, is_dense })
    }
}

fn product(shape: &[u64]) -> Option<u64> {
    // a dimension of none makes any product none
    if shape.contains(&0) {
        return Some(0);
    }
    shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim))
}

/// Elements from the first to the last one.
fn span(shape: &[u64], strides: &[u64]) -> Option<u64> {
    let mut steps = shape.iter().zip(strides);
    steps.try_fold(1_u64, |span, (dim, stride)| span.checked_add(dim.saturating_sub(1).checked_mul(*stride)?))
}

/// True if the elements lie one after the other, the last dimension the innermost. Dimensions of one have any stride.
pub(super) fn row_major(shape: &[u64], strides: &[u64]) -> bool {
    let mut expected = 1_u64;
    for (dim, stride) in shape.iter().zip(strides).rev() {
        if *dim != 1 && *stride != expected {
            return false;
        }
        expected = expected.saturating_mul(*dim);
    }
    true
}
