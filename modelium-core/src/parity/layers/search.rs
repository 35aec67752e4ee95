//! The bisection.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::context::Context;
use crate::error::Result;
use crate::ir::{Graph, NodeId, ValueId};
use crate::parity::OutputReport;
use crate::parity::layers::counterparts::Counterparts;
use crate::parity::layers::cut::{Prober, reads};
use crate::parity::layers::report::{Divergence, NodePlace, Operand};

/// Values of the original that can be observed in both models.
struct Points<'g> {
    graph: &'g Graph,
    /// When each value is computed: its place among all, from 1.
    place: BTreeMap<ValueId, usize>,
    /// The result's value for each that can be observed.
    pair: BTreeMap<ValueId, ValueId>,
}

impl Points<'_> {
    /// The nearest points that a point is computed from, and the nodes in between, its own last.
    fn behind(&self, point: ValueId) -> (BTreeSet<ValueId>, Vec<NodeId>) {
        let (mut points, mut nodes, mut next) = (BTreeSet::new(), HashSet::new(), vec![point]);
        while let Some(value) = next.pop() {
            if value != point && self.pair.contains_key(&value) {
                points.insert(value);
                continue;
            }
            let Some((id, _)) = self.graph.value(value).producer else { continue };
            if let Some(node) = self.graph.node(id).filter(|_| nodes.insert(id)) {
                next.extend(reads(self.graph, node));
            }
        }
        let mut nodes: Vec<NodeId> = nodes.into_iter().collect();
        let position = |id: &NodeId| {
            let outputs = self.graph.node(*id).into_iter().flat_map(|node| node.outputs.iter().flatten());
            outputs.filter_map(|value| self.place.get(value)).min().copied()
        };
        nodes.sort_by_key(|id| position(id).unwrap_or(usize::MAX));
        (points, nodes)
    }

    /// `target` and the points behind it whose place is after `floor`, in execution order, each with what it reads.
    fn open(&self, target: ValueId, floor: usize) -> Vec<(ValueId, BTreeSet<ValueId>)> {
        let (mut open, mut next) = (BTreeMap::new(), vec![target]);
        while let Some(point) = next.pop() {
            let key = (self.place.get(&point).copied().unwrap_or(0), point);
            if open.contains_key(&key) {
                continue;
            }
            let (behind, _) = self.behind(point);
            next.extend(behind.iter().filter(|value| self.place.get(value).is_some_and(|&place| place > floor)));
            open.insert(key, behind);
        }
        open.into_iter().map(|((_, point), behind)| (point, behind)).collect()
    }
}

/// The first node that differs, on the way to the first of the differing outputs; `None` where an output that differs is
/// computed by no node.
pub(super) fn first(
    found: &Counterparts,
    prober: &mut Prober<'_>,
    outputs: &[OutputReport],
    cx: &Context,
) -> Result<Option<Divergence>> {
    let (a, b) = (&prober.a.graph, &prober.b.graph);
    let mut points = Points { graph: a, place: BTreeMap::new(), pair: BTreeMap::new() };
    for (place, value) in (1_usize..).zip(a.nodes().flat_map(|(_, node)| node.outputs.iter().flatten().copied())) {
        points.place.insert(value, place);
        if let Some(other) = found.of(value).filter(|&other| prober.can_observe(value, other)) {
            points.pair.insert(value, other);
        }
    }
    let failing = outputs.iter().filter(|output| !output.passed);
    let mut measured: BTreeMap<ValueId, OutputReport> = failing
        .filter_map(|output| Some((a.find(&output.name)?, output.clone())))
        .filter(|(value, _)| points.pair.contains_key(value))
        .collect();
    let Some(mut target) = measured.keys().copied().min_by_key(|value| points.place.get(value)) else {
        return Ok(None);
    };
    // everything up to here that is read from beyond is equal
    let mut floor = 0;
    let mut open = points.open(target, floor);
    while open.len() > 1 {
        let middle = (open.len() - 2) / 2;
        let line: BTreeSet<ValueId> = open
            .iter()
            .skip(middle + 1)
            .flat_map(|(_, behind)| behind)
            .filter(|value| open.iter().take(middle + 1).any(|(point, _)| point == *value))
            .copied()
            .collect();
        let pairs: Vec<(ValueId, ValueId)> =
            line.iter().filter_map(|value| Some((*value, *points.pair.get(value)?))).collect();
        let reports = prober.observe(&pairs, cx)?;
        measured.extend(line.iter().copied().zip(reports));
        let differs = |value: &&ValueId| measured.get(*value).is_some_and(|report| !report.passed);
        if let Some(&nearest) = line.iter().filter(differs).min_by_key(|value| points.place.get(value)) {
            target = nearest;
        } else {
            floor = points.place.get(&open[middle].0).copied().unwrap_or(floor);
        }
        open = points.open(target, floor);
    }
    let Some(&other) = points.pair.get(&target) else { return Ok(None) };
    let Some(difference) = measured.remove(&target) else { return Ok(None) };
    let (behind, nodes) = points.behind(target);
    let place = |graph: &Graph, value: ValueId| {
        let node = graph.value(value).producer.and_then(|(id, _)| graph.node(id));
        node.map(NodePlace::of)
    };
    let Some(node) = place(a, target) else { return Ok(None) };
    let own = a.value(target).producer.map(|(id, _)| id);
    let stretch: Vec<NodeId> = nodes.into_iter().filter(|id| Some(*id) != own).collect();
    let mut operands = Vec::new();
    let mut seen = BTreeSet::new();
    for value in stretch.iter().copied().chain(own).filter_map(|id| a.node(id)).flat_map(|node| reads(a, node)) {
        let between = a.value(value).producer.is_some() && !behind.contains(&value);
        if between || !seen.insert(value) {
            continue;
        }
        operands.push(operand(&points, prober, &behind, &measured, value)?);
    }
    Ok(Some(Divergence {
        value: a.value(target).name.clone(),
        node,
        result_value: b.value(other).name.clone(),
        result_node: place(b, other),
        between: stretch.into_iter().filter_map(|id| a.node(id)).map(NodePlace::of).collect(),
        operands,
        difference,
    }))
}

/// What is known of one value that the node, or the stretch that ends with it, reads.
fn operand(
    points: &Points<'_>,
    prober: &Prober<'_>,
    behind: &BTreeSet<ValueId>,
    measured: &BTreeMap<ValueId, OutputReport>,
    value: ValueId,
) -> Result<Operand> {
    let (a, b) = (&prober.a.graph, &prober.b.graph);
    let name = a.value(value).name.clone();
    if behind.contains(&value) {
        let max_absolute = measured.get(&value).map(|report| report.max_absolute);
        return Ok(Operand { name, equal: Some(true), max_absolute });
    }
    if a.inputs.iter().any(|port| port.value == value) {
        return Ok(Operand { name, equal: Some(true), max_absolute: Some(0.0) });
    }
    let other = points.pair.get(&value).copied().or_else(|| b.find(&name));
    let compared = other.map(|other| prober.constants(value, other)).transpose()?.flatten();
    Ok(match compared {
        Some(report) => Operand { name, equal: Some(report.passed), max_absolute: Some(report.max_absolute) },
        None => Operand { name, equal: None, max_absolute: None },
    })
}
