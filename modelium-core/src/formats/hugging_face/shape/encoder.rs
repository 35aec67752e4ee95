//! Models that read a text at once and keep nothing of it.

use super::{Shaped, Sizes, product, sum};
use crate::descriptor::resources::{Feed, LayerShape, Mixer};
use crate::wire::json::Json;

/// The shape of an encoder with the head that its architecture names.
pub(super) fn shape(sizes: &Sizes<'_>) -> Option<Shaped> {
    if sizes.family == "modernbert" {
        return modern(sizes);
    }
    let known = ["bert", "roberta", "xlm-roberta", "camembert", "distilbert", "electra"];
    if !known.contains(&sizes.family) || sizes.flag("is_decoder", false) {
        return None;
    }
    let (heads, inner, hidden) = (sizes.heads()?, sizes.inner()?, sizes.hidden);
    let dim = hidden.checked_div(heads)?;
    let mixer = Mixer::Attention {
        heads,
        kv_heads: heads,
        key_dim: dim,
        value_dim: dim,
        window: None,
        shared: false,
        encoder: true,
        other_parameters: product(&[4, hidden]),
    };
    let feed = Feed::Dense { inner, gated: false, other_parameters: sum(&[inner, hidden]) };
    let norms = product(&[4, hidden]);
    let layer =
        |_| Some(LayerShape { repeat: 1, mixers: vec![mixer.clone()], feed: feed.clone(), other_parameters: norms });
    // ELECTRA's embeddings may be narrower than its layers
    let narrow = sizes.number(&["embedding_size"]).filter(|_| sizes.family == "electra").unwrap_or(hidden);
    let rows = sum(&[sizes.context()?, sizes.number(&["type_vocab_size"]).unwrap_or_default()]);
    let rest = product(&[rows, narrow]);
    let embedding_norm = product(&[2, narrow]);
    let widening = if narrow == hidden { 0 } else { sum(&[product(&[narrow, hidden]), hidden]) };
    let (head, partial) = head(sizes);
    let others = sum(&[rest, embedding_norm, widening, head]);
    Some(Shaped { shape: sizes.assemble(true, false, others, layer)?, partial })
}

/// `ModernBERT`: no positions to learn, no biases, a gate, and no norm before the first layer's attention.
fn modern(sizes: &Sizes<'_>) -> Option<Shaped> {
    const BIASES: &[&str] = &["attention_bias", "mlp_bias", "norm_bias"];
    let (heads, hidden) = (sizes.heads()?, sizes.hidden);
    let dim = hidden.checked_div(heads)?;
    let mixer = Mixer::Attention {
        heads,
        kv_heads: heads,
        key_dim: dim,
        value_dim: dim,
        window: None,
        shared: false,
        encoder: true,
        other_parameters: 0,
    };
    let feed = Feed::Dense { inner: sizes.inner()?, gated: true, other_parameters: 0 };
    let layer = |index: u64| {
        let norms = if index == 0 { hidden } else { hidden.saturating_mul(2) };
        Some(LayerShape { repeat: 1, mixers: vec![mixer.clone()], feed: feed.clone(), other_parameters: norms })
    };
    let architecture = sizes.config.get("architectures").and_then(|list| list.items().first()).and_then(Json::as_str);
    let bare = architecture.is_none_or(|name| name.ends_with("Model"));
    let biased = BIASES.iter().any(|key| sizes.flag(key, false));
    let shape = sizes.assemble(true, false, product(&[2, hidden]), layer)?;
    Some(Shaped { shape, partial: biased || !bare })
}

/// Parameters of what stands on top, as the architecture's name says; and whether they are not known.
fn head(sizes: &Sizes<'_>) -> (u64, bool) {
    let hidden = sizes.hidden;
    let architecture = sizes.config.get("architectures").and_then(|list| list.items().first()).and_then(Json::as_str);
    let square = sum(&[product(&[hidden, hidden]), hidden]);
    let pooler = matches!(sizes.family, "bert" | "roberta" | "xlm-roberta" | "camembert");
    let labels = ["num_labels", "_num_labels"].iter().find_map(|key| sizes.config.get(key)?.as_u64());
    let labels = labels.or_else(|| Some(sizes.config.get("id2label")?.entries().len() as u64)).unwrap_or(2);
    let linear = |labels: u64| sum(&[product(&[hidden, labels]), labels]);
    let transform = sum(&[square, product(&[2, hidden])]);
    let name = architecture.unwrap_or_default();
    let plain = !matches!(sizes.family, "electra");
    let parameters = match name {
        name if name.ends_with("Model") || name.is_empty() => {
            if pooler {
                square
            } else {
                0
            }
        }
        name if name.ends_with("ForMaskedLM") && plain => sum(&[transform, sizes.vocabulary]),
        name if name.ends_with("ForPreTraining") && sizes.family == "bert" => {
            sum(&[transform, sizes.vocabulary, square, linear(2)])
        }
        name if name.ends_with("ForTokenClassification") => linear(labels),
        name if name.ends_with("ForQuestionAnswering") => linear(2),
        name if name.ends_with("ForSequenceClassification") && plain => sum(&[square, linear(labels)]),
        _ => return (0, true),
    };
    (parameters, false)
}
