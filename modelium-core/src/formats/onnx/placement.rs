//! Where export puts the elements of each tensor: in the model, in one file beside it, or where they are.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::ir::{Attribute, AttributeValue, Model, SparseTensor};
use crate::tensor::{Data, External, Tensor};

/// Tensors from this size on start at a page, so that a runtime can map them; smaller ones at a cache line.
const LARGE: u64 = 1 << 20;
const PAGE: u64 = 4096;
const LINE: u64 = 64;

/// Where the elements of one tensor go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Home<'a> {
    /// Into the model file.
    Inside,
    /// Into the model file if they came from there; external data keeps pointing where it points.
    AsItIs,
    /// Into the file beside the model.
    Beside { location: &'a str, offset: u64, length: u64 },
}

/// Where the elements of all tensors go.
pub(super) struct Placement<'m> {
    keep_external: bool,
    location: String,
    offsets: HashMap<*const Tensor, u64>,
    /// What the file beside the model holds, ascending; tensors that are the same bytes share them.
    parts: Vec<(u64, &'m Tensor)>,
    end: u64,
}

impl<'m> Placement<'m> {
    /// Everything in the model file.
    pub(super) fn inside() -> Self {
        Self { keep_external: false, location: String::new(), offsets: HashMap::new(), parts: Vec::new(), end: 0 }
    }

    /// External data stays where it is.
    pub(super) fn as_it_is() -> Self {
        Self { keep_external: true, ..Self::inside() }
    }

    /// Initializers from `threshold` bytes on go to the file `location`.
    ///
    /// Tensors in attributes and sparse ones go there only if they were external before, because not every runtime
    /// looks for them outside of the model.
    pub(super) fn beside(model: &'m Model, location: String, threshold: u64) -> Self {
        let mut placement = Self { location, ..Self::inside() };
        let mut shared: HashMap<(*const u8, u64), u64> = HashMap::new();
        for (tensor, moves) in tensors(model) {
            let Some(length) = tensor.byte_len().filter(|length| *length >= threshold.max(1)) else { continue };
            if !moves && !matches!(tensor.data, Data::External(_)) {
                continue;
            }
            let at = stored(tensor).map(|bytes| (bytes.as_ptr(), length));
            let known = at.and_then(|at| shared.get(&at).copied());
            let offset = known.unwrap_or_else(|| {
                let alignment = if length >= LARGE { PAGE } else { LINE };
                let offset = placement.end.next_multiple_of(alignment);
                placement.parts.push((offset, tensor));
                placement.end = offset.saturating_add(length);
                offset
            });
            if let Some(at) = at {
                shared.insert(at, offset);
            }
            placement.offsets.insert(std::ptr::from_ref(tensor), offset);
        }
        placement
    }

    pub(super) fn home(&self, tensor: &Tensor) -> Home<'_> {
        match self.offsets.get(&std::ptr::from_ref(tensor)) {
            Some(&offset) => {
                Home::Beside { location: &self.location, offset, length: tensor.byte_len().unwrap_or_default() }
            }
            None if self.keep_external => Home::AsItIs,
            None => Home::Inside,
        }
    }

    /// What goes into the file beside the model, ascending by offset, and the size of that file.
    pub(super) fn parts(&self) -> (&[(u64, &'m Tensor)], u64) {
        (&self.parts, self.end)
    }
}

/// The elements where they are stored as little-endian bytes in one piece.
fn stored(tensor: &Tensor) -> Option<&[u8]> {
    match &tensor.data {
        Data::Raw(blob) | Data::External(External { blob, .. }) => Some(blob),
        Data::Fields(..) => match tensor.to_le_bytes() {
            Some(Cow::Borrowed(bytes)) => Some(bytes),
            _ => None,
        },
        Data::Strings(_) | Data::Derived(_) => None,
    }
}

/// Every tensor of a model in the order of its graphs, and whether it is an initializer.
fn tensors(model: &Model) -> impl Iterator<Item = (&Tensor, bool)> {
    let of_graphs = model.graphs().into_iter().flat_map(|graph| {
        let dense = graph.initializers.iter().map(|initializer| (&initializer.tensor, true));
        let sparse = graph.sparse_initializers.iter().flat_map(|initializer| parts(&initializer.tensor));
        let attributes = graph.nodes().flat_map(|(_, node)| node.attributes.iter().flat_map(of_attribute));
        dense.chain(sparse.chain(attributes).map(|tensor| (tensor, false)))
    });
    let defaults = model.functions.iter().flat_map(|function| function.attribute_defaults.iter());
    of_graphs.chain(defaults.flat_map(of_attribute).map(|tensor| (tensor, false)))
}

fn of_attribute(attribute: &Attribute) -> impl Iterator<Item = &Tensor> {
    let sparse: &[SparseTensor] = match &attribute.value {
        AttributeValue::SparseTensor(sparse) => std::slice::from_ref(sparse),
        AttributeValue::SparseTensors(sparse) => sparse,
        _ => &[],
    };
    attribute.value.tensors().iter().chain(sparse.iter().flat_map(parts))
}

fn parts(sparse: &SparseTensor) -> [&Tensor; 2] {
    [&sparse.values, &sparse.indices]
}
