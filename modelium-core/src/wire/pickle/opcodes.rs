//! Every opcode of protocols 0 to 5, and how its argument is laid out.

use crate::wire::pickle::{Fault, FaultKind};

/// How the argument of an opcode is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// No argument.
    Nothing,
    /// One byte.
    U8,
    /// Two bytes, little-endian.
    U16,
    /// Four bytes, little-endian, signed.
    I32,
    /// Four bytes, little-endian.
    U32,
    /// Eight bytes, little-endian.
    U64,
    /// Eight bytes, big-endian IEEE 754.
    F64,
    /// Text up to the next line feed.
    Line,
    /// Two of these.
    Lines,
    /// A length of one byte, and as many bytes.
    Counted8,
    /// A length of four bytes, signed, and as many bytes.
    CountedI32,
    /// A length of four bytes, and as many bytes.
    Counted32,
    /// A length of eight bytes, and as many bytes.
    Counted64,
}

/// What follows an opcode. Ranges are of bytes of the input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Argument {
    /// Nothing.
    Nothing,
    /// A number.
    Number(i64),
    /// A length or an index of eight bytes.
    Long(u64),
    /// A floating-point number.
    Float(f64),
    /// Bytes: where they start, and how many they are.
    Bytes(u64, u64),
    /// Two lines, each as above.
    Lines((u64, u64), (u64, u64)),
}

/// One opcode of the language.
#[derive(Debug, PartialEq, Eq)]
pub struct Opcode {
    /// Its byte.
    pub code: u8,
    /// Its name, as `pickletools` spells it.
    pub name: &'static str,
    /// The protocol that brought it.
    pub protocol: u8,
    /// How its argument is laid out.
    pub layout: Layout,
}

/// One opcode at its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Instruction {
    /// Which.
    pub opcode: &'static Opcode,
    /// With what.
    pub argument: Argument,
    /// Where it starts.
    pub start: u64,
    /// Where the next one starts.
    pub end: u64,
}

macro_rules! opcodes {
    ($($name:ident $code:literal $protocol:literal $layout:ident;)*) => {
        $(#[doc = concat!("The opcode of protocol ", $protocol, " by this name.")]
        pub const $name: u8 = $code;)*

        /// All of them, in the order of the protocols.
        pub static OPCODES: &[Opcode] = &[$(Opcode {
            code: $code,
            name: stringify!($name),
            protocol: $protocol,
            layout: Layout::$layout,
        }),*];
    };
}

opcodes! {
    MARK b'(' 0 Nothing;
    STOP b'.' 0 Nothing;
    POP b'0' 0 Nothing;
    POP_MARK b'1' 1 Nothing;
    DUP b'2' 0 Nothing;
    FLOAT b'F' 0 Line;
    INT b'I' 0 Line;
    BININT b'J' 1 I32;
    BININT1 b'K' 1 U8;
    LONG b'L' 0 Line;
    BININT2 b'M' 1 U16;
    NONE b'N' 0 Nothing;
    PERSID b'P' 0 Line;
    BINPERSID b'Q' 1 Nothing;
    REDUCE b'R' 0 Nothing;
    STRING b'S' 0 Line;
    BINSTRING b'T' 1 CountedI32;
    SHORT_BINSTRING b'U' 1 Counted8;
    UNICODE b'V' 0 Line;
    BINUNICODE b'X' 1 Counted32;
    APPEND b'a' 0 Nothing;
    BUILD b'b' 0 Nothing;
    GLOBAL b'c' 0 Lines;
    DICT b'd' 0 Nothing;
    EMPTY_DICT b'}' 1 Nothing;
    APPENDS b'e' 1 Nothing;
    GET b'g' 0 Line;
    BINGET b'h' 1 U8;
    INST b'i' 0 Lines;
    LONG_BINGET b'j' 1 U32;
    LIST b'l' 0 Nothing;
    EMPTY_LIST b']' 1 Nothing;
    OBJ b'o' 1 Nothing;
    PUT b'p' 0 Line;
    BINPUT b'q' 1 U8;
    LONG_BINPUT b'r' 1 U32;
    SETITEM b's' 0 Nothing;
    TUPLE b't' 0 Nothing;
    EMPTY_TUPLE b')' 1 Nothing;
    SETITEMS b'u' 1 Nothing;
    BINFLOAT b'G' 1 F64;
    PROTO 0x80 2 U8;
    NEWOBJ 0x81 2 Nothing;
    EXT1 0x82 2 U8;
    EXT2 0x83 2 U16;
    EXT4 0x84 2 I32;
    TUPLE1 0x85 2 Nothing;
    TUPLE2 0x86 2 Nothing;
    TUPLE3 0x87 2 Nothing;
    NEWTRUE 0x88 2 Nothing;
    NEWFALSE 0x89 2 Nothing;
    LONG1 0x8a 2 Counted8;
    LONG4 0x8b 2 CountedI32;
    BINBYTES b'B' 3 Counted32;
    SHORT_BINBYTES b'C' 3 Counted8;
    SHORT_BINUNICODE 0x8c 4 Counted8;
    BINUNICODE8 0x8d 4 Counted64;
    BINBYTES8 0x8e 4 Counted64;
    EMPTY_SET 0x8f 4 Nothing;
    ADDITEMS 0x90 4 Nothing;
    FROZENSET 0x91 4 Nothing;
    NEWOBJ_EX 0x92 4 Nothing;
    STACK_GLOBAL 0x93 4 Nothing;
    MEMOIZE 0x94 4 Nothing;
    FRAME 0x95 4 U64;
    BYTEARRAY8 0x96 5 Counted64;
    NEXT_BUFFER 0x97 5 Nothing;
    READONLY_BUFFER 0x98 5 Nothing;
}

/// The opcode of each byte.
static BY_CODE: [Option<&Opcode>; 256] = index();

#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "evaluated by the compiler")]
const fn index() -> [Option<&'static Opcode>; 256] {
    let mut table = [None; 256];
    let mut at = 0;
    while at < OPCODES.len() {
        table[OPCODES[at].code as usize] = Some(&OPCODES[at]);
        at += 1;
    }
    table
}

/// The opcode of a byte.
pub fn opcode(code: u8) -> Option<&'static Opcode> {
    BY_CODE.get(usize::from(code)).copied().flatten()
}

/// Reads the instruction at a byte of the input.
///
/// # Errors
/// The fault that a loader raises there: an unknown opcode, an argument that is cut off, a negative length.
pub fn decode(bytes: &[u8], start: u64) -> Result<Instruction, Fault> {
    let fault = |kind| Fault { byte: start, kind };
    let mut cursor = Cursor { bytes, at: start };
    let Some([code]) = cursor.take() else { return Err(fault(FaultKind::Truncated)) };
    let Some(opcode) = opcode(code) else { return Err(fault(FaultKind::UnknownOpcode { code })) };
    let cut = || fault(FaultKind::CutOff { opcode: opcode.name });
    let argument = match opcode.layout {
        Layout::Nothing => Some(Argument::Nothing),
        Layout::U8 => cursor.take().map(|[byte]| Argument::Number(byte.into())),
        Layout::U16 => cursor.take().map(|word| Argument::Number(u16::from_le_bytes(word).into())),
        Layout::I32 => cursor.take().map(|word| Argument::Number(i32::from_le_bytes(word).into())),
        Layout::U32 => cursor.take().map(|word| Argument::Number(u32::from_le_bytes(word).into())),
        Layout::U64 => cursor.take().map(|word| Argument::Long(u64::from_le_bytes(word))),
        Layout::F64 => cursor.take().map(|word| Argument::Float(f64::from_be_bytes(word))),
        Layout::Line => cursor.line().map(|(at, length)| Argument::Bytes(at, length)),
        Layout::Lines => cursor.line().zip(cursor.line()).map(|(first, second)| Argument::Lines(first, second)),
        Layout::Counted8 => cursor.take().and_then(|[length]| cursor.counted(length.into())),
        Layout::CountedI32 => match cursor.take().map(i32::from_le_bytes) {
            Some(length) => match u64::try_from(length) {
                Ok(length) => cursor.counted(length),
                Err(_) => return Err(fault(FaultKind::NegativeLength { opcode: opcode.name, length: length.into() })),
            },
            None => None,
        },
        Layout::Counted32 => cursor.take().and_then(|word| cursor.counted(u32::from_le_bytes(word).into())),
        Layout::Counted64 => cursor.take().and_then(|word| cursor.counted(u64::from_le_bytes(word))),
    };
    let argument = argument.ok_or_else(cut)?;
    Ok(Instruction { opcode, argument, start, end: cursor.at })
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: u64,
}

impl Cursor<'_> {
    fn rest(&self) -> &[u8] {
        usize::try_from(self.at).ok().and_then(|at| self.bytes.get(at..)).unwrap_or_default()
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let word = *self.rest().first_chunk()?;
        self.at = self.at.checked_add(N as u64)?;
        Some(word)
    }

    fn counted(&mut self, length: u64) -> Option<Argument> {
        let start = self.at;
        let end = start.checked_add(length)?;
        if end > self.bytes.len() as u64 {
            return None;
        }
        self.at = end;
        Some(Argument::Bytes(start, length))
    }

    /// A loader demands the line feed, and does not count it.
    fn line(&mut self) -> Option<(u64, u64)> {
        let start = self.at;
        let length = memchr::memchr(b'\n', self.rest())? as u64;
        self.at = start.checked_add(length)?.checked_add(1)?;
        Some((start, length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_sixty_eight_and_each_byte_has_one() {
        assert_eq!(OPCODES.len(), 68);
        for listed in OPCODES {
            assert_eq!(opcode(listed.code), Some(listed));
        }
        assert_eq!((0..=255).filter(|code| opcode(*code).is_some()).count(), 68);
    }
}
