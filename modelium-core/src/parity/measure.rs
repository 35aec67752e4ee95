//! How far one tensor is from another. All arithmetic is in float64, whatever the element type.

use half::{bf16, f16};

use crate::error::{Error, ErrorKind, Result};
use crate::parity::report::{OutputReport, Worst};
use crate::plan::Tolerance;
use crate::tensor::{DType, Data, Tensor};

/// True for types whose elements may differ within the tolerance. All others must be equal bit by bit: integers,
/// booleans and strings because they are answers, floats of 8 bits and fewer because their steps are too coarse.
pub(super) fn has_tolerance(dtype: DType) -> bool {
    matches!(
        dtype,
        DType::Float16 | DType::Bfloat16 | DType::Float32 | DType::Float64 | DType::Complex64 | DType::Complex128
    )
}

/// Compares one output of the original with the result's of the same name.
///
/// # Errors
/// `Backend` if a tensor does not hold what its type and shape promise: the runtime's fault.
pub(super) fn compare_output(
    name: &str,
    original: &Tensor,
    result: &Tensor,
    tolerance: &Tolerance,
) -> Result<OutputReport> {
    if original.dtype != result.dtype {
        let reason = format!("is {} where the original is {}", result.dtype, original.dtype);
        return Ok(incomparable(name, original, reason));
    }
    if original.dims != result.dims {
        let reason = format!("has shape {:?} where the original has {:?}", result.dims, original.dims);
        return Ok(incomparable(name, original, reason));
    }
    let measured = if original.dtype == DType::String {
        compare_strings(strings(name, original)?, strings(name, result)?)
    } else {
        let (a, b) = (bytes(name, original)?, bytes(name, result)?);
        compare_bytes(original.dtype, original.elements().unwrap_or(0), &a, &b, tolerance)
    };
    let passed = measured.beyond == 0 && (!has_tolerance(original.dtype) || measured.cosine >= tolerance.cosine);
    Ok(OutputReport {
        name: name.to_owned(),
        dtype: original.dtype,
        dims: original.dims.clone(),
        elements: original.elements().unwrap_or(0),
        incomparable: None,
        beyond: measured.beyond,
        max_absolute: measured.max_absolute,
        max_relative: measured.max_relative,
        cosine: measured.cosine,
        same_nonfinite: measured.same_nonfinite,
        worst: measured.worst.map(|worst| Worst {
            index: unravel(worst.element, &original.dims),
            original: worst.original,
            result: worst.result,
            absolute: worst.absolute,
        }),
        passed,
    })
}

/// The report of an output whose elements cannot be compared.
pub(super) fn incomparable(name: &str, original: &Tensor, reason: String) -> OutputReport {
    OutputReport {
        name: name.to_owned(),
        dtype: original.dtype,
        dims: original.dims.clone(),
        elements: 0,
        incomparable: Some(reason),
        beyond: 0,
        max_absolute: 0.0,
        max_relative: 0.0,
        cosine: 0.0,
        same_nonfinite: true,
        worst: None,
        passed: false,
    }
}

struct Measured {
    beyond: u64,
    max_absolute: f64,
    max_relative: f64,
    cosine: f64,
    same_nonfinite: bool,
    worst: Option<WorstElement>,
}

impl Measured {
    /// For types whose bits say whether elements are equal, and not by how much they differ.
    fn without_distance(self) -> Self {
        let worst = self.worst.map(|worst| WorstElement { absolute: None, ..worst });
        let cosine = if self.beyond == 0 { 1.0 } else { 0.0 };
        Self { max_absolute: 0.0, max_relative: 0.0, cosine, worst, ..self }
    }
}

struct WorstElement {
    element: u64,
    original: String,
    result: String,
    absolute: Option<f64>,
}

fn bytes<'t>(name: &str, tensor: &'t Tensor) -> Result<std::borrow::Cow<'t, [u8]>> {
    tensor
        .to_le_bytes()
        .filter(|bytes| tensor.byte_len() == Some(bytes.len() as u64))
        .ok_or_else(|| broken(name, tensor))
}

fn strings<'t>(name: &str, tensor: &'t Tensor) -> Result<&'t [bytes::Bytes]> {
    match &tensor.data {
        Data::Strings(strings) if tensor.elements() == Some(strings.len() as u64) => Ok(strings),
        _ => Err(broken(name, tensor)),
    }
}

fn broken(name: &str, tensor: &Tensor) -> Error {
    let Tensor { dtype, dims, .. } = tensor;
    let message = format!("the runtime gave output '{name}' with other bytes than {dtype} of shape {dims:?} takes");
    Error::new(ErrorKind::Backend, message)
}

fn compare_strings(original: &[bytes::Bytes], result: &[bytes::Bytes]) -> Measured {
    let mut differing = (0_u64..).zip(original.iter().zip(result)).filter(|(_, (a, b))| a != b);
    let word = |string: &bytes::Bytes| format!("'{}'", string.escape_ascii());
    let worst = differing.next().map(|(element, (a, b))| WorstElement {
        element,
        original: word(a),
        result: word(b),
        absolute: None,
    });
    let beyond = worst.iter().len() as u64 + differing.count() as u64;
    let cosine = if beyond == 0 { 1.0 } else { 0.0 };
    Measured { beyond, max_absolute: 0.0, max_relative: 0.0, cosine, same_nonfinite: true, worst }
}

fn compare_bytes(dtype: DType, elements: u64, a: &[u8], b: &[u8], tolerance: &Tolerance) -> Measured {
    let single = |value: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "it came from 32 bits or fewer")]
        let value = value as f32;
        value.to_string()
    };
    let double = |value: f64| value.to_string();
    match dtype {
        DType::Float16 => compare(a, b, |b| f64::from(f16::from_le_bytes(b)), Some(tolerance), single),
        DType::Bfloat16 => compare(a, b, |b| f64::from(bf16::from_le_bytes(b)), Some(tolerance), single),
        DType::Float32 => compare(a, b, |b| f64::from(f32::from_le_bytes(b)), Some(tolerance), single),
        DType::Float64 => compare(a, b, f64::from_le_bytes, Some(tolerance), double),
        // by real and imaginary part: an element of the report is then half of one of the tensor
        DType::Complex64 => halved(compare(a, b, |b| f64::from(f32::from_le_bytes(b)), Some(tolerance), single)),
        DType::Complex128 => halved(compare(a, b, f64::from_le_bytes, Some(tolerance), double)),
        DType::Bool => {
            compare(a, b, |[b]: [u8; 1]| i128::from(b), None, |value| (value != 0).to_string()).without_distance()
        }
        DType::Int8 => compare(a, b, |b| i128::from(i8::from_le_bytes(b)), None, |value| value.to_string()),
        DType::Int16 => compare(a, b, |b| i128::from(i16::from_le_bytes(b)), None, |value| value.to_string()),
        DType::Int32 => compare(a, b, |b| i128::from(i32::from_le_bytes(b)), None, |value| value.to_string()),
        DType::Int64 => compare(a, b, |b| i128::from(i64::from_le_bytes(b)), None, |value| value.to_string()),
        DType::Uint8 => compare(a, b, |[b]: [u8; 1]| i128::from(b), None, |value| value.to_string()),
        DType::Uint16 => compare(a, b, |b| i128::from(u16::from_le_bytes(b)), None, |value| value.to_string()),
        DType::Uint32 => compare(a, b, |b| i128::from(u32::from_le_bytes(b)), None, |value| value.to_string()),
        DType::Uint64 => compare(a, b, |b| i128::from(u64::from_le_bytes(b)), None, |value| value.to_string()),
        // what is left is compared by its bits
        _ => {
            let bits = dtype.bits().unwrap_or(8);
            let (a, b) = (unpack(bits, elements, a), unpack(bits, elements, b));
            compare(&a, &b, |[b]: [u8; 1]| i128::from(b), None, |value| format!("bits {value:#x}")).without_distance()
        }
    }
}

/// One byte for each element below a byte, low bits first.
fn unpack(bits: u64, elements: u64, packed: &[u8]) -> Vec<u8> {
    let mask = if bits >= 8 { 0xff } else { (1_u8 << bits) - 1 };
    let shifts = (0..8_u32).step_by(usize::try_from(bits.clamp(1, 8)).unwrap_or(8));
    let unpacked = packed.iter().flat_map(|byte| shifts.clone().map(move |shift| byte >> shift & mask));
    unpacked.take(usize::try_from(elements).unwrap_or(usize::MAX)).collect()
}

fn halved(mut measured: Measured) -> Measured {
    measured.beyond = measured.beyond.div_ceil(2);
    if let Some(worst) = &mut measured.worst {
        worst.element /= 2;
    }
    measured
}

/// What can be subtracted: floats as float64, integers without loss.
trait Number: Copy + PartialEq {
    fn to_f64(self) -> f64;
    fn distance(self, other: Self) -> f64;
}

impl Number for f64 {
    fn to_f64(self) -> f64 {
        self
    }

    fn distance(self, other: Self) -> f64 {
        (self - other).abs().min(f64::MAX)
    }
}

impl Number for i128 {
    #[expect(clippy::cast_precision_loss, reason = "a magnitude; equality is decided on the integers")]
    fn to_f64(self) -> f64 {
        self as f64
    }

    #[expect(clippy::cast_precision_loss, reason = "a magnitude; equality is decided on the integers")]
    fn distance(self, other: Self) -> f64 {
        self.saturating_sub(other).unsigned_abs() as f64
    }
}

/// Compares element by element. Without a tolerance, elements must be equal.
fn compare<const N: usize, T: Number>(
    a: &[u8],
    b: &[u8],
    read: impl Fn([u8; N]) -> T,
    tolerance: Option<&Tolerance>,
    words: impl Fn(T) -> String,
) -> Measured {
    let pairs = || a.as_chunks::<N>().0.iter().zip(b.as_chunks::<N>().0).map(|(a, b)| (read(*a), read(*b)));
    let finite = |(a, b): &(T, T)| a.to_f64().is_finite() && b.to_f64().is_finite();
    // scaled by the largest magnitude, so that no square overflows or vanishes
    let (scale_a, scale_b) = pairs().filter(finite).fold((0.0_f64, 0.0_f64), |(most_a, most_b), (a, b)| {
        (most_a.max(a.to_f64().abs()), most_b.max(b.to_f64().abs()))
    });
    let (mut dot, mut norm_a, mut norm_b) = (0.0, 0.0, 0.0);
    let (mut beyond, mut max_absolute, mut max_relative) = (0_u64, 0.0_f64, 0.0_f64);
    let mut same_nonfinite = true;
    let mut worst: Option<((u8, f64), u64, T, T)> = None;
    for (element, (a, b)) in (0_u64..).zip(pairs()) {
        let (x, y) = (a.to_f64(), b.to_f64());
        let rank = if x.is_finite() && y.is_finite() {
            let absolute = a.distance(b);
            max_absolute = max_absolute.max(absolute);
            if x != 0.0 {
                max_relative = max_relative.max((absolute / x.abs()).min(f64::MAX));
            }
            if scale_a > 0.0 && scale_b > 0.0 {
                let (x, y) = (x / scale_a, y / scale_b);
                (dot, norm_a, norm_b) = (dot + x * y, norm_a + x * x, norm_b + y * y);
            }
            let within = match tolerance {
                Some(tolerance) => absolute <= tolerance.absolute || absolute <= tolerance.relative * x.abs(),
                None => a == b,
            };
            (u8::from(!within), absolute)
        } else if x.is_nan() && y.is_nan() || x.is_infinite() && x.total_cmp(&y).is_eq() {
            (0, 0.0)
        } else {
            same_nonfinite = false;
            (2, 0.0)
        };
        beyond += u64::from(rank.0 > 0);
        if rank > worst.map_or((0, 0.0), |(rank, ..)| rank) {
            worst = Some((rank, element, a, b));
        }
    }
    let cosine = match (scale_a > 0.0, scale_b > 0.0) {
        _ if max_absolute == 0.0 => 1.0, // whatever rounding makes of it
        (true, true) => (dot / (norm_a.sqrt() * norm_b.sqrt())).clamp(-1.0, 1.0),
        _ if beyond == 0 => 1.0, // nothing but noise beside zeros
        _ => 0.0,
    };
    let worst = worst.map(|((class, absolute), element, a, b)| WorstElement {
        element,
        original: words(a),
        result: words(b),
        absolute: (class < 2).then_some(absolute),
    });
    Measured { beyond, max_absolute, max_relative, cosine, same_nonfinite, worst }
}

/// The position of an element by axis, outermost first.
fn unravel(element: u64, dims: &[u64]) -> Vec<u64> {
    let mut rest = element;
    let mut index: Vec<u64> = dims
        .iter()
        .rev()
        .map(|&dim| {
            let position = rest.checked_rem(dim).unwrap_or(0);
            rest = rest.checked_div(dim).unwrap_or(0);
            position
        })
        .collect();
    index.reverse();
    index
}

/// For each row of scores `[rows, classes]`, the class with the highest one, the first of equals; `None` for other
/// outputs.
pub(super) fn top1(scores: &Tensor) -> Option<Vec<i64>> {
    let &[_, classes] = scores.dims.as_slice() else { return None };
    let bytes = scores.to_le_bytes()?;
    let values: Vec<f64> = match scores.dtype {
        DType::Float16 => bytes.as_chunks().0.iter().map(|word| f16::from_le_bytes(*word).into()).collect(),
        DType::Bfloat16 => bytes.as_chunks().0.iter().map(|word| bf16::from_le_bytes(*word).into()).collect(),
        DType::Float32 => bytes.as_chunks().0.iter().map(|word| f32::from_le_bytes(*word).into()).collect(),
        DType::Float64 => bytes.as_chunks().0.iter().map(|word| f64::from_le_bytes(*word)).collect(),
        _ => return None,
    };
    let best = |row: &[f64]| {
        let first = (0, f64::NEG_INFINITY);
        let highest =
            |best: (i64, f64), (class, &score): (i64, &f64)| if score > best.1 { (class, score) } else { best };
        (0..).zip(row).fold(first, highest).0
    };
    let classes = usize::try_from(classes).ok().filter(|&classes| classes > 1)?;
    Some(values.chunks_exact(classes).map(best).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOSE: Tolerance = Tolerance { absolute: 0.01, relative: 0.1, cosine: 0.9 };

    fn tensor(dtype: DType, dims: &[u64], bytes: Vec<u8>) -> Tensor {
        Tensor::new("y", dtype, dims.to_vec(), bytes).unwrap()
    }

    fn doubles(values: &[f64]) -> Tensor {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        tensor(DType::Float64, &[values.len() as u64], bytes)
    }

    fn compared(original: &Tensor, result: &Tensor) -> OutputReport {
        compare_output("y", original, result, &LOOSE).unwrap()
    }

    #[test]
    fn an_element_passes_by_either_tolerance() {
        // 0.009 is within the absolute one, 9 of 100 within the relative one, 0.5 of 1 within neither
        let report = compared(&doubles(&[0.0, 100.0, 1.0]), &doubles(&[0.009, 109.0, 1.5]));
        assert_eq!((report.beyond, report.passed), (1, false));
        assert_eq!(report.worst.unwrap().index, [2]); // the one beyond, though 9 is the larger difference
        assert_eq!(report.max_absolute.to_bits(), 9.0_f64.to_bits());
        assert_eq!(report.max_relative.to_bits(), 0.5_f64.to_bits());
        assert!(compared(&doubles(&[0.0, 100.0]), &doubles(&[0.009, 109.0])).passed);
    }

    #[test]
    fn cosine_is_that_of_the_whole_output() {
        // (3, 4) and (4, 3): 24 / 25
        let report = compared(&doubles(&[3.0, 4.0]), &doubles(&[4.0, 3.0]));
        assert!((report.cosine - 0.96).abs() < 1e-12);
        // neither squares that overflow nor squares that vanish matter
        for scale in [1e200, 1e-200] {
            let report = compared(&doubles(&[3.0 * scale, 4.0 * scale]), &doubles(&[4.0 * scale, 3.0 * scale]));
            assert!((report.cosine - 0.96).abs() < 1e-12, "{}", report.cosine);
        }
    }

    #[test]
    fn cosine_alone_can_fail_an_output() {
        let wide = Tolerance { absolute: 10.0, relative: 0.0, cosine: 0.99 };
        let report = compare_output("y", &doubles(&[3.0, 4.0]), &doubles(&[4.0, 3.0]), &wide).unwrap();
        assert_eq!((report.beyond, report.passed), (0, false));
    }

    #[test]
    fn noise_beside_zeros_is_no_direction() {
        assert!(compared(&doubles(&[0.0, 0.0]), &doubles(&[0.001, -0.001])).passed);
        assert!(!compared(&doubles(&[0.0, 0.0]), &doubles(&[0.1, 0.0])).passed);
    }

    #[test]
    fn every_float_is_read_as_what_it_is() {
        let half = |values: &[f32]| values.iter().flat_map(|&v| f16::from_f32(v).to_le_bytes()).collect::<Vec<u8>>();
        let brain = |values: &[f32]| values.iter().flat_map(|&v| bf16::from_f32(v).to_le_bytes()).collect::<Vec<u8>>();
        let single = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        for (dtype, bytes) in [
            (DType::Float16, &half as &dyn Fn(&[f32]) -> Vec<u8>),
            (DType::Bfloat16, &brain),
            (DType::Float32, &single),
        ] {
            let report = compared(&tensor(dtype, &[2], bytes(&[1.0, -2.0])), &tensor(dtype, &[2], bytes(&[1.0, 2.0])));
            let worst = report.worst.unwrap();
            assert_eq!((worst.original.as_str(), worst.result.as_str()), ("-2", "2"), "{dtype}");
            assert_eq!(report.max_absolute.to_bits(), 4.0_f64.to_bits(), "{dtype}");
        }
    }

    #[test]
    fn complex_numbers_differ_by_element() {
        let bytes = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        let original = tensor(DType::Complex64, &[2], bytes(&[1.0, 2.0, 3.0, 4.0]));
        let result = tensor(DType::Complex64, &[2], bytes(&[1.0, 2.0, 3.0, 9.0]));
        let report = compared(&original, &result);
        assert_eq!((report.beyond, report.worst.unwrap().index), (1, vec![1]));
    }

    #[test]
    fn what_must_be_equal_is_compared_without_loss() {
        let large = |value: i64| tensor(DType::Int64, &[1], value.to_le_bytes().to_vec());
        assert!(compared(&large(i64::MAX), &large(i64::MAX)).passed);
        let report = compared(&large(i64::MAX), &large(i64::MAX - 1)); // one number as float64
        assert_eq!((report.beyond, report.max_absolute.to_bits()), (1, 1.0_f64.to_bits()));
        let report = compared(&tensor(DType::Bool, &[2], vec![0, 1]), &tensor(DType::Bool, &[2], vec![0, 0]));
        let worst = report.worst.unwrap();
        assert_eq!((worst.original.as_str(), worst.result.as_str(), worst.absolute), ("true", "false", None));
    }

    #[test]
    fn elements_below_a_byte_have_places_of_their_own() {
        // three elements of four bits: the last byte's upper half is padding, and does not count
        let report =
            compared(&tensor(DType::Int4, &[3], vec![0x21, 0x03]), &tensor(DType::Int4, &[3], vec![0x51, 0xf3]));
        assert_eq!((report.beyond, report.worst.unwrap().index), (1, vec![1]));
    }

    #[test]
    fn strings_are_equal_or_not() {
        let strings = |words: &[&'static str]| {
            let data = Data::Strings(words.iter().map(|word| bytes::Bytes::from_static(word.as_bytes())).collect());
            Tensor { name: None, dtype: DType::String, dims: vec![words.len() as u64], data, notes: None }
        };
        assert!(compared(&strings(&["cat", "dog"]), &strings(&["cat", "dog"])).passed);
        let report = compared(&strings(&["cat", "dog"]), &strings(&["cat", "cow"]));
        let worst = report.worst.unwrap();
        assert_eq!((report.beyond, worst.index, worst.result.as_str()), (1, vec![1], "'cow'"));
    }

    #[test]
    fn scalars_and_empty_outputs_are_outputs() {
        let scalar = |value: f64| tensor(DType::Float64, &[], value.to_le_bytes().to_vec());
        let report = compared(&scalar(1.0), &scalar(2.0));
        assert_eq!(report.worst.unwrap().index, [0_u64; 0]);
        let empty = tensor(DType::Float64, &[2, 0], vec![]);
        assert!(compared(&empty, &empty).passed);
    }

    #[test]
    fn a_runtime_that_gives_too_few_bytes_is_at_fault() {
        let broken = Tensor { dims: vec![3], ..doubles(&[1.0]) };
        let error = compare_output("y", &broken, &broken, &LOOSE).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Backend);
    }

    #[test]
    fn the_first_of_equal_scores_wins() {
        let scores = Tensor { dims: vec![2, 3], ..doubles(&[0.0, 5.0, 5.0, f64::NAN, -1.0, 0.0]) };
        assert_eq!(top1(&scores), Some(vec![1, 2]));
        assert_eq!(top1(&Tensor { dims: vec![6, 1], ..scores }), None);
    }
}
