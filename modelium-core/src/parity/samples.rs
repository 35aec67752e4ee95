//! Inputs made from a seed: the same seed, names and shapes give the same bytes on every machine.

use std::collections::BTreeMap;

use bytes::Bytes;
use half::{bf16, f16};

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::ir::{Dim, TypeKind};
use crate::plan::{Axis, bind_sums};
use crate::runtime::RuntimePort;
use crate::tensor::{DType, Data, Tensor};

/// What errors, bindings and reports call one axis of an input: its symbol, or `input.0`.
pub(super) fn axis_name(port: &str, axis: usize, dim: &Dim) -> Option<String> {
    match dim {
        Dim::Known(_) => None,
        Dim::Symbol(name) => Some(name.to_string()),
        Dim::Expr(expr) => Some(expr.to_string()),
        Dim::Unknown => Some(format!("{port}.{axis}")),
    }
}

/// The bindings to compare on: each of `named` completed, or else those that a planner would try.
pub(super) fn bindings(inputs: &[RuntimePort], named: &[BTreeMap<String, u64>]) -> Vec<BTreeMap<String, u64>> {
    let mut axes: BTreeMap<String, Axis> = BTreeMap::new();
    for port in inputs {
        let dims = port.ty.shape().map_or(&[][..], |shape| &shape.dims);
        for (at, dim) in dims.iter().enumerate() {
            let Some(name) = axis_name(&port.name, at, dim) else { continue };
            let role = Axis::of(at, dims.len());
            axes.entry(name).and_modify(|known| *known = role.max(*known)).or_insert(role);
        }
    }
    let sized = |turn: usize| {
        let mut binding = axes.iter().map(|(name, axis)| (name.clone(), axis.sizes()[turn])).collect();
        bind_sums(&mut binding);
        binding
    };
    if axes.is_empty() {
        vec![BTreeMap::new()]
    } else if named.is_empty() {
        (0..3).map(sized).collect()
    } else {
        let complete = |binding: &BTreeMap<String, u64>| {
            let given = |(name, size)| {
                let size = binding.get(&name).copied().unwrap_or(size);
                (name, size)
            };
            sized(0).into_iter().map(given).collect()
        };
        named.iter().map(complete).collect()
    }
}

/// Makes the inputs of one sample.
///
/// Floats are close to a standard normal distribution, within ±6. Integers of 32 and 64 bits lie below the input's entry
/// in `rows`, those without one are 0 or 1, which any mask allows; narrower and unsigned ones, which index nothing, are
/// bytes.
///
/// # Errors
/// `Unsupported` for inputs that are not tensors of known rank, `LimitExceeded` beyond
/// [`Limits::sample_bytes`](crate::Limits::sample_bytes).
pub(super) fn generate(
    inputs: &[RuntimePort],
    binding: &BTreeMap<String, u64>,
    rows: &BTreeMap<String, u64>,
    seed: u64,
    cx: &Context,
) -> Result<Vec<Tensor>> {
    let mut left = cx.limits().sample_bytes;
    let below = |port: &RuntimePort| rows.get(&port.name).copied().unwrap_or(2);
    inputs.iter().map(|port| generate_one(port, binding, below(port), seed, &mut left, cx)).collect()
}

fn generate_one(
    port: &RuntimePort,
    binding: &BTreeMap<String, u64>,
    below: u64,
    seed: u64,
    left: &mut u64,
    cx: &Context,
) -> Result<Tensor> {
    let TypeKind::Tensor { dtype: Some(dtype), shape: Some(shape) } = &port.ty.kind else {
        let message = format!("no sample can be made for input '{}' of type {}", port.name, port.ty);
        return Err(Error::new(ErrorKind::Unsupported, message));
    };
    let size = |(axis, dim): (usize, &Dim)| {
        dim.known().or_else(|| binding.get(&axis_name(&port.name, axis, dim)?).copied()).unwrap_or(1)
    };
    let dims: Vec<u64> = shape.dims.iter().enumerate().map(size).collect();
    let elements = dims.iter().try_fold(1_u64, |product, &dim| product.checked_mul(dim));
    // a string costs its handle, and its letters are static
    let bytes = elements.and_then(|n| dtype.bytes_for(n).or_else(|| n.checked_mul(size_of::<Bytes>() as u64)));
    let (Some(elements), Some(bytes)) = (elements, bytes.filter(|bytes| bytes <= left)) else {
        let cap = cx.limits().sample_bytes;
        let message = format!(
            "a sample with input '{}' of shape {dims:?} takes more than {cap} bytes; raise Limits::sample_bytes to allow it",
            port.name
        );
        return Err(Error::new(ErrorKind::LimitExceeded, message));
    };
    *left = left.saturating_sub(bytes);
    let mut random = Random::new(seed, &port.name);
    let data = if *dtype == DType::String {
        Data::Strings((0..elements).map(|_| random.word()).collect())
    } else {
        Data::Raw(Blob::from_bytes(port.name.clone(), random.fill(*dtype, elements, below)))
    };
    Ok(Tensor { name: Some(port.name.clone()), dtype: *dtype, dims, data, notes: None })
}

/// `SplitMix64` (Steele, Lea, Flood 2014): a stream for each seed and input.
struct Random(u64);

impl Random {
    fn new(seed: u64, stream: &str) -> Self {
        // FNV-1a
        let hash = stream
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(Self(seed).next() ^ hash)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Twelve uniform numbers, added: mean 0, variance 1. The sum is exact, so no mathematics library has a say in it.
    fn normal(&mut self) -> f64 {
        let sum: u64 = (0..6).map(|_| self.next()).map(|word| (word & 0xffff_ffff) + (word >> 32)).sum();
        #[expect(clippy::cast_precision_loss, reason = "twelve numbers of 32 bits stay below 2³⁶")]
        let sum = sum as f64;
        sum / 4_294_967_296.0 - 6.0
    }

    /// A number below `end`, or 0 where there is none.
    fn below(&mut self, end: u64) -> u64 {
        let scaled = (u128::from(self.next()) * u128::from(end)) >> 64;
        u64::try_from(scaled).unwrap_or(0)
    }

    fn bit(&mut self) -> bool {
        self.next() >> 63 == 1
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }

    fn word(&mut self) -> Bytes {
        const WORDS: [&str; 8] = ["", "a", "b", "cat", "dog", "New York", "42", "naïve"];
        Bytes::from_static(WORDS[usize::from(self.byte() >> 5)].as_bytes())
    }

    /// Little-endian elements; those below a byte packed low bits first.
    #[expect(clippy::cast_possible_truncation, reason = "samples are rounded to the element type")]
    fn fill(&mut self, dtype: DType, elements: u64, below: u64) -> Vec<u8> {
        match dtype {
            DType::Float16 => self.repeat(elements, |random| f16::from_f64(random.normal()).to_le_bytes()),
            DType::Bfloat16 => self.repeat(elements, |random| bf16::from_f64(random.normal()).to_le_bytes()),
            DType::Float32 => self.repeat(elements, |random| (random.normal() as f32).to_le_bytes()),
            DType::Float64 => self.repeat(elements, |random| random.normal().to_le_bytes()),
            DType::Complex64 => self.repeat(elements * 2, |random| (random.normal() as f32).to_le_bytes()),
            DType::Complex128 => self.repeat(elements * 2, |random| random.normal().to_le_bytes()),
            DType::Bool => self.repeat(elements, |random| [u8::from(random.bit())]),
            DType::Int32 => self.repeat(elements, |random| (random.below(below.min(1 << 31)) as i32).to_le_bytes()),
            DType::Int64 => self.repeat(elements, |random| random.below(below.min(1 << 63)).to_le_bytes()),
            DType::Int8 | DType::Uint8 => self.repeat(elements, |random| [random.byte()]),
            DType::Int16 | DType::Uint16 => self.repeat(elements, |random| u16::from(random.byte()).to_le_bytes()),
            DType::Uint32 => self.repeat(elements, |random| u32::from(random.byte()).to_le_bytes()),
            DType::Uint64 => self.repeat(elements, |random| u64::from(random.byte()).to_le_bytes()),
            _ => {
                let [zero, one] = zero_and_one(dtype);
                let bits = dtype.bits().unwrap_or(8).clamp(1, 8) as usize;
                self.repeat(dtype.bytes_for(elements).unwrap_or(0), |random| {
                    let mut element = || if random.bit() { one } else { zero };
                    [(0..8).step_by(bits).fold(0, |byte, shift| byte | element() << shift)]
                })
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a capacity below Limits::sample_bytes")]
    fn repeat<const N: usize>(&mut self, count: u64, element: impl Fn(&mut Self) -> [u8; N]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count as usize * N);
        (0..count).for_each(|_| bytes.extend_from_slice(&element(self)));
        bytes
    }
}

/// The bits of 0 and 1 in types of a byte and less; of 1 and 2 where there is no 0.
fn zero_and_one(dtype: DType) -> [u8; 2] {
    match dtype {
        DType::Float8E4M3Fn => [0, 0x38],
        DType::Float8E5M2 => [0, 0x3c],
        DType::Float8E4M3FnUz | DType::Float8E5M2FnUz => [0, 0x40],
        DType::Float8E8M0 => [0x7f, 0x80],
        DType::Float4E2M1 => [0, 2],
        _ => [0, 1],
    }
}
