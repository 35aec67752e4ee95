//! Bytes → descriptor: the keys in words, and the tensor table.

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::resources::Figure;
use crate::descriptor::tokenizer::ChatTemplate;
use crate::descriptor::{LicenseDescriptor, ModelDescriptor, Producer, Task, TensorDescriptor, TokenizerDescriptor};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::formats::gguf::header::{Header, Pair, Value, lossy};
use crate::formats::gguf::{FORMAT, MAGIC, shape, types};
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, FormatId, Match};
use crate::license;
use crate::resources::{Setting, Stored, figures};
use crate::scan::template;

/// The longest text that the descriptor's metadata keep whole; templates and texts of licences are longer.
const TEXT: u64 = 4096;

/// The tags of one file that are kept.
const TAGS: u64 = 256;

/// Describes GGUF files; reads keys and table, not the weights.
#[derive(Debug, Clone, Copy, Default)]
pub struct GgufAnalyzer;

impl Analyzer for GgufAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        let begins = only_file(artifact).is_some_and(|(_, blob)| blob.starts_with(MAGIC));
        if begins { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let header = Header::read(&blob, cx)?.strict(&blob)?;
        let mut descriptor = ModelDescriptor::of(artifact, FORMAT, name).with_tensors(tensors(&header, name));
        let text = |key: &str| header.text(&blob, key).filter(|text| !text.is_empty());
        let order = if header.big_endian { ", big-endian" } else { "" };
        descriptor.format_version = Some(format!("{}{order}", header.version));
        descriptor.framework = Some(Producer { name: "ggml".to_owned(), version: None });
        let producer = text("general.quantized_by").or_else(|| text("general.author"));
        descriptor.producer = producer.map(|name| Producer { name, version: None });
        descriptor.architecture = text("general.architecture");
        descriptor.tokenizer = tokenizer(&header, &blob, cx);
        descriptor.task = descriptor.tokenizer.as_ref().map(|_| Task::Text);
        descriptor.tags = header.texts(&blob, "general.tags", TAGS);
        if let Some(file_type) = header.unsigned("general.file_type").and_then(types::file_type) {
            descriptor.tags.push(file_type.to_owned());
        }
        descriptor.metadata = metadata(&header, &blob);
        descriptor.license = license(&header, &blob, name, &descriptor.metadata);
        descriptor.findings = findings(&header, &blob);
        let (parameters, bytes) = (descriptor.parameters, descriptor.total_weight_bytes());
        descriptor.language_model = descriptor.architecture.as_ref().and_then(|arch| shape::of(&header, &blob, arch));
        let stored = Stored { parameters: Some(parameters), weight_bytes: Some(bytes) };
        // a shard counts what is in it alone, which says nothing of the whole
        let whole = header.unsigned("split.count").is_none_or(|count| count <= 1);
        let shape = descriptor.language_model.as_ref().filter(|_| whole && !header.tensors.is_empty());
        if let Some(shape) = shape {
            descriptor.resources = figures(shape, stored, Setting::default());
        } else {
            descriptor.resources.insert("parameters", Figure::exact(parameters));
            descriptor.resources.insert("weight_bytes", Figure::exact(bytes));
        }
        Ok(descriptor)
    }
}

fn tensors(header: &Header, file: &str) -> Vec<TensorDescriptor> {
    let tensor = |entry: &crate::formats::gguf::header::Entry| TensorDescriptor {
        name: entry.name.clone(),
        dtype: entry.ty().map_or_else(|| format!("type_{}", entry.code), |ty| ty.name.to_owned()),
        shape: entry.shape.clone(),
        bytes: entry.bytes().unwrap_or_default(),
        file: Some(file.to_owned()),
        start: Some(header.data_start.saturating_add(entry.offset)),
        ..TensorDescriptor::default()
    };
    header.tensors.iter().map(tensor).collect()
}

/// What the keys below `tokenizer.` say.
fn tokenizer(header: &Header, blob: &Blob, cx: &Context) -> Option<TokenizerDescriptor> {
    let model = header.text(blob, "tokenizer.ggml.model")?;
    // llama.cpp names tokenizers after the models that had them first
    let kind = match model.as_str() {
        "llama" | "replit" | "plamo2" => "sentencepiece",
        "gpt2" | "gemma4" => "bpe",
        "bert" => "wordpiece",
        "t5" => "unigram",
        other => other,
    };
    let count = |key: &str| match header.get(key) {
        Some(Value::List(list)) => Some(list.count),
        _ => None,
    };
    let ids: Vec<(&str, u64)> = SPECIAL
        .iter()
        .filter_map(|name| Some((*name, header.unsigned(&format!("tokenizer.ggml.{name}_id"))?)))
        .collect();
    let wanted: Vec<u64> = ids.iter().map(|(_, id)| *id).collect();
    let texts = header.texts_at(blob, "tokenizer.ggml.tokens", &wanted);
    let special = ids.iter().zip(texts).filter_map(|((name, _), text)| Some((spelt(name).to_owned(), text?)));
    let vocabulary = count("tokenizer.ggml.tokens");
    Some(TokenizerDescriptor {
        kind: kind.to_owned(),
        library: Some("gguf".to_owned()),
        vocabulary,
        tokens: vocabulary,
        highest_id: vocabulary.and_then(|tokens| tokens.checked_sub(1)),
        merges: count("tokenizer.ggml.merges"),
        special: special.collect(),
        pre_tokenizer: header.text(blob, "tokenizer.ggml.pre").into_iter().collect(),
        chat_templates: chat_templates(header, blob, cx),
        ..TokenizerDescriptor::default()
    })
}

/// Tokens with a part to play, as the keys name them.
const SPECIAL: [&str; 8] = [
    "bos_token",
    "eos_token",
    "unknown_token",
    "seperator_token",
    "padding_token",
    "cls_token",
    "mask_token",
    "eot_token",
];

/// The name that the rest of the world has for a key.
fn spelt(key: &str) -> &str {
    match key {
        "unknown_token" => "unk_token",
        "seperator_token" => "sep_token",
        "padding_token" => "pad_token",
        other => other,
    }
}

/// What the templates need, read and never rendered.
fn chat_templates(header: &Header, blob: &Blob, cx: &Context) -> Vec<ChatTemplate> {
    let template = |pair: &Pair| {
        let name = pair.key.strip_prefix("tokenizer.chat_template")?;
        let Value::Text(range) = &pair.value else { return None };
        let facts = template::facts(&lossy(blob, range), cx).unwrap_or_default();
        Some(ChatTemplate {
            name: name.strip_prefix('.').unwrap_or("default").to_owned(),
            bytes: range.end.saturating_sub(range.start),
            variables: facts.variables,
            roles: facts.roles,
            tools: facts.tools,
            ..ChatTemplate::default()
        })
    };
    header.pairs.iter().filter_map(template).collect()
}

/// The licence, and the models that this one was made from.
fn license(header: &Header, blob: &Blob, file: &str, metadata: &BTreeMap<String, String>) -> Option<LicenseDescriptor> {
    let mut found = license::Found::default();
    found.take_metadata(file, metadata.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    let bases = header.unsigned("general.base_model.count").unwrap_or_default().min(TAGS);
    for base in 0..bases {
        let text = |key: &str| header.text(blob, &format!("general.base_model.{base}.{key}"));
        let address = text("repo_url");
        let name =
            address.as_deref().and_then(|address| address.strip_prefix("https://huggingface.co/")).map(str::to_owned);
        if let Some(name) = name.or(address).or_else(|| text("name")) {
            found.take_base(&name);
        }
    }
    let mut license = found.known()?;
    license.link = header.text(blob, "general.license.link");
    Some(license)
}

/// Every key: numbers and short texts as they are, lists by what they hold.
fn metadata(header: &Header, blob: &Blob) -> BTreeMap<String, String> {
    let show = |value: &Value| match value {
        Value::Unsigned(number) => number.to_string(),
        Value::Signed(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Text(range) => match range.end.saturating_sub(range.start) {
            ..=TEXT => lossy(blob, range),
            bytes => format!("text of {bytes} bytes"),
        },
        Value::List(list) => format!("list of {}", list.count),
    };
    header.pairs.iter().map(|pair| (pair.key.clone(), show(&pair.value))).collect()
}

fn findings(header: &Header, blob: &Blob) -> Vec<Finding> {
    let mut findings = Vec::new();
    if header.text(blob, "general.architecture").is_none() {
        let message = "'general.architecture' is not there; every reader asks for it";
        findings.push(Finding::new("gguf.no_architecture", Severity::Warning, message));
    }
    if header.version < 2 {
        let message = "version 1 of the format; llama.cpp reads 2 and 3 alone";
        findings.push(Finding::new("gguf.old_version", Severity::Warning, message));
    }
    if let Some(count) = header.unsigned("split.count").filter(|count| *count > 1) {
        let number = header.unsigned("split.no").unwrap_or_default().saturating_add(1);
        let message = format!("part {number} of {count}; the tensors of the others are not counted");
        findings.push(Finding::new("gguf.split", Severity::Note, message));
    }
    for finding in &mut findings {
        finding.location.file = Some(blob.name().to_owned());
    }
    findings
}
