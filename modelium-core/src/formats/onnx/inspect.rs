//! What would act in an ONNX model: operators that call back into Python or need a library, data that leads elsewhere,
//! functions that never end; what hides among its weights and its metadata.

use std::collections::{BTreeMap, HashSet};
use std::error::Error as _;

use crate::artifact::{Artifact, LocationError};
use crate::blob::Blob;
use crate::error::{ErrorKind, Location, Result};
use crate::finding::Severity;
use crate::formats::onnx::analyze::findings::strangers;
use crate::formats::onnx::import::read;
use crate::formats::onnx::locate;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::ir::{self, AttributeValue, CheckError, Graph, Model, Node};
use crate::scan::{Exam, Part, content, rules, secrets};
use crate::tensor::{Data, External, Tensor};

/// Bytes between two tensors of a file that writers leave for alignment.
const PADDING: u64 = 64 << 10;

/// Looks for danger in ONNX models.
#[derive(Debug, Clone, Copy, Default)]
pub struct OnnxInspector;

impl Inspector for OnnxInspector {
    fn format(&self) -> FormatId {
        FormatId::ONNX
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if locate::looks_like_onnx(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let (artifact, entry) = match exam.entry(part) {
            Some((artifact, entry)) => (artifact.only(entry)?, entry.to_owned()),
            None => (Artifact::from_bytes(part.name(), part.blob.bytes().clone()), part.name().to_owned()),
        };
        let (model, _) = read(&artifact, &entry, exam.cx())?;
        operators(&model, part, exam);
        recursion(&model, part, exam)?;
        for (_, node) in model.graphs().into_iter().flat_map(Graph::nodes) {
            compiled(node, &artifact, &entry, part, exam);
        }
        for (key, value) in &model.metadata {
            let (key, value) = (key.as_deref().unwrap_or_default(), value.as_deref().unwrap_or_default());
            secrets::examine_entry(&part.item(format!("metadata_props.{key}")), key, value, exam);
        }
        for doc in [&model.provenance.doc, &model.graph.doc].into_iter().flatten() {
            secrets::examine(&part.item("doc_string"), doc, exam);
        }
        weights(&model, part, exam)?;
        Ok(Taken::Yes)
    }

    /// Files of raw bytes beside the models, which only they can tell from anything else.
    fn inspect_folder(&self, folder: &Artifact, exam: &mut Exam<'_>) -> Result<()> {
        for (name, _) in folder.entries() {
            let Ok(blob) = folder.blob(name) else { continue };
            if !locate::looks_like_onnx(&blob) {
                continue;
            }
            let (alone, cx) = (folder.only(name)?, exam.cx());
            let model = match read(&alone, name, cx) {
                Ok((model, _)) => model,
                Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
                // what is wrong with it is reported where it is examined by itself
                Err(_) => continue,
            };
            for (file, ranges) in external(&model) {
                account(folder, &file, ranges, exam)?;
            }
        }
        Ok(())
    }
}

/// Operators that run what no graph says.
fn operators(model: &Model, part: &Part, exam: &mut Exam<'_>) {
    for (_, node) in model.graphs().into_iter().flat_map(Graph::nodes) {
        let (domain, name) = (node.op.domain(), node.op.name());
        exam.uses(&if domain.is_empty() { name.to_owned() } else { format!("{domain}::{name}") });
    }
    let mut findings = Vec::new();
    strangers(model, &mut findings);
    for finding in findings {
        match (finding.severity, finding.code.as_ref()) {
            (Severity::Danger, _) => exam.report(&rules::graph::RUNS_CODE, part.location(), finding.message),
            (_, "onnx.unknown_domain") => exam.report(&rules::graph::NEEDS_LIBRARY, part.location(), finding.message),
            _ => {}
        }
    }
}

/// Runtimes put functions in the place of their calls: what calls itself never ends.
fn recursion(model: &Model, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    match ir::check(model, exam.cx()) {
        Err(error) if error.kind() == ErrorKind::Cancelled => Err(error),
        Err(error) => {
            let fault = error.source().and_then(|source| source.downcast_ref::<CheckError>());
            if matches!(fault, Some(CheckError::Recursion { .. })) {
                exam.report(&rules::structure::MALFORMED, part.location(), error.message());
            }
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}

/// A part of the graph that was compiled for some device, in a file that the model names.
fn compiled(node: &Node, artifact: &Artifact, entry: &str, part: &Part, exam: &mut Exam<'_>) {
    if node.op.name() != "EPContext" {
        return;
    }
    let value = |name: &str| node.attributes.iter().find(|attribute| attribute.name == name).map(|found| &found.value);
    if matches!(value("embed_mode"), None | Some(AttributeValue::Int(1))) {
        return;
    }
    let Some(AttributeValue::String(location)) = value("ep_cache_context") else { return };
    let location = String::from_utf8_lossy(location);
    if let Err(reason) = artifact.resolve(entry, &location)
        && !matches!(reason, LocationError::Missing | LocationError::Unreadable(_))
    {
        let name = node.name.as_deref().unwrap_or_default();
        let message = format!("node '{name}' loads compiled code from '{location}': {reason}");
        exam.report(&rules::structure::UNSAFE_CONTENT, part.location(), message);
    }
}

/// Programs and archives among the weights, in the model's own file and in those beside it.
fn weights(model: &Model, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    let mut seen = HashSet::new();
    for tensor in tensors(model) {
        let blob = match &tensor.data {
            Data::Raw(blob) | Data::External(External { blob, .. }) => blob,
            Data::Fields(..) | Data::Strings(_) => continue,
        };
        if blob.is_empty() || !seen.insert((blob.as_ptr() as usize, blob.bytes().len())) {
            continue;
        }
        let within = blob.offset()..blob.offset().saturating_add(blob.len());
        let own = part.blob.slice(within.clone()).is_some_and(|own| own.as_ptr() == blob.as_ptr());
        if own {
            content::search(part, within, exam)?;
        } else {
            let beside = Part { blob: blob.clone(), file: blob.name().to_owned(), members: Vec::new() };
            content::search(&beside, 0..blob.len(), exam)?;
        }
    }
    Ok(())
}

/// Every tensor of the model, wherever it stands.
fn tensors(model: &Model) -> impl Iterator<Item = &Tensor> {
    model.graphs().into_iter().flat_map(|graph| {
        let sparse = graph.sparse_initializers.iter().flat_map(|found| [&found.tensor.values, &found.tensor.indices]);
        let held = graph.nodes().flat_map(|(_, node)| &node.attributes).flat_map(|attribute| {
            let sparse = match &attribute.value {
                AttributeValue::SparseTensor(tensor) => std::slice::from_ref(&**tensor),
                AttributeValue::SparseTensors(tensors) => tensors,
                _ => &[],
            };
            attribute.value.tensors().iter().chain(sparse.iter().flat_map(|sparse| [&sparse.values, &sparse.indices]))
        });
        graph.initializers.iter().map(|initializer| &initializer.tensor).chain(sparse).chain(held)
    })
}

/// The files beside a model, and the ranges of each that are of some tensor.
fn external(model: &Model) -> BTreeMap<String, Vec<(u64, u64)>> {
    let mut files: BTreeMap<String, Vec<(u64, u64)>> = BTreeMap::new();
    for tensor in tensors(model) {
        if let Data::External(External { blob, .. }) = &tensor.data {
            let range = (blob.offset(), blob.offset().saturating_add(blob.len()));
            files.entry(blob.name().to_owned()).or_default().push(range);
        }
    }
    files
}

/// Answers for a file of external data, if its tensors leave no more of it than alignment does.
fn account(folder: &Artifact, file: &str, mut ranges: Vec<(u64, u64)>, exam: &mut Exam<'_>) -> Result<()> {
    let Some((name, _)) = folder.entries().find(|(name, _)| folder.display(name) == file) else { return Ok(()) };
    let blob: Blob = folder.blob(name)?;
    ranges.push((blob.len(), blob.len()));
    ranges.sort_unstable();
    let mut reached = 0;
    for (start, end) in ranges {
        let left = blob.slice(reached..start.max(reached));
        let padding =
            start.saturating_sub(reached) < PADDING && left.is_some_and(|left| left.iter().all(|byte| *byte == 0));
        if start > reached && !padding {
            let at = Location::at(file, reached);
            exam.gap(at, start.saturating_sub(reached), "bytes of a file of external data that are of no tensor");
            return Ok(());
        }
        reached = reached.max(end);
    }
    exam.accounts_for(file);
    Ok(())
}
