//! The file as a whole: its superblock, the way to every address, and what reading may cost.

use std::collections::BTreeSet;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::Location;
use crate::wire::hdf5::Hdf5Error;
use crate::wire::hdf5::cursor::{Cursor, Sizes};
use crate::wire::hdf5::heap::GlobalHeap;

/// What every HDF5 file begins with, at its start or behind a block of the user's.
pub const MAGIC: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Structure may cost this many bytes of work for each byte of the file.
const PRICE: u64 = 64;

/// Where the HDF5 data begins: at 0, or at 512 times a power of two.
pub fn signature(bytes: &[u8]) -> Option<u64> {
    let found = |at: u64| {
        let rest = bytes.get(usize::try_from(at).ok()?..)?;
        rest.starts_with(MAGIC).then_some(at)
    };
    found(0).or_else(|| (9..62).map(|power| 1_u64.wrapping_shl(power)).find_map(found))
}

/// A file under way.
#[derive(Debug)]
pub(super) struct Reader {
    /// The HDF5 data, without the user's block in front.
    blob: Blob,
    pub(super) sizes: Sizes,
    pub(super) global: GlobalHeap,
    visited: BTreeSet<u64>,
    left: u64,
    cap: u64,
    pub(super) rank: u32,
}

/// What the superblock says.
#[derive(Debug)]
pub(super) struct Superblock {
    pub(super) version: u8,
    pub(super) user_block: u64,
    pub(super) root: u64,
    /// Message of the extension, or block of a driver: other files belong to this one.
    pub(super) driver: bool,
    pub(super) extension: Option<u64>,
}

impl Reader {
    pub(super) fn open(file: &Blob, cx: &Context) -> Result<(Self, Superblock), Hdf5Error> {
        const WHAT: &str = "the superblock";
        let none = || Hdf5Error::NotHdf5 { at: file.location(0) };
        let user_block = signature(file).ok_or_else(none)?;
        let blob = file.slice(user_block..file.len()).ok_or_else(none)?;
        let cap = cx.limits().structure_bytes.min(blob.len().saturating_mul(PRICE).saturating_add(1 << 20));
        let sizes = Sizes { address: 8, length: 8 };
        let (visited, global) = (BTreeSet::new(), GlobalHeap::default());
        let mut reader = Self { blob, sizes, global, visited, left: cap, cap, rank: cx.limits().rank };
        let mut cursor = reader.at(8, WHAT)?;
        let version = cursor.version(&[0, 1, 2, 3], WHAT)?;
        if version < 2 {
            cursor.skip(4, WHAT)?;
        }
        let at = cursor.place();
        let sizes = Sizes { address: cursor.u8(WHAT)?, length: cursor.u8(WHAT)? };
        for size in [sizes.address, sizes.length] {
            if !matches!(size, 2 | 4 | 8) {
                let (what, expected) = ("the size of an address or a length", "2, 4 or 8");
                return Err(Hdf5Error::Unexpected { at, what, found: size.into(), expected });
            }
        }
        (cursor.sizes, reader.sizes) = (sizes, sizes);
        let mut superblock = Superblock { version, user_block, root: 0, driver: false, extension: None };
        // behind two bytes: sizes of the trees' nodes, and flags
        cursor.skip(if version < 2 { 9 } else { 1 }, WHAT)?;
        if version == 1 {
            cursor.skip(4, WHAT)?;
        }
        let base = cursor.some_address(WHAT)?;
        let second = cursor.address(WHAT)?;
        let at = cursor.place();
        let end = cursor.some_address(WHAT)?;
        if version < 2 {
            superblock.driver = cursor.address(WHAT)?.is_some();
            cursor.address(WHAT)?;
            superblock.root = cursor.some_address("the root group")?;
        } else {
            superblock.extension = second;
            superblock.root = cursor.some_address("the root group")?;
        }
        // the end counts from the start of the file where a block of the user's lies in front
        let length = if base == 0 { reader.blob.len() } else { file.len() };
        if end > length {
            return Err(Hdf5Error::Truncated { at, length, claimed: end });
        }
        Ok((reader, superblock))
    }

    /// A cursor at an address.
    pub(super) fn at(&self, address: u64, what: &'static str) -> Result<Cursor, Hdf5Error> {
        let length = self.blob.len();
        match self.blob.slice(address..length).filter(|rest| !rest.is_empty()) {
            Some(rest) => Ok(Cursor::new(rest, self.sizes)),
            None => Err(Hdf5Error::Outside { at: self.blob.location(0), what, address, length }),
        }
    }

    /// True if a range lies inside the file.
    pub(super) fn holds(&self, address: u64, bytes: u64) -> bool {
        address.checked_add(bytes).is_some_and(|end| end <= self.blob.len())
    }

    /// The place of an address, for messages.
    pub(super) fn place(&self, address: u64) -> Location {
        self.blob.location(address)
    }

    pub(super) fn length(&self) -> u64 {
        self.blob.len()
    }

    /// Remembers a block of a structure without circles.
    pub(super) fn visit(&mut self, address: u64, what: &'static str) -> Result<(), Hdf5Error> {
        self.spend(32)?;
        if self.visited.insert(address) { Ok(()) } else { Err(Hdf5Error::Circle { at: self.place(address), what }) }
    }

    /// Pays for work with what the size of the file grants.
    pub(super) fn spend(&mut self, bytes: u64) -> Result<(), Hdf5Error> {
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Hdf5Error::Exhausted { at: self.blob.location(0), cap: self.cap }),
        }
    }
}
