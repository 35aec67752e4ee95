//! `MXNet`: a symbol in JSON (`-symbol.json`), and arrays by name (`-0000.params`).
//!
//! Follows the writers of version 1.9, `nnvm/src/pass/saveload_json.cc` and `src/ndarray/ndarray.cc`. A file of arrays
//! begins with `0x112`; each array with one of the magic numbers of its version, and the names stand at the end.
//!
//! The operators of a symbol compute; `Custom` calls Python that the process registered, and operators of the bridge to other
//! frameworks call those.

mod analyze;
mod inspect;
mod params;

pub use analyze::MxnetAnalyzer;
pub use inspect::MxnetInspector;
pub use params::MxnetError;

use crate::descriptor::FormatId;

/// `MXNet`.
pub const FORMAT: FormatId = FormatId::new("mxnet");
