//! Operator facts: what the ONNX specification says of each version of each operator.
//!
//! The facts are a static table ([`generated`](super::generated)) made from the official schemas, so that
//! the checker, the type rules and the planner read one source. Nothing is allocated and nothing is built
//! at start-up: [`schema`] is a binary search.
//!
//! ```text
//! OpType::new("", "Conv")  →  schema(&op, 13)  →  OpSchema { since_version: 11, .. }
//! ```
//!
//! An operator that the specification does not name is an [`OpType::Other`] and has no schema: it travels
//! through import and export untouched, and nothing is assumed of it.

use std::fmt;

use crate::ir::generated::op_type::BY_DOMAIN;
use crate::ir::generated::schemas;

pub use crate::ir::generated::op_type::OpType;

/// The newest opset of the default domain that the table describes.
pub const NEWEST_OPSET: u64 = schemas::NEWEST_OPSET;

/// Stands in `max_inputs` and `max_outputs` for "any number".
pub const UNBOUNDED: u16 = u16::MAX;

/// An operator outside the specification: its domain and name as the model spells them.
///
/// Made by [`OpType::new`] alone, which keeps known operators out of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OtherOp {
    domain: String,
    name: String,
}

impl OtherOp {
    /// The domain, never `ai.onnx`: the default domain is `""`.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The name inside the domain.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl OpType {
    /// The operator `name` of `domain`; `ai.onnx` and `""` are the same domain.
    ///
    /// Allocates only for an operator that the specification does not name.
    #[must_use]
    pub fn new(domain: &str, name: &str) -> Self {
        let domain = default_domain(domain);
        let known = find(BY_DOMAIN, domain).and_then(|operators| find(operators, name));
        known
            .cloned()
            .unwrap_or_else(|| Self::Other(Box::new(OtherOp { domain: domain.to_owned(), name: name.to_owned() })))
    }
}

/// `Conv` in the default domain, `ai.onnx.ml.Scaler` elsewhere.
impl fmt::Display for OpType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.domain() {
            "" => f.write_str(self.name()),
            domain => write!(f, "{domain}.{}", self.name()),
        }
    }
}

/// One version of one operator.
#[derive(Debug, Clone, PartialEq)]
pub struct OpSchema {
    /// The operator.
    pub op: OpType,
    /// The first opset of the operator's domain in which this version holds.
    pub since_version: u16,
    /// The specification has withdrawn the operator from this version on; a model must not use it.
    pub deprecated: bool,
    /// Inputs by position. Only the last one can be [`Arity::Variadic`].
    pub inputs: &'static [Formal],
    /// Outputs by position. Only the last one can be [`Arity::Variadic`].
    pub outputs: &'static [Formal],
    /// The fewest inputs that a node may list, empty names included.
    pub min_inputs: u16,
    /// The most inputs that a node may list, or [`UNBOUNDED`].
    pub max_inputs: u16,
    /// The fewest outputs that a node may list, empty names included.
    pub min_outputs: u16,
    /// The most outputs that a node may list, or [`UNBOUNDED`].
    pub max_outputs: u16,
    /// Attributes, sorted by name.
    pub attributes: &'static [AttributeSchema],
    /// Type variables that `inputs` and `outputs` refer to, sorted by name.
    pub type_constraints: &'static [TypeConstraint],
    /// The specification defines the operator by a body of other operators.
    pub is_function: bool,
    /// The same inputs give the same outputs. `false` for random operators and wherever the specification
    /// cannot tell, as for operators that run a subgraph.
    pub deterministic: bool,
}

impl OpSchema {
    /// The attribute `name`, if this version has it.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'static AttributeSchema> {
        let index = self.attributes.binary_search_by(|attribute| attribute.name.cmp(name)).ok()?;
        self.attributes.get(index)
    }

    /// The type variable `name`, or `None` where [`Formal::ty`] is a concrete type.
    #[must_use]
    pub fn type_constraint(&self, name: &str) -> Option<&'static TypeConstraint> {
        let index = self.type_constraints.binary_search_by(|constraint| constraint.name.cmp(name)).ok()?;
        self.type_constraints.get(index)
    }

    /// The formal that describes input `index`; a variadic one describes every input from its position on.
    #[must_use]
    pub fn input(&self, index: usize) -> Option<&'static Formal> {
        formal_at(self.inputs, index)
    }

    /// The formal that describes output `index`; a variadic one describes every output from its position on.
    #[must_use]
    pub fn output(&self, index: usize) -> Option<&'static Formal> {
        formal_at(self.outputs, index)
    }
}

/// An input or output of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Formal {
    /// Its name in the specification; nodes bind by position and never spell it.
    pub name: &'static str,
    /// The name of a type variable such as `T`, or a concrete type such as `tensor(int64)`.
    pub ty: &'static str,
    /// Whether it may be left out or repeated.
    pub arity: Arity,
    /// For a variadic formal: all values have one type. `true` for the others.
    pub homogeneous: bool,
}

impl Formal {
    /// True if it stands for any number of values.
    #[must_use]
    pub fn is_variadic(&self) -> bool {
        self.arity == Arity::Variadic
    }
}

/// How many values a [`Formal`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// Exactly one.
    Single,
    /// One, or none: the name is empty, or the node's list ends before it.
    Optional,
    /// Any number, within the bounds that [`OpSchema`] gives for the whole list.
    Variadic,
}

/// An attribute that an operator understands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttributeSchema {
    /// The attribute's name.
    pub name: &'static str,
    /// What it holds.
    pub kind: AttributeKind,
    /// A node must spell it out.
    pub required: bool,
    /// What holds if a node leaves it out. `None` does not mean zero: the specification then describes in
    /// prose what happens.
    pub default: Option<DefaultValue>,
}

/// What an attribute holds; the names follow `AttributeProto.AttributeType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttributeKind {
    /// One 32-bit float.
    Float,
    /// One 64-bit integer.
    Int,
    /// One byte string, nearly always UTF-8.
    String,
    /// One dense tensor.
    Tensor,
    /// One subgraph.
    Graph,
    /// One sparse tensor.
    SparseTensor,
    /// One type.
    TypeProto,
    /// A list of 32-bit floats.
    Floats,
    /// A list of 64-bit integers.
    Ints,
    /// A list of byte strings.
    Strings,
    /// A list of dense tensors.
    Tensors,
    /// A list of subgraphs.
    Graphs,
    /// A list of sparse tensors.
    SparseTensors,
    /// A list of types.
    TypeProtos,
}

/// The value of an attribute that a node leaves out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DefaultValue {
    /// For [`AttributeKind::Int`].
    Int(i64),
    /// For [`AttributeKind::Float`].
    Float(f32),
    /// For [`AttributeKind::String`].
    Str(&'static str),
    /// For [`AttributeKind::Ints`].
    Ints(&'static [i64]),
    /// For [`AttributeKind::Floats`].
    Floats(&'static [f32]),
    /// For [`AttributeKind::Strings`].
    Strs(&'static [&'static str]),
}

/// A type variable: every formal that names it has the same type, one of `allowed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeConstraint {
    /// The name that [`Formal::ty`] refers to.
    pub name: &'static str,
    /// Type strings such as `tensor(float)` or `seq(tensor(int64))`, sorted.
    pub allowed: &'static [&'static str],
}

/// The facts of `op` in a model that imports `opset` of the operator's domain: the newest version that is
/// not newer than `opset`.
///
/// `None` for an operator that the table does not hold, and for one that came later than `opset`. An
/// `opset` beyond [`newest_opset`] gives the newest version known: whether that is acceptable is the
/// caller's decision.
#[must_use]
pub fn schema(op: &OpType, opset: u64) -> Option<&'static OpSchema> {
    let after = schemas::SCHEMAS
        .partition_point(|row| row.op.cmp(op).then_with(|| u64::from(row.since_version).cmp(&opset)).is_le());
    schemas::SCHEMAS.get(after.checked_sub(1)?).filter(|row| row.op == *op)
}

/// The newest opset of `domain` that the table describes; `None` for a domain without a table.
#[must_use]
pub fn newest_opset(domain: &str) -> Option<u64> {
    find(schemas::NEWEST, default_domain(domain)).copied()
}

/// All versions of all operators, sorted by operator, then by version.
#[must_use]
pub fn schemas() -> impl ExactSizeIterator<Item = &'static OpSchema> {
    schemas::SCHEMAS.iter()
}

/// Spells the default domain as `""`, whichever of its two names came in.
fn default_domain(domain: &str) -> &str {
    if domain == "ai.onnx" { "" } else { domain }
}

fn find<T>(table: &'static [(&str, T)], key: &str) -> Option<&'static T> {
    let index = table.binary_search_by(|row| row.0.cmp(key)).ok()?;
    table.get(index).map(|row| &row.1)
}

fn formal_at(formals: &'static [Formal], index: usize) -> Option<&'static Formal> {
    formals.get(index).or_else(|| formals.last().filter(|last| last.is_variadic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn since(domain: &str, name: &str, opset: u64) -> Option<u16> {
        schema(&OpType::new(domain, name), opset).map(|schema| schema.since_version)
    }

    #[test]
    fn holds_as_many_rows_as_the_package_onnx_lists() {
        let count = |domain| schemas().filter(|row| row.op.domain() == domain).count();
        assert_eq!(["", "ai.onnx.ml", "ai.onnx.preview", "ai.onnx.preview.training"].map(count), [629, 25, 1, 4]);
        assert_eq!(schemas().len(), 659);
    }

    #[test]
    fn rows_are_sorted_so_that_a_binary_search_finds_them() {
        assert!(schemas().is_sorted_by(|a, b| (&a.op, a.since_version) < (&b.op, b.since_version)));
        for row in schemas() {
            assert_eq!(schema(&row.op, row.since_version.into()), Some(row));
            assert_eq!(OpType::new(row.op.domain(), row.op.name()), row.op);
            assert!(row.attributes.is_sorted_by(|a, b| a.name < b.name), "{}", row.op);
            assert!(row.type_constraints.is_sorted_by(|a, b| a.name < b.name), "{}", row.op);
        }
    }

    #[test]
    fn every_type_of_a_formal_is_a_constraint_or_spelt_out() {
        for row in schemas() {
            for formal in row.inputs.iter().chain(row.outputs) {
                let concrete = formal.ty.ends_with(')');
                assert!(concrete != row.type_constraint(formal.ty).is_some(), "{} {}", row.op, formal.name);
            }
        }
    }

    #[test]
    fn the_newest_version_that_is_not_newer_than_the_opset_holds() {
        assert_eq!(since("", "Conv", 0), None);
        assert_eq!(since("", "Conv", 10), Some(1));
        assert_eq!(since("", "Conv", 11), Some(11));
        assert_eq!(since("ai.onnx", "Conv", 21), Some(11));
        assert_eq!(since("", "Conv", 22), Some(22));
        assert_eq!(since("", "Conv", u64::MAX), Some(22));
        assert_eq!(since("", "Gelu", 19), None);
        assert_eq!(since("ai.onnx.ml", "TreeEnsemble", 5), Some(5));
        assert_eq!(since("", "TreeEnsemble", 5), None);
        assert_eq!(since("com.example", "Conv", 11), None);
    }

    #[test]
    fn unknown_operators_keep_their_spelling() {
        let op = OpType::new("com.microsoft", "FusedConv");
        assert_eq!((op.domain(), op.name()), ("com.microsoft", "FusedConv"));
        assert_eq!(op.to_string(), "com.microsoft.FusedConv");
        assert_eq!(OpType::new("ai.onnx", "Later"), OpType::new("", "Later"));
        assert_eq!(OpType::new("ai.onnx", "Conv"), OpType::Conv);
        assert_eq!(OpType::new("ai.onnx.ml", "Scaler").to_string(), "ai.onnx.ml.Scaler");
    }

    #[test]
    fn a_row_tells_what_the_specification_says() {
        let conv = schema(&OpType::Conv, 13).unwrap();
        assert_eq!((conv.min_inputs, conv.max_inputs, conv.max_outputs), (2, 3, 1));
        assert_eq!(conv.input(2).map(|bias| (bias.name, bias.arity)), Some(("B", Arity::Optional)));
        assert_eq!(conv.attribute("group").and_then(|group| group.default), Some(DefaultValue::Int(1)));
        assert_eq!(conv.attribute("pads").map(|pads| pads.kind), Some(AttributeKind::Ints));
        assert_eq!(conv.type_constraint("T").map(|t| t.allowed.len()), Some(3));
        assert!(conv.deterministic && !conv.is_function && !conv.deprecated);

        let concat = schema(&OpType::Concat, 13).unwrap();
        assert_eq!((concat.min_inputs, concat.max_inputs), (1, UNBOUNDED));
        assert_eq!(concat.input(40).map(|input| input.arity), Some(Arity::Variadic));
        assert!(concat.attribute("axis").is_some_and(|axis| axis.required));

        assert!(schema(&OpType::Upsample, 10).unwrap().deprecated);
        assert!(!schema(&OpType::RandomNormal, 22).unwrap().deterministic);
        assert!(schema(&OpType::Softplus, 22).unwrap().is_function);
        assert_eq!(newest_opset("ai.onnx"), Some(NEWEST_OPSET));
        assert_eq!(newest_opset("com.example"), None);
    }
}
