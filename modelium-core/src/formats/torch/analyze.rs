//! What a checkpoint is, from its pickle; storages are not touched.

use std::collections::{BTreeMap, BTreeSet};

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{LayerDescriptor, ModelDescriptor, Producer, TensorDescriptor};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::formats::torch::error::TorchError;
use crate::formats::torch::records::{Kind, is_legacy, kind};
use crate::formats::torch::saved::{Saved, Source, row_major};
use crate::formats::torch::state::{self, State, Tensor};
use crate::formats::torch::{CHECKPOINT, program, script};
use crate::formats::{Analyzer, FormatId, Match};
use crate::scan::rules::torch as rules;
use crate::wire::pickle::{EffectKind, Trace, Value, ValueId};

/// Values of a dictionary that are kept as metadata.
const MOST_METADATA: usize = 200;

/// Describes what `torch.save` wrote: state dictionaries, whole modules, training checkpoints.
#[derive(Debug, Clone, Copy, Default)]
pub struct TorchAnalyzer;

/// The one file of an artifact.
pub(super) fn single(artifact: &Artifact) -> Option<(String, Blob)> {
    if artifact.is_folder() {
        return None;
    }
    let (name, _) = artifact.entries().next()?;
    Some((name.to_owned(), artifact.blob(name).ok()?))
}

impl Analyzer for TorchAnalyzer {
    fn format(&self) -> FormatId {
        CHECKPOINT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match single(artifact) {
            Some((_, blob)) if kind(&blob) == Some(Kind::Checkpoint) || is_legacy(&blob) => Match::Certain,
            _ => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = single(artifact).ok_or_else(|| TorchError::NoRecord {
            at: crate::error::Location::file(artifact.name()),
            record: "data.pkl",
        })?;
        let saved = Saved::open(&blob, cx)?;
        let mut model = ModelDescriptor::of(artifact, CHECKPOINT, &name);
        describe(&saved, &name, &mut model, cx)?;
        blob.release();
        Ok(model)
    }
}

/// Fills in what the pickle of the object says.
pub(super) fn describe(saved: &Saved, file: &str, model: &mut ModelDescriptor, cx: &Context) -> Result<()> {
    let trace = saved.object()?;
    let state = state::read(trace);
    model.framework = Some(Producer { name: "pytorch".to_owned(), version: None });
    match &saved.source {
        Source::Zip(records) => {
            model.format_version = records.word("version", cx).or_else(|| records.word(".data/version", cx));
            for record in [".format_version", ".storage_alignment", "byteorder"] {
                if let Some(word) = records.word(record, cx) {
                    model.metadata.insert(record.trim_start_matches('.').to_owned(), word);
                }
            }
        }
        Source::Legacy(legacy) => {
            model.format_version = Some("legacy".to_owned());
            if let Some(fault) = &legacy.fault {
                let finding = Finding::of(&rules::STORAGE_BOUNDS, fault.to_string());
                model.findings.push(finding.at(crate::error::Classify::location(fault)));
            }
        }
    }
    root_facts(trace, model);
    model.dependencies = dependencies(trace);
    if let Some((module, class)) = &state.class {
        model.architecture = Some(class.clone());
        model.metadata.entry("class".to_owned()).or_insert_with(|| format!("{module}.{class}"));
    }
    findings(saved, &state, model);
    let tensors = tensors(saved, &state, file, cx)?;
    let described = std::mem::take(model).with_tensors(tensors);
    *model = described;
    name_layers(&state, &mut model.layers);
    Ok(())
}

/// The rows of the tensor table, in the order of the pickle.
pub(super) fn tensors(saved: &Saved, state: &State<'_>, file: &str, cx: &Context) -> Result<Vec<TensorDescriptor>> {
    let cap = cx.limits().tensors;
    if state.tensors.len() as u64 > cap {
        let at = crate::error::Location::file(saved.blob.name());
        return Err(TorchError::TooMany { at, what: "tensors", limit: "tensors", cap }.into());
    }
    let mut places: BTreeMap<&str, Option<(u64, u64)>> = BTreeMap::new();
    // ranges of each storage that earlier tensors take
    let mut taken: BTreeMap<&str, Vec<(u64, u64, usize)>> = BTreeMap::new();
    let mut rows: Vec<TensorDescriptor> = Vec::new();
    for (done, (name, tensor)) in state.tensors.iter().enumerate() {
        cx.tick("analyze", done as u64, state.tensors.len() as u64)?;
        let key = tensor.storage.key;
        let place = *places.entry(key).or_insert_with(|| {
            let range = saved.place(key).and_then(|place| place.range)?;
            Some((range.start, range.end))
        });
        let window = saved.window(name, tensor).ok();
        let start = window.zip(place).and_then(|(window, (start, _))| start.checked_add(window.start));
        let mut shares = None;
        if let Some(window) = window.filter(|window| window.span > 0) {
            let end = window.start.saturating_add(window.span);
            let earlier = taken.entry(key).or_default();
            let holds = |(from, to, _): &&(u64, u64, usize)| *from <= window.start && end <= *to;
            // a storage of very many views is looked at from its beginning only
            shares =
                earlier.iter().take(64).find(holds).and_then(|(.., row)| rows.get(*row)).map(|row| row.name.clone());
            if shares.is_none() {
                earlier.push((window.start, end, rows.len()));
            }
        }
        rows.push(TensorDescriptor {
            name: name.clone(),
            dtype: type_name(tensor),
            shape: tensor.shape.clone(),
            strides: (!row_major(&tensor.shape, &tensor.strides)).then(|| tensor.strides.clone()),
            bytes: window.map_or(0, |window| window.bytes),
            file: start.map(|_| file.to_owned()),
            start,
            shares,
        });
    }
    Ok(rows)
}

/// The element type, or the class of the storage where it is not known.
fn type_name(tensor: &Tensor<'_>) -> String {
    let element = tensor.element.or(tensor.storage.element);
    element.map_or_else(|| tensor.storage.class.to_lowercase(), |element| element.name().to_owned())
}

/// What is wrong, and what a reader should know.
fn findings(saved: &Saved, state: &State<'_>, model: &mut ModelDescriptor) {
    const SHOWN: usize = 20;
    let flaws = state.tensors.iter().filter_map(|(name, tensor)| saved.window(name, tensor).err());
    for flaw in flaws.take(SHOWN) {
        let at = crate::error::Classify::location(&flaw);
        model.findings.push(Finding::of(&rules::STORAGE_BOUNDS, flaw.to_string()).at(at));
    }
    if state.beside > 0 {
        let place = state.key.as_deref().map_or_else(String::new, |key| format!("; the model is '{key}'"));
        let message =
            format!("{} tensors belong to optimizers and other states, and are not counted{place}", state.beside);
        model.findings.push(Finding::new("torch.states_beside_the_model", Severity::Note, message));
    }
    for (name, what) in state.others.iter().take(SHOWN) {
        let message = format!("tensor '{name}' is {what}; its elements are not counted");
        model.findings.push(Finding::new("torch.not_dense", Severity::Note, message));
    }
    if state.cut_off {
        let message = "the object nests too deeply, or shares too much, to list all of its tensors";
        model.findings.push(Finding::new("torch.cut_off", Severity::Warning, message));
    }
}

/// Classes of modules, by path.
fn name_layers(state: &State<'_>, layers: &mut [LayerDescriptor]) {
    let classes: BTreeMap<&str, &str> =
        state.modules.iter().map(|(path, class)| (path.as_str(), class.as_str())).collect();
    for layer in layers {
        if let Some(class) = classes.get(layer.name.as_str()) {
            layer.kind = Some((*class).to_owned());
        }
    }
}

/// Facts that training frameworks leave beside the weights.
fn root_facts(trace: &Trace, model: &mut ModelDescriptor) {
    let Some(root) = trace.result() else { return };
    if let Some(version) = trace.get(root, "pytorch-lightning_version").and_then(|version| trace.text(version)) {
        model.framework = Some(Producer { name: "pytorch_lightning".to_owned(), version: Some(version.into_owned()) });
    }
    let mut facts: Vec<(String, ValueId)> = Vec::new();
    for (key, value) in trace.entries(root).take(MOST_METADATA) {
        let Some(key) = trace.text(key) else { continue };
        if matches!(key.as_ref(), "hyper_parameters" | "hparams" | "config" | "args") {
            let inner = trace.entries(value).take(MOST_METADATA);
            facts.extend(inner.filter_map(|(name, value)| Some((format!("{key}.{}", trace.text(name)?), value))));
        } else {
            facts.push((key.into_owned(), value));
        }
    }
    for (key, value) in facts {
        if let Some(text) = scalar(trace, value) {
            model.metadata.insert(key, text);
        }
    }
}

/// A number, a truth value or a short text, as JSON or Python spell it.
fn scalar(trace: &Trace, id: ValueId) -> Option<String> {
    const LONGEST: usize = 200;
    match trace.value(id) {
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::Float(value) => Some(value.to_string()),
        Value::Str(_) => trace.str(id).filter(|text| text.len() <= LONGEST).map(str::to_owned),
        _ => None,
    }
}

/// Packages that loading imports; those that come with Python are left out.
fn dependencies(trace: &Trace) -> Vec<String> {
    const OWN: &[&str] = &[
        "__builtin__",
        "__main__",
        "_codecs",
        "argparse",
        "builtins",
        "collections",
        "copy_reg",
        "copyreg",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "operator",
        "pathlib",
        "random",
        "re",
        "types",
        "typing",
        "uuid",
    ];
    let mut packages: BTreeSet<String> = BTreeSet::from(["torch".to_owned()]);
    for effect in trace.effects() {
        let EffectKind::Reference(global) = effect.kind else { continue };
        let Some((module, _)) = trace.global(global) else { continue };
        let package = module.split('.').next().unwrap_or(module);
        if !OWN.contains(&package) && package != "__torch__" && packages.len() < MOST_METADATA {
            packages.insert(package.to_owned());
        }
    }
    packages.into_iter().collect()
}

/// What is shared by the analyzers of archives of one kind.
pub(super) fn analyze_kind(artifact: &Artifact, wanted: Kind, cx: &Context) -> Result<ModelDescriptor> {
    let (name, blob) = single(artifact).ok_or_else(|| TorchError::NoRecord {
        at: crate::error::Location::file(artifact.name()),
        record: "data.pkl",
    })?;
    let saved = Saved::open(&blob, cx)?;
    let model = match wanted {
        Kind::Script => script::analyze(&saved, artifact, &name, cx)?,
        Kind::Program | Kind::Checkpoint => program::analyze(&saved, artifact, &name, cx)?,
    };
    blob.release();
    Ok(model)
}
