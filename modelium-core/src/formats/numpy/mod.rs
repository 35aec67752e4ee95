//! Arrays as numpy stores them: `.npy`, versions 1.0 to 3.0, one or several in a file; and `.npz`, a zip archive of them.
//!
//! Reference: NEP 1 and `numpy.lib.format`. The header is a Python literal of a dictionary; it is parsed here and never
//! evaluated. Records are read with their fields. An array of objects is a pickle behind the header: it is described by
//! its shape alone, and inspected as what it is. `wire::npy` reads arrays as tensors; this folder describes and inspects.

mod analyze;
mod error;
mod header;
mod inspect;

use crate::descriptor::FormatId;

pub use analyze::NumpyAnalyzer;
pub use error::{NumpyError, NumpyFault};
pub use inspect::{NpzInspector, NumpyInspector};

/// The format's name.
pub const FORMAT: FormatId = FormatId::new("numpy");
