//! Tape archives: members one after another, each behind a block that describes it.
//!
//! Reads POSIX ustar and pax, GNU long names, and the blocks of 1979 that both grew from. As Python's `tarfile` does, a
//! pax record outweighs the block, and the first block of zeros ends the archive; what stands behind it is counted.

use std::ops::Range;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, ErrorKind, Location, Result};

/// Bytes of a block.
const BLOCK: u64 = 512;
/// A name, or the records of a pax block, longer than this are made to fill memory.
const LONGEST: u64 = 1 << 20;

/// The members of an archive.
#[derive(Debug)]
pub struct Tar {
    /// The members in their order.
    pub entries: Vec<TarEntry>,
    /// Where the archive ends: the byte behind its last block of zeros.
    pub end: u64,
    /// The first byte behind it that is not zero.
    pub trailing: Option<u64>,
}

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TarEntry {
    /// Its name.
    pub name: String,
    /// The byte of its block.
    pub header: u64,
    /// Where its bytes lie.
    pub data: Range<u64>,
    /// What it is.
    pub kind: TarKind,
}

/// What a member is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum TarKind {
    File,
    Folder,
    SymbolicLink(String),
    HardLink(String),
    /// A device, or a pipe.
    Device,
    /// A kind that is understood by the program that wrote it.
    Other(u8),
}

/// Why an archive cannot be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum TarError {
    #[error("not a sound tar archive: {reason}")]
    Broken { at: Location, reason: &'static str },
    #[error("member '{name}' claims {claimed} bytes but the archive has {available} left")]
    Overrun { at: Location, name: String, claimed: u64, available: u64 },
    #[error("the archive has more than {cap} members; raise Limits::entries to read it")]
    TooMany { at: Location, cap: u64 },
}

impl Classify for TarError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Broken { .. } | Self::Overrun { .. } => ErrorKind::Malformed,
            Self::TooMany { .. } => ErrorKind::LimitExceeded,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::Broken { at, .. } | Self::Overrun { at, .. } | Self::TooMany { at, .. } => at.clone(),
        }
    }
}

/// True if the bytes begin with a block whose checksum is right.
pub fn looks_like_tar(bytes: &[u8]) -> bool {
    bytes.first_chunk().is_some_and(|block| Header::read(block).is_some())
}

impl Tar {
    /// Reads the blocks; the bytes of members are left alone.
    ///
    /// # Errors
    /// `Malformed` if a block is broken or a member overruns the file; `LimitExceeded` beyond
    /// [`Limits::entries`](crate::Limits::entries).
    pub fn read(blob: &Blob, cx: &Context) -> Result<Self> {
        let (entries, cap) = (Vec::new(), cx.limits().entries);
        let mut tar = Self { entries, end: 0, trailing: None };
        let (mut at, mut blocks) = (0_u64, 0_u64);
        let mut global = Attributes::default();
        let mut next = Attributes::default();
        loop {
            cx.tick("open", at, blob.len())?;
            let Some(block) = block(blob, at) else {
                let rest = blob.len().saturating_sub(at);
                if rest > 0 || blocks == 0 {
                    let reason = "it ends inside a block";
                    return Err(TarError::Broken { at: blob.location(at), reason }.into());
                }
                break;
            };
            if block.iter().all(|byte| *byte == 0) {
                break;
            }
            let Some(header) = Header::read(block) else {
                let reason = "the checksum of a block is not that of its bytes";
                return Err(TarError::Broken { at: blob.location(at), reason }.into());
            };
            blocks = blocks.saturating_add(1);
            if blocks > cap {
                return Err(TarError::TooMany { at: blob.location(at), cap }.into());
            }
            let describes_next = matches!(header.kind, b'x' | b'g' | b'L' | b'K' | b'X');
            let size = if describes_next { header.size } else { next.size.or(global.size).unwrap_or(header.size) };
            let has_data = !matches!(header.kind, b'1'..=b'6') || next.size.is_some();
            let start = at.saturating_add(BLOCK);
            let end = start.saturating_add(if has_data { size } else { 0 });
            if end > blob.len() {
                let available = blob.len().saturating_sub(start);
                let name = next.path.unwrap_or(header.name);
                return Err(TarError::Overrun { at: blob.location(at), name, claimed: size, available }.into());
            }
            if describes_next {
                let Some(text) = blob.slice(start..end).filter(|text| text.len() <= LONGEST) else {
                    let reason = "a name is longer than 1 MiB";
                    return Err(TarError::Broken { at: blob.location(at), reason }.into());
                };
                match header.kind {
                    b'L' => next.path = Some(text_of(&text)),
                    b'K' => next.link = Some(text_of(&text)),
                    b'g' => global.pax(&text),
                    _ => next.pax(&text),
                }
            } else {
                tar.entries.push(header.entry(at, start..end, std::mem::take(&mut next), &global));
            }
            at = end.next_multiple_of(BLOCK).min(blob.len().max(end));
        }
        let zeros = blob.slice(at..blob.len()).map_or(0, |rest| rest.iter().take_while(|byte| **byte == 0).count());
        tar.end = at.saturating_add(zeros as u64);
        tar.trailing = (tar.end < blob.len()).then_some(tar.end);
        Ok(tar)
    }
}

/// What a block before a member says about it.
#[derive(Debug, Default)]
struct Attributes {
    path: Option<String>,
    link: Option<String>,
    size: Option<u64>,
}

impl Attributes {
    /// Records of pax: a length, a space, `key=value`, a line break; the length counts all of it.
    fn pax(&mut self, text: &[u8]) {
        let mut rest = text;
        loop {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let length = rest.get(..digits).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok());
            let Some(length) = length else { return };
            let body = digits.saturating_add(1)..length.saturating_sub(1);
            let (Some(record), Some(following)) = (rest.get(body), rest.get(length..)) else { return };
            let mut halves = record.splitn(2, |byte| *byte == b'=');
            if let (Some(key), Some(value)) = (halves.next(), halves.next()) {
                let value = String::from_utf8_lossy(value).into_owned();
                match key {
                    b"path" => self.path = Some(value),
                    b"linkpath" => self.link = Some(value),
                    b"size" => self.size = value.parse().ok(),
                    _ => {}
                }
            }
            if length == 0 {
                return;
            }
            rest = following;
        }
    }
}

/// A block in front of a member.
struct Header {
    name: String,
    size: u64,
    kind: u8,
    link: String,
}

impl Header {
    fn read(block: &[u8; 512]) -> Option<Self> {
        let field = |from: usize, bytes: usize| block.get(from..from.saturating_add(bytes));
        let said = number(field(148, 8)?)?;
        let others = block.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { b' ' } else { *byte });
        let (plain, signed) = others.fold((0_u64, 0_i64), |(plain, signed), byte| {
            (plain.saturating_add(byte.into()), signed.saturating_add(i64::from(byte.cast_signed())))
        });
        // old writers summed signed characters
        if said != plain && i64::try_from(said).ok() != Some(signed) {
            return None;
        }
        let mut name = text_of(field(0, 100)?);
        let is_posix = field(257, 6)? == b"ustar\0";
        let prefix = text_of(field(345, 155)?);
        if is_posix && !prefix.is_empty() {
            name = format!("{prefix}/{name}");
        }
        let size = number(field(124, 12)?)?;
        Some(Self { name, size, kind: *block.get(156)?, link: text_of(field(157, 100)?) })
    }

    fn entry(self, header: u64, data: Range<u64>, next: Attributes, global: &Attributes) -> TarEntry {
        let name = next.path.or_else(|| global.path.clone()).unwrap_or(self.name);
        let link = next.link.or_else(|| global.link.clone()).unwrap_or(self.link);
        let kind = match self.kind {
            0 | b'0' | b'7' if name.ends_with('/') => TarKind::Folder,
            0 | b'0' | b'7' => TarKind::File,
            b'1' => TarKind::HardLink(link),
            b'2' => TarKind::SymbolicLink(link),
            b'3' | b'4' | b'6' => TarKind::Device,
            b'5' => TarKind::Folder,
            other => TarKind::Other(other),
        };
        TarEntry { name, header, data, kind }
    }
}

/// Octal digits between spaces and NULs, or a large number whose first bit is set.
fn number(field: &[u8]) -> Option<u64> {
    let (first, rest) = field.split_first()?;
    if *first == 0x80 {
        let (high, low) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
        return high.iter().all(|byte| *byte == 0).then(|| low.first_chunk().map(|low| u64::from_be_bytes(*low)))?;
    }
    let text = std::str::from_utf8(field).ok()?;
    let digits = text.trim_matches([' ', '\0']).split('\0').next()?;
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

fn text_of(bytes: &[u8]) -> String {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).into_owned()
}

fn block(blob: &Blob, at: u64) -> Option<&[u8; 512]> {
    blob.get(usize::try_from(at).ok()?..)?.first_chunk()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block with a right checksum.
    fn header(name: &str, size: &str, kind: u8) -> Vec<u8> {
        let mut block = vec![0_u8; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..][..size.len()].copy_from_slice(size.as_bytes());
        block[148..156].fill(b' ');
        block[156] = kind;
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }

    fn read(bytes: Vec<u8>) -> Result<Tar> {
        Tar::read(&Blob::from_bytes("t.tar", bytes), &Context::new())
    }

    #[test]
    fn members_lie_behind_their_blocks() {
        let bytes = [header("a", "3", b'0'), b"abc".to_vec(), vec![0; 509], vec![0; 1024]].concat();
        let tar = read(bytes).unwrap();
        let expected = TarEntry { name: "a".into(), header: 0, data: 512..515, kind: TarKind::File };
        assert_eq!((tar.entries, tar.end, tar.trailing), (vec![expected], 2048, None));
    }

    #[test]
    fn a_pax_record_outweighs_the_block() {
        let pax = b"14 path=../up\n";
        let mut bytes = [header("x", "16", b'x'), pax.to_vec(), vec![0; 512 - pax.len()]].concat();
        bytes.extend([header("plain", "0", b'0'), vec![0; 1024]].concat());
        assert_eq!(read(bytes).unwrap().entries[0].name, "../up");
    }

    #[test]
    fn what_follows_the_end_is_counted() {
        let bytes = [header("a", "0", b'0'), vec![0; 1024], header("b", "0", b'0')].concat();
        assert_eq!(read(bytes).unwrap().trailing, Some(1536));
    }

    #[test]
    fn a_member_longer_than_the_archive_is_refused() {
        let error = read([header("a", "77777777777", b'0'), vec![0; 512]].concat()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "member 'a' claims 8589934591 bytes but the archive has 512 left (t.tar, at byte 0)"
        );
    }
}
