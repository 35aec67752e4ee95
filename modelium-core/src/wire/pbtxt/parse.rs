//! Text → tree. Bounded in bytes and depth; every error says where and what was expected.

use crate::context::Limits;
use crate::error::{Classify, ErrorKind, Location};

use super::{Element, Field, Message, Position, Value};

/// Longer files are refused: a config with a hundred ports has 10 KB.
const MAX_BYTES: usize = 4 << 20;
/// The parser recurses once for each level, so the caller's cap alone must not decide. Protobuf's own limit is 100.
const MAX_DEPTH: u32 = 100;

/// Why a text is not protobuf text format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum PbtxtError {
    #[error("{bytes} bytes are too many for a config; at most {MAX_BYTES} are read")]
    TooLong { bytes: usize },
    #[error("messages lie more than {cap} deep at column {}", at.column)]
    TooDeep { at: Position, cap: u32 },
    #[error("found {found} at column {}, expected {expected}", at.column)]
    Unexpected { at: Position, found: String, expected: &'static str },
    #[error("the message that opens with '{open}' at line {} is not closed; found {found}, expected '{close}'", opened.line)]
    Unclosed { at: Position, opened: Position, open: char, close: char, found: String },
    #[error("'[' at column {} starts an extension or Any name, which a Triton config cannot hold", at.column)]
    Extension { at: Position },
    #[error("the string that starts at column {} does not end on its line; close it with {quote}", at.column)]
    OpenString { at: Position, quote: char },
    #[error("{reason} at column {}", at.column)]
    Escape { at: Position, reason: &'static str },
    #[error("'{text}' at column {} is not a number: {reason}", at.column)]
    Number { at: Position, text: String, reason: &'static str },
    #[error("the list at column {} holds messages and scalars; it must hold one kind", at.column)]
    MixedList { at: Position },
}

impl PbtxtError {
    /// Where it is; `None` if the text was not read at all.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::TooLong { .. } => None,
            Self::TooDeep { at, .. }
            | Self::Unexpected { at, .. }
            | Self::Unclosed { at, .. }
            | Self::Extension { at }
            | Self::OpenString { at, .. }
            | Self::Escape { at, .. }
            | Self::Number { at, .. }
            | Self::MixedList { at } => Some(*at),
        }
    }
}

impl Classify for PbtxtError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::TooLong { .. } | Self::TooDeep { .. } => ErrorKind::LimitExceeded,
            Self::Extension { .. } => ErrorKind::Unsupported,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        Location { line: self.position().map(|at| at.line.into()), ..Location::default() }
    }
}

/// Reads a text into a tree.
///
/// Reads what protobuf's C++ and Python parsers read, without the schema: a scalar needs its `:`, a message does not.
/// At most 4 MiB, and nested at most [`Limits::depth`] deep.
///
/// # Errors
/// The first place that is not text format.
pub fn parse(text: &[u8], limits: &Limits) -> Result<Message, PbtxtError> {
    if text.len() > MAX_BYTES {
        return Err(PbtxtError::TooLong { bytes: text.len() });
    }
    let cap = limits.depth.min(MAX_DEPTH);
    let mut parser = Parser { rest: text, at: Position { line: 1, column: 1 }, depth: 0, cap };
    let fields = parser.fields(None)?;
    Ok(Message { fields })
}

struct Parser<'a> {
    rest: &'a [u8],
    at: Position,
    depth: u32,
    cap: u32,
}

/// The brace that opened a message.
#[derive(Clone, Copy)]
struct Brace {
    at: Position,
    left: char,
    right: char,
}

impl<'a> Parser<'a> {
    /// The fields up to the closing brace, or to the end of the text.
    fn fields(&mut self, open: Option<Brace>) -> Result<Vec<Field>, PbtxtError> {
        let mut fields = Vec::new();
        loop {
            self.skip_blank();
            let at = self.at;
            match (self.peek(), open) {
                (None, None) => return Ok(fields),
                (Some(byte), Some(Brace { right, .. })) if char::from(byte) == right => {
                    self.bump();
                    return Ok(fields);
                }
                (Some(b'['), _) => return Err(PbtxtError::Extension { at }),
                (Some(byte), _) if byte.is_ascii_alphabetic() || byte == b'_' => {
                    let name = self.word().to_owned();
                    let value = self.after_name()?;
                    fields.push(Field { name, at, value });
                    self.skip_blank();
                    if matches!(self.peek(), Some(b',' | b';')) {
                        self.bump();
                    }
                }
                (None | Some(b'}' | b'>'), Some(Brace { at: opened, left: open, right: close })) => {
                    return Err(PbtxtError::Unclosed { at, opened, open, close, found: self.found() });
                }
                _ => return Err(self.unexpected("the name of a field")),
            }
        }
    }

    /// What follows a field's name.
    fn after_name(&mut self) -> Result<Value, PbtxtError> {
        self.skip_blank();
        let colon = self.peek() == Some(b':');
        if colon {
            self.bump();
            self.skip_blank();
        }
        match self.peek() {
            Some(b'[') => self.list(colon),
            Some(b'{' | b'<') => self.message(),
            _ if colon => self.scalar(),
            _ => Err(self.unexpected("':' or '{'")),
        }
    }

    fn message(&mut self) -> Result<Value, PbtxtError> {
        let at = self.at;
        let (left, right) = if self.peek() == Some(b'<') { ('<', '>') } else { ('{', '}') };
        if self.depth >= self.cap {
            return Err(PbtxtError::TooDeep { at, cap: self.cap });
        }
        self.bump();
        self.depth = self.depth.saturating_add(1);
        let fields = self.fields(Some(Brace { at, left, right }))?;
        self.depth = self.depth.saturating_sub(1);
        Ok(Value::Message(Message { fields }))
    }

    /// `[a, b]`; without a colon in front it can hold messages only.
    fn list(&mut self, colon: bool) -> Result<Value, PbtxtError> {
        let start = self.at;
        self.bump();
        let mut elements: Vec<Element> = Vec::new();
        self.skip_blank();
        if self.peek() == Some(b']') {
            self.bump();
            return Ok(Value::List(elements));
        }
        loop {
            let at = self.at;
            let value = match self.peek() {
                Some(b'{' | b'<') => self.message()?,
                _ if colon => self.scalar()?,
                _ => return Err(self.unexpected("'{', as the list has no ':' in front")),
            };
            let is_message = value.as_message().is_some();
            if elements.first().is_some_and(|first| first.value.as_message().is_some() != is_message) {
                return Err(PbtxtError::MixedList { at: start });
            }
            elements.push(Element { at, value });
            self.skip_blank();
            match self.peek() {
                Some(b',') => self.bump(),
                Some(b']') => {
                    self.bump();
                    return Ok(Value::List(elements));
                }
                _ => return Err(self.unexpected("',' or ']'")),
            }
            self.skip_blank();
        }
    }

    fn scalar(&mut self) -> Result<Value, PbtxtError> {
        match self.peek() {
            Some(b'"' | b'\'') => self.text(),
            Some(b'-') => {
                self.bump();
                self.skip_blank();
                match self.peek() {
                    Some(byte) if byte.is_ascii_digit() || byte == b'.' => self.number(true),
                    Some(byte) if byte.is_ascii_alphabetic() => self.negative_word(),
                    _ => Err(self.unexpected("a number after '-'")),
                }
            }
            Some(byte) if byte.is_ascii_digit() || byte == b'.' => self.number(false),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => Ok(Value::Word(self.word().to_owned())),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn negative_word(&mut self) -> Result<Value, PbtxtError> {
        let at = self.at;
        let word = self.word();
        match word.to_ascii_lowercase().as_str() {
            "inf" | "infinity" => Ok(Value::Float(f64::NEG_INFINITY)),
            "nan" => Ok(Value::Float(f64::NAN)),
            _ => Err(PbtxtError::Unexpected { at, found: format!("'{word}'"), expected: "a number after '-'" }),
        }
    }

    /// A number: all that can belong to one is taken first, so that `1x` is one wrong number and not two tokens.
    fn number(&mut self, negative: bool) -> Result<Value, PbtxtError> {
        let at = self.at;
        let mut previous = 0;
        let token = self.take_while(|byte| {
            let sign = matches!(byte, b'+' | b'-') && matches!(previous, b'e' | b'E');
            previous = byte;
            sign || byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_')
        });
        let wrong = |reason| PbtxtError::Number { at, text: token.escape_default().to_string(), reason };
        let integer = |digits: &str, radix, reason| {
            let magnitude = u64::from_str_radix(digits, radix).map_err(|_| wrong(reason))?;
            Ok(Value::Integer { negative, magnitude })
        };
        if let Some(digits) = token.strip_prefix("0x").or_else(|| token.strip_prefix("0X")) {
            return integer(digits, 16, "0x starts hexadecimal digits, at most 16");
        }
        if let Some(digits) = token.strip_prefix('0').filter(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
        {
            return integer(digits, 8, "a leading 0 starts octal digits");
        }
        if token.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(magnitude) = token.parse()
        {
            return Ok(Value::Integer { negative, magnitude });
        }
        // an integer beyond 64 bits is a float, as protobuf reads it
        let digits = token.strip_suffix(['f', 'F']).unwrap_or(token);
        let plain =
            digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
        let number: f64 = digits.parse().ok().filter(|_| plain).ok_or_else(|| wrong("digits, '.' and an exponent"))?;
        Ok(Value::Float(if negative { -number } else { number }))
    }

    /// One or more quoted literals, joined.
    fn text(&mut self) -> Result<Value, PbtxtError> {
        let mut bytes = Vec::new();
        while let Some(quote @ (b'"' | b'\'')) = self.peek() {
            let start = self.at;
            self.bump();
            loop {
                match self.peek() {
                    None | Some(b'\n') => {
                        return Err(PbtxtError::OpenString { at: start, quote: char::from(quote) });
                    }
                    Some(byte) if byte == quote => {
                        self.bump();
                        break;
                    }
                    Some(b'\\') => self.escape(&mut bytes)?,
                    Some(byte) => {
                        bytes.push(byte);
                        self.bump();
                    }
                }
            }
            self.skip_blank();
        }
        Ok(Value::Text(bytes))
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), PbtxtError> {
        let at = self.at;
        let wrong = |reason| PbtxtError::Escape { at, reason };
        self.bump();
        let letter = self.peek().ok_or_else(|| wrong("the text ends inside an escape"))?;
        if (b'0'..=b'7').contains(&letter) {
            let value = self.digits(8, 3).unwrap_or(0);
            bytes.push(u8::try_from(value).map_err(|_| wrong("an octal escape above \\377"))?);
            return Ok(());
        }
        self.bump();
        bytes.push(match letter {
            b'a' => 7,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 11,
            b'?' | b'\\' | b'\'' | b'"' => letter,
            b'x' | b'X' => {
                let value = self.digits(16, 2).ok_or_else(|| wrong("\\x without hexadecimal digits"))?;
                u8::try_from(value).map_err(|_| wrong("\\x without hexadecimal digits"))?
            }
            b'u' | b'U' => {
                let letter = self.unicode(if letter == b'u' { 4 } else { 8 });
                let letter = letter.ok_or_else(|| wrong("an escape that is no Unicode character"))?;
                bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return Err(wrong("an unknown escape; a backslash itself is written \\\\")),
        });
        Ok(())
    }

    /// The character of `\uXXXX` or `\UXXXXXXXX`; two halves of a surrogate pair make one.
    fn unicode(&mut self, digits: u32) -> Option<char> {
        let exact = |parser: &mut Self| {
            let before = parser.rest.len();
            let value = parser.digits(16, digits)?;
            (before.checked_sub(parser.rest.len()) == usize::try_from(digits).ok()).then_some(value)
        };
        let high = exact(self)?;
        if digits == 4 && (0xd800..0xdc00).contains(&high) && self.rest.starts_with(b"\\u") {
            self.bump();
            self.bump();
            let low = exact(self)?;
            let units = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
            return char::decode_utf16(units).next()?.ok();
        }
        char::from_u32(high)
    }

    /// Up to `most` digits; `None` if there is none.
    fn digits(&mut self, radix: u32, most: u32) -> Option<u32> {
        let mut left = most;
        let mut some = false;
        let mut value = 0_u32;
        while let Some(digit) = self.peek().filter(|_| left > 0).and_then(|byte| char::from(byte).to_digit(radix)) {
            value = value.checked_mul(radix)?.checked_add(digit)?;
            left = left.saturating_sub(1);
            some = true;
            self.bump();
        }
        some.then_some(value)
    }

    fn word(&mut self) -> &'a str {
        self.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }

    /// The ASCII bytes for which `belongs` holds.
    fn take_while(&mut self, mut belongs: impl FnMut(u8) -> bool) -> &'a str {
        let all = self.rest;
        let mut length = 0_usize;
        while let Some(byte) = self.peek().filter(|&byte| byte.is_ascii() && belongs(byte)) {
            debug_assert_ne!(byte, b'\n', "tokens lie on one line");
            self.bump();
            length = length.saturating_add(1);
        }
        all.get(..length).and_then(|token| std::str::from_utf8(token).ok()).unwrap_or_default()
    }

    /// White space and comments.
    fn skip_blank(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c => self.bump(),
                b'#' => {
                    while self.peek().is_some_and(|byte| byte != b'\n') {
                        self.bump();
                    }
                }
                _ => return,
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn bump(&mut self) {
        let Some((&byte, rest)) = self.rest.split_first() else { return };
        self.rest = rest;
        if byte == b'\n' {
            self.at = Position { line: self.at.line.saturating_add(1), column: 1 };
        } else {
            self.at.column = self.at.column.saturating_add(1);
        }
    }

    fn unexpected(&self, expected: &'static str) -> PbtxtError {
        PbtxtError::Unexpected { at: self.at, found: self.found(), expected }
    }

    /// What stands here, in words.
    fn found(&self) -> String {
        match self.peek() {
            None => "the end of the text".to_owned(),
            Some(0xef) if self.rest.starts_with(b"\xef\xbb\xbf") => "a byte order mark".to_owned(),
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'_' => {
                let length =
                    self.rest.iter().take(32).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_');
                format!("'{}'", self.rest.get(..length.count()).unwrap_or_default().escape_ascii())
            }
            Some(byte) if byte.is_ascii_graphic() => format!("'{}'", char::from(byte)),
            Some(byte) => format!("byte {byte:#04x}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Message, PbtxtError> {
        parse(text.as_bytes(), &Limits::default())
    }

    fn value(text: &str) -> Value {
        read(&format!("a: {text}")).unwrap().get("a").unwrap().1.clone()
    }

    #[test]
    fn knows_where_each_field_stands() {
        let tree = read("# head\nname: \"m\"\n  input [ { dims: [ 3,\n -1 ] } ];\n").unwrap();
        assert_eq!(tree.fields[1].at, Position { line: 3, column: 3 });
        let (_, input) = tree.get("input").unwrap();
        let dims: Vec<_> = input.as_message().unwrap().all("dims").map(|(at, dim)| (at.line, dim.as_i64())).collect();
        assert_eq!(dims, [(3, Some(3)), (4, Some(-1))]);
    }

    #[test]
    fn a_list_and_a_field_that_stands_twice_are_the_same() {
        let tree = read("dims: 1 dims: [2, 3] dims: 4").unwrap();
        assert_eq!(tree.all("dims").filter_map(|(_, dim)| dim.as_i64()).collect::<Vec<_>>(), [1, 2, 3, 4]);
    }

    #[test]
    fn numbers_in_each_notation() {
        for (text, number) in [("0", 0), ("017", 15), ("0x1F", 31), ("- 8", -8), ("-9223372036854775808", i64::MIN)] {
            assert_eq!(value(text).as_i64(), Some(number), "{text}");
        }
        for (text, number) in [("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("1e-3", 1e-3), ("2f", 2.0), ("-1.5F", -1.5)] {
            assert_eq!(value(text), Value::Float(number), "{text}");
        }
        assert_eq!(value("18446744073709551616"), Value::Float(18_446_744_073_709_551_616.0));
        assert_eq!(value("-inf"), Value::Float(f64::NEG_INFINITY));
        assert_eq!(value("inf"), Value::word("inf"));
    }

    #[test]
    fn strings_are_unescaped_and_joined() {
        assert_eq!(
            value(
                r#""a\n\x41\101\u00e9" 'b"' # and
            "\ud83d\ude00""#
            )
            .as_str(),
            Some("a\nAAéb\"😀")
        );
        assert_eq!(value(r#""\377""#), Value::Text(vec![0xff]));
    }

    #[test]
    fn each_spelling_of_a_message() {
        let same = read("a { b: 1 }").unwrap();
        for text in ["a: { b: 1 }", "a < b: 1 >", "a:<b:1;>,", "a{b:1,}"] {
            let (_, found) = read(text).unwrap().get("a").map(|(at, value)| (at, value.clone())).unwrap();
            let Value::Message(message) = found else { panic!("{text}") };
            assert_eq!(message.fields[0].value, same.get("a").unwrap().1.as_message().unwrap().fields[0].value);
        }
    }

    #[test]
    fn what_is_printed_reads_as_the_same() {
        let text =
            "name: \"a\\\"b\\001\\377é\"\ninput [\n  {\n    dims: [ 1, -1 ]\n  },\n  { }\n]\nx: -0.5\ny: FOO\nz { }\n";
        assert_eq!(read(text).unwrap().to_text(), text);
    }
}
