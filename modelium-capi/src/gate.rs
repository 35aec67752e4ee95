//! What every call passes: no panic gets out, and an error becomes a status and an error object.

use std::any::Any;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

use modelium_core::{Error, Result};

use crate::error::{modelium_error, modelium_status};

/// Runs the body of an exported function.
///
/// A body writes out-parameters last, so that they stay as they were if it fails. A panic becomes `Internal`; what it may
/// have left half done is memory behind a lock, which is taken again regardless of poison.
pub(crate) fn gate(
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
    body: impl FnOnce() -> Result<()>,
) -> modelium_status {
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return modelium_status::Ok,
        Ok(Err(failure)) => failure,
        Err(payload) => Error::internal(format!("panic: {}", reason(payload.as_ref())))
            .with_note("this is a defect of modelium: report it with the input that shows it"),
    };
    let failure = modelium_error::new(&failure);
    let status = failure.status();
    if let Some(slot) = error {
        slot.write(Box::into_raw(Box::new(failure)));
    }
    status
}

fn reason(payload: &(dyn Any + Send)) -> &str {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "without a message",
    }
}

/// Panics, so that tests can see the gate hold in the library that ships. Not in the header.
///
/// cbindgen:ignore
#[doc(hidden)]
#[unsafe(no_mangle)]
pub extern "C" fn modelium_test_panic(error: Option<&mut MaybeUninit<*mut modelium_error>>) -> modelium_status {
    gate(error, || panic!("asked to"))
}
