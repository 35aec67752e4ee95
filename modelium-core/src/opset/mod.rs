//! A model in another version of its operator set, up or down, with the same results.
//!
//! Each node goes on its own from the version that the model imports to the one that is wanted, one *boundary* at a
//! time: a version in which its operator changed, appeared or was withdrawn. What happens there is one row of the
//! [table](table::ROWS) (an adapter, or why there can be none) or, where the table has no row, follows from comparing
//! the two schemas: attributes at their defaults and values left out are nothing to carry over, element types have to be
//! allowed on the other side.
//!
//! ```text
//! convert   the entry: walks graphs, subgraphs and functions, takes each node over its boundaries
//! crossing  which boundary is next, and what happens there
//! carry     what needs no adapter, by the schemas alone
//! table     all adapters, one row for each operator and boundary
//! step      what an adapter sees of its node, and how it writes nodes
//! facts     types and constants by value
//! the rest  adapters, one file for each family
//! ```
//!
//! Promises: all or nothing, and nothing silently: what cannot be expressed is listed node by node, and the model is then
//! as it was. Names of inputs, outputs and all values that nodes computed stay.
//!
//! To add an operator's new version: regenerate the schemas; a test lists the boundaries that need a row.

mod activation;
mod attention;
mod axes;
mod carry;
mod comparison;
mod constant;
mod control;
mod convert;
mod crossing;
mod facts;
mod ml;
mod movement;
mod normalization;
mod quantize;
mod reduce;
mod resize;
mod rotary;
mod softmax;
mod step;
mod table;
#[cfg(test)]
mod tests;

use crate::error::{Classify, ErrorKind};
use crate::ir::schema::NEWEST_OPSET;

pub use convert::{convert_domain, convert_opset};

/// The oldest version of the standard operators that conversion reads or writes.
pub const OLDEST_OPSET: u64 = 7;

/// The most obstacles that an error lists.
const MOST_NOTES: usize = 50;

/// What a conversion did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct OpsetReport {
    /// The operator set's domain; empty for the standard operators.
    pub domain: String,
    /// The version that the model imported.
    pub from: u64,
    /// The version that it imports now.
    pub to: u64,
    /// The nodes that had to change, in the order of the file.
    pub changed: Vec<Changed>,
}

/// One node that had to change.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Changed {
    /// The node, as messages call it.
    pub node: String,
    /// The operator.
    pub op: String,
    /// The operators that stand for it now, in order.
    pub into: Vec<String>,
}

/// A node that has no equivalent in the version that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{node}: '{op}' of opset {since}: {reason}")]
pub struct Obstacle {
    /// The node, as messages call it.
    pub node: String,
    /// The operator.
    pub op: String,
    /// The version of the operator that the node uses.
    pub since: u16,
    /// What cannot be said there.
    pub reason: String,
}

/// Why a model stays in its version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum OpsetError {
    #[error("opset {found}{} cannot be converted; supported are {oldest} to {newest}", of(.domain))]
    OutOfRange { domain: String, found: u64, oldest: u64, newest: u64 },
    #[error("the model does not import operator set '{domain}'")]
    NotImported { domain: String },
    #[error(
        "{} of {nodes} nodes cannot be expressed in opset {target}; first: {}",
        .obstacles.len(),
        .obstacles.first().map(|it| format!("'{}' of opset {}: {}", it.op, it.since, it.reason)).unwrap_or_default()
    )]
    Inexpressible { target: u64, nodes: usize, obstacles: Vec<Obstacle> },
}

fn of(domain: &str) -> String {
    if domain.is_empty() { String::new() } else { format!(" of '{domain}'") }
}

impl Classify for OpsetError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::OutOfRange { found, newest, .. } if found > newest => ErrorKind::Unsupported,
            Self::OutOfRange { .. } | Self::NotImported { .. } => ErrorKind::InvalidArgument,
            Self::Inexpressible { .. } => ErrorKind::Unsupported,
        }
    }

    fn location(&self) -> crate::error::Location {
        match self {
            Self::Inexpressible { obstacles, .. } => {
                obstacles.first().map(|obstacle| crate::error::Location::item(&obstacle.node)).unwrap_or_default()
            }
            _ => crate::error::Location::default(),
        }
    }

    /// The obstacles, up to a cap, and how many there are beyond it.
    fn notes(&self) -> Vec<String> {
        let Self::Inexpressible { obstacles, .. } = self else { return Vec::new() };
        let mut notes: Vec<String> = obstacles.iter().take(MOST_NOTES).map(ToString::to_string).collect();
        if let Some(more @ 1..) = obstacles.len().checked_sub(MOST_NOTES) {
            notes.push(format!("and {more} more"));
        }
        notes
    }
}

/// The versions of a domain that can be converted.
fn supported(domain: &str) -> Option<(u64, u64)> {
    match domain {
        "" => Some((OLDEST_OPSET, NEWEST_OPSET)),
        "ai.onnx.ml" => Some((1, crate::ir::schema::newest_opset(domain)?)),
        _ => None,
    }
}
