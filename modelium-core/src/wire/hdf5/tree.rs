//! The two kinds of B-trees: version 1 holds the names of a group, version 2 indexes heaps.

use crate::blob::Blob;
use crate::wire::hdf5::Hdf5Error;
use crate::wire::hdf5::cursor::{Cursor, width};
use crate::wire::hdf5::reader::Reader;

/// The leaves of a version 1 tree of group entries, in order.
pub(super) fn symbol_nodes(reader: &mut Reader, root: u64) -> Result<Vec<u64>, Hdf5Error> {
    const WHAT: &str = "a node of a group's tree";
    let mut leaves = Vec::new();
    let mut nodes = vec![(root, None)];
    while let Some((address, level)) = nodes.pop() {
        reader.visit(address, WHAT)?;
        let mut cursor = reader.at(address, WHAT)?;
        cursor.signature("TREE", WHAT)?;
        let at = cursor.place();
        let kind = cursor.u8(WHAT)?;
        if kind != 0 {
            let (what, expected) = ("the kind of a group's tree", "0");
            return Err(Hdf5Error::Unexpected { at, what, found: kind.into(), expected });
        }
        let own = cursor.u8(WHAT)?;
        if level.is_some_and(|level| own >= level) {
            let (what, expected) = ("the level of a node of a group's tree", "a lower one than that above");
            return Err(Hdf5Error::Unexpected { at, what, found: own.into(), expected });
        }
        let used = cursor.u16(WHAT)?;
        cursor.address(WHAT)?;
        cursor.address(WHAT)?;
        let mut children = Vec::new();
        for _ in 0..used {
            reader.spend(16)?;
            cursor.length(WHAT)?;
            children.push(cursor.some_address(WHAT)?);
        }
        if own == 0 {
            leaves.append(&mut children);
        } else {
            nodes.extend(children.into_iter().rev().map(|child| (child, Some(own))));
        }
    }
    Ok(leaves)
}

/// The type of a version 2 tree, and its records.
pub(super) fn records(reader: &mut Reader, address: u64) -> Result<(u8, Vec<Blob>), Hdf5Error> {
    const WHAT: &str = "a tree of records";
    let mut cursor = reader.at(address, WHAT)?;
    let at = cursor.place();
    cursor.signature("BTHD", WHAT)?;
    cursor.version(&[0], WHAT)?;
    let kind = cursor.u8(WHAT)?;
    let node_size = cursor.u32(WHAT)?;
    let record_size = cursor.u16(WHAT)?;
    let depth = cursor.u16(WHAT)?;
    cursor.u16(WHAT)?;
    let root = cursor.address(WHAT)?;
    let root_records = cursor.u16(WHAT)?;
    let Some(root) = root else { return Ok((kind, Vec::new())) };
    if record_size == 0 || node_size < 16 || depth > 32 {
        let (what, expected) = ("the depth of a tree of records", "at most 32, of records that have bytes");
        return Err(Hdf5Error::Unexpected { at, what, found: depth, expected });
    }
    // the width of the counts beside each child follows from how many records fit below it
    let leaf_records = node_size.saturating_sub(10).checked_div(record_size).unwrap_or_default();
    let count_size = width(leaf_records);
    let mut below = leaf_records;
    let mut total_sizes = vec![0];
    for _ in 1..depth {
        let previous = total_sizes.last().copied().unwrap_or_default();
        let pointer = u64::from(reader.sizes.address).saturating_add(count_size).saturating_add(previous);
        let free = node_size.saturating_sub(10).saturating_sub(pointer);
        let fits = free.checked_div(record_size.saturating_add(pointer)).unwrap_or_default();
        below = fits.saturating_add(1).saturating_mul(below).saturating_add(fits);
        total_sizes.push(width(below));
    }
    let mut found = Vec::new();
    let mut nodes = vec![(root, root_records, depth)];
    while let Some((address, count, depth)) = nodes.pop() {
        reader.visit(address, WHAT)?;
        let mut cursor = reader.at(address, WHAT)?;
        cursor.signature(if depth == 0 { "BTLF" } else { "BTIN" }, WHAT)?;
        cursor.version(&[0], WHAT)?;
        cursor.u8(WHAT)?;
        for _ in 0..count {
            reader.spend(64)?;
            found.push(cursor.take(record_size, WHAT)?);
        }
        if depth > 0 {
            let child_depth = depth.saturating_sub(1);
            let total_size = usize::try_from(child_depth).ok().and_then(|depth| total_sizes.get(depth)).copied();
            for _ in 0..=count {
                reader.spend(32)?;
                let child = cursor.some_address(WHAT)?;
                let records = cursor.uint(count_size, WHAT)?;
                cursor.skip(total_size.unwrap_or_default(), WHAT)?;
                nodes.push((child, records, child_depth));
            }
        }
    }
    Ok((kind, found))
}

/// Splits the ids of a heap out of records of links (5, 6) and of attributes (8, 9).
pub(super) fn heap_id(reader: &Reader, kind: u8, record: Blob) -> Result<Blob, Hdf5Error> {
    const WHAT: &str = "a record of a tree";
    let mut cursor = Cursor::new(record, reader.sizes);
    match kind {
        5 => cursor.skip(4, WHAT)?,
        6 => cursor.skip(8, WHAT)?,
        8 | 9 => {
            let id = cursor.take(8, WHAT)?;
            let flags = cursor.u8(WHAT)?;
            if flags & 2 != 0 {
                return Err(Hdf5Error::Unsupported { at: cursor.place(), what: "an attribute that is shared" });
            }
            return Ok(id);
        }
        _ => {
            let expected = "5, 6, 8 or 9";
            let what = "the kind of a tree of records";
            return Err(Hdf5Error::Unexpected { at: cursor.place(), what, found: kind.into(), expected });
        }
    }
    Ok(cursor.rest())
}
