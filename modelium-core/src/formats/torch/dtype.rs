//! The names that PyTorch gives to element types: of storages, of `torch.dtype`, and the numbers of exported programs.

use crate::tensor::DType;

/// Storage class, `torch.dtype`, type here.
const NAMES: &[(&str, &str, DType)] = &[
    ("FloatStorage", "float32", DType::Float32),
    ("DoubleStorage", "float64", DType::Float64),
    ("HalfStorage", "float16", DType::Float16),
    ("BFloat16Storage", "bfloat16", DType::Bfloat16),
    ("LongStorage", "int64", DType::Int64),
    ("IntStorage", "int32", DType::Int32),
    ("ShortStorage", "int16", DType::Int16),
    ("CharStorage", "int8", DType::Int8),
    ("ByteStorage", "uint8", DType::Uint8),
    ("BoolStorage", "bool", DType::Bool),
    ("ComplexFloatStorage", "complex64", DType::Complex64),
    ("ComplexDoubleStorage", "complex128", DType::Complex128),
    ("UntypedStorage", "uint8", DType::Uint8),
    ("", "uint16", DType::Uint16),
    ("", "uint32", DType::Uint32),
    ("", "uint64", DType::Uint64),
    ("", "float8_e4m3fn", DType::Float8E4M3Fn),
    ("", "float8_e4m3fnuz", DType::Float8E4M3FnUz),
    ("", "float8_e5m2", DType::Float8E5M2),
    ("", "float8_e5m2fnuz", DType::Float8E5M2FnUz),
    ("", "float8_e8m0fnu", DType::Float8E8M0),
];

/// Quantised storages: class, the name of the encoding, bytes of one element.
const QUANTISED: &[(&str, &str, u64)] = &[
    ("QUInt8Storage", "quint8", 1),
    ("QInt8Storage", "qint8", 1),
    ("QInt32Storage", "qint32", 4),
    ("QUInt4x2Storage", "quint4x2", 1),
    ("QUInt2x4Storage", "quint2x4", 1),
];

/// Types that PyTorch has and [`DType`] has not: name, bytes of one element.
const OTHERS: &[(&str, u64)] = &[("complex32", 4), ("float4_e2m1fn_x2", 1), ("bits8", 1), ("bits16", 2)];

/// The type of one element as a file names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// A type of arithmetic.
    Plain(DType),
    /// An encoding: its name, and the bytes of one element.
    Encoded(&'static str, u64),
}

impl Element {
    /// Bytes of one element.
    pub(super) fn bytes(self) -> u64 {
        match self {
            Self::Plain(dtype) => dtype.bits().map_or(1, |bits| bits.div_ceil(8)),
            Self::Encoded(_, bytes) => bytes,
        }
    }

    /// The name in a descriptor.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain(dtype) => dtype.name(),
            Self::Encoded(name, _) => name,
        }
    }
}

/// The type of a storage class.
pub(super) fn of_storage(class: &str) -> Option<Element> {
    let plain = NAMES.iter().find(|(storage, ..)| *storage == class).map(|(.., dtype)| Element::Plain(*dtype));
    plain.or_else(|| {
        let known = QUANTISED.iter().find(|(storage, ..)| *storage == class);
        known.map(|(_, name, bytes)| Element::Encoded(name, *bytes))
    })
}

/// The type of a `torch.dtype`.
pub(super) fn of_name(name: &str) -> Option<Element> {
    let name = match name {
        "float" => "float32",
        "double" => "float64",
        "half" => "float16",
        "long" => "int64",
        "int" => "int32",
        "short" => "int16",
        "cfloat" => "complex64",
        "cdouble" => "complex128",
        "chalf" => "complex32",
        name => name,
    };
    let plain = NAMES.iter().find(|(_, known, _)| *known == name).map(|(.., dtype)| Element::Plain(*dtype));
    let other = || OTHERS.iter().find(|(known, _)| *known == name).map(|(name, bytes)| Element::Encoded(name, *bytes));
    let quantised = || {
        let known = QUANTISED.iter().find(|(_, known, _)| *known == name);
        known.map(|(_, name, bytes)| Element::Encoded(name, *bytes))
    };
    plain.or_else(other).or_else(quantised)
}

/// The type of a number in the schema of exported programs.
pub(super) fn of_number(number: u64) -> Option<Element> {
    Some(Element::Plain(match number {
        1 => DType::Uint8,
        2 => DType::Int8,
        3 => DType::Int16,
        4 => DType::Int32,
        5 => DType::Int64,
        6 => DType::Float16,
        7 => DType::Float32,
        8 => DType::Float64,
        9 => return Some(Element::Encoded("complex32", 4)),
        10 => DType::Complex64,
        11 => DType::Complex128,
        12 => DType::Bool,
        13 => DType::Bfloat16,
        28 => DType::Uint16,
        29 => DType::Float8E4M3Fn,
        30 => DType::Float8E5M2,
        31 => DType::Float8E4M3FnUz,
        32 => DType::Float8E5M2FnUz,
        33 => DType::Float8E8M0,
        34 => DType::Uint32,
        35 => DType::Uint64,
        _ => return None,
    }))
}
