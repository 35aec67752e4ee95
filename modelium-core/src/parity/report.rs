//! What a comparison found: data, a table for people, an error for those who must stop.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::parity::measure::has_tolerance;
use crate::plan::{RuntimeFacts, Tolerance};
use crate::tensor::DType;

/// What comparing two models found. One document in every language; its JSON Schema is committed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ParityReport {
    /// What ran both models.
    pub runtime: RuntimeFacts,
    /// How far outputs were allowed to differ.
    pub tolerance: Tolerance,
    /// Differences between the declared inputs and outputs, one line each; any of them fails the comparison.
    pub signature: Vec<String>,
    /// What each sample gave.
    pub samples: Vec<SampleReport>,
    /// Bindings that were not compared because the original itself cannot run on them, with the runtime's reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<SkippedSample>,
    /// How often the labels of the caller's samples were met, where there are labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<Accuracy>,
    /// True if the two compute the same within the tolerance.
    pub passed: bool,
}

/// What one sample gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SampleReport {
    /// Where its inputs come from.
    pub source: SampleSource,
    /// The numbers that the inputs' dynamic dimensions stood for; `input.0` names an axis that the model leaves unnamed.
    pub binding: BTreeMap<String, u64>,
    /// Rows of the caller's samples, where all arrays agree on them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Each output, in the original's order.
    pub outputs: Vec<OutputReport>,
    /// Why the result could not run on it, though the original could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// True if every output lies within the tolerance.
    pub passed: bool,
}

/// Where the inputs of a sample come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SampleSource {
    /// Made from the seed.
    Generated,
    /// The caller's.
    Own,
}

/// A binding on which the original itself does not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SkippedSample {
    /// The numbers that the inputs' dynamic dimensions stood for.
    pub binding: BTreeMap<String, u64>,
    /// What the runtime said.
    pub reason: String,
}

/// How one output of the result compares with the original's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutputReport {
    /// Its name.
    pub name: String,
    /// Element type that the original gave.
    pub dtype: DType,
    /// Dimensions that the original gave; of the first run, where the caller's samples took several.
    pub dims: Vec<u64>,
    /// Elements that were compared.
    pub elements: u64,
    /// Why elements could not be compared: another type or shape, or no such output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incomparable: Option<String>,
    /// Elements beyond the tolerance; integers, booleans and strings must be equal.
    pub beyond: u64,
    /// Largest absolute difference, among elements that are finite in both.
    pub max_absolute: f64,
    /// Largest difference relative to the original's magnitude, among elements that are finite in both and not zero in
    /// the original.
    pub max_relative: f64,
    /// Cosine similarity of the whole output, among elements that are finite in both; 1 for types that must be equal and are.
    pub cosine: f64,
    /// True if NaN stands where the original has NaN, and each infinity where the original has the same.
    pub same_nonfinite: bool,
    /// The element that differs most; those beyond the tolerance come first. `None` if nothing differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<Worst>,
    /// True if it lies within the tolerance.
    pub passed: bool,
}

/// One element that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Worst {
    /// Where it stands, outermost axis first.
    pub index: Vec<u64>,
    /// What the original gave, in words.
    pub original: String,
    /// What the result gave, in words.
    pub result: String,
    /// The absolute difference; `None` where there is none: NaN, infinities, strings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absolute: Option<f64>,
}

/// Top-1 accuracy against the caller's labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Accuracy {
    /// The output that was taken as scores, `[rows, classes]`.
    pub output: String,
    /// Labelled rows.
    pub rows: u64,
    /// Rows on which the original's highest score is the label's.
    pub original: u64,
    /// Rows on which the result's highest score is the label's.
    pub result: u64,
}

impl ParityReport {
    /// The output that differs most: one that fails before any that passes, then by absolute difference.
    pub fn worst(&self) -> Option<&OutputReport> {
        self.samples.iter().flat_map(|sample| &sample.outputs).max_by(|a, b| {
            let rank = |output: &OutputReport| (!output.passed, output.incomparable.is_some(), !output.same_nonfinite);
            rank(a).cmp(&rank(b)).then(a.max_absolute.total_cmp(&b.max_absolute))
        })
    }

    /// The report if the models compute the same, else what differs.
    ///
    /// # Errors
    /// `Mismatch`: the worst output in the message, every other failing one in a note.
    pub fn into_result(self) -> Result<Self> {
        if self.passed {
            return Ok(self);
        }
        let mut lines = self.signature.clone();
        let mut failing: Vec<_> =
            self.samples.iter().flat_map(|sample| &sample.outputs).filter(|output| !output.passed).collect();
        if let Some(worst) = self.worst().filter(|worst| !worst.passed) {
            lines.push(worst.difference(&self.tolerance));
            failing.retain(|output| output.name != worst.name);
        }
        failing.sort_by(|a, b| b.max_absolute.total_cmp(&a.max_absolute));
        failing.sort_by(|a, b| a.name.cmp(&b.name)); // stable: of each output the sample that differs most
        failing.dedup_by(|a, b| a.name == b.name);
        lines.extend(failing.into_iter().map(|output| output.difference(&self.tolerance)));
        let failures = self.samples.iter().filter_map(|sample| Some((sample.failure.as_ref()?, sample)));
        lines.extend(failures.map(|(reason, sample)| {
            format!("the result cannot run on {}, the original can: {reason}", sample.describe())
        }));
        let mut lines = lines.into_iter();
        let first = lines.next().unwrap_or_else(|| "nothing was compared".to_owned());
        Err(lines.fold(Error::new(ErrorKind::Mismatch, first), Error::with_note))
    }
}

impl SampleReport {
    pub(super) fn new(source: SampleSource, binding: BTreeMap<String, u64>) -> Self {
        Self { source, binding, rows: None, outputs: Vec::new(), failure: None, passed: true }
    }

    /// Adds what one run gave: the first of an output as it is, further ones by what is worst in them.
    ///
    /// `rows` is the run's place among the caller's rows.
    pub(super) fn add(&mut self, mut output: OutputReport, rows: &Range<u64>) {
        self.passed &= output.passed;
        let by_row = output.dims.first().is_some_and(|&first| rows.end.checked_sub(rows.start) == Some(first));
        if let Some(row) = output.worst.as_mut().filter(|_| by_row).and_then(|worst| worst.index.first_mut()) {
            *row = row.saturating_add(rows.start);
        }
        match self.outputs.iter_mut().find(|other| other.name == output.name) {
            Some(other) => other.merge(output),
            None => self.outputs.push(output),
        }
    }

    /// The sample in words: `batch=2`, `own samples (50 rows)`.
    fn describe(&self) -> String {
        match (self.source, self.rows) {
            (SampleSource::Own, Some(rows)) => format!("own samples ({rows} rows)"),
            (SampleSource::Own, None) => "own samples".to_owned(),
            (SampleSource::Generated, _) if self.binding.is_empty() => "a generated sample".to_owned(),
            (SampleSource::Generated, _) => describe(&self.binding),
        }
    }
}

/// `batch=2, tokens=7`.
pub(super) fn describe(binding: &BTreeMap<String, u64>) -> String {
    binding.iter().map(|(name, size)| format!("{name}={size}")).collect::<Vec<_>>().join(", ")
}

impl OutputReport {
    /// Takes in another run of the same output.
    fn merge(&mut self, other: Self) {
        let rank = |output: &Self| {
            let absolute = output.worst.as_ref().map_or(0.0, |worst| worst.absolute.unwrap_or(f64::INFINITY));
            (output.beyond > 0, absolute)
        };
        if other.worst.is_some() && (self.worst.is_none() || rank(&other) > rank(self)) {
            self.worst = other.worst;
        }
        self.elements += other.elements;
        self.beyond += other.beyond;
        self.max_absolute = self.max_absolute.max(other.max_absolute);
        self.max_relative = self.max_relative.max(other.max_relative);
        self.cosine = self.cosine.min(other.cosine);
        self.same_nonfinite &= other.same_nonfinite;
        self.passed &= other.passed;
        self.incomparable = self.incomparable.take().or(other.incomparable);
    }

    /// What differs, in one line.
    pub(super) fn difference(&self, tolerance: &Tolerance) -> String {
        let name = self.name.escape_debug();
        if let Some(reason) = &self.incomparable {
            return format!("output '{name}' {reason}");
        }
        match &self.worst {
            Some(Worst { index, absolute: Some(absolute), .. }) if self.beyond > 0 => {
                let allowed = if has_tolerance(self.dtype) { tolerance.words() } else { "0".to_owned() };
                format!("output '{name}' differs by {} at {index:?}; tolerance is {allowed}", short(*absolute))
            }
            Some(Worst { index, original, result, .. }) if self.beyond > 0 => {
                format!("output '{name}' is {result} at {index:?} where the original is {original}")
            }
            _ => format!(
                "output '{name}' has cosine similarity {:.6} with the original; at least {} is asked for",
                self.cosine, tolerance.cosine
            ),
        }
    }
}

impl Tolerance {
    /// The tolerance of one element: `0.01`, or `1e-5 or 0.001 relative`.
    pub(super) fn words(&self) -> String {
        match (self.absolute, self.relative) {
            (absolute, 0.0) => short(absolute),
            (0.0, relative) => format!("{} relative", short(relative)),
            (absolute, relative) => format!("{} or {} relative", short(absolute), short(relative)),
        }
    }
}

/// A number in three digits or so, as a person would write it.
pub(super) fn short(number: f64) -> String {
    if number == 0.0 || (1e-4..1e6).contains(&number.abs()) {
        let decimals = if number.abs() >= 1.0 || number == 0.0 { 3.0 } else { 2.0 - number.abs().log10().floor() };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 3 and 6")]
        let text = format!("{number:.*}", decimals as usize);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        let text = format!("{number:.2e}");
        match text.split_once('e') {
            Some((digits, exponent)) => {
                format!("{}e{exponent}", digits.trim_end_matches('0').trim_end_matches('.'))
            }
            None => text,
        }
    }
}

impl fmt::Display for ParityReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.passed { "in parity" } else { "not in parity" };
        writeln!(
            f,
            "{verdict} ({} {}, tolerance {})",
            self.runtime.name,
            self.runtime.version,
            self.tolerance.words()
        )?;
        self.signature.iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        let header = ["sample", "output", "elements", "max abs", "max rel", "cosine", "worst", ""].map(str::to_owned);
        let mut rows = vec![header];
        for sample in &self.samples {
            for output in &sample.outputs {
                rows.push([
                    sample.describe(),
                    output.name.escape_debug().to_string(),
                    output.elements.to_string(),
                    short(output.max_absolute),
                    short(output.max_relative),
                    format!("{:.6}", output.cosine),
                    output.worst.as_ref().map_or_else(String::new, |worst| format!("{:?}", worst.index)),
                    if output.passed { "ok".to_owned() } else { "DIFFERS".to_owned() },
                ]);
            }
        }
        table(f, &rows)?;
        for sample in self.samples.iter().filter(|sample| sample.failure.is_some()) {
            let reason = sample.failure.as_deref().unwrap_or_default();
            writeln!(f, "  {}: the result cannot run: {reason}", sample.describe())?;
        }
        for skipped in &self.skipped {
            writeln!(f, "  {}: not compared, the original cannot run: {}", describe(&skipped.binding), skipped.reason)?;
        }
        if let Some(accuracy) = &self.accuracy {
            let Accuracy { output, rows, original, result } = accuracy;
            writeln!(f, "  accuracy of '{output}': {original}/{rows} before, {result}/{rows} after")?;
        }
        Ok(())
    }
}

/// Writes rows in columns as wide as their widest cell.
pub(super) fn table<const N: usize>(f: &mut fmt::Formatter<'_>, rows: &[[String; N]]) -> fmt::Result {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    for row in rows {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(f, "  {}", cells.join("  ").trim_end())?;
    }
    Ok(())
}
