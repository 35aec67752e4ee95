//! TorchScript: modules as a pickle, their code as text.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{ModelDescriptor, PortDescriptor};
use crate::error::Result;
use crate::formats::torch::analyze::{analyze_kind, describe, single};
use crate::formats::torch::records::{Kind, Records, kind};
use crate::formats::torch::saved::{Saved, Source};
use crate::formats::torch::{SCRIPT, code};
use crate::formats::{Analyzer, FormatId, Match};

/// Describes what `torch.jit.save` wrote.
#[derive(Debug, Clone, Copy, Default)]
pub struct TorchScriptAnalyzer;

impl Analyzer for TorchScriptAnalyzer {
    fn format(&self) -> FormatId {
        SCRIPT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        let is_script = single(artifact).is_some_and(|(_, blob)| kind(&blob) == Some(Kind::Script));
        if is_script { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        analyze_kind(artifact, Kind::Script, cx)
    }
}

pub(super) fn analyze(saved: &Saved, artifact: &Artifact, name: &str, cx: &Context) -> Result<ModelDescriptor> {
    let mut model = ModelDescriptor::of(artifact, SCRIPT, name);
    describe(saved, name, &mut model, cx)?;
    let Source::Zip(records) = &saved.source else { return Ok(model) };
    if let Some(class) = model.metadata.get("class").cloned() {
        ports(records, &class, &mut model, cx)?;
    }
    for record in records.names().filter(|name| name.starts_with("code/")).map(str::to_owned).collect::<Vec<_>>() {
        if !is_code(&record) {
            continue;
        }
        let Some(text) = records.structure(&record, cx)? else { continue };
        for found in code::uses(&text).into_iter().filter(|found| !found.name.is_empty()) {
            let count = model.operators.entry(format!("{}::{}", found.domain, found.name)).or_default();
            *count = count.saturating_add(1);
            model.nodes = model.nodes.saturating_add(1);
        }
    }
    Ok(model)
}

/// True for a record of source text.
pub(super) fn is_code(record: &str) -> bool {
    record.rsplit_once('.').is_some_and(|(_, end)| end == "py")
}

/// Inputs and outputs by the signature of `forward`.
fn ports(records: &Records, class: &str, model: &mut ModelDescriptor, cx: &Context) -> Result<()> {
    let Some((module, class)) = class.rsplit_once('.') else { return Ok(()) };
    let Some(text) = records.structure(&format!("code/{}.py", module.replace('.', "/")), cx)? else { return Ok(()) };
    let Some((parameters, result)) = std::str::from_utf8(&text).ok().and_then(|text| code::forward(text, class)) else {
        return Ok(());
    };
    let port = |name: String, ty: &str| {
        let optional = ty.starts_with("Optional[");
        PortDescriptor { name, ty: ty.to_lowercase(), dtype: None, shape: None, optional }
    };
    model.inputs = parameters.into_iter().map(|(name, ty)| port(name, &ty)).collect();
    model.outputs = vec![port("output".to_owned(), &result)];
    Ok(())
}
