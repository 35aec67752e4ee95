//! What does not fit together.

use crate::error::{Classify, ErrorKind, Location};
use crate::ir::graph::Node;
use crate::ir::infer::dtype;
use crate::ir::infer::engine::Engine;
use crate::ir::schema::OpSchema;
use crate::ir::types::Type;

/// A place where types do not fit together.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TypeFault {
    /// A declared type that what is known of the inputs contradicts.
    #[error("'{value}' is declared as {declared}, but is {inferred}")]
    Contradiction {
        /// The value.
        value: String,
        /// What the file says.
        declared: Box<Type>,
        /// What follows from the inputs.
        inferred: Box<Type>,
        /// More than dimensions differ, which no runtime overlooks.
        hard: bool,
    },
    /// A node whose inputs do not fit each other, or not its operator.
    #[error("{message}")]
    Conflict {
        /// The node, as messages call it.
        node: String,
        /// What does not fit.
        message: String,
    },
}

impl Classify for TypeFault {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Malformed
    }

    fn location(&self) -> Location {
        match self {
            Self::Contradiction { .. } => Location::default(),
            Self::Conflict { node, .. } => Location::item(node),
        }
    }
}

/// What is wrong with the element types of a node's inputs by the facts of its operator.
pub(super) fn misfit(engine: &Engine<'_>, node: &Node, schema: &'static OpSchema) -> Option<String> {
    let mut bound: Vec<(&str, &str, crate::tensor::DType)> = Vec::new();
    for (index, input) in node.inputs.iter().enumerate() {
        let Some(dtype) = input.and_then(|input| engine.fact(input)?.ty.as_ref()?.dtype()) else { continue };
        let Some(formal) = schema.input(index) else { continue };
        let name = dtype::type_string(dtype);
        let allowed = match schema.type_constraint(formal.ty) {
            Some(constraint) => constraint.allowed.binary_search(&name).is_ok(),
            None => formal.ty == name,
        };
        if !allowed {
            return Some(format!("input {index} ('{}') is {dtype}, which '{}' does not take", formal.name, node.op));
        }
        if !formal.homogeneous {
            continue;
        }
        match bound.iter().find(|(variable, ..)| *variable == formal.ty) {
            None => bound.push((formal.ty, formal.name, dtype)),
            Some((_, first, other)) if *other != dtype => {
                let second = formal.name;
                return Some(format!("'{first}' is {other} and '{second}' {dtype}, but '{}' wants one type", node.op));
            }
            Some(_) => {}
        }
    }
    None
}
