//! What must hold of a step's result before another step may use it.

use std::path::Path;

use crate::artifact::Artifact;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::execute::{Done, Files, Gives};
use crate::finding::Severity;
use crate::formats::Importer;
use crate::ir::{self, Dim, Model, Shape, Type, TypeKind};
use crate::plan::Acceptance;

/// What a caller of a model sees: its inputs and outputs, by name and type.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Signature {
    inputs: Vec<(String, Option<Type>)>,
    /// Inputs that have a default; a conversion may settle them.
    optional: Vec<(String, Option<Type>)>,
    outputs: Vec<(String, Option<Type>)>,
}

impl Signature {
    pub(super) fn of(model: &Model) -> Self {
        let graph = &model.graph;
        let port = |port: &ir::Port| (graph.value(port.value).name.clone(), port.ty.clone());
        let defaults: std::collections::HashSet<_> = graph
            .initializers
            .iter()
            .map(|initializer| initializer.value)
            .chain(graph.sparse_initializers.iter().map(|initializer| initializer.value))
            .collect();
        let (optional, inputs): (Vec<_>, Vec<_>) = graph.inputs.iter().partition(|port| defaults.contains(&port.value));
        Self {
            inputs: inputs.into_iter().map(port).collect(),
            optional: optional.into_iter().map(port).collect(),
            outputs: graph.outputs.iter().map(port).collect(),
        }
    }

    /// Whether a result can be called where the original was.
    fn agrees(&self, result: &Self) -> Result<(), String> {
        same_ports("input", &self.inputs, &result.inputs)?;
        same_ports("output", &self.outputs, &result.outputs)?;
        let unknown = result.optional.iter().find(|(name, _)| self.optional.iter().all(|(known, _)| known != name));
        unknown.map_or(Ok(()), |(name, _)| Err(format!("the optional input '{name}' is not in the original")))
    }
}

fn same_ports(what: &str, expected: &[(String, Option<Type>)], found: &[(String, Option<Type>)]) -> Result<(), String> {
    let names = |ports: &[(String, Option<Type>)]| ports.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    if names(expected) != names(found) {
        return Err(format!("its {what}s are {:?}, the original's {:?}", names(found), names(expected)));
    }
    for ((name, expected), (_, found)) in expected.iter().zip(found) {
        if let (Some(expected), Some(found)) = (expected, found)
            && !same_type(&expected.kind, &found.kind)
        {
            return Err(format!("{what} '{name}' is {found}, the original's {expected}"));
        }
    }
    Ok(())
}

/// Equal, or the one knows more of the shape than the other.
fn same_type(expected: &TypeKind, found: &TypeKind) -> bool {
    match (expected, found) {
        (TypeKind::Tensor { dtype: a, shape: from }, TypeKind::Tensor { dtype: b, shape: to }) => {
            a == b && from.as_ref().zip(to.as_ref()).is_none_or(|(from, to)| same_shape(from, to))
        }
        (expected, found) => expected == found,
    }
}

fn same_shape(expected: &Shape, found: &Shape) -> bool {
    let same_dim = |(a, b): (&Dim, &Dim)| !matches!((a, b), (Dim::Known(a), Dim::Known(b)) if a != b);
    expected.dims.len() == found.dims.len() && expected.dims.iter().zip(&found.dims).all(same_dim)
}

/// What checks look at.
pub(super) struct Candidate<'a> {
    pub(super) done: &'a Done,
    /// The files that the step gives, and the folder that they lie in.
    pub(super) files: Option<(&'a Path, &'a Files)>,
    /// The model as it was imported.
    pub(super) original: Option<&'a Signature>,
    /// Reads what was exported.
    pub(super) importer: Option<&'a dyn Importer>,
}

/// Holds a result against one check.
///
/// # Errors
/// `Mismatch` if it is not what it should be, `LimitExceeded` if it is too large.
pub(super) fn accept(check: &Acceptance, candidate: &Candidate<'_>, cx: &Context) -> Result<()> {
    match check {
        Acceptance::WellFormed => match &candidate.done.gives {
            Gives::Model(model) => ir::check(model, cx).map(drop),
            Gives::Written { .. } | Gives::Same => Ok(()),
        },
        Acceptance::SameSignature => same_signature(candidate, cx),
        Acceptance::MaxBytes { bytes } => {
            let found = candidate.files.map_or(0, |(_, files)| files.bytes());
            if found <= *bytes {
                return Ok(());
            }
            let message = format!("the result takes {found} bytes, {bytes} are allowed");
            Err(Error::new(ErrorKind::LimitExceeded, message))
        }
        Acceptance::InParity => match &candidate.done.parity {
            Some(report) => report.clone().into_result().map(drop),
            None => Err(Error::internal("a step that proves parity gave no report")),
        },
        Acceptance::Lints => {
            let wrong: Vec<_> =
                candidate.done.findings.iter().filter(|finding| finding.severity >= Severity::Error).collect();
            let Some(first) = wrong.first() else { return Ok(()) };
            let error =
                Error::new(ErrorKind::Mismatch, format!("the target would refuse the package: {}", first.message))
                    .with_location(first.location.clone());
            Err(wrong
                .iter()
                .skip(1)
                .fold(error, |error, one| error.with_note(format!("{}: {}", one.code, one.message))))
        }
    }
}

fn same_signature(candidate: &Candidate<'_>, cx: &Context) -> Result<()> {
    let (Some(original), Some(importer), Some((folder, files))) =
        (candidate.original, candidate.importer, candidate.files)
    else {
        return Err(Error::internal("an export was held against no original"));
    };
    let artifact = Artifact::open(folder.join(&files.main), cx)?;
    let result = importer.import(&artifact, cx).map_err(|error| {
        let message = format!("what was written cannot be read again: {}", error.message());
        Error::new(ErrorKind::Mismatch, message).with_location(error.location().clone()).with_source(error)
    })?;
    original.agrees(&Signature::of(&result)).map_err(|difference| {
        Error::new(ErrorKind::Mismatch, format!("the result cannot be called like the original: {difference}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Port;
    use crate::tensor::DType;

    fn model(inputs: &[(&str, Shape)], outputs: &[&str]) -> Model {
        let mut model = Model::default();
        let graph = &mut model.graph;
        let ty = |shape: &Shape| Type {
            kind: TypeKind::Tensor { dtype: Some(DType::Float32), shape: Some(shape.clone()) },
            denotation: None,
        };
        graph.inputs = inputs.iter().map(|(name, shape)| Port::new(graph.intern(name), Some(ty(shape)))).collect();
        graph.outputs = outputs.iter().map(|name| Port::new(graph.intern(name), None)).collect();
        model
    }

    fn verdict(original: &Model, result: &Model) -> Result<(), String> {
        Signature::of(original).agrees(&Signature::of(result))
    }

    #[test]
    fn a_result_may_know_more_of_its_shapes() {
        let open = model(&[("x", Shape::new([Dim::Unknown, Dim::Known(3)]))], &["y"]);
        let settled = model(&[("x", Shape::known(&[1, 3]))], &["y"]);
        let other = model(&[("x", Shape::known(&[1, 4]))], &["y"]);
        assert_eq!(verdict(&open, &settled), Ok(()));
        assert_eq!(verdict(&open, &other).unwrap_err(), "input 'x' is float32[1, 4], the original's float32[?, 3]");
    }

    #[test]
    fn names_and_their_order_are_kept() {
        let original = model(&[], &["y", "z"]);
        let swapped = model(&[], &["z", "y"]);
        let expected = r#"its outputs are ["z", "y"], the original's ["y", "z"]"#;
        assert_eq!(verdict(&original, &swapped).unwrap_err(), expected);
    }

    #[test]
    fn an_input_with_a_default_may_be_settled_but_not_appear() {
        let shape = Shape::known(&[1]);
        let plain = model(&[], &["y"]);
        let mut with_default = model(&[("k", shape)], &["y"]);
        let value = with_default.graph.find("k").unwrap();
        let tensor = crate::tensor::Tensor::new("k", DType::Float32, vec![1], vec![0; 4]).unwrap();
        with_default.graph.initializers.push(ir::Initializer { value, tensor });
        assert_eq!(verdict(&with_default, &plain), Ok(()));
        assert!(verdict(&plain, &with_default).is_err());
    }
}
