//! The caller's own samples: arrays named like the model's inputs, cut to the batch that the model takes.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::error::{Classify, ErrorKind, Location};
use crate::ir::{Dim, Shape};
use crate::parity::samples::axis_name;
use crate::runtime::RuntimePort;
use crate::tensor::{DType, Data, Tensor};

/// The name of the array that holds the right answer for each row.
pub(super) const LABELS: &str = "labels";

/// Rows of one run where the batch is free: enough to keep a runtime busy, few enough to bound its memory.
const FREE_BATCH: u64 = 64;

/// Why the caller's samples do not fit the model.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum SamplesError {
    #[error("the samples have no array for input '{input}'; they have {}, name each array like its input", list(.found))]
    MissingInput { input: String, found: Vec<String> },
    #[error("array '{input}' is {found}, the model's input is {expected}; convert it before saving")]
    DType { input: String, found: DType, expected: String },
    #[error("array '{input}' has shape {found:?}, the model's input has {expected}")]
    Shape { input: String, found: Vec<u64>, expected: String },
    #[error("array '{input}' has {found} along '{symbol}', which is {expected} elsewhere in the samples")]
    Symbol { input: String, symbol: String, found: u64, expected: u64 },
    #[error(
        "array '{input}' has {rows} rows, the model takes {batch} at a time; give at least that many in each array"
    )]
    Rows { input: String, rows: u64, batch: u64 },
}

impl Classify for SamplesError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::InvalidArgument
    }

    fn location(&self) -> Location {
        Location::default()
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// The samples, found to fit the model, and how they are cut into runs.
pub(super) struct OwnSamples<'a> {
    arrays: Vec<(&'a str, &'a Tensor, bool)>,
    labels: Option<&'a Tensor>,
    /// The numbers that symbols stand for in the first run.
    pub(super) binding: BTreeMap<String, u64>,
    /// Rows, where all arrays with a batch axis agree on them.
    pub(super) rows: Option<u64>,
    batch: u64,
    /// The model takes exactly `batch` rows, not at most.
    exact: bool,
}

impl<'a> OwnSamples<'a> {
    /// Fits the arrays to the inputs.
    ///
    /// A model with a fixed batch runs on slices of that many rows. Where one symbol leads every input and output, it
    /// runs on slices of at most [`FREE_BATCH`]. All else runs at once.
    pub(super) fn fit(
        arrays: &'a BTreeMap<String, Tensor>,
        inputs: &'a [RuntimePort],
        outputs: &[RuntimePort],
    ) -> Result<Self, SamplesError> {
        let mut fitted = Vec::new();
        let mut binding = BTreeMap::new();
        let mut fixed: Option<(u64, u64)> = None; // rows and batch of the inputs that must be cut
        for port in inputs {
            let input = || port.name.clone();
            let Some(array) = arrays.get(&port.name) else {
                let found = arrays.keys().map(|name| format!("'{name}'")).collect();
                return Err(SamplesError::MissingInput { input: input(), found });
            };
            if port.ty.dtype() != Some(array.dtype) {
                let expected = port.ty.dtype().map_or_else(|| port.ty.to_string(), |dtype| dtype.to_string());
                return Err(SamplesError::DType { input: input(), found: array.dtype, expected });
            }
            let Some(shape) = port.ty.shape() else {
                fitted.push((port.name.as_str(), array, false));
                continue;
            };
            let misfit =
                || SamplesError::Shape { input: input(), found: array.dims.clone(), expected: shape.to_string() };
            if shape.dims.len() != array.dims.len() {
                return Err(misfit());
            }
            let mut cut = false;
            for (axis, (dim, &found)) in shape.dims.iter().zip(&array.dims).enumerate() {
                match dim.known() {
                    Some(expected) if expected == found => {}
                    Some(batch) if axis == 0 && batch > 0 => {
                        if found < batch || fixed.is_some_and(|(rows, other)| (rows, other) != (found, batch)) {
                            return Err(SamplesError::Rows { input: input(), rows: found, batch });
                        }
                        fixed = Some((found, batch));
                        cut = true;
                    }
                    Some(_) => return Err(misfit()),
                    None => {
                        let symbol = axis_name(&port.name, axis, dim).unwrap_or_default();
                        let expected = *binding.entry(symbol.clone()).or_insert(found);
                        if expected != found {
                            return Err(SamplesError::Symbol { input: input(), symbol, found, expected });
                        }
                    }
                }
            }
            fitted.push((port.name.as_str(), array, cut));
        }
        let labels = arrays.get(LABELS).filter(|_| inputs.iter().all(|port| port.name != LABELS));
        let mut samples = Self { arrays: fitted, labels, binding, rows: None, batch: u64::MAX, exact: false };
        if let Some((rows, batch)) = fixed {
            (samples.rows, samples.batch, samples.exact) = (Some(rows), batch, true);
        } else if let Some(symbol) = batch_symbol(inputs, outputs)
            && let Some(rows) = samples.binding.get_mut(symbol)
        {
            samples.rows = Some(*rows);
            samples.batch = FREE_BATCH;
            *rows = (*rows).min(FREE_BATCH);
            samples.arrays.iter_mut().for_each(|(_, _, cut)| *cut = true);
        } else {
            let mut leading = samples.arrays.iter().map(|(_, array, _)| array.dims.first().copied());
            let first = leading.next().flatten();
            samples.rows = first.filter(|_| leading.all(|rows| rows == first));
        }
        Ok(samples)
    }

    /// The rows of each run. The last one overlaps the one before where the batch is fixed and does not divide the rows.
    pub(super) fn runs(&self) -> Vec<Range<u64>> {
        let rows = self.rows.unwrap_or(0);
        let batch = self.batch.min(rows);
        let runs = rows.checked_div(batch).map_or(1, |_| rows.div_ceil(batch));
        let first = |run: u64| run.saturating_mul(batch);
        let start = |first: u64| if self.exact { first.min(rows.saturating_sub(batch)) } else { first };
        (0..runs).map(first).map(|first| start(first)..first.saturating_add(batch).min(rows)).collect()
    }

    /// The inputs of one run.
    pub(super) fn inputs(&self, rows: &Range<u64>) -> Vec<Tensor> {
        let named = |&(name, array, cut): &(&str, &Tensor, bool)| {
            let mut tensor = if cut { slice(array, rows) } else { array.clone() };
            tensor.name = Some(name.to_owned());
            tensor
        };
        self.arrays.iter().map(named).collect()
    }

    /// The label of each row, if there are labels for all of them.
    pub(super) fn labels(&self) -> Option<Vec<i64>> {
        let labels =
            self.labels.filter(|labels| labels.dims.len() == 1 && labels.dims.first().copied() == self.rows)?;
        let bytes = labels.to_le_bytes()?;
        Some(match labels.dtype {
            DType::Uint8 => bytes.iter().map(|&byte| byte.into()).collect(),
            DType::Int8 => bytes.iter().map(|&byte| byte.cast_signed().into()).collect(),
            DType::Int16 => bytes.as_chunks().0.iter().map(|word| i16::from_le_bytes(*word).into()).collect(),
            DType::Uint16 => bytes.as_chunks().0.iter().map(|word| u16::from_le_bytes(*word).into()).collect(),
            DType::Uint32 => bytes.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word).into()).collect(),
            _ => labels.to_i64s()?,
        })
    }
}

/// The symbol that leads every input and every output, if there is one.
fn batch_symbol<'p>(inputs: &'p [RuntimePort], outputs: &[RuntimePort]) -> Option<&'p str> {
    fn leading(port: &RuntimePort) -> Option<&str> {
        match port.ty.shape().map(|Shape { dims, .. }| dims.first()) {
            Some(Some(Dim::Symbol(symbol))) => Some(symbol),
            _ => None,
        }
    }
    let symbol = leading(inputs.first()?)?;
    inputs.iter().chain(outputs).all(|port| leading(port) == Some(symbol)).then_some(symbol)
}

/// Some rows of an array, shared and not copied.
fn slice(array: &Tensor, rows: &Range<u64>) -> Tensor {
    let total = array.dims.first().copied().unwrap_or(0);
    let mut dims = array.dims.clone();
    if let Some(first) = dims.first_mut() {
        *first = rows.end.saturating_sub(rows.start);
    }
    let per_row = |len: u64| len.checked_div(total).unwrap_or(0);
    let cut = |len: u64| rows.start.saturating_mul(per_row(len))..rows.end.saturating_mul(per_row(len));
    let data = match &array.data {
        Data::Strings(strings) => {
            let range = cut(strings.len() as u64);
            let range = usize::try_from(range.start).unwrap_or(0)..usize::try_from(range.end).unwrap_or(0);
            Data::Strings(strings.get(range).unwrap_or_default().to_vec())
        }
        Data::Raw(blob) => blob.slice(cut(blob.len())).map_or_else(|| array.data.clone(), Data::Raw),
        other => other.clone(),
    };
    Tensor { name: None, dtype: array.dtype, dims, data, notes: None }
}
