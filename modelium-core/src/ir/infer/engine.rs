//! Walks over graphs: each node once, in order, with what is known by then.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::ir::attribute::AttributeValue;
use crate::ir::graph::{Function, Graph, Model, Node, NodeId, Opset, ValueId};
use crate::ir::infer::call::{Call, Gap, Outcome};
use crate::ir::infer::signature::Signature;
use crate::ir::infer::symbols::Symbols;
use crate::ir::infer::value::Elements;
use crate::ir::infer::{Arguments, Inferred, Inner, Repeats, TypeFault, Walked, dtype, merge, resolve};
use crate::ir::schema::OpType;
use crate::ir::types::{Dim, Shape, Type, TypeKind};
use crate::tensor::Tensor;

/// Visits of nodes and values beyond the first of each: functions at several calls, loops until their shapes are stable.
const EXTRA_VISITS: u64 = 1 << 20;

/// Elements of small tensors that are held at one time, in all.
const HELD_ELEMENTS: u64 = 1 << 21;

/// Faults that are kept.
const MOST_FAULTS: usize = 100;

/// What is known of a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Fact<'m> {
    pub(super) ty: Option<Type>,
    pub(super) known: Known<'m>,
}

/// What is known of the elements of a value.
#[derive(Debug, Clone, Default)]
pub(super) enum Known<'m> {
    #[default]
    Nothing,
    /// All, in a constant that nobody has asked for yet.
    Stored(&'m Tensor),
    Elements(Arc<Elements>),
}

impl<'m> Fact<'m> {
    pub(super) fn typed(ty: Option<Type>) -> Self {
        Self { ty, known: Known::Nothing }
    }

    /// A constant.
    pub(super) fn stored(tensor: &'m Tensor) -> Self {
        let dims = tensor.dims.iter().map(|&dim| Dim::Known(dim)).collect();
        Self { ty: Some(dtype::tensor(Some(tensor.dtype), Some(dims))), known: Known::Stored(tensor) }
    }
}

impl Known<'_> {
    /// The elements that nodes computed.
    fn computed(self) -> Option<Arc<Elements>> {
        if let Self::Elements(elements) = self { Some(elements) } else { None }
    }

    pub(super) fn elements(&self) -> Option<Arc<Elements>> {
        match self {
            Self::Nothing => None,
            Self::Stored(tensor) => Elements::of(tensor).map(Arc::new),
            Self::Elements(elements) => Some(Arc::clone(elements)),
        }
    }
}

/// One graph on the way.
struct Frame<'m> {
    graph: &'m Graph,
    facts: Vec<Fact<'m>>,
    opsets: &'m [Opset],
    arguments: Option<Arc<Arguments<'m>>>,
    /// True if its nodes see the values of the frame below.
    captures: bool,
    inner: Vec<(NodeId, Inner)>,
    /// The node that is looked at, and what there was before it.
    current: Option<NodeId>,
    before: Mark,
}

/// How much has been found out, to go back to.
#[derive(Clone, Copy, Default)]
struct Mark {
    scopes: usize,
    faults: usize,
}

/// The state of one inference.
pub(super) struct Engine<'m> {
    model: &'m Model,
    functions: HashMap<(&'m str, &'m str, &'m str), &'m Function>,
    pub(super) symbols: Symbols<'m>,
    signatures: HashMap<(&'m OpType, u64), Rc<Signature>>,
    cx: Context,
    frames: Vec<Frame<'m>>,
    found: Inferred<'m>,
    stopped: Option<Error>,
    visits: u64,
    visits_left: u64,
    elements_left: u64,
    dims_left: u64,
}

impl<'m> Engine<'m> {
    pub(super) fn new(model: &'m Model, bindings: &BTreeMap<String, u64>, cx: &Context) -> Self {
        let functions = model.functions.iter().rev().map(|function| {
            let domain = match function.domain.as_deref() {
                None | Some("ai.onnx") => "",
                Some(domain) => domain,
            };
            ((domain, function.name.as_str(), function.overload.as_deref().unwrap_or_default()), function)
        });
        let (visits, values) = model.graphs().iter().fold((0_u64, 0_u64), |(visits, values), graph| {
            (visits.saturating_add(effort(graph)), values.saturating_add(graph.value_count() as u64))
        });
        Self {
            model,
            functions: functions.collect(),
            symbols: Symbols::new(model, bindings),
            signatures: HashMap::new(),
            cx: cx.clone(),
            frames: Vec::new(),
            found: Inferred { scopes: Vec::new(), faults: Vec::new() },
            stopped: None,
            visits: 0,
            visits_left: visits.saturating_add(EXTRA_VISITS),
            elements_left: HELD_ELEMENTS,
            // Nobody's tensors have 16 axes on average; a hostile model's have 64, each of its millions.
            dims_left: values.saturating_mul(16).saturating_add(EXTRA_VISITS),
        }
    }

    /// Walks the main graph.
    pub(super) fn finish(mut self) -> Result<Inferred<'m>> {
        let model = self.model;
        match self.walk(&model.graph, &model.opsets, None, false, Vec::new()) {
            Ok(_) => Ok(self.found),
            Err(_) => Err(self.stopped.unwrap_or_else(|| Error::internal("the main graph was not walked"))),
        }
    }

    // What rules ask.

    pub(super) fn opset(&self, domain: &str) -> Option<u64> {
        let opset = self.frames.last()?.opsets.iter().find(|opset| opset.domain() == domain)?;
        u64::try_from(opset.version?).ok()
    }

    /// What is known of an operator, looked up once.
    pub(super) fn signature(&mut self, op: &'m OpType, opset: u64) -> Rc<Signature> {
        let known = self.signatures.entry((op, opset));
        Rc::clone(known.or_insert_with(|| Rc::new(Signature::of(op, opset))))
    }

    pub(super) fn fact(&self, value: ValueId) -> Option<&Fact<'m>> {
        self.frames.last()?.facts.get(value.index())
    }

    pub(super) fn value(&mut self, value: ValueId) -> Option<Arc<Elements>> {
        let fact = self.frames.last_mut()?.facts.get_mut(value.index())?;
        if let Known::Stored(tensor) = fact.known {
            fact.known = match Elements::of(tensor) {
                Some(elements) if elements.items.len() as u64 <= self.elements_left => {
                    self.elements_left -= elements.items.len() as u64;
                    Known::Elements(Arc::new(elements))
                }
                _ => Known::Nothing,
            };
        }
        fact.known.elements()
    }

    pub(super) fn attribute(&self, node: &'m Node, name: &str) -> Option<&'m AttributeValue> {
        resolve(node.attribute(name)?, self.frames.last()?.arguments.as_deref())
    }

    pub(super) fn most_rank(&self) -> usize {
        usize::try_from(self.cx.limits().rank).unwrap_or(usize::MAX)
    }

    /// Walks a subgraph of the current node.
    pub(super) fn walk_inner(
        &mut self,
        node: &Node,
        graph: &'m Graph,
        inputs: Vec<Fact<'m>>,
        repeats: Repeats,
    ) -> Result<Vec<Fact<'m>>, Gap> {
        let frame = self.frames.last().ok_or(Gap::Open)?;
        let (opsets, arguments) = (frame.opsets, frame.arguments.clone());
        let outputs = self.walk(graph, opsets, arguments, true, inputs)?;
        self.note_inner(node.subgraphs().position(|other| std::ptr::eq(other, graph)).unwrap_or_default(), repeats);
        Ok(outputs)
    }

    /// Walks the body of the function that the current node calls.
    pub(super) fn walk_function(&mut self, node: &'m Node, inputs: Vec<Fact<'m>>) -> Result<Vec<Fact<'m>>, Gap> {
        let overload = node.overload.as_deref().unwrap_or_default();
        let function = *self.functions.get(&(node.op.domain(), node.op.name(), overload)).ok_or(Gap::Open)?;
        let defaults = function.attribute_defaults.iter();
        let mut arguments: Arguments<'m> =
            defaults.map(|attribute| (attribute.name.as_str(), &attribute.value)).collect();
        let outside = self.frames.last().and_then(|frame| frame.arguments.clone());
        for attribute in &node.attributes {
            if let Some(value) = resolve(&attribute.value, outside.as_deref()) {
                arguments.insert(&attribute.name, value);
            }
        }
        let outputs = self.walk(&function.body, &function.opsets, Some(Arc::new(arguments)), false, inputs)?;
        self.note_inner(0, Repeats::Times(1));
        Ok(outputs)
    }

    /// The walk that has just ended belongs to the current node.
    fn note_inner(&mut self, position: usize, repeats: Repeats) {
        let walked = self.found.scopes.len().saturating_sub(1);
        if let Some(frame) = self.frames.last_mut()
            && let Some(node) = frame.current
        {
            frame.inner.push((node, Inner { walked, position, repeats }));
        }
    }

    /// The walk that was noted last runs that often.
    pub(super) fn repeat_inner(&mut self, repeats: Repeats) {
        if let Some((_, inner)) = self.frames.last_mut().and_then(|frame| frame.inner.last_mut()) {
            inner.repeats = repeats;
        }
    }

    /// Forgets the walks of the current node's subgraphs.
    pub(super) fn rewind(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        while frame.inner.pop_if(|(node, _)| Some(*node) == frame.current).is_some() {}
        let before = frame.before;
        self.found.scopes.truncate(before.scopes);
        self.found.faults.truncate(before.faults);
    }

    // Walking.

    fn walk(
        &mut self,
        graph: &'m Graph,
        opsets: &'m [Opset],
        arguments: Option<Arc<Arguments<'m>>>,
        captures: bool,
        inputs: Vec<Fact<'m>>,
    ) -> Result<Vec<Fact<'m>>, Gap> {
        let Some(visits_left) = self.visits_left.checked_sub(effort(graph)) else { return Err(Gap::Open) };
        if self.frames.len() as u64 > u64::from(self.cx.limits().depth) {
            return Err(Gap::Open);
        }
        self.visits_left = visits_left;
        let facts = self.given(graph, captures, inputs);
        let (current, before, inner) = (None, Mark::default(), Vec::new());
        self.frames.push(Frame { graph, facts, opsets, arguments, captures, inner, current, before });
        for (id, node) in graph.nodes() {
            self.visits += 1;
            self.cx.tick("infer", self.visits, 0).map_err(|error| {
                self.stopped = Some(error);
                Gap::Stopped
            })?;
            self.node(graph, id, node)?;
        }
        let Some(mut frame) = self.frames.pop() else { return Err(Gap::Open) };
        let outputs = graph.outputs.iter().map(|port| frame.facts[port.value.index()].clone()).collect();
        frame.inner.sort_by_key(|(node, inner)| (*node, inner.position));
        let (types, elements) = frame.facts.into_iter().map(|fact| (fact.ty, fact.known.computed())).unzip();
        self.found.scopes.push(Walked { graph, types, elements, inner: frame.inner, arguments: frame.arguments });
        Ok(outputs)
    }

    fn node(&mut self, graph: &'m Graph, id: NodeId, node: &'m Node) -> Outcome {
        let before = Mark { scopes: self.found.scopes.len(), faults: self.found.faults.len() };
        if let Some(frame) = self.frames.last_mut() {
            (frame.current, frame.before) = (Some(id), before);
        }
        let mut call = Call::new(self, node);
        let misfit = call.misfit();
        let outcome = call.run();
        let facts = call.finish();
        let message = match (misfit, outcome) {
            (_, Err(Gap::Stopped)) => return Err(Gap::Stopped),
            (Some(message), _) => Some(message),
            (None, Err(Gap::Conflict(message))) => Some(message.into()),
            _ => None,
        };
        if let Some(message) = message {
            self.fault(TypeFault::Conflict { node: node.label(graph), message });
        }
        for (output, fact) in node.outputs.iter().zip(facts) {
            if let Some(output) = *output {
                self.learn(graph, output, fact);
            }
        }
        Ok(())
    }

    /// A value gets what was inferred of it, beside what was declared.
    fn learn(&mut self, graph: &Graph, value: ValueId, mut fact: Fact<'m>) {
        self.bound_memory(&mut fact);
        let Some(slot) = self.frames.last_mut().and_then(|frame| frame.facts.get_mut(value.index())) else { return };
        let declared = std::mem::take(slot).ty;
        let ty = match (declared, fact.ty) {
            (Some(declared), Some(inferred)) => {
                let merge::Merged { ty, disagrees } = merge::merge(&declared, &inferred);
                if let Some(hard) = disagrees {
                    let (declared, inferred) = (Box::new(declared), Box::new(inferred));
                    let value = graph.value(value).name.clone();
                    self.fault(TypeFault::Contradiction { value, declared, inferred, hard });
                }
                Some(ty)
            }
            (declared, inferred) => inferred.or(declared),
        };
        let mut fact = Fact { ty, known: fact.known };
        self.name(&mut fact);
        if let Some(slot) = self.frames.last_mut().and_then(|frame| frame.facts.get_mut(value.index())) {
            *slot = fact;
        }
    }

    /// Gives names to the dimensions of a tensor that have none, so that they are the same wherever they come to.
    fn name(&mut self, fact: &mut Fact<'m>) {
        if let Some(Type { kind: TypeKind::Tensor { shape: Some(shape), .. }, .. }) = &mut fact.ty {
            self.symbols.name(shape);
        }
    }

    fn fault(&mut self, fault: TypeFault) {
        if self.found.faults.len() < MOST_FAULTS {
            self.found.faults.push(fault);
        }
    }

    /// Drops what would let a hostile model fill the memory.
    fn bound_memory(&mut self, fact: &mut Fact<'m>) {
        if let Known::Elements(elements) = &fact.known {
            match self.elements_left.checked_sub(elements.cost()) {
                Some(left) => self.elements_left = left,
                None => fact.known = Known::Nothing,
            }
        }
        let most_rank = self.most_rank();
        if let Some(Type { kind: TypeKind::Tensor { shape, .. }, .. }) = &mut fact.ty
            && let Some((rank, cost)) = shape.as_ref().map(|shape| (shape.dims.len(), cost_of(&shape.dims)))
        {
            match self.dims_left.checked_sub(cost).filter(|_| rank <= most_rank) {
                Some(left) => self.dims_left = left,
                None => *shape = None,
            }
        }
    }

    /// What is known of a graph's values before its first node.
    fn given(&mut self, graph: &'m Graph, captures: bool, inputs: Vec<Fact<'m>>) -> Vec<Fact<'m>> {
        let mut facts: Vec<Fact<'m>> = graph
            .values()
            .map(|(_, value)| Fact::typed(value.ty.as_ref().map(|ty| self.symbols.entered(ty))))
            .collect();
        for port in graph.value_info.iter().chain(&graph.outputs).chain(&graph.inputs) {
            if let Some(ty) = &port.ty
                && graph.value(port.value).ty.as_ref() != Some(ty)
            {
                let ty = self.symbols.entered(ty);
                let slot = &mut facts[port.value.index()].ty;
                *slot = Some(slot.as_ref().map_or_else(|| ty.clone(), |known| merge::merge(&ty, known).ty));
            }
        }
        let mut defined = vec![false; graph.value_count()];
        let mut inputs = inputs.into_iter();
        for port in &graph.inputs {
            let slot = &mut facts[port.value.index()];
            defined[port.value.index()] = true;
            let Some(given) = inputs.next() else { continue };
            slot.known = given.known;
            slot.ty = match (slot.ty.take(), given.ty) {
                (Some(declared), Some(given)) => Some(merge::merge(&declared, &given).ty),
                (declared, given) => given.or(declared),
            };
        }
        for port in &graph.inputs {
            self.name(&mut facts[port.value.index()]);
        }
        // Up to version 3 of the format every constant is an input by name, and a constant nevertheless.
        let overridable = self.model.provenance.ir_version.is_none_or(|version| version >= 4);
        for initializer in &graph.initializers {
            let index = initializer.value.index();
            let constant = Fact::stored(&initializer.tensor);
            if let (Some(declared), Some(stored)) = (&facts[index].ty, &constant.ty)
                && let Some(hard) = merge::merge(declared, stored).disagrees
            {
                let (declared, inferred) = (Box::new(declared.clone()), Box::new(stored.clone()));
                let value = graph.value(initializer.value).name.clone();
                self.fault(TypeFault::Contradiction { value, declared, inferred, hard });
            }
            if defined[index] && overridable {
                continue; // a default: a caller may give another
            }
            defined[index] = true;
            facts[index] = constant;
        }
        for initializer in &graph.sparse_initializers {
            let index = initializer.value.index();
            if !std::mem::replace(&mut defined[index], true) {
                // What reads it sees a dense tensor.
                let (dtype, dims) = (initializer.tensor.values.dtype, &initializer.tensor.dims);
                facts[index] = Fact::typed(Some(Type::tensor(dtype, Some(Shape::known(dims)))));
            }
        }
        if captures {
            for (id, value) in graph.values() {
                if !defined[id.index()]
                    && value.producer.is_none()
                    && let Some(outer) = self.outer(&value.name)
                {
                    facts[id.index()] = outer;
                }
            }
        }
        facts
    }

    /// What is known of the value of that name around the graph that is about to be walked.
    fn outer(&self, name: &str) -> Option<Fact<'m>> {
        for frame in self.frames.iter().rev() {
            if let Some(id) = frame.graph.find(name) {
                return frame.facts.get(id.index()).cloned();
            }
            if !frame.captures {
                break;
            }
        }
        None
    }
}

/// What a walk over a graph costs.
fn effort(graph: &Graph) -> u64 {
    1 + graph.node_count().max(graph.value_count()) as u64
}

/// What it costs to hold dimensions.
fn cost_of(dims: &[Dim]) -> u64 {
    let costs = dims.iter().map(|dim| if let Dim::Expr(expr) = dim { expr.size() as u64 } else { 1 });
    costs.sum()
}
