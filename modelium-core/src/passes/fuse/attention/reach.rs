//! What numbers a bias can hold, told from its data flow.

use std::cell::Cell;

use crate::ir::{AttributeValue, OpType, ValueId};
use crate::passes::View;
use crate::passes::fuse::flow;
use crate::tensor::{DType, Tensor};

use super::bias::Term;

/// Values that are looked at.
const MOST_VALUES: usize = 256;

/// The most elements of a constant that are read.
const MOST_ELEMENTS: u64 = 1 << 22;

/// The largest number that every runtime adds like any other.
const MODERATE: f64 = 1e9;

/// From here on down a number swallows whatever moderate one is added to it: half of its last place is 4e22.
pub(super) const SWALLOWS: f64 = -1e30;

/// Each element of a tensor is at most `usual` in magnitude, or exactly `low`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reach {
    usual: f64,
    /// One number that is not above [`SWALLOWS`]; may be minus infinity.
    low: Option<f64>,
}

impl Reach {
    /// Of the sum of biases; `None` if nothing is certain.
    pub(super) fn of(view: &View<'_>, biases: &[Term]) -> Option<Self> {
        let walk = Walk { view, left: Cell::new(MOST_VALUES) };
        let mut terms = biases.iter().map(|bias| walk.of(bias.value()));
        terms.try_fold(Self::within(0.0), |sum, term| sum.plus(term?))
    }

    fn within(usual: f64) -> Self {
        Self { usual, low: None }
    }

    /// True if no score can be minus infinity, given that the products are no larger than numbers usually are.
    pub(super) fn is_finite(self) -> bool {
        self.low.is_none_or(f64::is_finite)
    }

    /// True if each element is moderate, or exactly the one low number.
    pub(super) fn is_moderate(self) -> bool {
        self.usual <= MODERATE
    }

    /// The number that stands for "no weight at all", if there can be one.
    pub(super) fn low(self) -> Option<f64> {
        self.low
    }

    /// The low number as one of the usual ones.
    fn widened(self) -> Option<Self> {
        let usual = self.usual.max(self.low.unwrap_or(0.0).abs());
        usual.is_finite().then(|| Self::within(usual))
    }

    /// Elements of the one or of the other.
    fn or(self, other: Self) -> Option<Self> {
        let usual = self.usual.max(other.usual);
        match (self.low, other.low) {
            (Some(one), Some(two)) if one.to_bits() != two.to_bits() => self.widened()?.or(other.widened()?),
            (one, two) => Some(Self { usual, low: one.or(two) }),
        }
    }

    /// Sums of both, as float32 has them.
    fn plus(self, other: Self) -> Option<Self> {
        let usual = rounded(self.usual + other.usual)?;
        let low = match (self.low, other.low) {
            (None, None) => None,
            (Some(low), None) if low.is_infinite() || other.is_moderate() => Some(low),
            (None, Some(low)) if low.is_infinite() || self.is_moderate() => Some(low),
            (Some(one), Some(two)) if one.is_infinite() && two.is_infinite() => Some(one),
            _ => {
                let (one, two) = (self.widened()?, other.widened()?);
                return Some(Self::within(rounded(one.usual + two.usual)?));
            }
        };
        Some(Self { usual, low })
    }
}

/// What float32 makes of a number; `None` for infinity.
fn rounded(bound: f64) -> Option<f64> {
    let largest = f64::from(f32::MAX);
    // half of the last place
    (bound < largest + 2_f64.powi(103)).then_some(bound.min(largest))
}

/// A walk back through a graph that ends.
struct Walk<'v> {
    view: &'v View<'v>,
    left: Cell<usize>,
}

impl Walk<'_> {
    /// Takes one off what is left to look at.
    fn step(&self) -> Option<()> {
        self.left.set(self.left.get().checked_sub(1)?);
        Some(())
    }

    fn of(&self, value: ValueId) -> Option<Reach> {
        self.step()?;
        let view = self.view;
        if let Some(tensor) = view.tensor(value) {
            return of_tensor(tensor);
        }
        let (_, node, 0) = view.producer(value)? else { return None };
        let of = |input| self.of(node.input(input)?);
        match node.op {
            OpType::Where => of(1)?.or(of(2)?),
            OpType::Add => of(0)?.plus(of(1)?),
            OpType::Sub => of(0)?.plus(of(1)?.widened()?),
            OpType::Mul => self.product(node.input(0)?, node.input(1)?),
            OpType::Neg => of(0)?.widened(),
            // the same elements, zeros beside them at most
            OpType::Identity
            | OpType::Transpose
            | OpType::Reshape
            | OpType::Unsqueeze
            | OpType::Squeeze
            | OpType::Expand
            | OpType::Gather
            | OpType::Slice
            | OpType::Tile
            | OpType::Trilu => of(0),
            OpType::Concat => {
                let mut parts = (0..node.inputs.len()).map(of);
                let first = parts.next()??;
                parts.try_fold(first, |whole, part| whole.or(part?))
            }
            OpType::ConstantOfShape => match node.attribute("value") {
                None => Some(Reach::within(0.0)),
                Some(AttributeValue::Tensor(tensor)) => of_tensor(tensor),
                Some(_) => None,
            },
            OpType::Cast if view.dtype(node.input(0)?)? == DType::Bool => Some(Reach::within(1.0)),
            OpType::Cast if view.dtype(node.input(0)?)? == DType::Float32 && flow::is_float32(view, value) => of(0),
            OpType::Sigmoid | OpType::Tanh => Some(Reach::within(1.0)),
            _ => None,
        }
    }

    fn product(&self, a: ValueId, b: ValueId) -> Option<Reach> {
        let (one, two) = (self.of(a)?, self.of(b)?);
        // what is kept or made zero; but zero times infinity is not a number
        for (reach, by) in [(two, a), (one, b)] {
            if reach.is_finite() && self.is_flag(by).unwrap_or(false) {
                return Some(reach);
            }
        }
        Some(Reach::within(rounded(one.widened()?.usual * two.widened()?.usual)?))
    }

    /// True if each element is exactly zero or one.
    fn is_flag(&self, value: ValueId) -> Option<bool> {
        self.step()?;
        let (_, node, 0) = self.view.producer(value)? else { return None };
        let input = node.input(0)?;
        match node.op {
            OpType::Cast => Some(self.view.dtype(input)? == DType::Bool),
            OpType::Sub if self.view.scalar(input)?.to_bits() == 1.0_f64.to_bits() => self.is_flag(node.input(1)?),
            OpType::Identity
            | OpType::Transpose
            | OpType::Reshape
            | OpType::Unsqueeze
            | OpType::Squeeze
            | OpType::Expand => self.is_flag(input),
            _ => None,
        }
    }
}

fn of_tensor(tensor: &Tensor) -> Option<Reach> {
    if tensor.dtype != DType::Float32 || tensor.elements()? > MOST_ELEMENTS {
        return None;
    }
    let bytes = tensor.to_le_bytes()?;
    let mut reach = Reach::within(0.0);
    let mut last = 0.0_f64.to_bits();
    for word in bytes.as_chunks().0 {
        let number = f64::from(f32::from_le_bytes(*word));
        // masks are long runs of one number
        if number.to_bits() == last {
            continue;
        }
        last = number.to_bits();
        let element = match number {
            low if low <= SWALLOWS => Reach { usual: 0.0, low: Some(low) },
            usual if usual.is_finite() => Reach::within(usual.abs()),
            _ => return None,
        };
        reach = reach.or(element)?;
    }
    Some(reach)
}
