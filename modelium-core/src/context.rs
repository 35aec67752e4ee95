//! What a caller grants to a piece of work: limits, the right to cancel, and an ear for progress.
//!
//! Everything long takes `&Context` last and calls [`Context::tick`] once per tensor, node or 4 MiB.

use std::fmt;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// Caps on what an input may make this process do. A hostile file reaches a cap, never the machine's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Files of one artifact.
    pub entries: u64,
    /// Bytes that the structure of a model (all but its tensors) may take in memory.
    pub structure_bytes: u64,
    /// Nodes of one model, subgraphs and functions included.
    pub nodes: u64,
    /// Tensors of one model.
    pub tensors: u64,
    /// Dimensions of one tensor.
    pub rank: u32,
    /// Subgraphs inside subgraphs, types inside types, messages inside messages.
    pub depth: u32,
    /// Bytes that one compressed member of an archive may inflate to.
    pub inflated_bytes: u64,
    /// Archives inside archives, encodings inside encodings.
    pub archive_depth: u32,
    /// Instructions of one pickle, expressions of one template.
    pub instructions: u64,
    /// Bytes that the inputs of one generated sample may take.
    pub sample_bytes: u64,
    /// Threads for parallel work; 1 does all on the caller's thread.
    pub threads: NonZeroUsize,
    /// Follow symbolic and hard links among the files of a model. Off: a link can lead out of the folder.
    pub follow_links: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 100_000,
            structure_bytes: 1 << 30,
            nodes: 4_000_000,
            tensors: 1_000_000,
            rank: 64,
            depth: 64,
            inflated_bytes: 4 << 30,
            archive_depth: 8,
            instructions: 200_000_000,
            sample_bytes: 1 << 30,
            threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            follow_links: false,
        }
    }
}

/// Stops work from another thread. Clones share the switch.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Asks the work to stop at its next tick.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// True once somebody cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How far a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress<'a> {
    /// The stage, a stable name: `open`, `analyze`, `digest`, `import`, `simplify`, `evaluate`, `export`, `parity`, `run`,
    /// `package`, `deploy`.
    pub stage: &'a str,
    /// Units done: bytes, nodes or samples, as the stage counts.
    pub done: u64,
    /// Units in all; 0 when unknown.
    pub total: u64,
}

/// Hears of progress; `Break` cancels.
pub trait Observer: Send + Sync {
    /// Called often, from whichever thread does the work; must return quickly.
    fn progress(&self, progress: &Progress<'_>) -> ControlFlow<()>;
}

/// Limits, cancellation and progress for one piece of work. Cheap to clone.
#[derive(Clone, Default)]
pub struct Context {
    limits: Limits,
    cancel: CancelToken,
    observer: Option<Arc<dyn Observer>>,
}

impl Context {
    /// Default limits, nobody listening.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same, stopped by `cancel`.
    #[must_use]
    pub fn with_cancel(mut self, cancel: CancelToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// The same, heard by `observer`.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The caps in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The switch that stops this work.
    pub fn cancel_token(&self) -> &CancelToken {
        &self.cancel
    }

    /// Who hears of progress.
    pub fn observer(&self) -> Option<&Arc<dyn Observer>> {
        self.observer.as_ref()
    }

    /// Reports progress and stops if asked to.
    ///
    /// # Errors
    /// `Cancelled` after the token was used or the observer broke.
    pub fn tick(&self, stage: &str, done: u64, total: u64) -> Result<()> {
        let stopped = self.cancel.is_cancelled()
            || self
                .observer
                .as_ref()
                .is_some_and(|observer| observer.progress(&Progress { stage, done, total }).is_break());
        if stopped { Err(Error::new(ErrorKind::Cancelled, format!("cancelled during {stage}"))) } else { Ok(()) }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("limits", &self.limits)
            .field("cancelled", &self.cancel.is_cancelled())
            .finish_non_exhaustive()
    }
}
