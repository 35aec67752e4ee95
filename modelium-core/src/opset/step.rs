//! What an adapter sees of its node, and how it writes what stands for it.

use crate::ir::spelling;
use crate::ir::{Attribute, AttributeValue, Dim, Graph, Initializer, Node, OpType, Shape, Type, ValueId};
use crate::opset::facts::{self, Constants};
use crate::tensor::{DType, Tensor};

/// Takes a node over one boundary, or says what cannot be expressed behind it.
pub(super) type Adapter = fn(&mut Step<'_>) -> Outcome;

/// The reason, for a person: what cannot be said, in lower case.
pub(super) type Outcome = Result<(), String>;

/// A node at a boundary. Its adapter ends with [`keep`](Step::keep) or with nodes that compute the same outputs.
pub(super) struct Step<'a> {
    pub(super) node: Node,
    /// The version behind the boundary, in which the new nodes are written.
    pub(super) to: u64,
    /// The graph can have initializers.
    initializers: bool,
    graph: &'a mut Graph,
    constants: &'a mut Constants,
    written: Vec<Node>,
}

impl<'a> Step<'a> {
    pub(super) fn new(
        node: Node,
        to: u64,
        initializers: bool,
        graph: &'a mut Graph,
        constants: &'a mut Constants,
    ) -> Self {
        Self { node, to, initializers, graph, constants, written: Vec::new() }
    }

    /// The nodes that were written.
    pub(super) fn into_written(self) -> Vec<Node> {
        self.written
    }

    // What is known.

    /// True if an input is given.
    pub(super) fn has(&self, input: usize) -> bool {
        self.node.input(input).is_some()
    }

    /// True if an output is taken.
    pub(super) fn takes(&self, output: usize) -> bool {
        self.node.output(output).is_some()
    }

    /// A value that the operator cannot do without.
    pub(super) fn input(&self, input: usize) -> Result<ValueId, String> {
        self.node.input(input).ok_or_else(|| format!("input {input} is missing"))
    }

    pub(super) fn ty(&self, value: ValueId) -> Option<&Type> {
        self.graph.value(value).ty.as_ref()
    }

    /// The element type of an input, which has to be known.
    pub(super) fn dtype(&self, input: usize) -> Result<DType, String> {
        let ty = self.ty(self.input(input)?).and_then(Type::dtype);
        ty.ok_or_else(|| format!("the element type of input {input} is not known"))
    }

    /// The dimensions of an input, whose rank has to be known.
    pub(super) fn dims(&self, input: usize) -> Result<Vec<Dim>, String> {
        let shape = self.ty(self.input(input)?).and_then(Type::shape);
        shape.map(|shape| shape.dims.clone()).ok_or_else(|| format!("the rank of input {input} is not known"))
    }

    pub(super) fn rank(&self, input: usize) -> Result<usize, String> {
        Ok(self.dims(input)?.len())
    }

    /// A dimension that has to be a number.
    pub(super) fn dim(&self, input: usize, axis: usize) -> Result<u64, String> {
        let known = self.dims(input)?.get(axis).and_then(Dim::known);
        known.ok_or_else(|| format!("dimension {axis} of input {input} is not known"))
    }

    /// The constant at an input, if it is one.
    pub(super) fn constant(&self, input: usize) -> Option<&Tensor> {
        self.constants.get(self.graph, self.node.input(input)?)
    }

    /// The integers at an input, which have to be constant.
    pub(super) fn ints_at(&self, input: usize) -> Result<Vec<i64>, String> {
        let ints = self.constant(input).and_then(Tensor::to_i64s);
        ints.ok_or_else(|| format!("input {input} is no constant, and would have to be an attribute"))
    }

    /// The floats at an input, which have to be constant.
    pub(super) fn floats_at(&self, input: usize) -> Result<Vec<f64>, String> {
        let floats = self.constant(input).and_then(facts::to_f64s);
        floats.ok_or_else(|| format!("input {input} is no constant, and would have to be an attribute"))
    }

    /// An integer attribute; a reference to a function's argument is not known.
    pub(super) fn int(&self, name: &str) -> Result<Option<i64>, String> {
        match self.node.attribute(name) {
            Some(AttributeValue::Int(value)) => Ok(Some(*value)),
            None => Ok(None),
            Some(_) => Err(not_known(name)),
        }
    }

    pub(super) fn ints(&self, name: &str) -> Result<Option<Vec<i64>>, String> {
        match self.node.attribute(name) {
            Some(AttributeValue::Ints(values)) => Ok(Some(values.clone())),
            None => Ok(None),
            Some(_) => Err(not_known(name)),
        }
    }

    pub(super) fn float(&self, name: &str) -> Result<Option<f32>, String> {
        match self.node.attribute(name) {
            Some(AttributeValue::Float(value)) => Ok(Some(*value)),
            None => Ok(None),
            Some(_) => Err(not_known(name)),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, String> {
        match self.node.attribute(name) {
            Some(AttributeValue::String(value)) => std::str::from_utf8(value).map(Some).map_err(|_| not_known(name)),
            None => Ok(None),
            Some(_) => Err(not_known(name)),
        }
    }

    // The node, changed.

    /// Drops an attribute.
    pub(super) fn drop(&mut self, name: &str) {
        self.node.attributes.retain(|attribute| attribute.name != name);
    }

    /// Sets an attribute.
    pub(super) fn set(&mut self, name: &str, value: AttributeValue) {
        self.drop(name);
        self.node.attributes.push(Attribute::new(name, value));
    }

    /// Puts a value at an input, in front of which others may be left out.
    pub(super) fn put(&mut self, input: usize, value: ValueId) {
        if self.node.inputs.len() <= input {
            self.node.inputs.resize(input + 1, None);
        }
        if let Some(slot) = self.node.inputs.get_mut(input) {
            *slot = Some(value);
        }
    }

    /// Takes away the inputs from that one on.
    pub(super) fn cut(&mut self, input: usize) {
        self.node.inputs.truncate(input);
        while self.node.inputs.last().is_some_and(Option::is_none) {
            self.node.inputs.pop();
        }
    }

    /// Another operator with the same inputs, outputs and attributes.
    pub(super) fn rename(&mut self, op: OpType) {
        self.node.op = op;
    }

    /// Writes the node as it is now.
    #[expect(clippy::unnecessary_wraps, reason = "adapters end with it")]
    pub(super) fn keep(&mut self) -> Outcome {
        let empty = Node::new(OpType::Identity, Vec::new(), Vec::new());
        let node = std::mem::replace(&mut self.node, empty);
        self.write(node);
        Ok(())
    }

    // New nodes.

    fn write(&mut self, node: Node) {
        self.constants.learn(self.graph, &node);
        self.written.push(node);
    }

    /// A value of that type under a new name.
    pub(super) fn fresh(&mut self, ty: Option<Type>) -> ValueId {
        let first = self.node.outputs.iter().flatten().next();
        let base = first.map_or_else(|| self.node.op.name().to_owned(), |&id| self.graph.value(id).name.clone());
        let name = self.constants.fresh_name(&base);
        self.graph.add_fresh(&name, ty)
    }

    /// A node whose only output has the type of `like`.
    pub(super) fn emit(
        &mut self,
        op: OpType,
        inputs: &[ValueId],
        attributes: &[(&str, AttributeValue)],
        like: ValueId,
    ) -> ValueId {
        let ty = self.ty(like).cloned();
        self.emit_typed(op, inputs, attributes, ty)
    }

    /// A node whose only output has that type.
    pub(super) fn emit_typed(
        &mut self,
        op: OpType,
        inputs: &[ValueId],
        attributes: &[(&str, AttributeValue)],
        ty: Option<Type>,
    ) -> ValueId {
        let output = self.fresh(ty);
        self.emit_into(op, inputs, attributes, output);
        output
    }

    /// A node that computes a given value.
    pub(super) fn emit_into(
        &mut self,
        op: OpType,
        inputs: &[ValueId],
        attributes: &[(&str, AttributeValue)],
        output: ValueId,
    ) {
        let inputs = inputs.iter().copied().map(Some).collect();
        let mut node = Node::new(op, inputs, vec![Some(output)]);
        node.attributes = attributes.iter().map(|(name, value)| Attribute::new(*name, value.clone())).collect();
        self.write(node);
    }

    /// The last node of a decomposition: it computes the first output under the node's own name.
    pub(super) fn end(&mut self, op: OpType, inputs: &[ValueId], attributes: &[(&str, AttributeValue)]) -> Outcome {
        let output = self.node.output(0).ok_or("a result that nobody takes")?;
        self.emit_into(op, inputs, attributes, output);
        if let Some(last) = self.written.last_mut() {
            last.name.clone_from(&self.node.name);
            last.doc.clone_from(&self.node.doc);
            last.metadata.clone_from(&self.node.metadata);
        }
        Ok(())
    }

    /// A constant.
    pub(super) fn hold(&mut self, tensor: Option<Tensor>) -> Result<ValueId, String> {
        let mut tensor = tensor.ok_or("a constant is too large")?;
        tensor.name = None;
        self.constants.charge(tensor.byte_len().unwrap_or_default())?;
        let ty = Type::tensor(tensor.dtype, Some(Shape::known(&tensor.dims)));
        // before opset 9 a `Constant` holds floats alone
        if self.to < 9 && !matches!(tensor.dtype, DType::Float16 | DType::Float32 | DType::Float64) {
            if !self.initializers {
                return Err(format!("a constant of {} in a place without initializers", tensor.dtype));
            }
            let value = self.fresh(Some(ty));
            tensor.name = Some(self.graph.value(value).name.clone());
            self.graph.initializers.push(Initializer { value, tensor });
            return Ok(value);
        }
        Ok(self.emit_typed(OpType::Constant, &[], &[("value", AttributeValue::Tensor(Box::new(tensor)))], Some(ty)))
    }

    /// Lets the node's output be an initializer in its place.
    pub(super) fn initialize(&mut self, mut tensor: Tensor) -> Outcome {
        let output = self.node.output(0).ok_or("a constant that nobody takes")?;
        if !self.initializers {
            return Err(format!("a constant of {} in a place without initializers", tensor.dtype));
        }
        tensor.name = Some(self.graph.value(output).name.clone());
        self.graph.initializers.push(Initializer { value: output, tensor });
        Ok(())
    }

    /// A list of integers.
    pub(super) fn hold_ints(&mut self, values: &[i64]) -> Result<ValueId, String> {
        self.hold(facts::ints(values, vec![values.len() as u64]))
    }

    /// A scalar integer.
    pub(super) fn hold_int(&mut self, value: i64) -> Result<ValueId, String> {
        self.hold(facts::ints(&[value], Vec::new()))
    }

    /// A scalar of a floating-point type.
    pub(super) fn hold_float(&mut self, value: f64, dtype: DType) -> Result<ValueId, String> {
        self.hold(Tensor::new("", dtype, Vec::new(), float_bytes(value, dtype)?))
    }

    /// A value in another element type.
    pub(super) fn cast(&mut self, value: ValueId, to: DType) -> ValueId {
        let shape = self.ty(value).and_then(Type::shape).cloned();
        let code = AttributeValue::Int(spelling::code(to));
        self.emit_typed(OpType::Cast, &[value], &[("to", code)], Some(Type::tensor(to, shape)))
    }
}

fn not_known(attribute: &str) -> String {
    format!("attribute '{attribute}' is an argument of the function, and not known")
}

/// A number in a floating-point type, rounded to nearest.
#[expect(clippy::cast_possible_truncation, reason = "rounding to the type is what is wanted")]
fn float_bytes(value: f64, dtype: DType) -> Result<Vec<u8>, String> {
    Ok(match dtype {
        DType::Float64 => value.to_le_bytes().into(),
        DType::Float32 => (value as f32).to_le_bytes().into(),
        DType::Float16 => half(value as f32, 10, 15).to_le_bytes().into(),
        DType::Bfloat16 => {
            let bits = (value as f32).to_bits();
            let rounded = bits.wrapping_add(0x7fff + (bits >> 16 & 1));
            ((rounded >> 16) as u16).to_le_bytes().into()
        }
        other => return Err(format!("there are no numbers of {other} to compute with")),
    })
}

/// The bits of a normal, finite number in a 16-bit format; others become zero or infinity.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the fields are masked to their widths")]
fn half(value: f32, mantissa: u32, bias: i32) -> u16 {
    let word = value.to_bits();
    let sign = (word >> 16) as u16 & 0x8000;
    let exponent = (word >> 23 & 0xff).cast_signed() - 127 + bias;
    if exponent <= 0 {
        return sign;
    }
    let most = (1 << (15 - mantissa)) - 1;
    let shift = 23 - mantissa;
    let kept = ((exponent as u32) << 23) | (word & 0x007f_ffff);
    let rounded = (kept + (1 << (shift - 1)) - 1 + (kept >> shift & 1)) >> shift;
    if (rounded >> mantissa).cast_signed() >= most { sign | ((most as u16) << mantissa) } else { sign | rounded as u16 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_sixteen_bits_are_rounded_to_nearest() {
        // by numpy: float16(0.044715), float16(0.5), float16(65520), float16(1e-9)
        let bits = |value: f64| u16::from_le_bytes(float_bytes(value, DType::Float16).unwrap().try_into().unwrap());
        assert_eq!([bits(0.044_715), bits(0.5), bits(-2.0), bits(65520.0)], [0x29b9, 0x3800, 0xc000, 0x7c00]);
        assert_eq!(float_bytes(0.044_715, DType::Bfloat16).unwrap(), [0x37, 0x3d]);
    }
}
