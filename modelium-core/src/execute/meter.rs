//! What a piece of work took of the machine: time on the wall, processor time, memory.

use std::time::Instant;

/// Runs from [`Meter::start`] on.
pub(super) struct Meter {
    started: Instant,
    cpu: f64,
    memory: Memory,
}

/// What was taken.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Taken {
    pub(super) wall_seconds: f64,
    pub(super) cpu_seconds: f64,
    pub(super) peak_bytes: u64,
}

/// Resident memory of this process, mapped files included.
#[derive(Debug, Clone, Copy, Default)]
struct Memory {
    now: u64,
    peak: u64,
}

impl Meter {
    /// Starts. With `own_process`, the kernel's peak is reset first, which only a process that does nothing else may do:
    /// in a host it would spoil the host's own measurements.
    pub(super) fn start(own_process: bool) -> Self {
        if own_process {
            system::reset_peak();
        }
        Self { started: Instant::now(), cpu: system::cpu_seconds(), memory: system::memory() }
    }

    /// What was taken so far. Without a reset, a peak below the process's earlier one cannot be seen; then it is the
    /// larger of what was resident at the ends.
    pub(super) fn read(&self) -> Taken {
        let memory = system::memory();
        let grown = memory.peak > self.memory.peak || self.memory.peak == self.memory.now;
        Taken {
            wall_seconds: self.started.elapsed().as_secs_f64(),
            cpu_seconds: (system::cpu_seconds() - self.cpu).max(0.0),
            peak_bytes: if grown { memory.peak } else { memory.now.max(self.memory.now) },
        }
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;

    use super::Memory;

    /// `VmRSS` and `VmHWM` of `/proc/self/status`; zeros where there is no `/proc`.
    #[expect(clippy::disallowed_methods, reason = "the kernel's own numbers, not a model's file")]
    pub(super) fn memory() -> Memory {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':').trim().trim_end_matches(" kB").parse::<u64>().ok()?.checked_mul(1024)
        };
        Memory { now: field("VmRSS").unwrap_or(0), peak: field("VmHWM").unwrap_or(0) }
    }

    /// Sets `VmHWM` back to what is resident now; a kernel that does not allow it leaves a peak that is too high.
    #[expect(clippy::disallowed_methods, reason = "a switch of the kernel's, not a file")]
    pub(super) fn reset_peak() {
        let _ = fs::write("/proc/self/clear_refs", "5");
    }

    /// Processor time of all threads.
    pub(super) fn cpu_seconds() -> f64 {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        #[expect(clippy::cast_precision_loss, reason = "seconds, shown with milliseconds")]
        let seconds = time.tv_sec as f64 + time.tv_nsec as f64 / 1e9;
        seconds
    }
}

/// Elsewhere only the clock on the wall is read.
#[cfg(not(target_os = "linux"))]
mod system {
    pub(super) fn memory() -> super::Memory {
        super::Memory::default()
    }

    pub(super) fn reset_peak() {}

    pub(super) fn cpu_seconds() -> f64 {
        0.0
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn touched_memory_and_spent_time_are_seen() {
        let meter = Meter::start(false);
        let bytes = std::hint::black_box(vec![1_u8; 96 << 20]);
        let sum: u64 = bytes.iter().map(|&byte| u64::from(byte)).sum();
        let taken = meter.read();
        assert_eq!(sum, 96 << 20);
        assert!(taken.peak_bytes > 96 << 20, "{taken:?}");
        assert!(taken.cpu_seconds > 0.0 && taken.wall_seconds > 0.0, "{taken:?}");
    }
}
