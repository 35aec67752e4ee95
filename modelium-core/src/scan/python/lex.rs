//! Python source → tokens. Comments are gone, strings are one token, lines that continue are one line.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a keyword.
    Name,
    /// A string without its quotes; escapes stay as they are.
    String,
    /// A string with expressions in braces.
    Format,
    /// A number.
    Number,
    /// One character of punctuation.
    Mark,
    /// The end of a logical line.
    End,
}

/// A piece of source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Its first byte in the source.
    pub(super) at: usize,
    /// Its line, from 1.
    pub(super) line: u64,
    /// Columns before the first token of its line, a tab being eight.
    pub(super) indent: usize,
}

impl Token<'_> {
    pub(super) fn is(&self, mark: &str) -> bool {
        matches!(self.kind, Kind::Mark | Kind::Name) && self.text == mark
    }
}

/// All tokens of a source. Never fails: what is not Python gives tokens without meaning.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let bytes = source.as_bytes();
    let mut lexer = Lexer { source, bytes, at: 0, line: 1, indent: 0, open: 0, tokens: Vec::new() };
    lexer.run();
    lexer.tokens
}

struct Lexer<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: u64,
    indent: usize,
    /// Brackets that are open: a line break among them ends no line.
    open: u32,
    tokens: Vec<Token<'a>>,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at.saturating_add(ahead)).copied().unwrap_or_default()
    }

    fn step(&mut self, by: usize) {
        self.at = self.at.saturating_add(by).min(self.bytes.len());
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize, line: u64) {
        let text = self.source.get(start..end).unwrap_or_default();
        self.tokens.push(Token { kind, text, at: start, line, indent: self.indent });
    }

    fn run(&mut self) {
        if self.source.starts_with('\u{feff}') {
            self.step(3);
        }
        self.margin();
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b'\n' => {
                    if self.open == 0 && self.tokens.last().is_some_and(|token| token.kind != Kind::End) {
                        self.push(Kind::End, self.at, self.at, self.line);
                    }
                    self.step(1);
                    self.line = self.line.saturating_add(1);
                    if self.open == 0 {
                        self.margin();
                    }
                }
                b'\\' if self.peek(1) == b'\n' || (self.peek(1) == b'\r' && self.peek(2) == b'\n') => {
                    self.step(if self.peek(1) == b'\n' { 2 } else { 3 });
                    self.line = self.line.saturating_add(1);
                }
                b'#' => {
                    let rest = self.bytes.get(self.at..).unwrap_or_default();
                    self.step(memchr::memchr(b'\n', rest).unwrap_or(rest.len()));
                }
                b'"' | b'\'' => self.string(self.at, false),
                byte if byte.is_ascii_whitespace() => self.step(1),
                byte if byte.is_ascii_digit() => self.word(Kind::Number),
                byte if byte == b'_' || byte.is_ascii_alphabetic() || byte >= 0x80 => self.name(),
                byte => {
                    match byte {
                        b'(' | b'[' | b'{' => self.open = self.open.saturating_add(1),
                        b')' | b']' | b'}' => self.open = self.open.saturating_sub(1),
                        _ => {}
                    }
                    self.push(Kind::Mark, self.at, self.at.saturating_add(1), self.line);
                    self.step(1);
                }
            }
        }
        self.push(Kind::End, self.at, self.at, self.line);
    }

    /// Counts the blanks at the start of a line.
    fn margin(&mut self) {
        let mut columns = 0_usize;
        loop {
            match self.peek(0) {
                b' ' => columns = columns.saturating_add(1),
                b'\t' => columns = columns.saturating_add(8),
                b'\x0c' => columns = 0,
                _ => break,
            }
            self.step(1);
        }
        self.indent = columns;
    }

    fn word_end(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let letter = |byte: &u8| *byte == b'_' || byte.is_ascii_alphanumeric() || *byte >= 0x80;
        self.at.saturating_add(rest.iter().take_while(|byte| letter(byte)).count())
    }

    fn word(&mut self, kind: Kind) {
        let end = self.word_end();
        self.push(kind, self.at, end, self.line);
        self.at = end;
    }

    /// A name, or the letters in front of a string: `rb'…'`.
    fn name(&mut self) {
        let end = self.word_end();
        let word = self.source.get(self.at..end).unwrap_or_default();
        let quoted = matches!(self.bytes.get(end), Some(b'"' | b'\''));
        let prefix = word.len() <= 2
            && word.bytes().all(|byte| matches!(byte.to_ascii_lowercase(), b'r' | b'b' | b'u' | b'f' | b't'));
        if quoted && prefix {
            let format = word.bytes().any(|byte| matches!(byte.to_ascii_lowercase(), b'f' | b't'));
            self.string(end, format);
        } else {
            self.word(Kind::Name);
        }
    }

    /// A string whose first quote stands at `quote`.
    fn string(&mut self, quote: usize, format: bool) {
        let line = self.line;
        self.at = quote;
        let mark = self.peek(0);
        let triple = self.peek(1) == mark && self.peek(2) == mark;
        let width = if triple { 3 } else { 1 };
        self.step(width);
        let start = self.at;
        loop {
            let byte = self.peek(0);
            if self.at >= self.bytes.len() || (byte == b'\n' && !triple) {
                break;
            }
            if byte == mark && (!triple || (self.peek(1) == mark && self.peek(2) == mark)) {
                break;
            }
            if byte == b'\n' || (byte == b'\\' && self.peek(1) == b'\n') {
                self.line = self.line.saturating_add(1);
            }
            self.step(if byte == b'\\' { 2 } else { 1 });
        }
        let end = self.at;
        self.push(if format { Kind::Format } else { Kind::String }, start, end, line);
        if self.peek(0) == mark {
            self.step(width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        tokens(source).iter().filter(|token| token.kind != Kind::End).map(|token| token.text).collect()
    }

    #[test]
    fn comments_and_quotes_are_gone() {
        assert_eq!(texts("x = 'os.system' # os.system\n"), ["x", "=", "os.system"]);
        assert_eq!(texts("rb\"a\\\"b\" + '''c\nd''' "), ["a\\\"b", "+", "c\nd"]);
        assert_eq!(texts("f(1,\n  2)"), ["f", "(", "1", ",", "2", ")"]);
    }

    #[test]
    fn a_line_keeps_its_margin() {
        let tokens = tokens("def f():\n    x\ny\n");
        let indent = |text: &str| tokens.iter().find(|token| token.text == text).map(|token| token.indent);
        assert_eq!((indent("x"), indent("y")), (Some(4), Some(0)));
    }
}
