//! The C face of modelium: handles, status codes and JSON documents over `modelium_core`.
//!
//! `include/modelium.h` is generated from this crate by a test (`make header` writes it), `include/modelium.hpp` is the
//! same for C++17, by hand. The conventions stand at the head of the header, `header.txt` here; this is how they are kept:
//!
//! - Every function that can fail runs inside [`gate`], which catches panics, turns an error into a status and an error
//!   object, and lets out-parameters be written only on success.
//! - Ownership is in the types: `Option<&T>` lends, `Option<Box<T>>` gives, [`Out`](arguments::Out) receives. The
//!   `Option` is C's NULL, so none of them can be forgotten.
//! - Strings come in through [`arguments::text`], which looks for NULL and UTF-8, and go out through
//!   [`arguments::give`]. Documents are those of `schemas/`, the same in every language.
//! - Handles are `Send + Sync`; what changes in one lies behind a lock.
//!
//! To add a function: write it in the file of its type, call it in `tests/it`, add its name to `symbols.txt` and run
//! `make header`.
#![expect(non_camel_case_types, reason = "these names are C's")]
#![expect(clippy::missing_safety_doc, reason = "the header's conventions hold for every function")]

mod arguments;
mod context;
mod deploy;
mod error;
mod gate;
mod graph;
mod model;
mod pipeline;
mod plan;
mod scan;
#[cfg(test)]
mod schema;
mod validator;
mod version;

pub use arguments::modelium_string_free;
pub use context::*;
pub use deploy::*;
pub use error::*;
pub use gate::modelium_test_panic;
pub use graph::*;
pub use model::*;
pub use pipeline::*;
pub use plan::*;
pub use scan::*;
pub use validator::*;
pub use version::*;

/// Handles may be shared by threads.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<modelium_pipeline>();
    shared::<modelium_model>();
    shared::<modelium_context>();
    shared::<modelium_error>();
    shared::<modelium_findings>();
};
