//! Numbers of every element type, read into what kernels compute in, and written back.
//!
//! Kernels on floats compute in `f32`, on doubles in `f64`: [`by_precision`] picks. Integers of each width compute in
//! themselves, wrapping.

use std::borrow::Cow;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Rem, Sub};
use std::sync::Arc;

use half::{bf16, f16};

use crate::eval::array::{Array, Buffer, Element};
use crate::eval::product::Ring;
use crate::eval::small;
use crate::tensor::DType;

/// `f32` or `f64`.
pub(super) trait Real:
    Element
    + Copy
    + Default
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + MulAssign
    + std::iter::Sum
    + From<f32>
    + Ring
{
    const ZERO: Self;
    const ONE: Self;
    const NEG_INFINITY: Self;

    fn of(value: f64) -> Self;
    fn to_f64(self) -> f64;
    fn of_i64(value: i64) -> Self;
    fn exp(self) -> Self;
    fn ln(self) -> Self;
    fn tanh(self) -> Self;
    /// The larger; not a number if either is none.
    fn most(self, other: Self) -> Self;
    /// The smaller; not a number if either is none.
    fn least(self, other: Self) -> Self;
    /// `c = a · b`, see [`product`](crate::eval::product).
    ///
    /// # Safety
    /// As `matrixmultiply::sgemm`: each matrix lies within its allocation, and `c` overlaps neither.
    unsafe fn multiply(
        sizes: [usize; 3],
        a: (*const Self, [isize; 2]),
        b: (*const Self, [isize; 2]),
        c: (*mut Self, isize),
    );
}

macro_rules! real {
    ($real:ident, $multiply:path) => {
        impl Real for $real {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const NEG_INFINITY: Self = $real::NEG_INFINITY;

            fn of(value: f64) -> Self {
                value as $real
            }
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            fn of_i64(value: i64) -> Self {
                value as $real
            }
            fn exp(self) -> Self {
                $real::exp(self)
            }
            fn ln(self) -> Self {
                $real::ln(self)
            }
            fn tanh(self) -> Self {
                $real::tanh(self)
            }
            fn most(self, other: Self) -> Self {
                if self.is_nan() || self > other { self } else { other }
            }
            fn least(self, other: Self) -> Self {
                if self.is_nan() || self < other { self } else { other }
            }
            unsafe fn multiply(
                [rows, inner, columns]: [usize; 3],
                (a, [a_row, a_column]): (*const Self, [isize; 2]),
                (b, [b_row, b_column]): (*const Self, [isize; 2]),
                (c, c_row): (*mut Self, isize),
            ) {
                // SAFETY: the caller's promise
                unsafe {
                    $multiply(rows, inner, columns, 1.0, a, a_row, a_column, b, b_row, b_column, 0.0, c, c_row, 1);
                }
            }
        }
    };
}

real!(f32, matrixmultiply::sgemm);
real!(f64, matrixmultiply::dgemm);

/// Runs `$body` with the type `$real` that kernels compute elements of that type in.
macro_rules! by_precision {
    ($dtype:expr, $real:ident => $body:expr) => {
        if $dtype == $crate::tensor::DType::Float64 {
            type $real = f64;
            $body
        } else {
            type $real = f32;
            $body
        }
    };
}
pub(super) use by_precision;

/// True for the floats that operators compute with.
pub(super) fn is_float(dtype: DType) -> bool {
    matches!(dtype, DType::Float16 | DType::Bfloat16 | DType::Float32 | DType::Float64)
}

/// The elements as reals: borrowed where they are of that type. `None` for strings and complex numbers.
pub(super) fn reals<T: Real>(array: &Array) -> Option<Cow<'_, [T]>> {
    if let Some(items) = array.items::<T>() {
        return Some(Cow::Borrowed(items));
    }
    Some(Cow::Owned(match array.buffer() {
        Buffer::Bool(items) => items.iter().map(|&item| T::of(f64::from(u8::from(item)))).collect(),
        Buffer::Int8(items) => items.iter().map(|&item| T::of_i64(item.into())).collect(),
        Buffer::Int16(items) => items.iter().map(|&item| T::of_i64(item.into())).collect(),
        Buffer::Int32(items) => items.iter().map(|&item| T::of_i64(item.into())).collect(),
        Buffer::Int64(items) => items.iter().map(|&item| T::of_i64(item)).collect(),
        Buffer::Uint8(items) => items.iter().map(|&item| T::of_i64(item.into())).collect(),
        Buffer::Uint16(items) => items.iter().map(|&item| T::of_i64(item.into())).collect(),
        Buffer::Uint32(items) => items.iter().map(|&item| T::of_i64(item.into())).collect(),
        Buffer::Uint64(items) => items.iter().map(|&item| T::of(item as f64)).collect(),
        Buffer::Float16(items) => items.iter().map(|item| T::of(item.to_f64())).collect(),
        Buffer::Bfloat16(items) => items.iter().map(|item| T::of(item.to_f64())).collect(),
        Buffer::Float32(items) => items.iter().map(|&item| T::of(item.into())).collect(),
        Buffer::Float64(items) => items.iter().map(|&item| T::of(item)).collect(),
        Buffer::Small(dtype, items) => items.iter().map(|&item| T::of(small::decode(*dtype, item).into())).collect(),
        Buffer::Complex64(_) | Buffer::Complex128(_) | Buffer::String(_) => return None,
    }))
}

/// Reals as elements of that type: floats rounded to the nearest, integers cut off at their ends, booleans true unless
/// zero. `None` for strings and complex numbers.
pub(super) fn narrow<T: Real>(dtype: DType, items: Vec<T>) -> Option<Buffer> {
    if dtype == T::DTYPE {
        return Some(T::wrap(items));
    }
    let wide = || items.iter().map(|item| item.to_f64());
    Some(match dtype {
        DType::Bool => Buffer::Bool(Arc::new(wide().map(|item| item != 0.0).collect())),
        DType::Int8 => Buffer::Int8(Arc::new(wide().map(|item| item as i8).collect())),
        DType::Int16 => Buffer::Int16(Arc::new(wide().map(|item| item as i16).collect())),
        DType::Int32 => Buffer::Int32(Arc::new(wide().map(|item| item as i32).collect())),
        DType::Int64 => Buffer::Int64(Arc::new(wide().map(|item| item as i64).collect())),
        DType::Uint8 => Buffer::Uint8(Arc::new(wide().map(|item| item as u8).collect())),
        DType::Uint16 => Buffer::Uint16(Arc::new(wide().map(|item| item as u16).collect())),
        DType::Uint32 => Buffer::Uint32(Arc::new(wide().map(|item| item as u32).collect())),
        DType::Uint64 => Buffer::Uint64(Arc::new(wide().map(|item| item as u64).collect())),
        DType::Float16 => Buffer::Float16(Arc::new(wide().map(f16::from_f64).collect())),
        DType::Bfloat16 => Buffer::Bfloat16(Arc::new(wide().map(bf16::from_f64).collect())),
        DType::Float32 => Buffer::Float32(Arc::new(wide().map(|item| item as f32).collect())),
        DType::Float64 => Buffer::Float64(Arc::new(wide().collect())),
        DType::Complex64 | DType::Complex128 | DType::String => return None,
        small => Buffer::Small(small, Arc::new(wide().map(|item| small::encode(small, item, true)).collect())),
    })
}

/// The same, with integers rounded to the nearest, ties to even.
pub(super) fn rounded(dtype: DType, mut items: Vec<f64>) -> Option<Buffer> {
    use DType as D;
    let whole = matches!(
        dtype,
        D::Int2
            | D::Int4
            | D::Int8
            | D::Int16
            | D::Int32
            | D::Int64
            | D::Uint2
            | D::Uint4
            | D::Uint8
            | D::Uint16
            | D::Uint32
            | D::Uint64
    );
    if whole {
        items.iter_mut().for_each(|item| *item = item.round_ties_even());
    }
    narrow(dtype, items)
}

/// An integer type, with arithmetic that wraps.
pub(super) trait Integer: Element + Copy + Ord + Default {
    const BITS: u32;
    const SIGNED: bool;
    const ONE: Self;
    const LEAST: Self;
    const MOST: Self;

    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    /// Rounded towards zero; zero if `other` is.
    fn over(self, other: Self) -> Self;
    /// The rest of a division rounded towards zero; zero if `other` is.
    fn rest(self, other: Self) -> Self;
    fn negated(self) -> Self;
    fn left(self, bits: u32) -> Self;
    fn right(self, bits: u32) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    fn not(self) -> Self;
    fn to_f64(self) -> f64;
    fn of_f64(value: f64) -> Self;
    fn of_i64(value: i64) -> Self;
    fn to_i128(self) -> i128;
}

macro_rules! integer {
    ($($integer:ident $signed:literal),*) => {$(
        impl Integer for $integer {
            const BITS: u32 = $integer::BITS;
            const SIGNED: bool = $signed;
            const ONE: Self = 1;
            const LEAST: Self = $integer::MIN;
            const MOST: Self = $integer::MAX;

            fn plus(self, other: Self) -> Self { self.wrapping_add(other) }
            fn minus(self, other: Self) -> Self { self.wrapping_sub(other) }
            fn times(self, other: Self) -> Self { self.wrapping_mul(other) }
            fn over(self, other: Self) -> Self { if other == 0 { 0 } else { self.wrapping_div(other) } }
            fn rest(self, other: Self) -> Self { if other == 0 { 0 } else { self.wrapping_rem(other) } }
            fn negated(self) -> Self { self.wrapping_neg() }
            fn left(self, bits: u32) -> Self { self.checked_shl(bits).unwrap_or(0) }
            fn right(self, bits: u32) -> Self { self >> bits.min(Self::BITS - 1) }
            fn and(self, other: Self) -> Self { self & other }
            fn or(self, other: Self) -> Self { self | other }
            fn xor(self, other: Self) -> Self { self ^ other }
            fn not(self) -> Self { !self }
            fn to_f64(self) -> f64 { self as f64 }
            fn of_f64(value: f64) -> Self { value as $integer }
            fn of_i64(value: i64) -> Self { value as $integer }
            fn to_i128(self) -> i128 { i128::from(self) }
        }
    )*};
}

integer!(i8 true, i16 true, i32 true, i64 true, u8 false, u16 false, u32 false, u64 false);

/// Runs `$body` with `$integer` the type of the integers that the element type names, or else `$otherwise`.
macro_rules! by_integer {
    ($dtype:expr, $integer:ident => $body:expr, $otherwise:expr) => {
        match $dtype {
            $crate::tensor::DType::Int8 => {
                type $integer = i8;
                $body
            }
            $crate::tensor::DType::Int16 => {
                type $integer = i16;
                $body
            }
            $crate::tensor::DType::Int32 => {
                type $integer = i32;
                $body
            }
            $crate::tensor::DType::Int64 => {
                type $integer = i64;
                $body
            }
            $crate::tensor::DType::Uint8 => {
                type $integer = u8;
                $body
            }
            $crate::tensor::DType::Uint16 => {
                type $integer = u16;
                $body
            }
            $crate::tensor::DType::Uint32 => {
                type $integer = u32;
                $body
            }
            $crate::tensor::DType::Uint64 => {
                type $integer = u64;
                $body
            }
            _ => $otherwise,
        }
    };
}
pub(super) use by_integer;
