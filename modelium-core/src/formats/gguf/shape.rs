//! Keys below the architecture's name → the sizes that decide what a served token costs.

use crate::blob::Blob;
use crate::descriptor::resources::{Feed, LanguageModelShape, LayerShape, Mixer};
use crate::formats::gguf::header::{Header, Value};

/// Layers beyond which a count is no count of layers.
const LAYERS: u64 = 4096;

/// Architectures of which one layer in so many sees everything and the others a window, where the file has no pattern.
const PATTERNS: [(&str, u64); 6] =
    [("gemma2", 2), ("gemma3", 6), ("gemma3n", 5), ("cohere2", 4), ("gpt-oss", 2), ("olmo2", 4)];

/// The shape, if the file says enough.
pub(super) fn of(header: &Header, blob: &Blob, arch: &str) -> Option<LanguageModelShape> {
    let keys = Keys { header, blob, arch };
    let count = keys.one("block_count").filter(|count| (1..=LAYERS).contains(count))?;
    let hidden = keys.one("embedding_length").filter(|hidden| *hidden > 0)?;
    let tokens = match header.get("tokenizer.ggml.tokens") {
        Some(Value::List(list)) => Some(list.count),
        _ => None,
    };
    let has = |name: &str| header.tensors.iter().any(|entry| entry.name == name);
    let embedding = header.tensors.iter().find(|entry| entry.name == "token_embd.weight");
    let rows = embedding.and_then(|entry| entry.shape.first().copied());
    let vocabulary = rows.or_else(|| keys.one("vocab_size")).or(tokens)?;
    let mut layers: Vec<LayerShape> = Vec::new();
    for index in 0..count {
        let layer = LayerShape {
            repeat: 1,
            mixers: keys.mixer(index, hidden).into_iter().collect(),
            feed: keys.feed(index, hidden),
            other_parameters: 0,
        };
        match layers.last_mut().filter(|last| last.mixers == layer.mixers && last.feed == layer.feed) {
            Some(last) => last.repeat = last.repeat.saturating_add(1),
            None => layers.push(layer),
        }
    }
    Some(LanguageModelShape {
        vocabulary,
        hidden,
        embedding: None,
        context: keys.one("context_length"),
        tied: !has("output.weight"),
        head: !keys.is_encoder(),
        other_parameters: 0,
        layers,
    })
}

struct Keys<'a> {
    header: &'a Header,
    blob: &'a Blob,
    arch: &'a str,
}

impl Keys<'_> {
    fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.arch)
    }

    fn one(&self, name: &str) -> Option<u64> {
        self.header.unsigned(&self.key(name))
    }

    /// A number that can differ from layer to layer.
    fn at(&self, name: &str, layer: u64) -> Option<u64> {
        let key = self.key(name);
        match self.header.get(&key)? {
            Value::List(_) => {
                let numbers = self.header.numbers(self.blob, &key, layer.saturating_add(1));
                usize::try_from(layer).ok().and_then(|layer| numbers.get(layer).copied())
            }
            _ => self.header.unsigned(&key),
        }
    }

    fn is_encoder(&self) -> bool {
        self.header.get(&self.key("attention.causal")) == Some(&Value::Bool(false))
    }

    /// Tokens that a layer looks back; none if it sees all.
    fn window(&self, layer: u64) -> Option<u64> {
        let window = self.one("attention.sliding_window").filter(|window| *window > 0)?;
        let windowed = match self.header.get(&self.key("attention.sliding_window_pattern")) {
            Some(Value::List(_)) => self.at("attention.sliding_window_pattern", layer) == Some(1),
            Some(_) => Self::in_pattern(layer, self.one("attention.sliding_window_pattern").unwrap_or(1)),
            None => {
                let pattern = PATTERNS.iter().find(|(arch, _)| *arch == self.arch);
                pattern.is_none_or(|(_, every)| Self::in_pattern(layer, *every))
            }
        };
        windowed.then_some(window)
    }

    /// All but the last of each `every` layers have the window.
    fn in_pattern(layer: u64, every: u64) -> bool {
        every <= 1 || layer.checked_rem(every).is_none_or(|place| place.saturating_add(1) < every)
    }

    fn mixer(&self, layer: u64, hidden: u64) -> Option<Mixer> {
        let heads = self.at("attention.head_count", layer).unwrap_or_default();
        let kv_heads = self.at("attention.head_count_kv", layer).unwrap_or(heads);
        let inner = self.one("ssm.inner_size");
        if let Some(inner) = inner.filter(|_| heads == 0 || kv_heads == 0) {
            let (state, kernel) = (self.one("ssm.state_size").unwrap_or_default(), self.one("ssm.conv_kernel"));
            let window = kernel.unwrap_or_default().saturating_sub(1).saturating_mul(inner);
            return Some(Mixer::State { state: inner.saturating_mul(state), window, parameters: 0 });
        }
        if heads == 0 || kv_heads == 0 {
            return None;
        }
        let whole = hidden.checked_div(heads)?;
        if let Some(kv_rank) = self.one("attention.kv_lora_rank") {
            let rope_dim = self.one("rope.dimension_count").unwrap_or_default();
            let key = self.one("attention.key_length_mla").or_else(|| self.one("attention.key_length"));
            let value = self.one("attention.value_length_mla").or_else(|| self.one("attention.value_length"));
            return Some(Mixer::Latent {
                heads,
                query_rank: self.one("attention.q_lora_rank"),
                kv_rank,
                rope_dim,
                key_dim: key.unwrap_or(whole).saturating_sub(rope_dim),
                value_dim: value.unwrap_or(whole),
                other_parameters: 0,
            });
        }
        Some(Mixer::Attention {
            heads,
            kv_heads,
            key_dim: self.one("attention.key_length").unwrap_or(whole),
            value_dim: self.one("attention.value_length").unwrap_or(whole),
            window: self.window(layer),
            shared: false,
            encoder: self.is_encoder(),
            other_parameters: 0,
        })
    }

    fn feed(&self, layer: u64, hidden: u64) -> Feed {
        let prefix = format!("blk.{layer}.");
        let parts = |name: &str| {
            let mut names = self.header.tensors.iter().filter_map(|entry| entry.name.strip_prefix(&prefix));
            names.any(|found| found == name)
        };
        let inner = self.at("feed_forward_length", layer).unwrap_or_default();
        let experts = self.one("expert_count").unwrap_or_default();
        let dense = layer < self.one("leading_dense_block_count").unwrap_or_default();
        if experts > 1 && !dense {
            let inner = self.one("expert_feed_forward_length").unwrap_or(inner);
            let shared = self
                .one("expert_shared_feed_forward_length")
                .unwrap_or_else(|| self.one("expert_shared_count").unwrap_or_default().saturating_mul(inner));
            return Feed::Experts {
                experts,
                active: self.one("expert_used_count").unwrap_or(1),
                inner,
                gated: true,
                other_parameters: 0,
                shared_inner: shared,
                router_parameters: experts.saturating_mul(hidden),
            };
        }
        let gated = parts("ffn_gate.weight") || self.header.tensors.is_empty();
        if inner == 0 { Feed::None } else { Feed::Dense { inner, gated, other_parameters: 0 } }
    }
}
