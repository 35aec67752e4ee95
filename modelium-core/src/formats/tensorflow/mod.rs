//! TensorFlow's formats that hold a graph or its variables. They share records, and so a folder.
//!
//! | format | what it is | main file |
//! |---|---|---|
//! | `saved_model` | a folder: graphs with signatures, variables, assets | `saved_model.pb`, a `SavedModel` |
//! | `graph_def` | a graph, its variables frozen into constants | a `GraphDef` |
//! | `meta_graph` | a graph as `tf.train.Saver` writes it beside a checkpoint | `.meta`, a `MetaGraphDef` |
//! | `tf_checkpoint` | variables alone: a tensor bundle | `.index`, and its shards `.data-00000-of-00001` |
//!
//! Follows the [protobuf definitions](https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core/protobuf) of
//! version 2.21, and for bundles [`tensor_bundle`](https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core/util/tensor_bundle)
//! over the table format of `LevelDB`. None has a magic number at its start; [`detect`] tells them apart, and from ONNX, Core ML and
//! Paddle, by the shape of their fields.
//!
//! # What the inspector promises
//!
//! A graph runs as native code with the rights of its process, and some operators read files, write files, call Python or
//! open connections. So operators are judged by an allowlist: all that the tensorflow package registers
//! minus those that act ([`scan::tensorflow`](crate::scan::tensorflow), reviewed by hand). It follows functions of the
//! library, functions in attributes, and graphs that are encoded in string constants.
//!
//! Savers are honest users of operators that write: they stay clean as long as nothing that a signature or an
//! initialiser runs can reach them.

mod analyze;
mod bundle;
mod detect;
mod error;
mod graph;
mod inspect;
mod judge;
mod keras;
mod schema;
mod text;

pub use analyze::{CheckpointAnalyzer, GraphDefAnalyzer, MetaGraphAnalyzer, SavedModelAnalyzer};
pub use error::{TensorFlowError, TensorFlowFault};
pub use inspect::{CheckpointInspector, GraphDefInspector, MetaGraphInspector, SavedModelInspector};

use crate::descriptor::FormatId;

/// A folder with graphs, signatures and variables.
pub const SAVED_MODEL: FormatId = FormatId::new("saved_model");
/// A frozen graph.
pub const GRAPH_DEF: FormatId = FormatId::new("graph_def");
/// A graph beside a checkpoint.
pub const META_GRAPH: FormatId = FormatId::new("meta_graph");
/// Variables alone.
pub const CHECKPOINT: FormatId = FormatId::new("tf_checkpoint");
