//! What `config.json` says, apart from sizes.

use std::collections::BTreeMap;

use super::quantization::Quantization;
use crate::wire::json::Json;

/// Facts of a configuration.
#[derive(Debug, Clone, Default)]
pub(super) struct Config {
    pub(super) family: Option<String>,
    pub(super) architecture: Option<String>,
    /// The version of transformers that wrote it.
    pub(super) version: Option<String>,
    /// The element type that it asks for.
    pub(super) dtype: Option<String>,
    pub(super) quantization: Option<Quantization>,
    /// It has parts for images or sound beside the text.
    pub(super) towers: bool,
    /// Numbers of special tokens: `bos_token` → 1.
    pub(super) ids: BTreeMap<String, Vec<u64>>,
    pub(super) vocabulary: Option<u64>,
    pub(super) context: Option<u64>,
}

impl Config {
    pub(super) fn of(root: &Json) -> Self {
        let text = |key: &str| root.get(key).and_then(Json::as_str).map(str::to_owned);
        let inner = root.get("text_config").filter(|inner| inner.is_object());
        let number = |keys: &[&str]| {
            let of = |config: &Json| keys.iter().find_map(|key| config.get(key)?.as_u64());
            of(root).or_else(|| inner.and_then(of))
        };
        let dtype = |config: &Json| {
            ["dtype", "torch_dtype"].iter().find_map(|key| config.get(key)?.as_str().map(str::to_owned))
        };
        let timm = root.get("pretrained_cfg").is_some();
        let towers = ["vision_config", "audio_config", "vision_tower", "vision_encoder", "speech_config"];
        Self {
            family: text("model_type"),
            architecture: root
                .get("architectures")
                .and_then(|list| list.items().first())
                .and_then(Json::as_str)
                .map(str::to_owned)
                .or_else(|| text("architecture").filter(|_| timm)),
            version: text("transformers_version"),
            dtype: dtype(root)
                .or_else(|| inner.and_then(dtype))
                .map(|name| name.trim_start_matches("torch.").to_owned()),
            quantization: Quantization::of(root),
            towers: towers.iter().any(|key| root.get(key).is_some()),
            ids: ids(root, inner),
            vocabulary: number(&["vocab_size"]),
            context: number(&["max_position_embeddings", "n_positions"]),
        }
    }
}

/// `bos_token_id` and its kin: a number, or a list of which any will do.
fn ids(root: &Json, inner: Option<&Json>) -> BTreeMap<String, Vec<u64>> {
    let mut ids = BTreeMap::new();
    for name in ["bos_token", "eos_token", "pad_token"] {
        let key = format!("{name}_id");
        let Some(value) = root.get(&key).or_else(|| inner?.get(&key)) else { continue };
        let found: Vec<u64> = value.as_u64().into_iter().chain(value.items().iter().filter_map(Json::as_u64)).collect();
        if !found.is_empty() {
            ids.insert(name.to_owned(), found);
        }
    }
    ids
}
