//! Dimensions and lists as inputs of new nodes.

use crate::ir::{Dim, OpType, ValueId};
use crate::passes::fuse::flow;
use crate::passes::{Patch, Source, View};
use crate::tensor::{DType, Tensor};

/// A dimension as something that a node can compute.
#[derive(Debug, Clone)]
pub(super) enum Size {
    Known(i64),
    /// That of an input of the graph at that axis.
    Of(ValueId, i64),
}

impl Size {
    /// `None` if no input of the graph has that dimension.
    pub(super) fn of(view: &View<'_>, dim: &Dim) -> Option<Self> {
        match dim {
            Dim::Known(dim) => i64::try_from(*dim).ok().map(Self::Known),
            // `Shape` has a start and an end from opset 15 on
            _ if view.opset() >= 15 => with_dim(view, dim).map(|(value, axis)| Self::Of(value, axis)),
            _ => None,
        }
    }

    /// Nodes that a list with it takes.
    pub(super) fn cost(&self) -> usize {
        if let Self::Known(_) = self { 0 } else { 2 }
    }

    /// The list `[before …, size, after …]`.
    pub(super) fn lay(&self, patch: &mut Patch, before: &[i64], after: &[i64]) -> Option<Source> {
        let (value, axis) = match self {
            Self::Known(size) => return ints(patch, "shape", &[before, &[*size], after].concat()),
            Self::Of(value, axis) => (*value, *axis),
        };
        let attributes = [flow::int("start", axis), flow::int("end", axis.checked_add(1)?)];
        let size = patch.node(OpType::Shape, [value.into()], attributes);
        let mut parts = Vec::new();
        if !before.is_empty() {
            parts.push(ints(patch, "before", before)?);
        }
        parts.push(size);
        parts.push(ints(patch, "after", after)?);
        Some(patch.node(OpType::Concat, parts, [flow::int("axis", 0)]))
    }
}

/// A list of integers as a new constant.
pub(super) fn ints(patch: &mut Patch, name: &str, values: &[i64]) -> Option<Source> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let tensor = Tensor::new(name, DType::Int64, vec![values.len() as u64], bytes)?;
    Some(patch.tensor(name, tensor))
}

/// An input of the graph that has this dimension, and at which axis.
fn with_dim(view: &View<'_>, dim: &Dim) -> Option<(ValueId, i64)> {
    if *dim == Dim::Unknown {
        return None;
    }
    view.graph.inputs.iter().find_map(|port| {
        let axis = view.dims(port.value)?.iter().position(|other| other == dim)?;
        Some((port.value, i64::try_from(axis).ok()?))
    })
}
