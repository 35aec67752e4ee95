//! The unit of change.

use crate::ir::{Attribute, NodeId, OpType, ValueId};
use crate::tensor::Tensor;

/// One independent change of one graph.
///
/// A value keeps its meaning whatever is done: a patch may compute a value in another way, or let its readers read an
/// equal one, but never gives its name to something else. So patches found at one look at a graph can be applied in any
/// order and any number; what cannot be applied any more, because another patch took what it is about, is left out.
///
/// What a patch adds may read only values that what it replaces depended on: so no cycle can come about. Nodes that
/// nobody reads any more need not be removed by the patch that made them so.
///
/// ```text
/// let mut patch = Patch::remove([matmul, add]);
/// let product = patch.node(OpType::Gemm, [a.into(), b.into()], attributes);       // a value of its own
/// patch.node_giving(OpType::Relu, [product], vec![], [y]);                        // computes `y` from now on
/// ```
#[derive(Debug, Clone, Default)]
pub struct Patch {
    pub(super) remove: Vec<NodeId>,
    pub(super) redirects: Vec<(ValueId, ValueId)>,
    pub(super) constants: Vec<(ValueId, Tensor)>,
    pub(super) drop_initializers: Vec<ValueId>,
    pub(super) fresh: Vec<Fresh>,
    pub(super) nodes: Vec<NewNode>,
}

/// What an input of a new node reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A value of the graph.
    Value(ValueId),
    /// A value that the patch makes.
    New(usize),
    /// Nothing: an optional input is left out.
    Nothing,
}

impl From<ValueId> for Source {
    fn from(value: ValueId) -> Self {
        Self::Value(value)
    }
}

impl From<Option<ValueId>> for Source {
    fn from(value: Option<ValueId>) -> Self {
        value.map_or(Self::Nothing, Self::Value)
    }
}

/// A value that a patch makes.
#[derive(Debug, Clone)]
pub(super) struct Fresh {
    /// What it is called if that name is free.
    pub(super) base: String,
    /// Its elements, unless a node computes it.
    pub(super) tensor: Option<Tensor>,
    /// It is the value of exactly that name in a graph around this one.
    pub(super) outer: bool,
}

/// A node that a patch adds.
#[derive(Debug, Clone)]
pub(super) struct NewNode {
    pub(super) op: OpType,
    pub(super) inputs: Vec<Source>,
    pub(super) outputs: Vec<Source>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) overload: Option<String>,
    /// What its subgraphs capture under other names than it has here.
    pub(super) captures: Vec<(String, Source)>,
}

impl Patch {
    /// A patch that removes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes nodes out. Who still reads what they computed must be served: by a new node that gives it, by a redirect, or
    /// by a constant; else the patch is left out.
    pub fn remove(nodes: impl IntoIterator<Item = NodeId>) -> Self {
        Self { remove: nodes.into_iter().collect(), ..Self::default() }
    }

    /// Takes initializers out that nobody reads.
    pub fn drop_initializers(values: impl IntoIterator<Item = ValueId>) -> Self {
        Self { drop_initializers: values.into_iter().collect(), ..Self::default() }
    }

    /// Who read `from` reads the equal `to` instead.
    #[must_use]
    pub fn redirect(mut self, from: ValueId, to: ValueId) -> Self {
        self.redirects.push((from, to));
        self
    }

    /// The value is an initializer from now on.
    #[must_use]
    pub fn constant(mut self, value: ValueId, tensor: Tensor) -> Self {
        self.constants.push((value, tensor));
        self
    }

    /// Adds a constant, called `base` if that name is free.
    pub fn tensor(&mut self, base: impl Into<String>, tensor: Tensor) -> Source {
        self.fresh(base.into(), Some(tensor), false)
    }

    /// A value that a node of the patch is to compute, called `base` if that name is free.
    pub(super) fn value(&mut self, base: impl Into<String>) -> Source {
        self.fresh(base.into(), None, false)
    }

    /// Adds a node of one output, a value of its own.
    pub fn node(
        &mut self,
        op: OpType,
        inputs: impl IntoIterator<Item = Source>,
        attributes: impl Into<Vec<Attribute>>,
    ) -> Source {
        let output = self.value(op.name().to_lowercase());
        self.push(op, inputs, attributes, vec![output]);
        output
    }

    /// Adds a node that computes values of the graph from now on: each must lose its producer by this patch. `None` leaves
    /// an optional output out.
    pub fn node_giving(
        &mut self,
        op: OpType,
        inputs: impl IntoIterator<Item = Source>,
        attributes: impl Into<Vec<Attribute>>,
        outputs: impl IntoIterator<Item = Option<ValueId>>,
    ) {
        let outputs = outputs.into_iter().map(Source::from).collect();
        self.push(op, inputs, attributes, outputs);
    }

    /// Adds a node whose outputs are values of the graph, as by [`Patch::node_giving`], or of [`Patch::value`].
    pub(super) fn push(
        &mut self,
        op: OpType,
        inputs: impl IntoIterator<Item = Source>,
        attributes: impl Into<Vec<Attribute>>,
        outputs: Vec<Source>,
    ) {
        let (inputs, attributes) = (inputs.into_iter().collect(), attributes.into());
        self.nodes.push(NewNode { op, inputs, outputs, attributes, overload: None, captures: Vec::new() });
    }

    pub(super) fn fresh(&mut self, base: String, tensor: Option<Tensor>, outer: bool) -> Source {
        self.fresh.push(Fresh { base, tensor, outer });
        Source::New(self.fresh.len() - 1)
    }
}
