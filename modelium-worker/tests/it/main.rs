//! Plans that run in a real child process.
#![expect(clippy::disallowed_methods, reason = "tests look at files and start processes")]
#![cfg(target_os = "linux")]

mod faults;
mod journey;
mod support;
