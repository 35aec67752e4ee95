//! Which layers look back over a window only.

use super::Sizes;

/// The window of a layer, `None` where it sees all tokens.
pub(super) fn window(sizes: &Sizes<'_>, layer: u64) -> Option<u64> {
    let names: &[&str] = match sizes.family {
        "llama4_text" => &["attention_chunk_size"],
        "gpt_neo" => &["window_size"],
        _ => &["sliding_window"],
    };
    let window = sizes.number(names).filter(|window| *window > 0)?;
    if let Some(kinds) = sizes.layer_types() {
        let kind = usize::try_from(layer).ok().and_then(|layer| kinds.get(layer).copied()).unwrap_or_default();
        return matches!(kind, "sliding_attention" | "chunked_attention" | "local" | "sliding_window")
            .then_some(window);
    }
    let number = layer.saturating_add(1);
    let pattern = |default: u64| {
        let period = sizes.number(&["sliding_window_pattern", "_sliding_window_pattern"]).unwrap_or(default);
        !number.is_multiple_of(period)
    };
    let slides = match sizes.family {
        "gemma2" | "gpt_oss" => pattern(2),
        "gemma3_text" => pattern(6),
        "cohere2" | "olmo3" | "llama4_text" => pattern(4),
        "gemma3n_text" => pattern(5),
        "gpt_neo" => number.is_multiple_of(2),
        "qwen2" | "qwen2_moe" | "qwen3" | "qwen3_moe" => {
            sizes.flag("use_sliding_window", false)
                && sizes.number(&["max_window_layers"]).is_some_and(|most| layer >= most)
        }
        "mistral" | "mixtral" | "phi3" | "phimoe" | "starcoder2" | "phi3small" => true,
        _ => false,
    };
    slides.then_some(window)
}
