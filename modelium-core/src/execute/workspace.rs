//! The folder in which a run works: the record, and a folder for each step that writes files.
//!
//! ```text
//! workspace/
//!   lock               held while a run works here
//!   execution.json     the record, written anew after each group
//!   steps/export/…     files of finished steps
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::artifact::{Artifact, EntryDigest, FileSink, Sink};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::execute::record::{Execution, Files};
use crate::plan::check_name;

/// The most bytes that a record is read of: a trace of millions of rewrites is shorter.
const MAX_RECORD_BYTES: u64 = 1 << 30;

/// A folder to work in. A temporary one is gone when this is dropped.
#[derive(Debug)]
pub(super) struct Workspace {
    folder: PathBuf,
    temporary: bool,
    _lock: File,
}

impl Workspace {
    /// Works in a folder of the caller's, which is made if it is not there.
    ///
    /// # Errors
    /// `Io` if it cannot be written; `InvalidArgument` if another run works in it.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        Self::lock(std::path::absolute(folder).map_err(|error| Error::io("find", folder, error))?, false)
    }

    /// Works in a new folder inside `parent`, hidden.
    ///
    /// # Errors
    /// `Io` if it cannot be written.
    pub(super) fn temporary(parent: &Path) -> Result<Self> {
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        let parent = std::path::absolute(parent).map_err(|error| Error::io("find", parent, error))?;
        fs::create_dir_all(&parent).map_err(|error| Error::io("create", &parent, error))?;
        for n in 0..u32::MAX {
            let folder = parent.join(format!(".modelium-{}-{n}.partial", std::process::id()));
            match fs::create_dir(&folder) {
                Ok(()) => return Self::lock(folder, true),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Error::io("create", &folder, error)),
            }
        }
        Err(Error::internal("every name for a temporary folder is taken"))
    }

    fn lock(folder: PathBuf, temporary: bool) -> Result<Self> {
        let steps = folder.join("steps");
        fs::create_dir_all(&steps).map_err(|error| Error::io("create", &steps, error))?;
        let path = folder.join("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| Error::io("open", &path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { folder, temporary, _lock: file }),
            Err(TryLockError::WouldBlock) => Err(Error::argument("another run works in this folder; name another one")
                .with_file(folder.display().to_string())),
            Err(TryLockError::Error(error)) => Err(Error::io("lock", &path, error)),
        }
    }

    /// The folder that holds a folder for each step.
    pub(super) fn steps(&self) -> PathBuf {
        self.folder.join("steps")
    }

    /// The folder itself, where it outlives the run.
    pub(super) fn kept(&self) -> Option<&Path> {
        (!self.temporary).then_some(&self.folder)
    }

    /// The record that an earlier run of the same plan left; `None` if there is none that can be read.
    pub(super) fn load(&self, plan: &str, cx: &Context) -> Option<Execution> {
        let name = "execution.json";
        let path = self.folder.join(name);
        if fs::metadata(&path).ok()?.len() > MAX_RECORD_BYTES {
            return None;
        }
        let blob = Artifact::open(path, cx).and_then(|artifact| artifact.blob(name)).ok()?;
        match serde_json::from_slice::<Execution>(&blob) {
            Ok(record) => (record.plan == plan).then_some(record),
            Err(error) => {
                tracing::warn!(target: "modelium.execute", %error, "the record of an earlier run cannot be read");
                None
            }
        }
    }

    /// Writes the record in place of the last one.
    pub(super) fn save(&self, record: &Execution) -> Result<()> {
        let name = "execution.json";
        let text = serde_json::to_vec_pretty(record)
            .map_err(|error| Error::internal(format!("cannot write a record: {error}")))?;
        let mut sink = FileSink::create(self.folder.join(name))?;
        sink.create(name)?.write_all(&text).map_err(|error| Error::io("write", self.folder.join(name), error))?;
        sink.commit()
    }

    /// Drops what earlier runs left, all but the folders of the steps that are kept.
    pub(super) fn tidy(&self, kept: &[&str]) -> Result<()> {
        let steps = self.steps();
        for item in fs::read_dir(&steps).map_err(|error| Error::io("list", &steps, error))? {
            let item = item.map_err(|error| Error::io("list", &steps, error))?;
            if kept.iter().any(|id| item.file_name() == **id) {
                continue;
            }
            let path = item.path();
            let folder = item.file_type().is_ok_and(|kind| kind.is_dir());
            let removed = if folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(|error| Error::io("clear", &path, error))?;
        }
        Ok(())
    }

    /// Whether exactly these files lie in their step's folder, as regular files of these sizes, and with `content` of
    /// these digests too. A record is not trusted to say where they lie.
    pub(super) fn holds(&self, files: &Files, content: bool, cx: &Context) -> Result<bool> {
        if check_name(&files.step).is_err() || files.entries.iter().all(|entry| entry.name != files.main) {
            return Ok(false);
        }
        let Ok(found) = Artifact::open(self.steps().join(&files.step), cx) else { return Ok(false) };
        let sizes = found.entries().map(|(name, entry)| (name, entry.len));
        if !sizes.eq(files.entries.iter().map(|entry| (entry.name.as_str(), entry.bytes))) {
            return Ok(false);
        }
        if content {
            for entry in &files.entries {
                if EntryDigest::of(&entry.name, &found.blob(&entry.name)?, cx)? != *entry {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        if self.temporary {
            let _ = fs::remove_dir_all(&self.folder); // nothing more can be done about it here
        }
    }
}
