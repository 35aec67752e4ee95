//! Rewrites that leave what a model computes as it is: one pass a file.
//!
//! A [`Pass`] looks at one graph and returns [`Patch`]es; it changes nothing itself. [`simplify`] applies them to every
//! graph of a model, the innermost first, until no pass finds anything, and records each as a [`Rewrite`]. So names are
//! kept, and "what changed" can be told, without any pass having to think of it.
//!
//! Every pass keeps the names, types and order of a graph's inputs and outputs.
//!
//! To add one: write its file, and list it in [`builtin`].

mod constants_to_initializers;
mod drop_dead;
mod drop_identities;
mod drop_unused_initializers;
mod patch;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::ir::{Graph, Model};

pub use patch::Patch;

/// A rewrite of one graph.
///
/// # Behavior
/// - Pure: the same graph gives the same patches, in the same order.
/// - The patches of one call are independent of each other: each may be applied whether or not the others are.
/// - A patch leaves inputs, outputs and what is computed as they were.
pub trait Pass: Send + Sync {
    /// The stable name: `drop_dead`.
    fn name(&self) -> &'static str;

    /// What it does, in one line for people.
    fn about(&self) -> &'static str;

    /// What to change in `graph`, which stands at `site` in its model.
    fn find(&self, graph: &Graph, site: &Site) -> Vec<Patch>;
}

/// Where a graph stands in its model.
#[derive(Debug, Clone)]
pub struct Site {
    /// Version of the file format: before 4, an initializer has to be an input too.
    pub ir_version: i64,
    /// Version of the standard operator set.
    pub opset: u64,
    /// The body of a function, which has no initializers.
    pub in_function: bool,
    /// Empty for the main graph, else the nodes and attributes that lead to it: `/loop/body`.
    pub path: String,
}

/// What one patch did: the trace that an execution keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rewrite {
    /// The pass.
    pub pass: String,
    /// The graph; empty for the main one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub graph: String,
    /// Nodes and tensors that went.
    pub removed: Vec<String>,
    /// Nodes and tensors that came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<String>,
}

/// Every pass, in the order in which they run.
pub fn builtin() -> Vec<Arc<dyn Pass>> {
    vec![
        Arc::new(constants_to_initializers::ConstantsToInitializers),
        Arc::new(drop_identities::DropIdentities),
        Arc::new(drop_dead::DropDead),
        Arc::new(drop_unused_initializers::DropUnusedInitializers),
    ]
}

/// The passes of these names, in the order given.
///
/// # Errors
/// `InvalidArgument` for a name that no pass has.
pub fn by_name(passes: &[Arc<dyn Pass>], names: &[String]) -> Result<Vec<Arc<dyn Pass>>> {
    let find = |name: &String| {
        passes.iter().find(|pass| pass.name() == name).cloned().ok_or_else(|| {
            let known = passes.iter().map(|pass| pass.name()).collect::<Vec<_>>().join(", ");
            Error::argument(format!("no pass is named '{name}'; there are {known}"))
        })
    };
    names.iter().map(find).collect()
}

/// Runs the passes over every graph of the model until none finds anything.
///
/// Ends: each patch takes at least one node or tensor away, and none adds a node.
///
/// # Errors
/// `Cancelled`; the model is then simplified in part, and still computes the same.
#[tracing::instrument(name = "modelium.simplify", skip_all)]
pub fn simplify(model: &mut Model, passes: &[Arc<dyn Pass>], cx: &Context) -> Result<Vec<Rewrite>> {
    let ir_version = model.provenance.ir_version.unwrap_or_default();
    let opset = model.opset("").unwrap_or_default();
    let mut trace = Vec::new();
    let site = Site { ir_version, opset, in_function: false, path: String::new() };
    simplify_graph(&mut model.graph, &site, passes, &mut trace, cx)?;
    for function in &mut model.functions {
        let opset = function.opsets.iter().find(|opset| opset.domain().is_empty()).and_then(|opset| opset.version);
        let opset = opset.and_then(|version| u64::try_from(version).ok()).unwrap_or_default();
        let site = Site { ir_version, opset, in_function: true, path: format!("function {}", function.name) };
        simplify_graph(&mut function.body, &site, passes, &mut trace, cx)?;
    }
    tracing::debug!(rewrites = trace.len(), "simplified");
    Ok(trace)
}

fn simplify_graph(
    graph: &mut Graph,
    site: &Site,
    passes: &[Arc<dyn Pass>],
    trace: &mut Vec<Rewrite>,
    cx: &Context,
) -> Result<()> {
    for id in graph.order().to_vec() {
        let Some(node) = graph.node_mut(id) else { continue };
        let label = node.name.clone().unwrap_or_else(|| node.op.name().to_owned());
        for attribute in &mut node.attributes {
            for inner in attribute.value.graphs_mut() {
                let site = Site { path: format!("{}/{label}/{}", site.path, attribute.name), ..site.clone() };
                simplify_graph(inner, &site, passes, trace, cx)?;
            }
        }
    }
    loop {
        let before = trace.len();
        for pass in passes {
            cx.tick("simplify", trace.len() as u64, 0)?;
            let patches = pass.find(graph, site);
            trace.extend(patch::apply(graph, patches).into_iter().map(|(removed, added)| Rewrite {
                pass: pass.name().to_owned(),
                graph: site.path.clone(),
                removed,
                added,
            }));
        }
        if trace.len() == before {
            graph.drop_stale_value_info();
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Node, OpType, Opset, Port};
    use crate::tensor::{DType, Tensor};

    /// Builds a graph from lines `out = Op in in`, between the given inputs and outputs.
    fn model(inputs: &[&str], lines: &[&str], outputs: &[&str]) -> Model {
        let mut model = Model::default();
        model.provenance.ir_version = Some(8);
        model.opsets.push(Opset { domain: None, version: Some(17) });
        let graph = &mut model.graph;
        graph.inputs = inputs.iter().map(|name| Port::new(graph.intern(name), None)).collect();
        for line in lines {
            let (output, call) = line.split_once(" = ").unwrap();
            let mut words = call.split(' ');
            let op = OpType::new("", words.next().unwrap());
            let reads = words.map(|name| Some(graph.intern(name))).collect();
            let output = graph.intern(output);
            graph.add_node(Node::new(op, reads, vec![Some(output)]));
        }
        graph.outputs = outputs.iter().map(|name| Port::new(graph.intern(name), None)).collect();
        model
    }

    fn lines(model: &Model) -> Vec<String> {
        let graph = &model.graph;
        let names = |ids: &[Option<crate::ir::ValueId>]| {
            ids.iter().flatten().map(|&id| graph.value(id).name.clone()).collect::<Vec<_>>().join(" ")
        };
        graph
            .nodes()
            .map(|(_, node)| format!("{} = {} {}", names(&node.outputs), node.op.name(), names(&node.inputs)))
            .collect()
    }

    fn simplified(mut model: Model) -> (Vec<String>, Vec<Rewrite>) {
        let trace = simplify(&mut model, &builtin(), &Context::new()).unwrap();
        (lines(&model), trace)
    }

    #[test]
    fn a_chain_of_identities_keeps_the_names_of_input_and_output() {
        let (after, trace) =
            simplified(model(&["x"], &["a = Identity x", "b = Relu a", "c = Identity b", "y = Identity c"], &["y"]));
        assert_eq!(after, ["y = Relu x"]);
        assert_eq!(trace.len(), 3);
        assert_eq!(trace[0].removed, ["Identity → 'a'"]);
    }

    #[test]
    fn an_identity_between_input_and_output_stays() {
        let (after, _) = simplified(model(&["x"], &["y = Identity x"], &["y"]));
        assert_eq!(after, ["y = Identity x"]);
    }

    #[test]
    fn two_outputs_of_one_value_keep_one_identity() {
        let (after, _) = simplified(model(&["x"], &["a = Relu x", "y = Identity a", "z = Identity a"], &["y", "z"]));
        assert_eq!(after, ["y = Relu x", "z = Identity y"]);
    }

    #[test]
    fn dead_chains_go_whole() {
        let (after, _) = simplified(model(&["x"], &["a = Relu x", "b = Neg a", "c = Abs b", "y = Exp a"], &["y"]));
        assert_eq!(after, ["a = Relu x", "y = Exp a"]);
    }

    #[test]
    fn a_value_that_a_subgraph_captures_stays() {
        let mut inner = Graph::default();
        let (read, out) = (inner.intern("a"), inner.intern("o"));
        inner.add_node(Node::new(OpType::Neg, vec![Some(read)], vec![Some(out)]));
        inner.outputs.push(Port::new(out, None));
        let mut outer = model(&["x", "c"], &["a = Identity x", "y = If c"], &["y"]);
        let branch = outer.graph.order()[1];
        let value = crate::ir::AttributeValue::Graph(Box::new(inner));
        outer.graph.node_mut(branch).unwrap().attributes.push(crate::ir::Attribute::new("then_branch", value));
        assert_eq!(simplified(outer).0, ["a = Identity x", "y = If c"]);
    }

    #[test]
    fn constants_become_initializers_and_unread_ones_go() {
        let mut before = model(&["x"], &["k = Constant", "y = Add x k"], &["y"]);
        let constant = before.graph.order()[0];
        let value = crate::ir::AttributeValue::Floats(vec![1.0, 2.0]);
        before.graph.node_mut(constant).unwrap().attributes.push(crate::ir::Attribute::new("value_floats", value));
        let unused = before.graph.intern("unused");
        let tensor = Tensor::new("unused", DType::Uint8, vec![1], vec![0]).unwrap();
        before.graph.initializers.push(crate::ir::Initializer { value: unused, tensor });
        simplify(&mut before, &builtin(), &Context::new()).unwrap();
        assert_eq!(lines(&before), ["y = Add x k"]);
        let [initializer] = before.graph.initializers.as_slice() else { panic!("one initializer") };
        assert_eq!((initializer.tensor.dims.as_slice(), initializer.tensor.dtype), (&[2][..], DType::Float32));
    }

    #[test]
    fn dropout_goes_unless_it_may_train() {
        let (after, _) = simplified(model(&["x", "r", "t"], &["a = Dropout x", "y = Dropout a r t"], &["y"]));
        assert_eq!(after, ["y = Dropout x r t"]);
    }
}
