//! HDF5 as far as its structure goes: groups, links, datasets and attributes, without the values of datasets.
//!
//! Follows the HDF5 File Format Specification 3.0 (superblocks 0 to 3, object headers 1 and 2) and h5py, which writes most
//! of the files that hold models:
//!
//! ```text
//! superblock ─▶ object header ─ messages ─┬─ symbol table ─▶ B-tree 1 ─▶ symbol nodes, names in a local heap
//!                                         ├─ link, link info ─▶ B-tree 2 ─▶ ids ─▶ fractal heap
//!                                         ├─ attribute, attribute info ─▶ the same; texts in the global heap
//!                                         └─ datatype, dataspace, layout, filters, external files
//! ```
//!
//! Promises: every address and length is checked against the file; structures that run in circles end; work is paid for by
//! the size of the file. A broken part does not hide the rest: it is listed in [`File::faults`], and whoever needs the
//! whole file refuses it. What is stored but read by no loader (free space, indexes by creation order, checksums of
//! metadata) is left alone.

mod cursor;
mod error;
mod header;
mod heap;
mod messages;
mod reader;
mod tree;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Error, Result};

pub use error::Hdf5Error;
pub use reader::{MAGIC, signature};
pub use types::{Class, Datatype};

use cursor::Cursor;
use header::{Message, kind};
use heap::{FractalHeap, LocalHeap};
use reader::Reader;

/// The structure of one file.
#[derive(Debug)]
pub struct File {
    /// Version of the superblock.
    pub version: u8,
    /// Bytes in front that are the user's own.
    pub user_block: u64,
    /// Groups, datasets and stored types, each once, from the root down.
    pub objects: Vec<Object>,
    /// Links that are not the first way to an object.
    pub links: Vec<Link>,
    /// What could not be read, with the place. Empty for a sound file.
    pub faults: Vec<Error>,
}

/// A group, a dataset or a stored type.
#[derive(Debug)]
pub struct Object {
    /// The way from the root: `/layers/dense/vars/0`.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
}

/// What an object is.
#[derive(Debug)]
pub enum Kind {
    /// It holds links.
    Group,
    /// It holds values.
    Dataset(Dataset),
    /// It is a type that others refer to.
    Type(Datatype),
}

/// An array of values.
#[derive(Debug)]
pub struct Dataset {
    /// The type of its elements.
    pub datatype: Datatype,
    /// Its dimensions; none for a dataset without values.
    pub shape: Option<Vec<u64>>,
    /// Bytes of all values once decoded; references to texts where those lie apart.
    pub bytes: u64,
    /// Where the values are.
    pub layout: Layout,
    /// Numbers and names of the filters that they pass through: 1 is deflate, 2 shuffle.
    pub filters: Vec<(u16, String)>,
    /// Files that hold the values.
    pub external: Vec<ExternalFile>,
}

/// Where the values of a dataset are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// In the object's header.
    Compact {
        /// The first byte in the file.
        start: u64,
    },
    /// In one piece.
    Contiguous {
        /// The first byte in the file; none where nothing was written.
        start: Option<u64>,
    },
    /// In chunks.
    Chunked {
        /// The shape of one.
        chunk: Vec<u64>,
    },
    /// In other datasets.
    Virtual {
        /// The file of the first source; `.` is this one.
        file: String,
        /// The dataset of the first source.
        dataset: String,
        /// How many sources there are.
        sources: u64,
    },
}

/// A file that holds values of a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalFile {
    /// Its name.
    pub name: String,
    /// The first byte.
    pub start: u64,
    /// How many bytes.
    pub bytes: u64,
}

/// A named value of an object.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// The type of its elements.
    pub datatype: Datatype,
    /// Its dimensions; none if it has no value.
    pub shape: Option<Vec<u64>>,
    /// Its elements.
    pub value: Value,
}

/// Elements of an attribute.
#[derive(Debug, Clone)]
pub enum Value {
    /// Texts, as they lie in the file: fixed ones with their padding.
    Texts(Vec<Blob>),
    /// Anything else.
    Bytes(Blob),
}

impl Attribute {
    /// The bytes of a single text, without its padding.
    pub fn text(&self) -> Option<Blob> {
        match &self.value {
            Value::Texts(texts) => texts.first().map(unpadded),
            Value::Bytes(_) => None,
        }
    }

    /// Every text, without padding; bytes that are no UTF-8 are replaced.
    pub fn texts(&self) -> Vec<String> {
        let Value::Texts(texts) = &self.value else { return Vec::new() };
        texts.iter().map(|text| String::from_utf8_lossy(&unpadded(text)).into_owned()).collect()
    }
}

fn unpadded(text: &Blob) -> Blob {
    let end = text.iter().rposition(|byte| *byte != 0).map_or(0, |last| (last as u64).saturating_add(1));
    text.slice(0..end).unwrap_or_else(|| text.clone())
}

impl Object {
    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The dataset that it is.
    pub fn dataset(&self) -> Option<&Dataset> {
        if let Kind::Dataset(dataset) = &self.kind { Some(dataset) } else { None }
    }
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The way from the root.
    pub path: String,
    /// Where it leads.
    pub target: Target,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To the object whose header has this address.
    Object(u64),
    /// To a path in this file.
    Soft(String),
    /// Into another file.
    External {
        /// The file.
        file: String,
        /// The path in it.
        path: String,
    },
    /// Wherever the program takes it that defined links of this number.
    Foreign(u8),
}

/// Reads the structure of a file.
///
/// # Errors
/// `Malformed` if there is no superblock or no root group; `LimitExceeded` beyond [`Limits::nodes`](crate::Limits::nodes)
/// objects; `Cancelled`. All else is listed in [`File::faults`].
pub fn read(blob: &Blob, cx: &Context) -> Result<File> {
    let (reader, superblock) = Reader::open(blob, cx)?;
    let file = File {
        version: superblock.version,
        user_block: superblock.user_block,
        objects: Vec::new(),
        links: Vec::new(),
        faults: Vec::new(),
    };
    let mut walk = Walk { reader, file, first: BTreeMap::new() };
    walk.extension(&superblock);
    walk.run(superblock.root, cx)?;
    Ok(walk.file)
}

struct Walk {
    reader: Reader,
    file: File,
    /// The path by which each object was met first.
    first: BTreeMap<u64, String>,
}

impl Walk {
    /// What the superblock adds to the file: nothing that changes how it is read, or it is said.
    fn extension(&mut self, superblock: &reader::Superblock) {
        let at = self.reader.place(0);
        let mut driver = superblock.driver;
        if let Some(address) = superblock.extension {
            match header::messages(&mut self.reader, address, &mut self.file.faults) {
                Ok(messages) => {
                    driver |= messages.iter().any(|message| message.kind == kind::DRIVER);
                    if messages.iter().any(|message| message.kind == kind::SHARED_TABLE) {
                        let what = "a table of shared messages";
                        self.file.faults.push(Hdf5Error::Unsupported { at: at.clone(), what }.into());
                    }
                }
                Err(error) => self.file.faults.push(error.into()),
            }
        }
        if driver {
            self.file.faults.push(Hdf5Error::Unsupported { at, what: "a file that is one of a family" }.into());
        }
    }

    fn run(&mut self, root: u64, cx: &Context) -> Result<()> {
        let mut pending = vec![("/".to_owned(), root, 0_u32)];
        self.first.insert(root, "/".to_owned());
        while let Some((path, address, depth)) = pending.pop() {
            let done = self.file.objects.len() as u64;
            cx.tick("read", done, 0)?;
            if done >= cx.limits().nodes {
                let (at, what, cap) = (self.reader.place(address), "the file", cx.limits().nodes);
                return Err(Hdf5Error::TooMany { at, what, found: done, cap, limit: "nodes" }.into());
            }
            let mut links = match self.object(&path, address) {
                Ok(links) => links,
                // without a root there is no file
                Err(error) if path == "/" => return Err(Error::from(error).with_item(path)),
                Err(error) => {
                    self.fault(error, &path);
                    continue;
                }
            };
            // the order in which the library itself goes through a group
            links.sort_by(|(a, _), (b, _)| a.cmp(b));
            let mut children = Vec::new();
            for (name, target) in links {
                let below = if path == "/" { format!("/{name}") } else { format!("{path}/{name}") };
                self.reader.spend(below.len() as u64)?;
                match target {
                    Target::Object(address) if self.first.contains_key(&address) => {
                        self.file.links.push(Link { path: below, target: Target::Object(address) });
                    }
                    Target::Object(address) => {
                        if depth >= cx.limits().depth {
                            let (at, cap) = (self.reader.place(address), cx.limits().depth);
                            self.fault(Hdf5Error::TooDeep { at, what: "groups", cap }, &below);
                            continue;
                        }
                        self.first.insert(address, below.clone());
                        children.push((below, address, depth.saturating_add(1)));
                    }
                    target => self.file.links.push(Link { path: below, target }),
                }
            }
            pending.extend(children.into_iter().rev());
        }
        Ok(())
    }

    fn fault(&mut self, error: Hdf5Error, path: &str) {
        self.file.faults.push(Error::from(error).with_item(path));
    }

    /// Reads one object, and returns the links that it holds.
    fn object(&mut self, path: &str, address: u64) -> Result<Vec<(String, Target)>, Hdf5Error> {
        let known = self.file.faults.len();
        let messages = header::messages(&mut self.reader, address, &mut self.file.faults)?;
        let added = self.file.faults.split_off(known.min(self.file.faults.len()));
        self.file.faults.extend(added.into_iter().map(|error| error.with_item(path)));
        let attributes = self.attributes(path, &messages);
        let has = |kind: u16| messages.iter().any(|message| message.kind == kind);
        let mut links = Vec::new();
        let sort = if has(kind::LAYOUT) || (has(kind::DATASPACE) && has(kind::DATATYPE)) {
            match self.dataset(&messages) {
                Ok(dataset) => Kind::Dataset(dataset),
                Err(error) => {
                    self.fault(error, path);
                    Kind::Group
                }
            }
        } else if let Some(message) = messages.iter().find(|message| message.kind == kind::DATATYPE) {
            Kind::Type(types::datatype(&mut message.cursor(&mut self.reader)?)?)
        } else {
            links = self.links(path, &messages);
            Kind::Group
        };
        self.file.objects.push(Object { path: path.to_owned(), kind: sort, attributes });
        Ok(links)
    }

    fn attributes(&mut self, path: &str, messages: &[Message]) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        for message in messages {
            let found = match message.kind {
                kind::ATTRIBUTE => {
                    message.cursor(&mut self.reader).and_then(|cursor| messages::attribute(&mut self.reader, cursor))
                }
                kind::ATTRIBUTE_INFO => {
                    match self.dense(message, 2) {
                        Ok(stored) => {
                            for data in stored {
                                let cursor = Cursor::new(data, self.reader.sizes);
                                match messages::attribute(&mut self.reader, cursor) {
                                    Ok(attribute) => attributes.push(attribute),
                                    Err(error) => self.fault(error, path),
                                }
                            }
                        }
                        Err(error) => self.fault(error, path),
                    }
                    continue;
                }
                _ => continue,
            };
            match found {
                Ok(attribute) => attributes.push(attribute),
                Err(error) => self.fault(error, path),
            }
        }
        attributes
    }

    /// The objects of a fractal heap that an info message leads to; `order` bytes tell the largest creation order.
    fn dense(&mut self, message: &Message, order: u64) -> Result<Vec<Blob>, Hdf5Error> {
        const WHAT: &str = "an index of links or attributes";
        let mut cursor = message.cursor(&mut self.reader)?;
        cursor.version(&[0], WHAT)?;
        let flags = cursor.u8(WHAT)?;
        if flags & 1 != 0 {
            cursor.skip(order, WHAT)?;
        }
        let heap = cursor.address(WHAT)?;
        let index = cursor.address(WHAT)?;
        let Some((heap, index)) = heap.zip(index) else { return Ok(Vec::new()) };
        let heap = FractalHeap::read(&mut self.reader, heap)?;
        let (kind, records) = tree::records(&mut self.reader, index)?;
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for record in records {
            let id = tree::heap_id(&self.reader, kind, record)?;
            if !seen.insert(id.to_vec()) {
                return Err(Hdf5Error::Circle { at: id.location(0), what: "an object of a fractal heap" });
            }
            found.push(heap.object(&mut self.reader, &id)?);
        }
        Ok(found)
    }

    fn links(&mut self, path: &str, messages: &[Message]) -> Vec<(String, Target)> {
        let mut links = Vec::new();
        for message in messages {
            let outcome = match message.kind {
                kind::LINK => message.cursor(&mut self.reader).and_then(messages::link).map(|link| links.push(link)),
                kind::LINK_INFO => self.dense(message, 8).and_then(|stored| {
                    stored.into_iter().try_for_each(|data| {
                        links.push(messages::link(Cursor::new(data, self.reader.sizes))?);
                        Ok(())
                    })
                }),
                kind::SYMBOL_TABLE => self.symbols(message, &mut links),
                _ => Ok(()),
            };
            if let Err(error) = outcome {
                self.fault(error, path);
            }
        }
        links
    }

    /// The entries of a group as old writers store them.
    fn symbols(&mut self, message: &Message, links: &mut Vec<(String, Target)>) -> Result<(), Hdf5Error> {
        const WHAT: &str = "a symbol node";
        let mut cursor = message.cursor(&mut self.reader)?;
        let tree = cursor.some_address("a group's tree")?;
        let heap = LocalHeap::read(&self.reader, cursor.some_address("a group's heap")?)?;
        for address in tree::symbol_nodes(&mut self.reader, tree)? {
            self.reader.visit(address, WHAT)?;
            let mut cursor = self.reader.at(address, WHAT)?;
            cursor.signature("SNOD", WHAT)?;
            cursor.version(&[1], WHAT)?;
            cursor.skip(1, WHAT)?;
            for _ in 0..cursor.u16(WHAT)? {
                let name = cursor.length(WHAT)?;
                let object = cursor.address(WHAT)?;
                let sort = cursor.u32(WHAT)?;
                cursor.skip(4, WHAT)?;
                let mut scratch = Cursor::new(cursor.take(16, WHAT)?, self.reader.sizes);
                let name = heap.text(&mut self.reader, name)?;
                let target = match (sort, object) {
                    (2, _) => Target::Soft(heap.text(&mut self.reader, scratch.u32(WHAT)?)?),
                    (_, Some(object)) => Target::Object(object),
                    (_, None) => return Err(Hdf5Error::Missing { at: cursor.place(), what: "the object of an entry" }),
                };
                links.push((name, target));
            }
        }
        Ok(())
    }

    fn dataset(&mut self, messages: &[Message]) -> Result<Dataset, Hdf5Error> {
        let at = messages.first().map_or_else(|| self.reader.place(0), |message| message.data.location(0));
        let mut find = |sort: u16, what: &'static str| {
            let message = messages.iter().find(|message| message.kind == sort);
            let missing = Hdf5Error::Missing { at: at.clone(), what };
            message.ok_or(missing).and_then(|message| message.cursor(&mut self.reader))
        };
        let mut datatype_at = find(kind::DATATYPE, "the type of a dataset")?;
        let mut space_at = find(kind::DATASPACE, "the shape of a dataset")?;
        let layout_at = find(kind::LAYOUT, "the layout of a dataset")?;
        let datatype = types::datatype(&mut datatype_at)?;
        let shape = types::dataspace(&mut space_at, self.reader.rank)?;
        let bytes = messages::byte_len(shape.as_deref(), &datatype, &at)?;
        let mut external = Vec::new();
        let mut filters = Vec::new();
        for message in messages {
            match message.kind {
                kind::EXTERNAL => {
                    let cursor = message.cursor(&mut self.reader)?;
                    external = messages::external_files(&mut self.reader, cursor)?;
                }
                kind::FILTERS => filters = messages::filters(message.cursor(&mut self.reader)?)?,
                _ => {}
            }
        }
        let layout = messages::layout(&mut self.reader, layout_at, bytes)?;
        Ok(Dataset { datatype, shape, bytes, layout, filters, external })
    }
}
