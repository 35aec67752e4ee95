//! What flows along edges while a model is evaluated.

use std::sync::Arc;

use crate::eval::array::Array;

/// A value of a running model.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A dense tensor.
    Tensor(Array),
    /// A list.
    Sequence(Arc<Vec<Value>>),
    /// A value or nothing.
    Optional(Option<Box<Value>>),
    /// From keys, a tensor of one axis, to values, as many: `ZipMap`, `CastMap`, `DictVectorizer`.
    Map(Arc<(Array, Array)>),
}

impl Value {
    /// The tensor, if it is one; also inside an optional.
    pub fn as_tensor(&self) -> Option<&Array> {
        match self {
            Self::Tensor(array) => Some(array),
            Self::Optional(Some(inner)) => inner.as_tensor(),
            _ => None,
        }
    }

    /// Bytes that its elements take in memory; shared ones are counted as often as they are named.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Tensor(array) => array.bytes(),
            // also what a list costs beside its elements
            Self::Sequence(values) => values.iter().fold(0, |sum, value| value.bytes().saturating_add(sum + 32)),
            Self::Optional(inner) => inner.as_deref().map_or(0, Self::bytes),
            Self::Map(pair) => pair.0.bytes().saturating_add(pair.1.bytes()),
        }
    }

    /// The list, if it is one; also inside an optional.
    pub fn as_sequence(&self) -> Option<&[Value]> {
        match self {
            Self::Sequence(values) => Some(values),
            Self::Optional(Some(inner)) => inner.as_sequence(),
            _ => None,
        }
    }
}

impl From<Array> for Value {
    fn from(array: Array) -> Self {
        Self::Tensor(array)
    }
}
