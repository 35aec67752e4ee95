//! JSON as Python's `json` reads it, with limits: what a key is given twice, `NaN` and `Infinity` are kept and known.
//!
//! Follows RFC 8259, and besides it takes the three names of numbers that Python writes. Nesting, and the memory of the
//! result, are bounded before they are spent.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, ErrorKind, Location, Result};

/// Memory of one value beyond its text.
const NODE_BYTES: u64 = size_of::<Json>() as u64;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without fraction or exponent that fits.
    Int(i128),
    /// Any other number, `NaN` and the infinities included.
    Float(f64),
    /// A string. Halves of surrogate pairs that stand alone become U+FFFD.
    String(String),
    /// A list.
    Array(Vec<Json>),
    /// Keys and values in the order of the text; a key that stands twice is kept twice.
    Object(Vec<(String, Json)>),
}

/// A parsed text.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The outermost value.
    pub root: Json,
    /// Keys that stand twice in one object, with the byte of the second; loaders disagree on which one counts.
    pub duplicates: Vec<(String, u64)>,
    /// Bytes of the text up to the end of the value; blanks may follow.
    pub end: u64,
}

/// Why a text is not JSON.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum JsonError {
    #[error("found {found}, expected {expected}")]
    Unexpected { at: Location, found: String, expected: &'static str },
    #[error("the text ends inside a value")]
    Ends { at: Location },
    #[error("the text is not UTF-8")]
    NotUtf8 { at: Location },
    #[error("values nest deeper than {cap}; raise Limits::depth to read them")]
    TooDeep { at: Location, cap: u32 },
    #[error("the values take more than {cap} bytes; raise Limits::structure_bytes to read them")]
    TooLarge { at: Location, cap: u64 },
}

impl Classify for JsonError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Unexpected { .. } | Self::Ends { .. } | Self::NotUtf8 { .. } => ErrorKind::Malformed,
            Self::TooDeep { .. } | Self::TooLarge { .. } => ErrorKind::LimitExceeded,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::Unexpected { at, .. }
            | Self::Ends { at }
            | Self::NotUtf8 { at }
            | Self::TooDeep { at, .. }
            | Self::TooLarge { at, .. } => at.clone(),
        }
    }
}

/// Parses a whole text; only blanks may follow the value.
///
/// # Errors
/// `Malformed`, or `LimitExceeded` beyond [`Limits::depth`](crate::Limits::depth) and
/// [`Limits::structure_bytes`](crate::Limits::structure_bytes); with the byte.
pub fn parse(blob: &Blob, cx: &Context) -> Result<Document> {
    let document = parse_prefix(blob, cx)?;
    let rest = usize::try_from(document.end).ok().and_then(|end| blob.get(end..)).unwrap_or_default();
    match rest.iter().position(|byte| !is_blank(*byte)) {
        None => Ok(document),
        Some(skip) => {
            let at = blob.location(document.end.saturating_add(skip as u64));
            let found = rest.get(skip).map_or_else(String::new, |byte| show(*byte));
            Err(JsonError::Unexpected { at, found, expected: "the end of the text" }.into())
        }
    }
}

/// Parses the value that a text begins with; anything may follow.
///
/// # Errors
/// As [`parse`].
pub fn parse_prefix(blob: &Blob, cx: &Context) -> Result<Document> {
    parse_kept(blob, &|_| true, cx)
}

/// Parses the value that a text begins with, and keeps what stands below the keys that `keep` names: the rest is read,
/// held against the syntax, and becomes null. A large model's structure takes little memory this way.
///
/// # Errors
/// As [`parse`].
pub fn parse_kept(blob: &Blob, keep: &dyn Fn(&str) -> bool, cx: &Context) -> Result<Document> {
    let limits = cx.limits();
    let (cap, room) = (limits.depth, limits.structure_bytes);
    let mut parser = Parser { blob, at: 0, cap, room, duplicates: Vec::new(), keep, dropping: false, cx };
    if blob.starts_with(b"\xef\xbb\xbf") {
        parser.at = 3;
    }
    let value = parser.value()?;
    Ok(Document { root: value, duplicates: parser.duplicates, end: parser.at as u64 })
}

impl Json {
    /// The value under a key of an object; the last one if the key stands twice, as Python takes it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value at the end of a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The entries of an object; none for other values.
    pub fn entries(&self) -> &[(String, Self)] {
        if let Self::Object(entries) = self { entries } else { &[] }
    }

    /// The items of a list; none for other values.
    pub fn items(&self) -> &[Self] {
        if let Self::Array(items) = self { items } else { &[] }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// A whole number that is not negative and fits.
    pub fn as_u64(&self) -> Option<u64> {
        if let Self::Int(number) = self { u64::try_from(*number).ok() } else { None }
    }

    /// A whole number that fits.
    pub fn as_i64(&self) -> Option<i64> {
        if let Self::Int(number) = self { i64::try_from(*number).ok() } else { None }
    }

    /// Any number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "a float is what was asked for")]
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// `true` or `false`.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// True for an object.
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }
}

/// A list or an object that has begun.
enum Open {
    Array(Vec<Json>),
    Object(Fields),
}

/// An object that has begun, with the key whose value comes next.
#[derive(Default)]
struct Fields {
    entries: Vec<(String, Json)>,
    keys: std::collections::HashSet<String>,
    key: String,
    /// The value that comes next is not kept.
    drops: bool,
}

struct Parser<'a> {
    blob: &'a Blob,
    at: usize,
    cap: u32,
    room: u64,
    duplicates: Vec<(String, u64)>,
    keep: &'a dyn Fn(&str) -> bool,
    dropping: bool,
    cx: &'a Context,
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn show(byte: u8) -> String {
    if byte.is_ascii_graphic() { format!("'{}'", char::from(byte)) } else { format!("byte {byte:#04x}") }
}

impl Parser<'_> {
    fn place(&self) -> Location {
        self.blob.location(self.at as u64)
    }

    fn peek(&self) -> Option<u8> {
        self.blob.get(self.at).copied()
    }

    fn next_solid(&mut self) -> Option<u8> {
        while self.peek().is_some_and(is_blank) {
            self.step(1);
        }
        self.peek()
    }

    fn step(&mut self, by: usize) {
        self.at = self.at.saturating_add(by);
    }

    fn unexpected(&self, expected: &'static str) -> JsonError {
        match self.peek() {
            Some(byte) => JsonError::Unexpected { at: self.place(), found: show(byte), expected },
            None => JsonError::Ends { at: self.place() },
        }
    }

    fn spend(&mut self, bytes: u64) -> Result<(), JsonError> {
        if self.dropping {
            return Ok(());
        }
        match self.room.checked_sub(bytes) {
            Some(room) => {
                self.room = room;
                Ok(())
            }
            None => Err(JsonError::TooLarge { at: self.place(), cap: self.cx.limits().structure_bytes }),
        }
    }

    /// Reads a value and all that is in it. What is open lies on the heap, so that depth costs no stack.
    fn value(&mut self) -> Result<Json> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            self.spend(NODE_BYTES)?;
            let mut value = match self.next_solid() {
                Some(mark @ (b'{' | b'[')) => {
                    if open.len() as u64 >= u64::from(self.cap) {
                        return Err(JsonError::TooDeep { at: self.place(), cap: self.cap }.into());
                    }
                    self.step(1);
                    match (mark, self.next_solid()) {
                        (b'{', Some(b'}')) => {
                            self.step(1);
                            Json::Object(Vec::new())
                        }
                        (b'[', Some(b']')) => {
                            self.step(1);
                            Json::Array(Vec::new())
                        }
                        (b'{', _) => {
                            let mut fields = Fields::default();
                            self.key(&mut fields)?;
                            open.push(Open::Object(fields));
                            continue;
                        }
                        _ => {
                            open.push(Open::Array(Vec::new()));
                            continue;
                        }
                    }
                }
                _ => self.scalar()?,
            };
            // the value belongs to what is open, and may be the last one in it
            loop {
                match open.pop() {
                    None => return Ok(value),
                    Some(Open::Array(mut items)) => {
                        if !self.dropping {
                            items.push(value);
                        }
                        match self.next_solid() {
                            Some(b',') => {
                                self.step(1);
                                open.push(Open::Array(items));
                                break;
                            }
                            Some(b']') => self.step(1),
                            _ => return Err(self.unexpected("',' or ']'").into()),
                        }
                        value = Json::Array(items);
                    }
                    Some(Open::Object(mut fields)) => {
                        self.field(&mut fields, value);
                        match self.next_solid() {
                            Some(b',') => {
                                self.step(1);
                                self.key(&mut fields)?;
                                open.push(Open::Object(fields));
                                break;
                            }
                            Some(b'}') => self.step(1),
                            _ => return Err(self.unexpected("',' or '}'").into()),
                        }
                        value = Json::Object(fields.entries);
                    }
                }
            }
        }
    }

    fn scalar(&mut self) -> Result<Json> {
        match self.next_solid() {
            Some(b'"') => Ok(Json::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => Ok(self.number()?),
            _ => {
                let names = [
                    ("null", Json::Null),
                    ("true", Json::Bool(true)),
                    ("false", Json::Bool(false)),
                    ("NaN", Json::Float(f64::NAN)),
                    ("Infinity", Json::Float(f64::INFINITY)),
                ];
                let rest = self.blob.get(self.at..).unwrap_or_default();
                let Some((name, value)) = names.into_iter().find(|(name, _)| rest.starts_with(name.as_bytes())) else {
                    return Err(self.unexpected("a value").into());
                };
                self.step(name.len());
                Ok(value)
            }
        }
    }

    /// Reads a key and the colon behind it.
    fn key(&mut self, fields: &mut Fields) -> Result<()> {
        self.cx.tick("read", self.at as u64, self.blob.len())?;
        if self.next_solid() != Some(b'"') {
            return Err(self.unexpected("a key").into());
        }
        let place = self.at as u64;
        let key = self.string()?;
        self.spend(size_of::<String>() as u64)?;
        if !self.dropping && !fields.keys.insert(key.clone()) {
            self.duplicates.push((key.clone(), place));
        }
        if self.next_solid() != Some(b':') {
            return Err(self.unexpected("':'").into());
        }
        self.step(1);
        fields.drops = !self.dropping && !(self.keep)(&key);
        self.dropping |= fields.drops;
        fields.key = key;
        Ok(())
    }

    /// Takes the value of the key that was read last.
    fn field(&mut self, fields: &mut Fields, value: Json) {
        let dropped = std::mem::take(&mut fields.drops);
        if dropped {
            self.dropping = false;
        }
        if !self.dropping {
            fields.entries.push((std::mem::take(&mut fields.key), if dropped { Json::Null } else { value }));
        }
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let rest = self.blob.get(self.at..).unwrap_or_default();
        if rest.starts_with(b"-Infinity") {
            self.step(9);
            return Ok(Json::Float(f64::NEG_INFINITY));
        }
        let length = rest
            .iter()
            .position(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
            .unwrap_or(rest.len());
        let text = rest.get(..length).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default();
        let value = match text.parse::<i128>() {
            Ok(number) if !text.starts_with('+') => Json::Int(number),
            _ => match text.parse::<f64>() {
                Ok(number) => Json::Float(number),
                Err(_) => return Err(self.unexpected("a number")),
            },
        };
        self.step(length);
        Ok(value)
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.step(1);
        let mut text: Vec<u8> = Vec::new();
        loop {
            let rest = self.blob.get(self.at..).unwrap_or_default();
            let Some(plain) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) else {
                return Err(JsonError::Ends { at: self.blob.location(self.blob.len()) });
            };
            self.spend(plain as u64)?;
            text.extend_from_slice(rest.get(..plain).unwrap_or_default());
            self.step(plain);
            match self.peek() {
                Some(b'"') => break self.step(1),
                Some(b'\\') => {
                    let c = self.escape()?;
                    let mut buffer = [0; 4];
                    text.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
                }
                // Python reads these with strict=False only; some writers leave them, and nothing hangs on it
                Some(control) => {
                    text.push(control);
                    self.step(1);
                }
                None => return Err(JsonError::Ends { at: self.place() }),
            }
        }
        String::from_utf8(text).map_err(|_| JsonError::NotUtf8 { at: self.place() })
    }

    /// One escape, or a surrogate pair of them.
    fn escape(&mut self) -> Result<char, JsonError> {
        self.step(1);
        let letter = self.peek();
        let simple = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = self.unit()?;
                if !(0xd800..0xdc00).contains(&high) {
                    return Ok(char::from_u32(high).unwrap_or('\u{fffd}'));
                }
                let place = self.at;
                if self.blob.get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u")) {
                    self.step(1);
                    let low = self.unit()?;
                    if (0xdc00..0xe000).contains(&low) {
                        let code =
                            0x10000_u32.saturating_add((high & 0x3ff).wrapping_shl(10)).saturating_add(low & 0x3ff);
                        return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
                    }
                    self.at = place;
                }
                return Ok('\u{fffd}');
            }
            _ => return Err(self.unexpected("an escape")),
        };
        self.step(1);
        Ok(simple)
    }

    /// The four digits after `u`.
    fn unit(&mut self) -> Result<u32, JsonError> {
        self.step(1);
        let digits = self.blob.get(self.at..self.at.saturating_add(4));
        let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let text = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let Some(unit) = text.and_then(|text| u32::from_str_radix(text, 16).ok()) else {
            return Err(self.unexpected("four hexadecimal digits"));
        };
        self.step(4);
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Json> {
        parse(&Blob::from_bytes("t", text.as_bytes().to_vec()), &Context::new()).map(|document| document.root)
    }

    #[test]
    fn reads_what_python_writes() {
        let json =
            read(r#" {"a": [1, -2.5e3, NaN, -Infinity], "b": {"c": "\u00e9\ud83d\ude00\n"}, "d": null} "#).unwrap();
        assert_eq!(json.at(&["b", "c"]).and_then(Json::as_str), Some("é😀\n"));
        assert_eq!(json.get("a").unwrap().items()[1], Json::Float(-2500.0));
        assert!(json.get("a").unwrap().items()[2].as_f64().unwrap().is_nan());
    }

    #[test]
    fn the_last_of_two_equal_keys_counts_and_is_told() {
        let document = parse(&Blob::from_bytes("t", &br#"{"a": 1, "a": 2}"#[..]), &Context::new()).unwrap();
        assert_eq!(document.root.get("a"), Some(&Json::Int(2)));
        assert_eq!(document.duplicates, [("a".to_owned(), 9)]);
    }

    #[test]
    fn what_is_not_kept_is_read_all_the_same() {
        let keep = |key: &str| key != "b";
        let blob = Blob::from_bytes("t", &br#"{"a": [1], "b": [1, {"c": 2}], "c": 3}"#[..]);
        let json = parse_kept(&blob, &keep, &Context::new()).unwrap().root;
        assert_eq!((json.get("b"), json.get("c")), (Some(&Json::Null), Some(&Json::Int(3))));
        let broken = Blob::from_bytes("t", &br#"{"b": [1, {]}"#[..]);
        assert!(parse_kept(&broken, &keep, &Context::new()).is_err());
    }

    #[test]
    fn nesting_is_capped() {
        let error = read(&"[".repeat(100_000)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    }

    #[test]
    fn says_what_was_found_and_where() {
        assert_eq!(read("{\"a\" 1}").unwrap_err().to_string(), "found '1', expected ':' (t, at byte 5)");
        assert_eq!(read("[1, 2").unwrap_err().to_string(), "the text ends inside a value (t, at byte 5)");
    }
}
