//! What stands before the elements of an array.

use crate::blob::Blob;
use crate::context::Context;
use crate::formats::numpy::error::{NumpyError, NumpyFault};

/// The first bytes of every array.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

/// Longest header that is read; numpy's own limit is 10,000 unless its caller raises it.
const HEADER_CAP: u64 = 1 << 20;
/// Lists inside tuples inside lists.
const DEPTH: u32 = 32;

/// The header of one array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) version: (u8, u8),
    pub(super) element: Element,
    pub(super) column_major: bool,
    pub(super) dims: Vec<u64>,
    /// Where the elements begin.
    pub(super) start: u64,
    /// Where they end; `start` for objects, whose pickle says it.
    pub(super) end: u64,
}

/// The type of the elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    /// In words: `float64`, `u12`, or `{name: type, …}` for records.
    pub(super) name: String,
    /// Bytes of one.
    pub(super) bytes: u64,
    /// True if Python objects are among them.
    pub(super) objects: bool,
}

/// Reads the header of the array that starts at a byte of the blob, and checks that its elements are there.
pub(super) fn read(blob: &Blob, at: u64, cx: &Context) -> Result<Header, NumpyError> {
    let fail = |byte: u64, fault| NumpyError { fault, at: blob.location(byte) };
    let bytes = usize::try_from(at).ok().and_then(|at| blob.get(at..)).unwrap_or_default();
    let Some((&[major, minor], rest)) = bytes.strip_prefix(MAGIC).and_then(|rest| rest.split_first_chunk()) else {
        let found = bytes.get(..6).unwrap_or(bytes).escape_ascii().to_string();
        return Err(fail(at, NumpyFault::Magic { found }));
    };
    let length = match (major, minor) {
        (1, 0) => rest.split_first_chunk().map(|(length, rest)| (u64::from(u16::from_le_bytes(*length)), rest)),
        (2 | 3, 0) => rest.split_first_chunk().map(|(length, rest)| (u64::from(u32::from_le_bytes(*length)), rest)),
        _ => return Err(fail(at.saturating_add(6), NumpyFault::Version { major, minor })),
    };
    let (claimed, rest): (u64, &[u8]) = length.unwrap_or((2, &[]));
    let available = rest.len() as u64;
    let text_at = blob.len().saturating_sub(available);
    if claimed > HEADER_CAP {
        return Err(fail(text_at, NumpyFault::HeaderTooLong { claimed, cap: HEADER_CAP }));
    }
    let Some(text) = usize::try_from(claimed).ok().and_then(|length| rest.get(..length)) else {
        return Err(fail(text_at, NumpyFault::HeaderOverrun { claimed, available }));
    };
    let mut literal = Literal { rest: text };
    let parsed = literal.whole().and_then(|value| fields(&value));
    let (element, column_major, dims) = parsed.map_err(|reason| {
        let byte = text.len().saturating_sub(literal.rest.len()) as u64;
        fail(text_at.saturating_add(byte), NumpyFault::Header { reason })
    })?;
    let start = text_at.saturating_add(claimed);
    if dims.len() as u64 > u64::from(cx.limits().rank) {
        return Err(fail(start, NumpyFault::Rank { rank: dims.len(), cap: cx.limits().rank }));
    }
    let count = dims.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
    let Some(needed) = count.and_then(|count| count.checked_mul(element.bytes)) else {
        return Err(fail(start, NumpyFault::TooLarge { dims }));
    };
    let available = blob.len().saturating_sub(start);
    let end = if element.objects { start } else { start.saturating_add(needed) };
    if end > blob.len() {
        let dtype = element.name;
        return Err(fail(start, NumpyFault::Overrun { dtype, dims, needed, available }));
    }
    Ok(Header { version: (major, minor), element, column_major, dims, start, end })
}

/// The three fields of the dictionary.
fn fields(value: &Python) -> Result<(Element, bool, Vec<u64>), String> {
    let Python::Dict(entries) = value else { return Err("it is no dictionary".to_owned()) };
    let (mut descr, mut column_major, mut dims) = (None, None, None);
    for (key, value) in entries {
        let Python::Text(key) = key else { return Err("a key is no string".to_owned()) };
        let again = match (key.as_str(), value) {
            ("descr", value) => descr.replace(element(value, DEPTH)?).is_some(),
            ("fortran_order", Python::Bool(value)) => column_major.replace(*value).is_some(),
            ("fortran_order", _) => return Err("'fortran_order' is neither True nor False".to_owned()),
            ("shape", Python::List(items)) => dims.replace(sizes(items)?).is_some(),
            ("shape", _) => return Err("'shape' is no tuple".to_owned()),
            (other, _) => return Err(format!("key '{}' is unknown", other.escape_debug())),
        };
        if again {
            return Err(format!("key '{key}' comes twice"));
        }
    }
    let missing = |key: &str| format!("key '{key}' is missing");
    Ok((
        descr.ok_or_else(|| missing("descr"))?,
        column_major.ok_or_else(|| missing("fortran_order"))?,
        dims.ok_or_else(|| missing("shape"))?,
    ))
}

fn sizes(items: &[Python]) -> Result<Vec<u64>, String> {
    let size = |item: &Python| match item {
        Python::Int(value) => u64::try_from(*value).map_err(|_| format!("dimension {value} is negative or too large")),
        _ => Err("a dimension is no integer".to_owned()),
    };
    items.iter().map(size).collect()
}

/// A type string, a list of fields, or a type with a shape.
fn element(value: &Python, depth: u32) -> Result<Element, String> {
    let depth = depth.checked_sub(1).ok_or("types are nested too deeply")?;
    match value {
        Python::Text(code) => plain(code),
        Python::List(fields) => {
            let mut record = Element { name: String::from("{"), bytes: 0, objects: false };
            for field in fields {
                let Python::List(field) = field else { return Err("a field is no tuple".to_owned()) };
                let (name, ty, shape) = match field.as_slice() {
                    [name, ty] => (name, ty, &[][..]),
                    [name, ty, Python::List(shape)] => (name, ty, shape.as_slice()),
                    [name, ty, shape @ Python::Int(_)] => (name, ty, std::slice::from_ref(shape)),
                    _ => return Err("a field is no name with a type".to_owned()),
                };
                // a title stands before the name
                let name = match name {
                    Python::Text(name) => name,
                    Python::List(pair) if let Some(Python::Text(name)) = pair.last() => name,
                    _ => return Err("the name of a field is no string".to_owned()),
                };
                let inner = element(ty, depth)?;
                let count = sizes(shape)?.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
                let bytes = count.and_then(|count| count.checked_mul(inner.bytes));
                let total = bytes.and_then(|bytes| record.bytes.checked_add(bytes));
                record.bytes = total.ok_or("a record has more bytes than can be counted")?;
                record.objects |= inner.objects;
                let separator = if record.name.len() > 1 { ", " } else { "" };
                let field = format!("{separator}{}: {}", name.escape_debug(), inner.name);
                record.name.push_str(&field);
            }
            record.name.push('}');
            Ok(record)
        }
        _ => Err("'descr' is neither a string nor a list".to_owned()),
    }
}

fn plain(code: &str) -> Result<Element, String> {
    let unknown = || format!("element type '{}' is unknown", code.escape_debug());
    let rest = code.trim_start_matches(['<', '>', '|', '=']);
    let kind = rest.chars().next().ok_or_else(unknown)?;
    let digits: String = rest.chars().skip(1).take_while(char::is_ascii_digit).collect();
    let number = digits.parse::<u64>().ok();
    let (name, bytes) = match (kind, number) {
        ('b', Some(1)) | ('?', None) => ("bool".to_owned(), 1),
        ('i', Some(n @ (1 | 2 | 4 | 8))) => (format!("int{}", n.saturating_mul(8)), n),
        ('u', Some(n @ (1 | 2 | 4 | 8))) => (format!("uint{}", n.saturating_mul(8)), n),
        ('f', Some(n @ (2 | 4 | 8 | 12 | 16))) => (format!("float{}", n.saturating_mul(8)), n),
        ('c', Some(n @ (8 | 16 | 24 | 32))) => (format!("complex{}", n.saturating_mul(8)), n),
        ('S' | 'a', Some(n)) => (format!("s{n}"), n),
        ('V', Some(n)) => (format!("v{n}"), n),
        ('U', Some(n)) => (format!("u{n}"), n.checked_mul(4).ok_or_else(unknown)?),
        ('M' | 'm', Some(8)) => (rest.to_lowercase(), 8),
        ('O', _) => ("object".to_owned(), 8),
        _ => return Err(unknown()),
    };
    // `u12` would be an integer
    let name = if kind == 'U' { format!("str{}", number.unwrap_or(0)) } else { name };
    Ok(Element { name, bytes, objects: kind == 'O' })
}

/// A value of Python's literal syntax, as far as headers use it; tuples are lists.
enum Python {
    Text(String),
    Int(i128),
    Bool(bool),
    List(Vec<Python>),
    Dict(Vec<(Python, Python)>),
}

struct Literal<'a> {
    rest: &'a [u8],
}

impl Literal<'_> {
    fn whole(&mut self) -> Result<Python, String> {
        let value = self.value(DEPTH)?;
        self.space();
        if self.rest.is_empty() { Ok(value) } else { Err("text follows it".to_owned()) }
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn eat(&mut self, byte: u8) -> bool {
        self.space();
        let rest = self.rest.strip_prefix(&[byte]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn word(&mut self, word: &[u8]) -> bool {
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn value(&mut self, depth: u32) -> Result<Python, String> {
        let depth = depth.checked_sub(1).ok_or("it is nested too deeply")?;
        self.space();
        match self.rest.first() {
            Some(b'{') => {
                self.eat(b'{');
                let mut entries = Vec::new();
                while !self.eat(b'}') {
                    let key = self.value(depth)?;
                    if !self.eat(b':') {
                        return Err(format!("expected ':', found {}", self.here()));
                    }
                    entries.push((key, self.value(depth)?));
                    if !self.eat(b',') && self.rest.first() != Some(&b'}') {
                        return Err(format!("expected '}}', found {}", self.here()));
                    }
                }
                Ok(Python::Dict(entries))
            }
            Some(open @ (b'[' | b'(')) => {
                let close = if *open == b'[' { b']' } else { b')' };
                self.eat(*open);
                let mut items = Vec::new();
                while !self.eat(close) {
                    items.push(self.value(depth)?);
                    if !self.eat(b',') && self.rest.first() != Some(&close) {
                        return Err(format!("expected '{}', found {}", char::from(close), self.here()));
                    }
                }
                Ok(Python::List(items))
            }
            Some(b'\'' | b'"') => self.string().map(Python::Text),
            Some(b'0'..=b'9' | b'-') => self.number(),
            _ if self.word(b"True") => Ok(Python::Bool(true)),
            _ if self.word(b"False") => Ok(Python::Bool(false)),
            _ => Err(format!("expected a value, found {}", self.here())),
        }
    }

    /// What stands at this place, for messages.
    fn here(&self) -> String {
        match self.rest.first() {
            Some(&byte) => format!("'{}'", byte.escape_ascii()),
            None => "its end".to_owned(),
        }
    }

    fn string(&mut self) -> Result<String, String> {
        let Some((&quote, rest)) = self.rest.split_first() else { return Err("a string does not end".to_owned()) };
        let length = rest.iter().position(|&byte| byte == quote || byte == b'\\');
        match length.and_then(|length| rest.split_at_checked(length)) {
            Some((string, [end, rest @ ..])) if *end == quote => {
                self.rest = rest;
                Ok(String::from_utf8_lossy(string).into_owned())
            }
            _ => Err("a string does not end, or has an escape".to_owned()),
        }
    }

    fn number(&mut self) -> Result<Python, String> {
        let length = self.rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count();
        let (text, rest) = self.rest.split_at_checked(length).unwrap_or_default();
        let text = String::from_utf8_lossy(text);
        let number = text.parse().map_err(|_| format!("'{text}' is no number, or too large"))?;
        self.rest = rest.strip_prefix(b"L").unwrap_or(rest); // written by Python 2
        Ok(Python::Int(number))
    }
}
