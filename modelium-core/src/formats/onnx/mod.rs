//! ONNX, the format that the IR is modelled on: import loses nothing that export could write.
//!
//! Follows [`onnx.proto`](https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) up to IR version 14 and
//! [external data](https://github.com/onnx/onnx/blob/main/docs/ExternalData.md).
//!
//! ```text
//! model.onnx ── map ── guard (shapes) ── prost (schema, kept) ── import ──► ir::Model
//!                                                                 │ tensors: windows of the map
//!             other files ── map, once each ── external ──────────┘
//!
//! ir::Checked ── placement: inside, beside, as it is ── encode: count, then write ──► Sink
//! ```
//!
//! # What import promises
//!
//! - Nothing is allocated for a file before a walk over its encoding has held counts, depth and memory against
//!   [`Limits`](crate::Limits). Weights are mapped and not read, with one exception: integers that are stored as varints
//!   are counted, because nothing else tells how many there are.
//! - Each tensor has exactly the bytes that its type and dimensions say; external data lies inside its file, and the file
//!   inside the model's folder, training graphs included.
//! - Errors name the file and, where the encoding is at fault, the byte and the way there
//!   (`graph.node[3].attribute[0]`); else what holds the fault.
//!
//! # What survives
//!
//! Import, export, import gives an equal model. A file whose fields stand in the order of their numbers, which is how
//! every protobuf library writes them, comes out byte for byte the same when weights stay where they are. Files written
//! otherwise come out in that order, with lists of numbers packed or not as the schema has them. These spellings of one
//! meaning are not told apart:
//!
//! | in the file | comes out as |
//! |---|---|
//! | a dimension of −1 or with an empty name, `elem_type: 0`, an empty `ref_attr_name` | left out |
//! | an empty `op_type` or name of an attribute or function, which are not valid | left out |
//! | attributes without a kind, as IR version 1 had them | with their kind |
//! | `external_data` of a tensor that is not external | left out |
//!
//! Fields that a later version adds to models, graphs and nodes are kept in `extensions`, as are training information,
//! device placement and quantisation annotations; in other records, and as groups, they are dropped with a warning.
//!
//! To add a field: declare it in `schema`, list it in `shapes` (a test compares the two), read and write it.

mod analyze;
mod attributes;
mod encode;
mod error;
mod export;
mod external;
mod import;
mod inspect;
mod kept;
mod locate;
mod placement;
mod schema;
mod shapes;
mod tensors;
mod text;
mod types;

pub use analyze::OnnxAnalyzer;
pub use error::{OnnxError, OnnxFault, Quoted, TensorName};
pub use export::OnnxExporter;
pub(crate) use export::encoded_len;
pub use import::OnnxImporter;
pub use inspect::{OnnxDataInspector, OnnxInspector};
