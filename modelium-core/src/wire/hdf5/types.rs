//! The types and shapes of datasets and attributes.

use crate::tensor::DType;
use crate::wire::hdf5::Hdf5Error;
use crate::wire::hdf5::cursor::{Cursor, width};

/// The type of one element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datatype {
    /// Bytes of one element in the file.
    pub size: u64,
    /// What it is.
    pub class: Class,
}

/// What sort of type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    /// Whole numbers.
    Integer {
        /// With a sign.
        signed: bool,
        /// The most significant byte first.
        big_endian: bool,
    },
    /// Floating point numbers.
    Float {
        /// Bits of the exponent, which tell `bfloat16` from `float16`.
        exponent: u8,
        /// Bits of the fraction.
        mantissa: u8,
        /// The most significant byte first.
        big_endian: bool,
    },
    /// Points in time.
    Time,
    /// Text of a fixed length.
    String,
    /// Bits.
    Bitfield,
    /// Bytes that only their writer understands, with the tag that it left.
    Opaque(String),
    /// Fields one after another.
    Compound(Vec<(String, Datatype)>),
    /// Addresses of other objects, or of regions in them.
    Reference,
    /// Names for numbers.
    Enum {
        /// The numbers' type.
        base: Box<Datatype>,
        /// The names.
        names: Vec<String>,
    },
    /// Text of any length, stored apart.
    VlenString,
    /// Lists of any length, stored apart.
    Vlen(Box<Datatype>),
    /// Arrays of a fixed shape.
    Array {
        /// The shape.
        dims: Vec<u64>,
        /// The elements.
        base: Box<Datatype>,
    },
    /// Complex numbers of two parts.
    Complex(Box<Datatype>),
}

impl Datatype {
    /// The element type of a tensor, where the library's own readers know one.
    pub fn dtype(&self) -> Option<DType> {
        Some(match (&self.class, self.size) {
            (Class::Integer { signed: true, .. }, 1) => DType::Int8,
            (Class::Integer { signed: true, .. }, 2) => DType::Int16,
            (Class::Integer { signed: true, .. }, 4) => DType::Int32,
            (Class::Integer { signed: true, .. }, 8) => DType::Int64,
            (Class::Integer { .. }, 1) => DType::Uint8,
            (Class::Integer { .. }, 2) => DType::Uint16,
            (Class::Integer { .. }, 4) => DType::Uint32,
            (Class::Integer { .. }, 8) => DType::Uint64,
            (Class::Float { exponent: 5, mantissa: 10, .. }, 2) => DType::Float16,
            (Class::Float { exponent: 8, mantissa: 7, .. }, 2) => DType::Bfloat16,
            (Class::Float { exponent: 4, mantissa: 3, .. }, 1) => DType::Float8E4M3Fn,
            (Class::Float { exponent: 5, mantissa: 2, .. }, 1) => DType::Float8E5M2,
            (Class::Float { .. }, 4) => DType::Float32,
            (Class::Float { .. }, 8) => DType::Float64,
            (Class::Enum { names, .. }, 1) if names == &["FALSE", "TRUE"] => DType::Bool,
            (Class::Complex(_), 8) => DType::Complex64,
            (Class::Complex(_), 16) => DType::Complex128,
            (Class::Compound(fields), 8 | 16) => {
                match fields.as_slice() {
                    [(re, a), (im, b)]
                        if re == "r" && im == "i" && a == b && matches!(a.class, Class::Float { .. }) =>
                    {
                        if self.size == 8 { DType::Complex64 } else { DType::Complex128 }
                    }
                    _ => return None,
                }
            }
            (Class::String | Class::VlenString, _) => DType::String,
            _ => return None,
        })
    }

    /// The name of the type: [`DType`]'s, or HDF5's own word for the class.
    pub fn name(&self) -> &'static str {
        self.dtype().map_or_else(
            || match self.class {
                Class::Integer { .. } => "integer",
                Class::Float { .. } => "float",
                Class::Time => "time",
                Class::String | Class::VlenString => "string",
                Class::Bitfield => "bitfield",
                Class::Opaque(_) => "opaque",
                Class::Compound(_) => "compound",
                Class::Reference => "reference",
                Class::Enum { .. } => "enum",
                Class::Vlen(_) => "vlen",
                Class::Array { .. } => "array",
                Class::Complex(_) => "complex",
            },
            DType::name,
        )
    }

    /// True if the type is opaque, or holds one that is.
    pub fn opaque(&self) -> Option<&str> {
        match &self.class {
            Class::Opaque(tag) => Some(tag),
            Class::Compound(fields) => fields.iter().find_map(|(_, field)| field.opaque()),
            Class::Vlen(base) | Class::Array { base, .. } => base.opaque(),
            _ => None,
        }
    }
}

/// Types nest at most this deep: the library's own writers do not go beyond a handful.
const DEPTH: u32 = 16;

/// Reads a datatype message.
pub(super) fn datatype(cursor: &mut Cursor) -> Result<Datatype, Hdf5Error> {
    read(cursor, 0)
}

fn read(cursor: &mut Cursor, depth: u32) -> Result<Datatype, Hdf5Error> {
    const WHAT: &str = "a datatype";
    let at = cursor.place();
    if depth > DEPTH {
        return Err(Hdf5Error::TooDeep { at, what: "datatypes", cap: DEPTH });
    }
    let head = cursor.u8(WHAT)?;
    let (class, version) = (head & 15, head.wrapping_shr(4));
    if !(1..=5).contains(&version) {
        return Err(Hdf5Error::Version { at, what: WHAT, version: version.into() });
    }
    let bits = cursor.uint(3, WHAT)?;
    let size = cursor.u32(WHAT)?;
    if size == 0 {
        let (what, expected) = ("the size of a datatype", "at least 1");
        return Err(Hdf5Error::Unexpected { at, what, found: 0, expected });
    }
    let big_endian = bits & 1 == 1;
    let base = |cursor: &mut Cursor| read(cursor, depth.saturating_add(1)).map(Box::new);
    let class = match class {
        0 => {
            cursor.skip(4, WHAT)?;
            Class::Integer { signed: bits & 8 != 0, big_endian }
        }
        1 => {
            cursor.skip(5, WHAT)?;
            let exponent = cursor.u8(WHAT)?;
            cursor.skip(1, WHAT)?;
            let mantissa = cursor.u8(WHAT)?;
            cursor.skip(4, WHAT)?;
            Class::Float { exponent, mantissa, big_endian }
        }
        2 => {
            cursor.skip(2, WHAT)?;
            Class::Time
        }
        3 => Class::String,
        4 => {
            cursor.skip(4, WHAT)?;
            Class::Bitfield
        }
        5 => {
            let tag = cursor.take(bits & 0xff, WHAT)?;
            Class::Opaque(super::cursor::lossy(&tag))
        }
        6 => Class::Compound(fields(cursor, version, size, bits & 0xffff, depth)?),
        7 => Class::Reference,
        8 => {
            let base = base(cursor)?;
            let count = bits & 0xffff;
            let mut names = Vec::new();
            for _ in 0..count {
                names.push(name(cursor, version)?);
            }
            cursor.skip(count.saturating_mul(base.size), WHAT)?;
            Class::Enum { base, names }
        }
        9 => {
            let base = base(cursor)?;
            if bits & 15 == 1 { Class::VlenString } else { Class::Vlen(base) }
        }
        10 => {
            let rank = cursor.u8(WHAT)?;
            if version < 3 {
                cursor.skip(3, WHAT)?;
            }
            let mut dims = Vec::new();
            for _ in 0..rank {
                dims.push(cursor.u32(WHAT)?);
            }
            if version < 3 {
                cursor.skip(u64::from(rank).saturating_mul(4), WHAT)?;
            }
            Class::Array { dims, base: base(cursor)? }
        }
        11 => Class::Complex(base(cursor)?),
        other => {
            let (what, expected) = ("the class of a datatype", "0 to 11");
            return Err(Hdf5Error::Unexpected { at, what, found: other.into(), expected });
        }
    };
    Ok(Datatype { size, class })
}

fn fields(
    cursor: &mut Cursor,
    version: u8,
    size: u64,
    count: u64,
    depth: u32,
) -> Result<Vec<(String, Datatype)>, Hdf5Error> {
    const WHAT: &str = "a field of a compound type";
    let mut fields = Vec::new();
    for _ in 0..count {
        let name = name(cursor, version)?;
        cursor.skip(if version < 3 { 4 } else { width(size) }, WHAT)?;
        if version == 1 {
            // dimensions of an array, which later versions made a type of its own
            cursor.skip(28, WHAT)?;
        }
        fields.push((name, read(cursor, depth.saturating_add(1))?));
    }
    Ok(fields)
}

/// A name inside a datatype; padded to eight bytes before version 3.
fn name(cursor: &mut Cursor, version: u8) -> Result<String, Hdf5Error> {
    let start = cursor.position();
    let name = cursor.text("a name in a datatype")?;
    if version < 3 {
        let taken = cursor.position().saturating_sub(start);
        let padded = taken.checked_next_multiple_of(8).unwrap_or(taken);
        cursor.skip(padded.saturating_sub(taken), "a name in a datatype")?;
    }
    Ok(name)
}

/// Reads a dataspace message: the dimensions, or none for a space without elements.
pub(super) fn dataspace(cursor: &mut Cursor, rank_cap: u32) -> Result<Option<Vec<u64>>, Hdf5Error> {
    const WHAT: &str = "a dataspace";
    let version = cursor.version(&[1, 2], WHAT)?;
    let at = cursor.place();
    let rank = cursor.u8(WHAT)?;
    cursor.u8(WHAT)?;
    let null = if version == 1 {
        cursor.skip(5, WHAT)?;
        false
    } else {
        cursor.u8(WHAT)? == 2
    };
    if u32::from(rank) > rank_cap {
        let (found, cap) = (rank.into(), rank_cap.into());
        return Err(Hdf5Error::TooMany { at, what: "the rank of a dataspace", found, cap, limit: "rank" });
    }
    let mut dims = Vec::new();
    for _ in 0..rank {
        dims.push(cursor.length(WHAT)?);
    }
    Ok((!null).then_some(dims))
}
