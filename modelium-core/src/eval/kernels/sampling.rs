//! Where the positions of a resized axis lie in its source, and how much its elements count there.

use crate::eval::kernels::resize::Axis;

/// How a position in the result becomes one in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coordinates {
    HalfPixel,
    HalfPixelSymmetric,
    PytorchHalfPixel,
    AlignCorners,
    Asymmetric,
    CropAndResize,
    /// Version 11 only.
    HalfPixelForNearest,
}

/// How elements are weighted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filter {
    /// The coefficient of cubic weights; linear ones without.
    pub(super) cubic: Option<f64>,
    /// Widened when the axis shrinks.
    pub(super) antialias: bool,
    /// Positions beyond the border do not count; else the border is repeated.
    pub(super) exclude_outside: bool,
}

/// One position of the result.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sample {
    /// Positions in the source, and their weights.
    Weighted(Vec<(usize, f64)>),
    /// Outside of what is seen.
    Outside,
}

#[expect(clippy::cast_precision_loss, reason = "dimensions beyond 2⁵³ have no elements in memory")]
fn real(number: usize) -> f64 {
    number as f64
}

/// The position in the source, as a real number; `None` outside of what is seen.
fn coordinate(axis: &Axis, coordinates: Coordinates, position: usize) -> Option<f64> {
    let x = real(position);
    let before = real(axis.before);
    let after = axis.scale * before;
    #[expect(clippy::float_cmp, reason = "a length of exactly one")]
    let is_one = after == 1.0;
    let half = (x + 0.5) / axis.scale - 0.5;
    Some(match coordinates {
        Coordinates::HalfPixelSymmetric => before / 2.0 * (1.0 - real(axis.after) / after) + half,
        Coordinates::PytorchHalfPixel if is_one => -0.5,
        Coordinates::HalfPixel | Coordinates::PytorchHalfPixel => half,
        Coordinates::AlignCorners if is_one => 0.0,
        Coordinates::AlignCorners => x * (before - 1.0) / (after - 1.0),
        Coordinates::Asymmetric => x / axis.scale,
        Coordinates::HalfPixelForNearest => (x + 0.5) / axis.scale,
        Coordinates::CropAndResize => {
            let (start, end) = axis.region;
            let at = if is_one {
                (end - start) * (before - 1.0) / 2.0
            } else {
                x * (end - start) * (before - 1.0) / (after - 1.0)
            };
            let at = at + start * (before - 1.0);
            if at < 0.0 || at > before - 1.0 {
                return None;
            }
            at
        }
    })
}

/// A position inside an axis of `length`, which is not empty.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before; NaN becomes 0")]
fn clamped(at: f64, length: usize) -> usize {
    (at.clamp(0.0, real(length - 1)) as usize).min(length - 1)
}

/// The nearest position for each of the result; `None` for an unknown way to round.
pub(super) fn nearest(axis: &Axis, coordinates: Coordinates, mode: &str) -> Option<Vec<Option<usize>>> {
    let round: fn(f64) -> f64 = match mode {
        "round_prefer_floor" => |at| (at - 0.5).ceil(),
        "round_prefer_ceil" => |at| (at + 0.5).floor(),
        "floor" => f64::floor,
        "ceil" => f64::ceil,
        _ => return None,
    };
    let place = |position| coordinate(axis, coordinates, position).map(|at| clamped(round(at), axis.before));
    Some((0..axis.after).map(place).collect())
}

impl Filter {
    /// The weight at a distance, in elements of the source.
    fn weight(&self, distance: f64) -> f64 {
        let x = distance.abs();
        match self.cubic {
            None => (1.0 - x).max(0.0),
            Some(a) if x <= 1.0 => ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0,
            Some(a) if x < 2.0 => ((a * x - 5.0 * a) * x + 8.0 * a) * x - 4.0 * a,
            Some(_) => 0.0,
        }
    }
}

/// The weights for each position of the result.
pub(super) fn samples(axis: &Axis, coordinates: Coordinates, filter: &Filter) -> Vec<Sample> {
    let squeeze = if filter.antialias { axis.scale.min(1.0) } else { 1.0 };
    let reach = if filter.cubic.is_some() { 2.0 } else { 1.0 };
    let first = (-reach / squeeze).floor() + 1.0;
    // beyond the axis and its border there is nothing to weigh
    let first = first.max(-2.0 * real(axis.before) - 4.0);
    let sample = |position| {
        let Some(at) = coordinate(axis, coordinates, position) else { return Sample::Outside };
        let base = at.ceil() - 1.0;
        let ratio = at - base;
        let mut taps: Vec<(usize, f64)> = Vec::new();
        let mut sum = 0.0;
        let mut step = first;
        while step <= 1.0 - first {
            let place = base + step;
            let is_outside = place < 0.0 || place > real(axis.before - 1);
            let weight = filter.weight((step - ratio) * squeeze);
            if !(is_outside && filter.exclude_outside) {
                sum += weight;
                let place = clamped(place, axis.before);
                match taps.last_mut() {
                    Some((last, total)) if *last == place => *total += weight,
                    _ => taps.push((place, weight)),
                }
            }
            step += 1.0;
        }
        if (filter.antialias || filter.exclude_outside) && sum != 0.0 {
            taps.iter_mut().for_each(|(_, weight)| *weight /= sum);
        }
        Sample::Weighted(taps)
    };
    (0..axis.after).map(sample).collect()
}
