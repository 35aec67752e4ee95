//! Rewrites that leave what a model computes as it is: one pass a file.
//!
//! A [`Pass`] looks at a [`View`] of one graph and returns [`Patch`]es; it changes nothing itself. [`simplify`] infers
//! types and values, applies what the passes find to every graph of a model, the innermost first, until no pass finds
//! anything, and records each as a [`Rewrite`]. So names are kept, and "what changed" can be told, without any pass
//! having to think of it.
//!
//! Every pass keeps the names, types and order of a graph's inputs and outputs.
//!
//! To add one: write its file, and list it in [`builtin`].

mod apply;
mod cancel;
mod concats;
mod constant;
mod constant_shapes;
mod constants_to_initializers;
mod drop_dead;
mod drop_identities;
mod drop_noops;
mod drop_unused_initializers;
mod fold_constants;
mod fold_norm;
mod fold_pads;
mod fold_scale;
mod fuse;
mod fuse_gemm;
mod inline_branches;
mod inline_functions;
mod kept_axes;
mod known;
mod known_values;
mod merge_constants;
mod merge_views;
mod patch;
#[cfg(test)]
mod proof;
#[cfg(test)]
mod random;
mod run;
mod scalars;
mod shape_sources;
mod share;
mod slice_part;
mod slices;
mod splice;
mod transposes;
mod trim_outputs;
mod unroll_loops;
mod view;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

pub use patch::{Patch, Source};
pub use run::{Options, Outer, Site, simplify};
pub use view::View;

/// A rewrite of one graph.
///
/// # Behavior
/// - Pure: the same view gives the same patches, in the same order.
/// - The patches of one call are independent of each other: each may be applied whether or not the others are.
/// - A patch leaves inputs, outputs and what is computed as they were.
/// - It ends: whatever it does makes the graph smaller or simpler by its own measure, and no other pass undoes it.
pub trait Pass: Send + Sync {
    /// The stable name: `drop_dead`.
    fn name(&self) -> &'static str;

    /// What it does, in one line for people.
    fn about(&self) -> &'static str;

    /// The lowest level at which it runs.
    fn level(&self) -> Level {
        Level::Portable
    }

    /// True if what it does depends on shapes that other passes uncover: it is left out of the first round, if they find
    /// anything there.
    fn waits(&self, _site: &Site<'_>) -> bool {
        false
    }

    /// What to change in the graph.
    fn find(&self, view: &View<'_>) -> Vec<Patch>;
}

/// Which operators a simplified model may use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The standard operators of the model's own operator set: runs wherever the model did.
    #[default]
    Portable,
    /// ONNX Runtime's own operators too (`com.microsoft`).
    OnnxRuntime,
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
        // structure
        Arc::new(inline_functions::InlineFunctions),
        Arc::new(inline_branches::InlineBranches),
        Arc::new(unroll_loops::UnrollLoops),
        Arc::new(constants_to_initializers::ConstantsToInitializers),
        Arc::new(drop_identities::DropIdentities),
        Arc::new(trim_outputs::TrimOutputs),
        Arc::new(drop_noops::DropNoops),
        Arc::new(cancel::Cancel),
        Arc::new(known_values::KnownValues),
        Arc::new(constant_shapes::ConstantShapes),
        Arc::new(fold_constants::FoldConstants),
        Arc::new(shape_sources::ShapeSources),
        Arc::new(scalars::LiftScalars),
        Arc::new(share::ShareConstants),
        Arc::new(share::ShareNodes),
        Arc::new(kept_axes::KeptAxes),
        Arc::new(merge_views::MergeViews),
        Arc::new(transposes::MergeTransposes),
        Arc::new(slice_part::SlicePart),
        Arc::new(slices::MergeSlices),
        Arc::new(concats::MergeConcats),
        Arc::new(merge_constants::MergeConstants),
        Arc::new(fold_scale::FoldScale),
        Arc::new(fold_norm::FoldNorm),
        Arc::new(fold_pads::FoldPads),
        // fusions
        Arc::new(fuse::gelu::FuseGelu),
        Arc::new(fuse::gelu::FuseSwish),
        Arc::new(fuse::activations::FuseActivations),
        Arc::new(fuse::norm::FuseLayerNormalization),
        Arc::new(fuse::norm::FuseRmsNormalization),
        Arc::new(fuse::group_norm::FuseGroupNormalization),
        Arc::new(fuse::rotary::FuseRotaryEmbedding),
        Arc::new(fuse::rotary::FuseStandardRotaryEmbedding),
        Arc::new(fuse::attention::ScaleQueries),
        Arc::new(fuse::attention::FuseAttention),
        Arc::new(fuse::attention::FuseStandardAttention),
        Arc::new(fuse::gelu::FuseBiasGelu),
        Arc::new(fuse::skip_norm::FuseSkipNormalization),
        // what is left over
        Arc::new(fuse_gemm::FuseGemm),
        Arc::new(slices::SplitSlices),
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

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::*;
    use crate::context::Context;
    use crate::ir::{Graph, Model, Node, OpType, Opset, Port};
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
        let trace = simplify(&mut model, &builtin(), &Options::default(), &Context::new()).unwrap();
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
        simplify(&mut before, &builtin(), &Options::default(), &Context::new()).unwrap();
        assert_eq!(lines(&before), ["y = Add x k"]);
        let [initializer] = before.graph.initializers.as_slice() else { panic!("one initializer") };
        assert_eq!((initializer.tensor.dims.as_slice(), initializer.tensor.dtype), (&[2][..], DType::Float32));
    }

    /// Notes how many nodes there are at its first look.
    struct Waiting(Arc<OnceLock<usize>>);

    impl Pass for Waiting {
        fn name(&self) -> &'static str {
            "waiting"
        }

        fn about(&self) -> &'static str {
            "look, and leave it"
        }

        fn waits(&self, _: &Site<'_>) -> bool {
            true
        }

        fn find(&self, view: &View<'_>) -> Vec<Patch> {
            self.0.get_or_init(|| view.graph.nodes().count());
            Vec::new()
        }
    }

    #[test]
    fn a_pass_that_waits_looks_at_what_the_others_leave() {
        let first_look = |lines: &[&str]| {
            let seen = Arc::new(OnceLock::new());
            let passes: [Arc<dyn Pass>; 2] =
                [Arc::new(Waiting(Arc::clone(&seen))), Arc::new(drop_identities::DropIdentities)];
            simplify(&mut model(&["x"], lines, &["y"]), &passes, &Options::default(), &Context::new()).unwrap();
            seen.get().copied()
        };
        assert_eq!(first_look(&["a = Identity x", "y = Relu a"]), Some(1));
        assert_eq!(first_look(&["a = Neg x", "y = Relu a"]), Some(2));
    }

    #[test]
    fn dropout_goes_unless_it_may_train() {
        let (after, _) = simplified(model(&["x", "r", "t"], &["a = Dropout x", "y = Dropout a r t"], &["y"]));
        assert_eq!(after, ["y = Dropout x r t"]);
    }
}
