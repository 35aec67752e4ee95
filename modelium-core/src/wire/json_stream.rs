//! JSON read value by value, for texts whose tree would be far larger than what is asked of it: tokenizers, indexes.
//!
//! The same texts as [`json`](super::json) takes. Nothing is kept but the way from the outermost value to the current
//! one; strings without escapes are borrowed from the text. Whoever reads says for each key whether it wants the value,
//! and what it does not take is skipped.
//!
//! ```
//! # use modelium_core::{Blob, Context, wire::json_stream::Reader};
//! let text = Blob::from_bytes("t", &br#"{"model": {"vocab": {"a": 0, "b": 1}}, "version": "1.0"}"#[..]);
//! let cx = Context::new();
//! let (mut reader, mut entries) = (Reader::new(&text, &cx), 0);
//! reader.object(|reader, key| {
//!     if key != "model" { return Ok(()) }
//!     reader.object(|reader, _| reader.object(|_, _| { entries += 1; Ok(()) }))
//! })?;
//! assert_eq!(entries, 2);
//! # Ok::<(), modelium_core::Error>(())
//! ```

use std::borrow::Cow;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Location, Result};
use crate::wire::json::{self, Json, JsonError};

/// Values between two ticks.
const TICK: u64 = 1 << 16;

/// What sort of value stands next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `{`
    Object,
    /// `[`
    Array,
    /// `"`
    String,
    /// A digit, a sign, or one of Python's names of numbers.
    Number,
    /// `true` or `false`
    Bool,
    /// `null`
    Null,
}

/// A place in a text, in front of a value.
pub struct Reader<'a> {
    blob: &'a Blob,
    cx: &'a Context,
    at: usize,
    depth: u32,
    values: u64,
}

impl<'a> Reader<'a> {
    /// In front of the outermost value.
    pub fn new(blob: &'a Blob, cx: &'a Context) -> Self {
        let at = if blob.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Self { blob, cx, at, depth: 0, values: 0 }
    }

    /// The byte in front of which the reader stands.
    pub fn position(&self) -> u64 {
        self.at as u64
    }

    /// The kind of the value that stands next.
    ///
    /// # Errors
    /// `Malformed` where no value begins.
    pub fn kind(&mut self) -> Result<Kind> {
        Ok(match self.solid() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') => Kind::Null,
            Some(b'-' | b'0'..=b'9' | b'N' | b'I') => Kind::Number,
            _ => return Err(self.unexpected("a value").into()),
        })
    }

    /// Visits the entries of an object; a value that `visit` does not read is skipped. Any other value is skipped whole.
    ///
    /// # Errors
    /// `Malformed`, `LimitExceeded` beyond [`Limits::depth`](crate::Limits::depth), `Cancelled`, and what `visit` returns.
    pub fn object(&mut self, mut visit: impl FnMut(&mut Self, &str) -> Result<()>) -> Result<()> {
        if self.kind()? != Kind::Object {
            return self.skip();
        }
        self.enter()?;
        if self.solid() == Some(b'}') {
            self.leave();
            return Ok(());
        }
        loop {
            if self.solid() != Some(b'"') {
                return Err(self.unexpected("a key").into());
            }
            let key = self.text()?;
            if self.solid() != Some(b':') {
                return Err(self.unexpected("':'").into());
            }
            self.step(1);
            self.visit(|reader| visit(reader, &key))?;
            match self.solid() {
                Some(b',') => self.step(1),
                Some(b'}') => break,
                _ => return Err(self.unexpected("',' or '}'").into()),
            }
        }
        self.leave();
        Ok(())
    }

    /// Visits the items of a list; an item that `visit` does not read is skipped. Any other value is skipped whole.
    ///
    /// # Errors
    /// As [`object`](Self::object).
    pub fn array(&mut self, mut visit: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        if self.kind()? != Kind::Array {
            return self.skip();
        }
        self.enter()?;
        if self.solid() == Some(b']') {
            self.leave();
            return Ok(());
        }
        loop {
            self.visit(&mut visit)?;
            match self.solid() {
                Some(b',') => self.step(1),
                Some(b']') => break,
                _ => return Err(self.unexpected("',' or ']'").into()),
            }
        }
        self.leave();
        Ok(())
    }

    /// The string that stands next; another value is skipped.
    ///
    /// # Errors
    /// As [`object`](Self::object).
    pub fn string(&mut self) -> Result<Option<Cow<'a, str>>> {
        if self.kind()? != Kind::String {
            self.skip()?;
            return Ok(None);
        }
        Ok(Some(self.text()?))
    }

    /// The whole number that stands next, if it is one that fits; another value is skipped.
    ///
    /// # Errors
    /// As [`object`](Self::object).
    pub fn number(&mut self) -> Result<Option<u64>> {
        if self.kind()? != Kind::Number {
            self.skip()?;
            return Ok(None);
        }
        let word = self.word();
        self.step(word.len());
        Ok(std::str::from_utf8(word).ok().and_then(|word| word.parse().ok()))
    }

    /// The value that stands next as a tree.
    ///
    /// # Errors
    /// As [`json::parse`].
    pub fn value(&mut self) -> Result<Json> {
        self.kind()?;
        let rest = self.blob.slice(self.at as u64..self.blob.len()).unwrap_or_else(|| self.blob.clone());
        let document = json::parse_prefix(&rest, self.cx)?;
        self.step(usize::try_from(document.end).unwrap_or(usize::MAX));
        Ok(document.root)
    }

    /// Passes over the value that stands next.
    ///
    /// # Errors
    /// As [`object`](Self::object).
    pub fn skip(&mut self) -> Result<()> {
        match self.kind()? {
            Kind::Object => self.object(|_, _| Ok(())),
            Kind::Array => self.array(|_| Ok(())),
            Kind::String => self.skip_text(),
            Kind::Number | Kind::Bool | Kind::Null => {
                let word = self.word();
                let known = matches!(word, b"true" | b"false" | b"null" | b"NaN" | b"Infinity" | b"-Infinity");
                let number = || std::str::from_utf8(word).is_ok_and(|word| word.parse::<f64>().is_ok());
                if !known && !number() {
                    return Err(self.unexpected("a value").into());
                }
                self.step(word.len());
                Ok(())
            }
        }
    }

    /// Says that only blanks may follow.
    ///
    /// # Errors
    /// `Malformed` if something else does.
    pub fn finish(&mut self) -> Result<()> {
        if self.solid().is_some() { Err(self.unexpected("the end of the text").into()) } else { Ok(()) }
    }

    fn visit(&mut self, visit: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.values = self.values.saturating_add(1);
        if self.values.is_multiple_of(TICK) {
            self.cx.tick("analyze", self.at as u64, self.blob.len())?;
        }
        self.solid();
        let before = self.at;
        visit(self)?;
        if self.at == before { self.skip() } else { Ok(()) }
    }

    fn enter(&mut self) -> Result<(), JsonError> {
        let cap = self.cx.limits().depth;
        self.depth = self.depth.saturating_add(1);
        if self.depth > cap {
            return Err(JsonError::TooDeep { at: self.place(), cap });
        }
        self.step(1);
        Ok(())
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.step(1);
    }

    fn place(&self) -> Location {
        self.blob.location(self.at as u64)
    }

    fn rest(&self) -> &'a [u8] {
        let blob: &'a [u8] = self.blob;
        blob.get(self.at..).unwrap_or_default()
    }

    fn step(&mut self, by: usize) {
        self.at = self.at.saturating_add(by).min(self.blob.bytes().len());
    }

    /// The next byte that is not blank; the reader stands in front of it.
    fn solid(&mut self) -> Option<u8> {
        let rest = self.rest();
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.step(blanks);
        rest.get(blanks).copied()
    }

    /// Letters, digits, signs and dots up to what follows a number or a name.
    fn word(&self) -> &'a [u8] {
        let rest = self.rest();
        let end =
            rest.iter().position(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z'));
        rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
    }

    fn unexpected(&self, expected: &'static str) -> JsonError {
        let found = match self.rest().first() {
            None => return JsonError::Ends { at: self.place() },
            Some(byte) if byte.is_ascii_graphic() => format!("'{}'", char::from(*byte)),
            Some(byte) => format!("byte {byte:#04x}"),
        };
        JsonError::Unexpected { at: self.place(), found, expected }
    }

    /// Bytes of the string that stands next, quotes included, and whether it holds escapes.
    fn extent(&self) -> Result<(usize, bool), JsonError> {
        let rest = self.rest();
        let (mut at, mut escapes) = (1_usize, false);
        loop {
            let here = rest.get(at..).unwrap_or_default();
            let Some(next) = memchr::memchr2(b'"', b'\\', here) else {
                return Err(JsonError::Ends { at: self.blob.location(self.blob.len()) });
            };
            at = at.saturating_add(next).saturating_add(1);
            if here.get(next) == Some(&b'"') {
                return Ok((at, escapes));
            }
            escapes = true;
            at = at.saturating_add(1);
        }
    }

    fn skip_text(&mut self) -> Result<()> {
        let (length, _) = self.extent()?;
        self.step(length);
        Ok(())
    }

    fn text(&mut self) -> Result<Cow<'a, str>> {
        let (length, escapes) = self.extent()?;
        if escapes {
            // the tree's reader knows the escapes
            return match self.value()? {
                Json::String(text) => Ok(Cow::Owned(text)),
                _ => Ok(Cow::Borrowed("")),
            };
        }
        let inner = self.rest().get(1..length.saturating_sub(1)).unwrap_or_default();
        let text = std::str::from_utf8(inner).map_err(|_| JsonError::NotUtf8 { at: self.place() })?;
        self.step(length);
        Ok(Cow::Borrowed(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn skip(text: &str) -> Result<u64> {
        let (blob, cx) = (Blob::from_bytes("t", text.as_bytes().to_vec()), Context::new());
        let mut reader = Reader::new(&blob, &cx);
        reader.skip()?;
        reader.finish()?;
        Ok(reader.position())
    }

    #[test]
    fn takes_what_the_tree_takes() {
        for text in [r#"{"a\"": [1, -2.5e3, NaN, -Infinity, null, true], "b": {}}"#, "[]", "\"\\u00e9\"", " 1 "] {
            let blob = Blob::from_bytes("t", text.as_bytes().to_vec());
            assert!(json::parse(&blob, &Context::new()).is_ok(), "{text}");
            assert_eq!(skip(text).unwrap(), text.len() as u64, "{text}");
        }
        for text in ["{\"a\" 1}", "[1, 2", "[1 2]", "nul", "{1: 2}", "\"a", "[1]]", ""] {
            assert_eq!(skip(text).unwrap_err().kind(), ErrorKind::Malformed, "{text}");
        }
    }

    #[test]
    fn nesting_is_capped() {
        assert_eq!(skip(&"[".repeat(100_000)).unwrap_err().kind(), ErrorKind::LimitExceeded);
    }

    #[test]
    fn strings_are_borrowed_unless_they_hold_escapes() {
        let (blob, cx) = (Blob::from_bytes("t", &br#"["plain", "a\n"]"#[..]), Context::new());
        let mut found = Vec::new();
        let mut reader = Reader::new(&blob, &cx);
        reader
            .array(|reader| {
                found.extend(reader.string()?);
                Ok(())
            })
            .unwrap();
        assert!(matches!(found.as_slice(), [Cow::Borrowed("plain"), Cow::Owned(text)] if text == "a\n"));
    }
}
