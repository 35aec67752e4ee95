//! Resizing, which was Upsample first; sampling.

use crate::ir::{AttributeValue, OpType};
use crate::opset::axes::from_front;
use crate::opset::facts;
use crate::opset::step::{Outcome, Step};
use crate::tensor::Tensor;

fn text(value: &str) -> AttributeValue {
    AttributeValue::String(value.to_owned().into())
}

/// Upsample, up: scales become an input.
pub(super) fn scales_to_input(step: &mut Step<'_>) -> Outcome {
    let Some(AttributeValue::Floats(scales)) = step.node.attribute("scales").cloned() else {
        return Err("attribute 'scales' is missing, or an argument of the function".to_owned());
    };
    let scales = step.hold(facts::floats(&scales, vec![scales.len() as u64]))?;
    step.put(1, scales);
    step.drop("scales");
    step.keep()
}

/// Upsample, down: constant scales become an attribute.
#[expect(clippy::cast_possible_truncation, reason = "they were 32-bit floats")]
pub(super) fn scales_to_attribute(step: &mut Step<'_>) -> Outcome {
    let scales = step.floats_at(1)?.iter().map(|&scale| scale as f32).collect();
    step.set("scales", AttributeValue::Floats(scales));
    step.cut(1);
    step.keep()
}

/// Upsample became Resize.
pub(super) fn upsample_renamed(step: &mut Step<'_>) -> Outcome {
    step.rename(OpType::Resize);
    step.keep()
}

/// Resize was Upsample, which makes nothing smaller.
pub(super) fn resize_renamed(step: &mut Step<'_>) -> Outcome {
    if step.floats_at(1)?.iter().any(|&scale| scale < 1.0) {
        return Err("a resize to a smaller size".to_owned());
    }
    step.rename(OpType::Upsample);
    step.keep()
}

/// Resize, up to 11: what it meant by coordinates and nearest is spelt out, and a region comes between.
pub(super) fn resize_spelt_out(step: &mut Step<'_>) -> Outcome {
    let scales = step.input(1)?;
    let region = step.hold(facts::floats(&[], vec![0]))?;
    step.put(1, region);
    step.put(2, scales);
    step.set("coordinate_transformation_mode", text("asymmetric"));
    if step.text("mode")?.is_none_or(|mode| mode == "nearest") {
        step.set("nearest_mode", text("floor"));
    }
    step.keep()
}

/// Resize, down from 11: only what it meant before.
pub(super) fn resize_plain(step: &mut Step<'_>) -> Outcome {
    if step.has(3) {
        return Err("a resize to sizes instead of by scales".to_owned());
    }
    let scales = step.input(2)?;
    let known = step.floats_at(2).ok();
    if known.as_ref().is_some_and(Vec::is_empty) {
        return Err("a resize without scales".to_owned());
    }
    let coordinates = step.text("coordinate_transformation_mode")?.unwrap_or("half_pixel");
    let nearest = step.text("nearest_mode")?.unwrap_or("round_prefer_floor");
    // By a whole factor, the nearest of half pixels is the one that the floor finds.
    let whole = known.is_some_and(|scales| scales.iter().all(|scale| *scale >= 1.0 && scale.fract() == 0.0));
    let same = match (step.text("mode")?.unwrap_or("nearest"), coordinates, nearest) {
        ("nearest", "asymmetric", "floor") | ("linear", "asymmetric", _) => true,
        ("nearest", "half_pixel", "round_prefer_floor" | "round_prefer_ceil") => whole,
        _ => false,
    };
    if !same {
        return Err(format!("coordinates by '{coordinates}'"));
    }
    if step.int("exclude_outside")?.unwrap_or(0) != 0 {
        return Err("weights that leave out what is outside".to_owned());
    }
    let dropped =
        ["coordinate_transformation_mode", "nearest_mode", "cubic_coeff_a", "exclude_outside", "extrapolation_value"];
    for name in dropped {
        step.drop(name);
    }
    step.put(1, scales);
    step.cut(2);
    step.keep()
}

/// Resize, down: a region and scales are inputs that have to be there.
pub(super) fn resize_all_inputs(step: &mut Step<'_>) -> Outcome {
    for input in [1, 2] {
        if !step.has(input) {
            let empty = step.hold(facts::floats(&[], vec![0]))?;
            step.put(input, empty);
        }
    }
    step.keep()
}

/// Resize, down: scales of some axes become scales of all.
#[expect(clippy::cast_possible_truncation, reason = "they were 32-bit floats")]
pub(super) fn resize_all_axes(step: &mut Step<'_>) -> Outcome {
    if step.int("antialias")?.unwrap_or(0) != 0 {
        return Err("a resize with antialiasing".to_owned());
    }
    if step.text("keep_aspect_ratio_policy")?.is_some_and(|policy| policy != "stretch") {
        return Err("a resize that keeps proportions".to_owned());
    }
    if let Some(axes) = step.ints("axes")? {
        if step.has(3) || step.text("coordinate_transformation_mode")? == Some("tf_crop_and_resize") {
            return Err("sizes or a region of some axes".to_owned());
        }
        let (rank, some) = (step.rank(0)?, step.floats_at(2)?);
        let mut scales = vec![1.0_f32; rank];
        for (&axis, scale) in axes.iter().zip(some) {
            let axis = usize::try_from(from_front(axis, rank)?).map_err(|_| "an axis below zero")?;
            if let Some(slot) = scales.get_mut(axis) {
                *slot = scale as f32;
            }
        }
        let scales = step.hold(facts::floats(&scales, vec![rank as u64]))?;
        step.put(2, scales);
    }
    for name in ["antialias", "keep_aspect_ratio_policy", "axes"] {
        step.drop(name);
    }
    step.keep()
}

/// Resize, down from 19: no symmetric half pixels.
pub(super) fn resize_not_symmetric(step: &mut Step<'_>) -> Outcome {
    if step.text("coordinate_transformation_mode")? == Some("half_pixel_symmetric") {
        return Err("coordinates by 'half_pixel_symmetric'".to_owned());
    }
    step.keep()
}

/// `RoiAlign`, up: the half pixel that it used to leave out is spelt out.
pub(super) fn roi_spelt_out(step: &mut Step<'_>) -> Outcome {
    step.set("coordinate_transformation_mode", text("output_half_pixel"));
    step.keep()
}

/// `RoiAlign`, down: only without the half pixel.
pub(super) fn roi_plain(step: &mut Step<'_>) -> Outcome {
    if step.text("coordinate_transformation_mode")? != Some("output_half_pixel") {
        return Err("regions that are shifted by half a pixel".to_owned());
    }
    step.drop("coordinate_transformation_mode");
    step.keep()
}

/// `GridSample`, up: modes for any number of axes.
pub(super) fn grid_modes_general(step: &mut Step<'_>) -> Outcome {
    let mode = match step.text("mode")?.unwrap_or("bilinear") {
        "bilinear" => "linear",
        "bicubic" => "cubic",
        other => other,
    };
    let mode = text(mode);
    step.set("mode", mode);
    step.keep()
}

/// `GridSample`, down: images of two axes.
pub(super) fn grid_modes_flat(step: &mut Step<'_>) -> Outcome {
    if step.rank(0)? != 4 {
        return Err("a grid of other than two axes".to_owned());
    }
    let mode = match step.text("mode")?.unwrap_or("linear") {
        "linear" => "bilinear",
        "cubic" => "bicubic",
        other => other,
    };
    let mode = text(mode);
    step.set("mode", mode);
    step.keep()
}

/// DFT, up: the axis becomes an input.
pub(super) fn dft_axis_to_input(step: &mut Step<'_>) -> Outcome {
    let axis = step.int("axis")?.unwrap_or(1);
    let axis = step.hold_int(axis)?;
    step.put(2, axis);
    step.drop("axis");
    step.keep()
}

/// DFT, down: a constant axis becomes an attribute that counts from the front.
pub(super) fn dft_axis_to_attribute(step: &mut Step<'_>) -> Outcome {
    let axis = if step.has(2) { step.constant(2).and_then(Tensor::to_i64s) } else { Some(vec![-2]) };
    let Some([axis]) = axis.as_deref() else { return Err("an axis that is no constant".to_owned()) };
    let axis = if *axis < 0 { from_front(*axis, step.rank(0)?)? } else { *axis };
    step.set("axis", AttributeValue::Int(axis));
    step.cut(2);
    step.keep()
}
