//! Attention as the standard operator, which opset 23 has.

use crate::ir::{Dim, OpType, ValueId};
use crate::passes::fuse::flow;
use crate::passes::{Level, Pass, Patch, View};

use super::source::{self, Way};
use super::{Found, bias};

/// Fuses attention into the standard `Attention` of `[batch, heads, rows, size]`; keys and values that are repeated for
/// several heads of queries go in once.
pub(in crate::passes) struct FuseStandardAttention;

impl Pass for FuseStandardAttention {
    fn name(&self) -> &'static str {
        "fuse_standard_attention"
    }

    fn about(&self) -> &'static str {
        "fuse scores, softmax and weighted sum into the standard Attention (opset 23)"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        // where ONNX Runtime's own operator is allowed, it takes over
        if view.opset() < 23 || view.site.level > Level::Portable {
            return Vec::new();
        }
        super::all(view).filter_map(|found| patch(view, &found)).collect()
    }
}

fn patch(view: &View<'_>, found: &Found) -> Option<Patch> {
    if !flow::is_float32(view, found.queries.first()?.value) || !bias::is_moderate(view, &found.biases) {
        return None; // what a row gives that is masked as a whole is not the same everywhere: zero, or the mean
    }
    let queries = source::heads_first(view, &found.queries)?;
    let (mut keys, mut values) = (source::heads_first(view, &found.keys)?, source::heads_first(view, &found.values)?);
    if let (Some(one), Some(other)) =
        (unrepeated(view, keys.from, found.heads), unrepeated(view, values.from, found.heads))
        && view.dims(one)?.get(1) == view.dims(other)?.get(1)
        && keys.through.is_empty()
        && values.through.is_empty()
    {
        (keys.from, values.from) = (one, other);
    }
    let bias = bias::of(view, found)?;
    let taken = [&queries, &keys, &values].into_iter().map(Way::cost).sum::<usize>()
        + bias.as_ref().map_or(0, bias::Bias::cost)
        + 1;
    let spared = [&queries, &keys, &values].into_iter().map(|way| way.spared.len()).sum::<usize>();
    if taken > found.nodes.len() + spared {
        return None;
    }
    let target = found.results.first()?.value;
    let target_node = view.producer(target)?.0;
    let mut going = found.nodes.clone();
    going.retain(|&id| id != target_node);
    going.insert(0, target_node);
    let mut patch = Patch::remove(going);
    let mut inputs = vec![queries.lay(&mut patch)?, keys.lay(&mut patch)?, values.lay(&mut patch)?];
    if let Some(bias) = &bias {
        inputs.push(bias.lay(view, &mut patch)?);
    }
    let scale = found.scale * queries.factor * keys.factor;
    if scale <= 0.0 {
        return None; // its root is taken
    }
    patch.node_giving(OpType::Attention, inputs, [flow::float("scale", scale)], [Some(target)]);
    Some(patch)
}

/// `[batch, few, rows, size]` behind `[batch, heads, rows, size]` in which each head is repeated.
fn unrepeated(view: &View<'_>, value: ValueId, heads: u64) -> Option<ValueId> {
    let (_, reshape) = view.produced_by(value, &OpType::Reshape)?;
    let repeated = reshape.input(0)?;
    let (_, expand) = view.produced_by(repeated, &OpType::Expand)?;
    let single = expand.input(0)?;
    let (_, unsqueeze, _) = view.producer(single)?;
    if !matches!(unsqueeze.op, OpType::Unsqueeze | OpType::Reshape) {
        return None;
    }
    let few = unsqueeze.input(0)?;
    let dims = |value| view.dims(value).map(std::borrow::Cow::into_owned);
    let (whole, repeated, single, few_dims) = (dims(value)?, dims(repeated)?, dims(single)?, dims(few)?);
    let [batch, count, rows, size] = few_dims.as_slice() else { return None };
    let times = heads.checked_div(count.known()?)?;
    let known = !few_dims.contains(&Dim::Unknown) && count.known()?.checked_mul(times)? == heads;
    let with = |middle: u64| [batch, count, &Dim::Known(middle), rows, size].into_iter().cloned().collect::<Vec<_>>();
    let last = [batch, &Dim::Known(heads), rows, size].into_iter().cloned().collect::<Vec<_>>();
    (known && single == with(1) && repeated == with(times) && whole == last).then_some(few)
}
