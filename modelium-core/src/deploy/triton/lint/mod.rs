//! Reads a model repository as Triton will, and says beforehand what Triton would refuse or do otherwise than meant.
//!
//! ```text
//! text → tree (pbtxt) → schema    fields, kinds and names against the table of ModelConfig
//!                     → view      what the rules need, with places
//!                     → rules     the config by itself
//!                     → files     versions, model files, labels
//!                     → graph     the config against the model that lies there
//!                     → ensemble  steps against the other models of the repository
//! ```
//!
//! A finding of severity error is something that Triton refuses; a warning loads and surprises. The server itself often
//! answers only "failed to poll from model repository", which is why every finding has its line.

mod ensemble;
mod files;
mod graph;
mod rules;
mod schema;
mod suggest;
mod view;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::ModelDescriptor;
use crate::error::{Error, Location, Result};
use crate::finding::{Finding, Severity};

use super::pbtxt::{self, Message, Position};
use super::repository::{self, CONFIG, Policy, Version};
use graph::Stored;
use view::View;

/// Describes the model in a file: what the caller's analyzers know.
pub type Describe<'a> = dyn Fn(&Artifact) -> Result<ModelDescriptor> + 'a;

/// Checks every model of a repository, or the one model whose folder is given.
///
/// Nothing is run and nothing is written. Findings come in the order of model names, then of lines.
///
/// # Errors
/// `Io` if the folder cannot be listed; `InvalidArgument` if the path is no folder. What is wrong with a model is a
/// finding.
#[tracing::instrument(name = "modelium.lint", skip_all, fields(path = %path.display()))]
pub fn lint(path: &Path, describe: &Describe<'_>, cx: &Context) -> Result<Vec<Finding>> {
    let metadata = fs::metadata(path).map_err(|error| Error::io("look at", path, error))?;
    if !metadata.is_dir() {
        let message = "a model repository is a folder with one folder for each model";
        return Err(Error::argument(message).with_file(path.display().to_string()));
    }
    let single = path.join(CONFIG).is_file();
    let root = if single { path.parent().filter(|parent| !parent.as_os_str().is_empty()) } else { Some(path) };
    let mut models = BTreeMap::new();
    match root {
        Some(root) => {
            for (name, folder) in repository::folders(root, cx)? {
                cx.tick("deploy", models.len() as u64, 0)?;
                models.insert(name, Model::read(folder, cx)?);
            }
        }
        None => _ = models.insert(own_name(path)?, Model::read(path.to_owned(), cx)?),
    }
    let wanted = if single { Some(own_name(path)?) } else { None };
    let mut findings = Vec::new();
    for (name, model) in &models {
        cx.tick("deploy", findings.len() as u64, 0)?;
        if wanted.as_ref().is_none_or(|wanted| wanted == name) {
            findings.extend(model.check(name, &models, describe, cx)?);
        }
    }
    tracing::info!(target: "modelium.lint", models = models.len(), findings = findings.len(), "linted");
    Ok(findings)
}

/// The name of a folder, also where the path ends in `.`.
fn own_name(path: &Path) -> Result<String> {
    let full = fs::canonicalize(path).map_err(|error| Error::io("look at", path, error))?;
    Ok(full.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// One folder of the repository.
struct Model {
    folder: PathBuf,
    config: Config,
    versions: Vec<Version>,
}

enum Config {
    Absent,
    Broken(Finding),
    Tree(Message),
}

impl Model {
    fn read(folder: PathBuf, cx: &Context) -> Result<Self> {
        let path = folder.join(CONFIG);
        let file = path.display().to_string();
        let config = if path.is_file() {
            let artifact = Artifact::open(&path, cx)?;
            match pbtxt::parse(&artifact.blob(CONFIG)?, cx.limits()) {
                Ok(tree) => Config::Tree(tree),
                Err(error) => {
                    let location = Location { line: error.position().map(|at| at.line.into()), ..Location::file(file) };
                    let finding =
                        Finding::new("triton.unreadable_config", Severity::Error, error.to_string()).at(location);
                    Config::Broken(
                        finding
                            .remedy("config.pbtxt is protobuf text format: name: value, name { ... }, name: [ a, b ]"),
                    )
                }
            }
        } else {
            Config::Absent
        };
        Ok(Self { versions: repository::versions(&folder, cx)?, folder, config })
    }

    fn view(&self) -> Option<View<'_>> {
        if let Config::Tree(tree) = &self.config { Some(View::of(tree)) } else { None }
    }

    fn check(
        &self,
        name: &str,
        models: &BTreeMap<String, Self>,
        describe: &Describe<'_>,
        cx: &Context,
    ) -> Result<Vec<Finding>> {
        let mut report = Report::new(self.folder.join(CONFIG).display().to_string());
        let tree = match &self.config {
            Config::Tree(tree) => tree,
            Config::Broken(finding) => return Ok(vec![finding.clone()]),
            Config::Absent => {
                report.file = self.folder.display().to_string();
                files::without_config(&self.folder, &self.versions, &mut report);
                return Ok(report.into_findings());
            }
        };
        schema::check(tree, &mut report);
        // a max_batch_size that cannot be read, or is misspelt, would make every shape look wrong
        let sure_of_batch = report.findings.is_empty();
        let view = View::of(tree);
        if let Some((what, count)) = view.too_many() {
            let message = format!("{count} {what} are too many to check; at most {} are", view::MOST);
            report.error("triton.too_large", None, message, "split the model");
            return Ok(report.into_findings());
        }
        let backend = rules::backend(&view, &self.folder, &self.versions, &mut report);
        rules::check(name, &view, &mut report);
        files::check(&view, &self.folder, &self.versions, &mut report, cx);
        if view.is_ensemble() {
            ensemble::check(&view, models, &mut report);
        } else if backend == rules::Backend::OnnxRuntime {
            let served = Policy::of(tree).served(&self.versions);
            for version in &served {
                report.item = (served.len() > 1).then(|| format!("version {}", version.number));
                let Some((artifact, main)) = files::model_file(&view, &self.folder, version, &mut report, cx)? else {
                    continue;
                };
                cx.tick("deploy", 0, 0)?;
                let model = Stored { artifact: &artifact, main: &main, sure_of_batch };
                graph::check(&view, &model, describe, &mut report)?;
            }
        }
        Ok(report.into_findings())
    }
}

/// The findings about one model.
struct Report {
    /// The config, as the caller can open it.
    file: String,
    /// What is looked at beside the config: one of several versions.
    item: Option<String>,
    findings: Vec<Finding>,
    /// Findings beyond the cap.
    left_out: u64,
}

/// More findings of one model help nobody, and their memory would grow with a hostile config.
const MOST_FINDINGS: usize = 1000;

impl Report {
    fn new(file: String) -> Self {
        Self { file, item: None, findings: Vec::new(), left_out: 0 }
    }

    /// Triton refuses it.
    fn error(
        &mut self,
        code: &'static str,
        at: impl Into<Option<Position>>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(code, Severity::Error, at.into(), message.into(), remedy.into());
    }

    /// Triton takes it, and it is likely not what was meant.
    fn warning(
        &mut self,
        code: &'static str,
        at: impl Into<Option<Position>>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(code, Severity::Warning, at.into(), message.into(), remedy.into());
    }

    /// Good to know.
    fn note(
        &mut self,
        code: &'static str,
        at: impl Into<Option<Position>>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(code, Severity::Note, at.into(), message.into(), remedy.into());
    }

    /// Triton refuses it, and it is not the config that is wrong.
    fn about(&mut self, file: &Path, code: &'static str, message: impl Into<String>, remedy: impl Into<String>) {
        let config = std::mem::replace(&mut self.file, file.display().to_string());
        self.add(code, Severity::Error, None, message.into(), remedy.into());
        self.file = config;
    }

    /// No more findings are kept.
    fn is_full(&self) -> bool {
        self.findings.len() >= MOST_FINDINGS
    }

    fn add(&mut self, code: &'static str, severity: Severity, at: Option<Position>, message: String, remedy: String) {
        if self.is_full() {
            self.left_out = self.left_out.saturating_add(1);
            return;
        }
        let location =
            Location { line: at.map(|at| at.line.into()), item: self.item.clone(), ..Location::file(&self.file) };
        self.findings.push(Finding::new(code, severity, message).at(location).remedy(remedy));
    }

    /// In the order of lines; the same thing is said once.
    fn into_findings(mut self) -> Vec<Finding> {
        self.findings.sort_by(|a, b| (&a.location.file, a.location.line).cmp(&(&b.location.file, b.location.line)));
        let mut kept: Vec<Finding> = Vec::new();
        for finding in self.findings {
            if !kept.contains(&finding) {
                kept.push(finding);
            }
        }
        if self.left_out > 0 {
            let message = format!("{} findings more are left out", self.left_out);
            kept.push(Finding::new("triton.left_out", Severity::Note, message).at(Location::file(&self.file)));
        }
        kept
    }
}
