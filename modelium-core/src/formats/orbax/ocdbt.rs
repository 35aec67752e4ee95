//! OCDBT, the database of `TensorStore`: keys and values in a manifest, nodes of a B+tree, and files of values.
//!
//! Follows "Optionally-cooperative distributed B+tree" of its documentation, version 0 of both records. Each record is a
//! magic number, its length, a version, a compression, the body, and a checksum.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::Result;
use crate::formats::orbax::OrbaxError;
use crate::wire::compress::{Codec, inflate};

/// What a manifest begins with.
pub(super) const MANIFEST: [u8; 4] = [0x0c, 0xdb, 0x3a, 0x2a];
/// What a node of the tree begins with.
pub(super) const NODE: [u8; 4] = [0x0c, 0xdb, 0x20, 0xde];

/// A manifest: where the newest version of the tree begins.
#[derive(Debug)]
pub(super) struct Manifest {
    pub(super) root: Option<Place>,
    /// Keys that the writer counted below the root.
    pub(super) keys: u64,
    /// Every file that it refers to, relative to its folder.
    pub(super) files: Vec<String>,
}

/// Where a node or a value lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) offset: u64,
    pub(super) length: u64,
    /// Nodes: levels below it.
    pub(super) height: u8,
}

/// A node of the tree.
#[derive(Debug)]
pub(super) enum Node {
    Leaf(Vec<(Vec<u8>, Stored)>),
    /// The part of the keys that all below share, and where the child lies.
    Inner(Vec<(Vec<u8>, Place)>),
}

/// A value: here, or elsewhere.
#[derive(Debug)]
pub(super) enum Stored {
    Inline(Blob),
    Apart(Place),
}

/// A cursor over the body of a record.
struct Cursor {
    blob: Blob,
    at: u64,
}

impl Cursor {
    fn left(&self) -> u64 {
        self.blob.len().saturating_sub(self.at)
    }

    fn take(&mut self, count: u64, what: &'static str) -> Result<Blob, OrbaxError> {
        let end = self.at.saturating_add(count);
        let Some(taken) = self.blob.slice(self.at..end) else {
            let (needed, left) = (count, self.left());
            return Err(OrbaxError::Overrun { at: self.blob.location(self.at), what, needed, left });
        };
        self.at = end;
        Ok(taken)
    }

    fn fixed(&mut self, size: u64, what: &'static str) -> Result<u64, OrbaxError> {
        let bytes = self.take(size, what)?;
        Ok(bytes.iter().rev().fold(0_u64, |number, byte| number.wrapping_shl(8) | u64::from(*byte)))
    }

    fn byte(&mut self, what: &'static str) -> Result<u8, OrbaxError> {
        Ok(self.fixed(1, what)?.to_le_bytes()[0])
    }

    fn varint(&mut self, what: &'static str) -> Result<u64, OrbaxError> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte(what)?;
            number |= u64::from(byte & 0x7f).wrapping_shl(shift);
            if byte < 0x80 {
                return Ok(number);
            }
        }
        let expected = "a number of at most ten bytes";
        Err(OrbaxError::Unexpected { at: self.blob.location(self.at), what, found: number, expected })
    }

    /// So many numbers; each takes a byte at least.
    fn varints(&mut self, count: u64, what: &'static str) -> Result<Vec<u64>, OrbaxError> {
        if count > self.left() {
            let (claimed, left) = (count, self.left());
            return Err(OrbaxError::Count { at: self.blob.location(self.at), what, claimed, left });
        }
        (0..count).map(|_| self.varint(what)).collect()
    }

    /// Files that other fields refer to by number.
    fn files(&mut self) -> Result<Vec<String>, OrbaxError> {
        const WHAT: &str = "a table of files";
        let count = self.varint(WHAT)?;
        let prefixes = self.varints(count.saturating_sub(1), WHAT)?;
        let suffixes = self.varints(count, WHAT)?;
        self.varints(count, WHAT)?;
        let at = self.blob.location(self.at);
        let files = self.joined(&prefixes, &suffixes, WHAT)?;
        let files = files.into_iter().map(|file| String::from_utf8_lossy(&file).into_owned());
        files
            .map(|file| if escapes(&file) { Err(OrbaxError::Escapes { at: at.clone(), path: file }) } else { Ok(file) })
            .collect()
    }

    /// Texts that each share a prefix with the one before.
    fn joined(&mut self, prefixes: &[u64], suffixes: &[u64], what: &'static str) -> Result<Vec<Vec<u8>>, OrbaxError> {
        let mut texts: Vec<Vec<u8>> = Vec::new();
        let prefixes = std::iter::once(&0).chain(prefixes);
        // what is repeated is paid for by the whole file at most a thousand times
        let mut room = self.blob.len().saturating_mul(1000).saturating_add(1 << 16);
        for (prefix, suffix) in prefixes.zip(suffixes) {
            let at = self.blob.location(self.at);
            let before = texts.last().map_or(&[][..], Vec::as_slice);
            let shared = usize::try_from(*prefix).ok().and_then(|length| before.get(..length));
            let Some(shared) = shared else {
                let left = before.len() as u64;
                return Err(OrbaxError::Overrun { at, what, needed: *prefix, left });
            };
            let Some(rest) = room.checked_sub(*prefix) else {
                return Err(OrbaxError::Unexpected { at, what, found: *prefix, expected: "shorter prefixes" });
            };
            room = rest;
            let mut text = shared.to_vec();
            text.extend_from_slice(&self.take(*suffix, what)?);
            texts.push(text);
        }
        Ok(texts)
    }
}

/// True for a path that does not stay below the folder of its manifest.
fn escapes(path: &str) -> bool {
    path.starts_with(['/', '\\']) || path.contains(['\0', ':']) || path.split(['/', '\\']).any(|step| step == "..")
}

/// The body of a record, its frame taken off.
fn body(blob: &Blob, magic: [u8; 4], what: &'static str, cx: &Context) -> Result<Cursor> {
    let mut cursor = Cursor { blob: blob.clone(), at: 0 };
    let found = cursor.take(4, what)?;
    if *found != magic {
        let found = found.to_vec();
        return Err(OrbaxError::Magic { at: blob.location(0), what, found, expected: magic }.into());
    }
    let claimed = cursor.fixed(8, what)?;
    let Some(record) = blob.slice(0..claimed).filter(|_| claimed >= 18) else {
        return Err(OrbaxError::Length { at: blob.location(4), what, claimed, left: blob.len() }.into());
    };
    let at = blob.location(12);
    let version = cursor.varint(what)?;
    if version != 0 {
        return Err(OrbaxError::Unexpected { at, what, found: version, expected: "version 0" }.into());
    }
    let compression = cursor.varint(what)?;
    let end = claimed.saturating_sub(4);
    let stored = record.slice(cursor.at..end).unwrap_or_else(|| record.clone());
    let mut sum = Cursor { blob: record.clone(), at: end };
    let expected = u32::try_from(sum.fixed(4, what)?).unwrap_or_default();
    let found = crc32c(record.get(..usize::try_from(end).unwrap_or(0)).unwrap_or_default());
    if found != expected {
        return Err(OrbaxError::Checksum { at: blob.location(end), what, found, expected }.into());
    }
    let blob = match compression {
        0 => stored,
        1 => inflate(Codec::Zstd, &stored, cx.limits().structure_bytes, cx)?,
        other => {
            return Err(OrbaxError::Unexpected { at, what, found: other, expected: "compression 0 or 1" }.into());
        }
    };
    Ok(Cursor { blob, at: 0 })
}

/// Reads a manifest.
pub(super) fn manifest(blob: &Blob, cx: &Context) -> Result<Manifest> {
    const WHAT: &str = "a manifest";
    let mut cursor = body(blob, MANIFEST, WHAT, cx)?;
    cursor.take(16, WHAT)?;
    let at = cursor.blob.location(cursor.at);
    let kind = cursor.varint(WHAT)?;
    cursor.varint(WHAT)?;
    cursor.varint(WHAT)?;
    cursor.byte(WHAT)?;
    if cursor.varint(WHAT)? == 1 {
        cursor.take(4, WHAT)?;
    }
    if kind != 0 {
        return Err(OrbaxError::Unsupported { at, what: "a manifest whose versions lie in files of their own" }.into());
    }
    let files = cursor.files()?;
    let count = cursor.varint(WHAT)?;
    cursor.varints(count, WHAT)?; // generations
    let heights = cursor.take(count, WHAT)?;
    let ids = cursor.varints(count, WHAT)?;
    let offsets = cursor.varints(count, WHAT)?;
    let lengths = cursor.varints(count, WHAT)?;
    let keys = cursor.varints(count, WHAT)?;
    let newest = || {
        let place = place(&files, *ids.last()?, *offsets.last()?, *lengths.last()?)?;
        // an empty tree has no root
        (place.length > 0).then_some(Place { height: heights.last().copied()?, ..place })
    };
    Ok(Manifest { root: newest(), keys: keys.last().copied().unwrap_or_default(), files })
}

fn place(files: &[String], id: u64, offset: u64, length: u64) -> Option<Place> {
    let file = files.get(usize::try_from(id).ok()?)?.clone();
    Some(Place { file, offset, length, height: 0 })
}

/// Reads a node.
pub(super) fn node(blob: &Blob, cx: &Context) -> Result<Node> {
    const WHAT: &str = "a node of the database";
    let mut cursor = body(blob, NODE, WHAT, cx)?;
    let height = cursor.byte(WHAT)?;
    let files = cursor.files()?;
    let count = cursor.varint(WHAT)?;
    let prefixes = cursor.varints(count.saturating_sub(1), WHAT)?;
    let suffixes = cursor.varints(count, WHAT)?;
    let missing =
        |at| OrbaxError::Unexpected { at, what: "the number of a file", found: 0, expected: "one of the table" };
    if height > 0 {
        let common = cursor.varints(count, WHAT)?;
        let keys = cursor.joined(&prefixes, &suffixes, WHAT)?;
        let ids = cursor.varints(count, WHAT)?;
        let offsets = cursor.varints(count, WHAT)?;
        let lengths = cursor.varints(count, WHAT)?;
        let mut children = Vec::new();
        let places = ids.into_iter().zip(offsets).zip(lengths);
        for ((key, common), ((id, offset), length)) in keys.into_iter().zip(common).zip(places) {
            let at = cursor.blob.location(cursor.at);
            let found = place(&files, id, offset, length).ok_or_else(|| missing(at))?;
            let common = usize::try_from(common).ok().and_then(|common| key.get(..common)).unwrap_or_default();
            children.push((common.to_vec(), Place { height: height.saturating_sub(1), ..found }));
        }
        return Ok(Node::Inner(children));
    }
    let keys = cursor.joined(&prefixes, &suffixes, WHAT)?;
    let lengths = cursor.varints(count, WHAT)?;
    let kinds = cursor.take(count, WHAT)?;
    let apart = kinds.iter().fold(0_u64, |apart, kind| apart.saturating_add(u64::from(*kind == 1)));
    let ids = cursor.varints(apart, WHAT)?;
    let offsets = cursor.varints(apart, WHAT)?;
    let mut places = ids.into_iter().zip(offsets);
    let mut entries = Vec::new();
    for ((key, length), kind) in keys.into_iter().zip(lengths).zip(kinds.iter()) {
        let at = cursor.blob.location(cursor.at);
        let stored = match kind {
            0 => Stored::Inline(cursor.take(length, "a value")?),
            1 => {
                let found = places.next().and_then(|(id, offset)| place(&files, id, offset, length));
                Stored::Apart(found.ok_or_else(|| missing(at))?)
            }
            other => {
                let (found, expected) = (u64::from(*other), "0 or 1");
                return Err(OrbaxError::Unexpected { at, what: "the kind of a value", found, expected }.into());
            }
        };
        entries.push((key, stored));
    }
    Ok(Node::Leaf(entries))
}

/// CRC-32C (Castagnoli), bit by bit: records are small.
fn crc32c(bytes: &[u8]) -> u32 {
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            let low = sum & 1;
            sum.wrapping_shr(1) ^ (0x82f6_3b78 & low.wrapping_neg())
        })
    });
    !sum
}

#[cfg(test)]
mod tests {
    use super::crc32c;

    #[test]
    fn the_checksum_is_that_of_rfc_3720() {
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }
}
