//! Attention as ONNX Runtime's own operator.
//!
//! Not as `GroupQueryAttention`, though it has keys and values that several heads of queries share: it looks at no column
//! behind a row's own, before the attribute `causal` came in the newest versions, which the ones before refuse. A mask that
//! says the same is not enough. A row that is masked as a whole, as the first ones of a padded sentence are, gives the mean
//! of all values in the steps and the mean of the columns up to its own there, and no data flow tells that the caller's
//! mask leaves none such. From opset 23 on the standard `Attention` does what is wanted.

use crate::ir::OpType;
use crate::passes::fuse::flow;
use crate::passes::{Level, Pass, Patch, Site, View};

use super::plan::{Group, Plan};
use super::reach::Reach;
use super::{Found, standard};

/// Fuses attention into `com.microsoft.MultiHeadAttention`; into the standard `Attention` where that leaves fewer nodes,
/// because its keys and values can be those that several heads of queries share.
///
/// Queries go in as `[batch, rows, heads · size]`; keys and values likewise where they come so, else as
/// `[batch, heads, rows, size]`. Past keys and values that are put in front of new ones go in as `past_key` and `past_value`.
pub(in crate::passes) struct FuseAttention;

impl Pass for FuseAttention {
    fn name(&self) -> &'static str {
        "fuse_attention"
    }

    fn about(&self) -> &'static str {
        "fuse scores, softmax and weighted sum into ONNX Runtime's MultiHeadAttention"
    }

    fn level(&self) -> Level {
        Level::OnnxRuntime
    }

    fn waits(&self, site: &Site<'_>) -> bool {
        site.opset >= 23 // which of several ways is best is a matter of what goes
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        super::all(view).filter_map(|found| patch(view, &found)).chain(standard::again(view)).collect()
    }
}

fn patch(view: &View<'_>, found: &Found) -> Option<Patch> {
    if !flow::is_float32(view, found.queries.first()?.value) {
        return None;
    }
    let plan = plan(view, found);
    if let Some(standard) = standard::plan(view, found).filter(|standard| standard.heads < found.heads)
        && plan.as_ref().is_none_or(|plan| plan.gain(view) < standard.gain(view))
    {
        return standard::lay(view, found, &standard);
    }
    let plan = plan?;
    let attributes = [flow::int("num_heads", i64::try_from(found.heads).ok()?), flow::float("scale", plan.scale)];
    plan.lay(view, OpType::new("com.microsoft", "MultiHeadAttention"), attributes.into(), 5)
}

fn plan(view: &View<'_>, found: &Found) -> Option<Plan> {
    let finite = Reach::of(view, &found.biases).is_some_and(Reach::is_finite);
    let plan = Plan::packed(view, found, &Group::whole(found), true)?.guarded(found.guard.filter(|_| !finite));
    (plan.gain(view) >= 0).then_some(plan)
}
