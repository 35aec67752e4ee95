//! Where results go: they appear whole at [`Sink::commit`], or not at all.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::blob::{Blob, Reader};
use crate::context::Context;
use crate::error::{Error, Result};

/// A place for the files of a result.
///
/// # Behavior
/// - Nothing is visible under its final name before [`commit`](Self::commit).
/// - A sink that is dropped without commit leaves nothing behind.
/// - Names are relative, `/` between folders; a sink refuses names that leave it.
pub trait Sink: Send {
    /// Starts a file; what is written to it is part of the result.
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + Send + '_>>;

    /// Takes over a file as it is. A sink on disk lets the file system share the bytes where it can (reflink).
    fn copy(&mut self, name: &str, from: &Blob, cx: &Context) -> Result<()> {
        let mut to = self.create(name)?;
        pour(from, &mut *to, name, cx)?;
        to.flush().map_err(|error| Error::io("write", name, error))
    }

    /// Takes over a file that nobody else needs any more: a sink on disk moves it where the file system allows.
    fn adopt(&mut self, name: &str, from: &Path, cx: &Context) -> Result<()> {
        let file = File::open(from).map_err(|error| Error::io("open", from, error))?;
        self.copy(name, &Blob::map(from.display().to_string(), from, &file)?, cx)
    }

    /// A folder on the file system where the result will lie, in which work in progress can be kept; `None` in memory.
    fn parent(&self) -> Option<&Path> {
        None
    }

    /// Makes the result visible, all at once.
    fn commit(&mut self) -> Result<()>;
}

/// Moves a file, or copies it where it lies on another file system.
fn move_file(from: &Path, to: &Path, cx: &Context) -> Result<()> {
    if fs::rename(from, to).is_ok() {
        return Ok(());
    }
    let file = File::open(from).map_err(|error| Error::io("open", from, error))?;
    copy_file(&Blob::map(from.display().to_string(), from, &file)?, to, cx)
}

/// Joins a relative name to a folder, refusing names that leave it.
fn join(folder: &Path, name: &str) -> Result<PathBuf> {
    let parts = super::beneath::components(name)
        .map_err(|reason| Error::argument(format!("refusing to write '{}': {reason}", name.escape_default())))?;
    Ok(parts.iter().fold(folder.to_owned(), |path, part| path.join(part)))
}

/// A folder that appears whole. It is written beside its final place and renamed.
#[derive(Debug)]
pub struct FolderSink {
    target: PathBuf,
    staging: Option<PathBuf>,
    replace: bool,
}

impl FolderSink {
    /// A sink for a folder that must not exist yet, or be empty.
    ///
    /// # Errors
    /// `InvalidArgument` if something is there; `Io` if the place cannot be written.
    pub fn create(target: impl Into<PathBuf>) -> Result<Self> {
        Self::start(target.into(), false)
    }

    /// A sink that takes the place of whatever folder is there.
    ///
    /// # Errors
    /// `Io` if the place cannot be written.
    pub fn replace(target: impl Into<PathBuf>) -> Result<Self> {
        Self::start(target.into(), true)
    }

    fn start(target: PathBuf, replace: bool) -> Result<Self> {
        let Some(name) = target.file_name().map(|name| name.to_string_lossy().into_owned()) else {
            return Err(Error::argument(format!("'{}' does not name a folder", target.display())));
        };
        let occupied = match fs::read_dir(&target) {
            Ok(mut items) => items.next().is_some(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(Error::io("write to", &target, error)),
        };
        if occupied && !replace {
            return Err(Error::argument("the folder is not empty; name another one, or ask to replace it")
                .with_file(target.display().to_string()));
        }
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
        let staging = unused(parent, &name);
        fs::create_dir(&staging).map_err(|error| Error::io("create", &staging, error))?;
        Ok(Self { target, staging: Some(staging), replace })
    }

    /// The folder in which files lie until commit.
    pub fn staging(&self) -> Option<&Path> {
        self.staging.as_deref()
    }

    fn place(&self, name: &str) -> Result<PathBuf> {
        let staging = self.staging.as_ref().ok_or_else(|| Error::internal("sink used after commit"))?;
        let path = join(staging, name)?;
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
        }
        Ok(path)
    }
}

/// A hidden name beside the target that nobody else uses: process id and a counter.
fn unused(parent: &Path, name: &str) -> PathBuf {
    (0..=u32::MAX)
        .map(|n| parent.join(format!(".{name}.{}-{n}.partial", std::process::id())))
        .find(|path| fs::symlink_metadata(path).is_err())
        .unwrap_or_else(|| parent.join(format!(".{name}.partial")))
}

impl Sink for FolderSink {
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + Send + '_>> {
        let path = self.place(name)?;
        let file = File::create_new(&path).map_err(|error| Error::io("create", &path, error))?;
        Ok(Box::new(BufWriter::with_capacity(1 << 16, file))) // weights come in larger parts, and go through
    }

    fn copy(&mut self, name: &str, from: &Blob, cx: &Context) -> Result<()> {
        let path = self.place(name)?;
        copy_file(from, &path, cx)
    }

    fn adopt(&mut self, name: &str, from: &Path, cx: &Context) -> Result<()> {
        let path = self.place(name)?;
        move_file(from, &path, cx)
    }

    fn parent(&self) -> Option<&Path> {
        self.target.parent()
    }

    fn commit(&mut self) -> Result<()> {
        let Some(staging) = self.staging.take() else { return Err(Error::internal("sink committed twice")) };
        let moved = if self.replace && fs::symlink_metadata(&self.target).is_ok() {
            exchange(&staging, &self.target)
        } else {
            // an empty folder in the way is replaced by the rename itself
            fs::rename(&staging, &self.target)
        };
        moved.map_err(|error| {
            let _ = fs::remove_dir_all(&staging);
            Error::io("move the result to", &self.target, error)
        })
    }
}

impl Drop for FolderSink {
    fn drop(&mut self) {
        if let Some(staging) = self.staging.take() {
            let _ = fs::remove_dir_all(staging); // nothing more can be done about it here
        }
    }
}

/// Swaps two folders and drops the old one; where the kernel cannot swap, the old one is moved aside first.
fn exchange(staging: &Path, target: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, staging, CWD, target, RenameFlags::EXCHANGE).is_ok() {
            return fs::remove_dir_all(staging);
        }
    }
    let aside = staging.with_extension("old");
    fs::rename(target, &aside)?;
    if let Err(error) = fs::rename(staging, target) {
        fs::rename(&aside, target)?; // put the old one back
        return Err(error);
    }
    fs::remove_dir_all(aside)
}

/// Copies a whole file by the file system where it can share bytes, else a window by hand.
fn copy_file(from: &Blob, to: &Path, cx: &Context) -> Result<()> {
    cx.tick("copy", 0, from.len())?;
    if let Some(path) = from.path() {
        let whole = fs::metadata(path).is_ok_and(|metadata| metadata.len() == from.len());
        if whole && from.offset() == 0 {
            return fs::copy(path, to).map(drop).map_err(|error| Error::io("copy to", to, error));
        }
    }
    let mut file = File::create_new(to).map_err(|error| Error::io("create", to, error))?;
    pour(from, &mut file, to, cx)
}

/// Writes a window, part by part.
fn pour(from: &Blob, to: &mut dyn Write, name: impl AsRef<Path>, cx: &Context) -> Result<()> {
    let (name, mut done) = (name.as_ref(), 0_u64);
    Reader::default().read(from, 0, |part| {
        cx.tick("copy", done, from.len())?;
        done = done.saturating_add(part.len() as u64);
        to.write_all(part).map_err(|error| Error::io("write", name, error))
    })
}

/// One file, and what must lie beside it. Each appears by rename at commit, the named file last.
#[derive(Debug)]
pub struct FileSink {
    folder: PathBuf,
    name: String,
    staging: FolderSink,
    written: Vec<String>,
}

impl FileSink {
    /// A sink for `path`; an existing file is replaced at commit.
    ///
    /// # Errors
    /// `InvalidArgument` if the path names no file; `Io` if the place cannot be written.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else {
            return Err(Error::argument(format!("'{}' does not name a file", path.display())));
        };
        if path.is_dir() {
            return Err(Error::argument(format!("'{}' is a folder; name a file in it", path.display())));
        }
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        let staging = FolderSink::start(unused(&folder, &name), false)?;
        Ok(Self { folder, name, staging, written: Vec::new() })
    }

    /// The name of the main file.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Sink for FileSink {
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + Send + '_>> {
        self.written.push(name.to_owned());
        self.staging.create(name)
    }

    fn copy(&mut self, name: &str, from: &Blob, cx: &Context) -> Result<()> {
        self.written.push(name.to_owned());
        self.staging.copy(name, from, cx)
    }

    fn adopt(&mut self, name: &str, from: &Path, cx: &Context) -> Result<()> {
        self.written.push(name.to_owned());
        self.staging.adopt(name, from, cx)
    }

    fn parent(&self) -> Option<&Path> {
        Some(&self.folder)
    }

    fn commit(&mut self) -> Result<()> {
        let Some(staging) = self.staging.staging().map(Path::to_owned) else {
            return Err(Error::internal("sink committed twice"));
        };
        // the file that refers to the others comes last, so that it never points at nothing
        let mut names = std::mem::take(&mut self.written);
        names.sort_by_key(|name| *name == self.name);
        for name in names {
            let (from, to) = (join(&staging, &name)?, join(&self.folder, &name)?);
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
            }
            fs::rename(&from, &to).map_err(|error| Error::io("move the result to", &to, error))?;
        }
        Ok(())
    }
}

/// Files in memory: for small results, tests and hosts without a disk.
#[derive(Debug, Default)]
pub struct MemorySink {
    pending: BTreeMap<String, Vec<u8>>,
    files: BTreeMap<String, Vec<u8>>,
}

impl MemorySink {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was committed.
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.files
    }
}

impl Sink for MemorySink {
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + Send + '_>> {
        join(Path::new(""), name)?;
        let file = self.pending.entry(name.to_owned()).or_default();
        file.clear();
        Ok(Box::new(file))
    }

    fn commit(&mut self) -> Result<()> {
        self.files.append(&mut self.pending);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|item| item.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_appears_at_commit_and_not_before() {
        let place = tempfile::tempdir().unwrap();
        let mut sink = FolderSink::create(place.path().join("out")).unwrap();
        sink.create("a/b.txt").unwrap().write_all(b"x").unwrap();
        assert!(!place.path().join("out").exists());
        sink.commit().unwrap();
        assert_eq!(fs::read(place.path().join("out/a/b.txt")).unwrap(), b"x");
        assert_eq!(names(place.path()), ["out"]);
    }

    #[test]
    fn a_dropped_sink_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let mut sink = FolderSink::create(place.path().join("out")).unwrap();
        sink.create("a").unwrap().write_all(b"x").unwrap();
        drop(sink);
        assert_eq!(names(place.path()), [""; 0]);
    }

    #[test]
    fn replacing_swaps_the_whole_folder() {
        let place = tempfile::tempdir().unwrap();
        for text in [&b"old"[..], b"new"] {
            let mut sink = FolderSink::replace(place.path().join("out")).unwrap();
            sink.create(std::str::from_utf8(text).unwrap()).unwrap().write_all(text).unwrap();
            sink.commit().unwrap();
        }
        assert_eq!(names(&place.path().join("out")), ["new"]);
        assert_eq!(names(place.path()), ["out"]);
        assert!(FolderSink::create(place.path().join("out")).is_err());
    }

    #[test]
    fn a_file_appears_with_what_lies_beside_it() {
        let place = tempfile::tempdir().unwrap();
        let mut sink = FileSink::create(place.path().join("m.onnx")).unwrap();
        sink.create("m.onnx").unwrap().write_all(b"m").unwrap();
        sink.create("m.onnx.data").unwrap().write_all(b"d").unwrap();
        sink.commit().unwrap();
        drop(sink);
        assert_eq!(names(place.path()), ["m.onnx", "m.onnx.data"]);
    }

    #[test]
    fn an_adopted_file_moves() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("w"), b"x").unwrap();
        let mut sink = FolderSink::create(place.path().join("out")).unwrap();
        sink.adopt("a/w", &place.path().join("w"), &Context::new()).unwrap();
        sink.commit().unwrap();
        assert_eq!(fs::read(place.path().join("out/a/w")).unwrap(), b"x");
        assert_eq!(names(place.path()), ["out"]);
    }

    #[test]
    fn names_that_leave_the_sink_are_refused() {
        let place = tempfile::tempdir().unwrap();
        let mut sink = FolderSink::create(place.path().join("out")).unwrap();
        assert!(sink.create("../x").is_err());
        assert!(MemorySink::new().create("/x").is_err());
    }
}
