//! What a person should know about an ONNX model before it is used.

use std::collections::{BTreeMap, BTreeSet};

use crate::context::Context;
use crate::error::{ErrorKind, Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::onnx::analyze::weights::Weights;
use crate::formats::onnx::inspect::RUN_PYTHON;
use crate::ir::schema::newest_opset;
use crate::ir::{self, Graph, Model, OpType};
use crate::wire::protobuf::guard::Census;

/// Bytes of constants in attributes from which on it is worth a word.
const LARGE_ATTRIBUTES: u64 = 1 << 20;

/// The findings, the gravest of each kind of fact once.
pub(super) fn findings(model: &Model, census: &Census, weights: &Weights, cx: &Context) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if let Err(error) = ir::check(model, cx) {
        if error.kind() == ErrorKind::Cancelled {
            return Err(error);
        }
        findings.push(Finding::new("onnx.ill_formed", Severity::Error, error.message()).at(error.location().clone()));
    }
    if let Some(unknown) = census.first_unknown.first() {
        let message =
            format!("{} fields are of a later version of the format; the first is in {}", census.unknown, unknown.path);
        findings.push(Finding::new("onnx.unknown_field", Severity::Warning, message).at(Location::byte(unknown.byte)));
    }
    strangers(model, &mut findings);
    for opset in &model.opsets {
        if let (Some(newest), Ok(version)) =
            (newest_opset(opset.domain()), u64::try_from(opset.version.unwrap_or_default()))
            && version > newest
        {
            let name = if opset.domain().is_empty() { "ai.onnx" } else { opset.domain() };
            let message = format!("opset {version} of {name} is newer than {newest}, the newest known");
            findings.push(Finding::new("onnx.future_opset", Severity::Warning, message));
        }
    }
    if weights.in_attributes >= LARGE_ATTRIBUTES {
        let message = format!("{} bytes of constants are attributes of nodes, not initializers", weights.in_attributes);
        findings.push(
            Finding::new("onnx.large_attribute", Severity::Note, message)
                .remedy("simplify the model: constants become initializers, which runtimes share and map"),
        );
    }
    Ok(findings)
}

/// Operators that neither the specification nor the model itself defines.
fn strangers(model: &Model, findings: &mut Vec<Finding>) {
    let functions = model.functions.iter();
    let own: BTreeSet<_> =
        functions.map(|function| (function.domain.as_deref().unwrap_or_default(), function.name.as_str())).collect();
    let mut domains: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, node) in model.graphs().into_iter().flat_map(Graph::nodes) {
        let key = (node.op.domain(), node.op.name());
        if matches!(node.op, OpType::Other(_)) && !own.contains(&key) {
            domains.entry(key.0).or_default().insert(key.1);
        }
    }
    for (domain, mut names) in domains {
        let python: Vec<_> = RUN_PYTHON.into_iter().filter(|name| !domain.is_empty() && names.remove(name)).collect();
        if !python.is_empty() {
            let message = format!("operators of '{domain}' that run code of Python: {}", python.join(", "));
            findings.push(
                Finding::new("onnx.python_operator", Severity::Danger, message)
                    .remedy("do not load this model in a process with Python unless you know who wrote it"),
            );
        }
        if names.is_empty() {
            continue;
        }
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        findings.push(match domain {
            "com.microsoft" => continue, // every ONNX Runtime has them
            "" => Finding::new("onnx.unknown_operator", Severity::Warning, format!("not in the standard: {names}")),
            domain => {
                let message = format!("operators of '{domain}' need a library of their own to run: {names}");
                Finding::new("onnx.unknown_domain", Severity::Warning, message)
                    .remedy("register the library with the runtime, and trust it as you would trust a program")
            }
        });
    }
}
