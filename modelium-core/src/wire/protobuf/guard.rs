//! Walks encoded messages before a decoder does, and refuses what would hurt it.

use std::fmt::Write as _;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, Error, ErrorKind, Location, Result};
use crate::wire::protobuf::cursor::{Cursor, Fault, Tag, WireType, count_varints};

/// What a message of some type holds and costs: one row for each field that is known.
#[derive(Debug)]
pub struct Shape {
    /// Bytes that one message takes in memory, its fields' contents aside.
    pub weight: u64,
    /// What limit it counts against.
    pub class: Class,
    /// The fields, by number.
    pub fields: &'static [Field],
}

/// What a message counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// One of [`Limits::nodes`](crate::Limits::nodes).
    Node,
    /// One of [`Limits::tensors`](crate::Limits::tensors).
    Tensor,
    /// Memory only.
    Other,
}

/// A field that is known.
#[derive(Debug)]
pub struct Field {
    /// Its number.
    pub number: u32,
    /// Its name in the schema, as paths spell it.
    pub name: &'static str,
    /// It can occur more than once, so that paths count its occurrences.
    pub repeated: bool,
    /// What its values are.
    pub kind: Kind,
}

/// What the values of a field are.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// One number of the given layout, kept in the message itself.
    Scalar(WireType),
    /// A list of numbers that is decoded; packed or not.
    Numbers(WireType),
    /// A list of numbers whose encoding is kept; packed or not. A packed one is not looked into.
    Elements(WireType),
    /// Bytes or text that stay where they are or are copied once; each costs `weight` and `copies` times its length.
    Bytes {
        /// What each costs beside its length.
        weight: u64,
        /// How many copies of it are made.
        copies: u64,
    },
    /// A message.
    Message(&'static Shape),
}

impl Kind {
    fn wire(self) -> WireType {
        match self {
            Self::Scalar(wire) | Self::Numbers(wire) | Self::Elements(wire) => wire,
            Self::Bytes { .. } | Self::Message(_) => WireType::Len,
        }
    }
}

/// Bytes that a decoder takes to keep a field as it is encoded, its content aside.
const KEPT: u64 = 256;

/// Bytes for a number in a list, which holds its old half and its new double while it grows.
const NUMBER: u64 = 24;

/// Unknown fields are counted, but only the first few are listed.
const LISTED: usize = 16;

/// Steps that a path shows at its start and at its end when it is long.
const SHOWN: usize = 8;

/// Messages inside messages that a decoder follows at most; prost recurses, and stops at 100 with groups counted.
const DEEPEST: u32 = 80;

/// What a walk found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    /// Messages of [`Class::Node`].
    pub nodes: u64,
    /// Messages of [`Class::Tensor`].
    pub tensors: u64,
    /// Bytes that the decoded structure takes, overestimated.
    pub memory: u64,
    /// Fields that the table does not know.
    pub unknown: u64,
    /// Where the first of them are.
    pub first_unknown: Vec<Unknown>,
}

/// A field that the table does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The message that holds it, as fields that lead there; empty at the top.
    pub path: String,
    /// Its number.
    pub field: u32,
    /// Where its tag is in the file.
    pub byte: u64,
}

/// Why a walk stopped.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{reason}")]
pub struct WireError {
    /// What is wrong.
    #[source]
    pub reason: Reason,
    /// The file.
    pub file: String,
    /// The byte in the file at which the tag or value starts.
    pub byte: u64,
    /// The fields that lead there, `graph.node[3].attribute[0]`; empty at the top.
    pub path: String,
}

/// What is wrong with a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum Reason {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("a field claims {claimed} bytes but the file has {available} left; it may be cut off")]
    CutOff { claimed: u64, available: u64 },
    #[error("a packed list ends inside a number, or a number in it is longer than its type")]
    Ragged,
    #[error("messages lie more than {0} deep inside each other; raise Limits::depth, 80 at most, to read more")]
    Depth(u32),
    #[error("more than {0} nodes; raise Limits::nodes to read more")]
    Nodes(u64),
    #[error("more than {0} tensors; raise Limits::tensors to read more")]
    Tensors(u64),
    #[error("the structure would take more than {0} bytes of memory; raise Limits::structure_bytes to read it")]
    Memory(u64),
}

impl Classify for WireError {
    fn kind(&self) -> ErrorKind {
        match self.reason {
            Reason::Fault(Fault::GroupDepth)
            | Reason::Depth(_)
            | Reason::Nodes(_)
            | Reason::Tensors(_)
            | Reason::Memory(_) => ErrorKind::LimitExceeded,
            Reason::Fault(_) | Reason::CutOff { .. } | Reason::Ragged => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        let item = Some(&self.path).filter(|path| !path.is_empty()).cloned();
        Location { item, ..Location::at(self.file.clone(), self.byte) }
    }
}

/// A message that the walk is inside of.
#[derive(Clone, Copy)]
struct Frame {
    shape: &'static Shape,
    /// The field of the enclosing message that holds it, and where its tag is.
    held_by: Option<&'static Field>,
    tag_at: usize,
    start: usize,
    at: usize,
    end: usize,
    /// What was read last: a decoder keeps a run of single numbers in one piece.
    last: Option<Tag>,
}

/// Walks a whole blob as one message of type `root`.
///
/// Costs one look at each tag of the structure; payloads, and with them a model's weights, are skipped. Memory is one
/// frame for each level, [`Limits::depth`](crate::Limits::depth) at most.
///
/// # Errors
/// `Malformed` if the bytes are not protobuf of that shape, `LimitExceeded` beyond
/// `depth`, `nodes`, `tensors` or `structure_bytes` of the limits.
pub fn survey(root: &'static Shape, blob: &Blob, cx: &Context) -> Result<Census> {
    let end = blob.bytes().len();
    let frame = Frame { shape: root, held_by: None, tag_at: 0, start: 0, at: 0, end, last: None };
    let mut walk = Walk { blob, cx, frames: Vec::new(), census: Census::default(), fields: 0 };
    match walk.open(frame).and_then(|()| walk.run()) {
        Ok(()) => Ok(walk.census),
        Err(Stop::Cancelled(error)) => Err(error),
        Err(Stop::Found { reason, at, field }) => {
            let byte = blob.offset().saturating_add(at as u64);
            Err(WireError { reason, file: blob.name().to_owned(), byte, path: walk.path(field.map(|f| (f, at))) }
                .into())
        }
    }
}

enum Stop {
    /// At which byte, and in which field of the innermost message if that is known.
    Found {
        reason: Reason,
        at: usize,
        field: Option<&'static Field>,
    },
    Cancelled(Error),
}

struct Walk<'a> {
    blob: &'a Blob,
    cx: &'a Context,
    frames: Vec<Frame>,
    census: Census,
    fields: u32,
}

impl Walk<'_> {
    fn run(&mut self) -> Result<(), Stop> {
        while let Some(mut frame) = self.frames.pop() {
            let inner = self.read(&mut frame);
            self.frames.push(frame); // errors name the way to it
            match inner? {
                Some(inner) => self.open(inner)?,
                None => drop(self.frames.pop()),
            }
        }
        Ok(())
    }

    /// Counts a message and makes it the innermost one.
    fn open(&mut self, frame: Frame) -> Result<(), Stop> {
        let limits = self.cx.limits();
        let stop = |reason| Stop::Found { reason, at: frame.tag_at, field: frame.held_by };
        let depth = limits.depth.min(DEEPEST);
        if self.frames.len() as u64 >= depth.into() {
            return Err(stop(Reason::Depth(depth)));
        }
        match frame.shape.class {
            Class::Node => self.census.nodes = self.census.nodes.saturating_add(1),
            Class::Tensor => self.census.tensors = self.census.tensors.saturating_add(1),
            Class::Other => {}
        }
        if self.census.nodes > limits.nodes {
            return Err(stop(Reason::Nodes(limits.nodes)));
        }
        if self.census.tensors > limits.tensors {
            return Err(stop(Reason::Tensors(limits.tensors)));
        }
        self.charge(frame.shape.weight).map_err(stop)?;
        self.frames.push(frame);
        Ok(())
    }

    fn charge(&mut self, bytes: u64) -> Result<(), Reason> {
        self.census.memory = self.census.memory.saturating_add(bytes);
        let cap = self.cx.limits().structure_bytes;
        if self.census.memory > cap { Err(Reason::Memory(cap)) } else { Ok(()) }
    }

    /// Reads fields of a message until one is a message itself, or this one ends.
    fn read(&mut self, frame: &mut Frame) -> Result<Option<Frame>, Stop> {
        let mut cursor = Cursor::within(self.blob.bytes(), frame.at..frame.end);
        while !cursor.is_at_end() {
            self.fields = self.fields.wrapping_add(1);
            if self.fields.trailing_zeros() >= 16 {
                self.cx.tick("import", 0, 0).map_err(Stop::Cancelled)?;
            }
            let at = cursor.position();
            let tag = cursor.tag().map_err(|fault| Stop::Found { reason: fault.into(), at, field: None })?;
            let field = frame.shape.fields.iter().find(|field| field.number == tag.field);
            let stop = |reason| Stop::Found { reason, at, field };
            let value = cursor.value(tag).map_err(|fault| match fault {
                Fault::Overrun { claimed, available } if self.frames.is_empty() => {
                    stop(Reason::CutOff { claimed, available })
                }
                fault => stop(fault.into()),
            })?;
            frame.at = cursor.position();
            let Some(field) = field else {
                self.note_unknown(frame, tag, at);
                self.charge(kept(tag, frame.last, value.len() as u64)).map_err(stop)?;
                frame.last = Some(tag);
                continue;
            };
            let inside = cursor.slice(value.clone());
            let cost = match (field.kind, tag.wire) {
                (Kind::Message(shape), WireType::Len) => {
                    frame.last = Some(tag);
                    let (start, end) = (value.start, value.end);
                    return Ok(Some(Frame {
                        shape,
                        held_by: Some(field),
                        tag_at: at,
                        start,
                        at: start,
                        end,
                        last: None,
                    }));
                }
                (Kind::Bytes { weight, copies }, WireType::Len) => {
                    copies.saturating_mul(inside.len() as u64).saturating_add(weight)
                }
                (Kind::Numbers(wire), WireType::Len) => {
                    let count = count_packed(wire, inside).ok_or_else(|| stop(Reason::Ragged))?;
                    count.saturating_mul(NUMBER)
                }
                (Kind::Numbers(wire), found) if wire == found => NUMBER,
                (Kind::Elements(_), WireType::Len) => KEPT,
                (Kind::Elements(wire), found) if wire == found => kept(tag, frame.last, inside.len() as u64),
                (Kind::Scalar(wire), found) if wire == found => 0,
                (kind, found) => return Err(stop(Fault::Mistyped { found, expected: kind.wire() }.into())),
            };
            self.charge(cost).map_err(stop)?;
            frame.last = Some(tag);
        }
        Ok(None)
    }

    fn note_unknown(&mut self, frame: &Frame, tag: Tag, at: usize) {
        self.census.unknown = self.census.unknown.saturating_add(1);
        if self.census.first_unknown.len() < LISTED {
            self.frames.push(*frame);
            let (path, byte) = (self.path(None), self.blob.offset().saturating_add(at as u64));
            self.frames.pop();
            self.census.first_unknown.push(Unknown { path, field: tag.field, byte });
        }
    }

    /// Names the way to the innermost message, or to a field of it. Occurrences are counted now: nobody pays for paths
    /// that are not asked for.
    fn path(&self, field: Option<(&Field, usize)>) -> String {
        let steps = self.frames.len();
        let mut path = String::new();
        let mut taken = 0_usize;
        let mut step = |within: &Frame, field: &Field, at: usize| {
            taken = taken.saturating_add(1);
            if steps > 2 * SHOWN && (SHOWN..steps.saturating_sub(SHOWN)).contains(&taken) {
                if taken == SHOWN {
                    path.push_str(".…");
                }
                return;
            }
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(field.name);
            if field.repeated {
                let mut cursor = Cursor::within(self.blob.bytes(), within.start..at);
                let mut before = 0_u64;
                while let Ok(tag) = cursor.tag() {
                    before = before.saturating_add((tag.field == field.number).into());
                    if cursor.value(tag).is_err() {
                        break;
                    }
                }
                let _ = write!(path, "[{before}]"); // writing to a string does not fail
            }
        };
        for pair in self.frames.windows(2) {
            if let [outer, Frame { held_by: Some(field), tag_at, .. }] = pair {
                step(outer, field, *tag_at);
            }
        }
        if let (Some((field, at)), Some(frame)) = (field, self.frames.last()) {
            step(frame, field, at);
        }
        path
    }
}

/// Numbers in a packed list; `None` if it does not hold whole ones.
fn count_packed(wire: WireType, bytes: &[u8]) -> Option<u64> {
    let length = bytes.len() as u64;
    match wire {
        WireType::Varint => count_varints(bytes),
        WireType::Fixed32 => length.is_multiple_of(4).then_some(length / 4),
        WireType::Fixed64 => length.is_multiple_of(8).then_some(length / 8),
        WireType::Len | WireType::Group => None,
    }
}

/// What a decoder takes to keep a field as it is encoded; single numbers join the run before them.
fn kept(tag: Tag, last: Option<Tag>, length: u64) -> u64 {
    match tag.wire {
        WireType::Len | WireType::Group => KEPT,
        _ if last == Some(tag) => length.saturating_mul(3),
        _ => KEPT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Limits;

    static LEAF: Shape = Shape {
        weight: 100,
        class: Class::Node,
        fields: &[
            Field { number: 1, name: "name", repeated: false, kind: Kind::Bytes { weight: 10, copies: 1 } },
            Field { number: 2, name: "inner", repeated: true, kind: Kind::Message(&LEAF) },
            Field { number: 3, name: "sizes", repeated: true, kind: Kind::Numbers(WireType::Varint) },
        ],
    };

    fn survey_bytes(bytes: &[u8], limits: Limits) -> Result<Census> {
        survey(&LEAF, &Blob::from_bytes("m", bytes.to_vec()), &Context::new().with_limits(limits))
    }

    fn refusal(bytes: &[u8], limits: Limits) -> String {
        survey_bytes(bytes, limits).unwrap_err().to_string()
    }

    #[test]
    fn counts_what_a_decoder_will_take() {
        // name "ab", two inner messages, the sizes [1, 300] packed and 2 unpacked
        let bytes = [0x0a, 2, b'a', b'b', 0x12, 0, 0x12, 0, 0x1a, 3, 1, 0xac, 2, 0x18, 2];
        let census = survey_bytes(&bytes, Limits::default()).unwrap();
        assert_eq!((census.nodes, census.memory), (3, 3 * 100 + 10 + 2 + 3 * NUMBER));
    }

    #[test]
    fn an_error_names_the_byte_and_the_way_to_it() {
        let bytes = [0x12, 0, 0x12, 4, 0x12, 2, 0x0a, 9];
        assert_eq!(
            refusal(&bytes, Limits::default()),
            "a field claims 9 bytes but its message has 0 left (m, at byte 6, inner[1].inner[0].name)"
        );
        assert_eq!(
            refusal(&[0x12, 0, 0x10, 1], Limits::default()),
            "found a varint, expected a length and bytes (m, at byte 2, inner[1])"
        );
        assert_eq!(
            refusal(&[0x1a, 1, 0x80], Limits::default()),
            "a packed list ends inside a number, or a number in it is longer than its type (m, at byte 0, sizes[0])"
        );
    }

    #[test]
    fn empty_messages_reach_a_limit_before_anything_is_allocated() {
        let many = [0x12, 0].repeat(1000);
        let limits = Limits { nodes: 500, ..Limits::default() };
        assert_eq!(
            refusal(&many, limits),
            "more than 500 nodes; raise Limits::nodes to read more (m, at byte 998, inner[499])"
        );
        let limits = Limits { structure_bytes: 1050, ..Limits::default() };
        assert_eq!(
            refusal(&many, limits),
            "the structure would take more than 1050 bytes of memory; raise Limits::structure_bytes to read it \
             (m, at byte 18, inner[9])"
        );
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        let mut bytes = Vec::new();
        for _ in 0..40 {
            let mut outer = vec![0x12, u8::try_from(bytes.len()).unwrap()];
            outer.append(&mut bytes);
            bytes = outer;
        }
        assert!(survey_bytes(&bytes, Limits { depth: 41, ..Limits::default() }).is_ok());
        let error = survey_bytes(&bytes, Limits { depth: 40, ..Limits::default() }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    }

    #[test]
    fn unknown_fields_are_noted() {
        let census = survey_bytes(&[0x12, 2, 0x48, 1], Limits::default()).unwrap();
        assert_eq!(census.first_unknown, [Unknown { path: "inner[0]".into(), field: 9, byte: 2 }]);
    }
}
