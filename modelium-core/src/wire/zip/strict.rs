//! Zip archives with limits in front: what is inside is known before anything is inflated.
//!
//! Follows PKWARE's APPNOTE 6.3 as far as the crate `zip` does. Members are stored or deflated; a stored member is read
//! where it lies in the archive, without a copy. Members that share a name, encrypted ones and archives over several
//! disks are refused.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use ::zip::result::ZipError as Cause;
use ::zip::{CompressionMethod, ZipArchive, ZipReadOptions};

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, Error, ErrorKind, Location, Result};

/// Deflate makes at most this many bytes of one; a member that claims more lies.
const DEFLATE_RATIO: u64 = 1032;

/// Why an archive cannot be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum ZipError {
    #[error("not a sound zip archive: {reason}")]
    Broken { at: Location, reason: String },
    #[error("the archive needs what is not supported: {reason}")]
    Unsupported { at: Location, reason: String },
    #[error("the archive has {entries} members, more than {cap}; raise Limits::entries to read it")]
    TooMany { at: Location, entries: u64, cap: u64 },
    #[error("two members have one name")]
    DuplicateName { at: Location },
    #[error("the members inflate to {bytes} bytes, more than {cap}; raise Limits::inflated_bytes to read them")]
    Bomb { at: Location, bytes: u64, cap: u64 },
    #[error("the member claims {claimed} bytes, its {stored} stored ones cannot inflate to as many")]
    Lies { at: Location, claimed: u64, stored: u64 },
    #[error("the member claims {claimed} bytes and holds {found}")]
    WrongSize { at: Location, claimed: u64, found: u64 },
}

impl Classify for ZipError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Broken { .. } | Self::DuplicateName { .. } | Self::Lies { .. } | Self::WrongSize { .. } => {
                ErrorKind::Malformed
            }
            Self::Unsupported { .. } => ErrorKind::Unsupported,
            Self::TooMany { .. } | Self::Bomb { .. } => ErrorKind::LimitExceeded,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::Broken { at, .. }
            | Self::Unsupported { at, .. }
            | Self::TooMany { at, .. }
            | Self::DuplicateName { at }
            | Self::Bomb { at, .. }
            | Self::Lies { at, .. }
            | Self::WrongSize { at, .. } => at.clone(),
        }
    }
}

/// An archive whose directory has been read.
#[derive(Debug)]
pub struct Archive {
    blob: Blob,
    directory: ZipArchive<Cursor<Blob>>,
    members: Vec<Member>,
}

/// One file of an archive.
#[derive(Debug)]
pub struct Member {
    /// Its name, `/` between folders.
    pub name: String,
    /// Bytes once inflated.
    pub bytes: u64,
    /// Bytes in the archive.
    stored: u64,
    method: CompressionMethod,
    index: usize,
}

impl Archive {
    /// Reads the directory of an archive; folders are left out.
    ///
    /// # Errors
    /// `Malformed` or `Unsupported` as the archive is; `LimitExceeded` for more members than
    /// [`Limits::entries`](crate::Limits::entries).
    pub fn open(blob: &Blob, cx: &Context) -> Result<Self> {
        let file = || Location::file(blob.name());
        let (entries, cap) = (claimed_entries(blob), cx.limits().entries);
        if entries > cap {
            return Err(ZipError::TooMany { at: file(), entries, cap }.into());
        }
        let directory = ZipArchive::new(Cursor::new(blob.clone())).map_err(|cause| lift(cause, file()))?;
        if directory.metadata().has_duplicate_names() {
            return Err(ZipError::DuplicateName { at: file() }.into());
        }
        let mut members: Vec<Member> = Vec::new();
        for index in 0..directory.len() {
            cx.tick("open", index as u64, entries)?;
            let entry = directory.by_index_data(index).map_err(|cause| lift(cause, file()))?;
            let name = entry.name().map_err(|cause| lift(cause, file()))?.into_owned();
            if entry.encrypted() {
                return Err(ZipError::Unsupported { at: file(), reason: "encryption".to_owned() }.into());
            }
            if !entry.is_dir() {
                let (bytes, stored, method) = (entry.size(), entry.compressed_size(), entry.compression());
                members.push(Member { name, bytes, stored, method, index });
            }
        }
        // different bytes may decode to one name
        let names: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
        if names.len() < members.len() {
            return Err(ZipError::DuplicateName { at: file() }.into());
        }
        Ok(Self { blob: blob.clone(), directory, members })
    }

    /// The members, in the order of the directory.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Bytes that the compressed members take together once inflated.
    pub fn inflated_bytes(&self) -> u64 {
        let deflated = self.members.iter().filter(|member| !member.is_stored());
        deflated.fold(0, |sum: u64, member| sum.saturating_add(member.bytes))
    }

    /// The bytes of a member: a window of the archive if it is stored, else inflated.
    ///
    /// The checksum of a stored member is not looked at, since that would touch all of it; see [`check`](Self::check).
    ///
    /// # Errors
    /// `Malformed` if the member is not what the directory says; `LimitExceeded` beyond
    /// [`Limits::inflated_bytes`](crate::Limits::inflated_bytes).
    pub fn read(&self, member: &Member, cx: &Context) -> Result<Blob> {
        let at = || Location::file(self.blob.name());
        let named = |error: Error| error.with_item(member.label());
        let (claimed, cap) = (member.bytes, cx.limits().inflated_bytes);
        if !matches!(member.method, CompressionMethod::Stored | CompressionMethod::Deflated) {
            let reason = format!("compression by {}", member.method.to_string().to_lowercase());
            return Err(named(ZipError::Unsupported { at: at(), reason }.into()));
        }
        if member.is_stored() {
            let mut directory = self.directory.clone();
            let file = directory.by_index_with_options(member.index, options());
            let start = file.map_err(|cause| named(lift(cause, at())))?.data_start();
            let window = start.and_then(|start| self.blob.slice(start..start.checked_add(claimed)?));
            let stored = member.stored;
            return window.filter(|_| stored == claimed).ok_or_else(|| {
                named(ZipError::WrongSize { at: at(), claimed, found: stored.min(self.blob.len()) }.into())
            });
        }
        if claimed > cap {
            return Err(named(ZipError::Bomb { at: at(), bytes: claimed, cap }.into()));
        }
        let stored = member.stored.min(self.blob.len());
        if claimed > stored.saturating_mul(DEFLATE_RATIO) {
            return Err(named(ZipError::Lies { at: at(), claimed, stored }.into()));
        }
        let mut bytes = Vec::new();
        self.stream(member, cx, |chunk| bytes.extend_from_slice(chunk)).map_err(named)?;
        Ok(Blob::from_bytes(format!("{}/{}", self.blob.name(), member.name), bytes))
    }

    /// Reads a member and drops its bytes: its checksum is right.
    ///
    /// # Errors
    /// `Malformed` if it is not.
    pub fn check(&self, member: &Member, cx: &Context) -> Result<()> {
        self.stream(member, cx, |_| ()).map_err(|error| error.with_item(member.label()))
    }

    /// Hands over the inflated bytes, as many as the directory says, then compares the checksum.
    fn stream(&self, member: &Member, cx: &Context, mut take: impl FnMut(&[u8])) -> Result<()> {
        let at = || Location::file(self.blob.name());
        let mut directory = self.directory.clone();
        let file = directory.by_index_with_options(member.index, options());
        let mut file = file.map_err(|cause| lift(cause, at()))?;
        let mut buffer = vec![0_u8; 1 << 18];
        let mut found = 0_u64;
        loop {
            cx.tick("open", found, member.bytes)?;
            let count = file.read(&mut buffer).map_err(|cause| lift(Cause::Io(cause), at()))?;
            let Some(chunk) = buffer.get(..count).filter(|chunk| !chunk.is_empty()) else { break };
            found = found.saturating_add(count as u64);
            if found > member.bytes {
                return Err(ZipError::WrongSize { at: at(), claimed: member.bytes, found }.into());
            }
            take(chunk);
        }
        if found == member.bytes {
            Ok(())
        } else {
            Err(ZipError::WrongSize { at: at(), claimed: member.bytes, found }.into())
        }
    }
}

impl Member {
    /// True if its bytes lie in the archive as they are.
    pub fn is_stored(&self) -> bool {
        self.method == CompressionMethod::Stored
    }

    /// What messages call it.
    fn label(&self) -> String {
        format!("member '{}'", self.name.escape_debug())
    }
}

/// The directory and the headers in front of the members must say the same.
fn options() -> ZipReadOptions<'static> {
    ZipReadOptions::new().enforce_header_consistency(true)
}

/// The most members that any record at the end of the file claims, before room is made for them.
fn claimed_entries(blob: &[u8]) -> u64 {
    const END: &[u8] = b"PK\x05\x06";
    const RECORD: usize = 22; // bytes, and a comment of at most 64 KiB follows
    let start = blob.len().saturating_sub(RECORD.saturating_add(1 << 16));
    let long = |at: usize| blob.get(at..)?.first_chunk().map(|word| u64::from_le_bytes(*word));
    let short = |at: usize| blob.get(at..)?.first_chunk().map(|word| u16::from_le_bytes(*word));
    let claims = blob.windows(END.len()).enumerate().skip(start).filter(|(_, window)| *window == END).map(|(at, _)| {
        let short = short(at.saturating_add(10)).unwrap_or(0);
        if short < u16::MAX {
            return short.into();
        }
        // zip64: a locator of 20 bytes in front says where the long record is
        let locator = at.checked_sub(20).and_then(|locator| long(locator.saturating_add(8)));
        let record = locator.and_then(|record| usize::try_from(record).ok());
        record.and_then(|record| long(record.saturating_add(32))).unwrap_or_else(|| short.into())
    });
    claims.max().unwrap_or(0)
}

fn lift(cause: Cause, at: Location) -> Error {
    let reason = match cause {
        Cause::UnsupportedArchive(reason) => return ZipError::Unsupported { at, reason: lower_first(reason) }.into(),
        Cause::Io(cause) if cause.kind() == std::io::ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        Cause::Io(cause) if cause.to_string().eq_ignore_ascii_case("invalid checksum") => {
            "the checksum is not that of the bytes".to_owned()
        }
        Cause::Io(cause) => cause.to_string(),
        Cause::InvalidArchive(reason) if reason.contains("EOCD") => "it has no directory at its end".to_owned(),
        Cause::InvalidArchive(reason) if reason.to_lowercase().starts_with("unexpected end") => {
            "it ends too early".to_owned()
        }
        Cause::InvalidArchive(reason) => reason.into_owned(),
        other => other.to_string(),
    };
    ZipError::Broken { at, reason: lower_first(&reason) }.into()
}

/// Our messages start in lower case.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
