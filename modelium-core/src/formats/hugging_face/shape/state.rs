//! Layers whose memory of a sequence is constant: state spaces, linear attention, short convolutions; and the models that
//! mix them with attention.

use super::{Shaped, Sizes, feed, product, style, sum};
use crate::descriptor::resources::{Feed, LayerShape, Mixer};

/// The shape of a model with such layers.
pub(super) fn shape(sizes: &Sizes<'_>) -> Option<Shaped> {
    match sizes.family {
        "mamba" | "falcon_mamba" | "mamba2" => pure(sizes),
        "jamba" | "bamba" | "granitemoehybrid" | "qwen3_next" | "lfm2" => hybrid(sizes),
        "falcon_h1" => side_by_side(sizes),
        _ => None,
    }
}

fn whole(shape: crate::descriptor::LanguageModelShape) -> Shaped {
    Shaped { shape, partial: false }
}

fn pure(sizes: &Sizes<'_>) -> Option<Shaped> {
    let inner = product(&[sizes.number(&["expand"]).unwrap_or(2), sizes.hidden]);
    let mixer = if sizes.family == "mamba2" {
        mamba2(sizes, "", inner, true, sizes.flag("use_bias", false))?
    } else {
        let inner = sizes.number(&["intermediate_size"]).unwrap_or(inner);
        mamba(sizes, "", inner, sizes.flag("use_bias", false), false)?
    };
    let layer = |_| {
        Some(LayerShape { repeat: 1, mixers: vec![mixer.clone()], feed: Feed::None, other_parameters: sizes.hidden })
    };
    let tied = sizes.tied(sizes.family != "mamba2");
    sizes.assemble(tied, true, sizes.hidden, layer).map(whole)
}

fn hybrid(sizes: &Sizes<'_>) -> Option<Shaped> {
    let plain = style::named(match sizes.family {
        "qwen3_next" | "lfm2" => "qwen3_next",
        "granitemoehybrid" => "granite",
        _ => "mistral",
    })?;
    let layer = |index: u64| {
        let mixer = if attends(sizes, index) { style::mixer(sizes, plain, index)? } else { state_mixer(sizes)? };
        let feed = feed::feed(sizes, index, true, false)?;
        Some(LayerShape { repeat: 1, mixers: vec![mixer], feed, other_parameters: product(&[2, sizes.hidden]) })
    };
    let tied = sizes.tied(matches!(sizes.family, "lfm2"));
    sizes.assemble(tied, true, sizes.hidden, layer).map(whole)
}

/// Whether a layer of a hybrid attends; the others keep a state.
fn attends(sizes: &Sizes<'_>, layer: u64) -> bool {
    if let Some(kinds) = sizes.layer_types() {
        let kind = usize::try_from(layer).ok().and_then(|layer| kinds.get(layer).copied()).unwrap_or_default();
        return kind.contains("attention") && kind != "linear_attention";
    }
    if let Some(period) = sizes.number(&["attn_layer_period"]) {
        let offset = sizes.number(&["attn_layer_offset"]).unwrap_or_default();
        return layer.checked_rem(period) == Some(offset);
    }
    if let Some(period) = sizes.number(&["full_attention_interval"]) {
        return period > 0 && layer.saturating_add(1).is_multiple_of(period);
    }
    ["attn_layer_indices", "full_attn_idxs"].iter().any(|list| sizes.lists(list, layer))
}

fn state_mixer(sizes: &Sizes<'_>) -> Option<Mixer> {
    let expand = sizes.number(&["mamba_expand"]).unwrap_or(2);
    let inner = product(&[expand, sizes.hidden]);
    match sizes.family {
        "jamba" => mamba(sizes, "mamba_", inner, sizes.flag("mamba_proj_bias", false), true),
        "bamba" | "granitemoehybrid" => mamba2(sizes, "mamba_", inner, true, sizes.flag("mamba_proj_bias", false)),
        "qwen3_next" => delta(sizes),
        "lfm2" => {
            let taps = sizes.number(&["conv_L_cache"])?;
            let bias = if sizes.flag("conv_bias", false) { product(&[5, sizes.hidden]) } else { 0 };
            let parameters = sum(&[product(&[4, sizes.hidden, sizes.hidden]), product(&[sizes.hidden, taps]), bias]);
            Some(Mixer::State { state: 0, window: product(&[sizes.hidden, taps]), parameters })
        }
        _ => None,
    }
}

/// Falcon-H1 runs both kinds in each layer and adds what they say.
fn side_by_side(sizes: &Sizes<'_>) -> Option<Shaped> {
    let plain = style::named("llama")?;
    let inner = sizes.number(&["mamba_d_ssm"]).unwrap_or(product(&[sizes.number(&["mamba_expand"])?, sizes.hidden]));
    let bias = sizes.flag("mamba_proj_bias", false);
    let state = mamba2(sizes, "mamba_", inner, sizes.flag("mamba_rms_norm", false), bias)?;
    let layer = |index: u64| {
        let mixers = vec![style::mixer(sizes, plain, index)?, state.clone()];
        let feed = feed::feed(sizes, index, true, sizes.flag("mlp_bias", false))?;
        Some(LayerShape { repeat: 1, mixers, feed, other_parameters: product(&[2, sizes.hidden]) })
    };
    sizes.assemble(sizes.tied(false), true, sizes.hidden, layer).map(whole)
}

/// The first state-space layer: a state for every channel, time steps through a low rank.
fn mamba(sizes: &Sizes<'_>, prefix: &str, inner: u64, bias: bool, normed: bool) -> Option<Mixer> {
    let number = |name: &str| sizes.number(&[format!("{prefix}{name}").as_str()]);
    let states = number("d_state").or_else(|| number("state_size"))?;
    let taps = number("d_conv").or_else(|| number("conv_kernel")).unwrap_or(4);
    let rank = number("dt_rank").or_else(|| number("time_step_rank")).unwrap_or(sizes.hidden.div_ceil(16));
    let conv_bias = sizes.flag(if prefix.is_empty() { "use_conv_bias" } else { "mamba_conv_bias" }, true);
    let parameters = sum(&[
        product(&[3, sizes.hidden, inner]), // in, twice as wide, and out
        product(&[inner, taps]),            // convolution
        if conv_bias { inner } else { 0 },
        product(&[inner, sum(&[rank, product(&[2, states])])]), // time step, B and C
        product(&[rank, inner]),
        inner,                     // bias of the time step
        product(&[inner, states]), // A
        inner,                     // D
        if bias { sum(&[product(&[2, inner]), sizes.hidden]) } else { 0 },
        if normed { sum(&[rank, product(&[2, states])]) } else { 0 },
    ]);
    Some(Mixer::State { state: product(&[inner, states]), window: product(&[inner, taps]), parameters })
}

/// The second state-space layer: a state for every head, one projection for all.
fn mamba2(sizes: &Sizes<'_>, prefix: &str, inner: u64, normed: bool, bias: bool) -> Option<Mixer> {
    let number = |name: &str| sizes.number(&[format!("{prefix}{name}").as_str()]);
    let states = number("d_state").or_else(|| number("state_size"))?;
    let taps = number("d_conv").or_else(|| number("conv_kernel")).unwrap_or(4);
    let groups = number("n_groups").unwrap_or(1);
    let heads = number("n_heads").or_else(|| number("num_heads"))?;
    let channels = sum(&[inner, product(&[2, groups, states])]);
    let conv_bias = sizes.flag(if prefix.is_empty() { "use_conv_bias" } else { "mamba_conv_bias" }, true);
    let wide = sum(&[inner, channels, heads]);
    let parameters = sum(&[
        product(&[sizes.hidden, wide]),
        product(&[inner, sizes.hidden]),
        product(&[channels, taps]),
        if conv_bias { channels } else { 0 },
        product(&[3, heads]), // A, D, bias of the time step
        if normed { inner } else { 0 },
        if bias { sum(&[wide, sizes.hidden]) } else { 0 },
    ]);
    Some(Mixer::State { state: product(&[inner, states]), window: product(&[channels, taps]), parameters })
}

/// The gated delta rule: linear attention that keeps one matrix for every head.
fn delta(sizes: &Sizes<'_>) -> Option<Mixer> {
    let number = |name: &str| sizes.number(&[name]);
    let (key_heads, heads) = (number("linear_num_key_heads")?, number("linear_num_value_heads")?);
    let (key_dim, dim) = (number("linear_key_head_dim")?, number("linear_value_head_dim")?);
    let taps = number("linear_conv_kernel_dim").unwrap_or(4);
    let (keys, values) = (product(&[key_heads, key_dim]), product(&[heads, dim]));
    let channels = sum(&[keys, keys, values]);
    let parameters = sum(&[
        product(&[sizes.hidden, sum(&[channels, values, heads, heads])]),
        product(&[channels, taps]),
        product(&[2, heads]), // A, bias of the time step
        dim,                  // norm
        product(&[values, sizes.hidden]),
    ]);
    Some(Mixer::State { state: product(&[heads, key_dim, dim]), window: product(&[channels, taps]), parameters })
}
