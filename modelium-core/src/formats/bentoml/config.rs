//! The two configs.

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::formats::single::{head, only_file};

/// Which of the two a config is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Model,
    Bento,
}

/// The kind of a config, by the keys that BentoML writes.
pub(super) fn kind(blob: &[u8]) -> Option<Kind> {
    let text = head(blob, 1 << 16);
    let key = |name: &str| text.lines().any(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')));
    let names_itself = key("name") && key("version") && key("creation_time");
    if names_itself && key("service") && key("bentoml_version") {
        Some(Kind::Bento)
    } else if names_itself && key("module") && (key("api_version") || text.contains("bentoml_version")) {
        Some(Kind::Model)
    } else {
        None
    }
}

/// The entry that is the config: alone, or at the top of the folder.
pub(super) fn entry(artifact: &Artifact) -> Option<(&str, Blob, Kind)> {
    let beside = || {
        let named = |name: &&str| matches!(*name, "bento.yaml" | "model.yaml");
        let name = artifact.entries().map(|(name, _)| name).find(named)?;
        Some((name, artifact.blob(name).ok()?))
    };
    let (name, blob) = only_file(artifact).or_else(beside)?;
    kind(&blob).map(|kind| (name, blob, kind))
}
