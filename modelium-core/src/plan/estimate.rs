//! What steps should take, computed from the descriptor.
//!
//! The ends of each interval are the work divided by a fast and by a slow machine's rate. The fast rates are near what one
//! core of a server does (memory 8 GB/s, a new file 3.3 GB/s, 100 G multiply-accumulates a second over all cores); the
//! slow ones are a tenth and less, for a laptop under load and a network disk. Limits leave room above the slow end, so
//! that they stop what went wrong and not what is slow.

use crate::descriptor::{FileRole, ModelDescriptor};
use crate::plan::types::{Environment, Expectation, Interval, Source, StepLimits};

const MIB: u64 = 1 << 20;

/// The shortest wall limit, seconds.
const LEAST_WALL: u64 = 60;

/// The least memory limit: what an interpreter and a runtime need before they see a model.
const LEAST_MEMORY: u64 = 512 * MIB;

/// Numbers of a model that costs are computed from.
pub(super) struct Estimate {
    /// All files that are read.
    pub(super) file_bytes: u64,
    /// Weights, which stay mapped.
    pub(super) weight_bytes: u64,
    structure_bytes: u64,
    nodes: u64,
    macs: Option<u64>,
    activation_bytes: u64,
    threads: u64,
}

/// What a step takes: expectation and limits.
pub(super) struct Cost {
    pub(super) expect: Expectation,
    pub(super) limits: StepLimits,
    /// Private memory without which the step cannot work.
    pub(super) least_memory: u64,
}

impl Estimate {
    pub(super) fn of(model: &ModelDescriptor, env: &Environment) -> Self {
        let bytes = |role| model.files.iter().filter(move |file| file.role == role).map(|file| file.bytes);
        let main = bytes(FileRole::Model).fold(0, u64::saturating_add);
        let outside = bytes(FileRole::ExternalData).fold(0, u64::saturating_add);
        let weight_bytes = model.total_weight_bytes();
        let nodes = model.nodes;
        Self {
            file_bytes: main.saturating_add(outside),
            weight_bytes,
            structure_bytes: main.saturating_sub(weight_bytes.saturating_sub(outside)).max(nodes.saturating_mul(64)),
            nodes,
            macs: model.costs.macs,
            activation_bytes: model.costs.activation_peak_bytes.unwrap_or(weight_bytes / 2),
            threads: env.threads.clamp(1, 1024),
        }
    }

    /// Structure in memory: records and arenas, a few times the bytes of the file.
    fn structure(&self) -> u64 {
        (16 * MIB)
            .saturating_add(self.structure_bytes.saturating_mul(8))
            .saturating_add(self.nodes.saturating_mul(2048))
    }

    pub(super) fn import(&self) -> Cost {
        let seconds = (real(self.nodes) * 1e-6, 0.1 + real(self.nodes) * 5e-5);
        let private = (4 * MIB, self.structure());
        self.cost(seconds, private, 0, (0, 0))
    }

    pub(super) fn simplify(&self) -> Cost {
        let seconds = (real(self.nodes) * 1e-6, 0.1 + real(self.nodes) * 1e-3);
        let private = (4 * MIB, self.structure().saturating_mul(2));
        self.cost(seconds, private, 0, (0, 0))
    }

    pub(super) fn export(&self) -> Cost {
        let bytes = real(self.file_bytes);
        let seconds = (bytes / 3.3e9, 0.1 + bytes / 0.1e9 + real(self.nodes) * 5e-5);
        let private = (4 * MIB, self.structure().saturating_mul(2));
        let most = self.file_bytes.saturating_add(self.file_bytes / 20).saturating_add(64 << 10);
        self.cost(seconds, private, self.file_bytes, (self.weight_bytes.min(most), most))
    }

    /// Two models in one runtime, each run `samples` times. A runtime packs weights again and grows arenas: 1.3 to 2.6
    /// times weights and activations were seen.
    pub(super) fn parity(&self, samples: u64) -> Cost {
        let (macs, bytes) = (self.macs.map_or(real(self.weight_bytes) * 100.0, real), real(self.file_bytes));
        let runs = real(samples.saturating_mul(2));
        // samples are larger than the sizes that the costs were computed for, by rows and by length
        let seconds = (runs * macs / 100e9 + bytes / 4e9, 2.0 + runs * macs * 64.0 / 1e9 + 2.0 * bytes / 0.1e9);
        self.cost(seconds, self.sessions(2), 0, (0, 0))
    }

    /// The files as they are.
    pub(super) fn package_files(&self) -> Cost {
        self.cost((0.0, 1.0), (MIB, 16 * MIB), 0, (0, 0))
    }

    /// A copy of the files and a configuration; one model in a runtime that proves the batch axis, if there is one.
    pub(super) fn package_triton(&self, proven: bool) -> Cost {
        let macs = self.macs.map_or(real(self.weight_bytes) * 100.0, real);
        let bytes = real(self.file_bytes);
        let run = if proven { 2.0 + 64.0 * macs / 1e9 + bytes / 0.1e9 } else { 0.0 };
        let private = if proven { self.sessions(1) } else { (4 * MIB, self.structure()) };
        let most = self.file_bytes.saturating_add(self.file_bytes / 20).saturating_add(128 << 10);
        self.cost(
            (bytes / 8e9, 0.5 + bytes / 0.1e9 + run),
            private,
            self.file_bytes,
            (self.weight_bytes.min(most), most),
        )
    }

    /// Private memory of models in a runtime.
    fn sessions(&self, models: u64) -> (u64, u64) {
        let least = self.weight_bytes.saturating_add(8 * MIB).saturating_mul(models);
        let each = self.file_bytes.saturating_mul(3).saturating_add(self.structure());
        // rows and lengths of samples, and outputs of both at one time
        let activations = self.activation_bytes.saturating_mul(16);
        (least, each.saturating_mul(models).saturating_add(activations).saturating_add(256 * MIB))
    }

    fn cost(&self, seconds: (f64, f64), private: (u64, u64), mapped: u64, bytes_out: (u64, u64)) -> Cost {
        let interval = |(low, high): (f64, f64)| Interval { low, high, source: Source::Analytic };
        let bytes = |(low, high): (u64, u64)| interval((real(low), real(high)));
        let exact = Interval { low: real(bytes_out.0), high: real(bytes_out.1), source: Source::Exact };
        // a thread's stack counts whole, used or not
        let stacks = self.threads.saturating_mul(16 * MIB);
        Cost {
            expect: Expectation {
                seconds: interval((rounded(seconds.0), rounded(seconds.1))),
                peak_bytes: bytes((private.0, private.1.saturating_add(mapped))),
                bytes_out: if bytes_out == (0, 0) { exact } else { bytes(bytes_out) },
            },
            limits: StepLimits {
                wall_seconds: whole(seconds.1 * 10.0).max(LEAST_WALL),
                memory_bytes: private.1.saturating_mul(2).saturating_add(stacks).max(LEAST_MEMORY),
                network: false,
            },
            least_memory: private.0,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn real(count: u64) -> f64 {
    count as f64
}

/// To milliseconds: more digits than an estimate has would only look like knowledge.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1e3).round() / 1e3
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number; the cast saturates")]
fn whole(seconds: f64) -> u64 {
    seconds.ceil() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::descriptor;

    #[test]
    fn a_model_of_any_claimed_size_has_finite_costs() {
        let mut model = descriptor(&[("x", &["N"])]);
        model.nodes = u64::MAX;
        model.weight_bytes.insert(crate::tensor::DType::Float32, u64::MAX);
        model.files[0].bytes = u64::MAX;
        model.costs.macs = Some(u64::MAX);
        let estimate = Estimate::of(&model, &Environment::default());
        for cost in [estimate.import(), estimate.simplify(), estimate.export(), estimate.parity(3)] {
            assert!(cost.expect.seconds.high.is_finite());
            assert!(cost.expect.seconds.low <= cost.expect.seconds.high);
            assert!(cost.limits.wall_seconds >= 60);
        }
    }
}
