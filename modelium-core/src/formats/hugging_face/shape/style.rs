//! Attention decoders: what each family adds to the four projections and the feed.

use super::{Shaped, Sizes, attention, feed, product, sum, windows};
use crate::descriptor::resources::{LayerShape, Mixer};

/// Whether projections carry biases.
#[derive(Debug, Clone, Copy)]
enum Bias {
    No,
    Yes,
    /// As this key says; without it, as the family does.
    Key(&'static str, bool),
}

/// Norms of queries and keys.
#[derive(Debug, Clone, Copy)]
enum HeadNorm {
    No,
    /// One vector of the size of a head for queries, one for keys.
    Shared,
    /// One vector for all query heads, one for all key heads.
    Whole,
    /// As `Shared`, where this key says so.
    SharedIf(&'static str),
    /// As `Whole`, where this key says so.
    WholeIf(&'static str),
}

/// What a family of decoders adds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    families: &'static [&'static str],
    qkv_bias: Bias,
    out_bias: Bias,
    gated: bool,
    feed_bias: Bias,
    /// Vectors of the hidden size in the norms of one layer; a norm with bias has two.
    norms: u64,
    final_norm: u64,
    head_norm: HeadNorm,
    /// Positions are learned; so many more rows than the context.
    positions: Option<u64>,
    tied: bool,
    head_bias: Bias,
}

const LLAMA: Style = Style {
    families: &["llama", "granite", "granitemoe", "granitemoeshared", "arcee", "seed_oss"],
    qkv_bias: Bias::Key("attention_bias", false),
    out_bias: Bias::Key("attention_bias", false),
    gated: true,
    feed_bias: Bias::Key("mlp_bias", false),
    norms: 2,
    final_norm: 1,
    head_norm: HeadNorm::No,
    positions: None,
    tied: false,
    head_bias: Bias::No,
};
const PLAIN: Style = Style { qkv_bias: Bias::No, out_bias: Bias::No, feed_bias: Bias::No, ..LLAMA };
const GPT: Style = Style {
    qkv_bias: Bias::Yes,
    out_bias: Bias::Yes,
    gated: false,
    feed_bias: Bias::Yes,
    norms: 4,
    final_norm: 2,
    positions: Some(0),
    tied: true,
    ..LLAMA
};

const STYLES: &[Style] = &[
    LLAMA,
    Style { families: &["smollm3"], tied: true, ..LLAMA },
    Style {
        families: &[
            "mistral",
            "ministral",
            "ministral3",
            "mixtral",
            "phi3",
            "deepseek_v2",
            "deepseek_v3",
            "llama4_text",
        ],
        ..PLAIN
    },
    Style { families: &["qwen2", "qwen2_moe"], qkv_bias: Bias::Key("qkv_bias", true), ..PLAIN },
    Style {
        families: &["qwen3", "qwen3_moe", "qwen3_next"],
        head_norm: HeadNorm::Shared,
        feed_bias: Bias::No,
        ..LLAMA
    },
    Style { families: &["gemma"], tied: true, feed_bias: Bias::No, ..LLAMA },
    Style { families: &["gemma2"], tied: true, norms: 4, feed_bias: Bias::No, ..LLAMA },
    Style {
        families: &["gemma3_text"],
        tied: true,
        norms: 4,
        head_norm: HeadNorm::Shared,
        feed_bias: Bias::No,
        ..LLAMA
    },
    Style {
        families: &["phi"],
        norms: 2,
        positions: None,
        tied: false,
        head_bias: Bias::Yes,
        head_norm: HeadNorm::SharedIf("qk_layernorm"),
        ..GPT
    },
    Style {
        families: &["phimoe"],
        norms: 4,
        final_norm: 2,
        head_bias: Bias::Key("lm_head_bias", false),
        feed_bias: Bias::No,
        ..LLAMA
    },
    Style {
        families: &["starcoder2"],
        qkv_bias: Bias::Key("use_bias", true),
        out_bias: Bias::Key("use_bias", true),
        feed_bias: Bias::Key("use_bias", true),
        positions: None,
        ..GPT
    },
    Style { families: &["stablelm"], qkv_bias: Bias::Key("use_qkv_bias", false), norms: 4, final_norm: 2, ..PLAIN },
    Style {
        families: &["cohere"],
        norms: 1,
        tied: true,
        feed_bias: Bias::No,
        head_norm: HeadNorm::WholeIf("use_qk_norm"),
        ..LLAMA
    },
    Style { families: &["cohere2"], norms: 1, tied: true, feed_bias: Bias::No, ..LLAMA },
    Style { families: &["olmo"], norms: 0, final_norm: 0, feed_bias: Bias::No, ..LLAMA },
    Style {
        families: &["olmo2", "olmo3", "olmoe", "flex_olmo"],
        head_norm: HeadNorm::Whole,
        feed_bias: Bias::No,
        ..LLAMA
    },
    Style { families: &["glm"], qkv_bias: Bias::Key("attention_bias", true), ..PLAIN },
    Style { families: &["glm4"], qkv_bias: Bias::Key("attention_bias", true), norms: 4, ..PLAIN },
    Style {
        families: &["glm4_moe"],
        qkv_bias: Bias::Key("attention_bias", false),
        head_norm: HeadNorm::SharedIf("use_qk_norm"),
        ..PLAIN
    },
    Style {
        families: &["gpt_oss"],
        qkv_bias: Bias::Key("attention_bias", true),
        out_bias: Bias::Key("attention_bias", true),
        ..PLAIN
    },
    Style { families: &["gpt2", "gpt_bigcode"], ..GPT },
    Style { families: &["gpt_neo"], qkv_bias: Bias::No, ..GPT },
    Style {
        families: &["gpt_neox"],
        qkv_bias: Bias::Key("attention_bias", true),
        out_bias: Bias::Key("attention_bias", true),
        positions: None,
        tied: false,
        ..GPT
    },
    Style {
        families: &["gptj"],
        qkv_bias: Bias::No,
        out_bias: Bias::No,
        norms: 2,
        positions: None,
        tied: false,
        head_bias: Bias::Yes,
        ..GPT
    },
    Style {
        families: &["opt"],
        qkv_bias: Bias::Key("enable_bias", true),
        out_bias: Bias::Key("enable_bias", true),
        feed_bias: Bias::Key("enable_bias", true),
        positions: Some(2),
        ..GPT
    },
    Style { families: &["bloom"], positions: None, ..GPT },
    Style {
        families: &["mpt"],
        qkv_bias: Bias::No,
        out_bias: Bias::No,
        feed_bias: Bias::No,
        norms: 2,
        final_norm: 1,
        positions: None,
        ..GPT
    },
    Style {
        families: &["falcon"],
        qkv_bias: Bias::Key("bias", false),
        out_bias: Bias::Key("bias", false),
        feed_bias: Bias::Key("bias", false),
        positions: None,
        ..GPT
    },
];

/// The style of a family.
pub(super) fn named(family: &str) -> Option<&'static Style> {
    STYLES.iter().find(|style| style.families.contains(&family))
}

impl Sizes<'_> {
    fn has(&self, bias: Bias) -> bool {
        match bias {
            Bias::No => false,
            Bias::Yes => true,
            Bias::Key(key, default) => self.flag(key, default),
        }
    }
}

/// The shape of a decoder of a style; of one whose style is not known, what it keeps of a sequence.
pub(super) fn shape(sizes: &Sizes<'_>, style: Option<&Style>) -> Option<Shaped> {
    let partial = style.is_none();
    if partial && !is_plain_decoder(sizes) {
        return None;
    }
    let style = style.unwrap_or(&LLAMA);
    let norms = layer_norms(sizes, style).saturating_mul(sizes.hidden);
    let layer = |index| {
        let feed = feed::feed(sizes, index, style.gated, sizes.has(style.feed_bias));
        let feed = if partial { feed.unwrap_or_default() } else { feed? };
        Some(LayerShape { repeat: 1, mixers: vec![mixer(sizes, style, index)?], feed, other_parameters: norms })
    };
    let hidden = sizes.hidden;
    let positions =
        style.positions.map_or(Some(0), |more| Some(product(&[sizes.context()?.saturating_add(more), hidden])));
    let head_bias = if sizes.has(style.head_bias) { sizes.vocabulary } else { 0 };
    let embedding_norm = if sizes.family == "bloom" { hidden.saturating_mul(2) } else { 0 };
    // OPT's smallest sizes: a narrow embedding between two projections, and norms after the layers
    let narrow = sizes.number(&["word_embed_proj_dim"]).filter(|narrow| *narrow != hidden);
    let projections = narrow.map_or(0, |narrow| product(&[2, narrow, hidden]));
    let final_norm = if sizes.flag("do_layer_norm_before", true) { product(&[style.final_norm, hidden]) } else { 0 };
    let others = sum(&[positions?, final_norm, head_bias, embedding_norm, projections]);
    let shape = sizes.assemble(sizes.tied(style.tied), true, others, layer)?;
    Some(Shaped { shape, partial })
}

/// Vectors of the hidden size in the norms of a layer, where a key of the configuration changes them.
fn layer_norms(sizes: &Sizes<'_>, style: &Style) -> u64 {
    match sizes.family {
        "falcon" => {
            let new = sizes.flag("new_decoder_architecture", false);
            let both = sizes.number(&["num_ln_in_parallel_attn"]).unwrap_or(if new { 2 } else { 1 }) == 2;
            if both || !sizes.flag("parallel_attn", true) { 4 } else { 2 }
        }
        "stablelm" if sizes.flag("use_parallel_residual", false) => 2,
        _ => style.norms,
    }
}

/// A family that is not known still keeps keys and values as all do, if nothing in its configuration says otherwise.
fn is_plain_decoder(sizes: &Sizes<'_>) -> bool {
    const OTHER: &[&str] = &["mamba", "ssm", "state_size", "conv", "linear_", "rwkv", "lru", "recurrent", "retention"];
    let names = sizes.config.get("architectures").map(crate::wire::json::Json::items).unwrap_or_default();
    let decodes = names.iter().any(|name| name.as_str().is_some_and(|name| name.ends_with("ForCausalLM")));
    let other = |key: &str| OTHER.iter().any(|part| key.contains(part));
    decodes && !sizes.flag("is_encoder_decoder", false) && !sizes.config.entries().iter().any(|(key, _)| other(key))
}

pub(super) fn mixer(sizes: &Sizes<'_>, style: &Style, layer: u64) -> Option<Mixer> {
    let heads = sizes.heads()?;
    if let Some(latent) = latent(sizes, heads) {
        return Some(latent);
    }
    let (kv_heads, dim) = (sizes.kv_heads()?, sizes.head_dim()?);
    let (queries, keys) = (heads.saturating_mul(dim), kv_heads.saturating_mul(dim));
    let mut others = 0;
    if sizes.has(style.qkv_bias) {
        others = sum(&[others, queries, keys, keys]);
    }
    if sizes.has(style.out_bias) {
        others = sum(&[others, sizes.hidden]);
    }
    others = sum(&[
        others,
        match style.head_norm {
            HeadNorm::Shared => dim.saturating_mul(2),
            HeadNorm::SharedIf(key) if sizes.flag(key, false) => {
                let vectors = if sizes.family == "phi" { 4 } else { 2 };
                dim.saturating_mul(vectors)
            }
            HeadNorm::Whole => sum(&[queries, keys]),
            HeadNorm::WholeIf(key) if sizes.flag(key, false) => sum(&[queries, keys]),
            _ => 0,
        },
    ]);
    match sizes.family {
        "gpt_oss" => others = sum(&[others, heads]), // sinks
        "qwen3_next" => others = sum(&[others, product(&[sizes.hidden, queries])]), // the gate beside each query
        "stablelm" if sizes.flag("qk_layernorm", false) => others = sum(&[others, queries, keys]),
        _ => {}
    }
    let borrowed = sizes.number(&["num_kv_shared_layers"]).unwrap_or_default();
    let shares = layer >= sizes.layers.saturating_sub(borrowed);
    let mut mixer = attention(heads, kv_heads, dim, windows::window(sizes, layer), others);
    if let Mixer::Attention { shared, .. } = &mut mixer {
        *shared = shares;
    }
    Some(mixer)
}

/// Multi-head latent attention, as the DeepSeek family has it.
fn latent(sizes: &Sizes<'_>, heads: u64) -> Option<Mixer> {
    let kv_rank = sizes.number(&["kv_lora_rank"])?;
    let query_rank = sizes.number(&["q_lora_rank"]);
    let rope_dim = sizes.number(&["qk_rope_head_dim"])?;
    let key_dim = sizes.number(&["qk_nope_head_dim"])?;
    let value_dim = sizes.number(&["v_head_dim"])?;
    let biases = if sizes.flag("attention_bias", false) {
        sum(&[query_rank.unwrap_or_default(), kv_rank, rope_dim, sizes.hidden])
    } else {
        0
    };
    let other_parameters = sum(&[query_rank.unwrap_or_default(), kv_rank, biases]);
    Some(Mixer::Latent { heads, query_rank, kv_rank, rope_dim, key_dim, value_dim, other_parameters })
}
