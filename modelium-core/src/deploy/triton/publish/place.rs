//! The folder of one model in a repository, and the renames that change it.

#![expect(clippy::disallowed_methods, reason = "this file replaces files in place, by rename")]

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::artifact::{Artifact, FolderSink};
use crate::blob::Blob;
use crate::context::{Context, Limits};
use crate::error::{Error, Result};

use super::super::config::VersionPolicy;
use super::super::pbtxt::{self, Message};
use super::super::repository::{CONFIG, Policy, Version};
use super::Staging;

/// The folder in a version's folder that keeps what a rollback needs.
pub(super) const KEPT: &str = ".modelium";
/// The file in it that is no part of the head.
pub(super) const RECEIPT: &str = "receipt.json";

/// What a publication leaves in its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Receipt {
    /// The version that was served before.
    pub(super) previous: Option<u64>,
}

/// The files beside the versions: config, labels, warmup data. `None` stands for a file that is not there.
#[derive(Debug, Default)]
pub(super) struct Head(BTreeMap<String, Option<Blob>>);

impl Head {
    pub(super) fn insert(&mut self, name: &str, blob: Blob) {
        self.0.insert(name.to_owned(), Some(blob));
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Those that are there.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Blob)> {
        self.0.iter().filter_map(|(name, blob)| Some((name.as_str(), blob.as_ref()?)))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Blob> {
        self.0.get(name)?.as_ref()
    }

    /// All but the config, which is always the last to change.
    pub(super) fn without_config(&self) -> impl Iterator<Item = (&str, Option<&Blob>)> {
        self.0.iter().filter(|(name, _)| *name != CONFIG).map(|(name, blob)| (name.as_str(), blob.as_ref()))
    }

    /// The config, if it can be read; where there is none, the empty one that Triton completes.
    pub(super) fn config(&self) -> Option<Message> {
        let Some(config) = self.get(CONFIG) else { return Some(Message::default()) };
        pbtxt::parse(config, &Limits::default()).ok()
    }
}

/// What a model was before it was touched.
#[derive(Debug)]
pub(super) struct Before {
    /// The files that are to change.
    pub(super) head: Head,
    /// The versions that are served, the newest first.
    pub(super) served: Vec<u64>,
}

impl Before {
    pub(super) fn of(head: Head, versions: &[Version]) -> Self {
        let policy = head.config().map(|config| Policy::of(&config));
        let served = policy.iter().flat_map(|policy| policy.served(versions)).map(|version| version.number).collect();
        Self { head, served }
    }
}

/// One model's folder.
#[derive(Debug)]
pub(super) struct Model {
    folder: PathBuf,
    /// Where files grow: on the same file system and outside the repository.
    staged: Option<PathBuf>,
    /// Whether the caller chose that place, so that nothing else will do.
    chosen: bool,
}

impl Model {
    /// The folder of `name` in `repository`, which must exist.
    pub(super) fn new(repository: &Path, name: &str, staging: &Staging) -> Result<Self> {
        // `.` and links have no parent of their own to stage in
        let full = fs::canonicalize(repository).map_err(|error| Error::io("find", repository, error))?;
        let own = full.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let chosen = matches!(staging, Staging::In(_));
        let beside = match staging {
            Staging::In(folder) => Some(folder.as_path()),
            Staging::Beside => full.parent().filter(|parent| same_file_system(parent, &full)),
            Staging::Inside => None,
        };
        let staged = beside.map(|beside| beside.join(format!(".{own}.{name}.staged")));
        Ok(Self { folder: full.join(name), staged, chosen })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn exists(&self) -> bool {
        self.folder.is_dir()
    }

    /// The files of these names as they are now.
    pub(super) fn head<S: Borrow<str>>(&self, names: impl IntoIterator<Item = S>, cx: &Context) -> Result<Head> {
        let mut head = Head::default();
        for name in names {
            let path = self.folder.join(name.borrow());
            let blob = if path.is_file() { Some(open(&path, cx)?) } else { None };
            head.0.insert(name.borrow().to_owned(), blob);
        }
        Ok(head)
    }

    /// The head with which a version was published; empty if we did not publish it.
    pub(super) fn kept(&self, version: u64, cx: &Context) -> Result<Head> {
        let mut head = Head::default();
        let folder = self.folder.join(version.to_string()).join(KEPT);
        if folder.is_dir() {
            let artifact = Artifact::open(&folder, cx)?;
            for (name, _) in artifact.entries().filter(|(name, _)| *name != RECEIPT) {
                head.insert(name, artifact.blob(name)?);
            }
        }
        Ok(head)
    }

    /// What a publication left in a version; `None` if we did not publish it.
    pub(super) fn receipt(&self, version: u64, cx: &Context) -> Result<Option<Receipt>> {
        let path = self.folder.join(version.to_string()).join(KEPT).join(RECEIPT);
        if !path.is_file() {
            return Ok(None);
        }
        Ok(serde_json::from_slice(&open(&path, cx)?).ok())
    }

    /// A sink outside the repository; `None` if there is no place for one.
    pub(super) fn stage(&self) -> Result<Option<FolderSink>> {
        let Some(staged) = &self.staged else { return Ok(None) };
        // the lock is ours, so what lies there was left by a publisher that died
        match remove_all(staged).and_then(|()| FolderSink::create(staged)) {
            Ok(sink) => Ok(Some(sink)),
            Err(error) if self.chosen => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// A sink in the model's folder, which is made if need be.
    pub(super) fn grow(&self, version: u64) -> Result<FolderSink> {
        fs::create_dir_all(&self.folder).map_err(|error| Error::io("create", &self.folder, error))?;
        FolderSink::create(self.folder.join(version.to_string()))
    }

    /// Moves a staged model into the repository.
    pub(super) fn enter(&self) -> Result<()> {
        self.move_staged(&self.folder)
    }

    /// Moves a staged version into the model's folder.
    pub(super) fn enter_version(&self, version: u64) -> Result<()> {
        self.move_staged(&self.folder.join(version.to_string()))
    }

    fn move_staged(&self, to: &Path) -> Result<()> {
        let Some(staged) = &self.staged else { return Err(Error::internal("nothing is staged")) };
        fs::rename(staged, to).map_err(|error| {
            let _ = fs::remove_dir_all(staged);
            let crosses = error.kind() == io::ErrorKind::CrossesDevices;
            let error = Error::io("move the staged files to", to, error);
            if crosses {
                return error.with_note("stage on the file system of the repository, or inside it: Publish::staging");
            }
            error
        })
    }

    /// Takes the whole model out of the repository, by one rename where there is a place for it.
    pub(super) fn leave(&self) -> Result<()> {
        if let Some(staged) = &self.staged
            && remove_all(staged).is_ok()
            && fs::rename(&self.folder, staged).is_ok()
        {
            return remove_all(staged);
        }
        remove_all(&self.folder)
    }

    /// Replaces a file by rename, or takes it away.
    pub(super) fn put(&self, name: &str, blob: Option<&Blob>) -> Result<()> {
        let path = self.folder.join(name);
        let Some(blob) = blob else {
            return match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", &path, error)),
                _ => Ok(()),
            };
        };
        self.replace(name, blob)
    }

    pub(super) fn put_text(&self, name: &str, text: &str) -> Result<()> {
        self.replace(name, text.as_bytes())
    }

    pub(super) fn put_all<'a>(&self, files: impl IntoIterator<Item = (&'a str, Option<&'a Blob>)>) -> Result<()> {
        files.into_iter().try_for_each(|(name, blob)| self.put(name, blob))
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        let (folder, file) = (path.parent().unwrap_or(&self.folder), path.file_name().unwrap_or_default());
        fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
        let partial = folder.join(format!(".{}.partial", file.to_string_lossy()));
        let mut out = File::create(&partial).map_err(|error| Error::io("create", &partial, error))?;
        // on disk before it is visible: an empty config after a power cut would end the model
        let written = out.write_all(bytes).and_then(|()| out.sync_all());
        written.map_err(|error| Error::io("write", &partial, error))?;
        fs::rename(&partial, &path).map_err(|error| Error::io("replace", &path, error))
    }

    /// Ties the config of before to the versions that are served, so that a folder more or less changes nothing.
    pub(super) fn pin(&self, before: &Before) -> Result<()> {
        let Some(mut config) = before.head.config().filter(|_| !before.served.is_empty()) else { return Ok(()) };
        super::set_policy(&mut config, &VersionPolicy::Specific(before.served.clone()));
        self.put_text(CONFIG, &config.to_text())
    }

    /// Puts all back as it was before `version` came.
    pub(super) fn restore(&self, before: &Before, version: u64) -> Result<()> {
        self.pin(before)?;
        self.put_all(before.head.without_config())?;
        if self.folder.join(version.to_string()).exists() {
            self.remove(version)?;
        }
        self.put(CONFIG, before.head.get(CONFIG))
    }

    /// Takes a version away: out of sight by one rename, then from the disk.
    pub(super) fn remove(&self, version: u64) -> Result<()> {
        let path = self.folder.join(version.to_string());
        let hidden = self.folder.join(format!(".{version}.removed"));
        remove_all(&hidden)?;
        fs::rename(&path, &hidden).map_err(|error| Error::io("move away", &path, error))?;
        remove_all(&hidden)
    }
}

fn open(path: &Path, cx: &Context) -> Result<Blob> {
    let artifact = Artifact::open(path, cx)?;
    let name = artifact.entries().next().map(|(name, _)| name.to_owned()).unwrap_or_default();
    artifact.blob(&name)
}

#[cfg(unix)]
fn same_file_system(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev()).ok();
    device(one) == device(other)
}

/// Where it cannot be told, the rename will.
#[cfg(not(unix))]
fn same_file_system(_: &Path, _: &Path) -> bool {
    true
}

fn remove_all(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", path, error)),
        _ => Ok(()),
    }
}
