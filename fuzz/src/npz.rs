//! What must hold for any bytes that claim to be arrays of numpy. `tests/it/npz.rs` of the core runs it too.

use modelium_core::tensor::{Data, Tensor};
use modelium_core::wire::npy::read_npy;
use modelium_core::wire::npz::read_npz;
use modelium_core::{Blob, Context, ErrorKind, Limits, Result};

/// Limits that let a machine do thousands of runs a second.
pub(crate) fn context() -> Context {
    Context::new().with_limits(Limits { structure_bytes: 1 << 20, inflated_bytes: 1 << 20, ..Limits::default() })
}

/// Reads the bytes as an archive and as one array; what is accepted holds what its type and shape say.
///
/// True if they are accepted as either.
///
/// # Panics
/// If it does not, or if an error is a defect of ours.
pub(crate) fn run(bytes: &[u8], cx: &Context) -> bool {
    let blob = Blob::from_bytes("fuzz", bytes.to_vec());
    let arrays = accepted(read_npz(&blob, cx));
    let array = accepted(read_npy(&blob, "x", cx));
    arrays.iter().flat_map(|arrays| arrays.values()).chain(&array).for_each(holds_what_it_says);
    arrays.is_some() || array.is_some()
}

fn holds_what_it_says(tensor: &Tensor) {
    match &tensor.data {
        Data::Strings(strings) => assert_eq!(tensor.elements(), Some(strings.len() as u64)),
        _ => assert_eq!(tensor.byte_len(), tensor.to_le_bytes().map(|bytes| bytes.len() as u64)),
    }
}

fn accepted<T>(outcome: Result<T>) -> Option<T> {
    outcome
        .inspect_err(|error| {
            assert_ne!(error.kind(), ErrorKind::Internal, "{error:?}");
            assert!(!error.to_string().contains('\n'), "more than one line: {error}");
        })
        .ok()
}
