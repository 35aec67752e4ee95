//! Recurrent layers: `RNN`, `GRU`, `LSTM`.

use crate::error::Result;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::activation::{sigmoid, softplus};
use crate::eval::number::{Real, by_precision, is_float};
use crate::eval::product::{Matrix, multiply};
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::RNN => |call| layer(call, Cell::Plain),
        OpType::GRU => |call| layer(call, Cell::Gated),
        OpType::LSTM => |call| layer(call, Cell::Lstm),
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Plain,
    Gated,
    Lstm,
}

impl Cell {
    /// How many gates a cell has.
    fn gates(self) -> usize {
        match self {
            Self::Plain => 1,
            Self::Gated => 3,
            Self::Lstm => 4,
        }
    }

    /// What its gates pass through unless the node says otherwise.
    fn activations(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &["tanh"],
            Self::Gated => &["sigmoid", "tanh"],
            Self::Lstm => &["sigmoid", "tanh", "tanh"],
        }
    }
}

/// A function with its parameters.
#[derive(Clone)]
struct Activation {
    name: String,
    alpha: f64,
    beta: f64,
}

impl Activation {
    fn apply(&self, x: f64) -> f64 {
        let Self { name, alpha, beta } = self;
        match name.as_str() {
            "sigmoid" => sigmoid(x),
            "tanh" => x.tanh(),
            "relu" => x.max(0.0),
            "affine" => alpha * x + beta,
            "leakyrelu" => {
                if x < 0.0 {
                    alpha * x
                } else {
                    x
                }
            }
            "thresholdedrelu" => {
                if x > *alpha {
                    x
                } else {
                    0.0
                }
            }
            "scaledtanh" => alpha * (beta * x).tanh(),
            "hardsigmoid" => (alpha * x + beta).clamp(0.0, 1.0),
            "elu" => {
                if x < 0.0 {
                    alpha * x.exp_m1()
                } else {
                    x
                }
            }
            "softsign" => x / (1.0 + x.abs()),
            _ => softplus(x),
        }
    }
}

fn activations(call: &Call<'_, '_>, cell: Cell, directions: usize) -> Result<Vec<Activation>> {
    let own = cell.activations();
    let names: Vec<String> = match call.attribute("activations") {
        Some(crate::ir::AttributeValue::Strings(names)) if !names.is_empty() => {
            names.iter().map(|name| String::from_utf8_lossy(name).to_lowercase()).collect()
        }
        _ => own.iter().map(|name| (*name).to_owned()).cycle().take(own.len() * directions).collect(),
    };
    if names.len() < own.len() * directions {
        return Err(call.misfit(format!("{} activations, expected {}", names.len(), own.len() * directions)));
    }
    // lists of parameters hold those of the functions that have one
    let (mut alphas, mut betas) = (
        call.floats("activation_alpha").unwrap_or_default().iter(),
        call.floats("activation_beta").unwrap_or_default().iter(),
    );
    let functions = names.into_iter().map(|name| {
        let (alpha, beta) = match name.as_str() {
            "affine" => (Some(1.0), Some(0.0)),
            "leakyrelu" => (Some(0.01), None),
            "thresholdedrelu" | "elu" => (Some(1.0), None),
            "scaledtanh" => (Some(1.0), Some(1.0)),
            "hardsigmoid" => (Some(0.2), Some(0.5)),
            "sigmoid" | "tanh" | "relu" | "softsign" | "softplus" => (None, None),
            _ => return Err(call.unsupported(format!("activation '{name}'"))),
        };
        let pick = |default: Option<f64>, given: &mut dyn Iterator<Item = &f32>| {
            default.map_or(0.0, |default| given.next().map_or(default, |given| f64::from(*given)))
        };
        Ok(Activation { alpha: pick(alpha, &mut alphas), beta: pick(beta, &mut betas), name })
    });
    functions.collect()
}

/// The sizes of a layer.
struct Sizes {
    steps: usize,
    batch: usize,
    input: usize,
    hidden: usize,
    directions: usize,
}

/// An input that may be left out, of so many elements.
fn state<T: Real>(call: &Call<'_, '_>, index: usize, count: usize) -> Result<Option<Vec<T>>> {
    let Some(array) = call.optional(index)? else { return Ok(None) };
    let (dims, items) = call.reals_of::<T>(&array)?;
    if items.len() == count {
        Ok(Some(items))
    } else {
        Err(call.misfit(format!("input {index} is of shape {dims:?}, expected {count} elements")))
    }
}

/// `[a, b, …]` to `[b, a, …]`.
fn swapped<T: Copy>(items: &[T], a: usize, b: usize) -> Vec<T> {
    let inner = if a * b == 0 { 0 } else { items.len() / (a * b) };
    let mut out = Vec::with_capacity(items.len());
    for second in 0..b {
        for first in 0..a {
            out.extend_from_slice(&items[(first * b + second) * inner..][..inner]);
        }
    }
    out
}

fn layer(call: &mut Call<'_, '_>, cell: Cell) -> Result<()> {
    let dtype = call.array(0)?.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    by_precision!(dtype, T => run::<T>(call, cell, dtype))
}

fn run<T: Real>(call: &mut Call<'_, '_>, cell: Cell, dtype: DType) -> Result<()> {
    let batch_first = call.int("layout") == Some(1);
    let (x_dims, mut x) = call.reals_at::<T>(0)?;
    let (w_dims, w) = call.reals_at::<T>(1)?;
    let (r_dims, r) = call.reals_at::<T>(2)?;
    let misfit = || call.misfit(format!("input {x_dims:?} with weights {w_dims:?} and {r_dims:?}"));
    let (&[first, second, input], &[directions, rows, w_input], &[r_directions, r_rows, hidden]) =
        (x_dims.as_slice(), w_dims.as_slice(), r_dims.as_slice())
    else {
        return Err(misfit());
    };
    let gates = cell.gates();
    if directions != r_directions || rows != r_rows || w_input != input || hidden.checked_mul(gates) != Some(rows) {
        return Err(misfit());
    }
    let direction = call.str("direction").unwrap_or("forward").to_owned();
    if directions != if direction == "bidirectional" { 2 } else { 1 } {
        return Err(misfit());
    }
    let (steps, batch) = if batch_first { (second, first) } else { (first, second) };
    if batch_first {
        x = swapped(&x, batch, steps);
    }
    let sizes = Sizes { steps, batch, input, hidden, directions };
    let lengths = match call.ints_at(4)? {
        None => vec![steps; batch],
        Some(lengths) if lengths.len() == batch => {
            lengths.iter().map(|&length| usize::try_from(length).unwrap_or(0).min(steps)).collect()
        }
        Some(lengths) => return Err(call.misfit(format!("{} lengths for a batch of {batch}", lengths.len()))),
    };
    let bias = state::<T>(call, 3, directions * 2 * rows)?;
    let states = directions * batch * hidden;
    let turn = |items: Option<Vec<T>>| {
        items.map_or_else(
            || vec![T::ZERO; states],
            |items| if batch_first { swapped(&items, batch, directions) } else { items },
        )
    };
    call.room(DType::Float64, &[directions, batch, hidden])?;
    let mut h = turn(state::<T>(call, 5, states)?);
    let lstm = cell == Cell::Lstm;
    let mut c = if lstm { turn(state::<T>(call, 6, states)?) } else { Vec::new() };
    let peepholes = if lstm { state::<T>(call, 7, directions * 3 * hidden)? } else { None };
    let functions = activations(call, cell, directions)?;
    let per_direction = functions.len() / directions;
    let y_dims = [steps, directions, batch, hidden];
    let mut y = vec![T::ZERO; call.room(DType::Float64, &y_dims)?];
    call.room(DType::Float64, &[batch, rows])?;
    for index in 0..directions {
        let pass = Pass {
            cell,
            sizes: &sizes,
            reverse: direction == "reverse" || index == 1,
            index,
            w: &w[index * rows * input..][..rows * input],
            r: &r[index * rows * hidden..][..rows * hidden],
            bias: bias.as_ref().map(|bias| &bias[index * 2 * rows..][..2 * rows]),
            peepholes: peepholes.as_ref().map(|items| &items[index * 3 * hidden..][..3 * hidden]),
            functions: &functions[index * per_direction..][..per_direction],
            clip: call.float("clip").map(f64::from),
            before_reset: !call.flag("linear_before_reset"),
            coupled: call.flag("input_forget"),
            lengths: &lengths,
        };
        let span = index * batch * hidden..(index + 1) * batch * hidden;
        let cells = if lstm { &mut c[span.clone()] } else { &mut [] };
        pass.run(call, &x, &mut h[span], cells, &mut y)?;
    }
    let (y_dims, y) = if batch_first {
        // [steps, directions, batch, hidden] to [batch, steps, directions, hidden]
        (vec![batch, steps, directions, hidden], swapped(&y, steps * directions, batch))
    } else {
        (y_dims.to_vec(), y)
    };
    let state_dims = if batch_first { vec![batch, directions, hidden] } else { vec![directions, batch, hidden] };
    let back = |items: Vec<T>| if batch_first { swapped(&items, directions, batch) } else { items };
    call.give_reals(0, dtype, y_dims, y)?;
    call.give_reals(1, dtype, state_dims.clone(), back(h))?;
    if lstm {
        call.give_reals(2, dtype, state_dims, back(c))?;
    }
    Ok(())
}

/// One direction of a layer.
struct Pass<'a, T> {
    cell: Cell,
    sizes: &'a Sizes,
    reverse: bool,
    index: usize,
    w: &'a [T],
    r: &'a [T],
    bias: Option<&'a [T]>,
    peepholes: Option<&'a [T]>,
    functions: &'a [Activation],
    clip: Option<f64>,
    before_reset: bool,
    coupled: bool,
    lengths: &'a [usize],
}

impl<T: Real> Pass<'_, T> {
    fn run(&self, call: &Call<'_, '_>, x: &[T], h: &mut [T], c: &mut [T], y: &mut [T]) -> Result<()> {
        let &Sizes { steps, batch, input, hidden, directions } = self.sizes;
        let rows = self.cell.gates() * hidden;
        let (mut from_x, mut from_h) = (vec![T::ZERO; batch * rows], vec![T::ZERO; batch * rows]);
        let mut reset = vec![T::ZERO; batch * hidden];
        let mut held = vec![T::ZERO; batch * hidden];
        let missing = || call.misfit("elements are missing");
        let weights = Matrix::new(self.w, rows, input).ok_or_else(missing)?.transposed();
        let recurrent = Matrix::new(self.r, rows, hidden).ok_or_else(missing)?.transposed();
        for step in 0..steps {
            call.cx.tick("evaluate", step as u64, steps as u64)?;
            // each sample of a reversed pass starts at its own end
            let time = |sample: usize| {
                let length = self.lengths[sample];
                if step >= length {
                    None
                } else if self.reverse {
                    Some(length - 1 - step)
                } else {
                    Some(step)
                }
            };
            let mut rows_of_x = vec![T::ZERO; batch * input];
            for sample in 0..batch {
                if let Some(time) = time(sample) {
                    let from = (time * batch + sample) * input;
                    rows_of_x[sample * input..][..input].copy_from_slice(&x[from..from + input]);
                }
            }
            multiply(Matrix::new(&rows_of_x, batch, input).ok_or_else(missing)?, weights, &mut from_x);
            multiply(Matrix::new(h, batch, hidden).ok_or_else(missing)?, recurrent, &mut from_h);
            if self.cell == Cell::Gated && self.before_reset {
                // the reset gate scales the state before its product
                for sample in 0..batch {
                    for unit in 0..hidden {
                        let gate = self.sum(&from_x, &from_h, sample, 1, unit);
                        let gate = self.functions[0].apply(self.clipped(gate));
                        reset[sample * hidden + unit] = T::of(gate) * h[sample * hidden + unit];
                    }
                }
                let last = Matrix::new(&self.r[2 * hidden * hidden..], hidden, hidden).ok_or_else(missing)?;
                multiply(Matrix::new(&reset, batch, hidden).ok_or_else(missing)?, last.transposed(), &mut held);
            }
            for sample in 0..batch {
                let Some(time) = time(sample) else { continue };
                for unit in 0..hidden {
                    let at = sample * hidden + unit;
                    let next = match self.cell {
                        Cell::Plain => {
                            self.functions[0].apply(self.clipped(self.sum(&from_x, &from_h, sample, 0, unit)))
                        }
                        Cell::Gated => self.gated(&from_x, &from_h, &held, h[at].to_f64(), sample, unit),
                        Cell::Lstm => self.lstm(&from_x, &from_h, &mut c[at], sample, unit),
                    };
                    h[at] = T::of(next);
                    y[((time * directions + self.index) * batch + sample) * hidden + unit] = h[at];
                }
            }
        }
        Ok(())
    }

    fn clipped(&self, value: f64) -> f64 {
        self.clip.filter(|clip| *clip > 0.0).map_or(value, |clip| value.max(-clip).min(clip))
    }

    /// What a gate gets from the input, and from the state, biases included.
    fn parts(&self, from_x: &[T], from_h: &[T], sample: usize, gate: usize, unit: usize) -> (f64, f64) {
        let hidden = self.sizes.hidden;
        let rows = self.cell.gates() * hidden;
        let row = gate * hidden + unit;
        let bias = |offset: usize| self.bias.map_or(0.0, |bias| bias[offset + row].to_f64());
        (from_x[sample * rows + row].to_f64() + bias(0), from_h[sample * rows + row].to_f64() + bias(rows))
    }

    fn sum(&self, from_x: &[T], from_h: &[T], sample: usize, gate: usize, unit: usize) -> f64 {
        let (x, h) = self.parts(from_x, from_h, sample, gate, unit);
        x + h
    }

    fn gated(&self, from_x: &[T], from_h: &[T], held: &[T], old: f64, sample: usize, unit: usize) -> f64 {
        let update = self.functions[0].apply(self.clipped(self.sum(from_x, from_h, sample, 0, unit)));
        let hidden = self.sizes.hidden;
        let (x, h) = self.parts(from_x, from_h, sample, 2, unit);
        let candidate = if self.before_reset {
            let bias = self.bias.map_or(0.0, |bias| bias[5 * hidden + unit].to_f64());
            x + held[sample * hidden + unit].to_f64() + bias
        } else {
            let reset = self.functions[0].apply(self.clipped(self.sum(from_x, from_h, sample, 1, unit)));
            x + reset * h
        };
        let candidate = self.functions[1].apply(self.clipped(candidate));
        (1.0 - update) * candidate + update * old
    }

    fn lstm(&self, from_x: &[T], from_h: &[T], c: &mut T, sample: usize, unit: usize) -> f64 {
        let hidden = self.sizes.hidden;
        let peephole = |gate: usize| self.peepholes.map_or(0.0, |items| items[gate * hidden + unit].to_f64());
        let gate = |gate: usize, seen: f64| self.clipped(self.sum(from_x, from_h, sample, gate, unit) + seen);
        let old = c.to_f64();
        // gates are input, output, forget, cell; peepholes are input, output, forget
        let input = self.functions[0].apply(gate(0, peephole(0) * old));
        let forget = if self.coupled { 1.0 - input } else { self.functions[0].apply(gate(2, peephole(2) * old)) };
        let candidate = self.functions[1].apply(gate(3, 0.0));
        let new = forget * old + input * candidate;
        *c = T::of(new);
        let output = self.functions[0].apply(gate(1, peephole(1) * new));
        output * self.functions[2].apply(new)
    }
}
