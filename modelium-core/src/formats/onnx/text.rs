//! Text of a mapped file, checked as it becomes a string.

use bytes::Bytes;

use crate::blob::Blob;
use crate::error::{Location, Result};
use crate::formats::onnx::error::OnnxFault;
use crate::formats::onnx::import::Reader;
use crate::formats::onnx::schema::StringStringEntryProto;
use crate::ir::Property;

/// Where a part of a file lies; an empty part has no place, so that only the file is known.
pub(super) fn place(file: &Blob, part: &Bytes) -> Location {
    if part.is_empty() { Location::file(file.name()) } else { file.window(part.clone()).location(0) }
}

impl Reader<'_> {
    /// Where a part of the model file lies.
    pub(super) fn place(&self, part: &Bytes) -> Location {
        place(self.file, part)
    }

    /// Text that may be left out.
    pub(super) fn text(&self, bytes: Option<Bytes>) -> Result<Option<String>> {
        bytes.map(|bytes| self.checked(&bytes).map(str::to_owned)).transpose()
    }

    /// A name that may be left out.
    pub(super) fn name(&self, bytes: Option<Bytes>) -> Result<Option<String>> {
        bytes.map(|bytes| self.borrowed_name(&bytes).map(str::to_owned)).transpose()
    }

    /// A name, which must not hold NUL: C would see a shorter one.
    pub(super) fn borrowed_name<'b>(&self, bytes: &'b Bytes) -> Result<&'b str> {
        let name = self.checked(bytes)?;
        if name.contains('\0') { Err(OnnxFault::NulInName.at(self.place(bytes))) } else { Ok(name) }
    }

    fn checked<'b>(&self, bytes: &'b Bytes) -> Result<&'b str> {
        std::str::from_utf8(bytes).map_err(|error| {
            let mut location = self.place(bytes);
            location.byte = location.byte.map(|byte| byte.saturating_add(error.valid_up_to() as u64));
            OnnxFault::NotUtf8.at(location)
        })
    }

    /// Key and value pairs.
    pub(super) fn properties(&self, entries: Vec<StringStringEntryProto>) -> Result<Vec<Property>> {
        entries.into_iter().map(|entry| Ok((self.text(entry.key)?, self.text(entry.value)?))).collect()
    }
}
