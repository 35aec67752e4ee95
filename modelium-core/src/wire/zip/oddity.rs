//! In what an archive contradicts itself or its specification: facts, not judgement.

use std::fmt;

/// One contradiction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the message says it")]
pub enum Oddity {
    /// Bytes before the first member that no record accounts for.
    Prefix { bytes: u64 },
    /// Bytes behind the end record and its comment.
    Trailing { bytes: u64 },
    /// The offset in the end record and the distance from it lead to two directories.
    TwoDirectories { by_offset: u64, by_distance: u64 },
    /// The end record counts other members than the directory holds.
    Count { said: u64, found: u64 },
    /// The record for large archives and the plain one disagree.
    Zip64Disagrees,
    /// A directory record is cut off or has no signature.
    BrokenRecord { at: u64 },
    /// The header in front of a member has another name than the directory.
    LocalName { name: String, local: String },
    /// The header in front of a member has other sizes, or another method, than the directory.
    LocalFact { name: String, what: &'static str, directory: u64, local: u64 },
    /// There is no header where the directory says.
    NoLocalHeader { name: String, at: u64 },
    /// The bytes of a member do not lie in the file.
    OutOfFile { name: String, at: u64, bytes: u64 },
    /// Two members of one name.
    Duplicate { name: String },
    /// Two names that differ in the case of letters or in the form of separators only.
    AlmostDuplicate { name: String, other: String },
    /// Members whose bytes overlap.
    Overlap { name: String, other: String },
    /// A member whose flags say that it is encrypted.
    Encrypted { name: String },
    /// A name that leads out of the folder into which the archive is unpacked.
    Escapes { name: String },
    /// A name with a NUL, where C readers end it.
    NulInName { name: String },
    /// A symbolic link.
    Link { name: String },
    /// A header of a member that the directory does not list.
    Hidden { name: String, at: u64 },
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prefix { bytes } => write!(f, "{bytes} bytes stand before the archive"),
            Self::Trailing { bytes } => write!(f, "{bytes} bytes follow the end of the archive"),
            Self::TwoDirectories { by_offset, by_distance } => {
                write!(f, "two directories: its offset says byte {by_offset}, its size says byte {by_distance}")
            }
            Self::Count { said, found } => write!(f, "the end record counts {said} members, the directory {found}"),
            Self::Zip64Disagrees => f.write_str("the zip64 record and the end record disagree"),
            Self::BrokenRecord { at } => write!(f, "the directory is broken at byte {at}"),
            Self::LocalName { name, local } => {
                write!(f, "member '{name}' of the directory is called '{local}' by its own header")
            }
            Self::LocalFact { name, what, directory, local } => {
                write!(f, "{what} of member '{name}' is {directory} in the directory and {local} in its own header")
            }
            Self::NoLocalHeader { name, at } => write!(f, "no header of member '{name}' at byte {at}"),
            Self::OutOfFile { name, at, bytes } => {
                write!(f, "member '{name}' claims {bytes} bytes at byte {at}, which is beyond the end of the file")
            }
            Self::Duplicate { name } => write!(f, "two members are called '{name}'"),
            Self::AlmostDuplicate { name, other } => {
                write!(f, "members '{name}' and '{other}' are one file to some loaders")
            }
            Self::Overlap { name, other } => write!(f, "members '{name}' and '{other}' share bytes"),
            Self::Encrypted { name } => write!(f, "the flags say that member '{name}' is encrypted"),
            Self::Escapes { name } => write!(f, "member '{name}' leads out of the folder it is unpacked into"),
            Self::NulInName { name } => write!(f, "the name of member '{name}' holds a NUL byte"),
            Self::Link { name } => write!(f, "member '{name}' is a symbolic link"),
            Self::Hidden { name, at } => {
                write!(f, "a member '{name}' at byte {at} is not in the directory; readers of streams see it")
            }
        }
    }
}
