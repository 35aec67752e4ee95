//! What a JSON file is, by the keys in it.

use crate::blob::Blob;
use crate::context::Context;
use crate::wire::json::Json;
use crate::wire::json_stream::{Kind as Value, Reader};

/// Files beyond this size are no configurations.
pub(super) const LARGEST: u64 = 8 << 20;

/// The JSON files of Hugging Face's libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `config.json` of transformers.
    Config,
    /// `config.json` of timm.
    Timm,
    /// `generation_config.json`.
    Generation,
    /// `tokenizer_config.json`.
    TokenizerConfig,
    /// `tokenizer.json`.
    Tokenizer,
    /// `adapter_config.json` of peft.
    Adapter,
    /// `model_index.json` of diffusers.
    Pipeline,
    /// A part of a pipeline, or its scheduler: `_class_name` alone.
    Part,
    /// `modules.json` of sentence-transformers.
    Modules,
    /// An index of shards.
    Index,
    /// `preprocessor_config.json`, `processor_config.json`.
    Processor,
}

/// What a document is.
pub(super) fn of_document(root: &Json) -> Option<Kind> {
    if let Some(first) = root.items().first() {
        let typed = first.get("type").and_then(Json::as_str).is_some() && first.get("path").is_some();
        return (typed && first.get("idx").is_some()).then_some(Kind::Modules);
    }
    of_keys(|key| root.get(key).is_some())
}

/// What the outermost keys of a text say, as far as they can be read.
pub(super) fn of_text(blob: &Blob, cx: &Context) -> Option<Kind> {
    if blob.len() > LARGEST {
        return looks_like_tokenizer(blob).then_some(Kind::Tokenizer);
    }
    let mut reader = Reader::new(blob, cx);
    if reader.kind().ok()? == Value::Array {
        return of_document(&reader.value().ok()?);
    }
    let mut keys = Vec::new();
    let read = reader.object(|_, key| {
        if keys.len() < 4096 {
            keys.push(key.to_owned());
        }
        Ok(())
    });
    read.ok()?;
    of_keys(|key| keys.iter().any(|known| known == key))
}

fn looks_like_tokenizer(blob: &[u8]) -> bool {
    let head = blob.get(..blob.len().min(4096)).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    head.starts_with('{') && head.contains("\"version\"") && head.contains("\"added_tokens\"")
}

fn of_keys(has: impl Fn(&str) -> bool) -> Option<Kind> {
    let all = |keys: &[&str]| keys.iter().all(|key| has(key));
    let any = |keys: &[&str]| keys.iter().any(|key| has(key));
    if all(&["version", "added_tokens", "model"]) {
        Some(Kind::Tokenizer)
    } else if has("weight_map") {
        Some(Kind::Index)
    } else if any(&["peft_type", "auto_mapping"]) {
        Some(Kind::Adapter)
    } else if has("_class_name") {
        Some(if any(&["scheduler", "unet", "transformer", "vae", "prior", "decoder"]) {
            Kind::Pipeline
        } else {
            Kind::Part
        })
    } else if any(&["model_type", "architectures"]) {
        Some(Kind::Config)
    } else if all(&["architecture", "pretrained_cfg"]) {
        Some(Kind::Timm)
    } else if any(&["tokenizer_class", "added_tokens_decoder", "chat_template", "model_max_length"]) {
        Some(Kind::TokenizerConfig)
    } else if any(&["image_processor_type", "feature_extractor_type", "processor_class", "video_processor_type"]) {
        Some(Kind::Processor)
    } else if any(&["_from_model_config", "max_new_tokens", "eos_token_id", "do_sample", "custom_generate"]) {
        Some(Kind::Generation)
    } else if has("auto_map") {
        Some(Kind::Config)
    } else {
        None
    }
}
