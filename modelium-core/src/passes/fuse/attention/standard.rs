//! Attention as the standard operator, which opset 23 has.
//!
//! A row that is masked as a whole is where runtimes differ. The steps make the mean of all values of it if the mask is a
//! large number, because that swallows the scores; ONNX Runtime's operator makes zeros if the number is the least float32,
//! and the steps' mean if it is a little above. So where each element of the bias is moderate or exactly one large number,
//! that number becomes [`SWALLOWS`], which swallows the scores as well. If it is minus infinity the steps make NaN, and
//! where a guard makes zeros of those, it does the same to what the operator gives, NaN or zeros.

use crate::ir::{OpType, ValueId};
use crate::passes::fuse::flow;
use crate::passes::{Level, Pass, Patch, Site, View};

use super::Found;
use super::plan::{Group, Plan};
use super::reach::{Reach, SWALLOWS};

/// Fuses attention into the standard `Attention` of `[batch, rows, heads · size]` or `[batch, heads, rows, size]`; keys and
/// values that are repeated for several heads of queries go in once.
pub(in crate::passes) struct FuseStandardAttention;

impl Pass for FuseStandardAttention {
    fn name(&self) -> &'static str {
        "fuse_standard_attention"
    }

    fn about(&self) -> &'static str {
        "fuse scores, softmax and weighted sum into the standard Attention (opset 23)"
    }

    fn waits(&self, site: &Site<'_>) -> bool {
        site.opset >= 23 // which of several ways is best is a matter of what goes
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        // where ONNX Runtime's own operator is allowed, its pass decides
        if view.site.level > Level::Portable {
            return Vec::new();
        }
        super::all(view).filter_map(|found| lay(view, &found, &plan(view, &found)?)).chain(again(view)).collect()
    }
}

/// Operators that stand there already, in shapes that leave fewer nodes.
pub(super) fn again<'v>(view: &'v View<'_>) -> impl Iterator<Item = Patch> + 'v {
    super::standing(view).filter_map(|found| lay(view, &found, &best(view, &found, (None, None), 1)?))
}

/// The plan that leaves the fewest nodes, if one leaves no more than there are.
pub(super) fn plan(view: &View<'_>, found: &Found) -> Option<Plan> {
    if view.opset() < 23 || !flow::is_float32(view, found.queries.first()?.value) {
        return None;
    }
    let reach = Reach::of(view, &found.biases).filter(|reach| reach.is_moderate())?;
    let (floor, guard) = match reach.low() {
        None => (None, None),
        Some(low) if low.is_finite() => (Some(SWALLOWS), None),
        Some(_) => (None, Some(found.guard?)),
    };
    best(view, found, (floor, guard), 0)
}

/// The plan that leaves the fewest nodes, at least so many fewer than there are, with what it takes for its bias.
fn best(view: &View<'_>, found: &Found, (floor, guard): (Option<f64>, Option<ValueId>), least: i64) -> Option<Plan> {
    let groups = [Group::few(view, found), Some(Group::whole(found))];
    let plans = groups.iter().flatten().flat_map(|group| {
        [Plan::packed(view, found, group, false), Plan::by_heads(view, found, group)].into_iter().flatten()
    });
    // the root of the scale is taken
    let plans = plans.map(|plan| plan.above(floor).guarded(guard)).filter(|plan| plan.scale > 0.0);
    let mut best: Option<(i64, Plan)> = None;
    for plan in plans {
        let gain = plan.gain(view);
        if gain >= best.as_ref().map_or(least, |(best, _)| best + 1) {
            best = Some((gain, plan));
        }
    }
    best.map(|(_, plan)| plan)
}

/// The operator. Packed tensors need the numbers of heads.
pub(super) fn lay(view: &View<'_>, found: &Found, plan: &Plan) -> Option<Patch> {
    let mut attributes = vec![flow::float("scale", plan.scale)];
    if plan.packed {
        let number = |heads: u64| i64::try_from(heads).ok();
        attributes.push(flow::int("q_num_heads", number(found.heads)?));
        attributes.push(flow::int("kv_num_heads", number(plan.heads)?));
    }
    attributes.extend(found.rest.iter().cloned());
    plan.lay(view, OpType::Attention, attributes, 3)
}
