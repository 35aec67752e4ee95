//! The folders of a repository.

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::context::Context;
use crate::error::Result;
use crate::wire::pbtxt::{self, Message, Value};

/// The file that configures a model.
const CONFIG: &str = "config.pbtxt";

/// One model of a repository.
#[derive(Debug, Clone, Default)]
pub(super) struct Served<'a> {
    /// Its folder; empty where the artifact is the model itself.
    pub(super) folder: &'a str,
    /// The entry of its config.
    pub(super) config: Option<String>,
    /// Files by version.
    pub(super) versions: BTreeMap<u64, Vec<&'a str>>,
}

/// The models of a repository: folders with numbered versions, some of them with a config.
///
/// A folder of folders with numbers could be anything, so a repository needs one config at least.
pub(super) fn models(artifact: &Artifact) -> Vec<Served<'_>> {
    if !artifact.is_folder() {
        return Vec::new();
    }
    let mut models: BTreeMap<&str, Served<'_>> = BTreeMap::new();
    for (name, _) in artifact.entries() {
        let (folder, rest) = split(name);
        let Some(rest) = rest else { continue };
        let served = models.entry(folder).or_insert_with(|| Served { folder, ..Served::default() });
        if rest == CONFIG {
            served.config = Some(name.to_owned());
        } else if let Some(Ok(version)) = rest.split_once('/').map(|(version, _)| version.parse()) {
            served.versions.entry(version).or_default().push(name);
        }
    }
    let mut models: Vec<_> =
        models.into_values().filter(|model| model.config.is_some() || !model.versions.is_empty()).collect();
    if !models.iter().any(|model| model.config.is_some() && (!model.versions.is_empty() || models.len() > 1)) {
        models.clear();
    }
    models
}

/// The folder of a model and the way inside it; none for files that belong to no model.
fn split(name: &str) -> (&str, Option<&str>) {
    let own =
        |rest: &str| rest == CONFIG || rest.split_once('/').is_some_and(|(version, _)| version.parse::<u64>().is_ok());
    if own(name) {
        return ("", Some(name));
    }
    match name.split_once('/') {
        Some((folder, rest)) if own(rest) => (folder, Some(rest)),
        _ => (name, None),
    }
}

/// Reads the config of a model.
pub(super) fn config(artifact: &Artifact, entry: &str, cx: &Context) -> Result<Message> {
    let blob = artifact.blob(entry)?;
    pbtxt::parse(&blob, cx.limits()).map_err(|error| crate::Error::from(error).with_file(artifact.display(entry)))
}

/// The text or the word of a field.
pub(super) fn text(message: &Message, name: &str) -> Option<String> {
    match message.get(name)?.1 {
        Value::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Value::Word(word) => Some(word.clone()),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

/// A whole number.
pub(super) fn number(value: &Value) -> Option<i64> {
    let Value::Integer { negative, magnitude } = value else { return None };
    let number = i64::try_from(*magnitude).ok()?;
    Some(if *negative { number.saturating_neg() } else { number })
}
