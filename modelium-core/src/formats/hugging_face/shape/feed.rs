//! What a layer does with each token alone: one network, or experts of which a router picks a few.

use super::{Sizes, product, sum};
use crate::descriptor::resources::Feed;

/// The feed of a layer that has biases or not; `None` where sizes are missing.
pub(super) fn feed(sizes: &Sizes<'_>, layer: u64, gated: bool, bias: bool) -> Option<Feed> {
    if let Some(experts) = experts(sizes, layer, gated) {
        return Some(experts);
    }
    let inner = match sizes.family {
        "llama4_text" => sizes.number(&["intermediate_size_mlp"])?,
        "granitemoehybrid" => sizes.number(&["shared_intermediate_size", "intermediate_size"])?,
        _ => sizes.inner()?,
    };
    let biases = if gated { inner.saturating_mul(2) } else { inner };
    let other_parameters = if bias { biases.saturating_add(sizes.hidden) } else { 0 };
    Some(Feed::Dense { inner: adjusted(sizes, inner), gated, other_parameters })
}

fn experts(sizes: &Sizes<'_>, layer: u64, gated: bool) -> Option<Feed> {
    let experts = sizes.number(&["num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts"])?;
    let single = sizes.family == "jamba" && experts < 2;
    if experts == 0 || single || !has_experts(sizes, layer) {
        return None;
    }
    let active = sizes.number(&["num_experts_per_tok", "num_experts_per_token", "moe_topk", "moe_top_k"])?;
    let inner = sizes.number(&["moe_intermediate_size", "intermediate_size"])?;
    let shared_inner = match sizes.family {
        "llama4_text" => inner,
        "granitemoehybrid" | "granitemoeshared" => sizes.number(&["shared_intermediate_size"]).unwrap_or_default(),
        _ => sizes.number(&["shared_expert_intermediate_size"]).unwrap_or_else(|| {
            inner.saturating_mul(sizes.number(&["n_shared_experts", "num_shared_experts"]).unwrap_or_default())
        }),
    };
    let (mut router, mut others) = (product(&[sizes.hidden, experts]), 0);
    if matches!(sizes.family, "qwen2_moe" | "qwen3_next") {
        router = sum(&[router, sizes.hidden]);
    }
    if sizes.family == "gpt_oss" {
        (router, others) = (sum(&[router, experts]), sum(&[inner, inner, sizes.hidden]));
    }
    let router_parameters = router;
    Some(Feed::Experts { experts, active, inner, gated, other_parameters: others, shared_inner, router_parameters })
}

/// Families put experts into every layer, into every second one, or into all but the first.
fn has_experts(sizes: &Sizes<'_>, layer: u64) -> bool {
    let number = layer.saturating_add(1);
    if sizes.config.get("moe_layers").is_some_and(|list| !list.items().is_empty()) {
        return sizes.lists("moe_layers", layer);
    }
    if let Some(step) = sizes.number(&["interleave_moe_layer_step"]) {
        return step > 0 && number.is_multiple_of(step);
    }
    if let Some(period) = sizes.number(&["expert_layer_period"]) {
        let offset = sizes.number(&["expert_layer_offset"]).unwrap_or_default();
        return period > 0 && layer.checked_rem(period) == offset.checked_rem(period);
    }
    let first = sizes.number(&["first_k_dense_replace"]).unwrap_or_default();
    let step = sizes.number(&["decoder_sparse_step"]).unwrap_or(1);
    let every = sizes.number(&["moe_layer_freq"]).unwrap_or(1);
    let regular = step > 0 && number.is_multiple_of(step) && every > 0 && layer.is_multiple_of(every);
    layer >= first && regular && !sizes.lists("mlp_only_layers", layer)
}

/// LFM2 states the inner size before it shrinks and rounds it.
fn adjusted(sizes: &Sizes<'_>, inner: u64) -> u64 {
    if sizes.family != "lfm2" || !sizes.flag("block_auto_adjust_ff_dim", true) {
        return inner;
    }
    let shrunk = inner.saturating_mul(2) / 3;
    let multiple = sizes.number(&["block_multiple_of"]).unwrap_or(256).max(1);
    shrunk.div_ceil(multiple).saturating_mul(multiple)
}
