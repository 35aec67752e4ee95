//! Random numbers, from a small generator of our own: the same seed gives the same numbers. A node without a seed takes its
//! name for one.

use crate::error::Result;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::cast::dtype_attribute;
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::RandomNormal => |call| shaped(call, normal),
        OpType::RandomUniform => |call| shaped(call, uniform),
        OpType::RandomNormalLike => |call| like(call, normal),
        OpType::RandomUniformLike => |call| like(call, uniform),
        OpType::Bernoulli => bernoulli,
        OpType::Multinomial => multinomial,
        _ => return None,
    })
}

/// `SplitMix64`: a counter through a mixing function.
pub(super) struct Generator(u64);

impl Generator {
    /// Seeded by the attribute `seed`, or by the node.
    pub(super) fn new(call: &Call<'_, '_>) -> Self {
        let seed = call.float("seed").map_or_else(
            // FNV-1a
            || {
                call.label().bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
                    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
                })
            },
            |seed| seed.to_bits().into(),
        );
        Self(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// From zero, included, to one, excluded.
    pub(super) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Of mean zero and deviation one, by Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}

type Draw = fn(&Call<'_, '_>, &mut Generator) -> f64;

fn normal(call: &Call<'_, '_>, generator: &mut Generator) -> f64 {
    let parameter = |name: &str, default: f32| f64::from(call.float(name).unwrap_or(default));
    parameter("mean", 0.0) + parameter("scale", 1.0) * generator.normal()
}

fn uniform(call: &Call<'_, '_>, generator: &mut Generator) -> f64 {
    let parameter = |name: &str, default: f32| f64::from(call.float(name).unwrap_or(default));
    let (low, high) = (parameter("low", 0.0), parameter("high", 1.0));
    low + (high - low) * generator.unit()
}

fn shaped(call: &mut Call<'_, '_>, draw: Draw) -> Result<()> {
    let dtype = dtype_attribute(call, "dtype")?.unwrap_or(DType::Float32);
    let given = call.ints("shape").ok_or_else(|| call.misfit("attribute 'shape' is left out"))?;
    let dims: Option<Vec<usize>> = given.iter().map(|&dim| usize::try_from(dim).ok()).collect();
    let dims = dims.ok_or_else(|| call.misfit("a dimension is negative"))?;
    fill(call, dtype, dims, draw)
}

fn like(call: &mut Call<'_, '_>, draw: Draw) -> Result<()> {
    let array = call.array(0)?;
    let dtype = dtype_attribute(call, "dtype")?.unwrap_or(array.dtype());
    fill(call, dtype, array.dims().to_vec(), draw)
}

fn fill(call: &mut Call<'_, '_>, dtype: DType, dims: Vec<usize>, draw: Draw) -> Result<()> {
    let count = call.room(DType::Float64, &dims)?;
    let mut generator = Generator::new(call);
    let mut items = Vec::with_capacity(count);
    for index in 0..count {
        if index % 0x10_0000 == 0 {
            call.cx.tick("evaluate", index as u64, count as u64)?;
        }
        items.push(draw(call, &mut generator));
    }
    call.give_reals(0, dtype, dims, items)
}

fn bernoulli(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let dtype = dtype_attribute(call, "dtype")?.unwrap_or(array.dtype());
    let (dims, mut items) = call.reals_of::<f64>(&array)?;
    let mut generator = Generator::new(call);
    items.iter_mut().for_each(|item| *item = f64::from(u8::from(generator.unit() < *item)));
    call.give_reals(0, dtype, dims, items)
}

fn multinomial(call: &mut Call<'_, '_>) -> Result<()> {
    let (dims, items) = call.reals_at::<f64>(0)?;
    let (&[batch, classes], false) = (dims.as_slice(), items.is_empty()) else {
        return Err(call.misfit(format!("probabilities of shape {dims:?}")));
    };
    let dtype = dtype_attribute(call, "dtype")?.unwrap_or(DType::Int32);
    let samples = call.int("sample_size").unwrap_or(1);
    let samples = usize::try_from(samples).map_err(|_| call.misfit(format!("{samples} samples")))?;
    let out_dims = vec![batch, samples];
    let mut out = Vec::with_capacity(call.room(DType::Float64, &out_dims)?);
    let mut generator = Generator::new(call);
    for row in items.chunks_exact(classes) {
        let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = row.iter().map(|item| (item - most).exp()).sum();
        for sample in 0..samples {
            call.cx.tick("evaluate", sample as u64, samples as u64)?;
            let mut left = generator.unit() * total;
            let picked = row.iter().position(|item| {
                left -= (item - most).exp();
                left < 0.0
            });
            out.push(picked.unwrap_or(classes - 1) as f64);
        }
    }
    call.give_reals(0, dtype, out_dims, out)
}
