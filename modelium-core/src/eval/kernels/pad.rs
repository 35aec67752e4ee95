//! Pad.

use crate::error::Result;
use crate::eval::array::map_buffer;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::constant::nothing;
use crate::eval::kernels::pick::{Along, pick};
use crate::eval::kernels::shape::ints;
use crate::eval::number::rounded;
use crate::ir::OpType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    matches!(op, OpType::Pad).then_some(pad as Kernel)
}

/// What stands beyond the border.
#[derive(Clone, Copy)]
enum Mode {
    Constant,
    Reflect,
    Edge,
    Wrap,
}

fn pad(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let rank = array.rank();
    let mode = match call.str("mode") {
        None | Some("constant") => Mode::Constant,
        Some("reflect") => Mode::Reflect,
        Some("edge") => Mode::Edge,
        Some("wrap") => Mode::Wrap,
        Some(mode) => return Err(call.misfit(format!("mode '{mode}', expected constant, reflect, edge or wrap"))),
    };
    let given = match call.opset {
        ..2 => call.ints("paddings").map(<[i64]>::to_vec),
        2..11 => call.ints("pads").map(<[i64]>::to_vec),
        _ => Some(ints(call, 1)?),
    };
    let given = given.ok_or_else(|| call.misfit("pads are left out"))?;
    let axes = match call.ints_at(3)? {
        Some(axes) => axes.iter().map(|&axis| call.axis(axis, rank)).collect::<Result<Vec<_>>>()?,
        None => (0..rank).collect(),
    };
    if given.len() != axes.len() * 2 {
        return Err(call.misfit(format!("{} pads for {} axes", given.len(), axes.len())));
    }
    let mut pads = vec![(0, 0); rank];
    for (index, &axis) in axes.iter().enumerate() {
        pads[axis] = (given[index], given[index + axes.len()]);
    }
    let fill = match call.optional(2)? {
        Some(value) if value.len() == 1 && value.dtype() == array.dtype() => value.into_buffer(),
        Some(value) if !value.is_empty() => {
            let (held, dtype) = (value.len(), value.dtype());
            return Err(call.misfit(format!("constant_value is {held} of {dtype}, expected one {}", array.dtype())));
        }
        _ => match call.float("value") {
            Some(value) => rounded(array.dtype(), vec![f64::from(value)]).unwrap_or_else(|| nothing(array.dtype())),
            None => nothing(array.dtype()),
        },
    };
    let mut dims = Vec::with_capacity(rank);
    for (&dim, &(before, after)) in array.dims().iter().zip(&pads) {
        let padded = i128::try_from(dim).unwrap_or(i128::MAX / 2) + i128::from(before) + i128::from(after);
        let length =
            usize::try_from(padded).map_err(|_| call.misfit(format!("pads of {before} and {after} around {dim}")))?;
        dims.push(length);
    }
    let count = call.room(array.dtype(), &dims)?;
    let mut along = Vec::with_capacity(rank);
    for (axis, &length) in dims.iter().enumerate().filter(|_| count > 0) {
        let (dim, (before, after)) = (array.dims()[axis], pads[axis]);
        if (before, after) == (0, 0) {
            along.push(Along::All);
            continue;
        }
        let positions = positions(mode, dim, before, after, length);
        along.push(Along::Some(positions.ok_or_else(|| call.misfit(format!("axis {axis} has nothing to repeat")))?));
    }
    let buffer = map_buffer!(array.buffer(), items => match fill.codes() {
        Some([fill]) if count > 0 => pick(items, array.dims(), &along, fill),
        _ => Vec::new(),
    });
    call.give_array(0, dims, buffer)
}

/// What each position of a padded axis repeats. Negative pads crop first; what is left is repeated.
fn positions(mode: Mode, dim: usize, before: i64, after: i64, length: usize) -> Option<Vec<Option<usize>>> {
    let dim = i64::try_from(dim).ok()?;
    let (low, high) = (before.min(0).checked_neg()?, dim.checked_add(after.min(0))?);
    let left = high.checked_sub(low)?;
    let position = |index: usize| -> Option<Option<usize>> {
        // relative to what is left
        let at = i64::try_from(index).ok()?.checked_sub(before.max(0))?;
        let inside = (0..left).contains(&at);
        let at = match mode {
            _ if inside => at,
            Mode::Constant => return Some(None),
            _ if left <= 0 => return None,
            Mode::Edge => at.clamp(0, left - 1),
            Mode::Wrap => at.rem_euclid(left),
            Mode::Reflect if left == 1 => 0,
            Mode::Reflect => {
                let period = 2 * (left - 1);
                let at = at.rem_euclid(period);
                at.min(period - at)
            }
        };
        let at = low.checked_add(at)?;
        Some(usize::try_from(at).ok().filter(|_| at < dim))
    };
    (0..length).map(position).collect()
}
