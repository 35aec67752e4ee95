//! What messages say: attributes, layouts, filters, links.

use crate::blob::Blob;
use crate::wire::hdf5::cursor::{Cursor, lossy};
use crate::wire::hdf5::header::{self, kind};
use crate::wire::hdf5::heap::{GlobalHeap, LocalHeap};
use crate::wire::hdf5::reader::Reader;
use crate::wire::hdf5::types::{Class, Datatype, dataspace, datatype};
use crate::wire::hdf5::{Attribute, ExternalFile, Hdf5Error, Layout, Target, Value};

/// Reads an attribute with its value.
pub(super) fn attribute(reader: &mut Reader, mut cursor: Cursor) -> Result<Attribute, Hdf5Error> {
    const WHAT: &str = "an attribute";
    let version = cursor.version(&[1, 2, 3], WHAT)?;
    let flags = cursor.u8(WHAT)?;
    let name_size = cursor.u16(WHAT)?;
    let type_size = cursor.u16(WHAT)?;
    let space_size = cursor.u16(WHAT)?;
    if version == 3 {
        cursor.skip(1, WHAT)?;
    }
    let padded = |size: u64| if version == 1 { size.checked_next_multiple_of(8).unwrap_or(size) } else { size };
    let name = lossy(&cursor.take(padded(name_size), WHAT)?);
    let mut type_cursor = Cursor::new(cursor.take(padded(type_size), WHAT)?, reader.sizes);
    let mut space_cursor = Cursor::new(cursor.take(padded(space_size), WHAT)?, reader.sizes);
    if version > 1 && flags & 1 != 0 {
        type_cursor = header::resolve(reader, type_cursor, kind::DATATYPE)?;
    }
    if version > 1 && flags & 2 != 0 {
        space_cursor = header::resolve(reader, space_cursor, kind::DATASPACE)?;
    }
    reader.spend(name_size.saturating_add(type_size))?;
    let datatype = datatype(&mut type_cursor)?;
    let shape = dataspace(&mut space_cursor, reader.rank)?;
    let at = cursor.place();
    let bytes = byte_len(shape.as_deref(), &datatype, &at)?;
    let data = cursor.take(bytes, "the value of an attribute")?;
    let value = value(reader, &datatype, &data)?;
    Ok(Attribute { name, datatype, shape, value })
}

/// Bytes that all elements take.
pub(super) fn byte_len(
    shape: Option<&[u64]>,
    datatype: &Datatype,
    at: &crate::error::Location,
) -> Result<u64, Hdf5Error> {
    let Some(dims) = shape else { return Ok(0) };
    let bytes = dims.iter().try_fold(datatype.size, |bytes, dim| bytes.checked_mul(*dim));
    bytes.ok_or_else(|| Hdf5Error::TooLarge { at: at.clone(), dims: dims.to_vec(), element: datatype.size })
}

fn value(reader: &mut Reader, datatype: &Datatype, data: &Blob) -> Result<Value, Hdf5Error> {
    match &datatype.class {
        Class::String => {
            let mut cursor = Cursor::new(data.clone(), reader.sizes);
            let mut texts = Vec::new();
            while cursor.left() > 0 {
                reader.spend(64)?;
                texts.push(cursor.take(datatype.size, "a string")?);
            }
            Ok(Value::Texts(texts))
        }
        Class::VlenString => {
            let mut cursor = Cursor::new(data.clone(), reader.sizes);
            let mut texts = Vec::new();
            while cursor.left() > 0 {
                reader.spend(64)?;
                texts.push(vlen(reader, &mut cursor)?);
            }
            Ok(Value::Texts(texts))
        }
        _ => Ok(Value::Bytes(data.clone())),
    }
}

/// An element of any length: where it lies in the global heap.
fn vlen(reader: &mut Reader, cursor: &mut Cursor) -> Result<Blob, Hdf5Error> {
    const WHAT: &str = "a string of any length";
    let length = cursor.u32(WHAT)?;
    let address = cursor.address(WHAT)?;
    let index = cursor.u32(WHAT)?;
    let Some(address) = address.filter(|address| *address != 0) else {
        return cursor.clone().take(0, WHAT);
    };
    let at = cursor.place();
    let object = GlobalHeap::object(reader, address, index)?;
    let (needed, left) = (length, object.len());
    object.slice(0..length).ok_or(Hdf5Error::Overrun { at, what: WHAT, needed, left })
}

/// Reads a layout message; `bytes` is what type and shape come to.
pub(super) fn layout(reader: &mut Reader, mut cursor: Cursor, bytes: u64) -> Result<Layout, Hdf5Error> {
    const WHAT: &str = "a data layout";
    let at = cursor.place();
    let version = cursor.version(&[1, 2, 3, 4, 5], WHAT)?;
    let (class, rank) = if version < 3 {
        let rank = cursor.u8(WHAT)?;
        let class = cursor.u8(WHAT)?;
        cursor.skip(5, WHAT)?;
        (class, rank)
    } else {
        (cursor.u8(WHAT)?, 0)
    };
    let compact = |cursor: &mut Cursor, size: u64| -> Result<Layout, Hdf5Error> {
        if size < bytes {
            let what = "the values of a compact dataset";
            return Err(Hdf5Error::Overrun { at: cursor.place(), what, needed: bytes, left: size });
        }
        let data = cursor.take(size, WHAT)?;
        Ok(Layout::Compact { start: data.offset() })
    };
    match (version, class) {
        (1 | 2, 0) => {
            cursor.skip(u64::from(rank).saturating_mul(4), WHAT)?;
            let size = cursor.u32(WHAT)?;
            compact(&mut cursor, size)
        }
        (_, 0) => {
            let size = cursor.u16(WHAT)?;
            compact(&mut cursor, size)
        }
        (_, 1) => {
            let address = cursor.address(WHAT)?;
            let claimed = if version < 3 { bytes } else { cursor.length(WHAT)? };
            if claimed < bytes {
                let what = "the values of a contiguous dataset";
                return Err(Hdf5Error::Overrun { at, what, needed: bytes, left: claimed });
            }
            let Some(address) = address else { return Ok(Layout::Contiguous { start: None }) };
            if !reader.holds(address, bytes) {
                let (what, length) = ("the end of a dataset", reader.length());
                return Err(Hdf5Error::Outside { at, what, address: address.saturating_add(bytes), length });
            }
            Ok(Layout::Contiguous { start: reader.place(address).byte })
        }
        (1..=3, 2) => {
            let rank = if version == 3 { cursor.u8(WHAT)? } else { rank };
            let index = cursor.address(WHAT)?;
            let mut chunk = Vec::new();
            for _ in 0..rank {
                chunk.push(cursor.u32(WHAT)?);
            }
            if version == 3 {
                chunk.pop(); // the size of an element
            }
            chunked(reader, index, chunk, &at)
        }
        (_, 2) => {
            cursor.u8(WHAT)?;
            let rank = cursor.u8(WHAT)?;
            let size = cursor.u8(WHAT)?;
            if size > 8 {
                let expected = "sizes of at most 8 bytes";
                let what = "the width of the sizes of a chunk";
                return Err(Hdf5Error::Unexpected { at, what, found: size.into(), expected });
            }
            let mut chunk = Vec::new();
            for _ in 0..rank {
                chunk.push(cursor.uint(size.into(), WHAT)?);
            }
            chunk.pop();
            let index = cursor.u8(WHAT)?;
            let facts = match index {
                // with filters, one chunk has its size and mask beside it
                1 => cursor.left().saturating_sub(reader.sizes.address.into()).min(12),
                2 => 0,
                3 => 1,
                4 => 5,
                5 => 6,
                _ => {
                    let expected = "a known index of chunks";
                    let what = "the index of chunks";
                    return Err(Hdf5Error::Unexpected { at, what, found: index.into(), expected });
                }
            };
            cursor.skip(facts, WHAT)?;
            let address = cursor.address(WHAT)?;
            chunked(reader, address, chunk, &at)
        }
        (4 | 5, 3) => virtual_layout(reader, &mut cursor),
        (_, found) => {
            let (what, expected) = ("the class of a layout", "0 to 3");
            Err(Hdf5Error::Unexpected { at, what, found: found.into(), expected })
        }
    }
}

fn chunked(
    reader: &Reader,
    index: Option<u64>,
    chunk: Vec<u64>,
    at: &crate::error::Location,
) -> Result<Layout, Hdf5Error> {
    if let Some(address) = index.filter(|address| !reader.holds(*address, 1)) {
        let (at, what) = (at.clone(), "an index of chunks");
        return Err(Hdf5Error::Outside { at, what, address, length: reader.length() });
    }
    Ok(Layout::Chunked { chunk })
}

/// A virtual dataset is a view of other datasets; the file of the first source, and how many there are.
fn virtual_layout(reader: &mut Reader, cursor: &mut Cursor) -> Result<Layout, Hdf5Error> {
    const WHAT: &str = "a virtual dataset";
    let address = cursor.address(WHAT)?;
    let index = cursor.u32(WHAT)?;
    let Some(address) = address.filter(|_| index != 0) else {
        return Ok(Layout::Virtual { file: String::new(), dataset: String::new(), sources: 0 });
    };
    let object = GlobalHeap::object(reader, address, index)?;
    let mut cursor = Cursor::new(object, reader.sizes);
    let version = cursor.version(&[0, 1], WHAT)?;
    let sources = cursor.length(WHAT)?;
    if version == 1 {
        cursor.u8(WHAT)?; // what the first source shares with others: nothing
    }
    let file = cursor.text(WHAT)?;
    let dataset = cursor.text(WHAT)?;
    Ok(Layout::Virtual { file, dataset, sources })
}

/// Files that hold the values of a dataset.
pub(super) fn external_files(reader: &mut Reader, mut cursor: Cursor) -> Result<Vec<ExternalFile>, Hdf5Error> {
    const WHAT: &str = "a list of external files";
    cursor.version(&[1], WHAT)?;
    cursor.skip(5, WHAT)?;
    let used = cursor.u16(WHAT)?;
    let heap = cursor.some_address(WHAT)?;
    let heap = LocalHeap::read(reader, heap)?;
    let mut files = Vec::new();
    for _ in 0..used {
        let name = cursor.length(WHAT)?;
        let start = cursor.length(WHAT)?;
        let bytes = cursor.length(WHAT)?;
        files.push(ExternalFile { name: heap.text(reader, name)?, start, bytes });
    }
    Ok(files)
}

/// Numbers of the filters that values pass through.
pub(super) fn filters(mut cursor: Cursor) -> Result<Vec<(u16, String)>, Hdf5Error> {
    const WHAT: &str = "a list of filters";
    let version = cursor.version(&[1, 2], WHAT)?;
    let count = cursor.u8(WHAT)?;
    if version == 1 {
        cursor.skip(6, WHAT)?;
    }
    let mut filters = Vec::new();
    for _ in 0..count {
        let id = cursor.u16(WHAT)?;
        let name_size = if version == 1 || id >= 256 { cursor.u16(WHAT)? } else { 0 };
        cursor.u16(WHAT)?;
        let values = cursor.u16(WHAT)?;
        let padded = if version == 1 { name_size.checked_next_multiple_of(8).unwrap_or(name_size) } else { name_size };
        let name = lossy(&cursor.take(padded, WHAT)?);
        cursor.skip(values.saturating_mul(4), WHAT)?;
        if version == 1 && values % 2 == 1 {
            cursor.skip(4, WHAT)?;
        }
        filters.push((u16::try_from(id).unwrap_or(u16::MAX), name));
    }
    Ok(filters)
}

/// Reads a link: its name and where it leads.
pub(super) fn link(mut cursor: Cursor) -> Result<(String, Target), Hdf5Error> {
    const WHAT: &str = "a link";
    cursor.version(&[1], WHAT)?;
    let flags = cursor.u8(WHAT)?;
    let sort = if flags & 8 != 0 { cursor.u8(WHAT)? } else { 0 };
    if flags & 4 != 0 {
        cursor.skip(8, WHAT)?;
    }
    if flags & 16 != 0 {
        cursor.skip(1, WHAT)?;
    }
    let size = cursor.uint(1_u64.wrapping_shl((flags & 3).into()), WHAT)?;
    let name = lossy(&cursor.take(size, "the name of a link")?);
    let target = match sort {
        0 => Target::Object(cursor.some_address(WHAT)?),
        1 => {
            let size = cursor.u16(WHAT)?;
            Target::Soft(lossy(&cursor.take(size, WHAT)?))
        }
        64 => {
            let size = cursor.u16(WHAT)?;
            let mut value = Cursor::new(cursor.take(size, WHAT)?, cursor.sizes);
            value.u8(WHAT)?;
            Target::External { file: value.text(WHAT)?, path: value.text(WHAT)? }
        }
        other => Target::Foreign(other),
    };
    Ok((name, target))
}
