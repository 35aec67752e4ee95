//! The elements of small tensors, as far as they are known: shapes on their way from `Shape` to `Reshape`.

use std::sync::Arc;

use crate::ir::expr::Expr;
use crate::ir::types::Dim;
use crate::tensor::{DType, Tensor};

/// The most elements that are followed.
pub(super) const MOST: usize = 1024;

/// The most floating-point elements that are followed: scales of a resize, not biases.
const MOST_FLOATS: usize = 64;

/// One element.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    /// An integer or a boolean.
    Int(i64),
    /// A floating-point number, rounded as its type says.
    Float(f64),
    /// A dimension of that name, and so not below zero.
    Symbol(Arc<str>),
    /// A whole number that is neither known nor a symbol alone, of an integer or a floating-point type.
    Expr(Arc<Expr>),
    /// A quotient of a floating-point type that is not whole for every size; the divisor is above one.
    Ratio(Arc<(Expr, i64)>),
    /// Anything.
    Unknown,
}

/// The elements of one tensor, row-major. As many as `dims` says, and no more than [`MOST`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Elements {
    pub(crate) dims: Vec<u64>,
    pub(crate) items: Vec<Item>,
}

impl Elements {
    /// Elements of that shape; `None` if there are too many or not as many as the shape says.
    pub(crate) fn new(dims: Vec<u64>, items: Vec<Item>) -> Option<Self> {
        (items.len() <= MOST && count(&dims)? == items.len()).then_some(Self { dims, items })
    }

    /// A list.
    pub(crate) fn list(items: Vec<Item>) -> Option<Self> {
        Self::new(vec![items.len() as u64], items)
    }

    /// A tensor without axes.
    pub(crate) fn scalar(item: Item) -> Self {
        Self { dims: Vec::new(), items: vec![item] }
    }

    /// The elements of a constant, if they are few and numbers.
    pub(crate) fn of(tensor: &Tensor) -> Option<Self> {
        let most = if is_float(tensor.dtype) { MOST_FLOATS } else { MOST };
        let count = count(&tensor.dims).filter(|&count| count <= most)?;
        let bytes = tensor.to_le_bytes()?;
        let items: Vec<Item> = match tensor.dtype {
            DType::Bool => bytes.iter().map(|&byte| Item::Int((byte != 0).into())).collect(),
            DType::Int8 => bytes.iter().map(|&byte| Item::Int(byte.cast_signed().into())).collect(),
            DType::Uint8 => bytes.iter().map(|&byte| Item::Int(byte.into())).collect(),
            DType::Int16 => each(&bytes, |word| Item::Int(i16::from_le_bytes(word).into())),
            DType::Uint16 => each(&bytes, |word| Item::Int(u16::from_le_bytes(word).into())),
            DType::Int32 => each(&bytes, |word| Item::Int(i32::from_le_bytes(word).into())),
            DType::Uint32 => each(&bytes, |word| Item::Int(u32::from_le_bytes(word).into())),
            DType::Int64 => each(&bytes, |word| Item::Int(i64::from_le_bytes(word))),
            DType::Uint64 => {
                each(&bytes, |word| i64::try_from(u64::from_le_bytes(word)).map_or(Item::Unknown, Item::Int))
            }
            DType::Float32 => each(&bytes, |word| Item::Float(f32::from_le_bytes(word).into())),
            DType::Float64 => each(&bytes, |word| Item::Float(f64::from_le_bytes(word))),
            _ => return None,
        };
        (items.len() == count).then(|| Self { dims: tensor.dims.clone(), items })
    }

    /// What it costs to hold them, in numbers.
    pub(super) fn cost(&self) -> u64 {
        let costs = self.items.iter().map(|item| match item {
            Item::Expr(expr) => expr.size() as u64,
            Item::Ratio(ratio) => ratio.0.size() as u64,
            Item::Int(_) | Item::Float(_) | Item::Symbol(_) | Item::Unknown => 1,
        });
        costs.sum()
    }

    /// The same elements in another shape.
    pub(crate) fn reshaped(&self, dims: Vec<u64>) -> Option<Self> {
        Self::new(dims, self.items.clone())
    }

    /// The integers, if each is known.
    pub(crate) fn ints(&self) -> Option<Vec<i64>> {
        self.items.iter().map(Item::int).collect()
    }

    /// The numbers, if each is known.
    pub(crate) fn floats(&self) -> Option<Vec<f64>> {
        self.items.iter().map(Item::float).collect()
    }

    /// The only element.
    pub(crate) fn single(&self) -> Option<&Item> {
        if let [item] = self.items.as_slice() { Some(item) } else { None }
    }

    /// Applies `f` to each element.
    pub(crate) fn map(&self, f: impl FnMut(&Item) -> Item) -> Self {
        Self { dims: self.dims.clone(), items: self.items.iter().map(f).collect() }
    }

    /// Applies `f` to the elements of two tensors that broadcast.
    pub(crate) fn zip(a: &Self, b: &Self, mut f: impl FnMut(&Item, &Item) -> Item) -> Option<Self> {
        if a.dims == b.dims {
            let items = a.items.iter().zip(&b.items).map(|(a, b)| f(a, b)).collect();
            return Some(Self { dims: a.dims.clone(), items });
        }
        let rank = a.dims.len().max(b.dims.len());
        let dim = |dims: &[u64], axis: usize| match (axis + dims.len()).checked_sub(rank) {
            Some(axis) => dims.get(axis).copied().unwrap_or(1),
            None => 1,
        };
        let mut dims = Vec::with_capacity(rank);
        for axis in 0..rank {
            dims.push(match (dim(&a.dims, axis), dim(&b.dims, axis)) {
                (1, other) | (other, 1) => other,
                (same, other) if same == other => same,
                _ => return None,
            });
        }
        Self::build(dims, |at| Some(f(a.broadcast_get(at)?, b.broadcast_get(at)?)))
    }

    /// What holds of both: the elements that are the same, where the shapes are.
    pub(crate) fn either(a: &Self, b: &Self) -> Option<Self> {
        let same = |(a, b): (&Item, &Item)| if a == b { a.clone() } else { Item::Unknown };
        (a.dims == b.dims)
            .then(|| Self { dims: a.dims.clone(), items: a.items.iter().zip(&b.items).map(same).collect() })
    }

    /// A tensor of that shape, each element made from where it stands; `None` if there are too many.
    pub(crate) fn build(dims: Vec<u64>, mut f: impl FnMut(&[usize]) -> Option<Item>) -> Option<Self> {
        let total = count(&dims).filter(|&total| total <= MOST)?;
        let lengths: Vec<usize> = dims.iter().map(|&dim| usize::try_from(dim)).collect::<Result<_, _>>().ok()?;
        let (mut at, mut items) = (vec![0; dims.len()], Vec::with_capacity(total));
        for _ in 0..total {
            items.push(f(&at)?);
            for (place, &length) in at.iter_mut().zip(&lengths).rev() {
                *place += 1;
                if *place < length {
                    break;
                }
                *place = 0;
            }
        }
        Some(Self { dims, items })
    }

    /// The element that stands there.
    pub(crate) fn get(&self, at: &[usize]) -> Option<&Item> {
        self.items.get(position(at, &self.dims)?)
    }

    /// The element that stands there, to be changed.
    pub(crate) fn get_mut(&mut self, at: &[usize]) -> Option<&mut Item> {
        let position = position(at, &self.dims)?;
        self.items.get_mut(position)
    }

    /// The element at the end of `at`, where an axis of one element answers for all.
    pub(crate) fn broadcast_get(&self, at: &[usize]) -> Option<&Item> {
        let at = at.get(at.len().checked_sub(self.dims.len())?..)?;
        let mut index = 0;
        for (&dim, &coordinate) in self.dims.iter().zip(at) {
            let dim = usize::try_from(dim).ok()?;
            index = index * dim + if dim == 1 { 0 } else { coordinate };
        }
        self.items.get(index)
    }
}

impl Item {
    pub(crate) fn int(&self) -> Option<i64> {
        if let Self::Int(value) = self { Some(*value) } else { None }
    }

    #[expect(clippy::cast_precision_loss, reason = "what a cast to float does")]
    pub(crate) fn float(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The dimension that an element of a shape stands for.
    pub(crate) fn to_dim(&self) -> Dim {
        match self {
            Self::Int(value) => u64::try_from(*value).map_or(Dim::Unknown, Dim::Known),
            Self::Symbol(name) => Dim::Symbol(Arc::clone(name)),
            Self::Expr(expr) => Dim::Expr(Arc::clone(expr)),
            _ => Dim::Unknown,
        }
    }

    /// The whole number as an expression; `None` for what is not known and for floats.
    pub(crate) fn expr(&self) -> Option<Expr> {
        match self {
            Self::Int(value) => Some(Expr::constant(*value)),
            Self::Symbol(name) => Some(Expr::symbol(Arc::clone(name))),
            Self::Expr(expr) => Some((**expr).clone()),
            Self::Float(_) | Self::Ratio(_) | Self::Unknown => None,
        }
    }

    /// The element that an expression says; not known where there is none.
    pub(crate) fn from_expr(expr: Option<Expr>) -> Self {
        let Some(expr) = expr else { return Self::Unknown };
        match (expr.to_constant(), expr.to_symbol()) {
            (Some(number), _) => Self::Int(number),
            (None, Some(name)) => Self::Symbol(Arc::clone(name)),
            (None, None) => Self::Expr(Arc::new(expr)),
        }
    }
}

impl From<&Dim> for Item {
    fn from(dim: &Dim) -> Self {
        match dim {
            Dim::Known(dim) => i64::try_from(*dim).map_or(Self::Unknown, Self::Int),
            Dim::Symbol(name) => Self::Symbol(Arc::clone(name)),
            Dim::Expr(expr) => Self::Expr(Arc::clone(expr)),
            Dim::Unknown => Self::Unknown,
        }
    }
}

/// True for the types whose elements are [`Item::Float`].
pub(super) fn is_float(dtype: DType) -> bool {
    matches!(dtype, DType::Float16 | DType::Bfloat16 | DType::Float32 | DType::Float64)
}

/// Elements of a shape, if they can be followed at all.
pub(super) fn count(dims: &[u64]) -> Option<usize> {
    let count = dims.iter().try_fold(1_u64, |product, &dim| product.checked_mul(dim))?;
    usize::try_from(count).ok()
}

/// Which element stands there; `None` if none does.
fn position(at: &[usize], dims: &[u64]) -> Option<usize> {
    if at.len() != dims.len() {
        return None;
    }
    at.iter().zip(dims).try_fold(0_usize, |index, (&place, &dim)| {
        let dim = usize::try_from(dim).ok().filter(|&dim| place < dim)?;
        index.checked_mul(dim)?.checked_add(place)
    })
}

fn each<const N: usize>(bytes: &[u8], decode: impl Fn([u8; N]) -> Item) -> Vec<Item> {
    bytes.as_chunks().0.iter().map(|word| decode(*word)).collect()
}
