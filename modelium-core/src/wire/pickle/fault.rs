//! What ends the loading of a pickle before its `STOP`.

use crate::error::{Classify, ErrorKind, Location};

/// An error that a loader raises, and the opcode that raises it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (at byte {byte})")]
pub struct Fault {
    /// Where the opcode starts.
    pub byte: u64,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum FaultKind {
    #[error("the pickle ends without STOP")]
    Truncated,
    #[error("{code:#04x} is no opcode")]
    UnknownOpcode { code: u8 },
    #[error("the argument of {opcode} is cut off")]
    CutOff { opcode: &'static str },
    #[error("{opcode} claims {length} bytes")]
    NegativeLength { opcode: &'static str, length: i64 },
    #[error("{opcode} finds nothing on the stack")]
    Underflow { opcode: &'static str },
    #[error("{opcode} finds no mark on the stack")]
    NoMark { opcode: &'static str },
    #[error("{opcode} finds an odd number of keys and values")]
    OddItems { opcode: &'static str },
    #[error("nothing is kept in the memo under {key}")]
    NoMemo { key: u64 },
    #[error("the argument '{found}' of {opcode} is not {expected}")]
    Argument { opcode: &'static str, found: String, expected: &'static str },
    #[error("a frame claims {claimed} bytes, {available} are left")]
    Frame { claimed: u64, available: u64 },
    #[error("protocol {found} is newer than 5, the newest there is")]
    Protocol { found: i64 },
    #[error("extension code {code} is not positive")]
    Extension { code: i64 },
    #[error("the pickle has more than {cap} instructions; raise Limits::instructions to follow it")]
    TooManyInstructions { cap: u64 },
    #[error("the pickle's values take more than {cap} bytes; raise Limits::structure_bytes to follow it")]
    TooManyValues { cap: u64 },
    #[error("what follows in the stream cannot be told: {reason}")]
    Raw { reason: String },
}

impl Fault {
    /// True if a cap was reached; a loader would have gone on.
    pub fn is_limit(&self) -> bool {
        matches!(self.kind, FaultKind::TooManyInstructions { .. } | FaultKind::TooManyValues { .. })
    }
}

impl Classify for Fault {
    fn kind(&self) -> ErrorKind {
        if self.is_limit() { ErrorKind::LimitExceeded } else { ErrorKind::Malformed }
    }

    fn location(&self) -> Location {
        Location::byte(self.byte)
    }
}
