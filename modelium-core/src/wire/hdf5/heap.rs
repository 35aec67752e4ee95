//! Heaps: where names, links, attributes and values of any length lie.

use std::collections::BTreeMap;

use crate::blob::Blob;
use crate::wire::hdf5::Hdf5Error;
use crate::wire::hdf5::cursor::{Cursor, width};
use crate::wire::hdf5::reader::Reader;

/// A local heap: the names of one group.
pub(super) struct LocalHeap(Blob);

impl LocalHeap {
    pub(super) fn read(reader: &Reader, address: u64) -> Result<Self, Hdf5Error> {
        const WHAT: &str = "a local heap";
        let mut cursor = reader.at(address, WHAT)?;
        cursor.signature("HEAP", WHAT)?;
        cursor.version(&[0], WHAT)?;
        cursor.skip(3, WHAT)?;
        let size = cursor.length(WHAT)?;
        cursor.length(WHAT)?;
        let data = cursor.some_address(WHAT)?;
        Ok(Self(reader.at(data, WHAT)?.take(size, WHAT)?))
    }

    /// The text that begins at an offset.
    pub(super) fn text(&self, reader: &mut Reader, offset: u64) -> Result<String, Hdf5Error> {
        const WHAT: &str = "a name in a local heap";
        let mut cursor = Cursor::new(self.0.clone(), reader.sizes);
        cursor.skip(offset, WHAT)?;
        let text = cursor.text(WHAT)?;
        reader.spend(text.len() as u64)?;
        Ok(text)
    }
}

/// Collections of the global heap that have been read: for each address, where its objects lie.
#[derive(Debug, Default)]
pub(super) struct GlobalHeap(BTreeMap<u64, BTreeMap<u64, Blob>>);

impl GlobalHeap {
    /// An object of a collection.
    pub(super) fn object(reader: &mut Reader, address: u64, index: u64) -> Result<Blob, Hdf5Error> {
        if !reader.global.0.contains_key(&address) {
            let objects = Self::collection(reader, address)?;
            reader.global.0.insert(address, objects);
        }
        let found = reader.global.0.get(&address).and_then(|objects| objects.get(&index));
        found.cloned().ok_or(Hdf5Error::Missing { at: reader.place(address), what: "an object of the global heap" })
    }

    fn collection(reader: &mut Reader, address: u64) -> Result<BTreeMap<u64, Blob>, Hdf5Error> {
        const WHAT: &str = "a collection of the global heap";
        let mut cursor = reader.at(address, WHAT)?;
        let start = cursor.clone();
        cursor.signature("GCOL", WHAT)?;
        cursor.version(&[1], WHAT)?;
        cursor.skip(3, WHAT)?;
        let size = cursor.length(WHAT)?;
        let head = cursor.position();
        let whole = start.clone().take(size, WHAT)?;
        let mut cursor = Cursor::new(whole, reader.sizes);
        cursor.skip(head, WHAT)?;
        let mut objects = BTreeMap::new();
        // the free space at the end has the index 0
        while cursor.left() >= 8_u64.saturating_add(reader.sizes.length.into()) {
            reader.spend(64)?;
            let index = cursor.u16(WHAT)?;
            cursor.skip(6, WHAT)?;
            let size = cursor.length(WHAT)?;
            if index == 0 {
                break;
            }
            objects.insert(index, cursor.take(size, WHAT)?);
            cursor.pad();
        }
        Ok(objects)
    }
}

/// A fractal heap: links and attributes of an object that has many.
pub(super) struct FractalHeap {
    id_length: u64,
    checksummed: bool,
    offset_size: u64,
    length_size: u64,
    table_width: u64,
    start_size: u64,
    direct_rows: u64,
    root: Option<u64>,
    root_rows: u64,
    huge_index: Option<u64>,
    huge: BTreeMap<u64, (u64, u64)>,
}

impl FractalHeap {
    pub(super) fn read(reader: &mut Reader, address: u64) -> Result<Self, Hdf5Error> {
        const WHAT: &str = "a fractal heap";
        let mut cursor = reader.at(address, WHAT)?;
        let at = cursor.place();
        cursor.signature("FRHP", WHAT)?;
        cursor.version(&[0], WHAT)?;
        let id_length = cursor.u16(WHAT)?;
        let filters = cursor.u16(WHAT)?;
        let flags = cursor.u8(WHAT)?;
        let max_managed = cursor.u32(WHAT)?;
        cursor.length(WHAT)?;
        let huge_index = cursor.address(WHAT)?;
        cursor.length(WHAT)?;
        cursor.address(WHAT)?;
        for _ in 0..8 {
            cursor.length(WHAT)?;
        }
        let table_width = cursor.u16(WHAT)?;
        let start_size = cursor.length(WHAT)?;
        let max_direct = cursor.length(WHAT)?;
        let max_bits = cursor.u16(WHAT)?;
        cursor.u16(WHAT)?;
        let root = cursor.address(WHAT)?;
        let root_rows = cursor.u16(WHAT)?;
        if filters != 0 {
            return Err(Hdf5Error::Unsupported { at, what: "a compressed fractal heap" });
        }
        let sound = start_size.is_power_of_two() && max_direct.is_power_of_two() && table_width.is_power_of_two();
        if !sound || max_direct < start_size || max_bits > 64 {
            let (found, expected) = (start_size, "sizes that are powers of two");
            let what = "the size of a block of a fractal heap";
            return Err(Hdf5Error::Unexpected { at, what, found, expected });
        }
        let direct_bits = u64::from(max_direct.ilog2());
        let huge = BTreeMap::new();
        let mut heap = Self {
            id_length,
            checksummed: flags & 2 != 0,
            offset_size: max_bits.div_ceil(8),
            length_size: direct_bits.div_ceil(8).min(width(max_managed)),
            table_width,
            start_size,
            direct_rows: direct_bits.saturating_sub(start_size.ilog2().into()).saturating_add(2),
            root,
            root_rows,
            huge_index,
            huge,
        };
        heap.read_huge(reader)?;
        Ok(heap)
    }

    /// Objects that are too large for blocks have a tree of their own.
    fn read_huge(&mut self, reader: &mut Reader) -> Result<(), Hdf5Error> {
        const WHAT: &str = "a huge object of a fractal heap";
        let Some(index) = self.huge_index else { return Ok(()) };
        let (kind, records) = super::tree::records(reader, index)?;
        for record in records {
            let mut cursor = Cursor::new(record, reader.sizes);
            let address = cursor.some_address(WHAT)?;
            let length = cursor.length(WHAT)?;
            match kind {
                1 => self.huge.insert(cursor.length(WHAT)?, (address, length)),
                3 => None, // the id itself holds address and length
                _ => return Err(Hdf5Error::Unsupported { at: cursor.place(), what: "a compressed huge object" }),
            };
        }
        Ok(())
    }

    /// The object that an id stands for.
    pub(super) fn object(&self, reader: &mut Reader, id: &Blob) -> Result<Blob, Hdf5Error> {
        const WHAT: &str = "an id of a fractal heap";
        let mut cursor = Cursor::new(id.clone(), reader.sizes);
        let at = cursor.place();
        let head = cursor.u8(WHAT)?;
        match head.wrapping_shr(4) & 3 {
            0 => {
                let offset = cursor.uint(self.offset_size, WHAT)?;
                let length = cursor.uint(self.length_size, WHAT)?;
                self.managed(reader, offset, length)
            }
            1 => {
                let sizes = u64::from(reader.sizes.address).saturating_add(reader.sizes.length.into());
                let place = if self.id_length > sizes {
                    Some((cursor.some_address(WHAT)?, cursor.length(WHAT)?))
                } else {
                    let key = cursor.uint(cursor.left().min(reader.sizes.length.into()), WHAT)?;
                    self.huge.get(&key).copied()
                };
                let (address, length) = place.ok_or(Hdf5Error::Missing { at, what: "a huge object" })?;
                reader.at(address, "a huge object")?.take(length, "a huge object")
            }
            2 => {
                let short = self.id_length <= 18;
                let low = u64::from(head & 15);
                let length = if short { low } else { low.wrapping_shl(8) | cursor.uint(1, WHAT)? };
                cursor.take(length.saturating_add(1), WHAT)
            }
            other => {
                let expected = "a managed, huge or tiny object";
                let what = "the sort of an object of a fractal heap";
                Err(Hdf5Error::Unexpected { at, what, found: other.into(), expected })
            }
        }
    }

    /// Finds a block through the doubling table: two rows of blocks of the first size, then each row doubles it.
    fn managed(&self, reader: &mut Reader, offset: u64, length: u64) -> Result<Blob, Hdf5Error> {
        const WHAT: &str = "a block of a fractal heap";
        let at = reader.place(self.root.unwrap_or_default());
        let mut address = self.root.ok_or(Hdf5Error::Missing { at: at.clone(), what: WHAT })?;
        let mut rows = self.root_rows;
        let mut within = offset;
        for _ in 0..64 {
            if rows == 0 {
                let mut cursor = reader.at(address, WHAT)?;
                cursor.signature("FHDB", WHAT)?;
                let head = 5_u64
                    .saturating_add(reader.sizes.address.into())
                    .saturating_add(self.offset_size)
                    .saturating_add(if self.checksummed { 4 } else { 0 });
                if within < head {
                    let expected = "an offset behind the block's header";
                    let what = "an offset in a fractal heap";
                    return Err(Hdf5Error::Unexpected { at, what, found: within, expected });
                }
                let mut cursor = reader.at(address, WHAT)?;
                cursor.skip(within, WHAT)?;
                return cursor.take(length, "an object of a fractal heap");
            }
            reader.spend(16)?;
            let (row, column, size, begins) = self.locate(within, rows).ok_or_else(|| {
                let expected = "an offset inside the heap";
                let what = "an offset in a fractal heap";
                Hdf5Error::Unexpected { at: at.clone(), what, found: offset, expected }
            })?;
            let mut cursor = reader.at(address, WHAT)?;
            cursor.signature("FHIB", WHAT)?;
            cursor.version(&[0], WHAT)?;
            let entry = row.saturating_mul(self.table_width).saturating_add(column);
            let skip = u64::from(reader.sizes.address).saturating_mul(entry.saturating_add(1));
            cursor.skip(skip.saturating_add(self.offset_size), WHAT)?;
            address = cursor.some_address(WHAT)?;
            within = within.saturating_sub(begins);
            let first_row = u64::from(self.start_size.ilog2()).saturating_add(self.table_width.ilog2().into());
            rows = if row < self.direct_rows {
                0
            } else {
                u64::from(size.max(1).ilog2()).saturating_sub(first_row).saturating_add(1)
            };
        }
        Err(Hdf5Error::Circle { at, what: WHAT })
    }

    /// Row, column, size and first byte of the block that an offset lies in.
    fn locate(&self, within: u64, rows: u64) -> Option<(u64, u64, u64, u64)> {
        let mut size = self.start_size;
        let mut begins = 0_u64;
        for row in 0..rows {
            if row > 1 {
                size = size.checked_mul(2)?;
            }
            let end = begins.checked_add(size.checked_mul(self.table_width)?)?;
            if within < end {
                let column = within.checked_sub(begins)?.checked_div(size)?;
                return Some((row, column, size, begins.checked_add(column.checked_mul(size)?)?));
            }
            begins = end;
        }
        None
    }
}
