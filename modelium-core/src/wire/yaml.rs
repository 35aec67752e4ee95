//! YAML as PyYAML reads it, with limits: aliases cannot multiply, tags are kept for whoever judges them.
//!
//! The syntax is read by the crate `saphyr-parser`, event by event; what is here builds the same [`Json`] values that
//! [`json`](super::json) gives, and bounds what they take. An alias stands for a copy of what it names as long as copies
//! stay small against the text; beyond that it is null, and [`Stream::unfolded`] tells how large all copies would have
//! been. Merge keys (`<<`) are applied; keys that are not scalars are spelt out. A text in UTF-16 with a mark in front is
//! read too, because PyYAML does.
//!
//! A reader may stop at an error after it has acted on what stood before, so [`read`] gives both: what was read and the
//! fault that ended it. [`parse`] is for whoever wants one sound document or an error.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, ErrorKind, Location, Result};
use crate::wire::json::Json;

/// Memory of one value beyond its text.
const NODE_BYTES: u64 = size_of::<Json>() as u64;

/// What short names like `!!str` stand for.
pub const CORE: &str = "tag:yaml.org,2002:";

/// A text that was read as far as it is YAML.
#[derive(Debug, Default)]
pub struct Stream {
    /// The documents, one value each.
    pub documents: Vec<Json>,
    /// Explicit tags, in the order in which their values end.
    pub tags: Vec<Tagged>,
    /// Values in the text.
    pub nodes: u64,
    /// Values if every alias were replaced by a copy of what it names; saturates.
    pub unfolded: u64,
    /// What ended the reading before the end of the text.
    pub fault: Option<YamlError>,
}

/// A value with an explicit tag: it asks its reader for a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged {
    /// The tag without abbreviation: `tag:yaml.org,2002:python/tuple`.
    pub tag: String,
    /// Where the value begins, from 1.
    pub line: u64,
    /// The value in short.
    pub shown: String,
}

/// Why a text is not YAML that can be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum YamlError {
    #[error("not YAML: {reason}")]
    Syntax { at: Location, reason: String },
    #[error("the text is neither UTF-8 nor UTF-16 with a mark in front")]
    NotText { at: Location },
    #[error("the text holds {found} documents; expected one")]
    Documents { at: Location, found: usize },
    #[error("values nest deeper than {cap}; raise Limits::depth to read them")]
    TooDeep { at: Location, cap: u32 },
    #[error("the values take more than {cap} bytes; raise Limits::structure_bytes to read them")]
    TooLarge { at: Location, cap: u64 },
}

impl Classify for YamlError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Syntax { .. } | Self::NotText { .. } | Self::Documents { .. } => ErrorKind::Malformed,
            Self::TooDeep { .. } | Self::TooLarge { .. } => ErrorKind::LimitExceeded,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::Syntax { at, .. }
            | Self::NotText { at }
            | Self::Documents { at, .. }
            | Self::TooDeep { at, .. }
            | Self::TooLarge { at, .. } => at.clone(),
        }
    }
}

/// Reads one document.
///
/// # Errors
/// `Malformed`, or `LimitExceeded` beyond [`Limits::depth`](crate::Limits::depth) and
/// [`Limits::structure_bytes`](crate::Limits::structure_bytes); with the line.
pub fn parse(blob: &Blob, cx: &Context) -> Result<Json> {
    let mut stream = read(blob, cx)?;
    if let Some(fault) = stream.fault {
        return Err(fault.into());
    }
    match (stream.documents.pop(), stream.documents.len()) {
        (Some(document), 0) => Ok(document),
        (None, _) => Ok(Json::Null),
        (Some(_), others) => {
            let (at, found) = (Location::file(blob.name()), others.saturating_add(1));
            Err(YamlError::Documents { at, found }.into())
        }
    }
}

/// Reads as much of a text as is YAML.
///
/// # Errors
/// `Cancelled` only; all else is [`Stream::fault`].
pub fn read(blob: &Blob, cx: &Context) -> Result<Stream> {
    let Some(text) = text(blob) else {
        let fault = Some(YamlError::NotText { at: Location::file(blob.name()) });
        return Ok(Stream { fault, ..Stream::default() });
    };
    let limits = cx.limits();
    let mut builder = Builder {
        name: blob.name(),
        stream: Stream::default(),
        frames: Vec::new(),
        anchors: BTreeMap::new(),
        depth_cap: limits.depth,
        cap: limits.structure_bytes,
        room: limits.structure_bytes,
        copies: (text.len() as u64).saturating_mul(4).saturating_add(1 << 16),
        line: 0,
    };
    let mut parser = Parser::new_from_str(&text);
    let total = text.lines().count() as u64;
    while let Some(next) = parser.next_event() {
        let event = match next {
            Ok((event, span)) => {
                builder.line = span.start.line() as u64;
                event
            }
            Err(error) => {
                builder.line = error.marker().line() as u64;
                let at = builder.place();
                // the scanner counts brackets itself, before they become values
                let fault = match error.info() {
                    "recursion limit exceeded" => YamlError::TooDeep { at, cap: limits.depth },
                    reason => YamlError::Syntax { at, reason: reason.to_owned() },
                };
                builder.stream.fault = Some(fault);
                break;
            }
        };
        cx.tick("read", builder.line, total)?;
        if let Err(fault) = builder.take(event) {
            builder.stream.fault = Some(fault);
            break;
        }
    }
    builder.abandon();
    Ok(builder.stream)
}

/// The text, without the mark in front.
fn text(blob: &Blob) -> Option<Cow<'_, str>> {
    let wide = |unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = blob.as_chunks::<2>();
        let text = char::decode_utf16(pairs.iter().skip(1).map(|pair| unit(*pair))).collect::<Result<String, _>>();
        text.ok().filter(|_| rest.is_empty()).map(Cow::Owned)
    };
    match &**blob {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok().map(Cow::Borrowed),
        bytes => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
    }
}

struct Builder<'a> {
    name: &'a str,
    stream: Stream,
    frames: Vec<Frame>,
    anchors: BTreeMap<usize, Anchored>,
    depth_cap: u32,
    cap: u64,
    room: u64,
    /// Bytes that copies for aliases may still take.
    copies: u64,
    line: u64,
}

/// A list or a mapping that has begun.
struct Frame {
    shape: Shape,
    anchor: usize,
    tag: Option<String>,
    line: u64,
    size: Size,
}

enum Shape {
    List(Vec<Json>),
    Map { entries: Vec<(String, Json)>, merged: Vec<(String, Json)>, key: Option<Key> },
}

enum Key {
    Name(String),
    Merge,
}

/// What a value takes.
#[derive(Clone, Copy, Default)]
struct Size {
    bytes: u64,
    /// Values in it with every alias replaced.
    unfolded: u64,
    /// Levels below it.
    depth: u32,
}

struct Anchored {
    /// None once copies would cost more than the text.
    value: Option<Json>,
    size: Size,
}

impl Builder<'_> {
    fn place(&self) -> Location {
        Location { line: Some(self.line.max(1)), ..Location::file(self.name) }
    }

    fn take(&mut self, event: Event<'_>) -> Result<(), YamlError> {
        let tag = |tag: Option<Cow<'_, saphyr_parser::Tag>>| tag.map(|tag| format!("{}{}", tag.handle, tag.suffix));
        match event {
            Event::Scalar(text, style, anchor, explicit) => {
                let tag = tag(explicit);
                let plain = style == ScalarStyle::Plain;
                let merge = plain && tag.is_none() && text == "<<";
                let size = Size { bytes: NODE_BYTES.saturating_add(text.len() as u64), unfolded: 1, depth: 0 };
                self.spend(size.bytes)?;
                if merge && self.wants_key() {
                    self.set_key(Key::Merge);
                    self.stream.nodes = self.stream.nodes.saturating_add(1);
                    return Ok(());
                }
                let as_text = !plain || tag.as_deref().is_some_and(|tag| tag != "!" && !is_scalar_tag(tag));
                let value = if as_text { Json::String(text.into_owned()) } else { resolve(&text) };
                self.end(value, size, anchor, tag, self.line);
            }
            Event::SequenceStart(anchor, explicit) => self.enter(Shape::List(Vec::new()), anchor, tag(explicit))?,
            Event::MappingStart(anchor, explicit) => {
                let shape = Shape::Map { entries: Vec::new(), merged: Vec::new(), key: None };
                self.enter(shape, anchor, tag(explicit))?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(),
            Event::Alias(anchor) => {
                let (value, size) = self.copy(anchor);
                self.spend(NODE_BYTES)?;
                self.end(value, size, 0, None, self.line);
            }
            Event::DocumentStart(_) => self.anchors.clear(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn spend(&mut self, bytes: u64) -> Result<(), YamlError> {
        self.room =
            self.room.checked_sub(bytes).ok_or_else(|| YamlError::TooLarge { at: self.place(), cap: self.cap })?;
        Ok(())
    }

    fn enter(&mut self, shape: Shape, anchor: usize, tag: Option<String>) -> Result<(), YamlError> {
        self.spend(NODE_BYTES)?;
        if self.frames.len() as u64 >= u64::from(self.depth_cap) {
            return Err(YamlError::TooDeep { at: self.place(), cap: self.depth_cap });
        }
        let size = Size { bytes: NODE_BYTES, unfolded: 1, depth: 0 };
        self.frames.push(Frame { shape, anchor, tag, line: self.line, size });
        Ok(())
    }

    fn leave(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let value = match frame.shape {
            Shape::List(items) => Json::Array(items),
            Shape::Map { entries, mut merged, .. } => {
                merged.extend(entries); // the last of two keys counts, so what is written here wins
                Json::Object(merged)
            }
        };
        let size = Size { depth: frame.size.depth.saturating_add(1), ..frame.size };
        self.end(value, size, frame.anchor, frame.tag, frame.line);
    }

    /// What an alias stands for: a copy where that is cheap, else null; with the size of a copy in any case.
    fn copy(&mut self, anchor: usize) -> (Json, Size) {
        let level = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
        // an alias inside of what it names has no end
        let Some(anchored) = self.anchors.get(&anchor) else { return (Json::Null, Size::default()) };
        let size = anchored.size;
        let fits = size.bytes <= self.copies && level.saturating_add(size.depth) <= self.depth_cap;
        match anchored.value.as_ref().filter(|_| fits) {
            Some(value) => {
                self.copies = self.copies.saturating_sub(size.bytes);
                (value.clone(), size)
            }
            None => (Json::Null, Size { bytes: NODE_BYTES, depth: 0, ..size }),
        }
    }

    fn wants_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { shape: Shape::Map { key: None, .. }, .. }))
    }

    fn set_key(&mut self, name: Key) {
        if let Some(Frame { shape: Shape::Map { key, .. }, .. }) = self.frames.last_mut() {
            *key = Some(name);
        }
    }

    /// A value is whole: it is named, noted, and handed to what it lies in.
    fn end(&mut self, value: Json, size: Size, anchor: usize, tag: Option<String>, line: u64) {
        self.stream.nodes = self.stream.nodes.saturating_add(1);
        if let Some(tag) = tag.filter(|tag| tag != "!") {
            self.stream.tags.push(Tagged { tag, line, shown: shown(&value) });
        }
        if anchor != 0 {
            let fits = size.bytes <= self.copies;
            if fits {
                self.copies = self.copies.saturating_sub(size.bytes);
            }
            self.anchors.insert(anchor, Anchored { value: fits.then(|| value.clone()), size });
        }
        let Some(frame) = self.frames.last_mut() else {
            self.stream.unfolded = self.stream.unfolded.saturating_add(size.unfolded);
            self.stream.documents.push(value);
            return;
        };
        frame.size.bytes = frame.size.bytes.saturating_add(size.bytes);
        frame.size.unfolded = frame.size.unfolded.saturating_add(size.unfolded);
        frame.size.depth = frame.size.depth.max(size.depth);
        match &mut frame.shape {
            Shape::List(items) => items.push(value),
            Shape::Map { entries, merged, key } => match key.take() {
                None => *key = Some(Key::Name(name(value))),
                Some(Key::Name(name)) => entries.push((name, value)),
                Some(Key::Merge) => match value {
                    Json::Object(others) => merged.extend(others),
                    // of a list of mappings the first one wins
                    Json::Array(items) => items.into_iter().rev().for_each(|item| {
                        if let Json::Object(others) = item {
                            merged.extend(others);
                        }
                    }),
                    other => entries.push(("<<".to_owned(), other)),
                },
            },
        }
    }

    /// Closes what a fault left open, so that its parts and tags can be seen.
    fn abandon(&mut self) {
        while !self.frames.is_empty() {
            self.leave();
        }
    }
}

/// What a key is called: its text, or the value spelt out.
fn name(value: Json) -> String {
    match value {
        Json::String(text) => text,
        other => shown(&other),
    }
}

/// Tags under which a plain scalar keeps its own meaning.
fn is_scalar_tag(tag: &str) -> bool {
    let core = tag.strip_prefix(CORE);
    core.is_some_and(|name| matches!(name, "null" | "bool" | "int" | "float" | "timestamp"))
}

/// The meaning of a plain scalar; words for truth as YAML 1.1 and so PyYAML has them.
fn resolve(text: &str) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Json::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Json::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Json::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Json::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" => return Json::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Json::Float(f64::NEG_INFINITY),
        _ => {}
    }
    let number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let int = text.parse::<i128>().ok().map(Json::Int);
    let hex = || text.strip_prefix("0x").and_then(|digits| i128::from_str_radix(digits, 16).ok()).map(Json::Int);
    let letters = text.contains(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E'));
    let float = || text.parse::<f64>().ok().filter(|_| !letters).map(Json::Float);
    let value = if number { int.or_else(hex).or_else(float) } else { None };
    value.unwrap_or_else(|| Json::String(text.to_owned()))
}

/// A value as a person reads it, cut short.
pub fn shown(value: &Json) -> String {
    let mut text = String::new();
    spell(value, &mut text);
    text
}

/// Stops early; the depth of values is bounded by whoever made them.
fn spell(value: &Json, text: &mut String) {
    const MOST: usize = 120;
    if text.len() > MOST {
        if !text.ends_with('…') {
            text.push('…');
        }
        return;
    }
    let list = |text: &mut String, open: char, close: char, items: &mut dyn Iterator<Item = (Option<&str>, &Json)>| {
        text.push(open);
        for (index, (key, item)) in items.enumerate() {
            if text.len() > MOST {
                break;
            }
            if index > 0 {
                text.push_str(", ");
            }
            if let Some(key) = key {
                text.extend(key.chars().take(MOST));
                text.push_str(": ");
            }
            spell(item, text);
        }
        text.push(close);
    };
    match value {
        Json::Null => text.push_str("null"),
        Json::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Json::Int(value) => text.push_str(&value.to_string()),
        Json::Float(value) => text.push_str(&value.to_string()),
        Json::String(value) => {
            text.push('\'');
            text.extend(value.chars().take(MOST));
            text.push('\'');
        }
        Json::Array(items) => list(text, '[', ']', &mut items.iter().map(|item| (None, item))),
        Json::Object(entries) => {
            list(text, '{', '}', &mut entries.iter().map(|(key, item)| (Some(key.as_str()), item)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(text: &str) -> Stream {
        read(&Blob::from_bytes("t", text.as_bytes().to_vec()), &Context::new()).unwrap()
    }

    fn value(text: &str) -> Json {
        parse(&Blob::from_bytes("t", text.as_bytes().to_vec()), &Context::new()).unwrap()
    }

    #[test]
    fn plain_scalars_mean_what_python_takes_them_for() {
        let json = value("a: 1\nb: 1.5\nc: yes\nd: ~\ne: '1'\nf: 1.5.2\ng: 0x10\nh: -.inf\n");
        assert_eq!(json.get("a"), Some(&Json::Int(1)));
        assert_eq!(json.get("b"), Some(&Json::Float(1.5)));
        assert_eq!(json.get("c"), Some(&Json::Bool(true)));
        assert_eq!(json.get("d"), Some(&Json::Null));
        assert_eq!(json.get("e").and_then(Json::as_str), Some("1"));
        assert_eq!(json.get("f").and_then(Json::as_str), Some("1.5.2"));
        assert_eq!(json.get("g"), Some(&Json::Int(16)));
        assert_eq!(json.get("h"), Some(&Json::Float(f64::NEG_INFINITY)));
    }

    #[test]
    fn every_spelling_of_a_tag_is_one_tag() {
        let spellings = [
            "!!python/object/apply:os.system ['true']",
            "!<tag:yaml.org,2002:python/object/apply:os.system> ['true']",
            "%TAG !p! tag:yaml.org,2002:pyt\n--- !p!hon/object/apply:os.system ['true']",
            "%TAG ! tag:yaml.org,2002:python/\n--- !object/apply:os.system ['true']",
            "!!python/object%2Fapply:os.system ['true']",
            "? !!python/object/apply:os.system ['true']\n: 1",
            "a: &b !!python/object/apply:os.system ['true']",
        ];
        for spelling in spellings {
            let tags = stream(spelling).tags;
            let tag = tags.first().map(|tag| (tag.tag.as_str(), tag.shown.as_str()));
            assert_eq!(tag, Some(("tag:yaml.org,2002:python/object/apply:os.system", "['true']")), "{spelling}");
        }
    }

    #[test]
    fn tags_before_a_fault_are_kept() {
        let stream = stream("a: !!python/object/apply:os.system ['true']\nb: [1, 2\nc: }\n");
        assert!(stream.fault.is_some());
        assert_eq!(stream.tags.len(), 1);
    }

    #[test]
    fn aliases_do_not_multiply() {
        let line = |level: u32| match level.checked_sub(1) {
            None => "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(),
            Some(below) => format!("a{level}: &a{level} [{}]\n", vec![format!("*a{below}"); 9].join(", ")),
        };
        let text: String = (0..20).map(line).collect();
        let stream = stream(&text);
        assert!(stream.fault.is_none(), "{:?}", stream.fault);
        assert!(stream.nodes < 1_000);
        assert!(stream.unfolded > 1_000_000_000_000);
    }

    #[test]
    fn merge_keys_yield_to_what_is_written() {
        let json = value("base: &b {x: 1, y: 2}\nother: &o {y: 3, z: 4}\nit:\n  <<: [*b, *o]\n  x: 9\n");
        let it = json.get("it").unwrap();
        assert_eq!(it.get("x"), Some(&Json::Int(9)));
        assert_eq!(it.get("y"), Some(&Json::Int(2)));
        assert_eq!(it.get("z"), Some(&Json::Int(4)));
    }

    #[test]
    fn nesting_is_capped() {
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(stream(&deep).fault.map(|fault| fault.kind()), Some(ErrorKind::LimitExceeded));
        assert_eq!(stream(&"[".repeat(100_000)).fault.map(|fault| fault.kind()), Some(ErrorKind::LimitExceeded));
    }

    #[test]
    fn chains_of_aliases_do_not_nest_deeper_than_the_cap() {
        let line = |level: u32| match level.checked_sub(1) {
            None => "a0: &a0 [x]\n".to_owned(),
            Some(below) => format!("a{level}: &a{level} [*a{below}]\n"),
        };
        let text: String = (0..2_000).map(line).collect();
        assert!(stream(&text).fault.is_none());
    }

    #[test]
    fn a_text_in_utf_16_is_read() {
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend("a: !!python/name:os.system\n".encode_utf16().flat_map(u16::to_le_bytes));
        let stream = read(&Blob::from_bytes("t", bytes), &Context::new()).unwrap();
        assert_eq!(stream.tags.len(), 1);
    }

    #[test]
    fn errors_name_the_line() {
        let error = parse(&Blob::from_bytes("t", &b"a: 1\nb: [1\n"[..]), &Context::new()).unwrap_err();
        assert!(error.location().line.is_some(), "{error}");
    }
}
