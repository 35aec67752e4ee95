//! Tensor bundles: an index, which is a table of sorted keys, and shards of raw elements.
//!
//! The table format is that of `LevelDB`, as TensorFlow writes it: blocks without compression, each with a masked CRC-32C;
//! a footer that leads to the block of blocks. Keys are names of tensors, values `BundleEntryProto`; the empty key holds
//! the header.

use std::fmt::Write as _;

use crate::blob::Blob;
use crate::error::{Error, Result};
use crate::formats::tensorflow::detect::TABLE_MAGIC;
use crate::formats::tensorflow::error::TensorFlowFault;
use crate::formats::tensorflow::schema::{self, dtype_name, shape, stored_bits};
use crate::wire::budget::Budget;
use crate::wire::protobuf::{Cursor, Message};

const FOOTER: u64 = 48;

/// What an index says.
#[derive(Debug, Clone, Default)]
pub(super) struct Bundle {
    pub(super) shards: u64,
    pub(super) entries: Vec<Entry>,
}

/// One stored tensor, or one slice of a partitioned one.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) dtype: u64,
    pub(super) shape: Vec<u64>,
    pub(super) shard: u64,
    pub(super) offset: u64,
    pub(super) size: u64,
}

impl Entry {
    pub(super) fn end(&self) -> u64 {
        self.offset.saturating_add(self.size)
    }
}

/// The name of a shard, after the name of the index without `.index`.
pub(super) fn shard_name(prefix: &str, shard: u64, shards: u64) -> String {
    format!("{prefix}.data-{shard:05}-of-{shards:05}")
}

/// Takes the name of a shard apart: what stands before `.data-`, which shard it is, and of how many.
pub(super) fn parse_shard_name(name: &str) -> Option<(&str, u64, u64)> {
    let (prefix, numbers) = name.rsplit_once(".data-")?;
    let (shard, shards) = numbers.split_once("-of-")?;
    let number = |text: &str| if text.len() == 5 { text.parse().ok() } else { None };
    Some((prefix, number(shard)?, number(shards)?))
}

impl Bundle {
    /// Reads an index.
    ///
    /// # Errors
    /// `Malformed` if a block, an entry or a tensor does not fit; `Unsupported` for compressed blocks.
    pub(super) fn read(index: &Blob, budget: &mut Budget<'_>) -> Result<Self> {
        let mut bundle = Self::default();
        let mut header = false;
        for_each_entry(index, budget, &mut |key, value, budget| {
            let message = Message::whole(value);
            if key.is_empty() {
                header = true;
                bundle.shards = read_header(message)?;
                return Ok(());
            }
            bundle.entries.extend(read_entry(key, message, value, budget)?);
            Ok(())
        })?;
        if !header {
            return Err(TensorFlowFault::NoHeader.at(index.location(0)));
        }
        bundle.check(index)?;
        Ok(bundle)
    }

    fn check(&self, index: &Blob) -> Result<()> {
        let fault = |fault: TensorFlowFault| Err(fault.at(index.location(0)));
        for entry in &self.entries {
            let name = entry.name.clone();
            if entry.shard >= self.shards {
                return fault(TensorFlowFault::Shard { name, shard: entry.shard, shards: self.shards });
            }
            let elements = entry.shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
            let Some(bits) = stored_bits(entry.dtype) else { continue };
            let Some(claimed) = elements.and_then(|elements| elements.checked_mul(bits / 8)) else {
                return fault(TensorFlowFault::Overflow { name });
            };
            if claimed != entry.size {
                let (dtype, shape) = (dtype_name(entry.dtype), entry.shape.clone());
                return fault(TensorFlowFault::ByteCount { name, dtype, shape, claimed, available: entry.size });
            }
        }
        let mut order: Vec<&Entry> = self.entries.iter().filter(|entry| entry.size > 0).collect();
        order.sort_by_key(|entry| (entry.shard, entry.offset));
        for pair in order.windows(2) {
            if let [first, second] = pair
                && first.shard == second.shard
                && first.end() > second.offset
            {
                let (first, second, shard) = (first.name.clone(), second.name.clone(), first.shard);
                return fault(TensorFlowFault::Overlap { first, second, shard });
            }
        }
        Ok(())
    }

    /// Bytes of a shard that are of no tensor, if the shard has so many bytes in all; padding aside.
    ///
    /// # Errors
    /// `Malformed` if a tensor ends beyond them.
    pub(super) fn uncovered(&self, shard: u64, bytes: &[u8], at: &Blob) -> Result<Option<(u64, u64)>> {
        let mut entries: Vec<&Entry> = self.entries.iter().filter(|entry| entry.shard == shard).collect();
        entries.sort_by_key(|entry| entry.offset);
        let available = bytes.len() as u64;
        let mut covered = 0;
        for entry in &entries {
            if entry.end() > available {
                let fault = TensorFlowFault::ShardRange { name: entry.name.clone(), end: entry.end(), available };
                return Err(fault.at(at.location(0)));
            }
            if !is_zero(bytes, covered, entry.offset) {
                return Ok(Some((covered, entry.offset)));
            }
            covered = covered.max(entry.end());
        }
        Ok((!is_zero(bytes, covered, available)).then_some((covered, available)))
    }
}

/// True if a range holds nothing but zeros.
fn is_zero(bytes: &[u8], start: u64, end: u64) -> bool {
    let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else { return false };
    bytes.get(start..end).is_none_or(|gap| gap.iter().all(|byte| *byte == 0))
}

/// `BundleHeaderProto`: the number of shards.
fn read_header(message: Message<'_>) -> Result<u64> {
    let mut shards = 0;
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => shards = field.int()?,
            2 if field.int()? != 0 => return Err(TensorFlowFault::BigEndian.at(message.to_blob().location(0))),
            _ => {}
        }
    }
    Ok(shards)
}

/// `BundleEntryProto`; none for a tensor that is stored in slices, each of which has an entry of its own.
fn read_entry(key: &[u8], message: Message<'_>, value: &Blob, budget: &mut Budget<'_>) -> Result<Option<Entry>> {
    budget.tensor((size_of::<Entry>().saturating_add(key.len())) as u64)?;
    let mut entry = Entry { name: name(key), dtype: 0, shape: Vec::new(), shard: 0, offset: 0, size: 0 };
    let mut slices = false;
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => entry.dtype = field.int()?,
            2 => {
                let dims = shape(field.message()?, budget)?.unwrap_or_default();
                budget.spend(16_u64.saturating_mul(dims.len() as u64))?;
                entry.shape = schema::known(&dims, value, field.at)?;
            }
            3 => entry.shard = field.int()?,
            4 => entry.offset = field.int()?,
            5 => entry.size = field.int()?,
            7 => slices = true,
            _ => {}
        }
    }
    Ok((!slices).then_some(entry))
}

/// The name that a key stands for. The key of a slice begins with a zero byte, then the name up to the next one, then the
/// extents of the slice in an encoding that keeps their order.
fn name(key: &[u8]) -> String {
    match key.strip_prefix(&[0]) {
        Some(slice) => {
            let end = slice.iter().position(|byte| *byte == 0).unwrap_or(slice.len());
            let (name, extent) = (slice.get(..end).unwrap_or_default(), slice.get(end..).unwrap_or_default());
            let extent = extent.iter().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}"); // writing to a string does not fail
                text
            });
            format!("{}[{extent}]", String::from_utf8_lossy(name))
        }
        None => String::from_utf8_lossy(key).into_owned(),
    }
}

type Visit<'v> = dyn FnMut(&[u8], &Blob, &mut Budget<'_>) -> Result<()> + 'v;

/// Walks all entries of a table in the order of their keys.
fn for_each_entry(table: &Blob, budget: &mut Budget<'_>, visit: &mut Visit<'_>) -> Result<()> {
    let start = table.len().checked_sub(FOOTER);
    let footer = start.and_then(|start| table.slice(start..table.len()));
    let Some(footer) = footer.filter(|footer| footer.ends_with(&TABLE_MAGIC)) else {
        return Err(TensorFlowFault::NoFooter(table.len()).at(table.location(0)));
    };
    let broken = || TensorFlowFault::Entry("the footer ends inside a number").at(footer.location(0));
    let mut handles = Cursor::new(&footer);
    let mut number = || handles.varint().map_err(|_| broken());
    let _meta = (number()?, number()?);
    let (offset, size) = (number()?, number()?);
    let index = block(table, offset, size)?;
    let mut handles: Vec<(u64, u64)> = Vec::new();
    for_each_in_block(&index, budget, &mut |_, value, budget| {
        let mut cursor = Cursor::new(value);
        let cut = |_| TensorFlowFault::Entry("a handle ends inside a number").at(value.location(0));
        budget.spend(32)?;
        handles.push((cursor.varint().map_err(cut)?, cursor.varint().map_err(cut)?));
        Ok(())
    })?;
    // blocks stand one after the other; a table whose blocks overlap would be read over and over
    let mut last = 0;
    for (offset, size) in handles {
        if offset < last {
            return Err(TensorFlowFault::Entry("blocks are not in order").at(table.location(offset)));
        }
        let block = block(table, offset, size)?;
        last = offset.saturating_add(size);
        for_each_in_block(&block, budget, visit)?;
    }
    Ok(())
}

/// A block by its handle: without its trailer, which holds the method of compression and the checksum.
fn block(table: &Blob, offset: u64, size: u64) -> Result<Blob> {
    let end = offset.saturating_add(size);
    let whole = end.checked_add(5).filter(|end| *end <= table.len());
    let parts = whole.and_then(|whole| Some((table.slice(offset..end)?, table.slice(end..whole)?)));
    let Some((block, trailer)) = parts else {
        let fault = TensorFlowFault::BlockRange { offset, end, available: table.len() };
        return Err(fault.at(table.location(offset)));
    };
    let (method, stored) = trailer.split_first().unwrap_or((&0, &[]));
    let stored = stored.try_into().map(u32::from_le_bytes).unwrap_or_default();
    let crc = crc32c(block.iter().copied().chain([*method]));
    // masked, so that a checksum over bytes that hold checksums stays one
    let computed = crc.rotate_right(15).wrapping_add(0xa282_ead8);
    if stored != computed {
        return Err(TensorFlowFault::Checksum { found: stored, computed }.at(table.location(end)));
    }
    if *method != 0 {
        return Err(TensorFlowFault::Compressed(*method).at(table.location(end)));
    }
    Ok(block)
}

/// Walks the entries of a block: each shares the start of its key with the one before.
fn for_each_in_block(block: &Blob, budget: &mut Budget<'_>, visit: &mut Visit<'_>) -> Result<()> {
    let fault = |what, at| -> Error { TensorFlowFault::Entry(what).at(block.location(at)) };
    let tail = block.len().checked_sub(4).ok_or_else(|| fault("a block is shorter than its count of restarts", 0))?;
    let count = block.slice(tail..block.len()).and_then(|count| count.as_ref().try_into().ok());
    let restarts = u64::from(count.map(u32::from_le_bytes).unwrap_or_default());
    let end = tail.checked_sub(restarts.saturating_mul(4));
    let end = end.ok_or_else(|| fault("a block is shorter than its restarts", tail))?;
    let entries = block.slice(0..end).unwrap_or_else(|| block.clone());
    let mut cursor = Cursor::new(&entries);
    let mut key: Vec<u8> = Vec::new();
    while !cursor.is_at_end() {
        let at = cursor.position() as u64;
        let cut = |_| fault("it ends inside a number", at);
        let (shared, own) = (cursor.varint().map_err(cut)?, cursor.varint().map_err(cut)?);
        let length = cursor.varint().map_err(cut)?;
        let shared = usize::try_from(shared).ok().filter(|shared| *shared <= key.len());
        let shared = shared.ok_or_else(|| fault("it shares more than the key before it has", at))?;
        let start = cursor.position() as u64;
        let middle = start.saturating_add(own);
        let range = middle.checked_add(length).filter(|end| *end <= entries.len());
        let parts = range.and_then(|end| Some((entries.slice(start..middle)?, entries.slice(middle..end)?, end)));
        let (suffix, value, next) = parts.ok_or_else(|| fault("it is longer than its block", at))?;
        key.truncate(shared);
        // a long key that each entry shares would be copied for each of them
        budget.spend(key.len() as u64)?;
        key.extend_from_slice(&suffix);
        visit(&key, &value, budget)?;
        cursor = Cursor::within(&entries, usize::try_from(next).unwrap_or(usize::MAX)..entries.bytes().len());
    }
    Ok(())
}

/// CRC-32C, the polynomial of Castagnoli.
fn crc32c(bytes: impl Iterator<Item = u8>) -> u32 {
    let crc = bytes.fold(!0_u32, |crc, byte| {
        let index = usize::from(crc.to_le_bytes()[0] ^ byte);
        CRC.get(index).copied().unwrap_or_default() ^ (crc >> 8)
    });
    !crc
}

static CRC: [u32; 256] = table();

#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "computed by the compiler")]
#[expect(clippy::cast_possible_truncation, reason = "below 256")]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut crc = index as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0x82f6_3b78 } else { crc >> 1 };
            bit += 1;
        }
        table[index] = crc;
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_castagnolis() {
        // RFC 3720, B.4
        assert_eq!(crc32c([0; 32].into_iter()), 0x8a91_36aa);
        assert_eq!(crc32c(0..32), 0x46dd_794e);
    }

    #[test]
    fn a_shard_is_known_by_its_name() {
        assert_eq!(parse_shard_name("variables.data-00001-of-00003"), Some(("variables", 1, 3)));
        assert_eq!(parse_shard_name("variables.data-1-of-3"), None);
    }
}
