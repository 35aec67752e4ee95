//! What inference found out, without the model: for those who change the model while they ask.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ir::graph::{NodeId, ValueId};
use crate::ir::infer::value::Elements;
use crate::ir::infer::{Inferred, Walked};
use crate::ir::types::{Dim, Type};

/// What is known of the values of one graph, and of the subgraphs of its nodes.
///
/// Values that came after the inference have no facts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    types: Vec<Option<Type>>,
    elements: Vec<Option<Arc<Elements>>>,
    inner: BTreeMap<(NodeId, usize), Facts>,
}

impl Facts {
    /// What is known of a value's type.
    pub(crate) fn ty(&self, value: ValueId) -> Option<&Type> {
        self.types.get(value.index())?.as_ref()
    }

    /// The dimensions of a dense tensor of known rank.
    pub(crate) fn dims(&self, value: ValueId) -> Option<&[Dim]> {
        Some(&self.ty(value)?.shape()?.dims)
    }

    /// What is known of the elements of a small tensor that nodes compute; constants are not in it.
    pub(crate) fn elements(&self, value: ValueId) -> Option<&Elements> {
        self.elements.get(value.index())?.as_deref()
    }

    /// The same of a subgraph of a node, by its position among the node's subgraphs.
    pub(crate) fn inner(&self, node: NodeId, position: usize) -> Option<&Self> {
        self.inner.get(&(node, position))
    }
}

impl Inferred<'_> {
    /// What is known of the main graph and its subgraphs.
    pub(crate) fn into_facts(mut self) -> Facts {
        let root = self.scopes.len().checked_sub(1);
        root.map_or_else(Facts::default, |root| take(&mut self.scopes, root))
    }
}

fn take(scopes: &mut [Walked<'_>], index: usize) -> Facts {
    let Some(walked) = scopes.get_mut(index) else { return Facts::default() };
    let (types, elements) = (std::mem::take(&mut walked.types), std::mem::take(&mut walked.elements));
    let below = std::mem::take(&mut walked.inner);
    let inner = below.into_iter().map(|(node, inner)| ((node, inner.position), take(scopes, inner.walked))).collect();
    Facts { types, elements, inner }
}
