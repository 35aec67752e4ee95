//! What the official checker demands though runtimes do without it.

use std::collections::HashSet;

use crate::ir::check::error::CheckError;
use crate::ir::graph::{Graph, Model, Port};
use crate::ir::types::{Type, TypeKind};

/// A graph has a name, a port of the main graph a shape, a node the domain as it is imported.
pub(super) fn check(model: &Model) -> Result<(), CheckError> {
    let mut bodies = vec![&model.graph];
    named(&model.graph)?;
    for (what, ports) in [("input", &model.graph.inputs), ("output", &model.graph.outputs)] {
        if let Some(port) = ports.iter().find(|port| !has_shape(port)) {
            return Err(CheckError::ShapelessPort { what, value: model.graph.value(port.value).name.clone() });
        }
    }
    for function in &model.functions {
        if function.domain.is_none() {
            return Err(CheckError::FunctionWithoutDomain { function: function.name.clone() });
        }
        let outputs = function.body.outputs.iter().map(|port| function.body.value(port.value).name.as_str());
        if let Some(value) = repeated(outputs) {
            return Err(CheckError::FunctionOutputTwice { function: function.name.clone(), value: value.to_owned() });
        }
        bodies.push(&function.body);
    }
    while let Some(graph) = bodies.pop() {
        for (_, node) in graph.nodes() {
            let spelt = node.domain.as_deref().unwrap_or_default();
            if spelt == "ai.onnx" {
                return Err(CheckError::SpeltOutDomain { node: node.label(graph) });
            }
            for subgraph in node.subgraphs() {
                named(subgraph)?;
                bodies.push(subgraph);
            }
        }
    }
    Ok(())
}

fn named(graph: &Graph) -> Result<(), CheckError> {
    if graph.name.as_deref().is_none_or(str::is_empty) { Err(CheckError::UnnamedGraph) } else { Ok(()) }
}

/// True for what has no shape, too.
fn has_shape(port: &Port) -> bool {
    !matches!(
        &port.ty,
        Some(Type { kind: TypeKind::Tensor { shape: None, .. } | TypeKind::SparseTensor { shape: None, .. }, .. })
    )
}

/// The first name that occurs twice.
fn repeated<'n>(mut names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let mut seen = HashSet::new();
    names.find(|name| !seen.insert(*name))
}
