//! `NonMaxSuppression`.

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::call::{Call, Kernel};
use crate::ir::OpType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    matches!(op, OpType::NonMaxSuppression).then_some(non_max_suppression as Kernel)
}

/// Corners of a box, in order.
#[derive(Debug, Clone, Copy)]
struct Corners {
    low: [f32; 2],
    high: [f32; 2],
}

impl Corners {
    fn new(given: &[f32], by_center: bool) -> Option<Self> {
        let &[a, b, c, d] = given else { return None };
        Some(if by_center {
            // x and y of the center, width and height
            let (half_width, half_height) = (c / 2.0, d / 2.0);
            Self { low: [b - half_height, a - half_width], high: [b + half_height, a + half_width] }
        } else {
            // any pair of opposite corners
            Self { low: [a.min(c), b.min(d)], high: [a.max(c), b.max(d)] }
        })
    }

    fn area(&self) -> f32 {
        (self.high[0] - self.low[0]) * (self.high[1] - self.low[1])
    }

    /// True if the boxes share more than `most` of what they cover together.
    fn overlaps(&self, other: &Self, most: f32) -> bool {
        let side = |axis: usize| (self.high[axis].min(other.high[axis]) - self.low[axis].max(other.low[axis])).max(0.0);
        let shared = side(0) * side(1);
        let (own, others) = (self.area(), other.area());
        own > 0.0 && others > 0.0 && shared / (own + others - shared) > most
    }
}

fn non_max_suppression(call: &mut Call<'_, '_>) -> Result<()> {
    let (boxes, scores) = (call.array(0)?, call.array(1)?);
    let (&[batch, count, 4], &[score_batch, classes, score_count]) = (boxes.dims(), scores.dims()) else {
        return Err(call.misfit(format!("boxes {:?} and scores {:?}", boxes.dims(), scores.dims())));
    };
    if batch != score_batch || count != score_count {
        return Err(call.misfit(format!("boxes {:?} and scores {:?}", boxes.dims(), scores.dims())));
    }
    let (Some(box_items), Some(score_items)) = (boxes.items::<f32>(), scores.items::<f32>()) else {
        return Err(call.unknown_type(boxes.dtype()));
    };
    let most = usize::try_from(call.int_at(2)?.unwrap_or(0).max(0)).unwrap_or(usize::MAX);
    let number = |index: usize| -> Result<Option<f32>> {
        let Some(array) = call.optional(index)? else { return Ok(None) };
        let only = array.items::<f32>().and_then(<[f32]>::first).copied();
        only.map(Some).ok_or_else(|| call.misfit(format!("input {index} is not one float")))
    };
    let (overlap, least) = (number(3)?.unwrap_or(0.0), number(4)?);
    let by_center = call.flag("center_point_box");
    let mut selected: Vec<i64> = Vec::new();
    let mut done = 0;
    for sample in 0..batch {
        let corners: Option<Vec<Corners>> = box_items[sample * count * 4..][..count * 4]
            .chunks(4)
            .map(|given| Corners::new(given, by_center))
            .collect();
        let corners = corners.unwrap_or_default();
        for class in 0..classes {
            let scores = &score_items[(sample * classes + class) * count..][..count];
            let mut order: Vec<usize> = (0..count).filter(|&at| least.is_none_or(|least| scores[at] > least)).collect();
            order.sort_by(|&one, &other| scores[other].total_cmp(&scores[one]));
            let mut kept: Vec<usize> = Vec::new();
            for candidate in order {
                if kept.len() >= most {
                    break;
                }
                done += 1;
                call.cx.tick("evaluate", done, 0)?;
                if !kept.iter().any(|&kept| corners[kept].overlaps(&corners[candidate], overlap)) {
                    kept.push(candidate);
                }
            }
            let signed = |number: usize| (number as u64).cast_signed();
            kept.iter().for_each(|&place| selected.extend([signed(sample), signed(class), signed(place)]));
        }
    }
    let dims = vec![selected.len() / 3, 3];
    let array = Array::new(dims, selected).ok_or_else(|| call.misfit("indices of that shape"))?;
    call.give(0, array);
    Ok(())
}
