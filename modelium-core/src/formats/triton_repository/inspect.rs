//! What serving a repository runs beyond its models.

use crate::artifact::Artifact;
use crate::descriptor::FormatId;
use crate::error::{Location, Result};
use crate::formats::triton_repository::FORMAT;
use crate::formats::triton_repository::repository::{self, text};
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, bundle, rules};
use crate::wire::pbtxt::{Message, Value};

/// Looks for danger in model repositories of Triton. Their files are examined by their own formats.
#[derive(Debug, Clone, Copy, Default)]
pub struct TritonRepositoryInspector;

impl Inspector for TritonRepositoryInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    /// What matters is the folder.
    fn sniff(&self, _: &Part) -> Sniff {
        Sniff::No
    }

    fn inspect(&self, _: &Part, _: &mut Exam<'_>) -> Result<Taken> {
        Ok(Taken::No)
    }

    fn inspect_folder(&self, folder: &Artifact, exam: &mut Exam<'_>) -> Result<()> {
        for model in repository::models(folder) {
            let files = || model.versions.values().flatten();
            if let Some(entry) = &model.config {
                match repository::config(folder, entry, exam.cx()) {
                    Ok(config) => examine(&config, &Location::file(folder.display(entry)), exam),
                    Err(error) => {
                        let part = Part::file(folder.display(entry), folder.blob(entry)?);
                        exam.fault(&error, &part);
                    }
                }
            }
            for file in files() {
                let name = file.rsplit('/').next().unwrap_or(file);
                let what = match name.rsplit_once('.').map(|(_, end)| end) {
                    Some("py") if name == "model.py" => "the server imports and runs this program",
                    Some("so" | "dll") => "a native library that the server can load",
                    _ => continue,
                };
                exam.report(&rules::bundle::SHIPS_CODE, Location::file(folder.display(file)), what);
            }
        }
        Ok(())
    }
}

/// Paths in a config: of files, of environments that are unpacked, of libraries.
fn examine(config: &Message, at: &Location, exam: &mut Exam<'_>) {
    let item = |name: &str| Location { item: Some(name.to_owned()), ..at.clone() };
    for key in ["default_model_filename", "runtime"] {
        if let Some(value) = text(config, key) {
            bundle::path(&value, &format!("'{key}' of the config"), &item(key), exam);
        }
    }
    for (_, value) in config.all("parameters") {
        let Value::Message(pair) = value else { continue };
        let (Some(key), Some((_, Value::Message(value)))) = (text(pair, "key"), pair.get("value")) else { continue };
        let Some(value) = text(value, "string_value") else { continue };
        // the folder of the model itself is spelt as a variable
        let inside = value.replace("$$TRITON_MODEL_DIRECTORY/", "");
        if key == "EXECUTION_ENV_PATH" {
            if inside.starts_with('/') || bundle::is_remote(&inside) {
                let message = "an environment of Python from outside of the repository";
                exam.report_seen(&rules::bundle::SHIPS_CODE, item(&key), message, &value);
            } else {
                bundle::path(&inside, "EXECUTION_ENV_PATH", &item(&key), exam);
            }
        }
    }
}
