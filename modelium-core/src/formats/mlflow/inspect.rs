//! What loading an `MLflow` folder makes Python import, call and open.

use crate::artifact::Artifact;
use crate::descriptor::FormatId;
use crate::error::{Location, Result};
use crate::formats::mlflow::{FORMAT, config};
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, bundle, rules, yaml as judge};
use crate::wire::json::Json;
use crate::wire::yaml;

/// Looks for danger in `MLflow` models.
#[derive(Debug, Clone, Copy, Default)]
pub struct MlflowInspector;

/// The loader that runs a program to get the model.
const CODE_LOADER: &str = "mlflow.pyfunc.loaders.code_model";

/// Where MLflow's own loaders lie.
const LOADERS: &[&str] = &["mlflow.", "databricks."];

impl Inspector for MlflowInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if config::is_config(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let text = yaml::read(&part.blob, exam.cx())?;
        judge::examine(&text, part, exam);
        for document in &text.documents {
            for (name, flavor) in config::flavors(document) {
                examine(name, flavor, part, exam);
            }
        }
        text.fault.map_or(Ok(Taken::Yes), |fault| Err(fault.into()))
    }

    /// Code that comes with a model, and packages that are fetched from elsewhere.
    fn inspect_folder(&self, folder: &Artifact, exam: &mut Exam<'_>) -> Result<()> {
        let configs = folder.entries().map(|(name, _)| name).filter(|name| {
            let last = name.rsplit('/').next().unwrap_or(name);
            last == config::NAME && folder.blob(name).is_ok_and(|blob| config::is_config(&blob))
        });
        for name in configs {
            let top = name.strip_suffix(config::NAME).unwrap_or_default();
            let blob = folder.blob(name)?;
            let document = yaml::read(&blob, exam.cx())?.documents.into_iter().next().unwrap_or(Json::Null);
            let code = config::flavors(&document).into_iter().filter_map(|(_, flavor)| flavor.get("code")?.as_str());
            for code in code.filter(|code| !bundle::leads_out(code)) {
                let inside = format!("{top}{}/", code.trim_end_matches('/'));
                let program = folder.entries().map(|(name, _)| name).find(|name| {
                    name.starts_with(&inside) && [".py", ".so", ".pyd", ".pyc"].iter().any(|end| name.ends_with(end))
                });
                if let Some(program) = program {
                    let message = format!("'{code}' goes to the front of Python's path when the model is loaded");
                    let at = Location::file(folder.display(program));
                    exam.report(&rules::bundle::SHIPS_CODE, at, message);
                    break;
                }
            }
            environment(folder, top, exam)?;
        }
        Ok(())
    }
}

fn examine(name: &str, flavor: &Json, part: &Part, exam: &mut Exam<'_>) {
    let at = |key: &str| part.item(format!("flavors.{name}.{key}"));
    if let Some(module) = flavor.get("loader_module").and_then(Json::as_str) {
        bundle::loader(module, LOADERS, "loader_module", &at("loader_module"), exam);
    }
    let loader = flavor.get("loader_module").filter(|loader| loader.as_str() == Some(CODE_LOADER));
    if let Some(code) = flavor.get("model_code_path").or(loader).and_then(Json::as_str) {
        let message = "the model is a program that is run to load it";
        exam.report_seen(&rules::bundle::SHIPS_CODE, at("model_code_path"), message, code);
    }
    let mut waiting = vec![(flavor, String::new())];
    while let Some((value, path)) = waiting.pop() {
        for (key, below) in value.entries() {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match below {
                Json::String(text) if config::PATHS.contains(&key.as_str()) && !bundle::is_remote(text) => {
                    bundle::path(text, &format!("'{key}' of the flavour '{name}'"), &at(&path), exam);
                }
                Json::Object(_) => waiting.push((below, path)),
                // types that skops is told to trust without a question
                Json::Array(types) if key == "skops_trusted_types" => {
                    for ty in types.iter().filter_map(Json::as_str).filter(|ty| bundle::acts(ty)) {
                        let message = format!("'{key}' trusts '{ty}', which acts");
                        exam.report_seen(&rules::bundle::LOADER_ACTS, at(&path), message, ty);
                    }
                }
                _ => {}
            }
        }
    }
}

/// The requirements of a model, in either of their files.
fn environment(folder: &Artifact, top: &str, exam: &mut Exam<'_>) -> Result<()> {
    let requirements = format!("{top}requirements.txt");
    if let Ok(blob) = folder.blob(&requirements) {
        for (index, line) in String::from_utf8_lossy(&blob).lines().enumerate() {
            let line_number = Some((index as u64).saturating_add(1));
            let at = Location { line: line_number, ..Location::file(folder.display(&requirements)) };
            bundle::requirement(line, &at, exam);
        }
    }
    let conda = format!("{top}conda.yaml");
    let Ok(blob) = folder.blob(&conda) else { return Ok(()) };
    let documents = yaml::read(&blob, exam.cx())?.documents;
    let entries = documents.iter().filter_map(|document| document.get("dependencies")).flat_map(Json::items);
    for line in entries.filter_map(|entry| entry.get("pip")).flat_map(Json::items).filter_map(Json::as_str) {
        bundle::requirement(line, &Location::file(folder.display(&conda)), exam);
    }
    Ok(())
}
