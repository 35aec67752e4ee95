//! The C face from outside: its header, its symbols, and what it does with wrong arguments.
#![expect(clippy::disallowed_methods, reason = "tests read their data from disk and ask nm")]
#![expect(clippy::undocumented_unsafe_blocks, reason = "they all say the same: literals, and handles used once")]

mod arguments;
mod header;
mod support;
mod symbols;
