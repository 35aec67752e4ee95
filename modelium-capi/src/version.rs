//! What is linked.

use std::ffi::c_char;

/// The version of this header. A program that was built with another one than `modelium_abi_version` returns must not
/// call any further function. It changes when a function goes or changes, not when one comes.
pub const MODELIUM_ABI_VERSION: u32 = 1;

/// The version of the header that the library was built with: compare it with `MODELIUM_ABI_VERSION`.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_abi_version() -> u32 {
    MODELIUM_ABI_VERSION
}

/// The version of the library, such as `"0.1.0"`. It lives as long as the library; do not free it.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}
