//! A sink that remembers what went into it: names, sizes, digests.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use crate::artifact::{EntryDigest, EntryHasher, Sink};
use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Error, Result};

/// Wraps a sink. Files that are streamed are digested on their way, without being read again.
pub(super) struct Recorded<S> {
    inner: S,
    entries: BTreeMap<String, EntryDigest>,
    open: Option<(String, EntryHasher)>,
}

impl<S: Sink> Recorded<S> {
    pub(super) fn new(inner: S) -> Self {
        Self { inner, entries: BTreeMap::new(), open: None }
    }

    fn settle(&mut self) {
        if let Some((name, hasher)) = self.open.take() {
            self.entries.insert(name.clone(), hasher.finish(&name));
        }
    }

    /// Commits, and says what is there now, in the order of the names.
    pub(super) fn finish(mut self) -> Result<Vec<EntryDigest>> {
        self.settle();
        self.inner.commit()?;
        Ok(self.entries.into_values().collect())
    }
}

impl<S: Sink> Sink for Recorded<S> {
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + Send + '_>> {
        self.settle();
        let inner = self.inner.create(name)?;
        let (_, hasher) = self.open.insert((name.to_owned(), EntryHasher::default()));
        Ok(Box::new(Tee { inner, hasher }))
    }

    fn copy(&mut self, name: &str, from: &Blob, cx: &Context) -> Result<()> {
        self.settle();
        self.inner.copy(name, from, cx)?;
        self.entries.insert(name.to_owned(), EntryDigest::of(name, from, cx)?);
        Ok(())
    }

    fn adopt(&mut self, _: &str, from: &Path, _: &Context) -> Result<()> {
        Err(Error::internal("a step must not take files away from other steps").with_file(from.display().to_string()))
    }

    fn commit(&mut self) -> Result<()> {
        Err(Error::internal("a step commits its files by ending"))
    }
}

/// Writes and digests.
struct Tee<'a> {
    inner: Box<dyn Write + Send + 'a>,
    hasher: &'a mut EntryHasher,
}

impl Write for Tee<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::{MemorySink, sha256_hex};

    #[test]
    fn what_was_written_and_copied_is_digested() {
        let mut sink = Recorded::new(MemorySink::new());
        sink.create("b").unwrap().write_all(b"two").unwrap();
        sink.copy("a", &Blob::from_bytes("w", &b"one"[..]), &Context::new()).unwrap();
        sink.create("c").unwrap().write_all(b"three").unwrap();
        let entries = sink.finish().unwrap();
        let found: Vec<_> = entries.iter().map(|entry| (entry.name.as_str(), entry.bytes)).collect();
        assert_eq!(found, [("a", 3), ("b", 3), ("c", 5)]);
        assert_eq!(entries[2].sha256, sha256_hex(b"three"));
    }
}
