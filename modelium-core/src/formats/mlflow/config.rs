//! The file `MLmodel`.

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::single::{head, only_file};
use crate::wire::json::Json;
use crate::wire::yaml;

/// The name of the file in its folder.
pub(super) const NAME: &str = "MLmodel";

/// True if a text begins like an `MLmodel`: flavours, and one of the keys that only MLflow writes.
pub(super) fn is_config(blob: &[u8]) -> bool {
    let text = head(blob, 1 << 16);
    let key = |name: &str| text.lines().any(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')));
    let ours = ["mlflow_version", "model_uuid", "run_id", "artifact_path", "utc_time_created"];
    key("flavors") && (ours.iter().any(|name| key(name)) || text.contains("loader_module"))
}

/// The entry that is the config: alone, or under its name at the top of the folder.
pub(super) fn entry(artifact: &Artifact) -> Option<(&str, Blob)> {
    let beside = || {
        let (name, _) = artifact.entries().find(|(name, _)| *name == NAME)?;
        Some((name, artifact.blob(name).ok()?))
    };
    let (name, blob) = only_file(artifact).or_else(beside)?;
    is_config(&blob).then_some((name, blob))
}

/// Reads the config.
pub(super) fn read<'a>(artifact: &'a Artifact, cx: &Context) -> Result<(&'a str, Json)> {
    let Some((name, blob)) = entry(artifact) else {
        let message = "no file 'MLmodel' with flavours; expected one at the top of the folder";
        return Err(Error::new(ErrorKind::Malformed, message).with_file(artifact.name()));
    };
    Ok((name, yaml::parse(&blob, cx)?))
}

/// The flavours, and the generic one last: it says how Python loads whatever the others are.
pub(super) fn flavors(config: &Json) -> Vec<(&str, &Json)> {
    let entries = config.get("flavors").map(Json::entries).unwrap_or_default();
    let mut flavors: Vec<_> = entries.iter().map(|(name, flavor)| (name.as_str(), flavor)).collect();
    flavors.sort_by_key(|(name, _)| *name == "python_function");
    flavors
}

/// Keys of a flavour that hold the path of a file or folder in the bundle. `model_code_path` is not one of them: MLflow
/// writes where the program lay, and loads the file of that name in the folder.
pub(super) const PATHS: &[&str] = &[
    "model_path",
    "data",
    "pickled_model",
    "python_model",
    "model_data",
    "code",
    "env",
    "conda",
    "virtualenv",
    "model_binary",
    "path",
    "state_dict",
    "saved_model_dir",
    "model_file",
    "pipeline",
    "tokenizer",
    "lgb_model",
    "xgb_model",
    "cb_model",
];
