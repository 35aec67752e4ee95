//! Windows that slide over the spatial axes of `[batch, channels, …]`: what convolutions and pools share.

use crate::error::Result;
use crate::eval::call::Call;

/// Elements of a kernel: more than any network has, few enough to visit between two ticks.
const MOST_TAPS: usize = 1 << 24;

/// How a window of `kernel` slides over `input`.
#[derive(Clone)]
pub(super) struct Window {
    pub(super) input: Vec<usize>,
    pub(super) kernel: Vec<usize>,
    pub(super) strides: Vec<usize>,
    pub(super) dilations: Vec<usize>,
    /// Before the first element of each axis.
    pub(super) begin: Vec<usize>,
    /// Behind the last one.
    pub(super) end: Vec<usize>,
    pub(super) output: Vec<usize>,
}

/// A list of one positive number for each axis, from an attribute.
pub(super) fn sizes(call: &Call<'_, '_>, name: &str, rank: usize, default: usize) -> Result<Vec<usize>> {
    let Some(given) = call.ints(name) else { return Ok(vec![default; rank]) };
    let sizes: Option<Vec<usize>> =
        given.iter().map(|&size| usize::try_from(size).ok().filter(|size| (1..=1 << 40).contains(size))).collect();
    match sizes {
        Some(sizes) if sizes.len() == rank => Ok(sizes),
        _ => Err(call.misfit(format!("attribute '{name}' is {given:?}, expected {rank} positive numbers"))),
    }
}

/// The attribute `pads`, before and behind.
pub(super) fn pads(call: &Call<'_, '_>, rank: usize) -> Result<(Vec<usize>, Vec<usize>)> {
    let Some(given) = call.ints("pads") else { return Ok((vec![0; rank], vec![0; rank])) };
    let pads: Option<Vec<usize>> =
        given.iter().map(|&pad| usize::try_from(pad).ok().filter(|pad| *pad <= 1 << 40)).collect();
    match pads {
        Some(pads) if pads.len() == 2 * rank => {
            let (begin, end) = pads.split_at(rank);
            Ok((begin.to_vec(), end.to_vec()))
        }
        _ => Err(call.misfit(format!("attribute 'pads' is {given:?}, expected {} numbers", 2 * rank))),
    }
}

impl Window {
    /// From the attributes `strides`, `dilations`, `pads`, `auto_pad` and, for pools, `ceil_mode`.
    pub(super) fn new(call: &Call<'_, '_>, input: &[usize], kernel: Vec<usize>) -> Result<Self> {
        let rank = input.len();
        let strides = sizes(call, "strides", rank, 1)?;
        let dilations = sizes(call, "dilations", rank, 1)?;
        let (mut begin, mut end) = pads(call, rank)?;
        let mode = call.str("auto_pad").unwrap_or("NOTSET").to_owned();
        let taps = kernel.iter().try_fold(1_usize, |taps, &size| taps.checked_mul(size));
        if kernel.len() != rank || taps.is_none_or(|taps| taps > MOST_TAPS) {
            return Err(call.misfit(format!("a window of {kernel:?} over {rank} axes")));
        }
        let mut output = Vec::with_capacity(rank);
        for axis in 0..rank {
            let (size, stride) = (input[axis], strides[axis]);
            let misfit = || call.misfit(format!("a window of {kernel:?} does not fit into {input:?}"));
            let reach = kernel[axis].checked_sub(1).and_then(|steps| steps.checked_mul(dilations[axis]));
            let reach =
                reach.map(|reach| reach.saturating_add(1)).filter(|reach| *reach <= 1 << 42).ok_or_else(misfit)?;
            let count = match mode.as_str() {
                "SAME_UPPER" | "SAME_LOWER" => {
                    let count = size.div_ceil(stride);
                    let needed = count.saturating_sub(1).saturating_mul(stride).saturating_add(reach);
                    let missing = needed.saturating_sub(size);
                    let less = missing / 2;
                    (begin[axis], end[axis]) =
                        if mode == "SAME_UPPER" { (less, missing - less) } else { (missing - less, less) };
                    count
                }
                _ => {
                    if mode == "VALID" {
                        (begin[axis], end[axis]) = (0, 0);
                    }
                    let room = size.checked_add(begin[axis] + end[axis]).and_then(|room| room.checked_sub(reach));
                    let room = room.ok_or_else(misfit)?;
                    let mut count = if call.flag("ceil_mode") { room.div_ceil(stride) } else { room / stride } + 1;
                    // a window that would start behind the input and its front padding is left out
                    if call.flag("ceil_mode") && (count - 1).saturating_mul(stride) >= size + begin[axis] {
                        count -= 1;
                    }
                    count
                }
            };
            output.push(count);
        }
        Ok(Self { input: input.to_vec(), kernel, strides, dilations, begin, end, output })
    }

    /// Elements of the kernel.
    pub(super) fn kernel_len(&self) -> usize {
        self.kernel.iter().product()
    }

    /// Elements of the input.
    pub(super) fn input_len(&self) -> usize {
        self.input.iter().product()
    }

    /// Elements of the output.
    pub(super) fn output_len(&self) -> usize {
        self.output.iter().product()
    }

    /// Where element `tap` of the kernel lies along `axis` for output `at`; `None` in the padding.
    pub(super) fn position(&self, axis: usize, at: usize, tap: usize) -> Option<usize> {
        let padded = at * self.strides[axis] + tap * self.dilations[axis];
        padded.checked_sub(self.begin[axis]).filter(|position| *position < self.input[axis])
    }

    /// Visits the taps of a window that lie inside the input, with the place of each in a channel.
    pub(super) fn each_inside(&self, at: &[usize], mut visit: impl FnMut(usize)) {
        let rank = self.input.len();
        let Some(last) = rank.checked_sub(1) else {
            visit(0);
            return;
        };
        let mut tap = vec![0; rank];
        loop {
            let outer = (0..last)
                .try_fold(0, |place, axis| Some(place * self.input[axis] + self.position(axis, at[axis], tap[axis])?));
            if let Some(outer) = outer {
                for inner in 0..self.kernel[last] {
                    if let Some(position) = self.position(last, at[last], inner) {
                        visit(outer * self.input[last] + position);
                    }
                }
            }
            if !step(&mut tap[..last], &self.kernel[..last]) {
                return;
            }
        }
    }

    /// Lays out, for some channels, what each tap of the kernel sees at each place of the output: `[channels, taps,
    /// outputs]`. Zeros in the padding.
    pub(super) fn columns<T: Copy + Default>(&self, channels: &[T], out: &mut Vec<T>) {
        out.clear();
        let rank = self.input.len();
        let input_len = self.input_len();
        if rank == 0 {
            out.extend_from_slice(channels);
            return;
        }
        let last = rank - 1;
        for channel in channels.chunks_exact(input_len.max(1)) {
            let mut tap = vec![0; rank];
            loop {
                let mut at = vec![0; last];
                loop {
                    let outer = (0..last).try_fold(0, |place, axis| {
                        Some(place * self.input[axis] + self.position(axis, at[axis], tap[axis])?)
                    });
                    match outer {
                        Some(outer) => self.row(&channel[outer * self.input[last]..], tap[last], out),
                        None => out.resize(out.len() + self.output[last], T::default()),
                    }
                    if !step(&mut at, &self.output[..last]) {
                        break;
                    }
                }
                if !step(&mut tap, &self.kernel) {
                    break;
                }
            }
        }
    }

    /// One row of the output along the last axis.
    fn row<T: Copy + Default>(&self, items: &[T], tap: usize, out: &mut Vec<T>) {
        let last = self.input.len() - 1;
        let (count, stride) = (self.output[last], self.strides[last]);
        let ahead = tap * self.dilations[last];
        let begin = self.begin[last];
        // the first output whose element is no padding, and the first behind the last such
        let first = begin.saturating_sub(ahead).div_ceil(stride).min(count);
        let beyond = (self.input[last] + begin).saturating_sub(ahead).div_ceil(stride).clamp(first, count);
        out.resize(out.len() + first, T::default());
        if beyond > first {
            let start = first * stride + ahead - begin;
            if stride == 1 {
                out.extend_from_slice(&items[start..start + (beyond - first)]);
            } else {
                out.extend((0..beyond - first).map(|index| items[start + index * stride]));
            }
        }
        out.resize(out.len() + (count - beyond), T::default());
    }
}

/// The next index in row-major order; false at the end, with the index back at its start.
pub(super) fn step(index: &mut [usize], dims: &[usize]) -> bool {
    for (slot, &dim) in index.iter_mut().zip(dims).rev() {
        *slot += 1;
        if *slot < dim {
            return true;
        }
        *slot = 0;
    }
    false
}
