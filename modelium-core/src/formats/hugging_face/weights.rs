//! The weights of a folder: safetensors files, their index, and what other formats lie beside them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::artifact::{Artifact, LocationError};
use crate::context::Context;
use crate::descriptor::{Component, FormatId, TensorDescriptor};
use crate::error::{ErrorKind, Location, Result};
use crate::finding::{Finding, Severity};
use crate::scan::{Exam, Part, rules};
use crate::wire::json::{self, Json};
use crate::wire::safetensors::{self, Header};

/// Findings of one kind that are told one by one.
const TOLD: usize = 20;

/// What was read of the weights of one folder.
#[derive(Debug, Default)]
pub(super) struct Weights {
    pub(super) tensors: Vec<TensorDescriptor>,
    /// Entries that hold them.
    pub(super) files: BTreeSet<String>,
    /// The index, if there is one.
    pub(super) index: Option<String>,
    pub(super) findings: Vec<Finding>,
    /// Key and value pairs of the headers.
    pub(super) metadata: BTreeMap<String, String>,
    /// Weights in other formats.
    pub(super) others: Vec<Component>,
}

/// Reads the headers of the safetensors files that a loader would take from below `prefix` (empty, or ending in `/`).
///
/// # Errors
/// `Cancelled` and `LimitExceeded`; a file that cannot be read is a finding.
pub(super) fn read(artifact: &Artifact, prefix: &str, cx: &Context) -> Result<Weights> {
    let beside: Vec<&str> = artifact
        .entries()
        .filter_map(|(name, _)| name.strip_prefix(prefix))
        .filter(|name| !name.contains('/'))
        .collect();
    let mut weights = Weights::default();
    let stored: Vec<&str> = beside.iter().copied().filter(|name| name.ends_with(".safetensors")).collect();
    let indexes = beside.iter().copied().filter(|name| name.ends_with(".safetensors.index.json"));
    // an index with a variant in its name (`model.fp16.safetensors.index.json`) is a second copy
    let index = indexes.min_by_key(|name| (name.matches('.').count(), name.len()));
    if let Some(index) = index {
        let entry = format!("{prefix}{index}");
        weights.indexed(artifact, prefix, &entry, &stored, cx)?;
        weights.index = Some(entry);
    } else {
        for name in chosen(&stored, &mut weights.findings) {
            weights.take(artifact, &format!("{prefix}{name}"), cx)?;
        }
    }
    weights.others = others(&beside, prefix);
    Ok(weights)
}

/// The files that hold the model, where no index says it: the usual name, all shards of a numbered set, or the only one.
fn chosen<'a>(stored: &[&'a str], findings: &mut Vec<Finding>) -> Vec<&'a str> {
    const USUAL: &[&str] = &[
        "model.safetensors",
        "adapter_model.safetensors",
        "diffusion_pytorch_model.safetensors",
        "pytorch_model.safetensors",
    ];
    let shards: Vec<_> = stored.iter().copied().filter(|name| shard_of(name).is_some()).collect();
    let chosen = match stored {
        [] => return Vec::new(),
        [only] => vec![*only],
        _ => match USUAL.iter().find_map(|usual| stored.iter().copied().find(|name| name == usual)) {
            Some(usual) => vec![usual],
            None if !shards.is_empty() => shards,
            None => {
                // variants (`model.fp16.safetensors`) are copies of each other
                let plain: Vec<_> = stored.iter().copied().filter(|name| name.matches('.').count() == 1).collect();
                if plain.len() == 1 { plain } else { Vec::new() }
            }
        },
    };
    let left: Vec<_> = stored.iter().filter(|name| !chosen.contains(name)).map(|name| format!("'{name}'")).collect();
    if chosen.is_empty() {
        let message = format!(
            "found {}, none of which is named as the model's weights; open one by its own path",
            left.join(", ")
        );
        findings.push(Finding::new("hugging_face.weights_unclear", Severity::Warning, message));
    } else if !left.is_empty() {
        let message = format!("{} beside the weights: copies or variants that loaders do not take", left.join(", "));
        findings.push(Finding::new("hugging_face.weights_beside", Severity::Note, message));
    }
    if let Some((count, of)) = missing_shards(&chosen) {
        let message = format!("shards are numbered up to {of}, {count} of them are missing");
        findings.push(Finding::new("hugging_face.shard_missing", Severity::Error, message));
    }
    chosen
}

/// `model-00002-of-00003.safetensors` → 2 of 3.
fn shard_of(name: &str) -> Option<(u64, u64)> {
    let stem = name.strip_suffix(".safetensors")?;
    let (rest, of) = stem.rsplit_once("-of-")?;
    let (_, number) = rest.rsplit_once('-')?;
    Some((number.parse().ok()?, of.parse().ok()?))
}

fn missing_shards(chosen: &[&str]) -> Option<(u64, u64)> {
    let shards: BTreeSet<_> = chosen.iter().filter_map(|name| shard_of(name)).collect();
    let of = shards.iter().map(|(_, of)| *of).max()?;
    let missing = of.saturating_sub(shards.len() as u64);
    (missing > 0).then_some((missing, of))
}

impl Weights {
    fn find(&mut self, code: &'static str, severity: Severity, message: String, at: &str) {
        self.findings.push(Finding::new(code, severity, message).at(Location::file(at)));
    }

    /// Adds the tensors of a file.
    fn take(&mut self, artifact: &Artifact, entry: &str, cx: &Context) -> Result<()> {
        let shown = artifact.display(entry);
        let blob = artifact.blob(entry)?;
        let header = match Header::read(&blob, cx) {
            Ok(header) => header,
            Err(error) if error.kind() == ErrorKind::Malformed => {
                let message = format!("the header cannot be read: {}", error.message());
                let finding = Finding::new("hugging_face.broken_weights", Severity::Error, message);
                self.findings.push(finding.at(error.location().clone()));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        for (at, flaw) in header.flaws(blob.len()).into_iter().take(TOLD) {
            let finding = Finding::new("hugging_face.broken_weights", Severity::Error, flaw.to_string());
            self.findings.push(finding.at(Location::at(shown.as_str(), at)));
        }
        self.metadata
            .extend(header.metadata.iter().map(|(key, value)| (key.clone().into_owned(), value.clone().into_owned())));
        self.tensors.extend(header.tensors.iter().map(|tensor| {
            TensorDescriptor {
                name: tensor.name.clone().into_owned(),
                dtype: safetensors::dtype(&tensor.dtype)
                    .map_or_else(|| tensor.dtype.to_ascii_lowercase(), |dtype| dtype.name().to_owned()),
                shape: tensor.shape.clone(),
                strides: None,
                bytes: tensor.end.saturating_sub(tensor.begin),
                file: Some(entry.to_owned()),
                start: header.data_start.checked_add(tensor.begin),
                shares: None,
            }
        }));
        self.files.insert(entry.to_owned());
        blob.release();
        Ok(())
    }

    /// Reads the shards of an index and holds both against each other.
    fn indexed(&mut self, artifact: &Artifact, prefix: &str, index: &str, stored: &[&str], cx: &Context) -> Result<()> {
        let shown = artifact.display(index);
        let root = match artifact.blob(index).and_then(|blob| json::parse(&blob, cx)) {
            Ok(document) => document.root,
            Err(error) if error.kind() == ErrorKind::Malformed => {
                self.find("hugging_face.broken_index", Severity::Error, error.message().to_owned(), &shown);
                Json::Null
            }
            Err(error) => return Err(error),
        };
        if !root.get("weight_map").is_some_and(Json::is_object) && root != Json::Null {
            let message = "'weight_map' is not an object that names a file for each tensor".to_owned();
            self.find("hugging_face.broken_index", Severity::Error, message, &shown);
        }
        let map: Vec<(&str, &str)> = root
            .get("weight_map")
            .map(Json::entries)
            .unwrap_or_default()
            .iter()
            .filter_map(|(tensor, file)| Some((tensor.as_str(), file.as_str()?)))
            .collect();
        let shards: BTreeSet<&str> = map.iter().map(|(_, file)| *file).collect();
        for shard in &shards {
            let entry = format!("{prefix}{shard}");
            if artifact.entry(&entry).is_some() {
                self.take(artifact, &entry, cx)?;
                continue;
            }
            let message = match artifact.resolve(index, shard) {
                Ok(_) | Err(LocationError::Missing) => format!("the index names '{shard}', which is not there"),
                Err(reason) => format!("the index names '{shard}', which is refused: {reason}"),
            };
            self.find("hugging_face.shard_missing", Severity::Error, message, &shown);
        }
        for file in stored.iter().filter(|file| !shards.contains(*file)) {
            let severity = if shard_of(file).is_some() { Severity::Warning } else { Severity::Note };
            let message = format!("'{file}' is not in the index; loaders do not take it");
            self.find("hugging_face.weights_beside", severity, message, &shown);
        }
        self.compare(&map, &shown, prefix);
        let claimed = root.at(&["metadata", "total_size"]).and_then(Json::as_f64);
        let found = self.tensors.iter().fold(0_u64, |sum, tensor| sum.saturating_add(tensor.bytes));
        #[expect(clippy::cast_precision_loss, reason = "some writers leave a float")]
        let differs = claimed.is_some_and(|claimed| (claimed - found as f64).abs() >= 1.0);
        if let Some(claimed) = claimed.filter(|_| differs && self.findings.is_empty()) {
            let message = format!("the index says {claimed} bytes, the shards hold {found}");
            self.find("hugging_face.total_size", Severity::Warning, message, &shown);
        }
        Ok(())
    }

    /// Tensors of the index that are elsewhere or nowhere, and tensors that it does not name.
    fn compare(&mut self, map: &[(&str, &str)], shown: &str, prefix: &str) {
        let mut held: HashMap<String, Vec<String>> = HashMap::new();
        for tensor in &self.tensors {
            let file = tensor.file.as_deref().unwrap_or_default();
            let file = file.strip_prefix(prefix).unwrap_or(file).to_owned();
            held.entry(tensor.name.clone()).or_default().push(file);
        }
        let read: BTreeSet<String> = held.values().flatten().cloned().collect();
        let (mut told, mut named) = (Vec::new(), BTreeSet::new());
        for (tensor, file) in map {
            named.insert(*tensor);
            match held.get(*tensor) {
                Some(files) if files.iter().any(|held| held == file) => {}
                Some(files) => told.push((
                    "hugging_face.tensor_misplaced",
                    format!("the index says that '{tensor}' is in '{file}'; it is in '{}'", files.join("' and '")),
                )),
                None if read.contains(*file) || self.tensors.is_empty() => told.push((
                    "hugging_face.tensor_missing",
                    format!("the index says that '{tensor}' is in '{file}'; it is not there"),
                )),
                None => {} // its shard is missing, which is told
            }
        }
        let twice = held.iter().filter(|(_, files)| files.len() > 1);
        told.extend(twice.map(|(tensor, files)| {
            (
                "hugging_face.tensor_twice",
                format!("'{tensor}' is in '{}'; loaders take one of them", files.join("' and '")),
            )
        }));
        let unnamed = held.keys().filter(|tensor| !named.contains(tensor.as_str()));
        told.extend(unnamed.map(|tensor| ("hugging_face.tensor_unlisted", format!("'{tensor}' is not in the index"))));
        told.sort();
        let count = told.len();
        for (code, message) in told.into_iter().take(TOLD) {
            self.find(code, Severity::Error, message, shown);
        }
        if count > TOLD {
            let message = format!("{count} disagreements of the index and its shards, of which {TOLD} are shown");
            self.find("hugging_face.more", Severity::Note, message, shown);
        }
    }
}

/// Weights in formats that describe themselves.
fn others(beside: &[&str], prefix: &str) -> Vec<Component> {
    const ENDS: &[(&str, &str)] = &[
        (".gguf", "gguf"),
        (".onnx", "onnx"),
        (".bin", "torch"),
        (".pt", "torch"),
        (".pth", "torch"),
        (".ckpt", "torch"),
        (".h5", "keras_h5"),
        (".msgpack", "flax"),
        (".tflite", "tflite"),
    ];
    let of = |name: &&&str| {
        let weights = !matches!(
            **name,
            "training_args.bin" | "scheduler.pt" | "optimizer.pt" | "optimizer.bin" | "scheduler.bin"
        );
        weights.then(|| ENDS.iter().find(|(end, _)| name.ends_with(end))).flatten().map(|(_, format)| *format)
    };
    let found = beside.iter().filter_map(|name| Some((*name, of(&name)?)));
    found
        .map(|(name, format)| Component {
            name: name.to_owned(),
            format: Some(FormatId::new(format)),
            path: Some(format!("{prefix}{name}")),
            ..Component::default()
        })
        .collect()
}

/// Reports a map of tensors to files that leads out of its folder.
pub(super) fn inspect_index(map: &Json, part: &Part, exam: &mut Exam<'_>) {
    let shards: BTreeSet<&str> = map.entries().iter().filter_map(|(_, file)| file.as_str()).collect();
    for shard in shards.into_iter().filter(|shard| leads_out(shard)) {
        let message = format!("the index names the shard '{shard}'");
        exam.report_seen(&rules::repository::ESCAPES, part.item("weight_map"), message, shard);
    }
}

/// True for names that lead elsewhere on some operating system.
fn leads_out(name: &str) -> bool {
    let drive = matches!(name.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    name.starts_with(['/', '\\', '~'])
        || drive
        || name.contains("://")
        || name.contains('\0')
        || name.split(['/', '\\']).any(|step| step == "..")
}
