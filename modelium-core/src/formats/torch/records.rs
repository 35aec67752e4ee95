//! Where the records of a file lie: in a zip archive, or one behind the other as `torch.save` wrote them before 1.6.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Location, Result};
use crate::formats::torch::dtype::{self, Element};
use crate::formats::torch::error::TorchError;
use crate::wire::pickle::{self, Options, Trace};
use crate::wire::zip::{Directory, Entry, names};

/// The first number of a legacy file.
const MAGIC: &[u8] = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
/// Names that are looked at to tell what an archive is.
const LOOKED_AT: usize = 4096;
/// The most pickles that are tried in front of the storages of a legacy file: magic, protocol, system, object, keys.
const STREAMS: usize = 5;

/// What an archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What `torch.save` wrote.
    Checkpoint,
    /// What `torch.jit.save` wrote.
    Script,
    /// What `torch.export.save` wrote, or a package for `AOTInductor`.
    Program,
}

/// What kind of PyTorch archive the bytes are, by the names of its records.
pub(super) fn kind(blob: &Blob) -> Option<Kind> {
    if !blob.starts_with(b"PK") && !crate::wire::zip::looks_like_zip(blob) {
        return None;
    }
    let names = names(blob, LOOKED_AT);
    let root = root(&mut names.iter().map(String::as_str))?;
    let has = |record: &str| names.iter().any(|name| name.strip_prefix(&root) == Some(record));
    let begins =
        |folder: &str| names.iter().any(|name| name.strip_prefix(&root).is_some_and(|at| at.starts_with(folder)));
    if has("serialized_exported_program.json") || has("archive_format") || (has("archive_version") && begins("models/"))
    {
        Some(Kind::Program)
    } else if has("constants.pkl") || begins("code/") || has("bytecode.pkl") {
        Some(Kind::Script)
    } else if has("data.pkl") {
        Some(Kind::Checkpoint)
    } else {
        None
    }
}

/// The folder that all records lie in, with its slash: the one of the record that every kind of archive has.
fn root(names: &mut dyn Iterator<Item = &str>) -> Option<String> {
    const SURE: [&str; 4] = ["data.pkl", "archive_format", "archive_version", "serialized_exported_program.json"];
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        for (rank, record) in SURE.iter().enumerate() {
            let folder = name.strip_suffix(record).filter(|root| is_root(root));
            if let Some(folder) = folder.filter(|_| best.is_none_or(|(found, _)| rank < found)) {
                best = Some((rank, folder));
            }
        }
    }
    best.map(|(_, folder)| folder.to_owned())
}

/// Nothing, or one folder.
fn is_root(path: &str) -> bool {
    path.is_empty() || path.strip_suffix('/').is_some_and(|folder| !folder.is_empty() && !folder.contains('/'))
}

/// The records of an archive.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) directory: Directory,
    pub(super) root: String,
    index: BTreeMap<String, usize>,
}

impl Records {
    pub(super) fn read(blob: &Blob, cx: &Context) -> Result<Self> {
        let directory = Directory::read(blob, cx)?;
        let root = root(&mut directory.entries.iter().map(|entry| entry.name.as_str())).unwrap_or_default();
        let mut index = BTreeMap::new();
        for (at, entry) in directory.entries.iter().enumerate() {
            // of two records with one name PyTorch takes the first
            index.entry(entry.name.clone()).or_insert(at);
        }
        Ok(Self { directory, root, index })
    }

    /// The record of that name below the root.
    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        let at = self.index.get(&format!("{}{name}", self.root))?;
        self.directory.entries.get(*at)
    }

    /// The names of the records below the root, in the order of the archive.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.directory.entries.iter().filter_map(|entry| entry.name.strip_prefix(&self.root))
    }

    /// The bytes of a record of structure.
    pub(super) fn structure(&self, name: &str, cx: &Context) -> Result<Option<Blob>> {
        let Some(entry) = self.entry(name) else { return Ok(None) };
        let cap = cx.limits().structure_bytes.min(crate::wire::compress::honest_most(entry.stored));
        self.directory.member(entry, cap, cx).map(Some)
    }

    /// A short record of text: `version`, `byteorder`.
    pub(super) fn word(&self, name: &str, cx: &Context) -> Option<String> {
        let blob = self.structure(name, cx).ok()??;
        let text = std::str::from_utf8(blob.get(..blob.len().min(256).try_into().ok()?)?).ok()?;
        Some(text.trim().to_owned())
    }

    pub(super) fn location(&self) -> Location {
        Location::file(self.directory.blob().name())
    }
}

/// True if the bytes begin as `torch.save` began before 1.6.
pub(super) fn is_legacy(bytes: &[u8]) -> bool {
    let stream = if let [0x80, 2..=5, rest @ ..] = bytes { rest } else { bytes };
    // protocol 4 puts a frame in front
    let framed = matches!(stream.first(), Some(0x95)).then(|| stream.get(9..)).flatten();
    framed.unwrap_or(stream).starts_with(MAGIC)
}

/// Where a storage lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Its bytes in the file; none where they are compressed.
    pub(super) range: Option<Range<u64>>,
    /// How many it has once inflated.
    pub(super) bytes: u64,
}

/// A legacy file: five pickles, then the storages.
#[derive(Debug)]
pub(super) struct Legacy {
    /// The object that was saved.
    pub(super) object: Trace,
    /// Where its storages lie, by their keys.
    pub(super) storages: BTreeMap<String, Place>,
    /// The byte behind the last one.
    pub(super) end: u64,
    /// What is wrong with the part behind the object.
    pub(super) fault: Option<TorchError>,
    /// True if the writer had little-endian numbers.
    pub(super) little_endian: bool,
    /// The byte behind the pickles.
    pub(super) pickles_end: u64,
}

impl Legacy {
    pub(super) fn read(blob: &Blob, cx: &Context) -> Result<Self> {
        let mut traces = Vec::new();
        let mut at = 0;
        for _ in 0..STREAMS {
            let trace = pickle::run(blob, at, Options { stage: "analyze", ..Options::default() }, cx)?;
            at = trace.end();
            let ended = trace.result().is_none();
            traces.push(trace);
            if ended {
                break;
            }
        }
        let legacy = |reason| TorchError::Legacy { at: blob.location(at), reason };
        let mut traces = traces.into_iter();
        let (_magic, protocol, system) = (traces.next(), traces.next(), traces.next());
        let number = protocol.as_ref().and_then(|trace| trace.int(trace.result()?));
        if number != Some(1001) {
            return Err(legacy("the protocol is not 1001").into());
        }
        let little = system.as_ref().and_then(|trace| trace.bool(trace.get(trace.result()?, "little_endian")?));
        let object = traces.next().ok_or_else(|| legacy("there is no object"))?;
        let mut file = Self {
            object,
            storages: BTreeMap::new(),
            end: at,
            fault: None,
            little_endian: little.unwrap_or(true),
            pickles_end: at,
        };
        let keys = traces.next();
        let keys = keys.as_ref().and_then(|trace| Some((trace, trace.items(trace.result()?)?)));
        match keys {
            Some((trace, keys)) => {
                let keys: Vec<String> = keys.iter().filter_map(|key| Some(trace.text(*key)?.into_owned())).collect();
                file.fault = file.place(blob, &keys, cx)?.err();
            }
            None => file.fault = Some(legacy("there is no list of storages")),
        }
        Ok(file)
    }

    /// Finds the storages: each is a count of elements and the elements.
    fn place(&mut self, blob: &Blob, keys: &[String], cx: &Context) -> Result<Result<(), TorchError>> {
        let widths = element_widths(&self.object);
        for (done, key) in keys.iter().enumerate() {
            cx.tick("analyze", done as u64, keys.len() as u64)?;
            let at = blob.location(self.end);
            let available = blob.len().saturating_sub(self.end);
            let Some(count) = usize::try_from(self.end).ok().and_then(|at| blob.get(at..)?.first_chunk()) else {
                return Ok(Err(TorchError::StorageCutOff { at, key: key.clone(), claimed: 8, available }));
            };
            let width = widths.get(key.as_str()).copied().unwrap_or(1);
            let start = self.end.saturating_add(8);
            let claimed = u64::from_le_bytes(*count).saturating_mul(width);
            let end = start.saturating_add(claimed);
            if end > blob.len() {
                let available = blob.len().saturating_sub(start);
                return Ok(Err(TorchError::StorageCutOff { at, key: key.clone(), claimed, available }));
            }
            self.storages.insert(key.clone(), Place { range: Some(start..end), bytes: claimed });
            self.end = end;
        }
        Ok(Ok(()))
    }
}

/// Bytes of one element of each storage that a pickle names.
fn element_widths(trace: &Trace) -> BTreeMap<&str, u64> {
    let mut widths = BTreeMap::new();
    for (id, _) in trace.values() {
        let Some(storage) = super::state::Storage::of(trace, id) else { continue };
        widths.insert(storage.key, storage.element.map_or(1, Element::bytes));
    }
    widths
}

/// The type of elements that a class of storages stands for.
pub(super) fn storage_element(class: &str) -> Option<Element> {
    dtype::of_storage(class)
}
