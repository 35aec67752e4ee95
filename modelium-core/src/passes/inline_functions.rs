//! Puts the bodies of the model's own functions in the place of their calls.

use crate::eval::instantiate;
use crate::ir::schema::schema;
use crate::ir::{Function, Graph, Node, NodeId, OpType, Opset};
use crate::passes::{Pass, Patch, Source, View};

/// The deepest calls within calls.
const DEEPEST: usize = 32;

/// Puts the bodies of the model's own functions in the place of their calls, so that other passes see what they do.
///
/// Where the body was written for another operator set, only if each of its operators means the same in both.
pub(super) struct InlineFunctions;

impl Pass for InlineFunctions {
    fn name(&self) -> &'static str {
        "inline_functions"
    }

    fn about(&self) -> &'static str {
        "put the bodies of the model's own functions in the place of their calls"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        if view.site.functions.is_empty() || view.site.in_function || !view.site.spends {
            return Vec::new();
        }
        view.graph.nodes().filter_map(|(id, node)| inlined(view, id, node)).collect()
    }
}

fn inlined(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let function = view.site.functions.iter().find(|function| function.is_called_by(node))?;
    let imported = view.site.opsets;
    if calls_too_deep(view.site.functions, function, 0) || !means_the_same(&function.body, &function.opsets, imported) {
        return None;
    }
    if node.inputs.len() > function.body.inputs.len() {
        return None;
    }
    let missing = function.body.inputs.len().saturating_sub(node.inputs.len());
    let given = node.inputs.iter().map(|&input| Source::from(input));
    let inputs: Vec<Source> = given.chain(std::iter::repeat_n(Source::Nothing, missing)).collect();
    Patch::splice(view.graph, id, node, &instantiate(function, node), &inputs)
}

/// True if each operator of a body has the same version in both lists of operator sets.
fn means_the_same(body: &Graph, own: &[Opset], imported: &[Opset]) -> bool {
    let version = |opsets: &[Opset], domain: &str| {
        let opset = opsets.iter().find(|opset| opset.domain() == domain)?;
        opset.version.and_then(|version| u64::try_from(version).ok())
    };
    let same = |op: &OpType| match (version(own, op.domain()), version(imported, op.domain())) {
        (Some(here), Some(there)) if here != there => {
            let since = |opset| schema(op, opset).map(|schema| schema.since_version);
            since(here).is_some() && since(here) == since(there)
        }
        _ => true,
    };
    body.nodes().all(|(_, node)| same(&node.op) && node.subgraphs().all(|inner| means_the_same(inner, own, imported)))
}

fn calls_too_deep(functions: &[Function], function: &Function, depth: usize) -> bool {
    if depth >= DEEPEST {
        return true;
    }
    let mut graphs = vec![&function.body];
    let mut seen: Vec<&Function> = Vec::new();
    while let Some(graph) = graphs.pop() {
        for (_, node) in graph.nodes() {
            graphs.extend(node.subgraphs());
            let Some(callee) = functions.iter().find(|other| other.is_called_by(node)) else { continue };
            if seen.iter().any(|other| std::ptr::eq(*other, callee)) {
                continue;
            }
            seen.push(callee);
            if calls_too_deep(functions, callee, depth + 1) {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Attribute, AttributeValue, Model, sketch};
    use crate::passes::proof::simplified;

    fn calling(opset: i64) -> Model {
        let mut model = sketch::model(21, &["x: float32[n]", "y = own.Leak(x) slope=0.5", "-> y"]);
        model.opsets.push(Opset { domain: Some("own".into()), version: Some(1) });
        let mut body = sketch::graph(&["a", "b = LeakyRelu(a) alpha=0.0", "c = Celu(b)", "-> c"]);
        let leak = body.order()[0];
        let value = AttributeValue::Reference { attribute: "slope".into(), kind: None };
        body.node_mut(leak).unwrap().attributes = vec![Attribute::new("alpha", value)];
        model.functions.push(Function {
            name: "Leak".into(),
            domain: Some("own".into()),
            opsets: vec![Opset { domain: None, version: Some(opset) }],
            attributes: vec!["slope".into()],
            body,
            ..Function::default()
        });
        model
    }

    #[test]
    fn a_call_becomes_what_it_does() {
        let found = simplified(calling(17), InlineFunctions);
        let expected = ["b_1 = LeakyRelu(x) alpha=0.5", "c_1 = Celu(b_1)", "y = Identity(c_1)"];
        assert_eq!((sketch::lines(&found.graph), found.functions.len()), (expected.map(str::to_owned).to_vec(), 0));
    }

    #[test]
    fn a_body_whose_operators_mean_something_else_stays() {
        // LeakyRelu has another version from opset 16 on; the checker refuses such models too
        let mut model = calling(15);
        let passes: [std::sync::Arc<dyn Pass>; 1] = [std::sync::Arc::new(InlineFunctions)];
        crate::passes::simplify(&mut model, &passes, &crate::passes::Options::default(), &crate::Context::new())
            .unwrap();
        assert_eq!(model, calling(15));
    }
}
