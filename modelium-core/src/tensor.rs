//! Element types and constant tensors. A [`Tensor`] points at its elements; it does not hold a copy of them.

mod derived;
pub(crate) mod strided;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::blob::Blob;

pub use derived::{Channels, Derived};

/// The type of one element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each name is the type")]
#[non_exhaustive]
pub enum DType {
    Bool,
    Int2,
    Int4,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint2,
    Uint4,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float4E2M1,
    Float6E2M3,
    Float6E3M2,
    Float8E4M3Fn,
    Float8E4M3FnUz,
    Float8E5M2,
    Float8E5M2FnUz,
    Float8E8M0,
    Float16,
    Bfloat16,
    Float32,
    Float64,
    Complex64,
    Complex128,
    String,
}

impl DType {
    /// Bits of one element in memory; `None` for strings, which have no fixed size.
    pub const fn bits(self) -> Option<u64> {
        Some(match self {
            Self::Int2 | Self::Uint2 => 2,
            Self::Int4 | Self::Uint4 | Self::Float4E2M1 => 4,
            Self::Float6E2M3 | Self::Float6E3M2 => 6,
            Self::Bool
            | Self::Int8
            | Self::Uint8
            | Self::Float8E4M3Fn
            | Self::Float8E4M3FnUz
            | Self::Float8E5M2
            | Self::Float8E5M2FnUz
            | Self::Float8E8M0 => 8,
            Self::Int16 | Self::Uint16 | Self::Float16 | Self::Bfloat16 => 16,
            Self::Int32 | Self::Uint32 | Self::Float32 => 32,
            Self::Int64 | Self::Uint64 | Self::Float64 | Self::Complex64 => 64,
            Self::Complex128 => 128,
            Self::String => return None,
        })
    }

    /// Bytes that `elements` take, sub-byte types packed; `None` for strings or beyond 2⁶⁴.
    pub fn bytes_for(self, elements: u64) -> Option<u64> {
        let bits = u128::from(elements).checked_mul(u128::from(self.bits()?))?;
        u64::try_from(bits.div_ceil(8)).ok()
    }

    /// Every type.
    pub const ALL: [Self; 28] = [
        Self::Bool,
        Self::Int2,
        Self::Int4,
        Self::Int8,
        Self::Int16,
        Self::Int32,
        Self::Int64,
        Self::Uint2,
        Self::Uint4,
        Self::Uint8,
        Self::Uint16,
        Self::Uint32,
        Self::Uint64,
        Self::Float4E2M1,
        Self::Float6E2M3,
        Self::Float6E3M2,
        Self::Float8E4M3Fn,
        Self::Float8E4M3FnUz,
        Self::Float8E5M2,
        Self::Float8E5M2FnUz,
        Self::Float8E8M0,
        Self::Float16,
        Self::Bfloat16,
        Self::Float32,
        Self::Float64,
        Self::Complex64,
        Self::Complex128,
        Self::String,
    ];

    /// The type of that [name](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dtype| dtype.name() == name)
    }

    /// The name in lower case, as JSON and people spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int2 => "int2",
            Self::Int4 => "int4",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint2 => "uint2",
            Self::Uint4 => "uint4",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
            Self::Float4E2M1 => "float4e2m1",
            Self::Float6E2M3 => "float6e2m3",
            Self::Float6E3M2 => "float6e3m2",
            Self::Float8E4M3Fn => "float8e4m3fn",
            Self::Float8E4M3FnUz => "float8e4m3fnuz",
            Self::Float8E5M2 => "float8e5m2",
            Self::Float8E5M2FnUz => "float8e5m2fnuz",
            Self::Float8E8M0 => "float8e8m0",
            Self::Float16 => "float16",
            Self::Bfloat16 => "bfloat16",
            Self::Float32 => "float32",
            Self::Float64 => "float64",
            Self::Complex64 => "complex64",
            Self::Complex128 => "complex128",
            Self::String => "string",
        }
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A constant: element type, dimensions, and where its elements lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// The name it was stored under, if it had one.
    pub name: Option<String>,
    /// Element type.
    pub dtype: DType,
    /// Dimensions, outermost first; empty for a scalar.
    pub dims: Vec<u64>,
    /// The elements, row-major.
    pub data: Data,
    /// What else the file said about it.
    pub notes: Option<Box<Notes>>,
}

/// Where the elements of a tensor lie, and in which encoding.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Little-endian elements back to back, sub-byte types packed low bits first.
    Raw(Blob),
    /// The same bytes in another file, which export may point at again instead of writing them.
    External(External),
    /// Protobuf's typed fields: one chunk for each occurrence of the field.
    Fields(Field, Vec<Blob>),
    /// Strings, which are bytes without a fixed length.
    Strings(Vec<Bytes>),
    /// Elements that are computed from those of another tensor whenever they are read.
    Derived(Derived),
}

/// Elements that lie in a file beside the model.
#[derive(Debug, Clone, PartialEq)]
pub struct External {
    /// The bytes, mapped.
    pub blob: Blob,
    /// `location`, `offset`, `length`, … as the file spelt them.
    pub entries: Vec<(Option<String>, Option<String>)>,
}

/// Which typed field of ONNX's `TensorProto` holds the elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `float_data`: 4 bytes each; complex64 as pairs.
    Float,
    /// `int32_data`: varints; all integers up to 32 bits, and 16-bit floats by their bits.
    Int32,
    /// `int64_data`: varints.
    Int64,
    /// `double_data`: 8 bytes each; complex128 as pairs.
    Double,
    /// `uint64_data`: varints; uint32 too.
    Uint64,
}

/// Facts about a tensor that do not change its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// A comment.
    pub doc: Option<String>,
    /// Key and value pairs.
    pub metadata: Vec<(Option<String>, Option<String>)>,
    /// `data_location` was written although it says the default.
    pub location_spelt: bool,
}

impl Tensor {
    /// A tensor over little-endian bytes; `None` if the byte count does not fit dtype and dims.
    pub fn new(name: impl Into<String>, dtype: DType, dims: Vec<u64>, bytes: impl Into<Bytes>) -> Option<Self> {
        let name = name.into();
        let blob = Blob::from_bytes(name.clone(), bytes);
        let tensor = Self { name: Some(name), dtype, dims, data: Data::Raw(blob.clone()), notes: None };
        (tensor.byte_len()? == blob.len()).then_some(tensor)
    }

    /// Number of elements; `None` beyond 2⁶⁴.
    pub fn elements(&self) -> Option<u64> {
        self.dims.iter().try_fold(1_u64, |product, &dim| product.checked_mul(dim))
    }

    /// Bytes of the elements when packed; `None` for strings or beyond 2⁶⁴.
    pub fn byte_len(&self) -> Option<u64> {
        self.dtype.bytes_for(self.elements()?)
    }

    /// The elements as little-endian bytes, sub-byte types packed: borrowed where the file stores them so, computed each
    /// time where they are [derived](Data::Derived).
    ///
    /// `None` for strings, and for typed fields that do not hold what dtype and dims promise (the importer refuses
    /// those, so `None` here means strings).
    pub fn to_le_bytes(&self) -> Option<Cow<'_, [u8]>> {
        match &self.data {
            Data::Raw(blob) | Data::External(External { blob, .. }) => Some(Cow::Borrowed(blob)),
            Data::Fields(Field::Float | Field::Double, chunks) => match chunks.as_slice() {
                [chunk] => Some(Cow::Borrowed(chunk)),
                chunks => Some(Cow::Owned(chunks.iter().flat_map(|chunk| chunk.iter().copied()).collect())),
            },
            Data::Fields(Field::Int32 | Field::Int64 | Field::Uint64, chunks) => {
                pack_varints(self.dtype, self.elements()?, chunks).map(Cow::Owned)
            }
            Data::Derived(derived) => derived.bytes().map(Cow::Owned),
            Data::Strings(_) => None,
        }
    }

    /// The elements of an int64 or int32 tensor, as shape arithmetic uses them; `None` for other types.
    pub fn to_i64s(&self) -> Option<Vec<i64>> {
        let bytes = self.to_le_bytes()?;
        match self.dtype {
            DType::Int64 => Some(bytes.as_chunks().0.iter().map(|word| i64::from_le_bytes(*word)).collect()),
            DType::Int32 => Some(bytes.as_chunks().0.iter().map(|word| i32::from_le_bytes(*word).into()).collect()),
            _ => None,
        }
    }
}

/// Narrows protobuf varints to the tensor's own width. Elements of two and four bits come packed already, one byte a
/// varint; those of six bits come one a varint.
fn pack_varints(dtype: DType, elements: u64, chunks: &[Blob]) -> Option<Vec<u8>> {
    let width = usize::try_from(dtype.bits()?.div_ceil(8)).ok()?;
    let length = dtype.bytes_for(elements)?;
    let stored = chunks.iter().map(Blob::len).sum::<u64>().checked_mul(8)?;
    if length > stored {
        return None; // a varint is at least one byte long, so the claim cannot be met: allocate nothing
    }
    let mut packed = Vec::with_capacity(usize::try_from(length).ok()?);
    for chunk in chunks {
        let mut bytes = chunk.iter();
        while !bytes.as_slice().is_empty() {
            let word = varint(&mut bytes)?.to_le_bytes();
            packed.extend_from_slice(word.get(..width)?);
        }
    }
    if dtype.bits() == Some(6) {
        packed = packed.chunks(4).flat_map(join_six_bits).collect();
        packed.truncate(usize::try_from(length).ok()?);
    }
    (packed.len() as u64 == length).then_some(packed)
}

/// Four elements of six bits in three bytes, the first element lowest.
fn join_six_bits(elements: &[u8]) -> impl Iterator<Item = u8> + use<> {
    let word = elements.iter().rev().fold(0_u32, |word, element| word << 6 | u32::from(element & 0x3f));
    let [first, second, third, _] = word.to_le_bytes();
    [first, second, third].into_iter()
}

/// Reads one protobuf varint: seven bits a byte, least significant first.
fn varint(bytes: &mut std::slice::Iter<'_, u8>) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.next()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_byte_types_are_packed() {
        assert_eq!(DType::Int4.bytes_for(5), Some(3));
        assert_eq!(DType::Float64.bytes_for(u64::MAX), None);
    }

    #[test]
    fn varints_narrow_to_the_elements_width() {
        // int32_data of an int8 tensor [1, -2]: −2 is a ten-byte varint
        let chunk = Blob::from_bytes("t", vec![1, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]);
        let data = Data::Fields(Field::Int32, vec![chunk]);
        let tensor = Tensor { name: None, dtype: DType::Int8, dims: vec![2], data, notes: None };
        assert_eq!(tensor.to_le_bytes().unwrap().as_ref(), [1, 0xfe]);
    }

    #[test]
    fn six_bit_elements_form_one_stream_of_bits() {
        // 1, 2, 3, 4, 63: 000001 | 000010 | 000011 | 000100 | 111111, each group from its lowest bit on
        let data = Data::Fields(Field::Int32, vec![Blob::from_bytes("t", vec![1, 2, 3, 4, 63])]);
        let tensor = Tensor { name: None, dtype: DType::Float6E2M3, dims: vec![5], data, notes: None };
        assert_eq!(tensor.to_le_bytes().unwrap().as_ref(), [0x81, 0x30, 0x10, 0x3f]);
    }

    #[test]
    fn a_false_element_count_allocates_nothing() {
        let data = Data::Fields(Field::Int64, vec![Blob::from_bytes("t", vec![1])]);
        let tensor = Tensor { name: None, dtype: DType::Int64, dims: vec![1 << 40], data, notes: None };
        assert_eq!(tensor.to_le_bytes(), None);
    }
}
