//! Types and shapes of the values between: what follows from the inputs by the rules of the operators.
//!
//! [`infer`] goes forward over the nodes once. At each node a *rule* says what the outputs are, given what is known of
//! the inputs; where the element type follows from the specification's type variables, the rule need not say it. Subgraphs
//! are inferred with what they capture, functions at each call with what the call passes in.
//!
//! Dimensions are [expressions](crate::ir::Expr) over named symbols: `[batch, 2*seq + 1]`. The elements of small integer
//! tensors are followed as such expressions too, so that `Shape → Gather → Concat → Reshape` ends in a shape whatever the
//! batch and the sequence are. A dimension without a name, of an input or of what only a run decides (`NonZero`), gets
//! one that is made up, `unk__0`: equal names are equal numbers there too. Where a file spells a dimension as an expression
//! over names of its inputs (`past + 1`), it is read as one.
//!
//! ```text
//! engine      walks graphs, merges what is inferred with what is declared
//! symbols     what names mean on their way in, and names for what has none
//! call        what a rule sees of its node: inputs, attributes, outputs
//! signature   what the specification says of an operator's element types
//! dims item   arithmetic on dimensions, and on the elements of small tensors
//! value       those elements
//! facts       what was found, without the model
//! the rest    rules, one file for each family of operators, one row of a `match` for each operator
//! ```
//!
//! Promises: what is told holds of every run that ends, given that no dimension is below zero and that a size fits 32 bits
//! where a model computes it so; in particular a dimension may be zero. Nothing is guessed, an operator without a rule leaves its outputs open; the cost is linear in the nodes,
//! and hostile models (functions that multiply, loops in loops, dimensions of 2⁶³) reach a budget, not the machine's
//! end; the model does not change.
//!
//! To add an operator: write or reuse a rule in the file of its family, and name it in that file's `rule`.
#![expect(clippy::unnecessary_wraps, reason = "every rule has one signature, and ends with what it says of an output")]

mod annotate;
mod call;
mod contrib;
mod control;
mod convolution;
mod cut;
mod dims;
mod dtype;
mod elementwise;
mod engine;
mod facts;
mod fault;
mod gather;
mod generate;
mod item;
mod matmul;
mod merge;
mod ml;
mod normalization;
mod quantize;
mod recurrent;
mod reduce;
mod reshape;
mod resize;
mod scatter;
mod sequence;
mod signal;
mod signature;
mod symbols;
#[cfg(test)]
mod tests;
mod training;
pub(crate) mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::context::Context;
use crate::error::Result;
use crate::ir::attribute::AttributeValue;
use crate::ir::graph::{Graph, Model, Node, NodeId, ValueId};
use crate::ir::schema::OpType;
use crate::ir::types::Type;

use call::Rule;

pub use annotate::annotate;
pub(crate) use facts::Facts;
pub use fault::TypeFault;

pub(in crate::ir) use dtype::{from_code, type_string};
pub(in crate::ir) use matmul::Equation;

/// What is known of every value of a model; made by [`infer`].
///
/// A graph can be inferred more than once: a function's body at each call. So the result is a tree of [`Scope`]s, one
/// for each time that a graph was gone through, with the main graph at its [`root`](Self::root).
#[derive(Debug, Clone)]
pub struct Inferred<'m> {
    scopes: Vec<Walked<'m>>,
    faults: Vec<TypeFault>,
}

/// One walk over one graph.
#[derive(Debug, Clone)]
struct Walked<'m> {
    graph: &'m Graph,
    types: Vec<Option<Type>>,
    /// What nodes compute and is known of each element.
    elements: Vec<Option<Arc<value::Elements>>>,
    /// The walks over the subgraphs of a node, or over the body of the function that it calls, sorted by node.
    inner: Vec<(NodeId, Inner)>,
    arguments: Option<Arc<Arguments<'m>>>,
}

/// A walk below another.
#[derive(Debug, Clone)]
struct Inner {
    walked: usize,
    /// Which of the node's subgraphs.
    position: usize,
    /// How often it runs, where that is known.
    repeats: Repeats,
}

/// The attributes of a function's call by name, defaults included.
type Arguments<'m> = std::collections::HashMap<&'m str, &'m AttributeValue>;

/// How often an inner graph runs for each time that its node does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// So many times: a function's body once, a scan's as often as its sequence is long.
    Times(u64),
    /// At most once, in place of the node's other branches.
    Branch,
    /// Nobody can know before it runs.
    Unknown,
}

/// A view of one walk over one graph.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a, 'm> {
    inferred: &'a Inferred<'m>,
    index: usize,
}

/// Infers the types of all values, with numbers in the place of the symbols that `bindings` names.
///
/// A declared type and an inferred one complete each other. Where they contradict, the inferred one wins, for it follows
/// from the inputs, and the [fault](Inferred::faults) is told. The model need not be
/// [checked](crate::ir::check): what is undefined stays open.
///
/// # Errors
/// `Cancelled` only.
#[tracing::instrument(name = "modelium.infer", skip_all)]
pub fn infer<'m>(model: &'m Model, bindings: &BTreeMap<String, u64>, cx: &Context) -> Result<Inferred<'m>> {
    engine::Engine::new(model, bindings, cx).finish()
}

impl<'m> Inferred<'m> {
    /// The main graph.
    pub fn root(&self) -> Scope<'_, 'm> {
        // The engine finishes the main graph last, and a walk over it always exists.
        Scope { inferred: self, index: self.scopes.len() - 1 }
    }

    /// What does not fit together, in the order in which it was met; the first hundred.
    pub fn faults(&self) -> &[TypeFault] {
        &self.faults
    }

    /// Refuses a model in which anything does not fit together.
    ///
    /// # Errors
    /// The first of the [faults](Self::faults), as `Malformed`.
    pub fn well_typed(&self) -> Result<()> {
        self.faults.first().map_or(Ok(()), |fault| Err(fault.clone().into()))
    }
}

impl<'a, 'm> Scope<'a, 'm> {
    fn walked(self) -> &'a Walked<'m> {
        &self.inferred.scopes[self.index]
    }

    /// The graph that was walked.
    pub fn graph(self) -> &'m Graph {
        self.walked().graph
    }

    /// What is known of a value's type.
    pub fn ty(self, value: ValueId) -> Option<&'a Type> {
        self.walked().types.get(value.index())?.as_ref()
    }

    /// What is known of a node's input; `None` too where it is left out.
    pub fn input(self, node: &Node, index: usize) -> Option<&'a Type> {
        self.ty(node.input(index)?)
    }

    /// What is known of a node's output; `None` too where it is left out.
    pub fn output(self, node: &Node, index: usize) -> Option<&'a Type> {
        self.ty(node.output(index)?)
    }

    /// A node's attribute; inside a function, that of the call to which it refers.
    pub fn attribute(self, node: &'m Node, name: &str) -> Option<&'m AttributeValue> {
        resolve(node.attribute(name)?, self.walked().arguments.as_deref())
    }

    /// The subgraphs of a node in the order of its attributes, or the body of the function that it calls.
    pub fn inner(self, node: NodeId) -> impl Iterator<Item = (Scope<'a, 'm>, Repeats)> {
        let inner = &self.walked().inner;
        let start = inner.partition_point(|(id, _)| *id < node);
        let here = inner.iter().skip(start).take_while(move |(id, _)| *id == node);
        here.map(move |(_, inner)| (Scope { inferred: self.inferred, index: inner.walked }, inner.repeats))
    }
}

/// The value that an attribute has here: itself, or what the call of the function says in its place.
fn resolve<'m>(value: &'m AttributeValue, arguments: Option<&Arguments<'m>>) -> Option<&'m AttributeValue> {
    match value {
        AttributeValue::Reference { attribute, .. } => arguments?.get(attribute.as_str()).copied(),
        value => Some(value),
    }
}

/// True for an operator that is understood without a body of its own.
pub(in crate::ir) fn has_rule(op: &OpType) -> bool {
    rule(op).is_some()
}

/// The rule of an operator.
fn rule(op: &OpType) -> Option<Rule> {
    elementwise::rule(op)
        .or_else(|| reshape::rule(op))
        .or_else(|| cut::rule(op))
        .or_else(|| gather::rule(op))
        .or_else(|| scatter::rule(op))
        .or_else(|| matmul::rule(op))
        .or_else(|| convolution::rule(op))
        .or_else(|| normalization::rule(op))
        .or_else(|| reduce::rule(op))
        .or_else(|| generate::rule(op))
        .or_else(|| resize::rule(op))
        .or_else(|| quantize::rule(op))
        .or_else(|| recurrent::rule(op))
        .or_else(|| control::rule(op))
        .or_else(|| sequence::rule(op))
        .or_else(|| signal::rule(op))
        .or_else(|| ml::rule(op))
        .or_else(|| training::rule(op))
        .or_else(|| contrib::rule(op))
}
