//! Text → tokens, as Jinja cuts it: data, and inside of tags names, strings, numbers and operators.

use crate::scan::template::Fault;

/// A token and the byte at which it starts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) at: usize,
    pub(super) kind: Kind<'a>,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind<'a> {
    /// Text between tags.
    Data(&'a str),
    /// `{{`
    VariableBegin,
    /// `}}`
    VariableEnd,
    /// `{%`
    BlockBegin,
    /// `%}`
    BlockEnd,
    Name(&'a str),
    /// With escapes resolved.
    String(String),
    /// None where it does not fit.
    Integer(Option<i64>),
    Float,
    Operator(&'static str),
    End,
}

/// The operators, longer ones first.
const OPERATORS: [&str; 27] = [
    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".",
    ":", "|", ",", ";", "!",
];

/// Cuts a text into tokens; the last one is the end.
pub(super) fn tokens(text: &str, cap: usize) -> Result<Vec<Token<'_>>, Fault> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), cap };
    while lexer.at < text.len() {
        lexer.data()?;
    }
    lexer.push(text.len(), Kind::End)?;
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token<'a>>,
    cap: usize,
}

impl<'a> Lexer<'a> {
    fn push(&mut self, at: usize, kind: Kind<'a>) -> Result<(), Fault> {
        if self.tokens.len() >= self.cap {
            return Err(Fault::TooLong);
        }
        self.tokens.push(Token { at, kind });
        Ok(())
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn take(&mut self, text: &str) -> bool {
        let there = self.rest().starts_with(text);
        if there {
            self.skip(text.len());
        }
        there
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.skip(rest.len().saturating_sub(rest.trim_start().len()));
    }

    /// Text up to a tag, then the tag.
    fn data(&mut self) -> Result<(), Fault> {
        let (start, rest) = (self.at, self.rest());
        let tag = rest.match_indices('{').map(|(at, _)| at);
        let mut tags = tag.filter(|at| {
            let next = rest.as_bytes().get(at.saturating_add(1));
            matches!(next, Some(b'{' | b'%' | b'#'))
        });
        let length = tags.next().unwrap_or(rest.len());
        if length > 0 {
            self.push(start, Kind::Data(rest.get(..length).unwrap_or_default()))?;
        }
        self.skip(length);
        let begin = self.at;
        let mark = self.rest().as_bytes().get(1).copied();
        if mark.is_none() {
            return Ok(());
        }
        self.skip(2);
        let _ = self.take("-") || self.take("+");
        match mark {
            Some(b'#') => self.comment(begin),
            Some(b'%') => {
                if self.raw(begin)? {
                    return Ok(());
                }
                self.push(begin, Kind::BlockBegin)?;
                self.tag(&["-%}", "+%}", "%}"], Kind::BlockEnd, begin)
            }
            _ => {
                self.push(begin, Kind::VariableBegin)?;
                self.tag(&["-}}", "}}"], Kind::VariableEnd, begin)
            }
        }
    }

    fn comment(&mut self, begin: usize) -> Result<(), Fault> {
        match self.rest().find("#}") {
            Some(length) => {
                self.skip(length.saturating_add(2));
                Ok(())
            }
            None => broken(begin, "the comment is never closed"),
        }
    }

    /// A raw section, if one begins here: what is in it is data.
    fn raw(&mut self, begin: usize) -> Result<bool, Fault> {
        let start = self.at;
        self.blanks();
        let opens = self.take("raw") && {
            self.blanks();
            self.take("-%}") || self.take("%}")
        };
        if !opens {
            self.at = start;
            return Ok(false);
        }
        let content = self.at;
        if self.rest().is_empty() {
            return Ok(true); // Jinja stops looking at the end of the text
        }
        while let Some(length) = self.rest().find("{%") {
            let end = self.at.saturating_add(length);
            self.skip(length.saturating_add(2));
            let _ = self.take("-") || self.take("+");
            self.blanks();
            if !self.take("endraw") {
                self.at = end.saturating_add(2);
                continue;
            }
            self.blanks();
            if self.take("-%}") || self.take("+%}") || self.take("%}") {
                self.push(content, Kind::Data(self.text.get(content..end).unwrap_or_default()))?;
                return Ok(true);
            }
            self.at = end.saturating_add(2);
        }
        broken(begin, "the raw section is never closed")
    }

    /// Tokens up to the end of a tag. Inside of brackets no end is an end.
    fn tag(&mut self, ends: &[&str], end: Kind<'a>, begin: usize) -> Result<(), Fault> {
        let mut open: Vec<&str> = Vec::new();
        loop {
            self.blanks();
            let at = self.at;
            let Some(first) = self.rest().chars().next() else {
                return broken(begin, "the tag is never closed");
            };
            if open.is_empty() && ends.iter().any(|end| self.take(end)) {
                return self.push(at, end);
            }
            let kind = if first.is_ascii_digit() {
                self.number()
            } else if first.is_alphanumeric() || first == '_' {
                self.name()?
            } else if first == '\'' || first == '"' {
                self.string(first)?
            } else {
                let Some(operator) = OPERATORS.into_iter().find(|operator| self.take(operator)) else {
                    return broken(at, format!("'{}' has no meaning here", first.escape_debug()));
                };
                match operator {
                    "(" => open.push(")"),
                    "[" => open.push("]"),
                    "{" => open.push("}"),
                    ")" | "]" | "}" => match open.pop() {
                        Some(expected) if expected == operator => {}
                        Some(expected) => return broken(at, format!("found '{operator}', expected '{expected}'")),
                        None => return broken(at, format!("'{operator}' closes nothing")),
                    },
                    "!" => return broken(at, "'!' has no meaning here"),
                    _ => {}
                }
                Kind::Operator(operator)
            };
            self.push(at, kind)?;
        }
    }

    fn name(&mut self) -> Result<Kind<'a>, Fault> {
        let (at, rest) = (self.at, self.rest());
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default();
        self.skip(length);
        if name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            Ok(Kind::Name(name))
        } else {
            broken(at, format!("'{name}' is no name"))
        }
    }

    /// Digits with `_` between them; how many bytes.
    fn digits(text: &str, is_digit: fn(char) -> bool) -> usize {
        let mut length = 0_usize;
        let mut letters = text.char_indices().peekable();
        while let Some((at, c)) = letters.next() {
            let digit_follows = letters.peek().is_some_and(|(_, next)| is_digit(*next));
            if !(is_digit(c) || c == '_' && at > 0 && digit_follows) {
                break;
            }
            length = at.saturating_add(1);
        }
        length
    }

    fn number(&mut self) -> Kind<'a> {
        let rest = self.rest();
        let decimal = |text: &str| Self::digits(text, |c| c.is_ascii_digit());
        let whole = decimal(rest);
        let after_dot = self.at.checked_sub(1).and_then(|before| self.text.as_bytes().get(before)) == Some(&b'.');
        let mut length = whole;
        let mut is_float = false;
        let from = |at: usize| rest.get(at..).unwrap_or_default();
        if let Some(fraction) = from(length).strip_prefix('.').map(decimal).filter(|digits| *digits > 0) {
            length = length.saturating_add(1).saturating_add(fraction);
            is_float = true;
        }
        if let Some(power) = from(length).strip_prefix(['e', 'E']) {
            let sign = usize::from(power.starts_with(['+', '-']));
            let digits = decimal(power.get(sign..).unwrap_or_default());
            if digits > 0 {
                length = length.saturating_add(1).saturating_add(sign).saturating_add(digits);
                is_float = true;
            }
        }
        if is_float && !after_dot {
            self.skip(length);
            return Kind::Float;
        }
        let (radix, is_digit): (u32, fn(char) -> bool) = match rest.as_bytes().get(..2) {
            Some(b"0x" | b"0X") => (16, |c| c.is_ascii_hexdigit()),
            Some(b"0o" | b"0O") => (8, |c| ('0'..='7').contains(&c)),
            Some(b"0b" | b"0B") => (2, |c| c == '0' || c == '1'),
            _ => (10, |c| c.is_ascii_digit()),
        };
        if radix != 10 {
            let body = from(2);
            let lead = usize::from(body.starts_with('_'));
            let digits = Self::digits(body.get(lead..).unwrap_or_default(), is_digit);
            if digits > 0 {
                let length = digits.saturating_add(lead);
                let value = body.get(..length).unwrap_or_default().replace('_', "");
                self.skip(length.saturating_add(2));
                return Kind::Integer(i64::from_str_radix(&value, radix).ok());
            }
        }
        let length = if rest.starts_with('0') { Self::digits(rest, |c| c == '0') } else { whole };
        let value = rest.get(..length).unwrap_or_default().replace('_', "");
        self.skip(length);
        Kind::Integer(value.parse().ok())
    }

    fn string(&mut self, quote: char) -> Result<Kind<'a>, Fault> {
        let at = self.at;
        self.skip(1);
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let Some(plain) = rest.find([quote, '\\']) else {
                return broken(at, "the string is never closed");
            };
            text.push_str(rest.get(..plain).unwrap_or_default());
            self.skip(plain.saturating_add(1));
            if rest.get(plain..).is_some_and(|rest| rest.starts_with(quote)) {
                return Ok(Kind::String(text));
            }
            let Some(letter) = self.rest().chars().next() else {
                return broken(at, "the string is never closed");
            };
            self.skip(letter.len_utf8());
            self.escape(letter, &mut text)?;
        }
    }

    /// One escape of Python, whose letter has been taken.
    fn escape(&mut self, letter: char, text: &mut String) -> Result<(), Fault> {
        let at = self.at;
        let simple = match letter {
            '\n' => return Ok(()),
            '\\' | '\'' | '"' => letter,
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'x' => self.hexadecimal(2)?,
            'u' => self.hexadecimal(4)?,
            'U' => self.hexadecimal(8)?,
            'N' => {
                let name = self.rest().strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
                let Some(name) = name.filter(|name| !name.is_empty()) else {
                    return broken(at, "the escape names no character");
                };
                self.skip(name.len().saturating_add(2));
                named(name)
            }
            '0'..='7' => {
                let rest = self.rest();
                let more = rest.bytes().take(2).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
                self.skip(more);
                let digits = format!("{letter}{}", rest.get(..more).unwrap_or_default());
                u32::from_str_radix(&digits, 8).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
            }
            // what is no escape stays as it is
            other => {
                text.push('\\');
                other
            }
        };
        text.push(simple);
        Ok(())
    }

    fn hexadecimal(&mut self, digits: usize) -> Result<char, Fault> {
        let at = self.at;
        let text = self.rest().get(..digits).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(code) = text.and_then(|text| u32::from_str_radix(text, 16).ok()) else {
            return broken(at, format!("the escape needs {digits} hexadecimal digits"));
        };
        self.skip(digits);
        if code > 0x10_ffff {
            return broken(at, "the escape names no character");
        }
        Ok(char::from_u32(code).unwrap_or('\u{fffd}')) // halves of pairs have no character
    }
}

/// The character of a Unicode name, as far as names of Python's attributes need them.
fn named(name: &str) -> char {
    const DIGITS: [&str; 10] = ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"];
    let name = name.to_ascii_uppercase();
    let letter = |name: &str| name.chars().next().filter(|_| name.len() == 1);
    if let Some(letter) = name.strip_prefix("LATIN SMALL LETTER ").and_then(letter) {
        return letter.to_ascii_lowercase();
    }
    if let Some(letter) = name.strip_prefix("LATIN CAPITAL LETTER ").and_then(letter) {
        return letter;
    }
    if let Some(word) = name.strip_prefix("DIGIT ") {
        let digit = DIGITS.iter().position(|digit| *digit == word);
        return digit.and_then(|digit| char::from_digit(u32::try_from(digit).ok()?, 10)).unwrap_or('\u{fffd}');
    }
    match name.as_str() {
        "LOW LINE" | "SPACING UNDERSCORE" => '_',
        "FULL STOP" | "PERIOD" => '.',
        _ => '\u{fffd}',
    }
}

pub(super) fn broken<T>(at: usize, reason: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Syntax { at, reason: reason.into() })
}
