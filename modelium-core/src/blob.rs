//! Bytes of a model that are mapped, not read: a [`Blob`] is a window into a file or into memory.
//!
//! A clone or a slice costs a counter, never a copy. The file must not be truncated while a blob of it lives: the
//! operating system would end the process at the next touch, as it does for every program that maps files.

use std::fmt;
use std::fs::{File, Metadata};
use std::ops::{Deref, Range};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use crate::error::{Error, Location, Result};

/// A window of bytes that knows which file it came from and where.
#[derive(Clone)]
pub struct Blob {
    bytes: Bytes,
    source: Arc<Source>,
    offset: u64,
}

/// The whole of what a blob is a window of.
#[derive(Debug)]
struct Source {
    name: String,
    path: Option<PathBuf>,
    stamp: Option<Stamp>,
}

/// What tells a file from another of the same name: device, number, bytes, and when it was changed, in nanoseconds.
type Stamp = (u64, u64, u64, i128);

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
fn stamp(metadata: &Metadata) -> Option<Stamp> {
    use std::os::unix::fs::MetadataExt;
    let changed = i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec());
    Some((metadata.dev(), metadata.ino(), metadata.len(), changed))
}

#[cfg(not(unix))]
fn stamp(_: &Metadata) -> Option<Stamp> {
    None
}

impl Blob {
    /// Wraps bytes that are in memory already; `name` is what errors call them.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { bytes: bytes.into(), source: Arc::new(Source { name: name.into(), path: None, stamp: None }), offset: 0 }
    }

    /// Maps an open file; `name` is what errors call it.
    ///
    /// # Errors
    /// `Io` if the file cannot be mapped.
    pub fn map(name: impl Into<String>, path: &Path, file: &File) -> Result<Self> {
        let metadata = file.metadata().map_err(|source| Error::io("read the size of", path, source))?;
        let bytes = if metadata.len() == 0 {
            Bytes::new() // an empty file cannot be mapped
        } else {
            // SAFETY: the map is read-only and private; the module head states that the file must not shrink under it.
            let map = unsafe { memmap2::Mmap::map(file) }.map_err(|source| Error::io("map", path, source))?;
            Bytes::from_owner(map)
        };
        let source = Source { name: name.into(), path: Some(path.to_owned()), stamp: stamp(&metadata) };
        Ok(Self { bytes, source: Arc::new(source), offset: 0 })
    }

    /// What errors call the file.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// The file on disk, unless the bytes are in memory only.
    pub fn path(&self) -> Option<&Path> {
        self.source.path.as_deref()
    }

    /// Where this window starts in its file.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes in this window.
    #[expect(clippy::len_without_is_empty, reason = "is_empty comes with Deref")]
    pub fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The bytes, shared, not copied.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// A smaller window, the range counted from the start of this one; `None` if it does not fit.
    pub fn slice(&self, range: Range<u64>) -> Option<Self> {
        let (start, end) = (usize::try_from(range.start).ok()?, usize::try_from(range.end).ok()?);
        if start > end || end > self.bytes.len() {
            return None;
        }
        let offset = self.offset.checked_add(range.start)?;
        Some(Self { bytes: self.bytes.slice(start..end), source: Arc::clone(&self.source), offset })
    }

    /// The window that `part`, a shared sub-slice of these bytes, stands for.
    ///
    /// A decoder that hands out `Bytes` loses the place in the file; this finds it again. Bytes that lie elsewhere
    /// in memory become a blob of their own under the same name.
    #[must_use]
    pub fn window(&self, part: Bytes) -> Self {
        let start = (part.as_ptr() as usize).wrapping_sub(self.bytes.as_ptr() as usize);
        let inside = start.checked_add(part.len()).is_some_and(|end| end <= self.bytes.len());
        let (source, offset) = if inside && !part.is_empty() {
            (Arc::clone(&self.source), self.offset.saturating_add(start as u64))
        } else {
            (Arc::new(Source { name: self.source.name.clone(), path: None, stamp: None }), 0)
        };
        Self { bytes: part, source, offset }
    }

    /// Gives the pages of a mapped window back to the system; whoever reads them again finds them in the file.
    ///
    /// Reading a header here and there maps the pages around it too. A reader that is done with the structure calls
    /// this, so that an open model weighs what its structure does.
    pub fn release(&self) {
        self.release_part(&self.bytes);
    }

    /// Gives the pages of a part of this window back.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(clippy::unused_self, unused_variables, reason = "there is no such advice")
    )]
    fn release_part(&self, part: &[u8]) {
        #[cfg(target_os = "linux")]
        if self.path().is_some() {
            const PAGE: usize = 1 << 16; // a multiple of every page size in use
            let start = (part.as_ptr() as usize).next_multiple_of(PAGE);
            let end = (part.as_ptr() as usize).saturating_add(part.len()) / PAGE * PAGE;
            if end > start {
                // SAFETY: the range lies inside a private, read-only map of a file that this blob keeps alive; its
                // pages were never written, so dropping them loses nothing.
                let dropped = unsafe {
                    rustix::mm::madvise(start as *mut _, end.saturating_sub(start), rustix::mm::Advice::LinuxDontNeed)
                };
                let _ = dropped; // it is advice
            }
        }
    }

    /// True if the other holds the same bytes. Of long windows no more than a part is in memory at a time.
    #[must_use]
    pub fn holds_same(&self, other: &Self) -> bool {
        const PART: usize = 1 << 23;
        if self.bytes.len() != other.bytes.len() {
            return false;
        }
        if self.bytes.as_ptr() == other.bytes.as_ptr() {
            return true;
        }
        self.bytes.chunks(PART).zip(other.bytes.chunks(PART)).all(|(mine, theirs)| {
            let same = mine == theirs;
            self.release_part(mine);
            other.release_part(theirs);
            same
        })
    }

    /// The place of a byte of this window, for messages.
    pub fn location(&self, at: u64) -> Location {
        Location::at(self.name(), self.offset.saturating_add(at))
    }
}

/// Reads the bytes of blobs once, one blob after the other.
///
/// What is wanted once is had from the file through a buffer, not through the map: pages of a map are taken one by one, and
/// stay with the process.
#[derive(Debug, Default)]
pub struct Reader {
    /// The file that the last blob was of, if it is still the one that was mapped.
    open: Option<(Arc<Source>, Option<File>)>,
    buffer: Vec<u8>,
}

impl Reader {
    /// Bytes of a part. It stays in the cache between the read and the write.
    const PART: usize = 1 << 18;

    /// From this many bytes on the file is read.
    const LEAST: usize = 1 << 16;

    /// Gives the bytes of the blob to `take`, part by part. They are written from the byte `at` on: parts end at whole parts
    /// of the file that is written, so that the system fills its pages in one go.
    ///
    /// # Errors
    /// Those of `take`; `Io` if the file cannot be read any more.
    pub fn read(&mut self, blob: &Blob, at: u64, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        #[cfg(unix)]
        if blob.bytes.len() >= Self::LEAST && self.open(blob).is_some() {
            use std::os::unix::fs::FileExt;
            self.buffer.resize(Self::PART, 0);
            let Some((source, Some(file))) = &self.open else { return Err(Error::internal("an open file is open")) };
            let (mut from, mut left) = (blob.offset, blob.bytes.len());
            let begun = usize::try_from(at % Self::PART as u64).unwrap_or_default();
            let mut room = Self::PART.saturating_sub(begun);
            while left > 0 {
                let part = self.buffer.get_mut(..left.min(room)).unwrap_or_default();
                file.read_exact_at(part, from).map_err(|error| Error::io("read", &source.name, error))?;
                take(part)?;
                from = from.saturating_add(part.len() as u64);
                left = left.saturating_sub(part.len());
                room = Self::PART;
            }
            return Ok(());
        }
        let _ = at; // what is mapped is not read
        blob.chunks(Self::PART).try_for_each(take)
    }

    /// The file of a blob, unless another one has its name by now.
    #[cfg(unix)]
    fn open(&mut self, blob: &Blob) -> Option<&File> {
        let known = self.open.as_ref().is_some_and(|(source, _)| Arc::ptr_eq(source, &blob.source));
        if !known {
            #[expect(clippy::disallowed_methods, reason = "the file that is mapped already, to be read past the map")]
            let file = blob.path().and_then(|path| File::open(path).ok());
            let same = |file: &File| file.metadata().ok().and_then(|found| stamp(&found)) == blob.source.stamp;
            self.open = Some((Arc::clone(&blob.source), file.filter(same)));
        }
        self.open.as_ref().and_then(|(_, file)| file.as_ref())
    }
}

impl Deref for Blob {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl AsRef<[u8]> for Blob {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl PartialEq for Blob {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({}, {} bytes at {})", self.name(), self.len(), self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_keeps_its_place_in_the_file() {
        let blob = Blob::from_bytes("w", &b"0123456789"[..]).slice(2..8).unwrap();
        let inner = blob.slice(1..3).unwrap();
        assert_eq!((&*inner, inner.offset()), (&b"34"[..], 3));
        assert!(blob.slice(4..7).is_none());
    }

    #[test]
    fn a_window_finds_its_offset_again() {
        let blob = Blob::from_bytes("w", &b"0123456789"[..]).slice(2..8).unwrap();
        let part = blob.bytes().slice(3..5);
        assert_eq!(blob.window(part).offset(), 5);
    }
}
