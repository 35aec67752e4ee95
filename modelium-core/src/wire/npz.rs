//! Named arrays as numpy stores them: `.npz`, a zip archive with one `.npy` for each.

use std::collections::BTreeMap;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, Error, ErrorKind, Location, Result};
use crate::tensor::Tensor;
use crate::wire::npy::{MAGIC, read_npy};
use crate::wire::zip::{Archive, ZipError};

/// Why named arrays cannot be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum NpzError {
    #[error("a single array without a name; save it by numpy.savez(file, name=array)")]
    SingleArray { at: Location },
    #[error("the archive holds no array: none of its members ({members}) is a .npy")]
    NoArrays { at: Location, members: usize },
}

impl Classify for NpzError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Malformed
    }

    fn location(&self) -> Location {
        match self {
            Self::SingleArray { at } | Self::NoArrays { at, .. } => at.clone(),
        }
    }
}

/// Reads every array, by its name without `.npy`; members of other names are left out.
///
/// Arrays that are stored (`numpy.savez`) stay where they are in the file; compressed ones (`numpy.savez_compressed`)
/// are inflated, all of them together within [`Limits::inflated_bytes`](crate::Limits::inflated_bytes). Checksums are
/// compared, since samples that are not what they were prove nothing.
///
/// # Errors
/// What [`Archive::open`] and [`read_npy`] raise, and `Malformed` if there is no array.
pub fn read_npz(blob: &Blob, cx: &Context) -> Result<BTreeMap<String, Tensor>> {
    let at = || Location::file(blob.name());
    if blob.starts_with(MAGIC) {
        return Err(NpzError::SingleArray { at: at() }.into());
    }
    let archive = Archive::open(blob, cx)?;
    let (bytes, cap) = (archive.inflated_bytes(), cx.limits().inflated_bytes);
    if bytes > cap {
        return Err(ZipError::Bomb { at: at(), bytes, cap }.into());
    }
    let mut arrays = BTreeMap::new();
    for member in archive.members() {
        let Some(name) = member.name.strip_suffix(".npy") else { continue };
        let bytes = archive.read(member, cx)?;
        if member.is_stored() {
            archive.check(member, cx)?;
        }
        let array = read_npy(&bytes, name, cx).map_err(|error: Error| error.with_file(blob.name()))?;
        arrays.insert(name.to_owned(), array);
    }
    if arrays.is_empty() {
        return Err(NpzError::NoArrays { at: at(), members: archive.members().len() }.into());
    }
    Ok(arrays)
}
