//! Inputs to try a model on, and the comparison of two rows. The same row has the same values in every batch.

use bytes::Bytes;
use half::{bf16, f16};

use crate::tensor::{DType, Data, Tensor};

use super::super::signature::Port;

/// The range of generated values. Floats are positive, so that roots and logarithms stay finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// Integers from 0 to 9.
    Small,
    /// Integers 0 and 1: indices into the smallest tables.
    Bits,
    /// All zero.
    Zero,
}

/// The tensor of an input: the rows of these numbers, or the one row as it is where the first axis does not count rows.
/// `None` if it does not fit into memory.
pub(super) fn tensor(port: &Port, row: &[u64], rows: Option<&[u64]>, index: usize, values: Values) -> Option<Tensor> {
    let elements = row.iter().try_fold(1_u64, |product, &size| product.checked_mul(size))?;
    let mut dims = row.to_vec();
    if let Some(rows) = rows {
        dims.insert(0, rows.len() as u64);
    }
    let numbers = rows.unwrap_or(&[0]);
    let total = elements.checked_mul(numbers.len() as u64)?;
    let stream = |number: u64| Stream::new(index as u64, number).take(usize::try_from(elements).unwrap_or(usize::MAX));
    if port.dtype == DType::String {
        let mut strings: Vec<Bytes> = Vec::new();
        strings.try_reserve_exact(usize::try_from(total).ok()?).ok()?;
        for &number in numbers {
            strings.extend(stream(number).map(|word| match values {
                Values::Zero => Bytes::new(),
                _ => Bytes::from((word % 10).to_string()),
            }));
        }
        return Some(Tensor {
            name: Some(port.name.clone()),
            dtype: port.dtype,
            dims,
            data: Data::Strings(strings),
            notes: None,
        });
    }
    let mut bytes: Vec<u8> = Vec::new();
    bytes.try_reserve_exact(usize::try_from(port.dtype.bytes_for(total)?).ok()?).ok()?;
    for &number in numbers {
        for word in stream(number) {
            push(&mut bytes, port.dtype, word, values)?;
        }
    }
    Tensor::new(port.name.clone(), port.dtype, dims, bytes)
}

/// Appends one element; `None` for types that Triton does not have.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "the range is chosen to fit each type"
)]
fn push(bytes: &mut Vec<u8>, dtype: DType, word: u64, values: Values) -> Option<()> {
    let integer = match values {
        Values::Small => word % 10,
        Values::Bits => word % 2,
        Values::Zero => 0,
    };
    let float = if values == Values::Zero { 0.0 } else { (word >> 40) as f32 / (1_u32 << 24) as f32 * 0.95 + 0.05 };
    match dtype {
        DType::Bool => bytes.push((word % 2) as u8 * u8::from(values != Values::Zero)),
        DType::Int8 | DType::Uint8 => bytes.push(integer as u8),
        DType::Int16 | DType::Uint16 => bytes.extend((integer as u16).to_le_bytes()),
        DType::Int32 | DType::Uint32 => bytes.extend((integer as u32).to_le_bytes()),
        DType::Int64 | DType::Uint64 => bytes.extend(integer.to_le_bytes()),
        DType::Float16 => bytes.extend(f16::from_f32(float).to_le_bytes()),
        DType::Bfloat16 => bytes.extend(bf16::from_f32(float).to_le_bytes()),
        DType::Float32 => bytes.extend(float.to_le_bytes()),
        DType::Float64 => bytes.extend(f64::from(float).to_le_bytes()),
        _ => return None,
    }
    Some(())
}

/// `SplitMix64`, seeded by input and row.
struct Stream(u64);

impl Stream {
    fn new(input: u64, row: u64) -> Self {
        let mut seed = Self(input.wrapping_mul(0x9e37_79b9).wrapping_add(row).wrapping_mul(0xd134_2543_de82_ef95));
        seed.next();
        seed
    }
}

impl Iterator for Stream {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Some(word ^ (word >> 31))
    }
}

/// How far two rows of equal length differ beyond what another order of summation explains; `None` if they do not.
///
/// Kernels sum in another order for another batch size, so floats may differ by a little of their own size and of the
/// row's largest; quantised bytes by one step; all else must be equal.
pub(super) fn row_difference(dtype: DType, alone: &[u8], batched: &[u8]) -> Option<String> {
    let floats = |alone: Vec<f64>, batched: Vec<f64>, relative: f64| {
        let largest = alone.iter().chain(&batched).filter(|x| x.is_finite()).fold(0.0_f64, |most, x| most.max(x.abs()));
        let beyond = |(a, b): (&f64, &f64)| {
            let same = a.total_cmp(b).is_eq() || (a.is_nan() && b.is_nan());
            let allowed = relative * a.abs().max(b.abs()) + 0.1 * relative * largest + 1e-3 * relative;
            let difference = (a - b).abs();
            (!same && (difference > allowed || !difference.is_finite())).then_some(difference)
        };
        let worst = alone.iter().zip(&batched).filter_map(beyond).reduce(f64::max);
        worst.map(|worst| format!("{worst:.3e}"))
    };
    match dtype {
        DType::Float32 => {
            let read = |bytes: &[u8]| bytes.as_chunks().0.iter().map(|x| f32::from_le_bytes(*x).into()).collect();
            floats(read(alone), read(batched), 1e-3)
        }
        DType::Float64 => {
            let read = |bytes: &[u8]| bytes.as_chunks().0.iter().map(|x| f64::from_le_bytes(*x)).collect();
            floats(read(alone), read(batched), 1e-6)
        }
        DType::Float16 => {
            let read = |bytes: &[u8]| bytes.as_chunks().0.iter().map(|x| f16::from_le_bytes(*x).into()).collect();
            floats(read(alone), read(batched), 2e-2)
        }
        DType::Bfloat16 => {
            let read = |bytes: &[u8]| bytes.as_chunks().0.iter().map(|x| bf16::from_le_bytes(*x).into()).collect();
            floats(read(alone), read(batched), 4e-2)
        }
        DType::Int8 | DType::Uint8 => {
            // as wrapped distance, the sign does not matter
            let distance = |(a, b): (&u8, &u8)| a.wrapping_sub(*b).min(b.wrapping_sub(*a));
            let worst = alone.iter().zip(batched).map(distance).max().filter(|&worst| worst > 1);
            worst.map(|worst| worst.to_string())
        }
        _ => (alone != batched).then(|| "an element".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::Dimension;

    fn bytes(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|x| x.to_le_bytes()).collect()
    }

    #[test]
    fn a_row_has_the_same_values_alone_and_in_a_batch() {
        let port =
            Port { name: "x".into(), dtype: DType::Float32, data_type: "TYPE_FP32", shape: vec![Dimension::Unknown] };
        let whole = tensor(&port, &[3], Some(&[0, 1, 2]), 0, Values::Small).unwrap();
        let alone = tensor(&port, &[3], Some(&[2]), 0, Values::Small).unwrap();
        assert_eq!((&whole.dims[..], &alone.dims[..]), (&[3, 3][..], &[1, 3][..]));
        assert_eq!(whole.to_le_bytes().unwrap()[24..], alone.to_le_bytes().unwrap()[..]);
        assert_ne!(whole.to_le_bytes().unwrap()[..12], whole.to_le_bytes().unwrap()[12..24]);
    }

    #[test]
    fn a_tensor_beyond_memory_is_refused_before_it_is_made() {
        let port = Port { name: "x".into(), dtype: DType::Float32, data_type: "TYPE_FP32", shape: vec![] };
        assert!(tensor(&port, &[1 << 40, 1 << 40], None, 0, Values::Small).is_none());
    }

    #[test]
    fn rounding_passes_and_another_number_does_not() {
        assert_eq!(row_difference(DType::Float32, &bytes(&[1.0, f32::NAN]), &bytes(&[1.0004, f32::NAN])), None);
        assert_eq!(row_difference(DType::Float32, &bytes(&[1.0]), &bytes(&[1.5])), Some("5.000e-1".into()));
        assert_eq!(row_difference(DType::Float32, &bytes(&[f32::NAN]), &bytes(&[0.0])), Some("NaN".into()));
        assert_eq!(row_difference(DType::Float32, &bytes(&[f32::INFINITY]), &bytes(&[1.0])), Some("inf".into()));
        assert_eq!(row_difference(DType::Float32, &bytes(&[f32::INFINITY]), &bytes(&[f32::INFINITY])), None);
        assert_eq!(row_difference(DType::Uint8, &[7, 255], &[8, 254]), None);
        assert_eq!(row_difference(DType::Int8, &[7], &[9]), Some("2".into()));
        assert_eq!(row_difference(DType::Int64, &[0; 8], &[1, 0, 0, 0, 0, 0, 0, 0]), Some("an element".into()));
    }
}
