//! Publishing: rendered files become the next version of a model in a repository, or nothing changes.
//!
//! A server may read the repository at any moment, so each state that it can see is one that it can serve:
//!
//! ```text
//! a new model   staged beside the repository, one rename
//! a new version 1 staged there too
//!               2 config.pbtxt ← the old config, pinned to the versions that are served now   (rename)
//!               3 labels ← new, <version>/ ← staged                                            (renames)
//!               4 config.pbtxt ← the new config: the moment of the switch                      (rename)
//! ```
//!
//! Where nothing can be staged outside the repository (it is a file system of its own, or its parent is read-only),
//! a version is staged in the model's folder under a name with a dot, which Triton skips; a new model then grows in
//! place, and a server that polls at that moment complains once.
//!
//! If the server then refuses the version, the same steps run backwards. Each version keeps the config and labels with
//! which it was published in `<version>/.modelium/`, together with a receipt that names the version before: that is
//! what [`rollback`] goes by. A rollback deletes nothing; it pins `version_policy` to the version before, until the
//! next version is published.

mod lock;
mod place;
mod serve;

use std::fs;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::artifact::{Artifact, FolderSink, Sink as _};
use crate::context::Context;
use crate::deploy::{Deployment, Rendered};
use crate::error::{Error, Result};

use super::TARGET;
use super::config::VersionPolicy;
use super::control::ModelControl;
use super::pbtxt::{self, Message};
use super::render::{check_name, write};
use super::repository::{self, CONFIG, Policy, Version};
use lock::Lock;
use place::{Before, Head, KEPT, Model, RECEIPT, Receipt};

/// Where and how to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// The model repository; made if it is not there.
    pub repository: PathBuf,
    /// How many versions to keep, the newest; `None` keeps all. Those that are served, and the one before, are kept too.
    pub keep_versions: Option<NonZeroU32>,
    /// How long the server may take until the version is ready.
    pub ready_wait: Duration,
    /// How long to wait for another publisher of the same model.
    pub lock_wait: Duration,
    /// Where files grow before they are seen.
    pub staging: Staging,
}

/// Where files grow before they are seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Staging {
    /// Beside the repository; inside, where that cannot be.
    #[default]
    Beside,
    /// In this folder, which must lie on the file system of the repository and outside it.
    In(PathBuf),
    /// In the model's own folder.
    Inside,
}

impl Publish {
    /// Publishes to this repository, keeps all versions, waits a minute for the server.
    pub fn to(repository: impl Into<PathBuf>) -> Self {
        Self {
            repository: repository.into(),
            keep_versions: None,
            ready_wait: Duration::from_mins(1),
            lock_wait: Duration::from_secs(10),
            staging: Staging::Beside,
        }
    }
}

/// The models of a folder that was rendered before, so that they can be applied.
///
/// # Errors
/// `InvalidArgument` if the folder holds no model; `Io` if it cannot be read.
pub fn rendered(folder: &Path, cx: &Context) -> Result<Vec<Rendered>> {
    let mut all = Vec::new();
    for (name, path) in repository::folders(folder, cx)? {
        if name.starts_with('.') || !path.join(CONFIG).is_file() {
            continue;
        }
        let artifact = Artifact::open(&path, cx)?;
        let files = artifact.entries().map(|(file, _)| format!("{name}/{file}")).collect();
        let root = folder.to_owned();
        all.push(Rendered { target: TARGET.to_owned(), name, root, files, findings: Vec::new() });
    }
    if all.is_empty() {
        let message = "the folder holds no model: no <name>/config.pbtxt";
        return Err(Error::argument(message).with_file(folder.display().to_string()));
    }
    Ok(all)
}

/// Publishes the files and, where there is a server, waits until it serves them.
pub(super) fn apply(
    rendered: &Rendered,
    publish: &Publish,
    server: Option<&dyn ModelControl>,
    cx: &Context,
) -> Result<Deployment> {
    check_name(&rendered.name)?;
    let source = Source::of(rendered, cx)?;
    let name = rendered.name.as_str();
    fs::create_dir_all(&publish.repository).map_err(|error| Error::io("create", &publish.repository, error))?;
    let lock = Lock::take(&publish.repository, name, publish.lock_wait, cx)?;
    let model = Model::new(&publish.repository, name, &publish.staging)?;
    let versions = if model.exists() { repository::versions(model.folder(), cx)? } else { Vec::new() };
    let version = next(&versions)?;
    if !source.serves(version) {
        let message =
            format!("version_policy does not serve version {version}, which is the next; render it with another");
        return Err(Error::argument(message).with_file(source.artifact.display(CONFIG)));
    }
    let before = if model.exists() {
        let head = model.head(source.head.keys(), cx)?;
        Some(Before::of(head, &versions))
    } else {
        None
    };
    let receipt = Receipt { previous: before.as_ref().and_then(|before| before.served.first().copied()) };
    let stale = server.map(|server| serve::reason(server, name, version, cx)).transpose()?.flatten();
    match &before {
        None => install_model(&model, &source, version, receipt, cx)?,
        Some(before) => install_version(&model, &source, version, before, receipt, cx)?,
    }
    tracing::info!(target: "modelium.apply", name, version, "published");
    if let Some(server) = server
        && let Err(error) = serve::load(server, name, version, stale.as_deref(), publish.ready_wait, cx)
    {
        let Some(before) = &before else {
            return Err(match model.leave() {
                Ok(()) => error.with_note("the model was taken out of the repository again"),
                Err(second) => error.with_note(format!("the model is still in the repository: {second}")),
            });
        };
        return Err(serve::again(server, name, model.restore(before, version), error));
    }
    if let Some(keep) = publish.keep_versions {
        let versions = repository::versions(model.folder(), cx)?;
        let mut needed = numbers(&Policy::of(&source.config()?).served(&versions));
        needed.extend(receipt.previous);
        prune(&model, &versions, keep, &needed)?;
    }
    drop(lock);
    let (name, root) = (name.to_owned(), publish.repository.clone());
    Ok(Deployment {
        target: TARGET.to_owned(),
        name,
        version,
        root,
        server: server.map(|server| server.url().to_owned()),
    })
}

/// Serves the version before again.
pub(super) fn rollback(
    name: &str,
    publish: &Publish,
    server: Option<&dyn ModelControl>,
    cx: &Context,
) -> Result<Deployment> {
    check_name(name)?;
    let _lock = Lock::take(&publish.repository, name, publish.lock_wait, cx)?;
    let model = Model::new(&publish.repository, name, &publish.staging)?;
    let refuse = |message: String| Err(Error::argument(message).with_file(model.folder().display().to_string()));
    if !model.exists() {
        return refuse(format!("the repository has no model '{name}'"));
    }
    let versions = repository::versions(model.folder(), cx)?;
    let now = model.head([CONFIG], cx)?;
    let Some(config) = now.config() else {
        return refuse(
            "config.pbtxt cannot be read, so nobody knows which version is served; publish again".to_owned(),
        );
    };
    let Some(current) = Policy::of(&config).served(&versions).first().map(|version| version.number) else {
        return refuse("no version is served, so there is none before it".to_owned());
    };
    let there = |number: &u64| versions.iter().any(|version| version.number == *number && version.is_plain());
    let older =
        || versions.iter().rev().map(|version| version.number).find(|number| *number < current && there(number));
    let previous = model.receipt(current, cx)?.and_then(|receipt| receipt.previous).filter(there).or_else(older);
    let Some(previous) = previous else {
        return refuse(format!("version {current} is served and there is none before it"));
    };
    let kept = model.kept(previous, cx)?;
    let mut config = kept.get(CONFIG).and_then(|_| kept.config()).unwrap_or(config);
    set_policy(&mut config, &VersionPolicy::Specific(vec![previous]));
    let before = model.head(kept.keys().chain([CONFIG]), cx)?;
    let restore = || model.put_all(before.without_config()).and_then(|()| model.put(CONFIG, before.get(CONFIG)));
    let stale = server.map(|server| serve::reason(server, name, previous, cx)).transpose()?.flatten();
    let placed = model.put_all(kept.without_config()).and_then(|()| model.put_text(CONFIG, &config.to_text()));
    placed.map_err(|error| put_back(error, restore()))?;
    tracing::info!(target: "modelium.rollback", name, from = current, to = previous, "rolled back");
    if let Some(server) = server
        && let Err(error) = serve::load(server, name, previous, stale.as_deref(), publish.ready_wait, cx)
    {
        return Err(serve::again(server, name, restore(), error));
    }
    let (name, root) = (name.to_owned(), publish.repository.clone());
    let server = server.map(|server| server.url().to_owned());
    Ok(Deployment { target: TARGET.to_owned(), name, version: previous, root, server })
}

/// A model that the repository does not have yet: all of it, by one rename where it can be staged outside.
fn install_model(model: &Model, source: &Source, version: u64, receipt: Receipt, cx: &Context) -> Result<()> {
    if let Some(mut sink) = model.stage()? {
        source.write_version(&mut sink, &format!("{version}/"), receipt, cx)?;
        for (file, blob) in source.head.iter() {
            sink.copy(file, blob, cx)?;
        }
        sink.commit()?;
        return model.enter();
    }
    let grown = model.grow(version).and_then(|mut sink| {
        source.write_version(&mut sink, "", receipt, cx)?;
        model.put_all(source.head.without_config())?;
        // the config first: without it Triton would make one up for the version
        model.put(CONFIG, source.head.get(CONFIG))?;
        sink.commit()
    });
    grown.map_err(|error| put_back(error, model.leave()))
}

/// A further version; see the head of this file.
fn install_version(
    model: &Model,
    source: &Source,
    version: u64,
    before: &Before,
    receipt: Receipt,
    cx: &Context,
) -> Result<()> {
    let outside = model.stage()?;
    let is_outside = outside.is_some();
    let mut sink = outside.map_or_else(|| model.grow(version), Ok)?;
    source.write_version(&mut sink, "", receipt, cx)?;
    let placed = model
        .pin(before)
        .and_then(|()| model.put_all(source.head.without_config()))
        .and_then(|()| sink.commit())
        .and_then(|()| if is_outside { model.enter_version(version) } else { Ok(()) })
        .and_then(|()| model.put(CONFIG, source.head.get(CONFIG)));
    placed.map_err(|error| put_back(error, model.restore(before, version)))
}

fn put_back(error: Error, restored: Result<()>) -> Error {
    match restored {
        Ok(()) => error,
        Err(second) => error.with_note(format!("the model could not be put back as it was: {second}")),
    }
}

fn numbers(versions: &[&Version]) -> Vec<u64> {
    versions.iter().map(|version| version.number).collect()
}

/// The number after the highest.
fn next(versions: &[Version]) -> Result<u64> {
    let highest = versions.last().map_or(0, |version| version.number);
    let next = highest.checked_add(1).filter(|next| i64::try_from(*next).is_ok());
    next.ok_or_else(|| Error::argument(format!("version {highest} is the highest that Triton can count; remove it")))
}

/// Removes what is older than the newest `keep` versions and not needed.
fn prune(model: &Model, versions: &[Version], keep: NonZeroU32, needed: &[u64]) -> Result<()> {
    let keep = usize::try_from(keep.get()).unwrap_or(usize::MAX);
    let plain = versions.iter().rev().filter(|version| version.is_plain());
    for version in plain.skip(keep).filter(|version| !needed.contains(&version.number)) {
        model.remove(version.number)?;
    }
    Ok(())
}

/// Replaces the field `version_policy`.
fn set_policy(config: &mut Message, policy: &VersionPolicy) {
    config.fields.retain(|field| field.name != "version_policy");
    config.push("version_policy", policy.to_message());
}

/// The files of one rendered model.
struct Source {
    artifact: Artifact,
    /// Config, labels and what else lies beside the versions.
    head: Head,
    /// The version's files: the name in the artifact and the name in the version's folder.
    files: Vec<(String, String)>,
}

impl Source {
    fn of(rendered: &Rendered, cx: &Context) -> Result<Self> {
        let folder = rendered.root.join(&rendered.name);
        if rendered.target != TARGET {
            let message = format!("these files are for '{}', not for {TARGET}", rendered.target);
            return Err(Error::argument(message));
        }
        let artifact = Artifact::open(&folder, cx)?;
        let mut head = Head::default();
        let mut files: Vec<(u64, String, String)> = Vec::new();
        for (name, _) in artifact.entries() {
            let (first, rest) = name.split_once('/').unwrap_or((name, ""));
            match first.parse() {
                Ok(_) if rest.starts_with(KEPT) => {}
                Ok(version) if !rest.is_empty() => files.push((version, name.to_owned(), rest.to_owned())),
                _ if first.starts_with('.') => {}
                _ => head.insert(name, artifact.blob(name)?),
            }
        }
        let newest = files.iter().map(|(version, ..)| *version).max();
        let files: Vec<_> = files
            .into_iter()
            .filter(|(version, ..)| Some(*version) == newest)
            .map(|(_, name, rest)| (name, rest))
            .collect();
        let source = Self { artifact, head, files };
        source.config()?;
        if source.files.is_empty() {
            let message = "the rendered model has no version folder with files in it; render it again";
            return Err(Error::argument(message).with_file(folder.display().to_string()));
        }
        Ok(source)
    }

    fn config(&self) -> Result<Message> {
        let Some(config) = self.head.get(CONFIG) else {
            let message = "the rendered model has no config.pbtxt; render it again";
            return Err(Error::argument(message).with_file(self.artifact.name()));
        };
        pbtxt::parse(config, &crate::context::Limits::default())
            .map_err(|error| Error::from(error).with_file(self.artifact.display(CONFIG)))
    }

    /// Whether the policy serves the version, as the newest one.
    fn serves(&self, version: u64) -> bool {
        let versions = [Version { number: version, folder: version.to_string() }];
        self.config().is_ok_and(|config| !Policy::of(&config).served(&versions).is_empty())
    }

    /// Writes the version's folder: its files, and what a rollback needs.
    fn write_version(&self, sink: &mut FolderSink, prefix: &str, receipt: Receipt, cx: &Context) -> Result<()> {
        for (name, rest) in &self.files {
            sink.copy(&format!("{prefix}{rest}"), &self.artifact.blob(name)?, cx)?;
        }
        for (name, blob) in self.head.iter() {
            sink.copy(&format!("{prefix}{KEPT}/{name}"), blob, cx)?;
        }
        let receipt =
            serde_json::to_vec(&receipt).map_err(|error| Error::internal(format!("a receipt is no JSON: {error}")))?;
        write(sink, &format!("{prefix}{KEPT}/{RECEIPT}"), &receipt)
    }
}
