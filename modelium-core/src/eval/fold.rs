//! Many nodes at once: what depends on constants only, computed on several threads.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::eval::array::Array;
use crate::eval::engine::{Evaluator, Options};
use crate::eval::value::Value;
use crate::ir::{Graph, Model, NodeId, ValueId};

/// What to fold, and with what.
pub struct Folding<'a> {
    /// Where functions and operator sets are looked up.
    pub model: &'a Model,
    /// The graph of the nodes.
    pub graph: &'a Graph,
    /// The nodes to compute, producers before readers.
    pub nodes: &'a [NodeId],
    /// The constants that they read, beside each other's outputs.
    pub constant: &'a (dyn Fn(ValueId) -> Option<Array> + Sync),
    /// The outputs that are wanted; others go when their last reader among the nodes has read them.
    pub keep: &'a (dyn Fn(ValueId) -> bool + Sync),
}

/// Computes nodes whose inputs are constants or outputs of each other, on as many threads as `cx` allows. Gives the outputs
/// that are to be kept. A node that cannot be computed gives none, and neither does what depends on it.
///
/// # Errors
/// `Cancelled` alone.
pub fn fold(folding: &Folding<'_>, options: &Options, cx: &Context) -> Result<HashMap<ValueId, Value>> {
    let work = Work::new(folding);
    let threads = cx.limits().threads.get().min(folding.nodes.len()).max(1);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| work.run(folding, options, cx));
        }
        work.run(folding, options, cx);
    });
    let state = work.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    match state.cancelled {
        Some(error) => Err(error),
        None => Ok(state.values.into_iter().filter(|(value, _)| (folding.keep)(*value)).collect()),
    }
}

/// What the threads share.
struct Work {
    state: Mutex<State>,
    /// Rings when a node is ready, or when nothing is left.
    bell: Condvar,
    /// For each value the nodes that read it, by position.
    readers: HashMap<ValueId, Vec<usize>>,
}

struct State {
    /// Nodes whose inputs are all there, by position.
    ready: BTreeSet<usize>,
    /// For each node how many of its inputs others still compute.
    waiting: Vec<usize>,
    /// How many of the nodes still read a value.
    unread: HashMap<ValueId, usize>,
    values: HashMap<ValueId, Value>,
    running: usize,
    cancelled: Option<Error>,
}

impl Work {
    fn new(folding: &Folding<'_>) -> Self {
        let mut readers: HashMap<ValueId, Vec<usize>> = HashMap::new();
        for &id in folding.nodes {
            for output in folding.graph.node(id).into_iter().flat_map(|node| node.outputs.iter().flatten()) {
                readers.insert(*output, Vec::new());
            }
        }
        let mut waiting = vec![0; folding.nodes.len()];
        for (position, &id) in folding.nodes.iter().enumerate() {
            for input in folding.graph.node(id).into_iter().flat_map(|node| node.inputs.iter().flatten()) {
                if let Some(positions) = readers.get_mut(input) {
                    positions.push(position);
                    waiting[position] += 1;
                }
            }
        }
        let ready =
            waiting.iter().enumerate().filter(|(_, count)| **count == 0).map(|(position, _)| position).collect();
        let unread = readers.iter().map(|(&value, positions)| (value, positions.len())).collect();
        let state = State { ready, waiting, unread, values: HashMap::new(), running: 0, cancelled: None };
        Self { state: Mutex::new(state), bell: Condvar::new(), readers }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Computes nodes as they become ready, until none is left.
    fn run(&self, folding: &Folding<'_>, options: &Options, cx: &Context) {
        while let Some((position, inputs)) = self.take(folding) {
            let outputs = Self::compute(folding, position, inputs, options, cx);
            let mut state = self.lock();
            state.running -= 1;
            match outputs {
                Ok(outputs) => self.put(folding, &mut state, position, outputs),
                Err(error) if error.kind() == ErrorKind::Cancelled => state.cancelled = Some(error),
                Err(error) => tracing::debug!(%error, "not folded"),
            }
            drop(state);
            self.bell.notify_all();
        }
    }

    /// The next node and its inputs; waits for one. `None` if there will be no other, an input as `None` if it is neither
    /// computed nor constant.
    fn take(&self, folding: &Folding<'_>) -> Option<(usize, Vec<Option<Value>>)> {
        let mut state = self.lock();
        let position = loop {
            if state.cancelled.is_some() {
                return None;
            }
            if let Some(position) = state.ready.pop_first() {
                break position;
            }
            if state.running == 0 {
                return None;
            }
            state = self.bell.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        state.running += 1;
        let node = folding.graph.node(*folding.nodes.get(position)?);
        let inputs = node.into_iter().flat_map(|node| node.inputs.iter()).map(|input| {
            let input = (*input)?;
            let value = state.values.get(&input).cloned();
            if let Some(unread) = state.unread.get_mut(&input) {
                *unread = unread.saturating_sub(1);
                if *unread == 0 && !(folding.keep)(input) {
                    state.values.remove(&input);
                }
            }
            value
        });
        let inputs = inputs.collect();
        Some((position, inputs))
    }

    fn compute(
        folding: &Folding<'_>,
        position: usize,
        mut inputs: Vec<Option<Value>>,
        options: &Options,
        cx: &Context,
    ) -> Result<Vec<Option<Value>>> {
        let node = folding.nodes.get(position).and_then(|&id| folding.graph.node(id));
        let Some(node) = node else { return Ok(Vec::new()) };
        cx.tick("evaluate", position as u64, folding.nodes.len() as u64)?;
        for (slot, input) in inputs.iter_mut().zip(&node.inputs) {
            if slot.is_none()
                && let Some(input) = input
            {
                let constant = (folding.constant)(*input).map(Value::Tensor);
                let missing = || Error::new(ErrorKind::InvalidArgument, "an input that is not constant");
                *slot = Some(constant.ok_or_else(missing)?);
            }
        }
        Evaluator::new(folding.model, options.clone()).node(node, inputs, cx)
    }

    fn put(&self, folding: &Folding<'_>, state: &mut State, position: usize, outputs: Vec<Option<Value>>) {
        let Some(node) = folding.nodes.get(position).and_then(|&id| folding.graph.node(id)) else { return };
        for (output, value) in node.outputs.iter().zip(outputs) {
            let (Some(output), Some(value)) = (*output, value) else { continue };
            let readers = self.readers.get(&output).map_or(&[][..], Vec::as_slice);
            if !readers.is_empty() || (folding.keep)(output) {
                state.values.insert(output, value);
            }
            for &reader in readers {
                let Some(waiting) = state.waiting.get_mut(reader) else { continue };
                if *waiting == 1 {
                    state.ready.insert(reader);
                }
                *waiting = waiting.saturating_sub(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::context::{CancelToken, Limits};
    use crate::ir::sketch;

    fn folded(lines: &[&str], threads: usize, cx: &Context) -> Result<Vec<(String, Value)>> {
        let model = sketch::model(21, lines);
        let graph = &model.graph;
        let nodes: Vec<NodeId> = graph.nodes().map(|(id, _)| id).collect();
        let constant = |value| {
            let mut initializers = graph.initializers.iter();
            Array::from_tensor(&initializers.find(|initializer| initializer.value == value)?.tensor)
        };
        let keep = |value| graph.outputs.iter().any(|port| port.value == value);
        let limits = Limits { threads: NonZeroUsize::new(threads).unwrap(), ..Limits::default() };
        let cx = cx.clone().with_limits(limits);
        let folding = Folding { model: &model, graph, nodes: &nodes, constant: &constant, keep: &keep };
        let values = fold(&folding, &Options::default(), &cx)?;
        let mut named: Vec<_> = values.into_iter().map(|(id, value)| (graph.value(id).name.clone(), value)).collect();
        named.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(named)
    }

    const DIAMOND: &[&str] = &[
        "w = float32[2, 3] [1, 2, 3, 4, 5, 6]",
        "k = int64 [3, 2]",
        "far = int64 [9]",
        "t = Transpose(w)",
        "r = Reshape(w, k)",
        "c = Concat(t, r, t) axis=1",
        "broken = Gather(w, far)",
        "lost = Identity(broken)",
        "d = Identity(c)",
        "-> d",
        "-> lost",
    ];

    #[test]
    fn gives_the_same_on_any_number_of_threads() {
        for threads in [1, 2, 8] {
            let values = folded(DIAMOND, threads, &Context::new()).unwrap();
            let joined = vec![1_f32, 4., 1., 2., 1., 4., 2., 5., 3., 4., 2., 5., 3., 6., 5., 6., 3., 6.];
            let expected = Value::Tensor(Array::new(vec![3, 6], joined).unwrap());
            assert_eq!(values, [("d".to_owned(), expected)], "{threads} threads");
        }
    }

    #[test]
    fn stops_when_it_is_cancelled() {
        let cancel = CancelToken::default();
        cancel.cancel();
        let error = folded(DIAMOND, 2, &Context::new().with_cancel(cancel)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}
