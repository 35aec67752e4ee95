//! Which boundary of an operator comes next, and what happens there.

use crate::ir::OpType;
use crate::ir::schema::{OpSchema, schema, schemas};
use crate::opset::step::Adapter;
use crate::opset::{carry, table};

/// A version in which an operator changed, seen from one side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Boundary {
    /// The operator on this side.
    pub(super) near: &'static OpSchema,
    /// The operator on the other side; `None` where there is none, or none that may be used.
    pub(super) far: Option<&'static OpSchema>,
    /// The first version of the operator set on the other side.
    pub(super) to: u64,
}

/// What happens at a boundary.
#[derive(Debug, Clone, Copy)]
pub(super) enum Crossing {
    /// The node is rewritten.
    By(Adapter),
    /// The node stays as it is, after the schemas are compared with what it uses.
    Carried,
    /// Nothing on the other side says the same; the reason.
    Never(&'static str),
}

impl Boundary {
    /// The next boundary on the way from version `at` to `target`; `None` if the operator stays as it is.
    pub(super) fn next(op: &OpType, at: u64, target: u64) -> Option<Self> {
        let near = schema(op, at)?;
        let (far, to) = if target > at {
            let far = schemas().find(|row| row.op == *op && u64::from(row.since_version) > at)?;
            let to = u64::from(far.since_version);
            (to <= target).then_some((Some(far), to))?
        } else {
            let since = u64::from(near.since_version);
            let to = since.checked_sub(1).filter(|&to| to >= target)?;
            (schema(op, to), to)
        };
        Some(Self { near, far: far.filter(|far| !far.deprecated), to })
    }

    /// What happens to the operator here.
    pub(super) fn crossing(&self) -> Option<Crossing> {
        let upward = self.to > self.near.since_version.into();
        let far = self.far.map_or(if upward { table::GONE } else { 0 }, |far| far.since_version);
        let row = table::find(&self.near.op, self.near.since_version, far);
        row.or_else(|| self.far.filter(|far| carry::is_like(self.near, far)).map(|_| Crossing::Carried))
    }
}
