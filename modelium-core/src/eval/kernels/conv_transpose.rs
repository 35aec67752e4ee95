//! `ConvTranspose`: each element of the input adds a scaled kernel to the output.

use crate::error::Result;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::conv::groups;
use crate::eval::kernels::window::{pads, sizes, step};
use crate::eval::number::{Real, by_precision, is_float};
use crate::eval::product::{Matrix, multiply_on_threads};
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    (*op == OpType::ConvTranspose).then_some(conv_transpose as Kernel)
}

/// How the kernel is laid over the output.
struct Layout {
    input: Vec<usize>,
    kernel: Vec<usize>,
    strides: Vec<usize>,
    dilations: Vec<usize>,
    begin: Vec<usize>,
    output: Vec<usize>,
}

fn layout(call: &Call<'_, '_>, input: &[usize], kernel: &[usize]) -> Result<Layout> {
    let rank = input.len();
    let (strides, dilations) = (sizes(call, "strides", rank, 1)?, sizes(call, "dilations", rank, 1)?);
    let (mut begin, mut end) = pads(call, rank)?;
    let extra = match call.ints("output_padding") {
        None => vec![0; rank],
        Some(given) => given.iter().map(|&pad| usize::try_from(pad).unwrap_or(0).min(1 << 40)).collect(),
    };
    let wanted = call.ints("output_shape").map(|given| {
        // some writers give batch and channels too
        given[given.len().saturating_sub(rank)..].iter().map(|&dim| usize::try_from(dim).unwrap_or(0)).collect()
    });
    let wanted: Option<Vec<usize>> = wanted;
    if extra.len() != rank || wanted.as_ref().is_some_and(|wanted| wanted.len() != rank) {
        return Err(call.misfit(format!("paddings or shape of the output are not of {rank} axes")));
    }
    let mode = call.str("auto_pad").unwrap_or("NOTSET");
    let mut output = Vec::with_capacity(rank);
    for axis in 0..rank {
        let misfit = || call.misfit(format!("a kernel of {kernel:?} does not fit {input:?}"));
        let reach = kernel[axis].checked_sub(1).and_then(|steps| steps.checked_mul(dilations[axis]));
        let full = input[axis]
            .checked_sub(1)
            .and_then(|steps| steps.checked_mul(strides[axis]))
            .and_then(|full| full.checked_add(reach?)?.checked_add(1 + extra[axis]))
            .ok_or_else(misfit)?;
        let same = mode.starts_with("SAME");
        let size = match &wanted {
            Some(wanted) => Some(wanted[axis]),
            None if same => input[axis].checked_mul(strides[axis]),
            None => None,
        };
        if mode == "VALID" && size.is_none() {
            (begin[axis], end[axis]) = (0, 0);
        }
        if let Some(size) = size {
            let total = full.saturating_sub(size);
            let less = total / 2;
            // the odd one goes behind for SAME_UPPER, and before otherwise
            (begin[axis], end[axis]) = if mode == "SAME_UPPER" { (less, total - less) } else { (total - less, less) };
            output.push(size);
        } else {
            output.push(full.checked_sub(begin[axis] + end[axis]).ok_or_else(misfit)?);
        }
    }
    Ok(Layout { input: input.to_vec(), kernel: kernel.to_vec(), strides, dilations, begin, output })
}

fn conv_transpose(call: &mut Call<'_, '_>) -> Result<()> {
    let dtype = call.array(0)?.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    by_precision!(dtype, T => {
        let (dims, items) = transposed::<T>(call)?;
        call.give_reals(0, dtype, dims, items)
    })
}

fn transposed<T: Real>(call: &Call<'_, '_>) -> Result<(Vec<usize>, Vec<T>)> {
    let ((x_dims, x), (w_dims, w)) = (call.reals_at::<T>(0)?, call.reals_at::<T>(1)?);
    let misfit = || call.misfit(format!("no convolution of {x_dims:?} with {w_dims:?}"));
    let ([batch, channels, input @ ..], [rows, per_group, kernel @ ..]) = (x_dims.as_slice(), w_dims.as_slice()) else {
        return Err(misfit());
    };
    if channels != rows || input.len() != kernel.len() {
        return Err(misfit());
    }
    let group = groups(call, *channels, *channels)?;
    let outputs = per_group.checked_mul(group).ok_or_else(misfit)?;
    let layout = layout(call, input, kernel)?;
    let dims = [&[*batch, outputs], layout.output.as_slice()].concat();
    let count = call.room(DType::Float64, &dims)?;
    let (input_len, output_len): (usize, usize) = (input.iter().product(), layout.output.iter().product());
    let kernel_len: usize = kernel.iter().product();
    let taps = per_group * kernel_len;
    let inner = channels / group;
    let laid_len = call.room(DType::Float64, &[taps, input_len])?;
    let mut laid = vec![T::ZERO; laid_len];
    let mut out = vec![T::ZERO; count];
    for index in 0..batch * group {
        call.cx.tick("evaluate", index as u64, (batch * group) as u64)?;
        let (image, part) = (index / group, index % group);
        let x = x.get((image * channels + part * inner) * input_len..).and_then(|x| Matrix::new(x, inner, input_len));
        let w = w.get(part * inner * taps..).and_then(|w| Matrix::new(w, inner, taps));
        multiply_on_threads(w.ok_or_else(misfit)?.transposed(), x.ok_or_else(misfit)?, &mut laid, call.cx)?;
        let start = (image * outputs + part * per_group) * output_len;
        for (channel, columns) in laid.chunks_exact((kernel_len * input_len).max(1)).enumerate().take(*per_group) {
            add(&layout, columns, &mut out[start + channel * output_len..][..output_len]);
        }
    }
    if let Some(bias) = call.optional(2)? {
        let bias = call.reals_of::<T>(&bias)?.1;
        if bias.len() != outputs {
            return Err(call.misfit(format!("bias has {} elements, expected {outputs}", bias.len())));
        }
        for (index, part) in out.chunks_exact_mut(output_len.max(1)).enumerate() {
            part.iter_mut().for_each(|item| *item += bias[index % outputs]);
        }
    }
    Ok((dims, out))
}

/// Adds `[taps, inputs]` to one channel of the output.
fn add<T: Real>(layout: &Layout, columns: &[T], out: &mut [T]) {
    let rank = layout.input.len();
    let (mut tap, mut at) = (vec![0; rank], vec![0; rank]);
    let mut items = columns.iter();
    if layout.input.contains(&0) {
        return;
    }
    loop {
        loop {
            let Some(&item) = items.next() else { return };
            let place = (0..rank).try_fold(0, |place, axis| {
                let full = at[axis] * layout.strides[axis] + tap[axis] * layout.dilations[axis];
                let position = full.checked_sub(layout.begin[axis]).filter(|place| *place < layout.output[axis])?;
                Some(place * layout.output[axis] + position)
            });
            if let Some(place) = place {
                out[place] += item;
            }
            if !step(&mut at, &layout.input) {
                break;
            }
        }
        if !step(&mut tap, &layout.kernel) {
            return;
        }
    }
}
