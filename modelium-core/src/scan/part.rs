//! Bytes under examination, and the way to them.

use crate::blob::Blob;
use crate::error::Location;

/// A file, or something inside one.
#[derive(Debug, Clone)]
pub struct Part {
    /// The bytes: mapped, or inflated into memory.
    pub blob: Blob,
    /// The outermost file, as the caller named it.
    pub file: String,
    /// Members from the outside in; empty for the file itself.
    pub members: Vec<String>,
}

impl Part {
    /// A whole file.
    pub fn file(name: impl Into<String>, blob: Blob) -> Self {
        Self { blob, file: name.into(), members: Vec::new() }
    }

    /// Something inside this part.
    #[must_use]
    pub fn member(&self, name: impl Into<String>, blob: Blob) -> Self {
        let mut members = self.members.clone();
        members.push(name.into());
        Self { blob, file: self.file.clone(), members }
    }

    /// The last name on the way, without folders.
    pub fn name(&self) -> &str {
        let name = self.members.last().unwrap_or(&self.file);
        name.rsplit(['/', '\\']).next().unwrap_or(name)
    }

    /// A byte of this part, counted from its start.
    pub fn at(&self, byte: u64) -> Location {
        Location { byte: Some(byte), ..self.location() }
    }

    /// A named thing in this part.
    pub fn item(&self, item: impl Into<String>) -> Location {
        Location { item: Some(item.into()), ..self.location() }
    }

    /// The part as a whole.
    pub fn location(&self) -> Location {
        Location { members: self.members.clone(), ..Location::file(&self.file) }
    }
}
