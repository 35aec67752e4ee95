//! The intermediate representation is ONNX, kept whole.
//!
//! A [`Model`] is a [`Graph`] with its functions, operator sets and metadata. A graph is two arenas, [`Node`]s and
//! [`Value`]s, behind typed ids, and lists that give them their order. Everything that an ONNX file can say has a
//! place here, so import and export lose nothing; what is not understood travels untouched.
//!
//! ```text
//! Model ── graph ── nodes    [Node { op, inputs: [ValueId], outputs: [ValueId], attributes }]   in execution order
//!       │        ├─ values   [Value { name, ty, producer }]
//!       │        ├─ inputs / outputs / value_info   [Port { value, ty, doc, metadata }]          as declared
//!       │        └─ initializers                    [Initializer { value, tensor }]              elements stay mapped
//!       └─ functions   model-local operators
//! ```
//!
//! A subgraph (the branch of an `If`, the body of a `Loop`) is a `Graph` inside an [`AttributeValue::Graph`]. It has
//! arenas of its own; a value in it that nothing in it defines is captured from outside by name.
//!
//! An importer promises what arenas need: ids in range, each value defined at most once in its graph. All else is
//! [`check`](check::check)'s: it alone makes [`Checked`], which exporters and runtimes demand.

mod attribute;
pub mod check;
pub mod cost;
mod expr;
mod generated;
mod graph;
pub mod infer;
pub mod schema;
#[cfg(test)]
pub(crate) mod sketch;
pub(crate) mod spelling;
mod types;

pub use attribute::{Attribute, AttributeValue, SparseTensor};
pub use check::{CheckError, Checked, check, check_full};
pub use cost::{Cost, cost};
pub use expr::{Expr, Rounding};
pub use graph::{
    Extension, Function, Graph, Initializer, Model, Node, NodeId, Opset, Port, Property, Provenance, SparseInitializer,
    Use, Value, ValueId,
};
pub use infer::{Inferred, infer};
pub use schema::OpType;
pub use types::{Dim, Shape, Type, TypeKind};
