//! What one run costs: multiply-accumulates, and the most memory that values take at one time.
//!
//! Both are counted over types that are [inferred](crate::ir::infer), so that bindings of symbols are given there. What
//! is not known is left out and counted: a total is a lower bound if [`Cost::unresolved_nodes`] is not zero.
//!
//! The memory is that of the definition, not of a runtime's allocator: a value lives from the node that computes it to
//! the last node that reads it, inputs from the start, outputs to the end, and every value has memory of its own.
//! Constants are weights and not counted. What a loop or a branch holds inside counts while its node runs.

mod macs;
#[cfg(test)]
mod tests;

use crate::context::Context;
use crate::error::Result;
use crate::ir::graph::{Graph, Node, ValueId};
use crate::ir::infer::{self, Inferred, Repeats, Scope};
use crate::ir::schema::OpType;
use crate::ir::types::{Type, TypeKind};

use macs::Macs;

/// What one run costs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cost {
    /// Multiply-accumulate operations of the nodes that are understood; `None` beyond 2⁶⁴.
    pub macs: Option<u64>,
    /// The most bytes that values take at one time; `None` beyond 2⁶⁴.
    pub activation_peak_bytes: Option<u64>,
    /// Nodes that one of the two numbers leaves out, in part at least.
    pub unresolved_nodes: u64,
    /// The first of them, as messages call them.
    pub unresolved: Vec<String>,
}

/// Nodes that are named in [`Cost::unresolved`].
const NAMED: usize = 8;

/// Counts over what was inferred.
///
/// A loop counts as often as it turns if that is known; else once, and as unresolved. Of branches the dearer one counts.
///
/// # Errors
/// `Cancelled` only.
#[tracing::instrument(name = "modelium.cost", skip_all)]
pub fn cost(inferred: &Inferred<'_>, cx: &Context) -> Result<Cost> {
    let mut counter = Counter { cx, unresolved_nodes: 0, unresolved: Vec::new(), done: 0 };
    let Sum { macs, peak } = counter.graph(inferred.root(), Ports::Counted)?;
    Ok(Cost {
        macs: macs.and_then(|macs| u64::try_from(macs).ok()),
        activation_peak_bytes: peak.and_then(|peak| u64::try_from(peak).ok()),
        unresolved_nodes: counter.unresolved_nodes,
        unresolved: counter.unresolved,
    })
}

/// The cost of a graph or of a node; `None` where a number overflows.
#[derive(Clone, Copy)]
struct Sum {
    macs: Option<u128>,
    peak: Option<u128>,
}

impl Sum {
    const NOTHING: Self = Self { macs: Some(0), peak: Some(0) };

    fn larger(self, other: Self) -> Self {
        let larger = |a: Option<u128>, b: Option<u128>| a.zip(b).map(|(a, b)| a.max(b));
        Self { macs: larger(self.macs, other.macs), peak: larger(self.peak, other.peak) }
    }
}

/// Whose memory a graph's inputs and outputs are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ports {
    /// The graph's own.
    Counted,
    /// The outputs are those of the node around.
    OutputsOutside,
    /// Inputs too.
    Outside,
}

struct Counter<'c> {
    cx: &'c Context,
    unresolved_nodes: u64,
    unresolved: Vec<String>,
    done: u64,
}

impl Counter<'_> {
    fn graph(&mut self, scope: Scope<'_, '_>, ports: Ports) -> Result<Sum> {
        let graph = scope.graph();
        let mut memory = Memory::new(scope, ports);
        let mut macs = Some(0_u128);
        for (position, (id, node)) in graph.nodes().enumerate() {
            self.done += 1;
            self.cx.tick("cost", self.done, 0)?;
            let mut understood = true;
            let mut inner = Sum::NOTHING;
            let mut called = false;
            for (below, repeats) in scope.inner(id) {
                called = true;
                let is_subgraph = node.subgraphs().any(|graph| std::ptr::eq(graph, below.graph()));
                let ports = match (is_subgraph, &node.op) {
                    (false, _) => Ports::Outside,
                    (true, OpType::If) => Ports::OutputsOutside,
                    (true, _) => Ports::Counted,
                };
                let times = match repeats {
                    Repeats::Times(0) => continue, // the branch that is not taken
                    Repeats::Times(times) => times,
                    Repeats::Branch => 1,
                    Repeats::Unknown => {
                        understood = false;
                        1
                    }
                };
                let Sum { macs, peak } = self.graph(below, ports)?;
                let macs = macs.and_then(|macs| macs.checked_mul(times.into()));
                inner = inner.larger(Sum { macs, peak });
            }
            let own = match macs::of(scope, node) {
                Macs::None => 0,
                Macs::Count(count) => count,
                Macs::Unknown => {
                    understood = false;
                    0
                }
            };
            understood &= called || infer::has_rule(&node.op);
            macs = macs.and_then(|macs| macs.checked_add(own)?.checked_add(inner.macs?));
            understood &= memory.run(position, node, inner.peak);
            if !understood {
                self.unresolved_nodes += 1;
                if self.unresolved.len() < NAMED {
                    self.unresolved.push(node.label(graph));
                }
            }
        }
        Ok(Sum { macs, peak: memory.peak })
    }
}

/// The values that live at one time, node by node.
struct Memory<'a, 'm> {
    scope: Scope<'a, 'm>,
    /// By value: the position of the node that reads it last; `None` if none does.
    last_use: Vec<Option<usize>>,
    /// By value: lives to the end.
    kept: Vec<bool>,
    /// By value: is a weight, or the memory of a graph around.
    uncounted: Vec<bool>,
    /// By value: what it adds to `live` now.
    held: Vec<u128>,
    live: Option<u128>,
    peak: Option<u128>,
}

impl<'a, 'm> Memory<'a, 'm> {
    fn new(scope: Scope<'a, 'm>, ports: Ports) -> Self {
        let graph = scope.graph();
        let count = graph.value_count();
        let mut memory = Self {
            scope,
            last_use: last_uses(graph),
            kept: vec![false; count],
            uncounted: vec![false; count],
            held: vec![0; count],
            live: Some(0),
            peak: None,
        };
        for initializer in &graph.initializers {
            memory.uncounted[initializer.value.index()] = true;
        }
        for initializer in &graph.sparse_initializers {
            memory.uncounted[initializer.value.index()] = true;
        }
        for port in &graph.outputs {
            memory.kept[port.value.index()] = true;
            memory.uncounted[port.value.index()] |= ports != Ports::Counted;
        }
        for port in &graph.inputs {
            memory.uncounted[port.value.index()] |= ports == Ports::Outside;
            memory.grow(port.value);
        }
        memory.peak = memory.live;
        for port in &graph.inputs {
            if memory.last_use[port.value.index()].is_none() {
                memory.shrink(port.value);
            }
        }
        memory
    }

    /// Runs a node; false if the size of what it computes is not known.
    fn run(&mut self, position: usize, node: &'m Node, inside: Option<u128>) -> bool {
        let mut known = true;
        for &output in node.outputs.iter().flatten() {
            self.uncounted[output.index()] |= matches!(node.op, OpType::Constant);
            known &= self.grow(output);
        }
        let here = self.live.zip(inside).and_then(|(live, inside)| live.checked_add(inside));
        self.peak = self.peak.zip(here).map(|(peak, here)| peak.max(here));
        let graph = self.scope.graph();
        for value in reads(graph, node).chain(node.outputs.iter().flatten().copied()) {
            if self.last_use[value.index()].is_none_or(|last| last == position) {
                self.shrink(value);
            }
        }
        known
    }

    /// A value comes to life; false if its size is not known.
    fn grow(&mut self, value: ValueId) -> bool {
        let Some(bytes) = self.bytes(value) else { return false };
        let before = std::mem::replace(&mut self.held[value.index()], bytes);
        self.live = self.live.and_then(|live| live.checked_sub(before)?.checked_add(bytes));
        true
    }

    /// A value is read no more, by anybody in this graph.
    fn shrink(&mut self, value: ValueId) {
        if !self.kept[value.index()] {
            let bytes = std::mem::take(&mut self.held[value.index()]);
            self.live = self.live.and_then(|live| live.checked_sub(bytes));
        }
    }

    /// Bytes of a value: none for what is not counted, and for what has no size of its own (strings, lists, maps).
    fn bytes(&self, value: ValueId) -> Option<u128> {
        if self.uncounted[value.index()] {
            return Some(0);
        }
        size(self.scope.ty(value)?)
    }
}

fn size(ty: &Type) -> Option<u128> {
    match &ty.kind {
        TypeKind::Tensor { dtype: Some(dtype), shape } => match dtype.bits() {
            Some(bits) => {
                let mut elements = 1_u128;
                for dim in &shape.as_ref()?.dims {
                    elements = elements.checked_mul(dim.known()?.into())?;
                }
                Some(elements.checked_mul(bits.into())?.div_ceil(8))
            }
            None => Some(0),
        },
        TypeKind::Tensor { dtype: None, .. } | TypeKind::Unspecified => None,
        _ => Some(0),
    }
}

/// What a node reads: its inputs, and what its subgraphs capture.
fn reads<'g>(graph: &'g Graph, node: &'g Node) -> impl Iterator<Item = ValueId> + 'g {
    let captured = node.subgraphs().flat_map(Graph::captures).filter_map(|name| graph.find(name));
    node.inputs.iter().flatten().copied().chain(captured)
}

fn last_uses(graph: &Graph) -> Vec<Option<usize>> {
    let mut last = vec![None; graph.value_count()];
    for (position, (_, node)) in graph.nodes().enumerate() {
        for value in reads(graph, node) {
            last[value.index()] = Some(position);
        }
    }
    last
}
