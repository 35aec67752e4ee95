//! What flows between the steps of a plan, and in which order.

use std::collections::BTreeMap;
use std::fmt;

use petgraph::algo::{tarjan_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};

use crate::plan::types::{ConversionPlan, OnFailure, Operation, Step};

/// What a step gives to the steps that need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A model in memory; never written down.
    Model,
    /// Files.
    Files,
    /// Files that were proven to compute the same as the model.
    ProvenFiles,
    /// The result of the plan.
    Package,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Model => "a model",
            Self::Files => "files",
            Self::ProvenFiles => "proven files",
            Self::Package => "a package",
        })
    }
}

impl Operation {
    /// What a step with this operation gives. Parity gives on the files that it proved.
    pub fn gives(&self) -> Kind {
        match self {
            Self::Import { .. } | Self::Simplify { .. } => Kind::Model,
            Self::Export { .. } => Kind::Files,
            Self::Parity { .. } => Kind::ProvenFiles,
            Self::Package { .. } => Kind::Package,
        }
    }

    /// What a step with this operation can take; an import takes nothing but the model as it is stored.
    pub fn takes(&self) -> &'static [Kind] {
        match self {
            Self::Import { .. } => &[],
            Self::Simplify { .. } | Self::Export { .. } => &[Kind::Model],
            Self::Parity { .. } => &[Kind::Files],
            Self::Package { .. } => &[Kind::Files, Kind::ProvenFiles],
        }
    }
}

impl ConversionPlan {
    /// The step of that id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// The graph of what waits for what: an edge from each step that is needed, or stands in for a failed one, to the
    /// step that needs it or can fail. Ids that name no step are left out.
    pub fn flow(&self) -> Flow<'_> {
        let mut graph = DiGraph::new();
        let nodes: BTreeMap<_, _> =
            self.steps.iter().map(|step| (step.id.as_str(), graph.add_node(step.id.as_str()))).collect();
        for step in &self.steps {
            let spare = if let OnFailure::Degrade { to } = &step.on_failure { Some(to) } else { None };
            for needed in step.needs.iter().chain(spare) {
                if let (Some(&from), Some(&to)) = (nodes.get(needed.as_str()), nodes.get(step.id.as_str())) {
                    graph.add_edge(from, to, ());
                }
            }
        }
        Flow { graph, nodes }
    }
}

/// The steps of a plan as a directed graph; made by [`ConversionPlan::flow`].
#[derive(Debug)]
pub struct Flow<'p> {
    graph: DiGraph<&'p str, ()>,
    nodes: BTreeMap<&'p str, NodeIndex>,
}

impl<'p> Flow<'p> {
    /// The ids in an order in which each comes after all that it waits for; `None` if steps wait for each other.
    pub fn order(&self) -> Option<Vec<&'p str>> {
        let order = toposort(&self.graph, None).ok()?;
        Some(order.into_iter().map(|node| self.graph[node]).collect())
    }

    /// Steps that wait for each other, or for themselves: one list for each such circle.
    pub fn circles(&self) -> Vec<Vec<&'p str>> {
        let mut circles: Vec<Vec<_>> = tarjan_scc(&self.graph)
            .into_iter()
            .filter(|nodes| nodes.len() > 1 || nodes.iter().any(|&node| self.graph.contains_edge(node, node)))
            .map(|nodes| nodes.into_iter().map(|node| self.graph[node]).collect())
            .collect();
        for circle in &mut circles {
            circle.sort_unstable();
        }
        circles.sort_unstable();
        circles
    }

    /// True if `id` waits for `other`, directly or through others.
    pub fn waits_for(&self, id: &str, other: &str) -> bool {
        let (Some(&from), Some(&to)) = (self.nodes.get(other), self.nodes.get(id)) else { return false };
        petgraph::algo::has_path_connecting(&self.graph, from, to, None)
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::tests::{plan, step};
    use crate::plan::types::OnFailure;

    #[test]
    fn the_order_puts_needed_steps_and_stand_ins_first() {
        let mut failing = step("b", &["a"]);
        failing.on_failure = OnFailure::Degrade { to: "c".into() };
        let plan = plan(vec![failing, step("c", &["a"]), step("a", &[])]);
        assert_eq!(plan.flow().order().unwrap(), ["a", "c", "b"]);
        assert!(plan.flow().waits_for("b", "c"));
        assert!(!plan.flow().waits_for("c", "b"));
    }

    #[test]
    fn circles_are_named() {
        let plan = plan(vec![step("a", &["b"]), step("b", &["a"]), step("c", &["c"]), step("d", &[])]);
        assert_eq!(plan.flow().circles(), [vec!["a", "b"], vec!["c"]]);
        assert!(plan.flow().order().is_none());
    }
}
