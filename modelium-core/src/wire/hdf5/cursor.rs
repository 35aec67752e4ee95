//! A cursor over the metadata of one file: it knows the two sizes that the file chose, and cannot leave its bytes.

use crate::blob::Blob;
use crate::wire::hdf5::Hdf5Error;

/// Reads little-endian fields from a window of the file.
#[derive(Debug, Clone)]
pub(super) struct Cursor {
    blob: Blob,
    at: u64,
    /// Bytes of an address and of a length in this file.
    pub(super) sizes: Sizes,
}

/// How many bytes an address and a length take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) address: u8,
    pub(super) length: u8,
}

impl Cursor {
    pub(super) fn new(blob: Blob, sizes: Sizes) -> Self {
        Self { blob, at: 0, sizes }
    }

    /// The place of the next byte.
    pub(super) fn place(&self) -> crate::error::Location {
        self.blob.location(self.at)
    }

    pub(super) fn position(&self) -> u64 {
        self.at
    }

    pub(super) fn left(&self) -> u64 {
        self.blob.len().saturating_sub(self.at)
    }

    /// The next bytes, shared with the file.
    pub(super) fn take(&mut self, count: u64, what: &'static str) -> Result<Blob, Hdf5Error> {
        let end = self.at.checked_add(count);
        let taken = end.and_then(|end| self.blob.slice(self.at..end));
        let Some((taken, end)) = taken.zip(end) else {
            return Err(Hdf5Error::Overrun { at: self.place(), what, needed: count, left: self.left() });
        };
        self.at = end;
        Ok(taken)
    }

    /// Everything that is left.
    pub(super) fn rest(&self) -> Blob {
        self.blob.slice(self.at.min(self.blob.len())..self.blob.len()).unwrap_or_else(|| self.blob.clone())
    }

    pub(super) fn skip(&mut self, count: u64, what: &'static str) -> Result<(), Hdf5Error> {
        if count > self.left() {
            return Err(Hdf5Error::Overrun { at: self.place(), what, needed: count, left: self.left() });
        }
        self.at = self.at.saturating_add(count);
        Ok(())
    }

    /// A number of up to eight bytes.
    pub(super) fn uint(&mut self, size: u64, what: &'static str) -> Result<u64, Hdf5Error> {
        let bytes = self.bytes(size, what)?;
        Ok(bytes.iter().rev().fold(0_u64, |number, byte| number.wrapping_shl(8) | u64::from(*byte)))
    }

    fn bytes(&mut self, count: u64, what: &'static str) -> Result<&[u8], Hdf5Error> {
        let (start, end) = (self.at, self.at.saturating_add(count));
        if end > self.blob.len() {
            return Err(Hdf5Error::Overrun { at: self.place(), what, needed: count, left: self.left() });
        }
        self.at = end;
        let range = usize::try_from(start).unwrap_or(usize::MAX)..usize::try_from(end).unwrap_or(usize::MAX);
        Ok(self.blob.get(range).unwrap_or_default())
    }

    pub(super) fn u8(&mut self, what: &'static str) -> Result<u8, Hdf5Error> {
        Ok(self.uint(1, what)?.to_le_bytes()[0])
    }

    pub(super) fn u16(&mut self, what: &'static str) -> Result<u64, Hdf5Error> {
        self.uint(2, what)
    }

    pub(super) fn u32(&mut self, what: &'static str) -> Result<u64, Hdf5Error> {
        self.uint(4, what)
    }

    /// A length.
    pub(super) fn length(&mut self, what: &'static str) -> Result<u64, Hdf5Error> {
        self.uint(self.sizes.length.into(), what)
    }

    /// An address, counted from the start of the HDF5 data; none where all its bits are set.
    pub(super) fn address(&mut self, what: &'static str) -> Result<Option<u64>, Hdf5Error> {
        let size = u64::from(self.sizes.address);
        let address = self.uint(size, what)?;
        let undefined = u64::MAX.checked_shr(64_u32.saturating_sub(u32::from(self.sizes.address).saturating_mul(8)));
        Ok((Some(address) != undefined).then_some(address))
    }

    /// An address that must be given.
    pub(super) fn some_address(&mut self, what: &'static str) -> Result<u64, Hdf5Error> {
        let at = self.place();
        self.address(what)?.ok_or(Hdf5Error::Missing { at, what })
    }

    /// Four letters that every block begins with.
    pub(super) fn signature(&mut self, expected: &'static str, what: &'static str) -> Result<(), Hdf5Error> {
        let at = self.place();
        let found = self.bytes(4, what)?;
        if found == expected.as_bytes() {
            return Ok(());
        }
        Err(Hdf5Error::Signature { at, what, found: found.to_vec(), expected })
    }

    /// A version that must be one of these.
    pub(super) fn version(&mut self, known: &[u8], what: &'static str) -> Result<u8, Hdf5Error> {
        let at = self.place();
        let version = self.u8(what)?;
        if known.contains(&version) {
            return Ok(version);
        }
        Err(Hdf5Error::Version { at, what, version: version.into() })
    }

    /// Text up to a zero byte, which is taken too.
    pub(super) fn text(&mut self, what: &'static str) -> Result<String, Hdf5Error> {
        let rest = self.rest();
        let Some(length) = rest.iter().position(|byte| *byte == 0) else {
            return Err(Hdf5Error::Overrun {
                at: self.place(),
                what,
                needed: rest.len().saturating_add(1),
                left: rest.len(),
            });
        };
        let text = lossy(rest.get(..length).unwrap_or_default());
        self.skip((length as u64).saturating_add(1), what)?;
        Ok(text)
    }

    /// Moves on to a multiple of eight, counted from the start of the window.
    pub(super) fn pad(&mut self) {
        self.at = self.at.checked_next_multiple_of(8).unwrap_or(self.at).min(self.blob.len());
    }
}

/// Bytes as text, up to the first zero byte.
pub(super) fn lossy(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned()
}

/// Bytes that a number up to `limit` takes.
pub(super) fn width(limit: u64) -> u64 {
    u64::from(limit.max(1).ilog2() / 8).saturating_add(1)
}
