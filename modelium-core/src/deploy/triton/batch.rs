//! Proves that the first axis is a batch axis: rows go in together and come out as if they had gone in alone.
//!
//! The model runs on single rows, on two rows and on the maximum. A reduction over the first axis, a normalisation over
//! the batch or a sequence that runs along it computes other numbers for the same row, and the batch is refused.

mod sample;

use std::collections::{BTreeMap, BTreeSet};

use crate::context::Context;
use crate::descriptor::Dimension;
use crate::error::{Error, ErrorKind, Result};
use crate::finding::{Finding, Severity};
use crate::plan::DimRange;
use crate::runtime::Session;
use crate::tensor::{Data, Tensor};

use super::signature::{Port, Signature};
use sample::{Values, row_difference};

/// Sizes tried for dimensions that nobody bound, until the model runs: rows of a small matrix, of a feature map, of an
/// image, and one.
const FREE_SIZES: [u64; 4] = [16, 64, 224, 1];
/// Rows of the largest batch that are compared with their single runs.
const COMPARED_ROWS: u64 = 8;
/// Bytes of all inputs of one run; the largest batch is made smaller to keep to it.
const MAX_INPUT_BYTES: u64 = 1 << 30;

/// What running the model showed.
#[derive(Debug)]
pub(super) struct Outcome {
    /// 0 if the model does not batch.
    pub(super) max_batch_size: u32,
    pub(super) findings: Vec<Finding>,
    /// For each input its dimensions, without the batch axis if the model batches, at which it ran on zeros.
    pub(super) warmup: Option<Vec<Vec<u64>>>,
}

/// What the caller wants and knows.
pub(super) struct Wish<'a> {
    pub(super) max_batch_size: u32,
    /// Take the batch axis for granted where no runtime can prove it.
    pub(super) trust: bool,
    pub(super) dims: &'a BTreeMap<String, DimRange>,
    pub(super) warmup: bool,
    /// Why the runtime that is here does not know how to run the model.
    pub(super) unknown: Option<Error>,
}

/// What helps where a runtime does not know how to run the model.
const ANOTHER_RUNTIME: &str = "render it where ONNX Runtime is installed (`pip install onnxruntime`)";

/// Finds out whether the model batches, and on what it can be warmed up.
pub(super) fn prove(
    signature: &Signature,
    session: Option<&mut (dyn Session + 'static)>,
    wish: &Wish<'_>,
    cx: &Context,
) -> Result<Outcome> {
    let mut findings = Vec::new();
    let wanted = wish.max_batch_size;
    let mut batches = wanted > 0;
    if let Err(reason) = candidate(signature) {
        if batches {
            findings.push(no_batch(Severity::Note, "triton.no_batch_axis", &reason).remedy(
                "export the model with one symbolic first dimension on all inputs and outputs to let Triton batch requests",
            ));
        }
        batches = false;
    }
    let Some(session) = session else {
        let mut max_batch_size = 0;
        if batches && wish.trust {
            max_batch_size = wanted;
            let message = "the first axis is taken for a batch axis without proof, as asked";
            findings.push(Finding::new("triton.batch_unproven", Severity::Warning, message));
        } else if batches {
            let (reason, remedy) = if let Some(error) = &wish.unknown {
                (error.to_string(), ANOTHER_RUNTIME)
            } else {
                let reason = "no runtime is there to prove that the first axis is a batch axis";
                (reason.to_owned(), "give a runtime, or ask to trust the axis")
            };
            findings.push(no_batch(Severity::Warning, "triton.batch_unproven", &reason).remedy(remedy));
        }
        let warmup = fixed_rows(signature, max_batch_size > 0, wish);
        return Ok(Outcome { max_batch_size, findings, warmup });
    };
    let mut trial =
        Trial { signature, session, cx, batches, rows: Vec::new(), values: Values::Small, singles: BTreeMap::new() };
    let mut max_batch_size = 0;
    let started = trial.start(wish.dims)?;
    if let Err(error) = started {
        let reason = format!("the model does not run on generated inputs: {error}");
        if batches {
            let remedy = match error.kind() {
                ErrorKind::Unsupported => ANOTHER_RUNTIME,
                _ => "bind the symbolic dimensions to sizes that the model accepts",
            };
            findings.push(no_batch(Severity::Warning, "triton.batch_unproven", &reason).remedy(remedy));
        }
        if wish.warmup {
            findings.push(Finding::new("triton.warmup_left_out", Severity::Note, format!("no warmup: {reason}")));
        }
        return Ok(Outcome { max_batch_size: 0, findings, warmup: None });
    }
    if batches {
        match trial.largest_batch(wanted)? {
            Ok(Batch { size, smaller }) => {
                max_batch_size = size;
                if let Some(reason) = smaller {
                    let message = format!("max_batch_size is {size} instead of {wanted}: {reason}");
                    findings.push(Finding::new("triton.max_batch_reduced", Severity::Warning, message));
                }
            }
            Err(Refusal { code, reason }) => {
                let remedy =
                    "serve it unbatched, as rendered, or change the model so that rows do not depend on each other";
                findings.push(no_batch(Severity::Warning, code, &reason).remedy(remedy));
            }
        }
        if max_batch_size == 0 {
            // from here on the first axis is one like the others
            trial.batches = false;
            for row in &mut trial.rows {
                row.insert(0, 1);
            }
        }
    }
    findings.extend(trial.undeclared_shapes()?);
    let mut warmup = None;
    if wish.warmup {
        trial.values = Values::Zero;
        match trial.run(&[0]) {
            Ok(_) => warmup = Some(trial.rows),
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => {
                let message = format!("no warmup: the model does not run on zeros: {error}");
                findings.push(Finding::new("triton.warmup_left_out", Severity::Note, message));
            }
        }
    }
    Ok(Outcome { max_batch_size, findings, warmup })
}

fn no_batch(severity: Severity, code: &'static str, reason: &str) -> Finding {
    Finding::new(code, severity, format!("max_batch_size is 0: {reason}"))
}

/// Whether the declared shapes allow a batch axis at all.
fn candidate(signature: &Signature) -> Result<(), String> {
    let mut leading = BTreeSet::new();
    for (role, ports) in [("input", &signature.inputs), ("output", &signature.outputs)] {
        for port in ports {
            match port.shape.first() {
                None => return Err(format!("{role} '{}' is a scalar", port.name)),
                Some(Dimension::Known(size)) => {
                    return Err(format!("the first dimension of {role} '{}' is fixed to {size}", port.name));
                }
                Some(Dimension::Symbol(symbol)) => {
                    leading.insert(symbol);
                }
                Some(Dimension::Unknown) => {}
            }
        }
    }
    for port in signature.inputs.iter().chain(&signature.outputs) {
        for dimension in port.shape.iter().skip(1) {
            if let Dimension::Symbol(symbol) = dimension
                && leading.contains(symbol)
            {
                return Err(format!("'{symbol}' is the first dimension and also an inner one of '{}'", port.name));
            }
        }
    }
    Ok(())
}

/// The dimensions of each input where all are known or bound: what a warmup needs when nothing can be run.
fn fixed_rows(signature: &Signature, batches: bool, wish: &Wish<'_>) -> Option<Vec<Vec<u64>>> {
    if !wish.warmup {
        return None;
    }
    signature.inputs.iter().map(|port| bind(port, batches, wish.dims, None)).collect()
}

/// Numbers for the dimensions of an input; `free` for those that nobody bound.
fn bind(port: &Port, batches: bool, bound: &BTreeMap<String, DimRange>, free: Option<u64>) -> Option<Vec<u64>> {
    let size = |dimension: &Dimension| match dimension {
        Dimension::Known(size) => Some(*size),
        Dimension::Symbol(name) => bound.get(name).map(|range| range.max).or(free),
        Dimension::Unknown => free,
    };
    port.shape.iter().skip(usize::from(batches)).map(size).collect()
}

/// Runs of one model.
struct Trial<'a> {
    signature: &'a Signature,
    session: &'a mut (dyn Session + 'static),
    cx: &'a Context,
    /// The first axis of each input counts rows.
    batches: bool,
    /// For each input the dimensions of one row.
    rows: Vec<Vec<u64>>,
    values: Values,
    /// The outputs of rows that ran alone.
    singles: BTreeMap<u64, Vec<Tensor>>,
}

/// The largest batch that holds.
struct Batch {
    size: u32,
    /// Why it is smaller than wanted.
    smaller: Option<String>,
}

/// Why the first axis is no batch axis.
struct Refusal {
    code: &'static str,
    reason: String,
}

impl Trial<'_> {
    /// Finds sizes and values on which one row runs. The inner error is the first that the runtime gave.
    fn start(&mut self, bound: &BTreeMap<String, DimRange>) -> Result<Result<(), Error>> {
        let mut first = None;
        let mut seen = BTreeSet::new();
        for free in FREE_SIZES {
            let rows = self.signature.inputs.iter().map(|port| bind(port, self.batches, bound, Some(free)));
            self.rows = rows.map(Option::unwrap_or_default).collect();
            if !seen.insert(self.rows.clone()) {
                continue;
            }
            for values in [Values::Small, Values::Bits] {
                self.values = values;
                match self.run(&[0]) {
                    Ok(outputs) => {
                        self.singles.insert(0, outputs);
                        return Ok(Ok(()));
                    }
                    Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
                    // other sizes do not teach a runtime what it does not know
                    Err(error) if error.kind() == ErrorKind::Unsupported => return Ok(Err(error)),
                    Err(error) => _ = first.get_or_insert(error),
                }
            }
        }
        Ok(Err(first.unwrap_or_else(|| Error::internal("no sizes to try"))))
    }

    /// Runs the rows of these numbers together.
    fn run(&mut self, rows: &[u64]) -> Result<Vec<Tensor>> {
        self.cx.tick("deploy", 0, 0)?;
        let inputs = self.signature.inputs.iter().zip(&self.rows).enumerate();
        let inputs: Option<Vec<_>> = inputs
            .map(|(index, (port, row))| sample::tensor(port, row, self.batches.then_some(rows), index, self.values))
            .collect();
        let Some(inputs) = inputs else {
            return Err(Error::new(ErrorKind::LimitExceeded, "the inputs of one run do not fit into memory"));
        };
        let outputs = self.session.run(&inputs, self.cx)?;
        if outputs.len() == self.signature.outputs.len() {
            return Ok(outputs);
        }
        let (found, expected) = (outputs.len(), self.signature.outputs.len());
        Err(Error::new(ErrorKind::Backend, format!("the runtime gave {found} outputs, the model has {expected}")))
    }

    /// The largest size up to `wanted` at which all rows come out as alone; halved while the runtime refuses it.
    fn largest_batch(&mut self, wanted: u32) -> Result<Result<Batch, Refusal>> {
        if let Err(refusal) = self.holds(2)? {
            return Ok(Err(refusal));
        }
        let mut size = wanted;
        let mut smaller = None;
        let row_bytes = self.input_bytes();
        if let Some(fitting) = MAX_INPUT_BYTES.checked_div(row_bytes).and_then(|rows| u32::try_from(rows.max(1)).ok())
            && fitting < size
        {
            size = fitting;
            smaller =
                Some(format!("one row of all inputs takes {row_bytes} bytes, and {MAX_INPUT_BYTES} are tried at most"));
        }
        while size > 2 {
            match self.holds(u64::from(size))? {
                Ok(()) => break,
                Err(Refusal { code: "triton.batch_unproven", reason }) => {
                    size /= 2;
                    smaller.get_or_insert(reason);
                }
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        Ok(Ok(Batch { size, smaller }))
    }

    /// Compares a batch of `size` rows with single runs of some of them.
    fn holds(&mut self, size: u64) -> Result<Result<(), Refusal>> {
        let refuse = |code, reason| Ok(Err(Refusal { code, reason }));
        let numbers: Vec<u64> = (0..size).collect();
        let whole = match self.run(&numbers) {
            Ok(outputs) => outputs,
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => {
                return refuse("triton.batch_unproven", format!("the model does not run on {size} rows: {error}"));
            }
        };
        for row in compared(size) {
            if !self.singles.contains_key(&row) {
                match self.run(&[row]) {
                    Ok(outputs) => _ = self.singles.insert(row, outputs),
                    Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
                    Err(error) => {
                        let reason = format!("the model does not run on row {row} alone: {error}");
                        return refuse("triton.batch_unproven", reason);
                    }
                }
            }
            let Some(single) = self.singles.get(&row) else { continue };
            for (port, (single, whole)) in self.signature.outputs.iter().zip(single.iter().zip(&whole)) {
                if let Err(reason) = same_row(single, whole, row, size) {
                    return refuse("triton.batch_disproved", format!("output '{}' {reason}", port.name));
                }
            }
        }
        Ok(Ok(()))
    }

    /// Bytes of one row of all inputs.
    fn input_bytes(&self) -> u64 {
        let bytes = |(port, row): (&Port, &Vec<u64>)| {
            let elements = row.iter().try_fold(1_u64, |product, &size| product.checked_mul(size))?;
            port.dtype.bytes_for(elements).or(Some(elements))
        };
        let mut rows = self.signature.inputs.iter().zip(&self.rows).map(bytes);
        rows.try_fold(0_u64, |sum, bytes| sum.checked_add(bytes?)).unwrap_or(u64::MAX)
    }

    /// Outputs whose real shape contradicts the declared one: clients that trust the config would misread them.
    fn undeclared_shapes(&self) -> Result<Vec<Finding>> {
        let Some(outputs) = self.singles.get(&0) else { return Ok(Vec::new()) };
        let mut findings = Vec::new();
        for (port, output) in self.signature.outputs.iter().zip(outputs) {
            self.cx.tick("deploy", 0, 0)?;
            let fits = port.shape.len() == output.dims.len()
                && port.shape.iter().zip(&output.dims).all(|(declared, real)| match declared {
                    Dimension::Known(size) => size == real,
                    _ => true,
                });
            if !fits || port.dtype != output.dtype {
                let declared = port.dims(false);
                let declared: Vec<_> =
                    declared.iter().map(|dim| dim.map_or_else(|| "-1".to_owned(), |dim| dim.to_string())).collect();
                let message = format!(
                    "output '{}' is declared {}[{}] and came out as {}{:?}",
                    port.name,
                    port.dtype,
                    declared.join(", "),
                    output.dtype,
                    output.dims
                );
                let remedy = "export the model with the shape that it really gives";
                findings.push(Finding::new("triton.output_shape_differs", Severity::Warning, message).remedy(remedy));
            }
        }
        Ok(findings)
    }
}

/// Some rows of a batch, the first and the last among them.
fn compared(size: u64) -> BTreeSet<u64> {
    let count = size.min(COMPARED_ROWS);
    let last = size.saturating_sub(1);
    let steps = count.saturating_sub(1).max(1);
    (0..count).filter_map(|step| step.checked_mul(last)?.checked_div(steps)).collect()
}

/// Whether row `row` of a batch is what it was alone.
fn same_row(single: &Tensor, whole: &Tensor, row: u64, size: u64) -> Result<(), String> {
    let shape = |leading: u64| format!("{:?} for {leading} rows", whole.dims);
    let (Some((&leading, rest)), Some((&one, alone))) = (whole.dims.split_first(), single.dims.split_first()) else {
        return Err("is a scalar".to_owned());
    };
    if leading != size {
        return Err(format!("has shape {}", shape(size)));
    }
    if one != 1 || rest != alone {
        return Err(format!("has shape {:?} for one row and {}", single.dims, shape(size)));
    }
    let range = |bytes: usize| {
        let start = usize::try_from(row).ok()?.checked_mul(bytes)?;
        Some(start..start.checked_add(bytes)?)
    };
    let difference = if let (Data::Strings(alone), Data::Strings(all)) = (&single.data, &whole.data) {
        let part = range(alone.len()).and_then(|range| all.get(range));
        (part != Some(alone)).then(|| "a string".to_owned())
    } else {
        let (Some(alone), Some(all)) = (single.to_le_bytes(), whole.to_le_bytes()) else {
            return Err("has no elements to compare".to_owned());
        };
        let Some(part) = range(alone.len()).and_then(|range| all.get(range)) else {
            return Err(format!("has {} bytes for {size} rows and {} for one", all.len(), alone.len()));
        };
        row_difference(single.dtype, &alone, part)
    };
    match difference {
        None => Ok(()),
        Some(by) => Err(format!("of row {row} differs by {by} between a batch of {size} and the row alone")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_row_are_among_the_compared() {
        assert_eq!(compared(2).into_iter().collect::<Vec<_>>(), [0, 1]);
        let rows = compared(32);
        assert_eq!((rows.len(), rows.first(), rows.last()), (8, Some(&0), Some(&31)));
    }
}
