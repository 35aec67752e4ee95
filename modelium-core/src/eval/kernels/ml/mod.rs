//! Operators of `ai.onnx.ml`: classic models and the features they read.
//!
//! Numbers are computed as `f64` and stored as the specification says. Rows are samples; a tensor of one axis is one row.

mod features;
mod labels;
mod linear;
mod maps;
mod post;
mod svm;
mod trees;

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::constant::stored;
use crate::eval::kernels::strings::attribute_strings;
use crate::ir::{AttributeValue, OpType};

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    [features::kernel, labels::kernel, maps::kernel, linear::kernel, svm::kernel, trees::kernel]
        .iter()
        .find_map(|family| family(op))
}

/// Samples by features.
struct Matrix {
    rows: usize,
    columns: usize,
    items: Vec<f64>,
}

impl Matrix {
    /// Each sample's features.
    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        (0..self.rows).map(|row| &self.items[row * self.columns..(row + 1) * self.columns])
    }
}

/// Input 0 as samples by features.
fn matrix(call: &Call<'_, '_>) -> Result<Matrix> {
    let array = call.array(0)?;
    let (rows, columns) = match *array.dims() {
        [] => (1, 1),
        [columns] => (1, columns),
        [rows, columns] => (rows, columns),
        _ => return Err(call.misfit(format!("a tensor of rank {}, expected 1 or 2", array.rank()))),
    };
    call.room(crate::tensor::DType::Float64, array.dims())?;
    let items = array.to_f64s().ok_or_else(|| call.unknown_type(array.dtype()))?;
    Ok(Matrix { rows, columns, items })
}

/// Numbers of an attribute that is a list of floats, or of the tensor that stands for it since version 3.
fn reals(call: &Call<'_, '_>, name: &str) -> Result<Vec<f64>> {
    if let Some(floats) = call.floats(name) {
        return Ok(floats.iter().map(|&float| f64::from(float)).collect());
    }
    for name in [name.to_owned(), format!("{name}_as_tensor")] {
        if let Some(AttributeValue::Tensor(tensor)) = call.attribute(&name) {
            let array = stored(call, tensor)?;
            return array.to_f64s().ok_or_else(|| call.unknown_type(array.dtype()));
        }
    }
    Ok(Vec::new())
}

/// The names of classes, one for each.
enum Classes {
    Strings(Vec<bytes::Bytes>),
    Integers(Vec<i64>),
}

impl Classes {
    /// The names that two attributes give; strings win.
    fn of(call: &Call<'_, '_>, strings: &str, integers: &str) -> Self {
        match attribute_strings(call, strings) {
            Some(strings) if !strings.is_empty() => Self::Strings(strings.to_vec()),
            _ => Self::Integers(call.ints(integers).unwrap_or_default().to_vec()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Strings(names) => names.len(),
            Self::Integers(names) => names.len(),
        }
    }

    /// The names of these classes; a class without one goes by its number.
    fn named(&self, classes: &[usize]) -> Array {
        match self {
            Self::Strings(names) => {
                let name = |&class: &usize| names.get(class).cloned().unwrap_or_else(|| class.to_string().into());
                Array::list(classes.iter().map(name).collect::<Vec<_>>())
            }
            Self::Integers(names) => {
                let name = |&class: &usize| names.get(class).copied().unwrap_or((class as u64).cast_signed());
                Array::list(classes.iter().map(name).collect::<Vec<_>>())
            }
        }
    }
}

/// Gives scores, a row for each sample, as the operators' `float` outputs.
fn give_scores(call: &mut Call<'_, '_>, index: usize, scores: &[Vec<f64>]) -> Result<()> {
    let columns = scores.first().map_or(0, Vec::len);
    #[expect(clippy::cast_possible_truncation, reason = "the output is of floats")]
    let items = scores.iter().flatten().map(|&score| score as f32).collect();
    let array = Array::new::<f32>(vec![scores.len(), columns], items);
    call.give(index, array.ok_or_else(|| call.misfit("scores of different lengths"))?);
    Ok(())
}
