//! Zip archives, read in two ways.
//!
//! - [`Archive`] is strict: for formats whose files modelium itself reads as input. What it takes is sound.
//! - [`Directory`] is tolerant: it finds the members that *some* real loader would find, with everything in which the
//!   archive contradicts itself ([`Oddity`]). Python's `zipfile`, the miniz of PyTorch and streaming readers differ in
//!   which record they believe; whoever examines an archive must see what each of them sees.
//!
//! Both read a stored member where it lies in the archive, without a copy, and inflate nothing that was not asked for.

mod directory;
mod oddity;
mod strict;

pub(crate) use directory::escapes;
pub use directory::{Directory, Entry, chain, looks_like_zip, names};
pub use oddity::Oddity;
pub use strict::{Archive, Member, ZipError};
