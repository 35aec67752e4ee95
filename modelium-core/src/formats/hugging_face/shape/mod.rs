//! `config.json` → the shape of a language model.
//!
//! Every family of transformers spells its sizes in its own way, leaves out what equals its own default, and adds biases
//! and norms of its own. `style` is the table of attention decoders, `state` knows the layers whose memory is constant,
//! `encoder` the models that read a text at once. A test compares all of them with what transformers counts.

mod encoder;
mod feed;
mod state;
mod style;
mod windows;

use crate::descriptor::resources::{LanguageModelShape, LayerShape, Mixer};
use crate::wire::json::Json;

/// Layers beyond which a configuration is not believed.
const MOST_LAYERS: u64 = 10_000;

/// A shape, and whether it accounts for all parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shaped {
    /// The shape.
    pub shape: LanguageModelShape,
    /// Parameters beside it are not counted: towers for images and sound, or a family whose norms and biases are not known.
    pub partial: bool,
}

/// The shape that a configuration describes; `None` where the family or its sizes are not known.
pub fn of_config(config: &Json) -> Option<Shaped> {
    for inner in ["text_config", "llm_config", "language_config"] {
        if let Some(text) = config.get(inner).filter(|text| text.is_object()) {
            let shaped = of_config(text)?;
            return Some(Shaped { partial: true, ..shaped });
        }
    }
    let sizes = Sizes::new(config)?;
    let family = sizes.family;
    encoder::shape(&sizes).or_else(|| state::shape(&sizes)).or_else(|| style::shape(&sizes, style::named(family)))
}

/// The numbers of a configuration under the names that families give them.
struct Sizes<'a> {
    config: &'a Json,
    family: &'a str,
    hidden: u64,
    layers: u64,
    vocabulary: u64,
}

const HIDDEN: &[&str] = &["hidden_size", "n_embd", "d_model", "dim"];
const LAYERS: &[&str] = &["num_hidden_layers", "n_layer", "n_layers", "num_layers"];
const HEADS: &[&str] = &["num_attention_heads", "n_head", "n_heads", "num_heads"];
const KV_HEADS: &[&str] = &["num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num"];
const INNER: &[&str] = &["intermediate_size", "n_inner", "ffn_dim", "hidden_dim", "ffn_hidden_size", "d_ff"];
const CONTEXT: &[&str] =
    &["max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "n_ctx", "max_sequence_length"];

impl<'a> Sizes<'a> {
    fn new(config: &'a Json) -> Option<Self> {
        let family = config.get("model_type")?.as_str()?;
        let number = |names: &[&str]| names.iter().find_map(|name| config.get(name)?.as_u64());
        let (hidden, layers) = (number(HIDDEN)?, number(LAYERS).filter(|layers| *layers <= MOST_LAYERS)?);
        Some(Self { config, family, hidden, layers, vocabulary: number(&["vocab_size"])? })
    }

    /// The first of these keys that holds a whole number.
    fn number(&self, names: &[&str]) -> Option<u64> {
        names.iter().find_map(|name| self.config.get(name)?.as_u64())
    }

    fn flag(&self, name: &str, default: bool) -> bool {
        self.config.get(name).and_then(Json::as_bool).unwrap_or(default)
    }

    fn heads(&self) -> Option<u64> {
        self.number(HEADS).filter(|heads| *heads > 0)
    }

    fn kv_heads(&self) -> Option<u64> {
        let several = !matches!(self.family, "falcon" | "gpt_bigcode") || self.flag("new_decoder_architecture", false);
        let one = !several && self.flag("multi_query", true);
        if one { Some(1) } else { self.number(KV_HEADS).filter(|_| several).or_else(|| self.heads()) }
    }

    fn head_dim(&self) -> Option<u64> {
        self.number(&["head_dim"]).or_else(|| self.hidden.checked_div(self.heads()?))
    }

    fn inner(&self) -> Option<u64> {
        let times = |name: &str| Some(self.hidden.saturating_mul(self.number(&[name])?));
        let fixed = matches!(self.family, "falcon" | "bloom" | "gpt2" | "gptj" | "gpt_bigcode" | "gpt_neo");
        let four = fixed.then(|| self.hidden.saturating_mul(4));
        self.number(INNER).or_else(|| times("expansion_ratio")).or(four)
    }

    fn context(&self) -> Option<u64> {
        self.number(CONTEXT)
    }

    fn tied(&self, default: bool) -> bool {
        self.flag("tie_word_embeddings", default)
    }

    /// The word for each layer that `layer_types` and its kin give.
    fn layer_types(&self) -> Option<Vec<&'a str>> {
        let names = ["layer_types", "layers_block_type", "attention_layers"];
        let list =
            names.iter().find_map(|name| self.config.get(name).map(Json::items).filter(|list| !list.is_empty()))?;
        (list.len() as u64 == self.layers).then(|| list.iter().map(|word| word.as_str().unwrap_or_default()).collect())
    }

    /// A list of layer numbers holds this one.
    fn lists(&self, name: &str, layer: u64) -> bool {
        self.config.get(name).is_some_and(|list| list.items().iter().any(|item| item.as_u64() == Some(layer)))
    }

    /// Puts layers together, neighbours that are alike in one entry.
    fn assemble(
        &self,
        tied: bool,
        head: bool,
        others: u64,
        layer: impl Fn(u64) -> Option<LayerShape>,
    ) -> Option<LanguageModelShape> {
        let mut layers: Vec<LayerShape> = Vec::new();
        for index in 0..self.layers {
            let next = layer(index)?;
            match layers.last_mut() {
                Some(last) if alike(last, &next) => last.repeat = last.repeat.saturating_add(1),
                _ => layers.push(LayerShape { repeat: 1, ..next }),
            }
        }
        Some(LanguageModelShape {
            vocabulary: self.vocabulary,
            hidden: self.hidden,
            embedding: self.number(&["word_embed_proj_dim", "embedding_size"]).filter(|width| *width != self.hidden),
            context: self.context(),
            tied,
            head,
            other_parameters: others,
            layers,
        })
    }
}

fn alike(a: &LayerShape, b: &LayerShape) -> bool {
    a.mixers == b.mixers && a.feed == b.feed && a.other_parameters == b.other_parameters
}

/// Attention with the four plain projections.
fn attention(heads: u64, kv_heads: u64, dim: u64, window: Option<u64>, other_parameters: u64) -> Mixer {
    Mixer::Attention {
        heads,
        kv_heads,
        key_dim: dim,
        value_dim: dim,
        window,
        shared: false,
        encoder: false,
        other_parameters,
    }
}

fn sum(numbers: &[u64]) -> u64 {
    numbers.iter().fold(0, |sum, number| sum.saturating_add(*number))
}

fn product(numbers: &[u64]) -> u64 {
    numbers.iter().fold(1, |product, number| product.saturating_mul(*number))
}
