//! Quantization: numbers as small integers or floats, with a scale and a zero point.

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::cast::dtype_attribute;
use crate::eval::small;
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::QuantizeLinear => quantize,
        OpType::DequantizeLinear => dequantize,
        OpType::DynamicQuantizeLinear => dynamic,
        _ => return None,
    })
}

/// Which scale belongs to each element: the same for all, one for each index of an axis, or one for each block.
struct Grid {
    /// Product of the dimensions behind the axis.
    inner: usize,
    /// The axis in the tensor, and in the scales.
    length: usize,
    scales: usize,
    block: usize,
}

impl Grid {
    fn new(call: &Call<'_, '_>, dims: &[usize], scale: &Array) -> Result<Self> {
        if scale.len() == 1 && scale.rank() <= 1 {
            return Ok(Self { inner: 1, length: 1, scales: 1, block: 1 });
        }
        let axis = call.axis(call.int("axis").unwrap_or(1), dims.len())?;
        let inner = dims.iter().skip(axis + 1).product();
        let misfit = || call.misfit(format!("scales {:?} do not fit {dims:?} along axis {axis}", scale.dims()));
        let length = dims[axis];
        let block = call.int("block_size").unwrap_or(0);
        if scale.rank() == 1 && block == 0 {
            return if scale.len() == length {
                Ok(Self { inner, length, scales: length, block: 1 })
            } else {
                Err(misfit())
            };
        }
        let others = |(at, (own, scale)): (usize, (&usize, &usize))| at == axis || own == scale;
        if scale.rank() != dims.len() || !dims.iter().zip(scale.dims()).enumerate().all(others) {
            return Err(misfit());
        }
        let scales = scale.dims()[axis];
        let block = match usize::try_from(block) {
            Ok(0) => length.div_ceil(scales.max(1)),
            Ok(block) => block,
            Err(_) => return Err(misfit()),
        };
        if scales == 0 && length > 0 || length.div_ceil(block.max(1)) != scales {
            return Err(misfit());
        }
        Ok(Self { inner, length, scales, block: block.max(1) })
    }

    /// The place of the scale of an element. Scales of an axis alone are the same for all outer indices.
    fn at(&self, index: usize, per_axis: bool) -> usize {
        if self.scales == 1 && self.length == 1 {
            return 0;
        }
        let (line, inner) = (index / self.inner, index % self.inner);
        let (outer, along) = (line / self.length, line % self.length);
        if per_axis { along } else { (outer * self.scales + along / self.block) * self.inner + inner }
    }
}

/// Scale, and zero point if there is one, for each element of a tensor.
fn parameters(call: &Call<'_, '_>, dims: &[usize]) -> Result<impl Fn(usize) -> (f64, f64) + use<>> {
    let scale = call.array(1)?;
    let grid = Grid::new(call, dims, &scale)?;
    let per_axis = scale.rank() <= 1 && dims.len() > 1;
    let scales = call.reals_of::<f64>(&scale)?.1;
    let zeros = match call.optional(2)? {
        Some(zero) if zero.len() == scales.len() => call.reals_of::<f64>(&zero)?.1,
        Some(zero) => {
            return Err(call.misfit(format!("zero points {:?} for scales {:?}", zero.dims(), scale.dims())));
        }
        None => Vec::new(),
    };
    Ok(move |index| {
        let at = grid.at(index, per_axis);
        (scales[at], zeros.get(at).copied().unwrap_or(0.0))
    })
}

/// The least and the largest integer of a type; `None` for floats.
fn range(dtype: DType) -> Option<(f64, f64)> {
    Some(match dtype {
        DType::Int2 => (-2.0, 1.0),
        DType::Uint2 => (0.0, 3.0),
        DType::Int4 => (-8.0, 7.0),
        DType::Uint4 => (0.0, 15.0),
        DType::Int8 => (-128.0, 127.0),
        DType::Uint8 => (0.0, 255.0),
        DType::Int16 => (-32768.0, 32767.0),
        DType::Uint16 => (0.0, 65535.0),
        DType::Int32 => (f64::from(i32::MIN), f64::from(i32::MAX)),
        DType::Uint32 => (0.0, f64::from(u32::MAX)),
        _ => return None,
    })
}

/// A result rounded as the type in which it is computed would round it.
fn rounded(value: f64, precision: DType) -> f64 {
    match precision {
        DType::Float16 => half::f16::from_f64(value).to_f64(),
        DType::Bfloat16 => half::bf16::from_f64(value).to_f64(),
        DType::Float32 => f64::from(value as f32),
        _ => value,
    }
}

fn quantize(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let dims = array.dims().to_vec();
    let given = dtype_attribute(call, "output_dtype")?;
    let to = match (call.optional(2)?, given) {
        (Some(zero), _) => zero.dtype(),
        (None, Some(given)) => given,
        (None, None) => DType::Uint8,
    };
    let scale = call.array(1)?.dtype();
    let precision = dtype_attribute(call, "precision")?.unwrap_or(scale);
    // an integer scale divides as a float
    let precision = if precision == DType::Int32 { DType::Float32 } else { precision };
    let saturate = call.int("saturate").is_none_or(|value| value != 0);
    call.room(DType::Float64, &dims)?;
    let parameters = parameters(call, &dims)?;
    let (_, items) = call.reals_of::<f64>(&array)?;
    let range = range(to);
    let codes = items.into_iter().enumerate().map(|(index, item)| {
        let (scale, zero) = parameters(index);
        let scaled = rounded(item / scale, precision);
        match range {
            Some((least, most)) => (scaled.round_ties_even() + zero).clamp(least, most),
            None => scaled + zero,
        }
    });
    if small::is_float(to) {
        let codes = codes.map(|code| small::encode(to, code, saturate)).collect();
        return call.give_array(0, dims, crate::eval::array::Buffer::Small(to, std::sync::Arc::new(codes)));
    }
    let codes: Vec<f64> = codes.collect();
    call.give_reals(0, to, dims, codes)
}

fn dequantize(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let dims = array.dims().to_vec();
    let scale = call.array(1)?.dtype();
    let to = match dtype_attribute(call, "output_dtype")? {
        Some(to) => to,
        None if scale == DType::Float8E8M0 => DType::Float32,
        None => scale,
    };
    call.room(DType::Float64, &dims)?;
    let parameters = parameters(call, &dims)?;
    let (_, mut items) = call.reals_of::<f64>(&array)?;
    for (index, item) in items.iter_mut().enumerate() {
        let (scale, zero) = parameters(index);
        *item = (*item - zero) * scale;
    }
    call.give_reals(0, to, dims, items)
}

/// To `uint8`, with the range of the data, which always has a zero.
fn dynamic(call: &mut Call<'_, '_>) -> Result<()> {
    let (dims, items) = call.reals_at::<f32>(0)?;
    let most = items.iter().copied().fold(0.0, f32::max);
    let least = items.iter().copied().fold(0.0, f32::min);
    let scale = if most > least { (most - least) / 255.0 } else { 1.0 };
    let zero = (-least / scale).clamp(0.0, 255.0).round_ties_even();
    let codes: Vec<f32> =
        items.iter().map(|item| ((item / scale).round_ties_even() + zero).clamp(0.0, 255.0)).collect();
    call.give_reals(0, DType::Uint8, dims, codes)?;
    call.give_reals(1, DType::Float32, Vec::new(), vec![scale])?;
    call.give_reals(2, DType::Uint8, Vec::new(), vec![zero])
}
