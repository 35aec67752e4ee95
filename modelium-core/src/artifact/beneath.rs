//! Opens a file that an untrusted name points at, and nothing outside the folder.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::error::Error;

/// Why a location inside a model file is refused.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum LocationError {
    #[error("it is empty")]
    Empty,
    #[error("it holds a NUL byte")]
    Nul,
    #[error("it is a URL; only files beside the model are read")]
    Url,
    #[error("it is an absolute path; only files beside the model are read")]
    Absolute,
    #[error("it leaves the model's folder by '..'")]
    Parent,
    #[error("no such file")]
    Missing,
    #[error("it is a symbolic link; set Limits::follow_links if the link can be trusted")]
    SymbolicLink,
    #[error("it is a hard link to a file that has other names; set Limits::follow_links if it can be trusted")]
    HardLink,
    #[error("it is a folder")]
    Folder,
    #[error("it is not a regular file")]
    NotAFile,
    #[error("{0}")]
    Unreadable(Error),
}

/// Splits a location into folder names, refusing what could lead elsewhere on any operating system.
pub(super) fn components(location: &str) -> Result<Vec<&str>, LocationError> {
    if location.is_empty() {
        return Err(LocationError::Empty);
    }
    if location.contains('\0') {
        return Err(LocationError::Nul);
    }
    if location.contains("://") {
        return Err(LocationError::Url);
    }
    let drive = matches!(location.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    if location.starts_with(['/', '\\']) || drive {
        return Err(LocationError::Absolute);
    }
    let parts: Vec<_> = location.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.contains(&"..") {
        return Err(LocationError::Parent);
    }
    if parts.is_empty() { Err(LocationError::NotAFile) } else { Ok(parts) }
}

/// Opens `parts` below `base`, a regular file, reading only.
///
/// With `follow_links` off, no component may be a symbolic link and the file may have one name only. On Linux the
/// kernel enforces this while it walks the path (`openat2`), so that nothing can be swapped in between; elsewhere, and
/// on kernels without that call, each component is looked at first.
pub fn open_beneath(base: &Path, parts: &[&str], follow_links: bool) -> Result<File, LocationError> {
    let path = parts.iter().fold(base.to_owned(), |path, part| path.join(part));
    let refused = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => LocationError::Missing,
        _ => LocationError::Unreadable(Error::io("open", &path, error)),
    };
    let file = if follow_links { open(&path).map_err(refused)? } else { open_without_links(base, parts, &path)? };
    let metadata = file.metadata().map_err(refused)?;
    if !metadata.is_file() {
        return Err(if metadata.is_dir() { LocationError::Folder } else { LocationError::NotAFile });
    }
    #[cfg(unix)]
    if !follow_links && std::os::unix::fs::MetadataExt::nlink(&metadata) > 1 {
        return Err(LocationError::HardLink);
    }
    Ok(file)
}

/// Opens without blocking on a pipe that stands where a file should.
fn open(path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        std::fs::OpenOptions::new().read(true).custom_flags(flags).open(path)
    }
    #[cfg(not(unix))]
    File::open(path)
}

fn open_without_links(base: &Path, parts: &[&str], path: &Path) -> Result<File, LocationError> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{Mode, OFlags, ResolveFlags, open, openat2};
        use rustix::io::Errno;

        let relative: std::path::PathBuf = parts.iter().collect();
        let unreadable = |error: Errno| LocationError::Unreadable(Error::io("open", path, error.into()));
        let folder = open(base, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
        let folder =
            folder.map_err(|error| if error == Errno::NOENT { LocationError::Missing } else { unreadable(error) })?;
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        match openat2(&folder, &relative, flags, Mode::empty(), ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS) {
            Ok(file) => return Ok(File::from(file)),
            Err(Errno::LOOP | Errno::XDEV) => return Err(LocationError::SymbolicLink),
            Err(Errno::NOENT | Errno::NOTDIR) => return Err(LocationError::Missing),
            Err(Errno::NOSYS | Errno::PERM | Errno::INVAL) => {} // an old kernel or a sandbox: look at each component below
            Err(error) => return Err(unreadable(error)),
        }
    }
    let mut step = base.to_owned();
    for part in parts {
        step.push(part);
        match std::fs::symlink_metadata(&step) {
            Ok(metadata) if metadata.file_type().is_symlink() => return Err(LocationError::SymbolicLink),
            Ok(_) => {}
            Err(_) => return Err(LocationError::Missing),
        }
    }
    open(path).map_err(|error| LocationError::Unreadable(Error::io("open", path, error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_lead_elsewhere_are_refused() {
        for (location, reason) in [
            ("", "it is empty"),
            ("a\0b", "it holds a NUL byte"),
            ("https://host/w", "it is a URL; only files beside the model are read"),
            ("/etc/passwd", "it is an absolute path; only files beside the model are read"),
            ("C:\\w", "it is an absolute path; only files beside the model are read"),
            ("a/../../w", "it leaves the model's folder by '..'"),
            ("a\\..\\w", "it leaves the model's folder by '..'"),
        ] {
            assert_eq!(components(location).unwrap_err().to_string(), reason, "{location:?}");
        }
        assert_eq!(components("./a//w.bin").unwrap(), ["a", "w.bin"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_refused_unless_they_are_trusted() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("w"), "weights").unwrap();
        std::os::unix::fs::symlink("w", folder.path().join("soft")).unwrap();
        assert!(open_beneath(folder.path(), &["w"], false).is_ok());
        assert!(matches!(open_beneath(folder.path(), &["soft"], false), Err(LocationError::SymbolicLink)));
        assert!(open_beneath(folder.path(), &["soft"], true).is_ok());
        std::fs::hard_link(folder.path().join("w"), folder.path().join("hard")).unwrap();
        assert!(matches!(open_beneath(folder.path(), &["hard"], false), Err(LocationError::HardLink)));
        assert!(matches!(open_beneath(folder.path(), &["."], true), Err(LocationError::Folder)));
    }
}
