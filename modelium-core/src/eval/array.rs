//! Dense tensors in memory.

use std::any::Any;
use std::sync::Arc;

use bytes::Bytes;
use half::{bf16, f16};

use crate::blob::Blob;
use crate::eval::number;
use crate::tensor::{DType, Data, Tensor};

/// A dense tensor: dimensions outermost first, and elements in row-major order. Clones share the elements.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    dims: Vec<usize>,
    buffer: Buffer,
}

/// The elements of an [`Array`].
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each name is the element type")]
pub enum Buffer {
    Bool(Arc<Vec<bool>>),
    Int8(Arc<Vec<i8>>),
    Int16(Arc<Vec<i16>>),
    Int32(Arc<Vec<i32>>),
    Int64(Arc<Vec<i64>>),
    Uint8(Arc<Vec<u8>>),
    Uint16(Arc<Vec<u16>>),
    Uint32(Arc<Vec<u32>>),
    Uint64(Arc<Vec<u64>>),
    Float16(Arc<Vec<f16>>),
    Bfloat16(Arc<Vec<bf16>>),
    Float32(Arc<Vec<f32>>),
    Float64(Arc<Vec<f64>>),
    /// Real and imaginary part.
    Complex64(Arc<Vec<[f32; 2]>>),
    /// Real and imaginary part.
    Complex128(Arc<Vec<[f64; 2]>>),
    String(Arc<Vec<Bytes>>),
    /// The types of fewer than eight bits, and floats of eight: one code a byte, in its low bits.
    Small(DType, Arc<Vec<u8>>),
}

/// Runs `$body` with `$items` bound to the `Arc<Vec<_>>` of whichever type the buffer holds.
macro_rules! each_buffer {
    ($buffer:expr, $items:ident => $body:expr) => {
        match $buffer {
            $crate::eval::array::Buffer::Bool($items) => $body,
            $crate::eval::array::Buffer::Int8($items) => $body,
            $crate::eval::array::Buffer::Int16($items) => $body,
            $crate::eval::array::Buffer::Int32($items) => $body,
            $crate::eval::array::Buffer::Int64($items) => $body,
            $crate::eval::array::Buffer::Uint8($items) => $body,
            $crate::eval::array::Buffer::Uint16($items) => $body,
            $crate::eval::array::Buffer::Uint32($items) => $body,
            $crate::eval::array::Buffer::Uint64($items) => $body,
            $crate::eval::array::Buffer::Float16($items) => $body,
            $crate::eval::array::Buffer::Bfloat16($items) => $body,
            $crate::eval::array::Buffer::Float32($items) => $body,
            $crate::eval::array::Buffer::Float64($items) => $body,
            $crate::eval::array::Buffer::Complex64($items) => $body,
            $crate::eval::array::Buffer::Complex128($items) => $body,
            $crate::eval::array::Buffer::String($items) => $body,
            $crate::eval::array::Buffer::Small(_, $items) => $body,
        }
    };
}
pub(super) use each_buffer;

/// Maps each buffer to one of the same type: `$body` makes a `Vec` from the `Arc<Vec<_>>` bound to `$items`. For kernels
/// that move elements without looking at them.
macro_rules! map_buffer {
    ($buffer:expr, $items:ident => $body:expr) => {{
        use $crate::eval::array::Buffer;
        match $buffer {
            Buffer::Bool($items) => Buffer::Bool(std::sync::Arc::new($body)),
            Buffer::Int8($items) => Buffer::Int8(std::sync::Arc::new($body)),
            Buffer::Int16($items) => Buffer::Int16(std::sync::Arc::new($body)),
            Buffer::Int32($items) => Buffer::Int32(std::sync::Arc::new($body)),
            Buffer::Int64($items) => Buffer::Int64(std::sync::Arc::new($body)),
            Buffer::Uint8($items) => Buffer::Uint8(std::sync::Arc::new($body)),
            Buffer::Uint16($items) => Buffer::Uint16(std::sync::Arc::new($body)),
            Buffer::Uint32($items) => Buffer::Uint32(std::sync::Arc::new($body)),
            Buffer::Uint64($items) => Buffer::Uint64(std::sync::Arc::new($body)),
            Buffer::Float16($items) => Buffer::Float16(std::sync::Arc::new($body)),
            Buffer::Bfloat16($items) => Buffer::Bfloat16(std::sync::Arc::new($body)),
            Buffer::Float32($items) => Buffer::Float32(std::sync::Arc::new($body)),
            Buffer::Float64($items) => Buffer::Float64(std::sync::Arc::new($body)),
            Buffer::Complex64($items) => Buffer::Complex64(std::sync::Arc::new($body)),
            Buffer::Complex128($items) => Buffer::Complex128(std::sync::Arc::new($body)),
            Buffer::String($items) => Buffer::String(std::sync::Arc::new($body)),
            Buffer::Small(dtype, $items) => Buffer::Small(*dtype, std::sync::Arc::new($body)),
        }
    }};
}
pub(super) use map_buffer;

/// A Rust type that elements have in memory.
pub trait Element: Clone + PartialEq + Send + Sync + 'static {
    /// The element type.
    const DTYPE: DType;

    /// Wraps elements.
    fn wrap(items: Vec<Self>) -> Buffer;

    /// The elements, if the buffer holds this type.
    fn view(buffer: &Buffer) -> Option<&[Self]>;
}

macro_rules! element {
    ($($type:ty => $variant:ident),* $(,)?) => {$(
        impl Element for $type {
            const DTYPE: DType = DType::$variant;

            fn wrap(items: Vec<Self>) -> Buffer {
                Buffer::$variant(Arc::new(items))
            }

            fn view(buffer: &Buffer) -> Option<&[Self]> {
                if let Buffer::$variant(items) = buffer { Some(items) } else { None }
            }
        }
    )*};
}

element! {
    bool => Bool, i8 => Int8, i16 => Int16, i32 => Int32, i64 => Int64, u8 => Uint8, u16 => Uint16, u32 => Uint32,
    u64 => Uint64, f16 => Float16, bf16 => Bfloat16, f32 => Float32, f64 => Float64, [f32; 2] => Complex64,
    [f64; 2] => Complex128, Bytes => String,
}

impl Array {
    /// An array of elements of one Rust type; `None` if they are not as many as the dimensions say.
    pub fn new<T: Element>(dims: Vec<usize>, items: Vec<T>) -> Option<Self> {
        Self::of(dims, T::wrap(items))
    }

    /// An array over a buffer; `None` if it does not hold as many elements as the dimensions say.
    pub fn of(dims: Vec<usize>, buffer: Buffer) -> Option<Self> {
        (elements(&dims)? == buffer.len()).then_some(Self { dims, buffer })
    }

    /// A tensor without axes.
    pub fn scalar<T: Element>(item: T) -> Self {
        Self { dims: Vec::new(), buffer: T::wrap(vec![item]) }
    }

    /// A tensor of one axis.
    pub fn list<T: Element>(items: Vec<T>) -> Self {
        Self { dims: vec![items.len()], buffer: T::wrap(items) }
    }

    /// The dimensions.
    pub fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// The number of axes.
    pub fn rank(&self) -> usize {
        self.dims.len()
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    /// True without elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        self.buffer.dtype()
    }

    /// Bytes that the elements take in memory.
    pub fn bytes(&self) -> u64 {
        match &self.buffer {
            Buffer::String(items) => items.iter().map(|item| item.len() as u64 + 32).sum(),
            buffer => (buffer.len() as u64).saturating_mul(self.dtype().bits().unwrap_or(8).div_ceil(8)),
        }
    }

    /// The elements.
    pub fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// The elements, to be taken over; shared ones are copied when they change.
    pub fn into_buffer(self) -> Buffer {
        self.buffer
    }

    /// The elements as a Rust type, if they are of it.
    pub fn items<T: Element>(&self) -> Option<&[T]> {
        T::view(&self.buffer)
    }

    /// The same elements in other dimensions; `None` if those are not as many.
    pub fn reshaped(&self, dims: Vec<usize>) -> Option<Self> {
        Self::of(dims, self.buffer.clone())
    }

    /// The elements as integers; `None` unless they are integers or booleans that fit.
    pub fn to_i64s(&self) -> Option<Vec<i64>> {
        Some(match &self.buffer {
            Buffer::Bool(items) => items.iter().map(|&item| i64::from(item)).collect(),
            Buffer::Int8(items) => items.iter().map(|&item| i64::from(item)).collect(),
            Buffer::Int16(items) => items.iter().map(|&item| i64::from(item)).collect(),
            Buffer::Int32(items) => items.iter().map(|&item| i64::from(item)).collect(),
            Buffer::Int64(items) => items.to_vec(),
            Buffer::Uint8(items) => items.iter().map(|&item| i64::from(item)).collect(),
            Buffer::Uint16(items) => items.iter().map(|&item| i64::from(item)).collect(),
            Buffer::Uint32(items) => items.iter().map(|&item| i64::from(item)).collect(),
            Buffer::Uint64(items) => {
                return items.iter().map(|&item| i64::try_from(item).ok()).collect();
            }
            _ => return None,
        })
    }

    /// The elements as doubles, whatever their type; `None` for strings and complex numbers.
    pub fn to_f64s(&self) -> Option<Vec<f64>> {
        number::reals::<f64>(self).map(std::borrow::Cow::into_owned)
    }

    /// Reads a stored tensor. The elements are copied: stored ones need not be aligned. `None` if they are not as many as
    /// the dimensions say.
    pub fn from_tensor(tensor: &Tensor) -> Option<Self> {
        let dims: Vec<usize> = tensor.dims.iter().map(|&dim| usize::try_from(dim).ok()).collect::<Option<_>>()?;
        let count = elements(&dims)?;
        if let Data::Strings(strings) = &tensor.data {
            return Self::of(dims, Buffer::String(Arc::new(strings.clone())));
        }
        let bytes = tensor.to_le_bytes()?;
        Self::of(dims, Buffer::decode(tensor.dtype, &bytes, count)?)
    }

    /// The tensor to store, little-endian and packed.
    pub fn to_tensor(&self, name: impl Into<String>) -> Tensor {
        let name = name.into();
        let dims = self.dims.iter().map(|&dim| dim as u64).collect();
        let data = match &self.buffer {
            Buffer::String(items) => Data::Strings(items.to_vec()),
            buffer => Data::Raw(Blob::from_bytes(name.clone(), buffer.encode())),
        };
        Tensor { name: Some(name), dtype: self.dtype(), dims, data, notes: None }
    }
}

impl Buffer {
    /// The number of elements.
    pub fn len(&self) -> usize {
        each_buffer!(self, items => items.len())
    }

    /// True without elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        match self {
            Self::Bool(_) => DType::Bool,
            Self::Int8(_) => DType::Int8,
            Self::Int16(_) => DType::Int16,
            Self::Int32(_) => DType::Int32,
            Self::Int64(_) => DType::Int64,
            Self::Uint8(_) => DType::Uint8,
            Self::Uint16(_) => DType::Uint16,
            Self::Uint32(_) => DType::Uint32,
            Self::Uint64(_) => DType::Uint64,
            Self::Float16(_) => DType::Float16,
            Self::Bfloat16(_) => DType::Bfloat16,
            Self::Float32(_) => DType::Float32,
            Self::Float64(_) => DType::Float64,
            Self::Complex64(_) => DType::Complex64,
            Self::Complex128(_) => DType::Complex128,
            Self::String(_) => DType::String,
            Self::Small(dtype, _) => *dtype,
        }
    }

    /// The elements as `T`, if that is what they are in memory: for the types of fewer than eight bits and floats of eight,
    /// their codes. For kernels that move elements of several buffers whose types they have compared.
    pub(super) fn codes<T: 'static>(&self) -> Option<&[T]> {
        each_buffer!(self, items => (items as &dyn Any).downcast_ref::<Arc<Vec<T>>>()).map(|items| items.as_slice())
    }

    /// Reads `count` elements from packed little-endian bytes; `None` for strings or if the bytes are not as many.
    fn decode(dtype: DType, bytes: &[u8], count: usize) -> Option<Self> {
        if dtype.bytes_for(count as u64)? != bytes.len() as u64 {
            return None;
        }
        Some(match dtype {
            DType::Bool => Self::Bool(Arc::new(bytes.iter().map(|&byte| byte != 0).collect())),
            DType::Int8 => Self::Int8(Arc::new(bytes.iter().map(|&byte| byte.cast_signed()).collect())),
            DType::Uint8 => Self::Uint8(Arc::new(bytes.to_vec())),
            DType::Int16 => Self::Int16(words(bytes, i16::from_le_bytes)),
            DType::Uint16 => Self::Uint16(words(bytes, u16::from_le_bytes)),
            DType::Int32 => Self::Int32(words(bytes, i32::from_le_bytes)),
            DType::Uint32 => Self::Uint32(words(bytes, u32::from_le_bytes)),
            DType::Int64 => Self::Int64(words(bytes, i64::from_le_bytes)),
            DType::Uint64 => Self::Uint64(words(bytes, u64::from_le_bytes)),
            DType::Float16 => Self::Float16(words(bytes, f16::from_le_bytes)),
            DType::Bfloat16 => Self::Bfloat16(words(bytes, bf16::from_le_bytes)),
            DType::Float32 => Self::Float32(words(bytes, f32::from_le_bytes)),
            DType::Float64 => Self::Float64(words(bytes, f64::from_le_bytes)),
            DType::Complex64 => {
                let parts = words(bytes, f32::from_le_bytes);
                Self::Complex64(Arc::new(parts.as_chunks::<2>().0.to_vec()))
            }
            DType::Complex128 => {
                let parts = words(bytes, f64::from_le_bytes);
                Self::Complex128(Arc::new(parts.as_chunks::<2>().0.to_vec()))
            }
            DType::String => return None,
            small => Self::Small(small, Arc::new(unpack(bytes, usize::try_from(small.bits()?).ok()?, count))),
        })
    }

    /// Packed little-endian bytes; empty for strings.
    fn encode(&self) -> Vec<u8> {
        match self {
            Self::Bool(items) => items.iter().map(|&item| u8::from(item)).collect(),
            Self::Int8(items) => items.iter().map(|item| item.cast_unsigned()).collect(),
            Self::Uint8(items) => items.to_vec(),
            Self::Int16(items) => items.iter().flat_map(|item| item.to_le_bytes()).collect(),
            Self::Uint16(items) => items.iter().flat_map(|item| item.to_le_bytes()).collect(),
            Self::Int32(items) => items.iter().flat_map(|item| item.to_le_bytes()).collect(),
            Self::Uint32(items) => items.iter().flat_map(|item| item.to_le_bytes()).collect(),
            Self::Int64(items) => items.iter().flat_map(|item| item.to_le_bytes()).collect(),
            Self::Uint64(items) => items.iter().flat_map(|item| item.to_le_bytes()).collect(),
            Self::Float16(items) => items.iter().flat_map(|item| item.to_le_bytes()).collect(),
            Self::Bfloat16(items) => items.iter().flat_map(|item| item.to_le_bytes()).collect(),
            Self::Float32(items) => items.iter().flat_map(|item| item.to_le_bytes()).collect(),
            Self::Float64(items) => items.iter().flat_map(|item| item.to_le_bytes()).collect(),
            Self::Complex64(items) => items.iter().flatten().flat_map(|part| part.to_le_bytes()).collect(),
            Self::Complex128(items) => items.iter().flatten().flat_map(|part| part.to_le_bytes()).collect(),
            Self::String(_) => Vec::new(),
            Self::Small(dtype, items) => pack(items, usize::try_from(dtype.bits().unwrap_or(8)).unwrap_or(8)),
        }
    }
}

/// The product of dimensions; `None` if it does not fit, or would not if it were not for a zero: so that the product of
/// some of the dimensions always fits.
pub(super) fn elements(dims: &[usize]) -> Option<usize> {
    let product = dims.iter().try_fold(1_usize, |product, &dim| product.checked_mul(dim.max(1)))?;
    Some(if dims.contains(&0) { 0 } else { product })
}

fn words<const N: usize, T>(bytes: &[u8], read: impl Fn([u8; N]) -> T) -> Arc<Vec<T>> {
    Arc::new(bytes.as_chunks().0.iter().map(|word| read(*word)).collect())
}

/// Codes of `bits` bits, which follow each other from the lowest bit of the first byte on.
fn unpack(bytes: &[u8], bits: usize, count: usize) -> Vec<u8> {
    let mask = if bits >= 8 { 0xff } else { (1_u16 << bits) - 1 };
    (0..count)
        .map(|index| {
            let start = index * bits;
            let low = u16::from(bytes.get(start / 8).copied().unwrap_or_default());
            let high = u16::from(bytes.get(start / 8 + 1).copied().unwrap_or_default());
            let code = ((high << 8 | low) >> (start % 8)) & mask;
            code.to_le_bytes()[0]
        })
        .collect()
}

/// The inverse of [`unpack`].
fn pack(codes: &[u8], bits: usize) -> Vec<u8> {
    let mut bytes = vec![0_u8; (codes.len() * bits).div_ceil(8)];
    for (index, &code) in codes.iter().enumerate() {
        let start = index * bits;
        let shifted = (u16::from(code) << (start % 8)).to_le_bytes();
        for (offset, part) in shifted.into_iter().enumerate() {
            if let Some(byte) = bytes.get_mut(start / 8 + offset) {
                *byte |= part;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_types_are_unpacked_and_packed_again() {
        for (bits, packed) in [(2, vec![0b11_10_01_00]), (4, vec![0x21, 0x03]), (6, vec![0x81, 0x30, 0x10, 0x3f])] {
            let count = packed.len() * 8 / bits;
            assert_eq!(pack(&unpack(&packed, bits, count), bits), packed, "{bits} bits");
        }
        assert_eq!(unpack(&[0x81, 0x30, 0x10, 0x3f], 6, 5), [1, 2, 3, 4, 63]);
    }
}
