//! MNN: a graph and its weights in one `FlatBuffers` buffer without an identifier.
//!
//! Follows [`MNN.fbs`](https://github.com/alibaba/MNN/blob/master/schema/default/MNN.fbs). A buffer is believed to be of MNN
//! if its root has a list of operators whose first one has a name and a kind of the schema, and a list of tensors' names.

mod analyze;
mod inspect;
mod schema;

pub use analyze::MnnAnalyzer;
pub use inspect::MnnInspector;
pub use schema::MnnError;

use crate::descriptor::FormatId;

/// MNN.
pub const FORMAT: FormatId = FormatId::new("mnn");
