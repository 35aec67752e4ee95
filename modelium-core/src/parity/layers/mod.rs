//! Where two models begin to differ: the first node whose value is another, found without keeping all activations.
//!
//! [`compare_layers`] runs both models on one sample. Where an output differs, it searches by bisection: a probe cuts both
//! models down to the few values that cross one line through the original's graph ([`search`]), and runs them
//! ([`cut`]). If all of them are equal, the difference arises behind the line, else before it. So a model of *n* nodes
//! takes about log₂ *n* probes, and each holds only the values of its line.
//!
//! A value of the original meets the result's value of the same name, and where names differ the one that is computed the
//! same way ([`counterparts`]). Values without a counterpart, such as those that a simplifier has merged into others, are
//! passed over: the node that is found is then the last of a short stretch, which the report names.
//!
//! What is found is certain: everything that the node's stretch reads is equal in both models, and what it gives is not.
//!
//! - Values are equal if no element is further off than [`Tolerance::absolute`], or than [`Tolerance::relative`] times the
//!   largest magnitude in the original's value: single elements close to zero say nothing in the middle of a model.
//!   [`Tolerance::cosine`] is not used.
//! - Floats of different width are compared by their numbers, so a float16 variant can be held against its original.
//! - A node with subgraphs, and a call of a function, count as one node.

mod counterparts;
mod cut;
mod float;
mod report;
mod search;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::Importer;
use crate::formats::onnx::OnnxImporter;
use crate::parity::own::OwnSamples;
use crate::parity::{OutputReport, SampleSource, Tolerance, differences, expect_all, measure, samples, tables};
use crate::plan::{RuntimeFacts, SampleSpec};
use crate::runtime::Runtime;
use crate::tensor::Tensor;

pub use report::{Divergence, LayerReport, NodePlace, Operand};

/// Compares two ONNX models on one sample, and finds the first node that differs where an output does.
///
/// The sample is the first of the caller's (`own`, arrays named like the inputs), else the first generated one on which
/// the original runs: those of `spec`'s bindings, or what a planner would try.
///
/// # Errors
/// What the runtime says if a model, or a part of it, cannot be loaded or run; `InvalidArgument` if the caller's samples do
/// not fit; what the importer says of a model that is not ONNX. Differences are no errors.
#[tracing::instrument(name = "modelium.layers", skip_all, fields(original = original.name(), result = result.name()))]
pub fn compare_layers(
    original: &Artifact,
    result: &Artifact,
    runtime: &dyn Runtime,
    spec: &SampleSpec,
    own: Option<&BTreeMap<String, Tensor>>,
    tolerance: &Tolerance,
    cx: &Context,
) -> Result<LayerReport> {
    let whole = run_whole(original, result, runtime, spec, own, tolerance, cx)?;
    let mut report = LayerReport {
        runtime: RuntimeFacts { name: runtime.name().to_owned(), version: runtime.version() },
        tolerance: *tolerance,
        source: whole.source,
        binding: whole.binding,
        passed: whole.signature.is_empty() && whole.outputs.iter().all(|output| output.passed),
        signature: whole.signature,
        outputs: whole.outputs,
        first: None,
        values: 0,
        by_name: 0,
        by_structure: 0,
        probes: 0,
    };
    if report.outputs.iter().all(|output| output.passed) {
        return Ok(report);
    }
    let (a, b) = (OnnxImporter.import(original, cx)?, OnnxImporter.import(result, cx)?);
    let found = counterparts::find(&a.graph, &b.graph, cx)?;
    (report.values, report.by_name, report.by_structure) = (found.values, found.by_name, found.by_structure);
    let mut prober = cut::Prober::new(&a, &b, runtime, &whole.inputs, tolerance, cx)?;
    let first = search::first(&found, &mut prober, &report.outputs, cx)?;
    report.probes = prober.probes;
    report.first = first;
    tracing::info!(target: "modelium.parity", probes = report.probes, found = report.first.is_some(), "searched");
    Ok(report)
}

/// What both models give on the sample.
struct Whole {
    source: SampleSource,
    binding: BTreeMap<String, u64>,
    signature: Vec<String>,
    inputs: Vec<Tensor>,
    outputs: Vec<OutputReport>,
}

fn run_whole(
    original: &Artifact,
    result: &Artifact,
    runtime: &dyn Runtime,
    spec: &SampleSpec,
    own: Option<&BTreeMap<String, Tensor>>,
    tolerance: &Tolerance,
    cx: &Context,
) -> Result<Whole> {
    let mut session = runtime.load(original, cx)?;
    let (ports, outputs) = (session.inputs().to_vec(), session.outputs().to_vec());
    let (source, binding, inputs, originals) = if let Some(arrays) = own {
        let samples = OwnSamples::fit(arrays, &ports, &outputs)?;
        let rows = samples.runs().into_iter().next().unwrap_or(0..0);
        let inputs = samples.inputs(&rows);
        let originals = session.run(&inputs, cx)?;
        (SampleSource::Own, samples.binding.clone(), inputs, originals)
    } else {
        let rows = tables::rows(original, cx)?;
        let mut refusal = None;
        let mut ran = None;
        for binding in samples::bindings(&ports, &spec.bindings) {
            let outcome = samples::generate(&ports, &binding, &rows, spec.seed, cx)
                .and_then(|inputs| session.run(&inputs, cx).map(|outputs| (inputs, outputs)));
            match outcome {
                Ok((inputs, outputs)) => {
                    ran = Some((SampleSource::Generated, binding, inputs, outputs));
                    break;
                }
                Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
                Err(error) => refusal = refusal.or(Some(error)),
            }
        }
        match (ran, refusal) {
            (Some(ran), _) => ran,
            (None, Some(error)) => return Err(super::no_sample_runs(error)),
            (None, None) => return Err(Error::internal("no sample was tried")),
        }
    };
    drop(session); // one model in memory at a time
    expect_all("original", originals.len(), outputs.len())?;
    let mut session = runtime.load(result, cx)?;
    let mut signature = differences("input", &ports, &float::as_wide(session.inputs(), &ports));
    let fits = signature.is_empty();
    let found = session.outputs().to_vec();
    signature.extend(differences("output", &outputs, &float::as_wide(&found, &outputs)));
    let mut reports = Vec::new();
    if fits {
        let results = session.run(&float::fit(&inputs, session.inputs()), cx)?;
        expect_all("result", results.len(), found.len())?;
        for (port, original) in outputs.iter().zip(&originals) {
            let result = found.iter().zip(&results).find(|(other, _)| other.name == port.name);
            let Some((_, result)) = result else { continue }; // the signature tells
            reports.push(difference(&port.name, original, result, tolerance)?);
        }
    }
    Ok(Whole { source, binding, signature, inputs, outputs: reports })
}

/// How far a value is from the original's, by the rule at the head of this module.
fn difference(name: &str, original: &Tensor, result: &Tensor, tolerance: &Tolerance) -> Result<OutputReport> {
    let (a, b) = float::same_width(original, result);
    let absolute = tolerance.absolute.max(tolerance.relative * float::largest(&a));
    let allowed = Tolerance { absolute, relative: 0.0, cosine: 0.0 };
    let mut report = measure::compare_output(name, &a, &b, &allowed)?;
    report.dtype = original.dtype;
    report.passed = report.incomparable.is_none() && report.beyond == 0;
    Ok(report)
}
