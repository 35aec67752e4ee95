//! Products of matrices, and the equations of `Einsum`.

use std::collections::BTreeMap;

use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::dims;
use crate::ir::schema::OpType;
use crate::ir::types::Dim;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::MatMul | OpType::MatMulInteger => matmul,
        OpType::QLinearMatMul => qlinear_matmul,
        OpType::Gemm => gemm,
        OpType::Einsum => einsum,
        OpType::Det => det,
        _ => return None,
    })
}

fn matmul(call: &mut Call<'_, '_>) -> Outcome {
    let dims = product(call.shape(0)?, call.shape(1)?)?;
    call.shaped(0, dims)
}

fn qlinear_matmul(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(7);
    call.typed(0, dtype);
    let dims = product(call.shape(0)?, call.shape(3)?)?;
    call.shaped(0, dims)
}

/// The shape of `a @ b` as numpy counts it: a vector is a row on the left and a column on the right.
pub(super) fn product(a: &[Dim], b: &[Dim]) -> Result<Vec<Dim>, Gap> {
    let ([.., inner], [.., _]) = (a, b) else { return Err(Gap::conflict("a scalar is no matrix")) };
    let (inner_b, columns) = match b {
        [rows] => (rows, None),
        [.., rows, columns] => (rows, Some(columns)),
        [] => return Err(Gap::Open),
    };
    dims::same(inner, inner_b)?;
    let batch = |dims: &[Dim]| dims[..dims.len().saturating_sub(2)].to_vec();
    let mut product = dims::broadcast(&batch(a), &batch(b))?;
    product.extend(if let [.., rows, _] = a { Some(rows.clone()) } else { None });
    product.extend(columns.cloned());
    Ok(product)
}

fn gemm(call: &mut Call<'_, '_>) -> Outcome {
    let side = |input, transposed| {
        let [rows, columns] = call.shape_of_rank(input, 2)? else { return Err(Gap::Open) };
        Ok(if transposed { (columns.clone(), rows.clone()) } else { (rows.clone(), columns.clone()) })
    };
    let (rows, inner) = side(0, call.int("transA").unwrap_or(0) != 0)?;
    let (inner_b, columns) = side(1, call.int("transB").unwrap_or(0) != 0)?;
    dims::same(&inner, &inner_b)?;
    call.shaped(0, vec![rows, columns])
}

fn det(call: &mut Call<'_, '_>) -> Outcome {
    let [batch @ .., _, _] = call.shape(0)? else { return Err(Gap::conflict("a determinant needs a matrix")) };
    let batch = batch.to_vec();
    call.shaped(0, batch)
}

fn einsum(call: &mut Call<'_, '_>) -> Outcome {
    let equation = call.str("equation").and_then(Equation::parse).ok_or(Gap::Open)?;
    let shapes = (0..call.node.inputs.len()).map(|input| call.shape(input)).collect::<Result<Vec<_>, _>>()?;
    let sizes = equation.run(&shapes)?;
    let mut dims = Vec::new();
    for label in &equation.output {
        match label {
            Label::Letter(letter) => dims.push(sizes.letters.get(letter).cloned().ok_or(Gap::Open)?),
            Label::Ellipsis => dims.extend(sizes.ellipsis.iter().cloned()),
        }
    }
    call.shaped(0, dims)
}

/// An equation of `Einsum`: `bij,bjk->bik`.
pub(in crate::ir) struct Equation {
    inputs: Vec<Vec<Label>>,
    output: Vec<Label>,
}

#[derive(Clone, Copy, PartialEq)]
enum Label {
    Letter(char),
    Ellipsis,
}

/// How long each index of an equation runs.
struct Sizes {
    letters: BTreeMap<char, Dim>,
    ellipsis: Vec<Dim>,
}

impl Equation {
    /// Reads an equation; `None` if it is none.
    pub(in crate::ir) fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let (left, right) = text.split_once("->").map_or((text.as_str(), None), |(left, right)| (left, Some(right)));
        let inputs = left.split(',').map(labels).collect::<Option<Vec<_>>>()?;
        let output = if let Some(right) = right {
            labels(right)?
        } else {
            // Without an arrow: the ellipsis, then the letters that occur once, in the order of the alphabet.
            let mut counts = BTreeMap::new();
            for label in inputs.iter().flatten() {
                if let Label::Letter(letter) = label {
                    *counts.entry(*letter).or_insert(0_usize) += 1;
                }
            }
            let once = counts.iter().filter(|(_, count)| **count == 1).map(|(letter, _)| Label::Letter(*letter));
            let ellipsis = inputs.iter().flatten().find(|label| **label == Label::Ellipsis);
            ellipsis.copied().into_iter().chain(once).collect()
        };
        Some(Self { inputs, output })
    }

    /// How long each index runs over tensors of these shapes; `None` if they do not fit the equation.
    pub(in crate::ir) fn sizes(&self, shapes: &[&[Dim]]) -> Option<Vec<Dim>> {
        let Sizes { letters, ellipsis } = self.run(shapes).ok()?;
        Some(letters.into_values().chain(ellipsis).collect())
    }

    fn run(&self, shapes: &[&[Dim]]) -> Result<Sizes, Gap> {
        if self.inputs.len() != shapes.len() {
            return Err(Gap::conflict(format!(
                "an equation of {} terms for {} inputs",
                self.inputs.len(),
                shapes.len()
            )));
        }
        let mut sizes = Sizes { letters: BTreeMap::new(), ellipsis: Vec::new() };
        for (labels, shape) in self.inputs.iter().zip(shapes) {
            let letters = labels.iter().filter(|label| **label != Label::Ellipsis).count();
            let hidden = shape.len().checked_sub(letters).filter(|&hidden| hidden == 0 || letters < labels.len());
            let hidden = hidden
                .ok_or_else(|| Gap::conflict(format!("{letters} indices for a tensor of rank {}", shape.len())))?;
            let mut rest = *shape;
            for label in labels {
                let taken = if *label == Label::Ellipsis { hidden } else { 1 };
                let (here, after) = rest.split_at_checked(taken).ok_or(Gap::Open)?;
                rest = after;
                match (label, here) {
                    (Label::Letter(letter), [dim]) => {
                        let known = sizes.letters.entry(*letter).or_insert_with(|| dim.clone());
                        // An index of length one is stretched, as runtimes do.
                        *known = dims::broadcast(std::slice::from_ref(known), here)?.pop().ok_or(Gap::Open)?;
                    }
                    _ => sizes.ellipsis = dims::broadcast(&sizes.ellipsis, here)?,
                }
            }
        }
        Ok(sizes)
    }
}

fn labels(term: &str) -> Option<Vec<Label>> {
    let mut labels = Vec::new();
    let mut rest = term;
    while let Some(letter) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("...") {
            labels.push(Label::Ellipsis);
            rest = after;
        } else if letter.is_ascii_alphabetic() {
            labels.push(Label::Letter(letter));
            rest = rest.get(1..)?;
        } else {
            return None;
        }
    }
    let ellipses = labels.iter().filter(|label| **label == Label::Ellipsis).count();
    (ellipses <= 1).then_some(labels)
}
