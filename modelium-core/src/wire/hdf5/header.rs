//! Object headers: the messages that describe one group, dataset or type.

use crate::blob::Blob;
use crate::error::Error;
use crate::wire::hdf5::Hdf5Error;
use crate::wire::hdf5::cursor::Cursor;
use crate::wire::hdf5::reader::Reader;

/// Messages by the numbers of the specification.
pub(super) mod kind {
    pub(in crate::wire::hdf5) const DATASPACE: u16 = 0x01;
    pub(in crate::wire::hdf5) const LINK_INFO: u16 = 0x02;
    pub(in crate::wire::hdf5) const DATATYPE: u16 = 0x03;
    pub(in crate::wire::hdf5) const LINK: u16 = 0x06;
    pub(in crate::wire::hdf5) const EXTERNAL: u16 = 0x07;
    pub(in crate::wire::hdf5) const LAYOUT: u16 = 0x08;
    pub(in crate::wire::hdf5) const FILTERS: u16 = 0x0b;
    pub(in crate::wire::hdf5) const ATTRIBUTE: u16 = 0x0c;
    pub(in crate::wire::hdf5) const SHARED_TABLE: u16 = 0x0f;
    pub(in crate::wire::hdf5) const CONTINUATION: u16 = 0x10;
    pub(in crate::wire::hdf5) const SYMBOL_TABLE: u16 = 0x11;
    pub(in crate::wire::hdf5) const DRIVER: u16 = 0x14;
    pub(in crate::wire::hdf5) const ATTRIBUTE_INFO: u16 = 0x15;
}

/// One message.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) kind: u16,
    pub(super) data: Blob,
    /// The data is a reference to where the message really is.
    shared: bool,
}

/// Bytes of one header that are read before its continuations are.
struct Block {
    bytes: Blob,
    end: u64,
}

impl Message {
    /// A cursor over the data; follows a reference to another object's header once.
    pub(super) fn cursor(&self, reader: &mut Reader) -> Result<Cursor, Hdf5Error> {
        let cursor = Cursor::new(self.data.clone(), reader.sizes);
        if self.shared { resolve(reader, cursor, self.kind) } else { Ok(cursor) }
    }
}

/// The message that a reference stands for.
pub(super) fn resolve(reader: &mut Reader, mut cursor: Cursor, kind: u16) -> Result<Cursor, Hdf5Error> {
    const WHAT: &str = "a shared message";
    let at = cursor.place();
    let version = cursor.version(&[1, 2, 3], WHAT)?;
    let sort = cursor.u8(WHAT)?;
    if version == 1 {
        cursor.skip(6, WHAT)?;
    }
    if version == 3 && sort == 1 {
        return Err(Hdf5Error::Unsupported { at, what: "a message that lies in the heap of shared messages" });
    }
    let address = cursor.some_address(WHAT)?;
    let messages = messages(reader, address, &mut Vec::new())?;
    let found = messages.into_iter().find(|message| message.kind == kind && !message.shared);
    let found = found.ok_or(Hdf5Error::Missing { at, what: "the message that a shared message stands for" })?;
    Ok(Cursor::new(found.data, reader.sizes))
}

/// All messages of a header. What is broken in its continuations becomes a fault; what came before it is kept.
pub(super) fn messages(reader: &mut Reader, address: u64, faults: &mut Vec<Error>) -> Result<Vec<Message>, Hdf5Error> {
    const WHAT: &str = "an object header";
    reader.spend(64)?;
    let mut cursor = reader.at(address, WHAT)?;
    let new = cursor.clone().signature("OHDR", WHAT).is_ok();
    let (first, ordered) = if new { first_block_v2(&mut cursor)? } else { (first_block_v1(&mut cursor)?, false) };
    let mut found = Vec::new();
    let mut seen = std::collections::BTreeSet::from([address]);
    let mut blocks = vec![first];
    while let Some(block) = blocks.pop() {
        let mut cursor = Cursor::new(block.bytes, reader.sizes);
        let head = if new { 4_u64.saturating_add(if ordered { 2 } else { 0 }) } else { 8 };
        while cursor.position().saturating_add(head) <= block.end {
            match message(reader, &mut cursor, new, ordered) {
                Ok(Some(message)) if message.kind == kind::CONTINUATION => {
                    match continuation(reader, &message, new, &mut seen) {
                        Ok(block) => blocks.push(block),
                        Err(error) => faults.push(error.into()),
                    }
                }
                Ok(Some(message)) => found.push(message),
                Ok(None) => {}
                Err(error) => {
                    faults.push(error.into());
                    break;
                }
            }
        }
    }
    Ok(found)
}

fn first_block_v1(cursor: &mut Cursor) -> Result<Block, Hdf5Error> {
    const WHAT: &str = "an object header";
    let (at, version) = (cursor.place(), cursor.u8(WHAT)?);
    if version != 1 {
        // later versions begin with a signature
        let (what, expected) = ("the version of an object header", "1, or the signature of a later one");
        return Err(Hdf5Error::Unexpected { at, what, found: version.into(), expected });
    }
    cursor.skip(7, WHAT)?;
    let size = cursor.u32(WHAT)?;
    cursor.skip(4, WHAT)?;
    Ok(Block { bytes: cursor.take(size, WHAT)?, end: size })
}

fn first_block_v2(cursor: &mut Cursor) -> Result<(Block, bool), Hdf5Error> {
    const WHAT: &str = "an object header";
    cursor.skip(4, WHAT)?;
    cursor.version(&[2], WHAT)?;
    let flags = cursor.u8(WHAT)?;
    if flags & 0x20 != 0 {
        cursor.skip(16, WHAT)?;
    }
    if flags & 0x10 != 0 {
        cursor.skip(4, WHAT)?;
    }
    let size = cursor.uint(1_u64.wrapping_shl((flags & 3).into()), WHAT)?;
    Ok((Block { bytes: cursor.take(size, WHAT)?, end: size }, flags & 4 != 0))
}

/// The next message; none for one without content.
fn message(reader: &mut Reader, cursor: &mut Cursor, new: bool, ordered: bool) -> Result<Option<Message>, Hdf5Error> {
    const WHAT: &str = "a message of an object header";
    reader.spend(64)?;
    let kind = if new { cursor.u8(WHAT)?.into() } else { cursor.u16(WHAT)? };
    let size = cursor.u16(WHAT)?;
    let flags = cursor.u8(WHAT)?;
    if !new {
        cursor.skip(3, WHAT)?;
    } else if ordered {
        cursor.skip(2, WHAT)?;
    }
    let data = cursor.take(size, WHAT)?;
    let kind = u16::try_from(kind).unwrap_or_default();
    Ok((kind != 0).then_some(Message { kind, data, shared: flags & 2 != 0 }))
}

fn continuation(
    reader: &mut Reader,
    message: &Message,
    new: bool,
    seen: &mut std::collections::BTreeSet<u64>,
) -> Result<Block, Hdf5Error> {
    const WHAT: &str = "a continuation of an object header";
    let mut cursor = Cursor::new(message.data.clone(), reader.sizes);
    let at = cursor.place();
    let address = cursor.some_address(WHAT)?;
    let length = cursor.length(WHAT)?;
    if !seen.insert(address) {
        return Err(Hdf5Error::Circle { at, what: WHAT });
    }
    let mut cursor = reader.at(address, WHAT)?;
    if !new {
        return Ok(Block { bytes: cursor.take(length, WHAT)?, end: length });
    }
    cursor.signature("OCHK", WHAT)?;
    // signature and checksum stand around the messages
    let end = length.saturating_sub(8);
    Ok(Block { bytes: cursor.take(end, WHAT)?, end })
}
