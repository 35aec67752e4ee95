//! The one public error: what was found, what was expected, where.
//!
//! Code near the bytes raises a leaf error, an enum of facts that implements [`Classify`]; `?` lifts it into [`Error`].
//! [`ErrorKind`] is the contract with other languages: each kind is one Python exception class and one C status.

use std::error::Error as StdError;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure it is, and so what a caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused: not found, no permission, disk full.
    Io,
    /// The bytes are not what their format says they must be.
    Malformed,
    /// Well formed, and beyond what this version can do.
    Unsupported,
    /// A cap of [`Limits`](crate::Limits) or of a plan's step was reached.
    LimitExceeded,
    /// Going on could run or reach something that was not meant to.
    UnsafeContent,
    /// The caller asked for something that makes no sense.
    InvalidArgument,
    /// No plan leads from this model to what is wanted.
    NoRoute,
    /// Two models that must compute the same do not.
    Mismatch,
    /// A backend outside this crate (a runtime, a server, a worker) failed.
    Backend,
    /// The caller cancelled.
    Cancelled,
    /// A defect of modelium itself.
    Internal,
}

impl ErrorKind {
    /// Every kind, in the order of the C status codes.
    pub const ALL: [Self; 11] = [
        Self::Io,
        Self::Malformed,
        Self::Unsupported,
        Self::LimitExceeded,
        Self::UnsafeContent,
        Self::InvalidArgument,
        Self::NoRoute,
        Self::Mismatch,
        Self::Backend,
        Self::Cancelled,
        Self::Internal,
    ];

    /// The stable name, as JSON spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Io => "io",
            Self::Malformed => "malformed",
            Self::Unsupported => "unsupported",
            Self::LimitExceeded => "limit_exceeded",
            Self::UnsafeContent => "unsafe_content",
            Self::InvalidArgument => "invalid_argument",
            Self::NoRoute => "no_route",
            Self::Mismatch => "mismatch",
            Self::Backend => "backend",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }
}

/// Where in the input something is: as much as is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    /// The file, as the caller named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The way inside that file: members of archives, from the outside in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// Byte offset in that file, or in the innermost member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    /// Line in a text file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The node, tensor, step or field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
}

impl Location {
    /// A place inside a file.
    pub fn at(file: impl Into<String>, byte: u64) -> Self {
        Self { file: Some(file.into()), byte: Some(byte), ..Self::default() }
    }

    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..Self::default() }
    }

    /// A byte, the file being filled in by who knows it.
    pub fn byte(byte: u64) -> Self {
        Self { byte: Some(byte), ..Self::default() }
    }

    /// A named thing: a node, a tensor, a step.
    pub fn item(item: impl Into<String>) -> Self {
        Self { item: Some(item.into()), ..Self::default() }
    }

    /// True if nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(file) = &self.file {
            f.write_str(&one_line(file.clone()))?;
            separator = ", ";
        }
        for member in &self.members {
            write!(f, "{separator}member '{}'", one_line(member.clone()))?;
            separator = ", ";
        }
        if let Some(line) = self.line {
            write!(f, "{separator}line {line}")?;
            separator = ", ";
        }
        if let Some(byte) = self.byte {
            write!(f, "{separator}at byte {byte}")?;
            separator = ", ";
        }
        if let Some(item) = &self.item {
            write!(f, "{separator}{}", one_line(item.clone()))?;
        }
        Ok(())
    }
}

/// A leaf error that knows its kind and its place.
pub trait Classify: StdError + Send + Sync + 'static {
    /// What sort of failure this is.
    fn kind(&self) -> ErrorKind;

    /// Where it is, as far as the raiser knows.
    fn location(&self) -> Location {
        Location::default()
    }

    /// What else is known, a line each.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What went wrong, on one line; see the [module](self).
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    location: Location,
    notes: Vec<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error with its message: lower case, no full stop; what was found, what was expected.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: one_line(message.into()),
            location: Location::default(),
            notes: Vec::new(),
            source: None,
        }))
    }

    /// An I/O error on a file, with what was tried: `io("open", path, error)`.
    pub fn io(what: &str, file: impl AsRef<std::path::Path>, source: std::io::Error) -> Self {
        let mut error =
            Self::new(ErrorKind::Io, format!("cannot {what}: {source}")).with_file(file.as_ref().display().to_string());
        error.0.source = Some(Box::new(source));
        error
    }

    /// A defect of modelium: an invariant that did not hold.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    /// The caller asked for something that makes no sense.
    pub fn argument(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidArgument, message)
    }

    /// Names the file, unless a more precise place is known already.
    #[must_use]
    pub fn with_file(mut self, file: impl Into<String>) -> Self {
        self.0.location.file.get_or_insert_with(|| file.into());
        self
    }

    /// Sets the place.
    #[must_use]
    pub fn with_location(mut self, location: Location) -> Self {
        self.0.location = location;
        self
    }

    /// Names the node, tensor, step or field, unless one is named already.
    #[must_use]
    pub fn with_item(mut self, item: impl Into<String>) -> Self {
        self.0.location.item.get_or_insert_with(|| item.into());
        self
    }

    /// Adds a line that tells what to do next, or what else is known.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.0.notes.push(note.into());
        self
    }

    /// Keeps the error that caused this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What sort of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it happened.
    pub fn location(&self) -> &Location {
        &self.0.location
    }

    /// Further lines: what else is known, what to do next.
    pub fn notes(&self) -> &[String] {
        &self.0.notes
    }

    /// The facts as data, the same document in every language.
    pub fn to_report(&self) -> ErrorReport {
        ErrorReport {
            kind: self.kind(),
            message: self.message().to_owned(),
            location: self.location().clone(),
            notes: self.notes().to_vec(),
        }
    }
}

/// Names come from files, and a file can put anything into them: control characters are spelt out.
pub(crate) fn one_line(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    text.chars().fold(String::with_capacity(text.len()), |mut line, c| {
        if c.is_control() {
            line.extend(c.escape_debug());
        } else {
            line.push(c);
        }
        line
    })
}

/// An error as data: what crosses a process or a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorReport {
    /// What sort of failure it is.
    pub kind: ErrorKind,
    /// One line, without the place.
    pub message: String,
    /// Where it happened.
    #[serde(default, skip_serializing_if = "Location::is_empty")]
    pub location: Location,
    /// What else is known, what to do next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl From<ErrorReport> for Error {
    fn from(report: ErrorReport) -> Self {
        let mut error = Self::new(report.kind, report.message).with_location(report.location);
        error.0.notes = report.notes;
        error
    }
}

impl<E: Classify> From<E> for Error {
    fn from(leaf: E) -> Self {
        Self(Box::new(Inner {
            kind: leaf.kind(),
            message: one_line(leaf.to_string()),
            location: leaf.location(),
            notes: leaf.notes().into_iter().map(one_line).collect(),
            source: Some(Box::new(leaf)),
        }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if !self.0.location.is_empty() {
            write!(f, " ({})", self.0.location)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.0.kind.as_str())?;
        self.0.notes.iter().try_for_each(|note| write!(f, "; {note}"))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_is_one_line_with_the_place_in_brackets() {
        let error = Error::new(ErrorKind::Malformed, "found 3, expected 4").with_location(Location::at("a.onnx", 88));
        assert_eq!(error.to_string(), "found 3, expected 4 (a.onnx, at byte 88)");
    }

    #[test]
    fn a_name_with_a_line_break_stays_on_one_line() {
        let error = Error::argument("node 'a\nb'").with_item("n\r");
        assert_eq!(error.to_string(), "node 'a\\nb' (n\\r)");
    }

    #[test]
    fn kinds_are_spelt_as_json_spells_them() {
        for kind in ErrorKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
