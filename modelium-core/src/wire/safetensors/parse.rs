//! One walk over the text of a header.

use std::borrow::Cow;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::wire::safetensors::{Entry, HEADER_CAP, Header, PREFIX, SafetensorsError, show};

/// Values that nobody reads may nest as deep as this.
const DEEPEST: u32 = 64;

/// Tensors between two looks at the caller's wish to stop.
const TICK: usize = 4096;

pub(super) fn read<'a>(blob: &'a Blob, cx: &Context) -> Result<Header<'a>> {
    let place = |at: u64| blob.location(at);
    let Some(length) = blob.first_chunk().map(|bytes| u64::from_le_bytes(*bytes)) else {
        return Err(SafetensorsError::NoLength { at: place(0), available: blob.len() }.into());
    };
    let available = blob.len().saturating_sub(PREFIX);
    if length > HEADER_CAP {
        return Err(SafetensorsError::HeaderTooLong { at: place(0), claimed: length }.into());
    }
    let end = PREFIX.saturating_add(length);
    let text = usize::try_from(end).ok().and_then(|end| blob.get(..end));
    let Some(text) = text else {
        return Err(SafetensorsError::HeaderOverrun { at: place(0), claimed: length, available }.into());
    };
    let cap = cx.limits().structure_bytes;
    if length > cap {
        return Err(SafetensorsError::HeaderBeyondLimit { at: place(0), claimed: length, cap }.into());
    }
    let text = match std::str::from_utf8(text.get(8..).unwrap_or_default()) {
        Ok(text) => text,
        Err(error) => {
            let at = place(PREFIX.saturating_add(error.valid_up_to() as u64));
            return Err(SafetensorsError::NotUtf8 { at }.into());
        }
    };
    Parser { blob, text, bytes: text.as_bytes(), at: 0 }.header(end, cx)
}

struct Parser<'a> {
    blob: &'a Blob,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

type Text<'a> = Cow<'a, str>;

impl<'a> Parser<'a> {
    fn header(mut self, data_start: u64, cx: &Context) -> Result<Header<'a>> {
        let limits = cx.limits();
        let mut header = Header {
            tensors: Vec::new(),
            metadata: Vec::new(),
            duplicates: Vec::new(),
            unknown_keys: Vec::new(),
            data_start,
        };
        let mut told = false; // metadata has been read
        if self.peek() != Some(b'{') {
            return Err(self.unexpected("'{', with which a header begins"));
        }
        self.step();
        let mut more = !self.closes(b'}');
        while more {
            let at = self.byte();
            let name = self.string("a name")?;
            self.expect(b':', "':'")?;
            if name == "__metadata__" {
                if told {
                    header.duplicates.push((name, at));
                }
                told = true;
                self.metadata(&mut header)?;
            } else {
                if header.tensors.len().is_multiple_of(TICK) {
                    cx.tick("analyze", at, data_start)?;
                }
                if header.tensors.len() as u64 >= limits.tensors {
                    return Err(SafetensorsError::TooManyTensors { at: self.place(), cap: limits.tensors }.into());
                }
                let entry = self.tensor(name, at, limits.rank, &mut header)?;
                header.tensors.push(entry);
            }
            more = self.goes_on(b'}', "',' or '}'")?;
        }
        // writers pad with blanks, so that the tensors are aligned
        self.skip();
        if self.peek().is_some() {
            return Err(self.unexpected("the end of the header"));
        }
        let repeated = Header::repeated(&header.tensors).map(|entry| (entry.name.clone(), entry.at));
        header.duplicates.extend(repeated.collect::<Vec<_>>());
        Ok(header)
    }

    /// Strings by strings, or nothing.
    fn metadata(&mut self, header: &mut Header<'a>) -> Result<()> {
        self.skip();
        if self.rest().starts_with("null") {
            self.at = self.at.saturating_add(4);
            return Ok(());
        }
        if self.peek() != Some(b'{') {
            return Err(self.unexpected("an object of strings as '__metadata__'"));
        }
        self.step();
        let mut seen = std::collections::HashSet::new();
        let mut more = !self.closes(b'}');
        while more {
            let at = self.byte();
            let key = self.string("a key")?;
            self.expect(b':', "':'")?;
            let value = self.string("a string, as all metadata is")?;
            if !seen.insert(key.clone()) {
                header.duplicates.push((key.clone(), at));
            }
            header.metadata.push((key, value));
            more = self.goes_on(b'}', "',' or '}'")?;
        }
        Ok(())
    }

    fn tensor(&mut self, name: Text<'a>, at: u64, rank: u32, header: &mut Header<'a>) -> Result<Entry<'a>> {
        self.expect(b'{', "an object, as each tensor is")?;
        let (mut dtype, mut shape, mut range) = (None, None, None);
        let mut more = !self.closes(b'}');
        while more {
            let byte = self.byte();
            let key = self.string("a key")?;
            self.expect(b':', "':'")?;
            let twice = match &*key {
                "dtype" => dtype.replace(self.string("the name of an element type")?).is_some(),
                "shape" => shape.replace(self.numbers(rank)?).is_some(),
                "data_offsets" => {
                    let found = self.numbers(2)?;
                    let [begin, end] = *found else {
                        return Err(self.unexpected("two numbers as 'data_offsets'"));
                    };
                    range.replace((begin, end)).is_some()
                }
                _ => {
                    self.value(DEEPEST)?;
                    header.unknown_keys.push((key.clone(), byte));
                    false
                }
            };
            if twice {
                header.duplicates.push((key, byte));
            }
            more = self.goes_on(b'}', "',' or '}'")?;
        }
        let missing = |key| SafetensorsError::Incomplete { at: self.blob.location(at), name: show(&name), key };
        let dtype = dtype.ok_or_else(|| missing("dtype"))?;
        let shape = shape.ok_or_else(|| missing("shape"))?;
        let (begin, end) = range.ok_or_else(|| missing("data_offsets"))?;
        Ok(Entry { name, at, dtype, shape, begin, end })
    }

    /// A list of whole numbers that are not negative.
    fn numbers(&mut self, cap: u32) -> Result<Vec<u64>> {
        self.expect(b'[', "a list of numbers")?;
        let mut numbers = Vec::new();
        let mut more = !self.closes(b']');
        while more {
            if numbers.len() >= cap as usize {
                return Err(SafetensorsError::Rank { at: self.place(), cap }.into());
            }
            numbers.push(self.number()?);
            more = self.goes_on(b']', "',' or ']'")?;
        }
        Ok(numbers)
    }

    fn number(&mut self) -> Result<u64> {
        const WHOLE: &str = "a whole number that is not negative and fits 64 bits";
        self.skip();
        let start = self.at;
        let mut number = 0_u64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let next = number.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(digit.wrapping_sub(b'0'))));
            number = next.ok_or_else(|| self.unexpected(WHOLE))?;
            self.step();
        }
        let digits = self.at.saturating_sub(start);
        let leading_zero = digits > 1 && self.bytes.get(start) == Some(&b'0');
        if digits == 0 || leading_zero || matches!(self.peek(), Some(b'.' | b'e' | b'E' | b'-' | b'+')) {
            return Err(self.unexpected(WHOLE));
        }
        Ok(number)
    }

    /// Any value, read and dropped.
    fn value(&mut self, depth: u32) -> Result<()> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(SafetensorsError::TooDeep { at: self.place(), cap: DEEPEST }.into());
        };
        self.skip();
        match self.peek() {
            Some(b'"') => self.string("a string").map(drop),
            Some(b'{') => {
                self.step();
                let mut more = !self.closes(b'}');
                while more {
                    self.string("a key")?;
                    self.expect(b':', "':'")?;
                    self.value(depth)?;
                    more = self.goes_on(b'}', "',' or '}'")?;
                }
                Ok(())
            }
            Some(b'[') => {
                self.step();
                let mut more = !self.closes(b']');
                while more {
                    self.value(depth)?;
                    more = self.goes_on(b']', "',' or ']'")?;
                }
                Ok(())
            }
            _ => {
                let length =
                    self.rest().bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte));
                let word = self.rest().get(..length.count()).unwrap_or_default();
                let known = matches!(word, "null" | "true" | "false");
                let number = word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) && word.parse::<f64>().is_ok();
                if !known && !number {
                    return Err(self.unexpected("a value"));
                }
                self.at = self.at.saturating_add(word.len());
                Ok(())
            }
        }
    }

    /// A string; it stays where it is unless it holds escapes.
    fn string(&mut self, expected: &'static str) -> Result<Text<'a>> {
        self.skip();
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(expected));
        }
        self.step();
        let start = self.at;
        let mut text: Option<String> = None;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(plain) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) else {
                return Err(SafetensorsError::Ends {
                    at: self.blob.location(PREFIX.saturating_add(self.bytes.len() as u64)),
                }
                .into());
            };
            let stop = self.at.saturating_add(plain);
            let piece = self.text.get(self.at..stop).unwrap_or_default();
            self.at = stop;
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    return Ok(match text {
                        Some(mut text) => {
                            text.push_str(piece);
                            Cow::Owned(text)
                        }
                        None => Cow::Borrowed(self.text.get(start..stop).unwrap_or_default()),
                    });
                }
                Some(b'\\') => {
                    let c = self.escape()?;
                    let text = text.get_or_insert_default();
                    text.push_str(piece);
                    text.push(c);
                }
                _ => return Err(self.unexpected("a character that may stand in a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        self.step();
        let simple = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.unexpected("an escape")),
        };
        self.step();
        Ok(simple)
    }

    fn unicode(&mut self) -> Result<char> {
        let high = self.unit()?;
        if let Some(c) = char::from_u32(high) {
            return Ok(c);
        }
        if (0xd800..0xdc00).contains(&high) && self.rest().starts_with("\\u") {
            self.step();
            let low = self.unit()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000_u32.saturating_add((high & 0x3ff).wrapping_shl(10)).saturating_add(low & 0x3ff);
                return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
        }
        Err(self.unexpected("the second half of a surrogate pair"))
    }

    fn unit(&mut self) -> Result<u32> {
        self.step();
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(unit) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return Err(self.unexpected("four hexadecimal digits"));
        };
        self.at = self.at.saturating_add(4);
        Ok(unit)
    }

    /// Takes a separator: true if another item follows, false if the list has ended.
    fn goes_on(&mut self, close: u8, expected: &'static str) -> Result<bool> {
        self.skip();
        let found = self.peek();
        if found != Some(b',') && found != Some(close) {
            return Err(self.unexpected(expected));
        }
        self.step();
        Ok(found == Some(b','))
    }

    /// Takes the end of a list that holds nothing.
    fn closes(&mut self, close: u8) -> bool {
        self.skip();
        let ends = self.peek() == Some(close);
        if ends {
            self.step();
        }
        ends
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<()> {
        self.skip();
        if self.peek() != Some(byte) {
            return Err(self.unexpected(expected));
        }
        self.step();
        Ok(())
    }

    fn skip(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.step();
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The byte of the file at which the next value starts.
    fn byte(&mut self) -> u64 {
        self.skip();
        PREFIX.saturating_add(self.at as u64)
    }

    fn place(&self) -> crate::error::Location {
        self.blob.location(PREFIX.saturating_add(self.at as u64))
    }

    fn unexpected(&self, expected: &'static str) -> Error {
        match self.rest().chars().next() {
            Some(c) => {
                let found = format!("'{}'", c.escape_debug());
                SafetensorsError::Unexpected { at: self.place(), found, expected }.into()
            }
            None => SafetensorsError::Ends { at: self.place() }.into(),
        }
    }
}
