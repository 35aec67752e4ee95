//! Group normalisation, as PyTorch exports it.

use crate::ir::{Dim, Node, NodeId, OpType, ValueId};
use crate::passes::constant;
use crate::passes::fuse::flow::{self, either};
use crate::passes::known::same_shape;
use crate::passes::{Level, Pass, Patch, View};
use crate::tensor::Tensor;

/// Fuses an instance normalisation of channels that are reshaped into groups, γ and β into `GroupNormalization` (opset 21).
///
/// Not for ONNX Runtime: it has no kernel for that, and takes longer for the steps that it puts in its place.
pub(in crate::passes) struct FuseGroupNormalization;

impl Pass for FuseGroupNormalization {
    fn name(&self) -> &'static str {
        "fuse_group_normalization"
    }

    fn about(&self) -> &'static str {
        "fuse the steps of a group normalisation into one operator (opset 21)"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        if view.opset() < 21 || view.site.level > Level::Portable {
            return Vec::new();
        }
        let instances = view.graph.nodes().filter(|(_, node)| node.op == OpType::InstanceNormalization);
        instances.filter_map(|(id, node)| patch(view, id, node)).collect()
    }
}

fn patch(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let (grouped, whitened) = (node.input(0)?, node.output(0)?);
    let all = |slot, number: f64| {
        constant::uniform(view, node.input(slot)?).filter(|&found| found.to_bits() == number.to_bits())
    };
    all(1, 1.0)?;
    all(2, 0.0)?;
    let (split, splitting) = view.produced_by(grouped, &OpType::Reshape).filter(|_| view.is_read_once(grouped))?;
    let x = splitting.input(0)?;
    let (dims, group_dims) = (view.dims(x)?, view.dims(grouped)?);
    let ([batch, channels, _, ..], [same, groups, _]) = (dims.as_ref(), group_dims.as_ref()) else { return None };
    let (channels, groups) = (channels.known()?, groups.known()?);
    let (join, joining) = flow::read_by(view, whitened, &OpType::Reshape)?;
    let joined = joining.output(0)?;
    let fits = *batch != Dim::Unknown && batch == same && channels.checked_rem(groups)? == 0;
    if !fits || joining.input(0) != Some(whitened) || !same_shape(view, joined, x) || !flow::is_float32(view, x) {
        return None;
    }
    let per_channel = |value: ValueId| flat(view.tensor(value)?, channels, dims.len());
    let affine = |value, op: &OpType| {
        let (id, node) = flow::read_by(view, value, op)?;
        let (constant, _) = either(node, |constant| constant != value && per_channel(constant).is_some())?;
        Some((id, (constant, per_channel(constant)?), node.output(0)?))
    };
    let (mul, scale, scaled) = affine(joined, &OpType::Mul)?;
    let (add, bias, target) = affine(scaled, &OpType::Add)?;
    let mut patch = Patch::remove([add, mul, join, id, split]);
    let [scale, bias] = [scale, bias].map(|(value, tensor)| patch.tensor(view.value(value).name.clone(), tensor));
    let epsilon = node.float("epsilon").unwrap_or(1e-5).into();
    let attributes = [flow::int("num_groups", i64::try_from(groups).ok()?), flow::float("epsilon", epsilon)];
    patch.node_giving(OpType::GroupNormalization, [x.into(), scale, bias], attributes, [Some(target)]);
    Some(patch)
}

/// The numbers that are constant but for axis 1 of a tensor of that rank, as a list.
fn flat(tensor: &Tensor, channels: u64, rank: usize) -> Option<Tensor> {
    let behind = rank.checked_sub(2)?;
    let (head, tail) = tensor.dims.split_at_checked(tensor.dims.len().checked_sub(behind)?)?;
    let fits = matches!(head, [one] | [1, one] if *one == channels) && tail.iter().all(|&dim| dim == 1);
    fits.then(|| Tensor { dims: vec![channels], ..tensor.clone() })
}
