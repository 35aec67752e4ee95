//! How much a model has learnt, and where it lies.

use std::collections::{BTreeMap, HashMap};

use crate::blob::Blob;
use crate::descriptor::TensorDescriptor;
use crate::ir::{AttributeValue, Graph, Model};
use crate::tensor::{DType, Data, External, Tensor};

/// The weights of a model, each stored byte range counted once.
#[derive(Default)]
pub(super) struct Weights {
    /// Elements.
    pub(super) parameters: u64,
    /// Bytes by element type.
    pub(super) bytes: BTreeMap<DType, u64>,
    /// Bytes of those that are attributes of nodes.
    pub(super) in_attributes: u64,
    /// External files by the names that the model refers to them by, and their sizes as far as they are used.
    pub(super) files: BTreeMap<String, u64>,
    /// Every initializer, in the order of the graphs.
    pub(super) tensors: Vec<TensorDescriptor>,
    /// Where bytes lie, and the tensor that has them.
    seen: HashMap<(usize, usize), String>,
}

impl Weights {
    /// The weights of a model whose own file is `entry`.
    pub(super) fn of(model: &Model, entry: &str) -> Self {
        let mut weights = Self::default();
        let graphs = model.graphs();
        for graph in &graphs {
            for initializer in &graph.initializers {
                weights.list(&initializer.tensor, entry);
            }
            for initializer in &graph.sparse_initializers {
                weights.list(&initializer.tensor.values, entry);
            }
        }
        for attribute in graphs.iter().copied().flat_map(Graph::nodes).flat_map(|(_, node)| &node.attributes) {
            let sparse = match &attribute.value {
                AttributeValue::SparseTensor(tensor) => std::slice::from_ref(&**tensor),
                AttributeValue::SparseTensors(tensors) => tensors,
                _ => &[],
            };
            for tensor in attribute.value.tensors().iter().chain(sparse.iter().map(|sparse| &sparse.values)) {
                let bytes = weights.count(tensor);
                weights.in_attributes = weights.in_attributes.saturating_add(bytes);
            }
        }
        weights
    }

    /// Counts a tensor and lists it.
    fn list(&mut self, tensor: &Tensor, entry: &str) {
        let first = first_bytes(tensor);
        let place = first.filter(|blob| !blob.is_empty()).map(|blob| (blob.as_ptr() as usize, blob.bytes().len()));
        let shares = place.and_then(|place| self.seen.get(&place).cloned());
        let (file, start) = match &tensor.data {
            Data::Raw(blob) => (Some(entry.to_owned()), Some(blob.offset())),
            Data::External(External { blob, entries }) => {
                let location = entries.iter().find(|(key, _)| key.as_deref() == Some("location"));
                (location.and_then(|(_, location)| location.clone()), Some(blob.offset()))
            }
            Data::Fields(..) | Data::Strings(_) | Data::Derived(_) => (Some(entry.to_owned()), None),
        };
        self.count(tensor);
        self.tensors.push(TensorDescriptor {
            name: tensor.name.clone().unwrap_or_default(),
            dtype: tensor.dtype.name().to_owned(),
            shape: tensor.dims.clone(),
            bytes: stored_bytes(tensor),
            file,
            start,
            shares,
            ..TensorDescriptor::default()
        });
    }

    /// Counts a tensor; gives its bytes, 0 if they were counted before.
    fn count(&mut self, tensor: &Tensor) -> u64 {
        if let Data::External(External { blob, entries }) = &tensor.data
            && let Some((_, Some(location))) = entries.iter().find(|(key, _)| key.as_deref() == Some("location"))
        {
            let end = blob.offset().saturating_add(blob.len());
            let known = self.files.entry(location.clone()).or_default();
            *known = end.max(*known);
        }
        if let Some(blob) = first_bytes(tensor).filter(|blob| !blob.is_empty()) {
            let place = (blob.as_ptr() as usize, blob.bytes().len());
            if self.seen.contains_key(&place) {
                return 0;
            }
            self.seen.insert(place, tensor.name.clone().unwrap_or_default());
        }
        let bytes = stored_bytes(tensor);
        self.parameters = self.parameters.saturating_add(tensor.elements().unwrap_or_default());
        let total = self.bytes.entry(tensor.dtype).or_default();
        *total = total.saturating_add(bytes);
        bytes
    }
}

/// The window by which tensors that share bytes are known.
fn first_bytes(tensor: &Tensor) -> Option<&Blob> {
    match &tensor.data {
        Data::Raw(blob) | Data::External(External { blob, .. }) => Some(blob),
        Data::Fields(_, chunks) => chunks.first(),
        Data::Strings(_) | Data::Derived(_) => None,
    }
}

fn stored_bytes(tensor: &Tensor) -> u64 {
    match &tensor.data {
        Data::Strings(strings) => strings.iter().fold(0, |sum: u64, text| sum.saturating_add(text.len() as u64)),
        _ => tensor.byte_len().unwrap_or_default(),
    }
}
