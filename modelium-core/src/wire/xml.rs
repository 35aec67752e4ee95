//! XML as a stream of elements, with limits: a document of any length is read in one pass, and nothing that it declares
//! is expanded.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event as Read};

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, ErrorKind, Location, Result};

/// What comes next in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An element begins.
    Open(Element),
    /// Text inside an element; blanks at its ends are gone.
    Text(String),
    /// The element that was opened last and is not closed ends.
    Close,
    /// A document type: it may declare entities.
    DocType,
}

/// The start of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its name, without a prefix.
    pub name: String,
    /// Its attributes in the order of the text.
    pub attributes: Vec<(String, String)>,
    /// The byte at which it begins.
    pub at: u64,
}

impl Element {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Why a text is not XML.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum XmlError {
    #[error("not well-formed XML: {reason}")]
    Malformed { at: Location, reason: String },
    #[error("elements nest deeper than {cap}; raise Limits::depth to read them")]
    TooDeep { at: Location, cap: u32 },
    #[error("the document ends inside element '{name}'")]
    Ends { at: Location, name: String },
}

impl Classify for XmlError {
    fn kind(&self) -> ErrorKind {
        if matches!(self, Self::TooDeep { .. }) { ErrorKind::LimitExceeded } else { ErrorKind::Malformed }
    }

    fn location(&self) -> Location {
        match self {
            Self::Malformed { at, .. } | Self::TooDeep { at, .. } | Self::Ends { at, .. } => at.clone(),
        }
    }
}

/// Walks a document; `visit` sees each event with the names of the elements around it, outermost first.
///
/// # Errors
/// `Malformed` with the byte, `LimitExceeded` beyond [`Limits::depth`](crate::Limits::depth), `Cancelled`, and what
/// `visit` says.
pub fn walk(blob: &Blob, cx: &Context, mut visit: impl FnMut(&[String], Event) -> Result<()>) -> Result<()> {
    let mut reader = Reader::from_reader(blob.as_ref());
    let cap = cx.limits().depth;
    let mut path: Vec<String> = Vec::new();
    let mut events = 0_u64;
    loop {
        let at = reader.buffer_position();
        events = events.saturating_add(1);
        if events.trailing_zeros() >= 8 {
            cx.tick("analyze", at, blob.len())?;
        }
        let event = reader.read_event().map_err(|error| XmlError::Malformed {
            at: blob.location(reader.error_position()),
            reason: one_line(&error.to_string()),
        })?;
        match event {
            Read::Start(start) => {
                let element = element(&start, at, blob)?;
                if path.len() as u64 >= u64::from(cap) {
                    return Err(XmlError::TooDeep { at: blob.location(at), cap }.into());
                }
                let name = element.name.clone();
                visit(&path, Event::Open(element))?;
                path.push(name);
            }
            Read::Empty(start) => {
                let element = element(&start, at, blob)?;
                visit(&path, Event::Open(element))?;
                visit(&path, Event::Close)?;
            }
            Read::End(_) => {
                path.pop();
                visit(&path, Event::Close)?;
            }
            Read::Text(text) => {
                let text = text.trim().to_owned();
                if !text.is_empty() {
                    visit(&path, Event::Text(text))?;
                }
            }
            Read::DocType(_) => visit(&path, Event::DocType)?,
            Read::Eof => break,
            _ => {}
        }
    }
    match path.pop() {
        None => Ok(()),
        Some(name) => Err(XmlError::Ends { at: blob.location(blob.len()), name }.into()),
    }
}

fn element(start: &BytesStart<'_>, at: u64, blob: &Blob) -> Result<Element> {
    let name = start.local_name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute
            .map_err(|error| XmlError::Malformed { at: blob.location(at), reason: one_line(&error.to_string()) })?;
        let key = attribute.key.local_name().as_ref().to_owned();
        let raw = attribute.value.into_owned();
        // an entity of a document type stays as it is written
        let value = unescape(&raw).map_or_else(|_| raw.clone(), std::borrow::Cow::into_owned);
        attributes.push((key, value));
    }
    Ok(Element { name, attributes, at })
}

fn one_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// The document in UTF-8: itself, or what it says in UTF-16, which parsers of XML read as well.
///
/// Takes at most half as much memory again as the document.
pub fn utf8(blob: &Blob) -> Blob {
    let (big, skip) = match blob.get(..4) {
        Some([0xff, 0xfe, ..]) => (false, 2),
        Some([0xfe, 0xff, ..]) => (true, 2),
        Some([b'<', 0, ..]) => (false, 0),
        Some([0, b'<', ..]) => (true, 0),
        _ => return blob.clone(),
    };
    let units = blob.get(skip..).unwrap_or_default().chunks_exact(2).filter_map(|unit| {
        let unit = unit.try_into().ok()?;
        Some(if big { u16::from_be_bytes(unit) } else { u16::from_le_bytes(unit) })
    });
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Blob::from_bytes(blob.name(), text.into_bytes())
}

/// The name of the first element of a document, if its first bytes are XML as far as they are needed.
pub fn root_name(head: &[u8]) -> Option<String> {
    let head = head.get(..head.len().min(4096))?;
    let decoded = utf8(&Blob::from_bytes("", head.to_vec()));
    let head: &[u8] = &decoded;
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if head.trim_ascii_start().first() != Some(&b'<') {
        return None;
    }
    let mut reader = Reader::from_reader(head);
    for _ in 0..32 {
        match reader.read_event().ok()? {
            Read::Start(start) | Read::Empty(start) => {
                return Some(start.local_name().as_ref().to_owned());
            }
            Read::Eof => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Result<Vec<String>> {
        let mut seen = Vec::new();
        walk(&Blob::from_bytes("m", text.as_bytes().to_vec()), &Context::new(), |path, event| {
            if let Event::Open(element) = event {
                seen.push(format!("{}/{}", path.join("/"), element.name));
            }
            Ok(())
        })?;
        Ok(seen)
    }

    #[test]
    fn elements_know_where_they_stand() {
        assert_eq!(names("<a><b x='1'/><c><d/></c></a>").unwrap(), ["/a", "a/b", "a/c", "a/c/d"]);
    }

    #[test]
    fn a_document_that_ends_early_is_refused() {
        assert_eq!(names("<a><b>").unwrap_err().to_string(), "the document ends inside element 'b' (m, at byte 6)");
    }

    #[test]
    fn the_root_is_named_behind_a_document_type() {
        let text = b"<?xml version='1.0'?><!DOCTYPE p [<!ENTITY x SYSTEM 'file:///x'>]><PMML version='4.4'/>";
        assert_eq!(root_name(text).unwrap(), "PMML");
    }
}
