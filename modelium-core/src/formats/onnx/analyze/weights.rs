//! How much a model has learnt, and where it lies.

use std::collections::{BTreeMap, HashSet};

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
    seen: HashSet<(usize, usize)>,
}

impl Weights {
    pub(super) fn of(model: &Model) -> Self {
        let mut weights = Self::default();
        let graphs = model.graphs();
        for graph in &graphs {
            for initializer in &graph.initializers {
                weights.count(&initializer.tensor);
            }
            for initializer in &graph.sparse_initializers {
                weights.count(&initializer.tensor.values);
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

    /// Counts a tensor; gives its bytes, 0 if they were counted before.
    fn count(&mut self, tensor: &Tensor) -> u64 {
        if let Data::External(External { blob, entries }) = &tensor.data
            && let Some((_, Some(location))) = entries.iter().find(|(key, _)| key.as_deref() == Some("location"))
        {
            let end = blob.offset().saturating_add(blob.len());
            let known = self.files.entry(location.clone()).or_default();
            *known = end.max(*known);
        }
        let first = match &tensor.data {
            Data::Raw(blob) | Data::External(External { blob, .. }) => Some(blob),
            Data::Fields(_, chunks) => chunks.first(),
            Data::Strings(_) => None,
        };
        if let Some(blob) = first.filter(|blob| !blob.is_empty())
            && !self.seen.insert((blob.as_ptr() as usize, blob.bytes().len()))
        {
            return 0;
        }
        let bytes = match &tensor.data {
            Data::Strings(strings) => strings.iter().fold(0, |sum: u64, text| sum.saturating_add(text.len() as u64)),
            _ => tensor.byte_len().unwrap_or_default(),
        };
        self.parameters = self.parameters.saturating_add(tensor.elements().unwrap_or_default());
        let total = self.bytes.entry(tensor.dtype).or_default();
        *total = total.saturating_add(bytes);
        bytes
    }
}
