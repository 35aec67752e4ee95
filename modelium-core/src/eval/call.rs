//! What a kernel sees of its node, and where it puts the outputs.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::eval::array::{Array, Buffer, elements};
use crate::eval::engine::{Engine, Prepared};
use crate::eval::error::EvalError;
use crate::eval::number::{Real, narrow, reals};
use crate::eval::value::Value;
use crate::ir::{AttributeValue, Graph, Node};
use crate::tensor::DType;

/// Computes the outputs of a node.
pub(super) type Kernel = fn(&mut Call<'_, '_>) -> Result<()>;

/// One node under evaluation.
pub(super) struct Call<'c, 'm> {
    pub(super) node: &'c Node,
    /// The version of the node's operator set.
    pub(super) opset: u64,
    pub(super) cx: &'c Context,
    pub(super) engine: &'c mut Engine<'m>,
    inputs: Vec<Option<Value>>,
    outputs: Vec<Option<Value>>,
    label: String,
}

impl<'c, 'm> Call<'c, 'm> {
    pub(super) fn new(
        engine: &'c mut Engine<'m>,
        node: &'c Node,
        opset: u64,
        inputs: Vec<Option<Value>>,
        label: String,
        cx: &'c Context,
    ) -> Self {
        Self { node, opset, cx, engine, inputs, outputs: vec![None; node.outputs.len()], label }
    }

    pub(super) fn into_outputs(self) -> Vec<Option<Value>> {
        self.outputs
    }

    /// What the node is called in errors.
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    // Inputs.

    /// How many inputs the node lists.
    pub(super) fn input_count(&self) -> usize {
        self.inputs.len()
    }

    /// An input, if it is there.
    pub(super) fn value(&self, index: usize) -> Option<&Value> {
        self.inputs.get(index)?.as_ref()
    }

    /// Takes an input over: a kernel that is its last reader may change its elements in place.
    pub(super) fn take(&mut self, index: usize) -> Option<Value> {
        self.inputs.get_mut(index)?.take()
    }

    /// An input tensor that has to be there. Clones share elements, so this is cheap.
    pub(super) fn array(&self, index: usize) -> Result<Array> {
        match self.value(index) {
            None => Err(self.misfit(format!("input {index} is left out"))),
            Some(value) => {
                value.as_tensor().cloned().ok_or_else(|| self.misfit(format!("input {index} is not a tensor")))
            }
        }
    }

    /// An input tensor that may be left out.
    pub(super) fn optional(&self, index: usize) -> Result<Option<Array>> {
        if self.value(index).is_none() { Ok(None) } else { self.array(index).map(Some) }
    }

    /// The integers of an input that may be left out.
    pub(super) fn ints_at(&self, index: usize) -> Result<Option<Vec<i64>>> {
        let Some(array) = self.optional(index)? else { return Ok(None) };
        array.to_i64s().map(Some).ok_or_else(|| self.misfit(format!("input {index} is not of integers")))
    }

    /// The only integer of an input that may be left out.
    pub(super) fn int_at(&self, index: usize) -> Result<Option<i64>> {
        match self.ints_at(index)?.as_deref() {
            None => Ok(None),
            Some([only]) => Ok(Some(*only)),
            Some(items) => Err(self.misfit(format!("input {index} has {} elements, expected one", items.len()))),
        }
    }

    // Attributes.

    /// The attribute of that name; inside a function, that of the call.
    pub(super) fn attribute(&self, name: &str) -> Option<&AttributeValue> {
        self.node.attribute(name)
    }

    /// An integer attribute.
    pub(super) fn int(&self, name: &str) -> Option<i64> {
        if let AttributeValue::Int(value) = self.attribute(name)? { Some(*value) } else { None }
    }

    /// An integer attribute that is a switch; off if it is left out.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.int(name).is_some_and(|value| value != 0)
    }

    /// A list of integers.
    pub(super) fn ints(&self, name: &str) -> Option<&[i64]> {
        if let AttributeValue::Ints(values) = self.attribute(name)? { Some(values) } else { None }
    }

    /// A float attribute.
    pub(super) fn float(&self, name: &str) -> Option<f32> {
        if let AttributeValue::Float(value) = self.attribute(name)? { Some(*value) } else { None }
    }

    /// A list of floats.
    pub(super) fn floats(&self, name: &str) -> Option<&[f32]> {
        if let AttributeValue::Floats(values) = self.attribute(name)? { Some(values) } else { None }
    }

    /// A string attribute.
    pub(super) fn str(&self, name: &str) -> Option<&str> {
        let AttributeValue::String(value) = self.attribute(name)? else { return None };
        std::str::from_utf8(value).ok()
    }

    /// A subgraph.
    pub(super) fn graph(&self, name: &str) -> Option<&'c Graph> {
        let node: &'c Node = self.node;
        if let Some(AttributeValue::Graph(graph)) = node.attribute(name) { Some(graph) } else { None }
    }

    /// Axes from an attribute or, in newer operator sets, from input `index`. `None` if neither is there.
    pub(super) fn axes(&self, index: usize) -> Result<Option<Vec<i64>>> {
        if let Some(axes) = self.ints("axes") {
            return Ok(Some(axes.to_vec()));
        }
        self.ints_at(index)
    }

    /// The axis that `axis` means in a tensor of that rank; negative ones count from the end.
    pub(super) fn axis(&self, axis: i64, rank: usize) -> Result<usize> {
        let signed = i64::try_from(rank).unwrap_or(i64::MAX);
        let resolved = if axis < 0 { axis.checked_add(signed) } else { Some(axis) };
        resolved
            .and_then(|axis| usize::try_from(axis).ok())
            .filter(|&axis| axis < rank)
            .ok_or_else(|| self.misfit(format!("axis {axis} of a tensor of rank {rank}")))
    }

    // Outputs.

    /// How many outputs the node lists.
    pub(super) fn output_count(&self) -> usize {
        self.outputs.len()
    }

    /// True if somebody wants the output.
    pub(super) fn wants(&self, index: usize) -> bool {
        self.node.output(index).is_some()
    }

    /// Gives an output.
    pub(super) fn give(&mut self, index: usize, value: impl Into<Value>) {
        if let Some(slot) = self.outputs.get_mut(index) {
            *slot = Some(value.into());
        }
    }

    /// Gives an output over a buffer, which has to hold as many elements as the dimensions say.
    pub(super) fn give_array(&mut self, index: usize, dims: Vec<usize>, buffer: Buffer) -> Result<()> {
        let held = buffer.len();
        let array = Array::of(dims, buffer).ok_or_else(|| {
            self.misfit(format!("output {index} would have {held} elements, which is not what its shape says"))
        })?;
        self.give(index, array);
        Ok(())
    }

    /// An array over a buffer, which has to hold as many elements as the dimensions say.
    pub(super) fn array_of(&self, dims: Vec<usize>, buffer: Buffer) -> Result<Array> {
        let held = buffer.len();
        Array::of(dims, buffer)
            .ok_or_else(|| self.misfit(format!("a result of {held} elements is not what its shape says")))
    }

    /// An array of reals as elements of that type.
    pub(super) fn array_of_reals<T: Real>(&self, dtype: DType, dims: Vec<usize>, items: Vec<T>) -> Result<Array> {
        let buffer = narrow(dtype, items).ok_or_else(|| self.unknown_type(dtype))?;
        self.array_of(dims, buffer)
    }

    /// Gives an output of reals as elements of that type.
    pub(super) fn give_reals<T: Real>(
        &mut self,
        index: usize,
        dtype: DType,
        dims: Vec<usize>,
        items: Vec<T>,
    ) -> Result<()> {
        let array = self.array_of_reals(dtype, dims, items)?;
        self.give(index, array);
        Ok(())
    }

    /// The elements of an input that has to be there as reals.
    pub(super) fn reals_at<T: Real>(&self, index: usize) -> Result<(Vec<usize>, Vec<T>)> {
        let array = self.array(index)?;
        self.reals_of(&array)
    }

    /// The dimensions and elements of an array as reals.
    pub(super) fn reals_of<T: Real>(&self, array: &Array) -> Result<(Vec<usize>, Vec<T>)> {
        let items = reals::<T>(array).ok_or_else(|| self.unknown_type(array.dtype()))?;
        Ok((array.dims().to_vec(), items.into_owned()))
    }

    /// How many elements a result of that shape has, if it may be as large. Every kernel asks before it allocates.
    pub(super) fn room(&self, dtype: DType, dims: &[usize]) -> Result<usize> {
        let limit = self.engine.options().most_bytes;
        let count = elements(dims);
        // one byte in memory is the least that an element takes
        let width = dtype.bits().unwrap_or(256).div_ceil(8);
        let bytes = count.and_then(|count| (count as u64).checked_mul(width)).unwrap_or(u64::MAX);
        match count {
            Some(count) if bytes <= limit => Ok(count),
            _ => Err(EvalError::TooLarge { node: self.label.clone(), bytes, limit }.into()),
        }
    }

    /// Refuses more bytes than one result may take: for kernels that collect values whose number they do not know.
    pub(super) fn room_for(&self, bytes: u64) -> Result<()> {
        let limit = self.engine.options().most_bytes;
        if bytes <= limit {
            return Ok(());
        }
        Err(EvalError::TooLarge { node: self.label.clone(), bytes, limit }.into())
    }

    // Subgraphs.

    /// A subgraph of this node, ready to run as often as wanted.
    pub(super) fn prepare<'g>(&mut self, graph: &'g Graph) -> Result<Prepared<'g>> {
        self.engine.prepare(graph, self.cx)
    }

    /// Runs a subgraph of this node with these inputs; gives its outputs.
    pub(super) fn run(&mut self, graph: &Prepared<'_>, inputs: Vec<Option<Value>>) -> Result<Vec<Value>> {
        self.engine.step(self.cx)?;
        self.engine.subgraph(graph, inputs, self.cx)
    }

    // Errors.

    /// The inputs do not fit each other, or not the operator.
    pub(super) fn misfit(&self, reason: impl Into<String>) -> Error {
        EvalError::Misfit { node: self.label.clone(), reason: reason.into() }.into()
    }

    /// Well formed, and not evaluated.
    pub(super) fn unsupported(&self, reason: impl Into<String>) -> Error {
        EvalError::Unsupported { node: self.label.clone(), reason: reason.into() }.into()
    }

    /// The operator is not evaluated on that type.
    pub(super) fn unknown_type(&self, dtype: DType) -> Error {
        EvalError::UnknownType { node: self.label.clone(), op: self.node.op.to_string(), dtype }.into()
    }
}
