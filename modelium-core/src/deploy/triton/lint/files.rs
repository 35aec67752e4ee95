//! What lies in the folders: versions, model files, labels, warmup data.

use std::fs;
use std::path::{Component, Path};

use crate::artifact::Artifact;
use crate::context::Context;
use crate::error::{ErrorKind, Result};

use super::super::pbtxt::Value;
use super::super::render::MODEL_FILE;
use super::super::repository::{Policy, Version};
use super::Report;
use super::view::{self, View};

/// Labels longer than this are not counted.
const MAX_LABEL_BYTES: u64 = 64 << 20;
/// Files by which Triton recognises a back end.
const KNOWN_FILES: [&str; 7] =
    [MODEL_FILE, "model.plan", "model.pt", "model.savedmodel", "model.graphdef", "model.xml", "model.py"];

/// A folder without a config: Triton completes it if it can tell the back end.
pub(super) fn without_config(folder: &Path, versions: &[Version], report: &mut Report) {
    let file = versions
        .iter()
        .flat_map(|version| KNOWN_FILES.iter().map(move |file| (version, file)))
        .find(|(version, file)| folder.join(&version.folder).join(file).exists());
    if let Some((version, file)) = file {
        let message = format!("no config.pbtxt; Triton completes it from {}/{file} unless told not to", version.folder);
        report.note(
            "triton.no_config",
            None,
            message,
            "write one, so that names, types and batching are said and checked",
        );
    } else {
        let message = "the folder is no model: it has neither a config.pbtxt nor a model file that Triton knows";
        report.error(
            "triton.not_a_model",
            None,
            message,
            "move it out of the repository: Triton takes every folder there for a model, hidden ones too",
        );
    }
}

/// Versions against the policy, labels and warmup data.
pub(super) fn check(view: &View<'_>, folder: &Path, versions: &[Version], report: &mut Report, cx: &Context) {
    check_versions(view, folder, versions, report);
    for port in &view.outputs {
        let Some(label) = port.label_filename else { continue };
        let path = folder.join(label.value);
        if !is_inside(label.value) || !path.exists() {
            let message = format!("no label file '{}' beside config.pbtxt", label.value.escape_debug());
            report.error("triton.no_labels", label.at, message, "add it, one label a line, or remove label_filename");
            continue;
        }
        let known = |size: &i64| u64::try_from(*size).ok();
        let classes = port.sizes().iter().try_fold(1_u64, |product, size| product.checked_mul(known(size)?));
        if let (Some(classes), Some(lines)) = (classes, lines(&path, cx))
            && classes != lines
        {
            let file = label.value;
            let message = format!("output '{}' has {classes} values and '{file}' has {lines} lines", port.called());
            report.warning("triton.label_count", label.at, message, "write one label for each value");
        }
    }
    for (_, warmup) in view::messages(view.tree, "model_warmup") {
        for (_, value) in view::entries(warmup, "inputs") {
            let input = value.and_then(Value::as_message);
            let Some(file) = input.and_then(|input| view::text(input, "input_data_file")) else { continue };
            if !is_inside(file.value) || !folder.join("warmup").join(file.value).is_file() {
                let message = format!("no file 'warmup/{}' beside config.pbtxt", file.value.escape_debug());
                report.error("triton.warmup_file", file.at, message, "add it, or write zero_data: true");
            }
        }
    }
}

/// A name that stays in the folder to which it is joined.
fn is_inside(name: &str) -> bool {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    !name.contains('\0') && Path::new(name).components().all(plain)
}

/// Lines of a label file: what a newline ends, and a last line without one. `None` if it is too long to count.
fn lines(path: &Path, cx: &Context) -> Option<u64> {
    let artifact = Artifact::open(path, cx).ok()?;
    let name = artifact.entries().find(|(_, entry)| entry.len <= MAX_LABEL_BYTES)?.0.to_owned();
    let text = artifact.blob(&name).ok()?;
    let lines = text.split(|byte| *byte == b'\n').count() as u64;
    Some(lines.saturating_sub(u64::from(text.last().is_none_or(|byte| *byte == b'\n'))))
}

fn check_versions(view: &View<'_>, folder: &Path, versions: &[Version], report: &mut Report) {
    for version in versions.iter().filter(|version| !version.is_plain()) {
        let message = format!(
            "folder '{}' is taken for version {}, whose file Triton looks for in '{}'",
            version.folder, version.number, version.number
        );
        let remedy = "rename it so that it begins with a letter or a dot, or to the number alone";
        report.about(&folder.join(&version.folder), "triton.version_folder", message, remedy);
    }
    if versions.is_empty() {
        let message = "no version folder: Triton serves <model>/<number>/";
        let remedy = if view.is_ensemble() { "make an empty folder '1'" } else { "put the model into a folder '1'" };
        report.about(folder, "triton.no_versions", message, remedy);
        return;
    }
    if let Policy::Specific(wanted) = Policy::of(view.tree) {
        let there = |wanted: i64| versions.iter().any(|version| i64::try_from(version.number) == Ok(wanted));
        let any = wanted.iter().any(|(_, wanted)| there(*wanted));
        let listed = versions.iter().map(|version| version.number.to_string()).collect::<Vec<_>>().join(", ");
        for (at, wanted) in wanted.into_iter().filter(|(_, wanted)| *wanted >= 0 && !there(*wanted)) {
            let message = format!("version_policy names version {wanted}, which is not there");
            let remedy = format!("there is {listed}");
            if any {
                report.warning("triton.version_policy", at, message, remedy);
            } else {
                report.error("triton.version_policy", at, message, remedy);
            }
        }
    }
}

/// The model file of a version: the artifact and its entry, or a finding.
pub(super) fn model_file(
    view: &View<'_>,
    folder: &Path,
    version: &Version,
    report: &mut Report,
    cx: &Context,
) -> Result<Option<(Artifact, String)>> {
    let file = view.default_model_filename.map_or(MODEL_FILE, |file| file.value);
    if let Some(file) = view.default_model_filename.filter(|file| !is_inside(file.value)) {
        let message = format!("'{}' leads out of the version's folder", file.value.escape_debug());
        report.error("triton.no_model_file", file.at, message, "name a file in the version's folder");
        return Ok(None);
    }
    let mut path = folder.join(&version.folder).join(file);
    let inner = path.join(MODEL_FILE);
    if path.is_dir() && inner.is_file() {
        path = inner; // a folder of that name with the model in it, for models with weights beside them
    }
    if !path.is_file() {
        let others: Vec<_> = fs::read_dir(folder.join(&version.folder))
            .into_iter()
            .flatten()
            .filter_map(|item| item.ok()?.file_name().into_string().ok())
            .filter(|name| name.to_ascii_lowercase().ends_with(".onnx"))
            .collect();
        let message = format!("no file '{file}' in version {}", version.number);
        let remedy = match others.as_slice() {
            [other] => format!("rename '{other}' to '{file}', or write default_model_filename: \"{other}\""),
            _ => "put the model there".to_owned(),
        };
        report.about(&folder.join(&version.folder), "triton.no_model_file", message, remedy);
        return Ok(None);
    }
    match Artifact::open(&path, cx) {
        Ok(artifact) => {
            let main = artifact.entries().next().map(|(name, _)| name.to_owned()).unwrap_or_default();
            Ok(Some((artifact, main)))
        }
        Err(error) if error.kind() == ErrorKind::Cancelled => Err(error),
        Err(error) => {
            report.about(&path, "triton.unreadable_model", error.message(), "see that the file can be read");
            Ok(None)
        }
    }
}
