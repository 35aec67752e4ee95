//! What joblib reads beside opcodes: behind each wrapper of an array stand the array's own bytes.
//!
//! `NumpyArrayWrapper` (joblib 0.10 and newer) says class, shape, order and element type; then follow, since version 1.1,
//! a byte that counts padding and the padding, and the elements as they are. Arrays of objects are pickles of their own,
//! read by the plain unpickler.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::Result;
use crate::wire::pickle::ndarray::{self, Element};
use crate::wire::pickle::{self, Built, Host, Options, Raw, Trace, ValueId};

/// An array whose bytes stand in the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamArray {
    /// The type of its elements.
    pub element: Element,
    /// Its dimensions.
    pub dims: Vec<u64>,
    /// True if the first dimension varies fastest.
    pub column_major: bool,
    /// Where its bytes start, padding left out.
    pub start: u64,
    /// Where they end.
    pub end: u64,
}

/// A loader that knows joblib's arrays. [`Value::Raw`](crate::wire::pickle::Value::Raw) holds the index into `arrays`.
#[derive(Debug)]
pub struct JoblibHost<'a> {
    blob: &'a Blob,
    cx: &'a Context,
    /// The arrays, in the order of the stream.
    pub arrays: Vec<StreamArray>,
}

impl<'a> JoblibHost<'a> {
    /// A host for the pickles of one blob.
    pub fn new(blob: &'a Blob, cx: &'a Context) -> Self {
        Self { blob, cx, arrays: Vec::new() }
    }

    fn locate(&self, trace: &Trace, wrapper: ValueId, at: u64) -> Result<StreamArray, String> {
        let attr = |name| trace.attr(wrapper, name);
        let element = attr("dtype").and_then(|dtype| ndarray::element(trace, dtype));
        let element = element.ok_or("the element type of an array is none that numpy writes")?;
        let dims = attr("shape").and_then(|shape| ndarray::dims(trace, shape));
        let dims = dims.ok_or("the shape of an array is no tuple of sizes")?;
        let column_major = attr("order").and_then(|order| trace.str(order)) == Some("F");
        let padded = attr("numpy_array_alignment_bytes").is_some_and(|bytes| trace.int(bytes).is_some());
        let left = self.blob.len().saturating_sub(at);
        if element.objects {
            return Ok(StreamArray { element, dims, column_major, start: at, end: at });
        }
        let mut start = at;
        if padded {
            let padding = usize::try_from(at).ok().and_then(|at| self.blob.get(at)).copied();
            let padding = padding.ok_or("the padding of an array is cut off")?;
            start = at.saturating_add(1).saturating_add(padding.into());
        }
        let count = dims.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
        let bytes = count.and_then(|count| count.checked_mul(element.bytes));
        let end = bytes.and_then(|bytes| start.checked_add(bytes)).filter(|end| *end <= self.blob.len());
        match end {
            Some(end) => Ok(StreamArray { element, dims, column_major, start, end }),
            None => {
                Err(format!("{} of shape {dims:?} does not fit into the {left} bytes that are left", element.name()))
            }
        }
    }
}

impl Host for JoblibHost<'_> {
    fn built(&mut self, trace: &Trace, target: ValueId, at: u64) -> Result<Built> {
        if !is_wrapper(trace, target) {
            return Ok(Built::Plain);
        }
        let mut array = match self.locate(trace, target, at) {
            Ok(array) => array,
            Err(reason) => return Ok(Built::Unknown(reason)),
        };
        if array.element.objects {
            let inner = pickle::run(self.blob, at, Options::default(), self.cx)?;
            if let Some(fault) = inner.fault() {
                return Ok(Built::Unknown(format!("the pickle of an array of objects is broken: {fault}")));
            }
            array.end = inner.end();
        }
        let raw = Raw { number: self.arrays.len() as u64, end: array.end };
        self.arrays.push(array);
        Ok(Built::Raw(raw))
    }
}

/// True for the wrapper of an array whose bytes follow.
fn is_wrapper(trace: &Trace, id: ValueId) -> bool {
    trace.class(id).is_some_and(|(module, name)| {
        name == "NumpyArrayWrapper" && (module.ends_with("numpy_pickle") || module.ends_with("numpy_pickle_compat"))
    })
}
