//! A folder, or one of its JSON files → descriptor.

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{FileRole, ModelDescriptor, Producer, Resources, TensorDescriptor};
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::{Analyzer, FormatId, Match};
use crate::license::{self, card};
use crate::resources::{self, Setting, Stored};
use crate::tokenizer::{self, ModelFacts};
use crate::wire::json::{self, Json};

use super::config::Config;
use super::error::HuggingFaceError;
use super::hooks;
use super::kind::{self, Kind};
use super::quantization::Quantization;
use super::shape;
use super::weights::{self, Weights};
use super::{FORMAT, components, pieces, quantization, task};

/// Describes folders of Hugging Face's libraries, and their JSON files one by one.
#[derive(Debug, Clone, Copy, Default)]
pub struct HuggingFaceAnalyzer;

/// Files that tell what a folder is, the one that speaks for all of it first.
const DOCUMENTS: &[&str] = &["model_index.json", "modules.json", "adapter_config.json", "config.json"];

impl Analyzer for HuggingFaceAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        let cx = Context::new();
        let kind = |name: &str| artifact.blob(name).ok().and_then(|blob| kind::of_text(&blob, &cx));
        if !artifact.is_folder() {
            let Some((name, _)) = artifact.entries().next() else { return Match::No };
            let Ok(blob) = artifact.blob(name) else { return Match::No };
            if pieces::looks_like_pieces(&blob) {
                return Match::Maybe;
            }
            let opens = blob.iter().take(64).find(|byte| !byte.is_ascii_whitespace());
            let text = matches!(opens, Some(b'{' | b'[')) && blob.len() <= kind::LARGEST.saturating_mul(8);
            return match kind(name).filter(|_| text) {
                Some(Kind::Generation | Kind::Processor | Kind::Index | Kind::Part) => Match::Maybe,
                Some(_) => Match::Certain,
                None => Match::No,
            };
        }
        let named: Vec<_> = DOCUMENTS.iter().filter(|name| artifact.entry(name).is_some()).collect();
        if named.iter().any(|name| kind(name).is_some()) {
            return Match::Certain;
        }
        let has = |end: &str| artifact.entries().any(|(name, _)| !name.contains('/') && name.ends_with(end));
        let tokenizer = artifact.entry("tokenizer.json").is_some() || artifact.entry("tokenizer_config.json").is_some();
        // a document that cannot be read gets an error that says where
        let broken = named.iter().any(|name| artifact.blob(name).is_ok_and(|blob| json::parse(&blob, &cx).is_err()));
        if broken || tokenizer || has(".safetensors.index.json") || (has(".safetensors") && has(".md")) {
            Match::Maybe
        } else {
            Match::No
        }
    }

    #[tracing::instrument(name = "modelium.analyze", skip_all, fields(format = "hugging_face", model = artifact.name()))]
    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        if artifact.is_folder() { folder(artifact, cx) } else { single(artifact, cx) }
    }
}

fn document(artifact: &Artifact, entry: &str, cx: &Context) -> Result<Json> {
    let blob = artifact.blob(entry)?;
    let root = json::parse(&blob, cx)?.root;
    if !root.is_object() && root.items().is_empty() {
        let found = "another value";
        return Err(HuggingFaceError::NoConfig { at: blob.location(0), found }.into());
    }
    Ok(root)
}

/// One JSON file alone: what it says, and nothing of what lies beside it.
fn single(artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
    let (entry, _) = crate::formats::single::the_file(artifact)?;
    let blob = artifact.blob(entry)?;
    let mut model = ModelDescriptor::of(artifact, FORMAT, entry);
    if pieces::looks_like_pieces(&blob) {
        keep_tokenizer(&mut model, tokenizer::read_pieces(&blob, cx)?, &ModelFacts::default());
        return Ok(model);
    }
    if kind::of_text(&blob, cx) == Some(Kind::Tokenizer) {
        let alone = Artifact::from_entries(artifact.name(), [("tokenizer.json".to_owned(), blob.bytes().clone())]);
        take_tokenizer(&mut model, &alone, &ModelFacts::default(), cx)?;
        return Ok(model);
    }
    let root = document(artifact, entry, cx)?;
    let config = describe(&mut model, &root, artifact);
    if kind::of_document(&root) == Some(Kind::TokenizerConfig) {
        let alone =
            Artifact::from_entries(artifact.name(), [("tokenizer_config.json".to_owned(), blob.bytes().clone())]);
        take_tokenizer(&mut model, &alone, &ModelFacts::default(), cx)?;
    }
    take_resources(&mut model, &root, &config);
    Ok(model)
}

fn folder(artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
    let main = DOCUMENTS.iter().copied().find(|name| artifact.entry(name).is_some());
    let mut model = ModelDescriptor::of(artifact, FORMAT, main.unwrap_or_default());
    let mut config = Config::default();
    let mut shapes = Json::Null;
    // the configuration first, then what speaks for the whole folder
    for name in DOCUMENTS.iter().rev().filter(|name| artifact.entry(name).is_some()) {
        let root = document(artifact, name, cx)?;
        let read = describe(&mut model, &root, artifact);
        if *name == "config.json" {
            (config, shapes) = (read, root);
        }
    }
    if main.is_none()
        && !artifact.entries().any(|(name, _)| name.ends_with(".safetensors") || tokenizer::is_tokenizer_file(name))
    {
        return Err(HuggingFaceError::NoDocument { at: Location::file(artifact.name()) }.into());
    }
    versions(&mut model, artifact, cx)?;
    let stored = all_weights(&mut model, artifact, cx)?;
    take_card(&mut model, artifact, cx)?;
    let facts = ModelFacts {
        vocabulary: config.vocabulary,
        embedding_rows: embedding_rows(&model.tensors),
        context: config.context,
        ids: config.ids.clone(),
    };
    let places: Vec<String> = tokenizer_folders(artifact);
    for place in places {
        let facts = if place.is_empty() { facts.clone() } else { ModelFacts::default() };
        if let Some(found) = tokenizer::read(artifact, &place, cx)? {
            keep_tokenizer(&mut model, found, &facts);
        }
        if model.tokenizer.is_some() {
            break;
        }
    }
    for file in &mut model.files {
        if stored.files.contains(&file.name) {
            file.role = FileRole::ExternalData;
        }
    }
    dtype_agrees(&mut model, &config);
    take_resources(&mut model, &shapes, &config);
    for finding in &mut model.findings {
        finding.location.file.get_or_insert_with(|| artifact.name().to_owned());
    }
    Ok(model)
}

/// Where a tokenizer can lie: at the top, or in the parts of a pipeline.
fn tokenizer_folders(artifact: &Artifact) -> Vec<String> {
    let mut places = vec![String::new()];
    let named = artifact.entries().filter(|(name, _)| tokenizer::is_tokenizer_file(name));
    let below = named.filter_map(|(name, _)| name.rsplit_once('/')).filter(|(folder, _)| !folder.contains('/'));
    places.extend(below.map(|(folder, _)| format!("{folder}/")));
    places.dedup();
    places
}

/// Takes what one document says.
fn describe(model: &mut ModelDescriptor, root: &Json, artifact: &Artifact) -> Config {
    let text = |key: &str| root.get(key).and_then(Json::as_str).map(str::to_owned);
    let mut config = Config::default();
    let framework = |name: &str, version: Option<String>| Some(Producer { name: name.to_owned(), version });
    match kind::of_document(root) {
        Some(Kind::Pipeline | Kind::Part) => {
            let class = root.get("_class_name");
            model.architecture =
                class.and_then(|class| class.as_str().or_else(|| class.items().last()?.as_str())).map(str::to_owned);
            model.framework = framework("diffusers", text("_diffusers_version"));
            model.components = components::pipeline(root, artifact);
        }
        Some(Kind::Modules) => {
            model.components = components::modules(root, artifact);
            model.framework = framework("sentence-transformers", None);
        }
        Some(Kind::Adapter) => {
            model.framework = framework("peft", text("peft_version"));
            model.architecture = text("peft_type");
            for (key, name) in [("task_type", "task_type"), ("base_model_name_or_path", "base_model"), ("r", "rank")] {
                let value = root.get(key);
                let value = value
                    .and_then(Json::as_str)
                    .map(str::to_owned)
                    .or_else(|| value?.as_u64().map(|number| number.to_string()));
                model.metadata.extend(value.map(|value| (name.to_owned(), value)));
            }
        }
        Some(Kind::Config | Kind::Timm) => {
            config = Config::of(root);
            let timm = root.get("pretrained_cfg").is_some();
            model.framework = framework(if timm { "timm" } else { "transformers" }, config.version.clone());
            model.architecture.clone_from(&config.architecture);
            let family = config.family.as_deref().unwrap_or_default();
            let architecture = config.architecture.as_deref().unwrap_or_default();
            model.task = task::of_architecture(architecture, family, config.towers);
            if timm {
                model.task = Some(crate::descriptor::Task::Vision);
            }
            let quantization = config.quantization.as_ref();
            for (key, value) in [
                ("model_type", config.family.clone()),
                ("dtype", config.dtype.clone()),
                ("quantization", quantization.map(|quantization| quantization.method.clone())),
                (
                    "quantization_bits",
                    quantization.and_then(|quantization| quantization.bits).map(|bits| bits.to_string()),
                ),
            ] {
                model.metadata.extend(value.map(|value| (key.to_owned(), value)));
            }
            model.dependencies.extend(quantization.and_then(Quantization::package).map(str::to_owned));
        }
        _ => {}
    }
    for hook in hooks::of_document(root) {
        let finding = Finding::of(hook.rule, hook.message).evidence(hook.seen);
        model.findings.push(finding.at(Location::item(hook.item)));
    }
    config
}

/// The versions that a loader needs, as far as files name them.
fn versions(model: &mut ModelDescriptor, artifact: &Artifact, cx: &Context) -> Result<()> {
    if artifact.entry("config_sentence_transformers.json").is_some() {
        let root = document(artifact, "config_sentence_transformers.json", cx)?;
        for (library, version) in root.get("__version__").map(Json::entries).unwrap_or_default() {
            let Some(version) = version.as_str() else { continue };
            let name = if library == "pytorch" { "torch" } else { library };
            model.dependencies.push(format!("{}=={version}", name.replace('_', "-")));
            if library == "sentence_transformers" {
                model.framework =
                    Some(Producer { name: "sentence-transformers".to_owned(), version: Some(version.to_owned()) });
            }
        }
    }
    if let Some(framework) = &model.framework {
        let asked = match &framework.version {
            Some(version) => format!("{}=={version}", framework.name),
            None => framework.name.clone(),
        };
        if !model.dependencies.iter().any(|known| known.split('=').next() == Some(framework.name.as_str())) {
            model.dependencies.push(asked);
        }
    }
    model.dependencies.sort();
    model.dependencies.dedup();
    Ok(())
}

/// Reads the weights at the top and of every part.
fn all_weights(model: &mut ModelDescriptor, artifact: &Artifact, cx: &Context) -> Result<Weights> {
    let mut all = weights::read(artifact, "", cx)?;
    let paths: Vec<String> = model.components.iter().filter_map(|component| component.path.clone()).collect();
    for path in paths {
        let found = weights::read(artifact, &format!("{path}/"), cx)?;
        let named = found
            .tensors
            .into_iter()
            .map(|tensor| TensorDescriptor { name: format!("{path}.{}", tensor.name), ..tensor });
        all.tensors.extend(named);
        all.files.extend(found.files);
        all.findings.extend(found.findings);
        all.others.extend(found.others);
    }
    if all.tensors.is_empty()
        && all.others.iter().any(|other| other.format.as_ref().is_some_and(|format| format.as_str() != "onnx"))
    {
        let names: Vec<_> = all.others.iter().map(|other| format!("'{}'", other.name)).collect();
        let message = format!("the weights are in {}; open them by their own path for their tensors", names.join(", "));
        model.findings.push(Finding::new("hugging_face.weights_elsewhere", Severity::Note, message));
    }
    for (key, value) in &all.metadata {
        model.metadata.insert(format!("safetensors.{key}"), value.clone());
    }
    model.components.append(&mut all.others);
    model.findings.append(&mut all.findings);
    let taken = std::mem::take(model);
    *model = taken.with_tensors(std::mem::take(&mut all.tensors));
    Ok(all)
}

/// The model card and the licence.
fn take_card(model: &mut ModelDescriptor, artifact: &Artifact, cx: &Context) -> Result<()> {
    let mut found = license::read(artifact, "", cx)?;
    if let Some((_, front)) = card::find(artifact, "", cx)? {
        model.tags.extend(card::strings(front.get("tags")));
        for key in ["pipeline_tag", "library_name"] {
            let value = front.get(key).and_then(Json::as_str);
            model.metadata.extend(value.map(|value| (key.to_owned(), value.to_owned())));
        }
        let languages = card::strings(front.get("language"));
        if !languages.is_empty() {
            model.metadata.insert("language".to_owned(), languages.join(", "));
        }
        model.task = front.get("pipeline_tag").and_then(Json::as_str).and_then(task::of_tag).or(model.task);
    }
    let safetensors =
        model.metadata.iter().filter_map(|(key, value)| Some((key.strip_prefix("safetensors.")?, value.as_str())));
    found.take_metadata("safetensors", safetensors);
    if let Some(base) = model.metadata.get("base_model") {
        found.take_base(base);
    }
    model.license = found.known();
    model.findings.append(&mut found.findings);
    Ok(())
}

fn take_tokenizer(model: &mut ModelDescriptor, artifact: &Artifact, facts: &ModelFacts, cx: &Context) -> Result<()> {
    if let Some(found) = tokenizer::read(artifact, "", cx)? {
        keep_tokenizer(model, found, facts);
    }
    Ok(())
}

fn keep_tokenizer(model: &mut ModelDescriptor, found: tokenizer::Tokenizer, facts: &ModelFacts) {
    model.findings.extend(tokenizer::check(&found, facts));
    model.findings.extend(found.findings);
    model.tokenizer = Some(found.descriptor);
}

/// Rows of the token embedding, by the names that families give it.
fn embedding_rows(tensors: &[TensorDescriptor]) -> Option<u64> {
    const NAMES: &[&str] = &[
        "embed_tokens.weight",
        "wte.weight",
        "word_embeddings.weight",
        "embed_in.weight",
        "tok_embeddings.weight",
        "backbone.embeddings.weight",
        "backbone.embedding.weight",
        "shared.weight",
        "decoder.embed_tokens.weight",
    ];
    let named = |name: &str| {
        NAMES.iter().any(|end| name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    };
    // a tower of a larger model may have an embedding of its own
    let found = tensors.iter().filter(|tensor| named(&tensor.name) && tensor.shape.len() == 2);
    let mut rows: Vec<u64> = found.filter_map(|tensor| tensor.shape.first().copied()).collect();
    rows.dedup();
    if let [only] = rows.as_slice() { Some(*only) } else { None }
}

/// The element type that the configuration asks for is the one that most weights have.
fn dtype_agrees(model: &mut ModelDescriptor, config: &Config) {
    let most = model.weight_bytes.iter().max_by_key(|(_, bytes)| **bytes).map(|(dtype, _)| dtype.name());
    let Some((said, stored)) = config.dtype.as_deref().zip(most).filter(|(said, stored)| said != stored) else {
        return;
    };
    if config.quantization.is_none() {
        let message = format!("the configuration asks for {said}, most weights are stored as {stored}");
        model.findings.push(Finding::new("hugging_face.dtype_disagrees", Severity::Note, message));
    }
}

/// The figures of a language model; of other models what was counted.
fn take_resources(model: &mut ModelDescriptor, root: &Json, config: &Config) {
    let counted = !model.tensors.is_empty();
    let stored = Stored {
        parameters: counted.then(|| quantization::parameters(&model.tensors, config.quantization.as_ref())),
        weight_bytes: counted.then(|| model.total_weight_bytes()),
    };
    let Some(shaped) = shape::of_config(root) else {
        let figures = [("parameters", stored.parameters), ("weight_bytes", stored.weight_bytes)];
        for (name, value) in figures {
            if let Some(value) = value {
                model.resources.insert(name, crate::descriptor::resources::Figure::exact(value));
            }
        }
        return;
    };
    let mut figures = resources::figures(&shaped.shape, stored, Setting::default());
    if shaped.partial && !counted {
        // the shape does not account for all of the model
        let known: BTreeMap<_, _> = std::mem::take(&mut figures.figures);
        let of_cache = |name: &str| name.starts_with("kv_cache") || name.starts_with("state");
        figures = Resources { figures: known.into_iter().filter(|(name, _)| of_cache(name)).collect() };
    }
    model.resources = figures;
    model.language_model = Some(shaped.shape);
}
