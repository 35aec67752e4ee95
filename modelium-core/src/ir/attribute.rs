//! Attributes: what a node carries beside its inputs.

use bytes::Bytes;

use crate::ir::graph::Graph;
use crate::ir::schema::AttributeKind;
use crate::ir::types::Type;
use crate::tensor::Tensor;

/// A named attribute of a node or of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: AttributeValue,
    /// A comment.
    pub doc: Option<String>,
    /// The file names only the kind, which means zero or empty; kept so that it comes out as it went in.
    pub implied: bool,
}

/// The value of an attribute, one of ONNX's `AttributeType`s.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each name is ONNX's own")]
pub enum AttributeValue {
    Float(f32),
    Int(i64),
    String(Bytes),
    Tensor(Box<Tensor>),
    Graph(Box<Graph>),
    SparseTensor(Box<SparseTensor>),
    Type(Box<Type>),
    Floats(Vec<f32>),
    Ints(Vec<i64>),
    Strings(Vec<Bytes>),
    Tensors(Vec<Tensor>),
    Graphs(Vec<Graph>),
    SparseTensors(Vec<SparseTensor>),
    Types(Vec<Type>),
    /// Inside a function: the attribute of that name at the call.
    Reference {
        attribute: String,
        kind: Option<AttributeKind>,
    },
}

impl Attribute {
    /// An attribute without a comment.
    pub fn new(name: impl Into<String>, value: AttributeValue) -> Self {
        Self { name: name.into(), value, doc: None, implied: false }
    }
}

impl AttributeValue {
    /// Which of ONNX's types it is.
    pub fn kind(&self) -> Option<AttributeKind> {
        Some(match self {
            Self::Float(_) => AttributeKind::Float,
            Self::Int(_) => AttributeKind::Int,
            Self::String(_) => AttributeKind::String,
            Self::Tensor(_) => AttributeKind::Tensor,
            Self::Graph(_) => AttributeKind::Graph,
            Self::SparseTensor(_) => AttributeKind::SparseTensor,
            Self::Type(_) => AttributeKind::TypeProto,
            Self::Floats(_) => AttributeKind::Floats,
            Self::Ints(_) => AttributeKind::Ints,
            Self::Strings(_) => AttributeKind::Strings,
            Self::Tensors(_) => AttributeKind::Tensors,
            Self::Graphs(_) => AttributeKind::Graphs,
            Self::SparseTensors(_) => AttributeKind::SparseTensors,
            Self::Types(_) => AttributeKind::TypeProtos,
            Self::Reference { kind, .. } => return *kind,
        })
    }

    /// The subgraphs it holds.
    pub fn graphs(&self) -> &[Graph] {
        match self {
            Self::Graph(graph) => std::slice::from_ref(graph),
            Self::Graphs(graphs) => graphs,
            _ => &[],
        }
    }

    /// The subgraphs it holds, to be changed.
    pub fn graphs_mut(&mut self) -> &mut [Graph] {
        match self {
            Self::Graph(graph) => std::slice::from_mut(graph),
            Self::Graphs(graphs) => graphs,
            _ => &mut [],
        }
    }

    /// The dense tensors it holds.
    pub fn tensors(&self) -> &[Tensor] {
        match self {
            Self::Tensor(tensor) => std::slice::from_ref(tensor),
            Self::Tensors(tensors) => tensors,
            _ => &[],
        }
    }
}

/// Non-zero values and where they stand (coordinate format).
#[derive(Debug, Clone, PartialEq)]
pub struct SparseTensor {
    /// The values, `[NNZ]`; its name is the name of the whole.
    pub values: Tensor,
    /// Linear `[NNZ]` or per-axis `[NNZ, rank]` positions, int64.
    pub indices: Tensor,
    /// Dimensions of the dense tensor it stands for.
    pub dims: Vec<u64>,
}
