//! The directory of an archive as tolerant loaders read it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Location, Result};
use crate::wire::compress::{Codec, inflate};
use crate::wire::zip::{Oddity, ZipError};

const END: &[u8] = b"PK\x05\x06";
const END64: &[u8] = b"PK\x06\x06";
const LOCATOR64: &[u8] = b"PK\x06\x07";
const RECORD: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
const DESCRIPTOR: &[u8] = b"PK\x07\x08";

const END_BYTES: u64 = 22;
const RECORD_BYTES: u64 = 46;
const LOCAL_BYTES: u64 = 30;

/// The members of an archive, and what is odd about them.
#[derive(Debug)]
pub struct Directory {
    /// The members in the order of the directory, folders too.
    pub entries: Vec<Entry>,
    /// In what the archive contradicts itself, with the byte where that stands.
    pub oddities: Vec<(u64, Oddity)>,
    /// The bytes from the first member to the end of the comment.
    pub extent: Range<u64>,
    blob: Blob,
}

/// One member as the directory records it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// The byte of its header in the file.
    pub header: u64,
    /// Where its stored bytes lie in the file, if they do.
    pub data: Option<Range<u64>>,
    /// Bytes once inflated, as the directory says.
    pub bytes: u64,
    /// Bytes in the archive, as the directory says.
    pub stored: u64,
    /// Compression: 0 for none, 8 for deflate.
    pub method: u16,
    /// The checksum that the directory gives; 0 where the writer left it out.
    pub crc: u32,
    /// True if its flags say that it is encrypted.
    pub encrypted: bool,
    /// True for a symbolic link.
    pub is_link: bool,
}

impl Entry {
    /// True for a folder.
    pub fn is_folder(&self) -> bool {
        self.name.ends_with('/') && self.bytes == 0
    }

    /// True if its bytes lie in the archive as they are.
    pub fn is_plain(&self) -> bool {
        self.method == 0
    }
}

/// True if the file ends as an archive does: the record at its end, the comment reaching exactly to the last byte or to
/// zeros, the directory where the record says.
pub fn looks_like_zip(blob: &Blob) -> bool {
    let Some(end) = last_end(blob) else { return false };
    let comment = u64::from(short(blob, end.saturating_add(20)).unwrap_or(0));
    let close = end.saturating_add(END_BYTES).saturating_add(comment);
    // loaders look for the last record within some distance, and do not mind zeros behind it; a tar ends so, too
    let is_tar = blob.get(257..262) == Some(b"ustar");
    let padded = blob.slice(close..blob.len()).is_some_and(|rest| rest.iter().all(|byte| *byte == 0)) && !is_tar;
    let closes = close == blob.len();
    (closes || padded)
        && Ends::read(blob, end).is_some_and(|ends| !ends.starts(blob).is_empty() || closes && ends.entries == 0)
}

/// The names in the directory, at most so many; nothing but the directory is read, and what is odd is passed over.
pub fn names(blob: &Blob, most: usize) -> Vec<String> {
    let Some(ends) = last_end(blob).and_then(|end| Ends::read(blob, end)) else { return Vec::new() };
    let mut names = Vec::new();
    for start in ends.starts(blob) {
        let mut at = start;
        while tag(blob, at, RECORD) && names.len() < most {
            let length = |offset: u64| short(blob, at.saturating_add(offset)).map_or(0, u64::from);
            let name_at = at.saturating_add(RECORD_BYTES);
            let Some(name) = blob.slice(name_at..name_at.saturating_add(length(28))) else { break };
            names.push(String::from_utf8_lossy(&name).into_owned());
            let rest = length(28).saturating_add(length(30)).saturating_add(length(32));
            at = name_at.saturating_add(rest);
        }
    }
    names
}

/// The archives of a file that is several of them, one right behind the other; none if it is anything else.
///
/// PyTorch's distributed checkpoints are such files. Reads all bytes, but only where the last archive does not begin with
/// the file.
pub fn chain(blob: &Blob) -> Vec<Range<u64>> {
    let Some(end) = last_end(blob).filter(|_| blob.starts_with(LOCAL)) else { return Vec::new() };
    let starts_late = |ends: Ends| ends.starts(blob).last().is_some_and(|start| ends.base(Some(*start)) > 0);
    if !Ends::read(blob, end).is_some_and(starts_late) {
        return Vec::new();
    }
    let mut archives = Vec::new();
    let mut start = 0_u64;
    for end in memchr::memmem::find_iter(blob, END).map(|at| at as u64) {
        // whole only if the directory lies as far from the start of the archive as its end says
        let Some(ends) = Ends::read(blob, end).filter(|ends| end >= start && !ends.disagrees) else { continue };
        let begins = ends.at.checked_sub(ends.size).and_then(|directory| directory.checked_sub(ends.offset));
        if begins == Some(start) && tag(blob, start, LOCAL) {
            let close = end.saturating_add(END_BYTES).saturating_add(ends.comment);
            archives.push(start..close);
            start = close;
        }
    }
    if start == blob.len() && archives.len() > 1 { archives } else { Vec::new() }
}

impl Directory {
    /// Reads the directory, and the header in front of each member.
    ///
    /// # Errors
    /// `Malformed` if there is no end record that leads to a directory; `LimitExceeded` for more members than
    /// [`Limits::entries`](crate::Limits::entries).
    pub fn read(blob: &Blob, cx: &Context) -> Result<Self> {
        let broken = |reason: &str| ZipError::Broken { at: Location::file(blob.name()), reason: reason.to_owned() };
        let end = last_end(blob).ok_or_else(|| broken("it has no directory at its end"))?;
        let ends = Ends::read(blob, end).ok_or_else(|| broken("its end record is cut off"))?;
        let starts = ends.starts(blob);
        if starts.is_empty() && ends.entries > 0 {
            return Err(broken("its end record leads to no directory").into());
        }
        let close = end.saturating_add(END_BYTES).saturating_add(ends.comment).min(blob.len());
        let extent = ends.base(starts.last().copied())..close;
        let mut directory = Self { entries: Vec::new(), oddities: Vec::new(), extent, blob: blob.clone() };
        if let [by_offset, by_distance] = *starts.as_slice() {
            directory.odd(end, Oddity::TwoDirectories { by_offset, by_distance });
        }
        if ends.disagrees {
            directory.odd(end, Oddity::Zip64Disagrees);
        }
        for start in &starts {
            directory.records(*start, &ends, cx)?;
        }
        directory.close(close);
        directory.compare_names();
        directory.compare_places(starts.iter().min().copied());
        Ok(directory)
    }

    fn odd(&mut self, at: u64, oddity: Oddity) {
        // an archive that is odd throughout is told by its first thousand
        if self.oddities.len() < 1000 {
            self.oddities.push((at, oddity));
        }
    }

    /// Reads the records of one directory.
    fn records(&mut self, start: u64, ends: &Ends, cx: &Context) -> Result<()> {
        let base = ends.base(Some(start));
        let (mut at, mut found) = (start, 0_u64);
        let cap = cx.limits().entries;
        while found < ends.entries || at < start.saturating_add(ends.size) {
            if found >= cap {
                let at = Location::file(self.blob.name());
                return Err(ZipError::TooMany { at, entries: ends.entries.max(found), cap }.into());
            }
            cx.tick("open", found, ends.entries)?;
            let Some((entry, next)) = self.record(at, base) else { break };
            self.entries.push(entry);
            found = found.saturating_add(1);
            at = next;
        }
        if found < ends.entries && !tag(&self.blob, at, RECORD) && at < start.saturating_add(ends.size) {
            self.odd(at, Oddity::BrokenRecord { at });
        } else if found != ends.entries {
            self.odd(start, Oddity::Count { said: ends.entries, found });
        }
        Ok(())
    }

    /// One record of the directory, and where the next one begins.
    fn record(&mut self, at: u64, base: u64) -> Option<(Entry, u64)> {
        let blob = self.blob.clone();
        if !tag(&blob, at, RECORD) {
            return None;
        }
        let short = |offset: u64| short(&blob, at.saturating_add(offset));
        let word = |offset: u64| word(&blob, at.saturating_add(offset));
        let (flags, method, crc) = (short(8)?, short(10)?, word(16)?);
        let (stored, bytes, header) = (u64::from(word(20)?), u64::from(word(24)?), u64::from(word(42)?));
        let (name_bytes, extra_bytes, comment) = (u64::from(short(28)?), u64::from(short(30)?), u64::from(short(32)?));
        let unix = short(4)? >> 8 == 3; // "made by" Unix: the upper half of the attributes is the mode
        let mode = word(38)? >> 16;
        let name_at = at.checked_add(RECORD_BYTES)?;
        let extra_at = name_at.checked_add(name_bytes)?;
        let comment_at = extra_at.checked_add(extra_bytes)?;
        let name = blob.slice(name_at..extra_at)?;
        let extra = blob.slice(extra_at..comment_at)?;
        let (mut bytes, mut stored, mut header) = (bytes, stored, header);
        large_fields(&extra, &mut [&mut bytes, &mut stored, &mut header]);
        let name = String::from_utf8_lossy(&name).into_owned();
        let header = header.saturating_add(base);
        let mut entry = Entry {
            name,
            header,
            data: None,
            bytes,
            stored,
            method,
            crc,
            encrypted: flags & 1 != 0,
            is_link: unix && mode & 0o170_000 == 0o120_000,
        };
        self.look(at, &entry);
        self.locate(&mut entry, flags);
        Some((entry, comment_at.checked_add(comment)?))
    }

    /// What the record says by itself.
    fn look(&mut self, at: u64, entry: &Entry) {
        let name = || entry.name.clone();
        if escapes(&entry.name) {
            self.odd(at, Oddity::Escapes { name: name() });
        }
        if entry.name.contains('\0') {
            self.odd(at, Oddity::NulInName { name: name() });
        }
        if entry.encrypted {
            self.odd(at, Oddity::Encrypted { name: name() });
        }
        if entry.is_link {
            self.odd(at, Oddity::Link { name: name() });
        }
    }

    /// Finds the member's bytes by the header in front of them, and compares the two records.
    fn locate(&mut self, entry: &mut Entry, flags: u16) {
        let blob = self.blob.clone();
        let at = entry.header;
        let name = || entry.name.clone();
        if !tag(&blob, at, LOCAL) {
            self.odd(at, Oddity::NoLocalHeader { name: name(), at });
            return;
        }
        let Some(local) = Local::read(&blob, at) else {
            self.odd(at, Oddity::OutOfFile { name: name(), at, bytes: LOCAL_BYTES });
            return;
        };
        if local.name != entry.name {
            self.odd(at, Oddity::LocalName { name: name(), local: local.name.clone() });
        }
        if local.method != entry.method {
            let (directory, local) = (entry.method.into(), local.method.into());
            self.odd(at, Oddity::LocalFact { name: name(), what: "the method", directory, local });
        }
        // a writer that streams leaves sizes and checksum out here and writes them behind the bytes
        let streamed = (flags | local.flags) & 8 != 0;
        for (what, directory, local) in
            [("the size", entry.bytes, local.bytes), ("the stored size", entry.stored, local.stored)]
        {
            if local != directory && !(streamed && local == 0) {
                self.odd(at, Oddity::LocalFact { name: name(), what, directory, local });
            }
        }
        let data = local.data.checked_add(entry.stored).map(|end| local.data..end);
        entry.data = data.filter(|data| data.end <= blob.len());
        if entry.data.is_none() {
            self.odd(at, Oddity::OutOfFile { name: name(), at: local.data, bytes: entry.stored });
        }
    }

    /// What stands around the archive.
    fn close(&mut self, close: u64) {
        let trailing = self.blob.len().saturating_sub(close);
        if trailing > 0 {
            self.odd(close, Oddity::Trailing { bytes: trailing });
        }
        let headers = self.entries.iter().filter(|entry| entry.data.is_some()).map(|entry| entry.header);
        let first = headers.min().unwrap_or(self.extent.start);
        self.extent.start = self.extent.start.max(first);
        if self.extent.start > 0 && !self.entries.is_empty() {
            self.odd(0, Oddity::Prefix { bytes: self.extent.start });
        }
    }

    /// Names that are one file to some loader.
    fn compare_names(&mut self) {
        let mut exact: HashSet<&str> = HashSet::new();
        let mut folded: HashMap<String, &str> = HashMap::new();
        let mut odd = Vec::new();
        for entry in &self.entries {
            if !exact.insert(&entry.name) {
                odd.push((entry.header, Oddity::Duplicate { name: entry.name.clone() }));
                continue;
            }
            let plain = entry.name.replace('\\', "/");
            let plain = plain.strip_prefix("./").unwrap_or(&plain).replace("/./", "/").replace("//", "/");
            if let Some(other) = folded.insert(plain, &entry.name) {
                odd.push((entry.header, Oddity::AlmostDuplicate { name: entry.name.clone(), other: other.to_owned() }));
            }
        }
        for (at, oddity) in odd {
            self.odd(at, oddity);
        }
    }

    /// Members that overlap, and headers behind them that the directory, which begins at `start`, does not list.
    fn compare_places(&mut self, start: Option<u64>) {
        let placed = self.entries.iter().filter_map(|entry| Some((entry.header, entry.data.clone()?.end, &entry.name)));
        let mut placed: Vec<(u64, u64, &String)> = placed.collect();
        let itself = String::from("the directory");
        placed.extend(start.map(|start| (start, start, &itself)));
        placed.sort_unstable();
        let mut odd = Vec::new();
        let mut reach: Option<(u64, &String)> = None;
        for (start, end, name) in placed {
            match reach {
                Some((reached, other)) if start < reached => {
                    odd.push((start, Oddity::Overlap { name: name.clone(), other: other.clone() }));
                }
                Some((reached, _)) if start > reached => {
                    let after = skip_descriptor(&self.blob, reached);
                    if tag(&self.blob, after, LOCAL) && after < start {
                        let name = Local::read(&self.blob, after).map_or_else(String::new, |local| local.name);
                        odd.push((after, Oddity::Hidden { name, at: after }));
                    }
                }
                _ => {}
            }
            if reach.is_none_or(|(reached, _)| end > reached) {
                reach = Some((end, name));
            }
        }
        let last = reach.map_or(0, |(reached, _)| skip_descriptor(&self.blob, reached));
        if reach.is_some() && tag(&self.blob, last, LOCAL) {
            let name = Local::read(&self.blob, last).map_or_else(String::new, |local| local.name);
            odd.push((last, Oddity::Hidden { name, at: last }));
        }
        for (at, oddity) in odd {
            self.odd(at, oddity);
        }
    }

    /// The archive itself.
    pub fn blob(&self) -> &Blob {
        &self.blob
    }

    /// The first member of that name: what most loaders take.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// The bytes of a member: a window of the archive if it is stored, else inflated to at most `cap` bytes.
    ///
    /// Checksums and flags are not looked at, as PyTorch does not.
    ///
    /// # Errors
    /// `Malformed` if the bytes do not lie in the file, do not inflate, or are not as many as the directory says;
    /// `LimitExceeded` beyond `cap`; `Unsupported` for a method that no loader of models has.
    pub fn member(&self, entry: &Entry, cap: u64, cx: &Context) -> Result<Blob> {
        let at = || Location { item: Some(format!("member '{}'", entry.name)), ..self.blob.location(entry.header) };
        let window = entry.data.clone().and_then(|data| self.blob.slice(data));
        let Some(window) = window else {
            return Err(ZipError::Broken { at: at(), reason: "the member does not lie in the file".to_owned() }.into());
        };
        let codec = match entry.method {
            0 => return Ok(window),
            8 => Codec::Deflate,
            12 => Codec::Bzip2,
            14 => Codec::LzmaZip,
            93 => Codec::Zstd,
            95 => Codec::Xz,
            other => {
                let reason = format!("compression by method {other}");
                return Err(ZipError::Unsupported { at: at(), reason }.into());
            }
        };
        let out = inflate(codec, &window, cap, cx)?;
        if out.len() != entry.bytes {
            return Err(ZipError::WrongSize { at: at(), claimed: entry.bytes, found: out.len() }.into());
        }
        Ok(out)
    }
}

/// What the records at the end say.
struct Ends {
    /// The byte of the end record, or of the zip64 record in front of it.
    at: u64,
    entries: u64,
    size: u64,
    offset: u64,
    comment: u64,
    disagrees: bool,
}

impl Ends {
    fn read(blob: &Blob, end: u64) -> Option<Self> {
        let plain = Self {
            at: end,
            entries: short(blob, end.checked_add(10)?)?.into(),
            size: word(blob, end.checked_add(12)?)?.into(),
            offset: word(blob, end.checked_add(16)?)?.into(),
            comment: short(blob, end.checked_add(20)?)?.into(),
            disagrees: false,
        };
        Some(plain.large(blob).unwrap_or(plain))
    }

    /// The zip64 record, which loaders believe wherever its locator stands in front of the end record.
    fn large(&self, blob: &Blob) -> Option<Self> {
        let locator = self.at.checked_sub(20).filter(|at| tag(blob, *at, LOCATOR64))?;
        let said = long(blob, locator.checked_add(8)?)?;
        // bytes before the archive shift it: then it stands right in front of its locator
        let record = [said, locator.saturating_sub(56)].into_iter().find(|at| tag(blob, *at, END64))?;
        let large = Self {
            at: record,
            entries: long(blob, record.checked_add(32)?)?,
            size: long(blob, record.checked_add(40)?)?,
            offset: long(blob, record.checked_add(48)?)?,
            comment: self.comment,
            disagrees: false,
        };
        let differs = |plain: u64, large: u64, all_ones: u64| plain != all_ones && plain != large;
        let disagrees = differs(self.entries, large.entries, u16::MAX.into())
            || differs(self.size, large.size, u32::MAX.into())
            || differs(self.offset, large.offset, u32::MAX.into());
        Some(Self { disagrees, ..large })
    }

    /// Where directories begin: by the offset, as miniz goes, and by the distance, as Python goes; each once.
    fn starts(&self, blob: &Blob) -> Vec<u64> {
        let by_distance = self.at.checked_sub(self.size);
        let mut starts: Vec<u64> = [Some(self.offset), by_distance].into_iter().flatten().collect();
        starts.dedup();
        starts.retain(|start| tag(blob, *start, RECORD) && *start < self.at);
        starts
    }

    /// By how much a directory is shifted against what the record says.
    fn base(&self, start: Option<u64>) -> u64 {
        start.map_or(0, |start| start.saturating_sub(self.offset))
    }
}

/// The header in front of a member.
struct Local {
    name: String,
    flags: u16,
    method: u16,
    bytes: u64,
    stored: u64,
    data: u64,
}

impl Local {
    fn read(blob: &Blob, at: u64) -> Option<Self> {
        let name_at = at.checked_add(LOCAL_BYTES)?;
        let extra_at = name_at.checked_add(short(blob, at.checked_add(26)?)?.into())?;
        let data = extra_at.checked_add(short(blob, at.checked_add(28)?)?.into())?;
        let mut bytes = word(blob, at.checked_add(22)?)?.into();
        let mut stored = word(blob, at.checked_add(18)?)?.into();
        large_fields(&blob.slice(extra_at..data)?, &mut [&mut bytes, &mut stored]);
        let name = String::from_utf8_lossy(&blob.slice(name_at..extra_at)?).into_owned();
        let (flags, method) = (short(blob, at.checked_add(6)?)?, short(blob, at.checked_add(8)?)?);
        Some(Self { name, flags, method, bytes, stored, data })
    }
}

/// Fills fields that are all ones from the extra field for large files, in the order in which it holds them.
fn large_fields(extra: &Blob, fields: &mut [&mut u64]) {
    let mut at = 0_u64;
    while let (Some(id), Some(length)) = (short(extra, at), short(extra, at.saturating_add(2))) {
        let start = at.saturating_add(4);
        if id == 1 {
            let mut value = start;
            for field in fields.iter_mut().filter(|field| ***field == u64::from(u32::MAX)) {
                let fits = value.saturating_add(8) <= start.saturating_add(length.into());
                let Some(large) = long(extra, value).filter(|_| fits) else { return };
                **field = large;
                value = value.saturating_add(8);
            }
            return;
        }
        at = start.saturating_add(length.into());
    }
}

/// The last end record among the bytes where one can be: 64 KiB of comment may follow it.
fn last_end(blob: &Blob) -> Option<u64> {
    let reach = blob.len().saturating_sub(END_BYTES.saturating_add(1 << 16));
    let tail = blob.slice(reach..blob.len())?;
    let found = memchr::memmem::rfind_iter(&tail, END).map(|at| reach.saturating_add(at as u64));
    // a signature without its record is a chance, or a comment that ends with one
    let mut whole = found.filter(|at| at.saturating_add(END_BYTES) <= blob.len());
    let last = whole.next()?;
    let leads = |at: &u64| Ends::read(blob, *at).is_some_and(|ends| ends.entries == 0 || !ends.starts(blob).is_empty());
    if leads(&last) { Some(last) } else { whole.take(64).find(leads).or(Some(last)) }
}

/// Where the bytes behind a member begin when sizes and checksum follow it.
fn skip_descriptor(blob: &Blob, end: u64) -> u64 {
    if !tag(blob, end, DESCRIPTOR) {
        return end;
    }
    let lengths = [16, 24].map(|length| end.saturating_add(length));
    lengths.into_iter().find(|next| tag(blob, *next, LOCAL)).unwrap_or(end)
}

/// True if a name leads out of the folder that the archive is unpacked into.
pub(crate) fn escapes(name: &str) -> bool {
    let drive = name.as_bytes().get(1) == Some(&b':') && name.starts_with(|c: char| c.is_ascii_alphabetic());
    name.starts_with(['/', '\\']) || drive || leaves(name)
}

/// True if the steps of a relative path leave the folder that it starts from.
fn leaves(path: &str) -> bool {
    let mut depth = 0_usize;
    for step in path.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return true,
            },
            _ => depth = depth.saturating_add(1),
        }
    }
    false
}

fn tag(blob: &Blob, at: u64, tag: &[u8]) -> bool {
    usize::try_from(at).ok().and_then(|at| blob.get(at..)).is_some_and(|bytes| bytes.starts_with(tag))
}

fn field<const N: usize>(blob: &[u8], at: u64) -> Option<[u8; N]> {
    blob.get(usize::try_from(at).ok()?..)?.first_chunk().copied()
}

fn short(blob: &[u8], at: u64) -> Option<u16> {
    field(blob, at).map(u16::from_le_bytes)
}

fn word(blob: &[u8], at: u64) -> Option<u32> {
    field(blob, at).map(u32::from_le_bytes)
}

fn long(blob: &[u8], at: u64) -> Option<u64> {
    field(blob, at).map(u64::from_le_bytes)
}
