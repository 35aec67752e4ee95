//! How models are stored: one folder for each format.
//!
//! A format offers up to three things: an [`Analyzer`] (bytes → [`ModelDescriptor`]), an [`Importer`] (bytes → IR) and an
//! [`Exporter`] (IR → bytes). Files with the same name do the same job in every folder: `mod.rs` says what the format is
//! and which specification it follows, `schema.rs` or `header.rs` holds the records as the specification names them,
//! `analyze.rs`, `import.rs` and `export.rs` are the three above, `error.rs` the leaf errors.
//!
//! To add a format: write its folder, name it below, and list it in [`Registry::builtin`](crate::Registry::builtin).
//! A format never imports another.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

pub mod onnx;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{Artifact, Sink};
use crate::context::Context;
use crate::descriptor::{Costs, ModelDescriptor};
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::ir::{self, Checked, Dim, Model};

pub use crate::descriptor::FormatId;

/// Whether an artifact is of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// It is not.
    No,
    /// It could be; analysis will tell.
    Maybe,
    /// It can be nothing else.
    Certain,
}

/// Bytes → [`ModelDescriptor`]. Executes nothing.
///
/// # Behavior
/// - `probe` looks at names and leading bytes only, and never fails.
/// - `analyze` reads structure, not weights; what it cannot understand is a finding, what it cannot read an error.
pub trait Analyzer: Send + Sync {
    /// The format it knows.
    fn format(&self) -> FormatId;

    /// Whether the artifact is of that format.
    fn probe(&self, artifact: &Artifact) -> Match;

    /// Describes the model.
    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor>;
}

/// Bytes → IR.
///
/// # Behavior
/// - Weights stay mapped; the result allocates for structure only.
/// - Nothing that the format can say is lost silently.
pub trait Importer: Send + Sync {
    /// The format it reads.
    fn format(&self) -> FormatId;

    /// Reads the model.
    fn import(&self, artifact: &Artifact, cx: &Context) -> Result<Model>;
}

/// IR → bytes.
///
/// # Behavior
/// - Writes through the sink and leaves the commit to the caller.
/// - Streams each weight once; memory does not grow with the model.
/// - The same model gives the same bytes.
pub trait Exporter: Send + Sync {
    /// The format it writes.
    fn format(&self) -> FormatId;

    /// Writes the model under `name`; returns the names of the files it wrote, the main one first.
    fn export(
        &self,
        model: Checked<'_>,
        name: &str,
        weights: Weights,
        out: &mut dyn Sink,
        cx: &Context,
    ) -> Result<Vec<String>>;
}

/// What one run of a model costs when its symbols stand for these numbers; a symbol that is not named stands for 1.
///
/// The findings say what the numbers leave out, and where declared shapes contradict what follows from the inputs.
///
/// # Errors
/// `Cancelled`; `LimitExceeded` if the model is nested deeper than the limits allow.
pub fn costs(model: &Model, bindings: &BTreeMap<String, u64>, cx: &Context) -> Result<(Costs, Vec<Finding>)> {
    let symbols = model.graph.inputs.iter().filter_map(|port| port.ty.as_ref()?.shape());
    let symbols = symbols.flat_map(|shape| &shape.dims).filter_map(|dim| match dim {
        Dim::Symbol(name) => Some((name.to_string(), 1)),
        _ => None,
    });
    let mut all: BTreeMap<String, u64> = symbols.collect();
    all.extend(bindings.clone());
    let inferred = ir::infer::infer(model, &all, cx)?;
    let cost = ir::cost::cost(&inferred, cx)?;
    let mut findings = Vec::new();
    for wrong in inferred.contradictions() {
        let severity = if wrong.hard { Severity::Error } else { Severity::Warning };
        let message =
            format!("'{}' is declared {}, and is {} by its inputs", wrong.value, wrong.declared, wrong.inferred);
        findings.push(Finding::new("graph.declared_type_differs", severity, message).at(Location::item(&wrong.value)));
    }
    for conflict in inferred.conflicts() {
        let finding = Finding::new("graph.inputs_do_not_fit", Severity::Error, &conflict.message);
        findings.push(finding.at(Location::item(&conflict.node)));
    }
    if let Some(first) = cost.unresolved.first() {
        let message = format!("the costs leave out {} nodes; the first is {first}", cost.unresolved_nodes);
        findings.push(Finding::new("graph.unresolved_shapes", Severity::Note, message));
    }
    let costs = Costs {
        bindings: all,
        macs: cost.macs,
        activation_peak_bytes: cost.activation_peak_bytes,
        unresolved_nodes: cost.unresolved_nodes,
    };
    Ok((costs, findings))
}

/// Where export puts weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weights {
    /// Inside the model file while the format allows it (ONNX: below 2 GiB), else in a file beside it.
    #[default]
    Auto,
    /// In a file beside the model, from the given size of a tensor on.
    Beside {
        /// Smaller tensors stay inside.
        threshold_bytes: u64,
    },
    /// Where they were: external data keeps pointing at its files, which the caller must keep beside the result.
    InPlace,
}
