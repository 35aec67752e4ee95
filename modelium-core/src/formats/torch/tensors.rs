//! The elements of a checkpoint, fetched without running it.

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Location, Result};
use crate::formats::torch::CHECKPOINT;
use crate::formats::torch::analyze::{single, tensors as describe};
use crate::formats::torch::dtype::Element;
use crate::formats::torch::error::TorchError;
use crate::formats::torch::records::{Kind, is_legacy, kind};
use crate::formats::torch::saved::{Saved, row_major};
use crate::formats::torch::state;
use crate::formats::{FormatId, Match, StoredTensor, TensorReader, TensorSource};

/// Reads the tensors of what `torch.save` and `torch.jit.save` wrote.
#[derive(Debug, Clone, Copy, Default)]
pub struct TorchTensors;

impl TensorReader for TorchTensors {
    fn format(&self) -> FormatId {
        CHECKPOINT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match single(artifact) {
            Some((_, blob)) if matches!(kind(&blob), Some(Kind::Checkpoint | Kind::Script)) || is_legacy(&blob) => {
                Match::Certain
            }
            _ => Match::No,
        }
    }

    fn open(&self, artifact: &Artifact, cx: &Context) -> Result<Box<dyn TensorSource>> {
        let missing = || TorchError::NoRecord { at: Location::file(artifact.name()), record: "data.pkl" };
        let (name, blob) = single(artifact).ok_or_else(missing)?;
        Ok(Box::new(Source::open(&blob, &name, cx)?))
    }
}

/// An opened checkpoint.
struct Source {
    saved: Saved,
    tensors: Vec<StoredTensor>,
    views: Vec<View>,
    /// Storages that had to be inflated; a stored one is a window of the map.
    inflated: BTreeMap<String, Blob>,
}

/// Where the elements of one tensor lie.
#[derive(Debug, Clone)]
struct View {
    key: String,
    /// The first byte in the storage, bytes to the last element, bytes in all.
    start: u64,
    span: u64,
    bytes: u64,
    /// Bytes from one element to the next along each dimension, outermost first; none where they lie one after the other.
    steps: Option<Vec<u64>>,
    width: u64,
}

impl Source {
    fn open(blob: &Blob, file: &str, cx: &Context) -> Result<Self> {
        let saved = Saved::open(blob, cx)?;
        let at = || Location::file(blob.name());
        if !saved.is_little_endian(cx) {
            return Err(TorchError::BigEndian { at: at() }.into());
        }
        let state = state::read(saved.object()?);
        if let Some((name, what)) = state.others.first() {
            return Err(TorchError::NotDense { at: at(), name: name.clone(), what: (*what).to_owned() }.into());
        }
        if state.tensors.is_empty() {
            return Err(TorchError::NoTensors { at: at() }.into());
        }
        if state.cut_off {
            let cap = cx.limits().tensors;
            return Err(TorchError::TooMany { at: at(), what: "values", limit: "tensors", cap }.into());
        }
        let rows = describe(&saved, &state, file, cx)?;
        let (mut tensors, mut views) = (Vec::new(), Vec::new());
        for ((name, tensor), row) in state.tensors.iter().zip(rows) {
            let window = saved.window(name, tensor)?;
            let dtype = match tensor.element.filter(|_| tensor.more.is_none()) {
                Some(Element::Plain(dtype)) => dtype,
                other => {
                    let what = tensor.more.or(other.map(Element::name)).unwrap_or("of an unknown type");
                    let (name, what) = (name.clone(), format!("{what} ({})", row.dtype));
                    return Err(TorchError::NotDense { at: at(), name, what }.into());
                }
            };
            let width = Element::Plain(dtype).bytes();
            let dense = window.is_dense || row_major(&tensor.shape, &tensor.strides);
            let steps = tensor.strides.iter().map(|stride| stride.saturating_mul(width)).collect();
            views.push(View {
                key: tensor.storage.key.to_owned(),
                start: window.start,
                span: window.span,
                bytes: window.bytes,
                steps: (!dense).then_some(steps),
                width,
            });
            tensors.push(StoredTensor {
                name: name.clone(),
                dtype,
                shape: tensor.shape.clone(),
                bytes: window.bytes,
                // two tensors are tied if they are the same elements, not if one is a part of the other
                shares: None,
            });
        }
        tie(&mut tensors, &views);
        Ok(Self { saved, tensors, views, inflated: BTreeMap::new() })
    }
}

/// Notes for each tensor the earlier one that it is: the same elements of the same storage in the same order.
fn tie(tensors: &mut [StoredTensor], views: &[View]) {
    type Same<'a> = (&'a str, u64, Vec<u64>, Option<&'a Vec<u64>>);
    let mut first: BTreeMap<Same<'_>, String> = BTreeMap::new();
    for (tensor, view) in tensors.iter_mut().zip(views).filter(|(_, view)| view.bytes > 0) {
        let same = (view.key.as_str(), view.start, tensor.shape.clone(), view.steps.as_ref());
        match first.get(&same) {
            Some(earlier) => tensor.shares = Some(earlier.clone()),
            None => {
                first.insert(same, tensor.name.clone());
            }
        }
    }
}

impl TensorSource for Source {
    fn tensors(&self) -> &[StoredTensor] {
        &self.tensors
    }

    fn read(&mut self, index: usize, cx: &Context) -> Result<Blob> {
        let (Some(view), Some(tensor)) = (self.views.get(index), self.tensors.get(index)) else {
            return Ok(Blob::from_bytes("", Vec::new()));
        };
        if view.bytes == 0 {
            return Ok(Blob::from_bytes(tensor.name.clone(), Vec::new()));
        }
        let missing = || TorchError::NoStorage {
            at: Location::file(self.saved.blob.name()),
            name: tensor.name.clone(),
            key: view.key.clone(),
        };
        let storage = if let Some(storage) = self.inflated.get(&view.key) {
            storage.clone()
        } else {
            let storage = self.saved.storage(&view.key, cx)?.ok_or_else(missing)?;
            if storage.path().is_none() && self.saved.blob.path().is_some() {
                // one at a time: memory does not grow with the model
                self.inflated.clear();
                self.inflated.insert(view.key.clone(), storage.clone());
            }
            storage
        };
        let window = view.start.checked_add(view.span).and_then(|end| storage.slice(view.start..end));
        let window = window.ok_or_else(missing)?;
        match &view.steps {
            None => Ok(window),
            Some(steps) => gather(&window, &tensor.shape, steps, view, cx),
        }
    }
}

/// Copies the elements of a strided view, one after the other.
fn gather(window: &Blob, shape: &[u64], steps: &[u64], view: &View, cx: &Context) -> Result<Blob> {
    let cap = cx.limits().inflated_bytes;
    if view.bytes > cap {
        // an expanded tensor repeats one element without end
        let at = Location::file(window.name());
        return Err(TorchError::TooMany { at, what: "bytes in one view", limit: "inflated_bytes", cap }.into());
    }
    let width = usize::try_from(view.width).unwrap_or(1);
    let capacity = usize::try_from(view.bytes.min(1 << 32)).unwrap_or(0);
    let mut out: Vec<u8> = Vec::with_capacity(capacity);
    let mut index = vec![0_u64; shape.len()];
    let mut at = 0_u64;
    loop {
        if out.len().is_multiple_of(4 << 20) {
            cx.tick("read", out.len() as u64, view.bytes)?;
        }
        let element = usize::try_from(at).ok().and_then(|at| window.get(at..at.checked_add(width)?));
        out.extend_from_slice(element.unwrap_or_default());
        // the last dimension runs fastest
        let mut axis = shape.len();
        loop {
            let Some(previous) = axis.checked_sub(1) else {
                return Ok(Blob::from_bytes(window.name(), out));
            };
            axis = previous;
            let (Some(count), Some(dim), Some(step)) = (index.get_mut(axis), shape.get(axis), steps.get(axis)) else {
                return Ok(Blob::from_bytes(window.name(), out));
            };
            *count = count.saturating_add(1);
            at = at.saturating_add(*step);
            if *count < *dim {
                break;
            }
            at = at.saturating_sub(step.saturating_mul(*dim));
            *count = 0;
        }
    }
}
