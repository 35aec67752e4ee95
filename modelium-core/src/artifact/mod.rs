//! A model as somebody stored it: one file, or a folder of named files; and the place where results go.
//!
//! [`Artifact::open`] looks at names only; [`Artifact::blob`] maps a file when it is asked for. All file access of the
//! library goes through this folder, so that the rules about links and paths hold everywhere.

#![expect(clippy::disallowed_methods, reason = "this folder owns file access")]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

mod beneath;
mod sink;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, Error, ErrorKind, Location, Result};

pub use beneath::{LocationError, open_beneath};
pub use sink::{FileSink, FolderSink, MemorySink, Sink};

/// One model as stored.
#[derive(Debug, Clone)]
pub struct Artifact {
    name: String,
    root: Root,
    entries: BTreeMap<String, Entry>,
    follow_links: bool,
}

#[derive(Debug, Clone)]
enum Root {
    /// The one entry lies in this folder; files beside it can be resolved, but are not part of the artifact by themselves.
    File(PathBuf),
    Folder(PathBuf),
    Memory,
}

/// One named file of an artifact.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its size in bytes.
    pub len: u64,
    source: EntrySource,
}

#[derive(Debug, Clone)]
enum EntrySource {
    Path(PathBuf),
    Memory(Bytes),
}

/// Why a path does not open as an artifact.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum ArtifactError {
    #[error("no such file or folder; check the path")]
    Missing { path: PathBuf },
    #[error("neither a file nor a folder")]
    Special { path: PathBuf },
    #[error("the folder holds no files")]
    EmptyFolder { path: PathBuf },
    #[error(
        "the folder holds {links} links and no files, as caches of Hugging Face do; set Limits::follow_links if they can be \
         trusted"
    )]
    OnlyLinks { path: PathBuf, links: u64 },
    #[error("more than {cap} files; raise Limits::entries to read it")]
    TooManyEntries { path: PathBuf, cap: u64 },
    #[error("no entry '{entry}' in this artifact")]
    NoEntry { path: PathBuf, entry: String },
}

impl Classify for ArtifactError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Missing { .. } | Self::NoEntry { .. } => ErrorKind::Io,
            Self::Special { .. } | Self::EmptyFolder { .. } | Self::OnlyLinks { .. } => ErrorKind::InvalidArgument,
            Self::TooManyEntries { .. } => ErrorKind::LimitExceeded,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::Missing { path }
            | Self::Special { path }
            | Self::EmptyFolder { path }
            | Self::OnlyLinks { path, .. }
            | Self::TooManyEntries { path, .. }
            | Self::NoEntry { path, .. } => Location::file(path.display().to_string()),
        }
    }
}

/// SHA-256 of one file of an artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryDigest {
    /// The entry's name, `/` between folders.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

impl EntryDigest {
    /// Reads the whole blob; `name` is what the digest is of.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn of(name: &str, blob: &Blob, cx: &Context) -> Result<Self> {
        digest(name, blob, &mut 0, blob.len(), cx)
    }
}

impl Artifact {
    /// Opens a file or a folder; nothing is read but names and sizes.
    ///
    /// # Errors
    /// `Io` if the path does not exist or cannot be read, `LimitExceeded` beyond [`Limits::entries`](crate::Limits::entries).
    #[tracing::instrument(name = "modelium.open", skip_all, fields(path = %path.as_ref().display()))]
    pub fn open(path: impl AsRef<Path>, cx: &Context) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(ArtifactError::Missing { path: path.to_owned() }.into());
            }
            Err(error) => return Err(Error::io("open", path, error)),
        };
        let mut entries = BTreeMap::new();
        let root = if metadata.is_file() {
            let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            entries.insert(file, Entry { len: metadata.len(), source: EntrySource::Path(path.to_owned()) });
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Root::File(folder.to_owned())
        } else if metadata.is_dir() {
            let links = walk(path, "", &mut entries, cx)?;
            if entries.is_empty() && links > 0 {
                return Err(ArtifactError::OnlyLinks { path: path.to_owned(), links }.into());
            }
            if entries.is_empty() {
                return Err(ArtifactError::EmptyFolder { path: path.to_owned() }.into());
            }
            Root::Folder(path.to_owned())
        } else {
            return Err(ArtifactError::Special { path: path.to_owned() }.into());
        };
        Ok(Self { name, root, entries, follow_links: cx.limits().follow_links })
    }

    /// An artifact of one file that is in memory.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let name = name.into();
        Self::from_entries(name.clone(), [(name, bytes.into())])
    }

    /// An artifact of several files that are in memory.
    pub fn from_entries(name: impl Into<String>, files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let entries = files
            .into_iter()
            .map(|(name, bytes)| (name, Entry { len: bytes.len() as u64, source: EntrySource::Memory(bytes) }))
            .collect();
        Self { name: name.into(), root: Root::Memory, entries, follow_links: false }
    }

    /// What the caller called it: the path, or the given name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file or folder on disk, unless it is in memory only.
    pub fn path(&self) -> Option<&Path> {
        match &self.root {
            Root::File(_) => self.entries.values().next().and_then(Entry::path),
            Root::Folder(folder) => Some(folder),
            Root::Memory => None,
        }
    }

    /// True for a folder, or for several files in memory.
    pub fn is_folder(&self) -> bool {
        match self.root {
            Root::File(_) => false,
            Root::Folder(_) => true,
            Root::Memory => self.entries.len() > 1,
        }
    }

    /// The files by name, `/` between folders.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(name, entry)| (name.as_str(), entry))
    }

    /// The entry of that name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    /// Maps the entry of that name.
    ///
    /// # Errors
    /// `Io` if there is none or it cannot be mapped.
    pub fn blob(&self, name: &str) -> Result<Blob> {
        let Some(entry) = self.entries.get(name) else {
            let (path, entry) = (PathBuf::from(&self.name), name.to_owned());
            return Err(ArtifactError::NoEntry { path, entry }.into());
        };
        match &entry.source {
            EntrySource::Memory(bytes) => Ok(Blob::from_bytes(self.display(name), bytes.clone())),
            EntrySource::Path(path) => {
                let file = fs::File::open(path).map_err(|error| Error::io("open", path, error))?;
                Blob::map(self.display(name), path, &file)
            }
        }
    }

    /// The artifact of one of these files alone; files beside it can still be resolved.
    ///
    /// # Errors
    /// `Io` if there is no such entry.
    pub fn only(&self, name: &str) -> Result<Self> {
        let Some(entry) = self.entries.get(name) else {
            let (path, entry) = (PathBuf::from(&self.name), name.to_owned());
            return Err(ArtifactError::NoEntry { path, entry }.into());
        };
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let root = match &self.root {
            Root::Folder(root) => Root::File(root.join(folder)),
            other => other.clone(),
        };
        // what lies in memory keeps its folder, by which files beside it are found
        let file = if matches!(root, Root::Memory) { name } else { file };
        let entries = BTreeMap::from([(file.to_owned(), entry.clone())]);
        Ok(Self { name: self.display(name), root, entries, follow_links: self.follow_links })
    }

    /// Maps a file that another file of the artifact refers to: external data.
    ///
    /// `from` is the entry that holds the reference; `location` is relative to its folder. Absolute paths, `..`, URLs,
    /// NUL bytes and anything that is not a regular file are refused; links too, unless
    /// [`Limits::follow_links`](crate::Limits::follow_links) allows them.
    pub fn resolve(&self, from: &str, location: &str) -> Result<Blob, LocationError> {
        let parts = beneath::components(location)?;
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let (Root::File(root) | Root::Folder(root)) = &self.root else {
            let name = folder.split('/').filter(|part| !part.is_empty()).chain(parts).collect::<Vec<_>>().join("/");
            return match self.entries.get(&name) {
                Some(Entry { source: EntrySource::Memory(bytes), .. }) => {
                    Ok(Blob::from_bytes(self.display(&name), bytes.clone()))
                }
                _ => Err(LocationError::Missing),
            };
        };
        let base = root.join(folder);
        let file = open_beneath(&base, &parts, self.follow_links)?;
        let path = parts.iter().fold(base, |path, part| path.join(part));
        Blob::map(path.display().to_string(), &path, &file).map_err(LocationError::Unreadable)
    }

    /// What errors call an entry.
    pub fn display(&self, entry: &str) -> String {
        match &self.root {
            Root::Folder(folder) => folder.join(entry).display().to_string(),
            Root::File(_) => self.name.clone(),
            Root::Memory => entry.to_owned(),
        }
    }

    /// SHA-256 of each entry, and of the `beside` blobs that its files refer to, in the order of their names.
    pub fn digest(&self, beside: &[Blob], cx: &Context) -> Result<Vec<EntryDigest>> {
        let total = self.entries.values().map(|entry| entry.len).chain(beside.iter().map(Blob::len)).sum();
        let mut done = 0;
        let mut digests = Vec::new();
        for name in self.entries.keys() {
            digests.push(digest(name, &self.blob(name)?, &mut done, total, cx)?);
        }
        for blob in beside {
            let name = blob.path().and_then(Path::file_name).map_or(blob.name().into(), |name| name.to_string_lossy());
            if !self.entries.contains_key(name.as_ref()) {
                digests.push(digest(&name, blob, &mut done, total, cx)?);
            }
        }
        digests.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(digests)
    }
}

impl Entry {
    /// The file on disk, unless it is in memory only.
    pub fn path(&self) -> Option<&Path> {
        if let EntrySource::Path(path) = &self.source { Some(path) } else { None }
    }
}

/// Digests a file while it is written.
#[derive(Debug, Default)]
pub struct EntryHasher {
    sha256: Sha256,
    bytes: u64,
}

impl EntryHasher {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
    }

    /// The digest of all that was taken.
    pub fn finish(self, name: &str) -> EntryDigest {
        EntryDigest { name: name.to_owned(), bytes: self.bytes, sha256: hex(&self.sha256.finalize()) }
    }
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a string does not fail
        text
    })
}

fn digest(name: &str, blob: &Blob, done: &mut u64, total: u64, cx: &Context) -> Result<EntryDigest> {
    let mut hasher = Sha256::new();
    for chunk in blob.chunks(4 << 20) {
        cx.tick("digest", *done, total)?;
        hasher.update(chunk);
        *done = done.saturating_add(chunk.len() as u64);
    }
    Ok(EntryDigest { name: name.to_owned(), bytes: blob.len(), sha256: hex(&hasher.finalize()) })
}

/// Lists the regular files below a folder. Links count as entries only if links are followed; they never form loops,
/// because linked folders are not entered. Gives the number of links that were left out.
fn walk(root: &Path, prefix: &str, entries: &mut BTreeMap<String, Entry>, cx: &Context) -> Result<u64> {
    let mut links = 0_u64;
    let cap = cx.limits().entries;
    let mut folders = vec![(root.to_owned(), prefix.to_owned())];
    while let Some((folder, prefix)) = folders.pop() {
        cx.tick("open", entries.len() as u64, 0)?;
        for item in fs::read_dir(&folder).map_err(|error| Error::io("list", &folder, error))? {
            let item = item.map_err(|error| Error::io("list", &folder, error))?;
            let path = item.path();
            let name = format!("{prefix}{}", item.file_name().to_string_lossy());
            let kind = item.file_type().map_err(|error| Error::io("look at", &path, error))?;
            if kind.is_dir() {
                folders.push((path, format!("{name}/")));
                if folders.len() as u64 > cap {
                    return Err(ArtifactError::TooManyEntries { path: root.to_owned(), cap }.into());
                }
                continue;
            }
            if kind.is_symlink() && !cx.limits().follow_links {
                links = links.saturating_add(1);
                continue;
            }
            let Ok(metadata) = fs::metadata(&path) else { continue }; // a dangling link
            if metadata.is_file() {
                if entries.len() as u64 >= cap {
                    return Err(ArtifactError::TooManyEntries { path: root.to_owned(), cap }.into());
                }
                entries.insert(name, Entry { len: metadata.len(), source: EntrySource::Path(path) });
            }
        }
    }
    Ok(links)
}
