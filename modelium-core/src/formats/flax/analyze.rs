//! Bytes → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{FormatId, ModelDescriptor, Producer};
use crate::error::Result;
use crate::formats::flax::{FORMAT, tree};
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, Match};

/// Describes Flax checkpoints in MessagePack.
#[derive(Debug, Clone, Copy, Default)]
pub struct FlaxAnalyzer;

impl Analyzer for FlaxAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        let is = only_file(artifact).is_some_and(|(_, blob)| tree::begins_like_one(&blob));
        if is { Match::Certain } else { Match::No }
    }

    #[tracing::instrument(name = "modelium.analyze", skip_all, fields(format = "flax", model = artifact.name()))]
    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let tree = tree::read(&blob, name, cx)?;
        let mut descriptor = ModelDescriptor::of(artifact, FORMAT, name).with_tensors(tree.model);
        descriptor.framework = Some(Producer { name: "flax".to_owned(), version: None });
        descriptor.dependencies = vec!["flax".to_owned()];
        descriptor.metadata = tree.plain.into_iter().collect();
        descriptor.tensors.extend(tree.state);
        Ok(descriptor)
    }
}
