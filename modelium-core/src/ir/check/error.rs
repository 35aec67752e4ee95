//! What can be wrong with a graph.

use crate::error::{Classify, ErrorKind, Location};
use crate::ir::schema::AttributeKind;

/// Why a model is not well formed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum CheckError {
    #[error("the model has no ir_version: it does not say which version of the ONNX format it is in")]
    NoIrVersion,
    #[error("ir_version {found} is newer than {newest}, the newest supported")]
    FutureIrVersion { found: i64, newest: i64 },
    #[error("found ir_version {found}; versions start at 1")]
    ImpossibleIrVersion { found: i64 },
    #[error("the model has no opset_import: it names no operator set")]
    NoOpsets,
    #[error("the import of operator set '{}' has no version", named(.domain))]
    OpsetWithoutVersion { domain: String },
    #[error("operator set '{}' cannot have version {found}", named(.domain))]
    ImpossibleOpset { domain: String, found: i64 },
    #[error("operator set '{}' is imported twice, at {first} and at {second}", named(.domain))]
    OpsetTwice { domain: String, first: i64, second: i64 },
    #[error("opset {found}{} is newer than {newest}, the newest supported", of(.domain))]
    FutureOpset { domain: String, found: i64, newest: u64 },
    #[error("metadata key '{key}' occurs twice")]
    MetadataTwice { key: String },
    #[error("an {what} of the graph has no name")]
    UnnamedPort { what: &'static str },
    #[error("{what} '{value}' has no type")]
    UntypedPort { what: &'static str, value: String },
    #[error("{what} '{value}' has no shape")]
    ShapelessPort { what: &'static str, value: String },
    #[error("a graph has no name")]
    UnnamedGraph,
    #[error("the node's domain is spelt 'ai.onnx'; the standard operators' is empty")]
    SpeltOutDomain { node: String },
    #[error("'{value}' is an input twice")]
    InputTwice { value: String },
    #[error("'{value}' is an initializer twice")]
    InitializerTwice { value: String },
    #[error("initializer '{value}' is no input, as format versions up to 3 demand")]
    InitializerWithoutInput { value: String },
    #[error("nothing computes output '{value}'")]
    UndefinedOutput { value: String },
    #[error("output '{value}' of a subgraph is a value from around it; put an Identity between")]
    CapturedOutput { value: String },
    #[error("nothing defines '{value}', which the node reads")]
    Undefined { node: String, value: String },
    #[error("the node reads '{value}' before {producer} computes it; nodes must stand in topological order")]
    NotSorted { node: String, value: String, producer: String },
    #[error("nodes form a cycle: {path}")]
    Cycle { path: String },
    #[error("the node computes '{value}', a name that is taken")]
    DefinedTwice { node: String, value: String },
    #[error("the node has no operator")]
    NoOperator { node: String },
    #[error("the node has neither inputs nor outputs")]
    NoEdges { node: String },
    #[error("no operator set is imported for domain '{}'", named(.domain))]
    UnimportedDomain { node: String, domain: String },
    #[error("no operator '{op}' in opset {opset}{}", .since.map(|since| format!("; it came with {since}")).unwrap_or_default())]
    UnknownOperator { node: String, op: String, opset: u64, since: Option<u16> },
    #[error("operator '{op}' was withdrawn with opset {since}")]
    WithdrawnOperator { node: String, op: String, since: u16 },
    #[error("found {found} {what}, expected {}", range(*.min, *.max))]
    Arity { node: String, what: &'static str, found: usize, min: u16, max: u16 },
    #[error("{what} {index} ('{formal}') is left out, but '{op}' needs it")]
    LeftOut { node: String, op: String, what: &'static str, index: usize, formal: &'static str },
    #[error("attribute '{attribute}' occurs twice")]
    AttributeTwice { node: String, attribute: String },
    #[error("an attribute has no name")]
    UnnamedAttribute { node: String },
    #[error("'{op}' has no attribute '{attribute}'")]
    UnknownAttribute { node: String, op: String, attribute: String },
    #[error("'{op}' needs the attribute '{attribute}'")]
    MissingAttribute { node: String, op: String, attribute: &'static str },
    #[error("attribute '{attribute}' is of kind {found:?}, expected {expected:?}")]
    AttributeKind { node: String, attribute: String, found: AttributeKind, expected: AttributeKind },
    #[error("attribute '{attribute}' refers to '{target}' of a function, but stands outside of one")]
    ReferenceOutside { node: String, attribute: String, target: String },
    #[error("attribute '{attribute}' refers to '{target}', which the function does not declare")]
    UndeclaredReference { node: String, attribute: String, target: String },
    #[error("function '{function}' is defined twice")]
    FunctionTwice { function: String },
    #[error("'{value}' is noted as {first} and as {second}")]
    NotedTwice { value: String, first: String, second: String },
    #[error("{message}")]
    Unfit { node: String, message: String },
    #[error("function '{function}' gives '{value}' twice")]
    FunctionOutputTwice { function: String, value: String },
    #[error("function '{function}' has no domain")]
    FunctionWithoutDomain { function: String },
    #[error("a function has no name")]
    UnnamedFunction,
    #[error("functions call each other in a circle: {path}")]
    Recursion { path: String },
    #[error("no function '{function}' with overload '{overload}'")]
    UnknownOverload { node: String, function: String, overload: String },
    #[error("function '{function}' uses '{op}' of opset {inside}, the model imports {outside}, where it differs")]
    FunctionOpset { function: String, op: String, inside: u64, outside: u64 },
    #[error("subgraphs are nested deeper than {limit}")]
    TooDeep { limit: u32 },
}

/// The default domain by its long name.
fn named(domain: &str) -> &str {
    if domain.is_empty() { "ai.onnx" } else { domain }
}

fn of(domain: &str) -> String {
    if domain.is_empty() { String::new() } else { format!(" of '{domain}'") }
}

fn range(min: u16, max: u16) -> String {
    match (min, max) {
        (min, u16::MAX) => format!("{min} or more"),
        (min, max) if min == max => min.to_string(),
        (min, max) => format!("{min} to {max}"),
    }
}

impl Classify for CheckError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::FutureIrVersion { .. } | Self::FutureOpset { .. } | Self::UnknownOperator { since: None, .. } => {
                ErrorKind::Unsupported
            }
            Self::TooDeep { .. } => ErrorKind::LimitExceeded,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::Undefined { node, .. }
            | Self::NotSorted { node, .. }
            | Self::DefinedTwice { node, .. }
            | Self::NoOperator { node }
            | Self::NoEdges { node }
            | Self::SpeltOutDomain { node }
            | Self::Unfit { node, .. }
            | Self::UnimportedDomain { node, .. }
            | Self::UnknownOperator { node, .. }
            | Self::WithdrawnOperator { node, .. }
            | Self::Arity { node, .. }
            | Self::LeftOut { node, .. }
            | Self::AttributeTwice { node, .. }
            | Self::UnnamedAttribute { node }
            | Self::UnknownAttribute { node, .. }
            | Self::MissingAttribute { node, .. }
            | Self::AttributeKind { node, .. }
            | Self::ReferenceOutside { node, .. }
            | Self::UndeclaredReference { node, .. }
            | Self::UnknownOverload { node, .. } => Location::item(node),
            _ => Location::default(),
        }
    }
}
