//! Constants that follow from stored ones, and are computed whenever somebody reads them: so a model whose weights change
//! is as small in memory as one whose weights do not.

use crate::tensor::strided::View;
use crate::tensor::{DType, Data, External, Tensor};

/// From this size on a constant that is [transposed](Tensor::transposed) or [scaled](Tensor::scaled) is not held.
const LARGE: u64 = 1 << 16;

/// How often one may follow from another.
const MOST_STEPS: usize = 4;

/// What the elements of a tensor are computed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Derived {
    of: Box<Tensor>,
    how: How,
}

#[derive(Debug, Clone, PartialEq)]
enum How {
    /// The axes in this order.
    Transposed(Vec<usize>),
    /// Each channel times a number.
    Scaled(Vec<f64>, Channels),
}

/// Where the channels stand in a tensor of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channels {
    /// Elements from one step of the axis of the channels to the next.
    pub step: usize,
    /// Length of that axis.
    pub along: usize,
    /// Where each of several groups has channels of its own: elements of one group.
    pub group: Option<usize>,
}

impl Channels {
    /// The channel to which an element belongs.
    pub fn of(&self, element: usize) -> usize {
        let within = element.checked_div(self.step).unwrap_or(0).checked_rem(self.along).unwrap_or(0);
        let group = self.group.and_then(|each| element.checked_div(each)).unwrap_or(0);
        group.saturating_mul(self.along).saturating_add(within)
    }
}

impl Tensor {
    /// The tensor with its axes in another order. A large one is computed when it is read, each time.
    ///
    /// `None` for elements of less than a byte and for strings, and if `order` does not name each axis once.
    #[must_use]
    pub fn transposed(&self, order: &[usize]) -> Option<Self> {
        self.dtype.bits().filter(|bits| matches!(bits, 8 | 16 | 32 | 64 | 128))?;
        let mut named = vec![false; self.dims.len()];
        for &axis in order {
            *named.get_mut(axis)? = true;
        }
        if order.len() != named.len() || named.contains(&false) {
            return None;
        }
        let dims = order.iter().map(|&axis| self.dims.get(axis).copied()).collect::<Option<_>>()?;
        self.derived(dims, How::Transposed(order.to_vec()))
    }

    /// The tensor with each channel times a number, in double precision, rounded. A large one is computed when it is read,
    /// each time.
    ///
    /// `None` for other types than float32 and float64, and if a channel has no number.
    #[must_use]
    pub fn scaled(&self, scale: Vec<f64>, channels: Channels) -> Option<Self> {
        let last = usize::try_from(self.elements()?).ok()?.checked_sub(1);
        let has_all = last.is_none_or(|last| channels.of(last) < scale.len()) && channels.along <= scale.len();
        let fits = has_all && matches!(self.dtype, DType::Float32 | DType::Float64);
        fits.then(|| self.derived(self.dims.clone(), How::Scaled(scale, channels)))?
    }

    fn derived(&self, dims: Vec<u64>, how: How) -> Option<Self> {
        let is_large = self.byte_len()? >= LARGE;
        let derived = Derived { of: Box::new(Self { name: None, notes: None, ..self.clone() }), how };
        let data = if is_large && derived.steps() <= MOST_STEPS {
            Data::Derived(derived)
        } else {
            Self::new("derived", self.dtype, dims.clone(), derived.bytes()?)?.data
        };
        Some(Self { name: None, dtype: self.dtype, dims, data, notes: None })
    }
}

impl Derived {
    fn steps(&self) -> usize {
        if let Data::Derived(of) = &self.of.data { of.steps().saturating_add(1) } else { 1 }
    }

    /// The tensor that it follows from.
    pub fn of(&self) -> &Tensor {
        &self.of
    }

    /// The elements as little-endian bytes; `None` if the stored ones do not hold what they promise.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        let stored = self.of.to_le_bytes()?;
        let bytes = match &self.how {
            How::Transposed(order) => {
                let dims = self.of.dims.iter().map(|&dim| usize::try_from(dim).ok()).collect::<Option<Vec<_>>>()?;
                let view = View::dense(&dims).permuted(order);
                (self.of.byte_len()? == stored.len() as u64).then_some(())?;
                match self.of.dtype.bits()? {
                    8 => view.copy(&stored),
                    16 => view.copy(stored.as_chunks::<2>().0).into_flattened(),
                    32 => view.copy(stored.as_chunks::<4>().0).into_flattened(),
                    64 => view.copy(stored.as_chunks::<8>().0).into_flattened(),
                    _ => view.copy(stored.as_chunks::<16>().0).into_flattened(),
                }
            }
            How::Scaled(scale, channels) => match self.of.dtype {
                DType::Float32 => scaled(stored.as_chunks().0, scale, *channels, |word, scale| {
                    #[expect(clippy::cast_possible_truncation, reason = "rounding is what is asked for")]
                    let product = (f64::from(f32::from_le_bytes(word)) * scale) as f32;
                    product.to_le_bytes()
                })?,
                _ => scaled(stored.as_chunks().0, scale, *channels, |word, scale| {
                    (f64::from_le_bytes(word) * scale).to_le_bytes()
                })?,
            },
        };
        if let Data::Raw(blob) | Data::External(External { blob, .. }) = &self.of.data {
            blob.release();
        }
        Some(bytes)
    }
}

/// Each element times the number of its channel; the channels of a run of `step` elements are one.
fn scaled<const WIDTH: usize>(
    words: &[[u8; WIDTH]],
    scale: &[f64],
    channels: Channels,
    times: impl Fn([u8; WIDTH], f64) -> [u8; WIDTH],
) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(words.len().checked_mul(WIDTH)?);
    let step = channels.step.max(1);
    for (run, words) in words.chunks(step).enumerate() {
        let scale = *scale.get(channels.of(run.checked_mul(step)?))?;
        for &word in words {
            bytes.extend_from_slice(&times(word, scale));
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: u16) -> Vec<f32> {
        (0..count).map(f32::from).collect()
    }

    fn tensor(dims: &[u64], numbers: &[f32]) -> Tensor {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        Tensor::new("t", DType::Float32, dims.to_vec(), bytes).unwrap()
    }

    fn read(tensor: &Tensor) -> Vec<f32> {
        tensor.to_le_bytes().unwrap().as_chunks().0.iter().map(|word| f32::from_le_bytes(*word)).collect()
    }

    #[test]
    fn a_large_constant_is_computed_when_it_is_read() {
        let of = tensor(&[128, 256], &numbers(1 << 15));
        let turned = of.transposed(&[1, 0]).unwrap();
        assert!(matches!(turned.data, Data::Derived(_)));
        assert_eq!((turned.dims.as_slice(), read(&turned)[1]), (&[256, 128][..], 256.0));
        assert_eq!(read(&turned.transposed(&[1, 0]).unwrap()), read(&of));
        let rows = Channels { step: 128, along: 256, group: None };
        let scaled = turned.scaled((0..256).map(f64::from).collect(), rows).unwrap();
        assert_eq!(read(&scaled)[2 * 128..][..2], [2.0 * 2.0, 2.0 * 258.0]);
    }

    #[test]
    fn a_small_one_is_computed_at_once_and_so_is_a_long_chain() {
        let small = tensor(&[2, 3], &numbers(6)).transposed(&[1, 0]).unwrap();
        assert!(matches!(small.data, Data::Raw(_)));
        assert_eq!(read(&small), [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
        let mut chain = tensor(&[128, 256], &numbers(1 << 15));
        for _ in 0..MOST_STEPS {
            chain = chain.transposed(&[1, 0]).unwrap();
            assert!(matches!(chain.data, Data::Derived(_)));
        }
        assert!(matches!(chain.transposed(&[1, 0]).unwrap().data, Data::Raw(_)));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let of = tensor(&[2, 3], &numbers(6));
        assert_eq!(of.transposed(&[0, 0]), None);
        assert_eq!(of.transposed(&[0]), None);
        assert_eq!(of.scaled(vec![1.0], Channels { step: 3, along: 2, group: None }), None);
        let nibbles = Tensor::new("t", DType::Int4, vec![2, 2], vec![1, 2]).unwrap();
        assert_eq!(nibbles.transposed(&[1, 0]), None);
    }
}
