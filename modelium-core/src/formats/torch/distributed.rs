//! Distributed checkpoints: a folder with one pickle that lists the tensors, and files of archives one behind the other.

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{FileRole, ModelDescriptor, Producer, TensorDescriptor};
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::torch::dtype::{self, Element};
use crate::formats::torch::error::TorchError;
use crate::formats::torch::records::kind;
use crate::formats::{Analyzer, FormatId, Inspector, Match, Sniff, Taken};
use crate::scan::{Exam, Part};
use crate::wire::pickle::{self, Options, Trace, ValueId};
use crate::wire::zip::chain;

/// What `torch.distributed.checkpoint` writes.
pub const DISTRIBUTED: FormatId = FormatId::new("torch_distributed");

const METADATA: &str = ".metadata";
/// Where optimizers keep their states, by the first step of the name.
const BESIDE: &[&str] = &["optim", "optimizer", "optimizers", "optimizer_state", "lr_scheduler", "scheduler"];

/// Describes a distributed checkpoint.
#[derive(Debug, Clone, Copy, Default)]
pub struct DistributedAnalyzer;

/// Takes the files of a distributed checkpoint apart: archives, one behind the other.
#[derive(Debug, Clone, Copy, Default)]
pub struct DistributedInspector;

impl Analyzer for DistributedAnalyzer {
    fn format(&self) -> FormatId {
        DISTRIBUTED
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        let names = |blob: Blob| {
            let start = blob.slice(0..blob.len().min(256)).unwrap_or(blob);
            memchr::memmem::find(&start, b"torch.distributed.checkpoint.metadata").is_some()
        };
        if artifact.is_folder() && artifact.blob(METADATA).is_ok_and(names) { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let blob = artifact.blob(METADATA)?;
        let trace = pickle::run(&blob, 0, Options { stage: "analyze", ..Options::default() }, cx)?;
        let Some(root) = trace.result() else {
            let reason = trace.fault().map_or_else(String::new, |fault| fault.kind.to_string());
            return Err(TorchError::Pickle { at: Location::file(blob.name()), reason }.into());
        };
        let mut model = ModelDescriptor::of(artifact, DISTRIBUTED, METADATA);
        model.framework = Some(Producer { name: "pytorch".to_owned(), version: None });
        model.dependencies = vec!["torch".to_owned()];
        let files = storage(&trace, root);
        for file in model.files.iter_mut().filter(|file| files.values().any(|used| *used == file.name)) {
            file.role = FileRole::ExternalData;
        }
        for missing in files.values().filter(|file| artifact.entry(file).is_none()) {
            let message = format!("the list names '{missing}', which is not in the folder");
            let finding = Finding::new("torch.missing_shard", Severity::Error, message);
            if !model.findings.contains(&finding) {
                model.findings.push(finding);
            }
        }
        let (mut tensors, mut beside) = (Vec::new(), 0_u64);
        let listed = trace.attr(root, "state_dict_metadata");
        for (key, value) in listed.into_iter().flat_map(|listed| trace.entries(listed)) {
            cx.tick("analyze", tensors.len() as u64, 0)?;
            let Some(name) = trace.text(key) else { continue };
            let Some(tensor) = tensor(&trace, &name, value, files.get(name.as_ref())) else { continue };
            if name.split('.').next().is_some_and(|first| BESIDE.contains(&first)) {
                beside = beside.saturating_add(1);
            } else {
                tensors.push(tensor);
            }
        }
        if beside > 0 {
            let message = format!("{beside} tensors belong to optimizers and other states, and are not counted");
            model.findings.push(Finding::new("torch.states_beside_the_model", Severity::Note, message));
        }
        Ok(model.with_tensors(tensors))
    }
}

/// One row of the list; none for what is no tensor.
fn tensor(trace: &Trace, name: &str, value: ValueId, file: Option<&String>) -> Option<TensorDescriptor> {
    let (_, class) = trace.class(value)?;
    if class != "TensorStorageMetadata" {
        return None;
    }
    let size = trace.attr(value, "size")?;
    let items = trace.items(size).or_else(|| trace.items(*trace.args(size)?.first()?))?;
    let shape: Vec<u64> = items.iter().map(|item| trace.size(*item)).collect::<Option<_>>()?;
    // the state of the properties is a tuple whose first item is the type
    let properties = trace.attr(value, "properties")?;
    let state = trace.call(properties).and_then(|call| call.states.last().copied());
    let dtype = state.and_then(|state| {
        trace.items(state).and_then(|items| items.first().copied()).or_else(|| trace.get(state, "dtype"))
    });
    let element = dtype.and_then(|dtype| trace.global(dtype)).and_then(|(_, name)| dtype::of_name(name));
    let elements = shape.iter().fold(1_u64, |product, dim| product.saturating_mul(*dim));
    Some(TensorDescriptor {
        name: name.to_owned(),
        dtype: element.map_or("unknown", Element::name).to_owned(),
        bytes: elements.saturating_mul(element.map_or(0, Element::bytes)),
        shape,
        file: file.cloned(),
        ..TensorDescriptor::default()
    })
}

/// The file of each tensor; of one in several pieces that of the first.
fn storage(trace: &Trace, root: ValueId) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let listed = trace.attr(root, "storage_data");
    for (key, value) in listed.into_iter().flat_map(|listed| trace.entries(listed)) {
        let name = trace.attr(key, "fqn").and_then(|name| trace.text(name));
        let path = trace.attr(value, "relative_path").and_then(|path| trace.text(path));
        if let (Some(name), Some(path)) = (name, path) {
            files.entry(name.into_owned()).or_insert_with(|| path.into_owned());
        }
    }
    files
}

impl Inspector for DistributedInspector {
    fn format(&self) -> FormatId {
        DISTRIBUTED
    }

    fn sniff(&self, part: &Part) -> Sniff {
        let archives = chain(&part.blob);
        let all = !archives.is_empty()
            && archives.iter().all(|range| part.blob.slice(range.clone()).is_some_and(|blob| kind(&blob).is_some()));
        if all { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        for range in chain(&part.blob) {
            let name = format!("archive at {}", range.start);
            if let Some(blob) = part.blob.slice(range) {
                exam.child(part, name, blob)?;
            }
        }
        Ok(Taken::Yes)
    }
}
