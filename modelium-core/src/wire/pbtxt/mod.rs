//! Protobuf's text format, as `config.pbtxt` is written in it: a tree that knows where each field stands.
//!
//! Reading needs no schema: `parse` gives the fields as they are spelt, and lint compares them with the table of
//! Triton's messages. Writing is canonical: one tree, one text. The specification is
//! <https://protobuf.dev/reference/protobuf/textformat-spec/>.

mod parse;
mod print;

pub use parse::{PbtxtError, parse};

/// The fields between two braces, or of a whole file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Message {
    /// In the order of the file; a repeated field may stand several times.
    pub fields: Vec<Field>,
}

/// One field as it is spelt.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Where its name stands.
    pub at: Position,
    /// What it holds.
    pub value: Value,
}

/// A place in a text, both from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The byte in that line.
    pub column: u32,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `{ … }` or `< … >`.
    Message(Message),
    /// `[ … ]`: several values of one repeated field.
    List(Vec<Element>),
    /// An integer, decimal, octal or hexadecimal.
    Integer {
        /// It has a minus sign.
        negative: bool,
        /// Its digits.
        magnitude: u64,
    },
    /// A number with a point, an exponent or an `f`; infinities and NaN that have a minus sign.
    Float(f64),
    /// A bare word: the name of an enum value, `true`, `inf`, …
    Word(String),
    /// Quoted; escapes are resolved, adjacent literals joined. The bytes need not be UTF-8.
    Text(Vec<u8>),
}

/// One value of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// Where it starts.
    pub at: Position,
    /// What it is; never a list.
    pub value: Value,
}

impl Message {
    /// The values of a field, whether it stands several times, holds a list, or both.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (Position, &'a Value)> {
        self.fields.iter().filter(move |field| field.name == name).flat_map(Field::values)
    }

    /// The value of a field that stands once; the last one if it stands more often, as protobuf merges.
    pub fn get<'a>(&'a self, name: &'a str) -> Option<(Position, &'a Value)> {
        self.all(name).last()
    }

    /// Appends a field that has no place in any file.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.fields.push(Field { name: name.into(), at: Position::default(), value: value.into() });
    }

    /// The canonical text: two spaces for each level, one field a line, lists of scalars on one line.
    pub fn to_text(&self) -> String {
        print::message(self)
    }
}

impl Field {
    /// The values: those of a list, or the one.
    pub fn values(&self) -> impl Iterator<Item = (Position, &Value)> {
        let (one, list) = match &self.value {
            Value::List(elements) => (None, elements.as_slice()),
            value => (Some((self.at, value)), [].as_slice()),
        };
        one.into_iter().chain(list.iter().map(|element| (element.at, &element.value)))
    }
}

impl Value {
    /// A list of values that have no place in any file.
    pub fn list<T: Into<Self>>(values: impl IntoIterator<Item = T>) -> Self {
        let element = |value: T| Element { at: Position::default(), value: value.into() };
        Self::List(values.into_iter().map(element).collect())
    }

    /// The name of an enum value, or `true` and its like.
    pub fn word(name: impl Into<String>) -> Self {
        Self::Word(name.into())
    }

    /// The message, if it is one.
    pub fn as_message(&self) -> Option<&Message> {
        if let Self::Message(message) = self { Some(message) } else { None }
    }

    /// The string, if it is one and UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Text(bytes) = self { std::str::from_utf8(bytes).ok() } else { None }
    }

    /// The bare word, if it is one.
    pub fn as_word(&self) -> Option<&str> {
        if let Self::Word(word) = self { Some(word) } else { None }
    }

    /// The integer, if it is one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        let Self::Integer { negative, magnitude } = *self else { return None };
        if negative { 0_i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
    }

    /// True or false, in each of the spellings that protobuf takes.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Word(word) => match word.as_str() {
                "true" | "True" | "t" => Some(true),
                "false" | "False" | "f" => Some(false),
                _ => None,
            },
            Self::Integer { negative: false, magnitude: 0 } => Some(false),
            Self::Integer { negative: false, magnitude: 1 } => Some(true),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.as_bytes().to_vec())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer { negative: number < 0, magnitude: number.unsigned_abs() }
    }
}

impl From<u64> for Value {
    fn from(magnitude: u64) -> Self {
        Self::Integer { negative: false, magnitude }
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        u64::from(number).into()
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::word(if yes { "true" } else { "false" })
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}
