//! Two models compute the same numbers: both run on the same inputs, and every output is compared.
//!
//! [`compare`] loads both models into one [`Runtime`], makes inputs from a seed for each binding of the dynamic
//! dimensions, adds the caller's own samples, and gives a [`ParityReport`]: data for every language, a table for people,
//! and by [`ParityReport::into_result`] the error that stops a run. Differences are never errors of `compare` itself;
//! its errors mean that nothing could be compared.
//!
//! - An element of a float output passes if it is within [`Tolerance::absolute`] or within [`Tolerance::relative`] of the
//!   original's; NaN must meet NaN, an infinity the same infinity. Integers, booleans and strings must be equal.
//! - The cosine similarity of each whole float output must reach [`Tolerance::cosine`].
//! - Names, order, types and shapes of outputs must be the original's.
//! - Generated ids come from all rows of the tables that they pick from, as the original's graph tells.
//! - The outputs of one run are in memory at a time, and both models.
//!
//! [`compare_layers`] goes on from there, and finds the node at which two ONNX models part.

mod layers;
mod measure;
mod own;
mod report;
mod samples;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::artifact::Artifact;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::plan::{RuntimeFacts, SampleSpec, Tolerance};
use crate::runtime::{Runtime, RuntimePort, Session};
use crate::tensor::{DType, Tensor};

pub use layers::{Divergence, LayerReport, NodePlace, Operand, compare_layers};
pub use own::SamplesError;
pub use report::{Accuracy, OutputReport, ParityReport, SampleReport, SampleSource, SkippedSample, Worst};

use measure::compare_output;
use own::OwnSamples;

/// Runs both models on the same inputs and compares what they give.
///
/// Where `spec` names no bindings, those that a planner would choose are tried until two of them run. A generated sample on which
/// `original` itself cannot run proves nothing about `result`: it is reported as skipped, and at least one must run.
/// The arrays of `own` are named like the inputs; a further one named `labels`, `[rows]`, gives the accuracy of both
/// models on the first output of shape `[rows, classes]`.
///
/// # Errors
/// What the runtime says if a model cannot be loaded, or if it does not know how to run the result (`Unsupported`, which
/// proves nothing); the same of the original if that runs on no generated sample;
/// `InvalidArgument` if the caller's samples are missing or do not fit.
#[tracing::instrument(name = "modelium.parity", skip_all, fields(original = original.name(), result = result.name()))]
pub fn compare(
    original: &Artifact,
    result: &Artifact,
    runtime: &dyn Runtime,
    spec: &SampleSpec,
    own: Option<&BTreeMap<String, Tensor>>,
    tolerance: &Tolerance,
    cx: &Context,
) -> Result<ParityReport> {
    if spec.own && own.is_none() {
        return Err(Error::argument("the caller's own samples are asked for, and none are given"));
    }
    let mut pair = Pair::load(original, result, runtime, cx)?;
    let mut report = ParityReport {
        runtime: RuntimeFacts { name: runtime.name().to_owned(), version: runtime.version() },
        tolerance: *tolerance,
        signature: pair.signature(),
        samples: Vec::new(),
        skipped: Vec::new(),
        accuracy: None,
        passed: false,
    };
    if pair.same_inputs() {
        if let Some(arrays) = own {
            let (sample, accuracy) = pair.run_own(arrays, tolerance, cx)?;
            report.samples.push(sample);
            report.accuracy = accuracy;
        }
        let rows = tables::rows(original, cx)?;
        run_generated(&mut pair, spec, &rows, &mut report, cx)?;
    }
    let compared = report.samples.iter().any(|sample| !sample.outputs.is_empty());
    report.passed = report.signature.is_empty() && compared && report.samples.iter().all(|sample| sample.passed);
    tracing::info!(target: "modelium.parity", passed = report.passed, samples = report.samples.len(), "compared");
    Ok(report)
}

/// Runs the generated samples: each that is named, or two of those that are tried.
fn run_generated(
    pair: &mut Pair,
    spec: &SampleSpec,
    rows: &BTreeMap<String, u64>,
    report: &mut ParityReport,
    cx: &Context,
) -> Result<()> {
    let bindings = samples::bindings(&pair.inputs, &spec.bindings);
    let wanted = if spec.bindings.is_empty() { bindings.len().min(2) } else { bindings.len() };
    let mut ran = 0;
    let mut refusal = None;
    for binding in bindings {
        if ran == wanted {
            break;
        }
        cx.tick("parity", ran as u64, wanted as u64)?;
        let outcome = samples::generate(&pair.inputs, &binding, rows, spec.seed, cx).and_then(|inputs| {
            let outputs = pair.original.run(&inputs, cx)?;
            Ok((inputs, outputs))
        });
        match outcome {
            Ok((inputs, originals)) => {
                let mut sample = SampleReport::new(SampleSource::Generated, binding);
                pair.compare_run(&inputs, &originals, &(0..0), &report.tolerance, &mut sample, cx)?;
                report.samples.push(sample);
                ran += 1;
            }
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => {
                report.skipped.push(SkippedSample { binding, reason: error.to_string() });
                refusal.get_or_insert(error);
            }
        }
    }
    match refusal {
        Some(error) if report.samples.is_empty() => Err(no_sample_runs(error)),
        _ => Ok(()),
    }
}

/// The original refuses what can be generated for it, first of all with `error`.
fn no_sample_runs(error: Error) -> Error {
    let message = format!("the original runs on no generated sample: {}", error.message());
    let advice = "give samples of your own: an .npz file with one array for each input (--samples FILE.npz)";
    // a runtime that says what helps knows better
    let notes = if error.notes().is_empty() { vec![advice.to_owned()] } else { error.notes().to_vec() };
    notes.into_iter().fold(Error::new(error.kind(), message), Error::with_note).with_source(error)
}

/// Both models, loaded.
struct Pair {
    original: Box<dyn Session>,
    result: Box<dyn Session>,
    inputs: Vec<RuntimePort>,
    outputs: Vec<RuntimePort>,
}

impl Pair {
    fn load(original: &Artifact, result: &Artifact, runtime: &dyn Runtime, cx: &Context) -> Result<Self> {
        let original = runtime.load(original, cx)?;
        let result = runtime.load(result, cx)?;
        let (inputs, outputs) = (original.inputs().to_vec(), original.outputs().to_vec());
        Ok(Self { original, result, inputs, outputs })
    }

    /// Differences between what the two declare. Shapes are not among them: a result may know more about its shapes,
    /// and where they really differ a run shows it.
    fn signature(&self) -> Vec<String> {
        let mut lines = differences("input", &self.inputs, self.result.inputs());
        lines.extend(differences("output", &self.outputs, self.result.outputs()));
        let names = |ports: &[RuntimePort]| ports.iter().map(|port| port.name.clone()).collect::<Vec<_>>();
        let (expected, found) = (names(&self.outputs), names(self.result.outputs()));
        if lines.is_empty() && expected != found {
            lines.push(format!("outputs come in the order {found:?} where the original has {expected:?}"));
        }
        lines
    }

    /// True if what is fed to one can be fed to the other.
    fn same_inputs(&self) -> bool {
        differences("input", &self.inputs, self.result.inputs()).is_empty()
    }

    fn run_own(
        &mut self,
        arrays: &BTreeMap<String, Tensor>,
        tolerance: &Tolerance,
        cx: &Context,
    ) -> Result<(SampleReport, Option<Accuracy>)> {
        let inputs = self.inputs.clone();
        let samples = OwnSamples::fit(arrays, &inputs, &self.outputs)?;
        let labels = samples.labels();
        let mut sample = SampleReport::new(SampleSource::Own, samples.binding.clone());
        sample.rows = samples.rows;
        let mut accuracy: Option<Accuracy> = None;
        let mut counted = 0;
        for rows in samples.runs() {
            cx.tick("parity", rows.start, samples.rows.unwrap_or(1))?;
            let inputs = samples.inputs(&rows);
            let originals = self.original.run(&inputs, cx).map_err(|error| error.with_item("the caller's samples"))?;
            let results = self.compare_run(&inputs, &originals, &rows, tolerance, &mut sample, cx)?;
            // rows that a run before has counted already are left out
            let fresh = rows.start.max(counted)..rows.end;
            if let (Some(labels), Some(results)) = (&labels, results) {
                let expected = labels.get(index(fresh.start)..index(fresh.end)).unwrap_or_default();
                let skip = index(fresh.start.saturating_sub(rows.start));
                self.count_hits(&originals, &results, skip, expected, &mut accuracy);
            }
            counted = rows.end;
        }
        Ok((sample, accuracy))
    }

    /// Adds up how often the highest score is the label's, on the first output that holds scores.
    fn count_hits(
        &self,
        originals: &[Tensor],
        results: &[Tensor],
        skip: usize,
        expected: &[i64],
        accuracy: &mut Option<Accuracy>,
    ) {
        let scores = self.outputs.iter().zip(originals.iter().zip(results)).find_map(|(port, (original, result))| {
            let before = measure::top1(original).filter(|rows| rows.len() == skip + expected.len())?;
            let after = measure::top1(result).filter(|rows| rows.len() == before.len())?;
            Some((port.name.clone(), before, after))
        });
        let Some((output, before, after)) = scores else { return };
        let hits = |found: &[i64]| found.iter().skip(skip).zip(expected).filter(|(a, b)| a == b).count() as u64;
        let total = accuracy.get_or_insert(Accuracy { output, rows: 0, original: 0, result: 0 });
        total.rows += expected.len() as u64;
        total.original += hits(&before);
        total.result += hits(&after);
    }

    /// Runs the result and compares; gives its outputs in the original's order, or `None` where they are not complete.
    fn compare_run(
        &mut self,
        inputs: &[Tensor],
        originals: &[Tensor],
        rows: &Range<u64>,
        tolerance: &Tolerance,
        sample: &mut SampleReport,
        cx: &Context,
    ) -> Result<Option<Vec<Tensor>>> {
        expect_all("original", originals.len(), self.outputs.len())?;
        let results = match self.result.run(inputs, cx) {
            Ok(results) => results,
            Err(error) if error.kind() == ErrorKind::Backend => {
                sample.failure = Some(error.to_string());
                sample.passed = false;
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        expect_all("result", results.len(), self.result.outputs().len())?;
        let mut by_name: BTreeMap<_, _> =
            self.result.outputs().iter().map(|port| port.name.as_str()).zip(results).collect();
        let mut ordered = Vec::new();
        for (port, original) in self.outputs.iter().zip(originals) {
            let Some(result) = by_name.remove(port.name.as_str()) else { continue }; // the signature tells
            sample.add(compare_output(&port.name, original, &result, tolerance)?, rows);
            ordered.push(result);
        }
        Ok((ordered.len() == originals.len()).then_some(ordered))
    }
}

/// A runtime that gives fewer or more outputs than it declared cannot be trusted with the rest.
fn expect_all(which: &str, found: usize, expected: usize) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    let message = format!("the runtime gave {found} outputs of the {which}, which declares {expected}");
    Err(Error::new(ErrorKind::Backend, message))
}

fn differences(what: &str, expected: &[RuntimePort], found: &[RuntimePort]) -> Vec<String> {
    let mut lines = Vec::new();
    let dtype =
        |port: &RuntimePort| port.ty.dtype().map_or_else(|| port.ty.to_string(), |dtype: DType| dtype.to_string());
    for port in expected {
        match found.iter().find(|other| other.name == port.name) {
            None => lines.push(format!("{what} '{}' is missing from the result", port.name)),
            Some(other) if dtype(other) != dtype(port) => lines.push(format!(
                "{what} '{}' is {} where the original's is {}",
                port.name,
                dtype(other),
                dtype(port)
            )),
            Some(_) => {}
        }
    }
    let extra = found.iter().filter(|port| expected.iter().all(|other| other.name != port.name));
    lines.extend(extra.map(|port| format!("{what} '{}' of the result is not in the original", port.name)));
    lines
}

fn index(row: u64) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}
