//! What would act in an `MXNet` model: operators that call what the process registered.

use crate::error::Result;
use crate::formats::mxnet::FORMAT;
use crate::formats::mxnet::analyze::is_symbol;
use crate::formats::mxnet::params::{self, is_list};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content, rules};
use crate::wire::budget::Budget;
use crate::wire::json::{self, Json};

/// Operators that call code outside of `MXNet`, sorted.
const FOREIGN: &[&str] = &[
    "Custom",
    "CustomFunction",
    "TorchCriterion",
    "TorchModule",
    "_CustomFunction",
    "_NDArray",
    "_Native",
    "_TensorRT",
    "_contrib_tvm_dot",
];

/// Looks for danger in `MXNet` models.
#[derive(Debug, Clone, Copy, Default)]
pub struct MxnetInspector;

impl Inspector for MxnetInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if is_symbol(&part.blob) || is_list(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        if is_list(&part.blob) {
            let (tensors, end) = params::read(&part.blob, part.name(), &mut Budget::new(exam.cx()))?;
            for tensor in &tensors {
                let start = tensor.start.unwrap_or(0);
                content::search(part, start..start.saturating_add(tensor.bytes), exam)?;
            }
            if end < part.blob.len() {
                exam.gap(part.at(end), part.blob.len().saturating_sub(end), "bytes behind the last name");
            }
            return Ok(Taken::Yes);
        }
        let document = json::parse(&part.blob, exam.cx())?;
        operators(&document.root, part, exam);
        Ok(Taken::Yes)
    }
}

/// Reports foreign operators, those of subgraphs included; the parser has bounded the depth.
fn operators(graph: &Json, part: &Part, exam: &mut Exam<'_>) {
    for node in graph.get("nodes").map(Json::items).unwrap_or_default() {
        let op = node.get("op").and_then(Json::as_str).unwrap_or_default();
        if FOREIGN.binary_search(&op).is_ok() {
            let name = node.get("name").and_then(Json::as_str).unwrap_or_default();
            let kind = node.at(&["attrs", "op_type"]).and_then(Json::as_str).unwrap_or_default();
            let message = format!("node '{name}' is a '{op}', which calls '{kind}' as the process registered it");
            exam.report(&rules::graph::NEEDS_LIBRARY, part.item(name), message);
        }
        for inner in node.get("subgraphs").map(Json::items).unwrap_or_default() {
            operators(inner, part, exam);
        }
    }
}
