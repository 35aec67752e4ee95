//! What is said of a model whatever format it came in, once it is a graph: types, costs, and what does not fit.

use std::collections::{BTreeMap, BTreeSet};

use crate::context::Context;
use crate::descriptor::Costs;
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::ir::infer::TypeFault;
use crate::ir::{self, Dim, Expr, Inferred, Model};

/// What one run of a model costs when its symbols stand for these numbers; a symbol of the inputs that is not named
/// stands for 1.
///
/// # Errors
/// `Cancelled` only.
pub fn costs(model: &Model, bindings: &BTreeMap<String, u64>, cx: &Context) -> Result<Costs> {
    Ok(costs_and_gaps(model, bindings, None, cx)?.0)
}

/// The costs, and a finding if they leave something out. `symbolic` is what was inferred without bindings, where that
/// is at hand.
pub(super) fn costs_and_gaps(
    model: &Model,
    bindings: &BTreeMap<String, u64>,
    symbolic: Option<&Inferred<'_>>,
    cx: &Context,
) -> Result<(Costs, Option<Finding>)> {
    let shapes = model.graph.inputs.iter().filter_map(|port| port.ty.as_ref()?.shape());
    let symbols = shapes.flat_map(|shape| &shape.dims).filter_map(|dim| match dim {
        Dim::Symbol(name) => Some(&**name),
        _ => None,
    });
    let names: BTreeSet<&str> = symbols.collect();
    // `past + 1` beside `past` is no number of its own.
    let follows = |name: &&str| {
        let expr = Expr::parse(name, &|part| names.contains(part));
        expr.is_some_and(|expr| expr.to_symbol().is_none_or(|symbol| **symbol != **name))
    };
    let free = names.iter().filter(|name| !follows(name)).map(|name| ((*name).to_owned(), 1));
    let mut all: BTreeMap<String, u64> = free.collect();
    all.extend(bindings.clone());
    let cost = match symbolic.filter(|_| all.is_empty()) {
        Some(inferred) => ir::cost(inferred, cx)?,
        None => ir::cost(&ir::infer(model, &all, cx)?, cx)?,
    };
    let gap = cost.unresolved.first().map(|first| {
        let message = match cost.unresolved_nodes {
            1 => format!("the costs leave out a node, {first}"),
            nodes => format!("the costs leave out {nodes} nodes, in part at least; the first is {first}"),
        };
        Finding::new("graph.unresolved_shapes", Severity::Note, message)
    });
    let costs = Costs {
        bindings: all,
        macs: cost.macs,
        activation_peak_bytes: cost.activation_peak_bytes,
        unresolved_nodes: cost.unresolved_nodes,
    };
    Ok((costs, gap))
}

/// Types that contradict each other. An element type that does is an error to every runtime, a dimension to none.
pub(super) fn type_findings(inferred: &Inferred<'_>) -> impl Iterator<Item = Finding> {
    inferred.faults().iter().map(|fault| match fault {
        TypeFault::Contradiction { value, hard, .. } => {
            let severity = if *hard { Severity::Error } else { Severity::Warning };
            let finding = Finding::new("graph.declared_type_differs", severity, fault.to_string());
            finding.at(Location::item(value))
        }
        TypeFault::Conflict { node, message } => {
            Finding::new("graph.inputs_do_not_fit", Severity::Error, message).at(Location::item(node))
        }
    })
}
