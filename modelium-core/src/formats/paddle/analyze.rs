//! Bytes → descriptor.

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{FileRole, ModelDescriptor, Producer, TensorDescriptor};
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::paddle::FORMAT;
use crate::formats::paddle::params::{self, PaddleFault, is_stream};
use crate::formats::paddle::program::{Program, is_pir, is_program};
use crate::formats::{Analyzer, FormatId, Match};
use crate::wire::budget::Budget;

/// Describes `PaddlePaddle` models.
#[derive(Debug, Clone, Copy, Default)]
pub struct PaddleAnalyzer;

/// The main file, and whether it is a program.
fn entry(artifact: &Artifact) -> Option<(String, bool)> {
    let find = |wanted: &dyn Fn(&Blob) -> bool| {
        let mut names = artifact.entries().map(|(name, _)| name);
        names.find(|name| artifact.blob(name).is_ok_and(|blob| wanted(&blob))).map(str::to_owned)
    };
    // a folder of many files is something else's
    if artifact.entries().count() > 64 {
        return None;
    }
    let program = find(&|blob| is_pir(blob) || is_program(blob)).map(|name| (name, true));
    program.or_else(|| Some((find(&is_stream)?, false)))
}

impl Analyzer for PaddleAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match entry(artifact) {
            Some((_, true)) => Match::Certain,
            Some((_, false)) => Match::Maybe,
            None => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let Some((name, is_program)) = entry(artifact) else {
            return Err(PaddleFault::NoModel.at(Location::file(artifact.name())));
        };
        let blob = artifact.blob(&name)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, &name);
        model.framework = Some(Producer { name: "paddle".to_owned(), version: None });
        if !is_program {
            return Ok(model.with_tensors(params::read(&blob, &name, &mut Budget::new(cx))?));
        }
        let program = Program::read(&blob, cx)?;
        if is_pir(&blob) {
            model.format_version = program.version.map(|version| format!("pir {version}"));
        } else if let Some(version) = program.version.filter(|version| *version > 0) {
            let spelt = format!("{}.{}.{}", version / 1_000_000, version / 1000 % 1000, version % 1000);
            model.framework = Some(Producer { name: "paddle".to_owned(), version: Some(spelt) });
        }
        for (kind, _) in &program.operators {
            let count = model.operators.entry(kind.clone()).or_insert(0);
            *count = count.saturating_add(1);
            model.nodes = model.nodes.saturating_add(1);
        }
        model.inputs = program.inputs;
        model.outputs = program.outputs;
        let tensors = parameters(artifact, &mut model, &program.parameters, cx)?;
        Ok(model.with_tensors(tensors))
    }
}

/// The stream beside the program, among the files of the artifact; its tensors get the program's names.
fn parameters(
    artifact: &Artifact,
    model: &mut ModelDescriptor,
    names: &[String],
    cx: &Context,
) -> Result<Vec<TensorDescriptor>> {
    let mut files = artifact.entries().map(|(name, _)| name).filter_map(|name| Some((name, artifact.blob(name).ok()?)));
    let Some((file, blob)) = files.find(|(_, blob)| is_stream(blob)) else { return Ok(Vec::new()) };
    let mut tensors = params::read(&blob, file, &mut Budget::new(cx))?;
    for listed in model.files.iter_mut().filter(|listed| listed.name == file) {
        listed.role = FileRole::ExternalData;
    }
    if tensors.len() == names.len() {
        for (tensor, name) in tensors.iter_mut().zip(names) {
            tensor.name.clone_from(name);
        }
    } else {
        let fault = PaddleFault::Names { names: names.len() as u64, tensors: tensors.len() as u64 };
        model.findings.push(Finding::new("paddle.names_differ", Severity::Warning, fault.to_string()));
    }
    Ok(tensors)
}
