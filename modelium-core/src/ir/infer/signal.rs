//! Signals, text and pictures.

use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::dims;
use crate::ir::schema::OpType;
use crate::ir::types::Dim;
use crate::tensor::DType;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::BlackmanWindow | OpType::HammingWindow | OpType::HannWindow => window,
        OpType::MelWeightMatrix => mel_weights,
        OpType::DFT => dft,
        OpType::STFT => stft,
        OpType::ImageDecoder => decode_image,
        OpType::StringNormalizer => normalize_strings,
        OpType::StringSplit => split_strings,
        OpType::TfIdfVectorizer => tf_idf,
        _ => return None,
    })
}

/// The only element of an input, as a dimension; open if it is not known.
fn length(call: &mut Call<'_, '_>, input: usize) -> Dim {
    call.value(input).and_then(|value| Some(value.single()?.to_dim())).unwrap_or(Dim::Unknown)
}

fn window(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype_attribute("output_datatype").unwrap_or(DType::Float32);
    call.typed(0, Some(dtype));
    let size = length(call, 0);
    call.shaped(0, vec![size])
}

/// Bins of a spectrum that is symmetric: one half and the middle.
fn one_side(length: &Dim) -> Dim {
    dims::shifted(&dims::floored(length, 2), 1)
}

fn mel_weights(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype_attribute("output_datatype").unwrap_or(DType::Float32);
    call.typed(0, Some(dtype));
    let (bins, bands) = (one_side(&length(call, 1)), length(call, 0));
    call.shaped(0, vec![bins, bands])
}

/// `[…, length, …, 1 or 2]`; the last axis is real and imaginary part.
fn dft(call: &mut Call<'_, '_>) -> Outcome {
    let (inverse, one_sided) = (call.int("inverse").unwrap_or(0) != 0, call.int("onesided").unwrap_or(0) != 0);
    let asked = if call.has(1) { Some(length(call, 1)) } else { None };
    let axis = if call.opset < 20 {
        Some(call.int("axis").unwrap_or(1))
    } else if call.has(2) {
        call.int_at(2)
    } else {
        Some(-2)
    };
    let mut dims = call.shape(0)?.to_vec();
    if asked.is_some() || one_sided {
        let Some(axis) = axis else {
            dims.fill(Dim::Unknown); // any axis may change
            return spectrum(call, dims, inverse && one_sided);
        };
        let axis = dims::axis(axis, dims.len())?;
        dims[axis] = match (asked, one_sided) {
            (Some(length), true) if !inverse => one_side(&length),
            (Some(length), _) => length,
            (None, _) if !inverse => one_side(&dims[axis]),
            // Half a spectrum of a signal whose length is even, for all that is said.
            (None, _) => dims::times(&dims::shifted(&dims[axis], -1), &Dim::Known(2)),
        };
    }
    spectrum(call, dims, inverse && one_sided)
}

fn spectrum(call: &mut Call<'_, '_>, mut dims: Vec<Dim>, real: bool) -> Outcome {
    let Some(parts) = dims.last_mut() else { return Err(Gap::conflict("a signal without axes")) };
    *parts = Dim::Known(if real { 1 } else { 2 });
    call.shaped(0, dims)
}

/// Signal `[batch, length, 1 or 2]` → `[batch, frames, bins, 2]`.
fn stft(call: &mut Call<'_, '_>) -> Outcome {
    let step = length(call, 1);
    let frame = if call.has(3) { length(call, 3) } else { Dim::Unknown };
    let frame = match (frame, call.shape(2)) {
        (Dim::Unknown, Ok([window])) => window.clone(),
        (frame, _) => frame,
    };
    let [batch, signal, _] = call.shape_of_rank(0, 3)? else { return Err(Gap::Open) };
    let frames = match (signal.expr(), frame.expr(), step.known()) {
        (Some(signal), Some(frame), Some(step)) => {
            let room = signal.minus(&frame).map_or(Dim::Unknown, Dim::from);
            dims::shifted(&dims::floored(&room, step), 1)
        }
        _ => Dim::Unknown,
    };
    let bins = if call.int("onesided").unwrap_or(1) != 0 { one_side(&frame) } else { frame };
    let dims = vec![batch.clone(), frames, bins, Dim::Known(2)];
    call.shaped(0, dims)
}

fn decode_image(call: &mut Call<'_, '_>) -> Outcome {
    let channels = if call.str("pixel_format") == Some("Grayscale") { 1 } else { 3 };
    call.shaped(0, vec![Dim::Unknown, Dim::Unknown, Dim::Known(channels)])
}

fn normalize_strings(call: &mut Call<'_, '_>) -> Outcome {
    let dims = match call.shape(0)? {
        [_] => dims::open(1),
        [_, _] => vec![Dim::Known(1), Dim::Unknown],
        _ => return Err(Gap::conflict("strings of more than two axes")),
    };
    call.shaped(0, dims)
}

fn split_strings(call: &mut Call<'_, '_>) -> Outcome {
    call.like(1, 0)?;
    let mut dims = call.shape(0)?.to_vec();
    dims.push(Dim::Unknown);
    call.shaped(0, dims)
}

fn tf_idf(call: &mut Call<'_, '_>) -> Outcome {
    let last = call.ints("ngram_indexes").and_then(|indexes| indexes.iter().max()).ok_or(Gap::Open)?;
    let width = dims::from_i64(last.saturating_add(1));
    let dims = match call.shape(0)? {
        [_] => vec![width],
        [batch, _] => vec![batch.clone(), width],
        _ => return Err(Gap::conflict("text of more than two axes")),
    };
    call.shaped(0, dims)
}
