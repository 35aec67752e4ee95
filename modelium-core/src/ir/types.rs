//! What a value can be: tensors with symbolic shapes, sequences, maps, optionals.

use std::fmt;
use std::sync::Arc;

use crate::ir::expr::Expr;
use crate::tensor::DType;

/// One dimension of a shape.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dim {
    /// So many elements.
    Known(u64),
    /// A name: equal names in one model are equal numbers.
    Symbol(Arc<str>),
    /// What comes of named dimensions: `2*batch + 1`. Never a number or a name alone.
    Expr(Arc<Expr>),
    /// Not said.
    Unknown,
}

impl Dim {
    /// The number, if it is known.
    pub fn known(&self) -> Option<u64> {
        if let Self::Known(dim) = self { Some(*dim) } else { None }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(dim) => write!(f, "{dim}"),
            Self::Symbol(name) => f.write_str(name),
            Self::Expr(expr) => expr.fmt(f),
            Self::Unknown => f.write_str("?"),
        }
    }
}

/// How names begin that nobody gave: a dimension that is not known, but the same wherever the name is. The package
/// `onnx` spells them so.
const PLACEHOLDER: &str = "unk__";

/// The name that is made up for the dimension of that number.
pub(crate) fn placeholder(number: u64) -> Arc<str> {
    format!("{PLACEHOLDER}{number}").into()
}

/// The number in a name that was made up; `None` for one that was given.
pub(crate) fn placeholder_number(name: &str) -> Option<u64> {
    name.strip_prefix(PLACEHOLDER)?.parse().ok()
}

/// True for a name that was made up, here or by the package `onnx`.
pub(crate) fn is_placeholder(name: &str) -> bool {
    placeholder_number(name).is_some()
}

/// The dimensions of a tensor of known rank, outermost first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Shape {
    /// The dimensions.
    pub dims: Vec<Dim>,
    /// What each axis means (`DATA_BATCH`, …), where the file says so: (axis, denotation).
    pub denotations: Vec<(u32, String)>,
}

impl Shape {
    /// A shape without denotations.
    pub fn new(dims: impl IntoIterator<Item = Dim>) -> Self {
        Self { dims: dims.into_iter().collect(), denotations: Vec::new() }
    }

    /// A shape of known numbers.
    pub fn known(dims: &[u64]) -> Self {
        Self::new(dims.iter().map(|&dim| Dim::Known(dim)))
    }

    /// All the numbers, if each is known.
    pub fn to_known(&self) -> Option<Vec<u64>> {
        self.dims.iter().map(Dim::known).collect()
    }

    /// The element count, if each dimension is known and the product fits.
    pub fn elements(&self) -> Option<u64> {
        self.dims.iter().try_fold(1_u64, |product, dim| product.checked_mul(dim.known()?))
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (index, dim) in self.dims.iter().enumerate() {
            write!(f, "{}{dim}", if index == 0 { "" } else { ", " })?;
        }
        f.write_str("]")
    }
}

/// The type of a value, as ONNX's `TypeProto` says it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Type {
    /// What it is.
    pub kind: TypeKind,
    /// What it means (`IMAGE`, …), where the file says so.
    pub denotation: Option<String>,
}

/// The kinds of [`Type`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TypeKind {
    /// A dense tensor; no shape means that even the rank is unknown.
    Tensor {
        /// Element type; `None` where the file leaves it open.
        dtype: Option<DType>,
        /// Dimensions.
        shape: Option<Shape>,
    },
    /// A sparse tensor.
    SparseTensor {
        /// Element type; `None` where the file leaves it open.
        dtype: Option<DType>,
        /// Dimensions.
        shape: Option<Shape>,
    },
    /// A list of values of one type.
    Sequence(Option<Box<Type>>),
    /// A value or nothing.
    Optional(Option<Box<Type>>),
    /// From keys to values.
    Map {
        /// Type of the keys.
        key: Option<DType>,
        /// Type of the values.
        value: Option<Box<Type>>,
    },
    /// A type of a runtime's own.
    Opaque {
        /// Who defines it.
        domain: Option<String>,
        /// Its name there.
        name: Option<String>,
    },
    /// A `TypeProto` without content.
    Unspecified,
}

impl Type {
    /// A dense tensor type.
    pub fn tensor(dtype: DType, shape: Option<Shape>) -> Self {
        Self { kind: TypeKind::Tensor { dtype: Some(dtype), shape }, denotation: None }
    }

    /// Element type of a dense tensor.
    pub fn dtype(&self) -> Option<DType> {
        if let TypeKind::Tensor { dtype, .. } = &self.kind { *dtype } else { None }
    }

    /// Shape of a dense tensor of known rank.
    pub fn shape(&self) -> Option<&Shape> {
        if let TypeKind::Tensor { shape, .. } = &self.kind { shape.as_ref() } else { None }
    }

    /// The type without the names that inference made up: what is known by such a name only is not known to a caller.
    pub(crate) fn without_placeholders(&self) -> Self {
        let mut ty = self.clone();
        if let TypeKind::Tensor { shape: Some(shape), .. } = &mut ty.kind {
            for dim in &mut shape.dims {
                let made_up = match &*dim {
                    Dim::Symbol(name) => is_placeholder(name),
                    Dim::Expr(expr) => expr.symbols().into_iter().any(|name| is_placeholder(name)),
                    Dim::Known(_) | Dim::Unknown => false,
                };
                if made_up {
                    *dim = Dim::Unknown;
                }
            }
        }
        ty
    }

    /// Bytes of a dense tensor whose dimensions are all known.
    pub fn byte_len(&self) -> Option<u64> {
        self.dtype()?.bytes_for(self.shape()?.elements()?)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = |inner: &Option<Box<Self>>| inner.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
        let name = |dtype: &Option<DType>| dtype.map_or("?", DType::name);
        match &self.kind {
            TypeKind::Tensor { dtype, shape: Some(shape) } => write!(f, "{}{shape}", name(dtype)),
            TypeKind::Tensor { dtype, shape: None } => write!(f, "{}[…]", name(dtype)),
            TypeKind::SparseTensor { dtype, shape: Some(shape) } => write!(f, "sparse {}{shape}", name(dtype)),
            TypeKind::SparseTensor { dtype, shape: None } => write!(f, "sparse {}[…]", name(dtype)),
            TypeKind::Sequence(element) => write!(f, "seq({})", inner(element)),
            TypeKind::Optional(element) => write!(f, "optional({})", inner(element)),
            TypeKind::Map { key, value } => write!(f, "map({}, {})", name(key), inner(value)),
            TypeKind::Opaque { domain, name } => {
                write!(f, "opaque({}, {})", domain.as_deref().unwrap_or(""), name.as_deref().unwrap_or(""))
            }
            TypeKind::Unspecified => f.write_str("?"),
        }
    }
}
