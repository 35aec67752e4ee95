//! A plan in words: what it would do, what it would take, and what it would not do and why. Nothing runs.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::formats::Weights;
use crate::plan::types::{
    Alternative, ConversionPlan, Interval, OnFailure, Operation, PlanOutcome, Rejection, SampleSpec, Step,
};

/// A plan, or the refusal of one, for people: [`Display`](fmt::Display) gives text with aligned columns, the fields
/// are the cells of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// One line.
    pub summary: String,
    /// What tipped the scales.
    pub reasons: Vec<String>,
    /// The steps, in their order.
    pub steps: Vec<ExplainedStep>,
    /// Other ways that would work.
    pub alternatives: Vec<Alternative>,
    /// Ways that would not, and why.
    pub rejected: Vec<Rejection>,
    /// How the decision was reached, line by line.
    pub trace: Vec<String>,
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExplainedStep {
    /// The step's id.
    pub step: String,
    /// What it does.
    pub what: String,
    /// What it writes.
    pub bytes: String,
    /// Memory that it should take at its peak, mapped files included.
    pub peak_memory: String,
    /// Time that it should take.
    pub time: String,
    /// Where it is stopped: time and private memory.
    pub limits: String,
    /// What happens when it fails.
    pub on_failure: String,
}

impl ExplainedStep {
    /// The heads of the columns.
    pub const COLUMNS: [&'static str; 7] = ["step", "what", "bytes", "peak memory", "time", "limits", "on failure"];

    /// The cells, in the order of the columns.
    pub fn cells(&self) -> [&str; 7] {
        [&self.step, &self.what, &self.bytes, &self.peak_memory, &self.time, &self.limits, &self.on_failure]
    }
}

impl ConversionPlan {
    /// The plan in words.
    pub fn explain(&self) -> Explanation {
        Explanation {
            summary: format!("{}: {}", self.model.name, self.decision.summary),
            reasons: self.decision.reasons.clone(),
            steps: self.steps.iter().map(|step| explain_step(self, step)).collect(),
            ..Explanation::default()
        }
    }
}

impl PlanOutcome {
    /// The plan in words, with what else was looked at; or why there is none.
    pub fn explain(&self) -> Explanation {
        let plan = self.plan.as_ref().map(ConversionPlan::explain);
        Explanation {
            alternatives: self.alternatives.clone(),
            rejected: self.rejected.clone(),
            trace: self.trace.clone(),
            ..plan.unwrap_or_else(|| Explanation { summary: "no plan".to_owned(), ..Explanation::default() })
        }
    }
}

fn explain_step(plan: &ConversionPlan, step: &Step) -> ExplainedStep {
    let spare = if is_needed(plan, step) { "" } else { "if needed: " };
    ExplainedStep {
        step: step.id.clone(),
        what: format!("{spare}{}", what(&step.operation)),
        bytes: range(&step.expect.bytes_out, bytes_in_words),
        peak_memory: range(&step.expect.peak_bytes, bytes_in_words),
        time: range(&step.expect.seconds, seconds_in_words),
        limits: format!(
            "{}, {}",
            seconds_in_words(whole(step.limits.wall_seconds)),
            bytes_in_words(whole(step.limits.memory_bytes))
        ),
        on_failure: match &step.on_failure {
            OnFailure::Stop => "stop".to_owned(),
            OnFailure::Retry { times } => format!("retry {times}×"),
            OnFailure::Degrade { to } => format!("take {to}"),
        },
    }
}

/// True if the step runs even where nothing fails.
fn is_needed(plan: &ConversionPlan, step: &Step) -> bool {
    let mut wanted: Vec<&Step> =
        plan.steps.iter().filter(|step| matches!(step.operation, Operation::Package { .. })).collect();
    let mut seen = 0;
    while let Some(next) = wanted.get(seen).copied() {
        seen += 1;
        if next.id == step.id {
            return true;
        }
        let needed = next.needs.iter().filter_map(|id| plan.step(id));
        let fresh: Vec<_> = needed.filter(|step| wanted.iter().all(|other| other.id != step.id)).collect();
        wanted.extend(fresh);
    }
    false
}

fn what(operation: &Operation) -> String {
    match operation {
        Operation::Import { format } => format!("read {format}"),
        Operation::Simplify { passes, .. } => format!("run {} passes", passes.len()),
        Operation::Export { file, weights, .. } => match weights {
            Weights::Auto => format!("write {file}"),
            Weights::Beside { .. } => format!("write {file} and a file of weights"),
            Weights::InPlace => format!("write {file}, weights stay where they are"),
        },
        Operation::Parity { runtime, samples, .. } => format!("compare in {runtime}, {}", sampled(samples)),
        Operation::Package { target, name, .. } => format!("package '{name}' for {}", target.as_str()),
    }
}

fn sampled(samples: &SampleSpec) -> String {
    let made = match samples.bindings.len() {
        0 => "made samples".to_owned(),
        1 => "1 sample".to_owned(),
        n => format!("{n} samples"),
    };
    if samples.own { format!("{made} and your own") } else { made }
}

#[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
fn whole(count: u64) -> f64 {
    count as f64
}

/// Both ends, or one number where they read the same.
fn range(interval: &Interval, words: impl Fn(f64) -> String) -> String {
    let (low, high) = (words(interval.low), words(interval.high));
    if low == high { low } else { format!("{low} – {high}") }
}

/// Bytes with a decimal prefix.
fn bytes_in_words(bytes: f64) -> String {
    const UNITS: [(&str, f64); 4] = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    match UNITS.into_iter().find(|(_, size)| bytes >= *size) {
        Some((unit, size)) => format!("{} {unit}", short(bytes / size)),
        None if bytes == 0.0 => "none".to_owned(),
        None => format!("{bytes:.0} B"),
    }
}

fn seconds_in_words(seconds: f64) -> String {
    match seconds {
        s if s >= 7200.0 => format!("{} h", short(s / 3600.0)),
        s if s >= 120.0 => format!("{} min", short(s / 60.0)),
        s if s >= 1.0 => format!("{} s", short(s)),
        s => format!("{:.0} ms", s * 1e3),
    }
}

/// One digit after the point below ten, none above.
fn short(number: f64) -> String {
    let text = if number < 9.95 { format!("{number:.1}") } else { format!("{number:.0}") };
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.summary)?;
        if !self.steps.is_empty() {
            writeln!(f)?;
            table(f, &self.steps)?;
        }
        section(f, "why", self.reasons.iter().cloned())?;
        section(f, "also possible", self.alternatives.iter().map(|one| format!("{}; {}", one.summary, one.reason)))?;
        section(f, "rejected", self.rejected.iter().map(|one| format!("{}: {}", one.what, one.reason)))
    }
}

fn section(f: &mut fmt::Formatter<'_>, head: &str, lines: impl Iterator<Item = String>) -> fmt::Result {
    for (index, line) in lines.enumerate() {
        if index == 0 {
            writeln!(f, "\n{head}")?;
        }
        writeln!(f, "  {line}")?;
    }
    Ok(())
}

/// Columns as wide as their widest cell, two spaces between.
fn table(f: &mut fmt::Formatter<'_>, steps: &[ExplainedStep]) -> fmt::Result {
    let mut rows = vec![ExplainedStep::COLUMNS];
    rows.extend(steps.iter().map(ExplainedStep::cells));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 7] = std::array::from_fn(width);
    for row in &rows {
        let line: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        writeln!(f, "{}", line.join("  ").trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (bytes, words) in [(0.0, "none"), (999.0, "999 B"), (1500.0, "1.5 kB"), (99.0e6, "99 MB"), (2e9, "2 GB")] {
            assert_eq!(bytes_in_words(bytes), words);
        }
        for (seconds, words) in [(0.0, "0 ms"), (0.25, "250 ms"), (60.0, "60 s"), (600.0, "10 min"), (9000.0, "2.5 h")]
        {
            assert_eq!(seconds_in_words(seconds), words);
        }
    }
}
