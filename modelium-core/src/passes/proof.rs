//! Proofs of single passes: models in the text of [`sketch`], before and after.
//!
//! ```text
//! becomes(DropIdentities, &["x: float32[n]", "a = Identity(x)", "y = Relu(a)", "-> y"], &["y = Relu(x)"]);
//! ```
//!
//! What is dead after a pass goes as well. Every model is checked after the pass.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::context::Context;
use crate::eval::{self, Array, Value};
use crate::ir::{self, Dim, Graph, Model, sketch};
use crate::passes::drop_dead::DropDead;
use crate::passes::drop_unused_initializers::DropUnusedInitializers;
use crate::passes::{Options, Pass, simplify};
use crate::tensor::DType;

/// The opset of models that do not say another.
const OPSET: i64 = 21;

/// Asserts that the pass makes of a model one with exactly these initializers and nodes.
#[track_caller]
pub(super) fn becomes(pass: impl Pass + 'static, before: &[&str], after: &[&str]) {
    becomes_at(OPSET, pass, before, after);
}

/// The same at another opset.
#[track_caller]
pub(super) fn becomes_at(opset: i64, pass: impl Pass + 'static, before: &[&str], after: &[&str]) {
    let found = simplified(sketch::model(opset, before), pass);
    assert_eq!(sketch::lines(&found.graph), after, "found:\n{:#?}", sketch::lines(&found.graph));
}

/// Asserts that the pass finds nothing to do.
#[track_caller]
pub(super) fn stays(pass: impl Pass + 'static, lines: &[&str]) {
    stays_at(OPSET, pass, lines);
}

/// The same at another opset.
#[track_caller]
pub(super) fn stays_at(opset: i64, pass: impl Pass + 'static, lines: &[&str]) {
    let model = sketch::model(opset, lines);
    let before = sketch::lines(&model.graph);
    assert_eq!(sketch::lines(&simplified(model, pass).graph), before);
}

/// A model after a pass. It is checked, and gives what it gave before wherever the evaluator knows the operators.
#[track_caller]
pub(super) fn simplified(mut model: Model, pass: impl Pass + 'static) -> Model {
    let cx = Context::new();
    let options = Options { level: pass.level(), growth_bytes: 1 << 20, ..Options::default() };
    let passes: [Arc<dyn Pass>; 3] = [Arc::new(pass), Arc::new(DropDead), Arc::new(DropUnusedInitializers)];
    declare_outputs(&mut model);
    let before = outputs(&model);
    simplify(&mut model, &passes, &options, &cx).unwrap();
    ir::check(&model, &cx).unwrap();
    if let Some(before) = before.filter(|_| is_known(&model)) {
        let after = outputs(&model).expect("it could be evaluated before");
        for (one, other) in before.iter().zip(&after) {
            assert!(are_close(one, other), "it gives {other:?} for {one:?}");
        }
    }
    model
}

/// True if the evaluator knows every operator. It does not know ONNX Runtime's own, which are run by that in
/// `backends/ort/tests`.
pub(super) fn is_known(model: &Model) -> bool {
    model.graphs().into_iter().flat_map(Graph::nodes).all(|(_, node)| eval::knows(node))
}

/// A checked model says what its outputs are.
pub(super) fn declare_outputs(model: &mut Model) {
    let inferred = ir::infer(model, &BTreeMap::new(), &Context::new()).unwrap();
    let types: Vec<_> = model.graph.outputs.iter().map(|port| inferred.root().ty(port.value).cloned()).collect();
    for (port, ty) in model.graph.outputs.iter_mut().zip(types) {
        port.ty = port.ty.take().or(ty);
    }
}

/// What a model gives for some inputs: a number of its own for each symbol, and elements that all differ.
pub(super) fn outputs(model: &Model) -> Option<Vec<Value>> {
    let mut sizes: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    let mut inputs = HashMap::new();
    for port in &model.graph.inputs {
        let ty = port.ty.as_ref()?;
        let next = |sizes: &BTreeMap<_, _>| 2 + sizes.len();
        let dims: Vec<usize> = ty
            .shape()?
            .dims
            .iter()
            .map(|dim| match dim {
                Dim::Known(dim) => usize::try_from(*dim).unwrap(),
                Dim::Symbol(name) => {
                    let size = next(&sizes);
                    *sizes.entry(Arc::clone(name)).or_insert(size)
                }
                _ => 2,
            })
            .collect();
        let count: u16 = dims.iter().product::<usize>().try_into().unwrap();
        let numbers = 0..count;
        let array = match ty.dtype()? {
            DType::Float32 => Array::new(dims, numbers.map(|at| (f32::from(at) * 0.7).sin()).collect()),
            DType::Int64 => Array::new(dims, numbers.map(|at| i64::from(at) % 5).collect()),
            DType::Int32 => Array::new(dims, numbers.map(|at| i32::from(at) % 5).collect()),
            DType::Bool => Array::new(dims, numbers.map(|at| at % 3 == 0).collect()),
            _ => return None,
        };
        inputs.insert(model.graph.value(port.value).name.clone(), Value::Tensor(array?));
    }
    let options = eval::Options { most_bytes: 1 << 20, ..eval::Options::default() };
    eval::Evaluator::new(model, options).run(&inputs, &Context::new()).ok()
}

#[expect(clippy::float_cmp, reason = "equal infinities")]
pub(super) fn are_close(one: &Value, other: &Value) -> bool {
    let (Some(one), Some(other)) = (one.as_tensor(), other.as_tensor()) else { return one == other };
    if one.dims() != other.dims() {
        return false;
    }
    match (one.items::<f32>(), other.items::<f32>()) {
        (Some(one), Some(other)) => one.iter().zip(other).all(|(a, b)| {
            // equal infinities, and nothing where there was nothing
            a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-5 * (1.0 + a.abs())
        }),
        _ => one == other,
    }
}
