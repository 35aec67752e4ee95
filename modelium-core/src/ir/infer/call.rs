//! What a rule sees of its node, and what it says of the outputs.

use std::rc::Rc;
use std::sync::Arc;

use crate::ir::attribute::AttributeValue;
use crate::ir::graph::{Graph, Node};
use crate::ir::infer::engine::{Engine, Fact, Known};
use crate::ir::infer::signature::Signature;
use crate::ir::infer::value::{Elements, Item};
use crate::ir::infer::{Repeats, dims, dtype};
use crate::ir::schema::{NEWEST_OPSET, newest_opset};
use crate::ir::types::{Dim, Type, TypeKind};
use crate::tensor::DType;

/// Says what the outputs of a node are.
pub(super) type Rule = fn(&mut Call<'_, '_>) -> Outcome;

/// What a rule comes to. What it said before it gave up stands.
pub(super) type Outcome = Result<(), Gap>;

/// Why a rule gave up.
#[derive(Debug)]
pub(super) enum Gap {
    /// Not enough is known of the inputs.
    Open,
    /// The inputs do not fit each other, or not the operator.
    Conflict(Box<str>),
    /// The work was cancelled; the engine knows more.
    Stopped,
}

impl Gap {
    pub(super) fn conflict(message: impl Into<Box<str>>) -> Self {
        Self::Conflict(message.into())
    }
}

/// One node under inference.
pub(super) struct Call<'e, 'm> {
    engine: &'e mut Engine<'m>,
    pub(super) node: &'m Node,
    /// The version of the node's operator set.
    pub(super) opset: u64,
    signature: Rc<Signature>,
    outputs: Vec<Said<'m>>,
}

/// What a rule said of an output.
#[derive(Default)]
struct Said<'m> {
    dtype: Option<DType>,
    dims: Option<Vec<Dim>>,
    /// A type that is no dense tensor.
    other: Option<Type>,
    known: Known<'m>,
}

impl<'e, 'm> Call<'e, 'm> {
    pub(super) fn new(engine: &'e mut Engine<'m>, node: &'m Node) -> Self {
        let domain = node.op.domain();
        let newest = || newest_opset(domain).unwrap_or(NEWEST_OPSET);
        let opset = engine.opset(domain).unwrap_or_else(newest);
        let signature = engine.signature(&node.op, opset);
        let outputs = node.outputs.iter().map(|_| Said::default()).collect();
        Self { engine, node, opset, signature, outputs }
    }

    /// What is wrong with the element types of the inputs.
    pub(super) fn misfit(&self) -> Option<String> {
        self.signature.misfit(self.engine, self.node)
    }

    /// Lets the operator's rule say what the outputs are; without one, its body.
    pub(super) fn run(&mut self) -> Outcome {
        match self.signature.rule {
            Some(rule) => rule(self),
            None => self.expand(),
        }
    }

    // What is known of the inputs.

    /// The type of an input; `None` if nothing is known or it is left out.
    pub(super) fn ty(&self, input: usize) -> Option<&Type> {
        self.engine.fact(self.node.input(input)?)?.ty.as_ref()
    }

    /// The element type of an input tensor.
    pub(super) fn dtype(&self, input: usize) -> Option<DType> {
        self.ty(input)?.dtype()
    }

    /// The dimensions of an input tensor.
    pub(super) fn shape(&self, input: usize) -> Result<&[Dim], Gap> {
        Ok(&self.ty(input).and_then(Type::shape).ok_or(Gap::Open)?.dims)
    }

    /// The dimensions of an input tensor that has to have that many.
    pub(super) fn shape_of_rank(&self, input: usize, rank: usize) -> Result<&[Dim], Gap> {
        let dims = self.shape(input)?;
        if dims.len() == rank {
            return Ok(dims);
        }
        Err(Gap::conflict(format!("input {input} is of rank {}, expected {rank}", dims.len())))
    }

    /// True unless the input is left out.
    pub(super) fn has(&self, input: usize) -> bool {
        self.node.input(input).is_some()
    }

    /// What is known of the elements of an input.
    pub(super) fn value(&mut self, input: usize) -> Option<Arc<Elements>> {
        self.engine.value(self.node.input(input)?)
    }

    /// The elements of an input of integers, if each is known.
    pub(super) fn ints_at(&mut self, input: usize) -> Option<Vec<i64>> {
        self.value(input)?.ints()
    }

    /// The only element of an input of one integer.
    pub(super) fn int_at(&mut self, input: usize) -> Option<i64> {
        self.value(input)?.single()?.int()
    }

    /// The elements of a shape: as dimensions, with what is open left open.
    pub(super) fn dims_at(&mut self, input: usize) -> Option<Vec<Dim>> {
        if let Some(value) = self.value(input) {
            return Some(value.items.iter().map(Item::to_dim).collect());
        }
        // Not even one element is known, but perhaps how many there are.
        let [Dim::Known(rank)] = self.shape(input).ok()? else { return None };
        let rank = usize::try_from(*rank).ok().filter(|&rank| rank <= self.engine.most_rank())?;
        Some(dims::open(rank))
    }

    // Attributes.

    /// The attribute of that name, resolved inside a function.
    pub(super) fn attribute(&self, name: &str) -> Option<&'m AttributeValue> {
        self.engine.attribute(self.node, name)
    }

    /// An integer attribute.
    pub(super) fn int(&self, name: &str) -> Option<i64> {
        if let AttributeValue::Int(value) = self.attribute(name)? { Some(*value) } else { None }
    }

    /// A list of integers.
    pub(super) fn ints(&self, name: &str) -> Option<&'m [i64]> {
        if let AttributeValue::Ints(values) = self.attribute(name)? { Some(values) } else { None }
    }

    /// A list of floats.
    pub(super) fn floats(&self, name: &str) -> Option<&'m [f32]> {
        if let AttributeValue::Floats(values) = self.attribute(name)? { Some(values) } else { None }
    }

    /// A string attribute.
    pub(super) fn str(&self, name: &str) -> Option<&'m str> {
        let AttributeValue::String(value) = self.attribute(name)? else { return None };
        std::str::from_utf8(value).ok()
    }

    /// The element type that an integer attribute numbers.
    pub(super) fn dtype_attribute(&self, name: &str) -> Option<DType> {
        dtype::from_code(self.int(name)?)
    }

    /// Axes from an attribute or, in newer operator sets, from an input. `Ok(None)` if neither is there.
    pub(super) fn axes(&mut self, input: usize) -> Result<Option<Vec<i64>>, Gap> {
        if let Some(axes) = self.ints("axes") {
            return Ok(Some(axes.to_vec()));
        }
        if !self.has(input) {
            return Ok(None);
        }
        self.ints_at(input).map(Some).ok_or(Gap::Open)
    }

    /// A subgraph.
    pub(super) fn subgraph(&self, name: &str) -> Option<&'m Graph> {
        if let AttributeValue::Graph(graph) = self.attribute(name)? { Some(graph) } else { None }
    }

    // What the rule says.

    /// An output's dimensions; its element type follows from the specification.
    pub(super) fn shaped(&mut self, output: usize, dims: Vec<Dim>) -> Outcome {
        if let Some(said) = self.outputs.get_mut(output) {
            said.dims = Some(dims);
        }
        Ok(())
    }

    /// An output's element type.
    pub(super) fn typed(&mut self, output: usize, dtype: Option<DType>) {
        if let Some(said) = self.outputs.get_mut(output) {
            said.dtype = dtype;
        }
    }

    /// An output that has the shape of an input.
    pub(super) fn like(&mut self, output: usize, input: usize) -> Outcome {
        let dims = self.shape(input)?.to_vec();
        self.shaped(output, dims)
    }

    /// An output that need not be a dense tensor.
    pub(super) fn other(&mut self, output: usize, ty: Type) -> Outcome {
        self.pass(output, Fact::typed(Some(ty)));
        Ok(())
    }

    /// What is known of an output's elements. They must be as many as its dimensions say.
    pub(super) fn hold(&mut self, output: usize, value: impl Into<Arc<Elements>>) {
        if let Some(said) = self.outputs.get_mut(output) {
            said.known = Known::Elements(value.into());
        }
    }

    /// Goes through a subgraph with what is known of its inputs; gives what is known of its outputs.
    pub(super) fn walk(
        &mut self,
        graph: &'m Graph,
        inputs: Vec<Fact<'m>>,
        repeats: Repeats,
    ) -> Result<Vec<Fact<'m>>, Gap> {
        self.engine.walk_inner(self.node, graph, inputs, repeats)
    }

    /// What was named so far, for [`Symbols::forget`](crate::ir::infer::symbols::Symbols::forget).
    pub(super) fn mark(&self) -> u64 {
        self.engine.symbols.mark()
    }

    /// Forgets the walks through subgraphs of this node.
    pub(super) fn rewind(&mut self) {
        self.engine.rewind();
    }

    /// Says how often this node's subgraph runs, now that it is known.
    pub(super) fn repeat_inner(&mut self, repeats: Repeats) {
        self.engine.repeat_inner(repeats);
    }

    /// The outputs of the function that the node calls. Of a stranger nothing is known but what its subgraphs hold.
    fn expand(&mut self) -> Outcome {
        for graph in self.node.attributes.iter().flat_map(|attribute| attribute.value.graphs()) {
            self.walk(graph, Vec::new(), Repeats::Unknown)?;
        }
        let inputs = (0..self.node.inputs.len()).map(|input| self.fact(input)).collect();
        let outputs = self.engine.walk_function(self.node, inputs)?;
        outputs.into_iter().enumerate().for_each(|(output, fact)| self.pass(output, fact));
        Ok(())
    }

    /// What is known of an input.
    pub(super) fn fact(&self, input: usize) -> Fact<'m> {
        self.node.input(input).and_then(|value| self.engine.fact(value)).cloned().unwrap_or_default()
    }

    /// An output is what is known of another value.
    pub(super) fn pass(&mut self, output: usize, fact: Fact<'m>) {
        let Some(said) = self.outputs.get_mut(output) else { return };
        said.known = fact.known;
        match fact.ty {
            Some(Type { kind: TypeKind::Tensor { dtype, shape }, .. }) => {
                said.dtype = dtype;
                said.dims = shape.map(|shape| shape.dims);
            }
            ty => said.other = ty,
        }
    }

    /// The facts about the outputs, completed by what the specification says of element types.
    pub(super) fn finish(self) -> Vec<Fact<'m>> {
        let mut facts = Vec::with_capacity(self.outputs.len());
        let (engine, node, signature) = (self.engine, self.node, self.signature);
        for (index, said) in self.outputs.into_iter().enumerate() {
            let ty = said.other.or_else(|| {
                let dtype = said.dtype.or_else(|| signature.dtype(engine, node, index));
                (dtype.is_some() || said.dims.is_some()).then(|| dtype::tensor(dtype, said.dims))
            });
            facts.push(Fact { ty, known: said.known });
        }
        facts
    }
}
