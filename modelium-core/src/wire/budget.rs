//! What reading one model may take: a count of nodes, tensors and bytes, held against the limits while it grows.

use crate::context::Context;
use crate::error::{Classify, ErrorKind, Result};

/// What was taken so far. Readers that build lists from a file ask before each item.
#[derive(Debug, Clone)]
pub struct Budget<'a> {
    cx: &'a Context,
    nodes: u64,
    tensors: u64,
    bytes: u64,
}

/// A limit was reached.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum BudgetError {
    #[error("more than {0} nodes; raise Limits::nodes to read more")]
    Nodes(u64),
    #[error("more than {0} tensors; raise Limits::tensors to read more")]
    Tensors(u64),
    #[error("{rank} dimensions; raise Limits::rank from {cap} to read them")]
    Rank { rank: u64, cap: u32 },
    #[error("the structure would take more than {0} bytes of memory; raise Limits::structure_bytes to read it")]
    Bytes(u64),
    #[error("nested more than {0} deep; raise Limits::depth to read it")]
    Depth(u32),
}

impl Classify for BudgetError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::LimitExceeded
    }
}

/// What an item of a list takes while the list grows: its old half and its new double stand beside each other.
pub const fn list_item<T>() -> u64 {
    (size_of::<T>() as u64).saturating_mul(3)
}

impl<'a> Budget<'a> {
    /// Nothing taken yet.
    pub fn new(cx: &'a Context) -> Self {
        Self { cx, nodes: 0, tensors: 0, bytes: 0 }
    }

    /// Limits, cancellation and progress.
    pub fn cx(&self) -> &'a Context {
        self.cx
    }

    /// One more node, which takes so many bytes in memory.
    ///
    /// # Errors
    /// `LimitExceeded`, `Cancelled`.
    pub fn node(&mut self, bytes: u64) -> Result<()> {
        self.nodes = self.nodes.saturating_add(1);
        let cap = self.cx.limits().nodes;
        if self.nodes > cap {
            return Err(BudgetError::Nodes(cap).into());
        }
        if self.nodes.trailing_zeros() >= 8 {
            self.cx.tick("analyze", self.nodes, 0)?;
        }
        self.spend(bytes)
    }

    /// One more tensor, which takes so many bytes in memory beside its elements.
    ///
    /// # Errors
    /// `LimitExceeded`, `Cancelled`.
    pub fn tensor(&mut self, bytes: u64) -> Result<()> {
        self.tensors = self.tensors.saturating_add(1);
        let cap = self.cx.limits().tensors;
        if self.tensors > cap {
            return Err(BudgetError::Tensors(cap).into());
        }
        if self.tensors.trailing_zeros() >= 8 {
            self.cx.tick("analyze", self.tensors, 0)?;
        }
        self.spend(bytes)
    }

    /// So many bytes of memory for the structure.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn spend(&mut self, bytes: u64) -> Result<()> {
        self.bytes = self.bytes.saturating_add(bytes);
        let cap = self.cx.limits().structure_bytes;
        if self.bytes > cap { Err(BudgetError::Bytes(cap).into()) } else { Ok(()) }
    }

    /// Holds a number of dimensions against the limit.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn rank(&self, rank: u64) -> Result<()> {
        let cap = self.cx.limits().rank;
        if rank > cap.into() { Err(BudgetError::Rank { rank, cap }.into()) } else { Ok(()) }
    }

    /// Holds a depth against the limit.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn depth(&self, depth: u32) -> Result<()> {
        let cap = self.cx.limits().depth;
        if depth > cap { Err(BudgetError::Depth(cap).into()) } else { Ok(()) }
    }
}
