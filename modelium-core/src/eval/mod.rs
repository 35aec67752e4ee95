//! The reference evaluator: what each operator means, in plain Rust.
//!
//! It folds constants, runs models where no other runtime is at hand, and finds the first node at which two models part.
//! Clear code comes first; where time goes, in products and convolutions, a library does the work.
//!
//! ```text
//! array     a dense tensor in memory: dimensions, and elements of one type behind an Arc
//! value     what flows: arrays, sequences, optionals, maps
//! call      what a kernel sees of its node, and where it puts the outputs
//! engine    walks graphs, frees what nobody reads any more, enters subgraphs and functions
//! fold      many nodes at once, on several threads
//! number    what kernels compute in, whatever the elements are; small: floats of few bits
//! broadcast shapes stretched to fit each other, walks over several tensors at once, work on several threads
//! product   products of matrices
//! kernels   one file for each family of operators, one row of a `match` for each operator
//! ```
//!
//! To add an operator: write its kernel in the file of its family, and name it in that file's `kernel`.
#![expect(
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::clone_on_copy,
    clippy::float_cmp,
    clippy::many_single_char_names,
    clippy::needless_for_each,
    clippy::similar_names,
    reason = "numbers change their type here because operators say so, formulas keep the names they have, and one body \
              serves elements of all types"
)]

mod array;
mod broadcast;
mod call;
mod engine;
mod error;
mod fold;
#[cfg(test)]
mod hostile;
mod kernels;
mod number;
mod product;
mod small;
mod value;

use std::collections::BTreeSet;

use crate::context::Context;
use crate::error::Result;
use crate::ir::{Model, Node, OpType};

pub use array::{Array, Buffer};
pub(crate) use engine::instantiate;
pub use engine::{Evaluator, Options};
pub use error::EvalError;
pub use fold::{Folding, fold};
pub use value::Value;

/// Computes one node from its inputs: `None` for an optional one that is left out. `opset` is the version of the node's
/// operator set, `model` where functions and the operator sets of subgraphs are looked up. Gives an output for each of the
/// node's; `None` where the node leaves it out.
///
/// # Errors
/// An [`EvalError`], or `Cancelled`.
pub fn evaluate(
    model: &Model,
    node: &Node,
    inputs: Vec<Option<Value>>,
    options: &Options,
    cx: &Context,
) -> Result<Vec<Option<Value>>> {
    Evaluator::new(model, options.clone()).node(node, inputs, cx)
}

/// True if the evaluator knows the operator.
pub fn knows(node: &Node) -> bool {
    knows_operator(&node.op)
}

/// True if the evaluator knows the operator by itself, without a function of the model's.
pub fn knows_operator(op: &OpType) -> bool {
    kernels::kernel(op).is_some()
}

/// The first node that no run could compute, subgraphs and the bodies of functions that are called included.
///
/// # Errors
/// `UnknownOperator` with that node.
pub fn expect_known(model: &Model) -> Result<(), EvalError> {
    let mut graphs = vec![&model.graph];
    let mut called = BTreeSet::new();
    while let Some(graph) = graphs.pop() {
        for (_, node) in graph.nodes() {
            graphs.extend(node.subgraphs());
            if knows(node) {
                continue;
            }
            let function = model.functions.iter().enumerate().find(|(_, function)| function.is_called_by(node));
            let Some((index, function)) = function else {
                return Err(EvalError::UnknownOperator { node: node.label(graph), op: node.op.to_string() });
            };
            if called.insert(index) {
                graphs.push(&function.body);
            }
        }
    }
    Ok(())
}
