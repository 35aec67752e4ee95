//! What a caller grants to a call: an ear for progress, and the right to cancel.

use std::ffi::{CString, c_char, c_void};
use std::mem::MaybeUninit;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use modelium_core::{CancelToken, Context, Limits, Observer, Progress};

use crate::arguments::given;
use crate::error::{modelium_error, modelium_status};
use crate::gate::gate;

/// Hears how far a call is; returning false cancels it.
///
/// `stage` is a stable name such as `open`, `import`, `export` or `parity`, and lives until the function returns; `done`
/// and `total` count bytes, nodes or samples, `total` is 0 when unknown. Called often and perhaps from other threads than
/// the caller's, one call at a time; must return quickly, and must not throw or jump out.
pub type modelium_progress =
    Option<unsafe extern "C" fn(user: *mut c_void, stage: *const c_char, done: u64, total: u64) -> bool>;

/// A cancel switch and an ear for progress, for one piece of work: one call, or several in a row. A context that was
/// cancelled stays so. Free it with `modelium_context_free`, after the calls that it was given to have returned.
#[derive(Default)]
pub struct modelium_context {
    cancel: CancelToken,
    listener: Option<Arc<Listener>>,
}

impl modelium_context {
    /// The core's context of the same, with the caps of the pipeline that does the work; NULL means nobody listens.
    pub(crate) fn to_core(context: Option<&Self>, limits: &Limits) -> Context {
        let cx = Context::new().with_limits(limits.clone());
        let Some(context) = context else { return cx };
        let cx = cx.with_cancel(context.cancel.clone());
        match &context.listener {
            Some(listener) => cx.with_observer(Arc::clone(listener) as _),
            None => cx,
        }
    }
}

/// Calls the caller's function, one call at a time, and never again after it said to stop.
struct Listener {
    function: unsafe extern "C" fn(*mut c_void, *const c_char, u64, u64) -> bool,
    user: User,
    heard: Mutex<Heard>,
}

/// The caller's own pointer, handed back as it came.
pub(crate) struct User(pub(crate) *mut c_void);

// SAFETY: this library never looks behind the pointer; the conventions ask callers for functions that may be called
// from any thread
unsafe impl Send for User {}
// SAFETY: as above
unsafe impl Sync for User {}

/// What the caller's function heard last.
#[derive(Default)]
struct Heard {
    stage: CString,
    stopped: bool,
}

impl Observer for Listener {
    fn progress(&self, progress: &Progress<'_>) -> ControlFlow<()> {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.stage.to_bytes() != progress.stage.as_bytes() {
            heard.stage = CString::new(progress.stage).unwrap_or_default();
        }
        if !heard.stopped {
            // SAFETY: the caller gave the function with its pointer; the stage lives until the lock is dropped
            heard.stopped =
                !unsafe { (self.function)(self.user.0, heard.stage.as_ptr(), progress.done, progress.total) };
        }
        if heard.stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Makes a context. `progress` may be NULL; `user` is handed to it as it is, and must live as long as the context.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_context_new(
    progress: modelium_progress,
    user: *mut c_void,
    context: Option<&mut MaybeUninit<*mut modelium_context>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let slot = given(context, "context")?;
        let listener =
            progress.map(|function| Arc::new(Listener { function, user: User(user), heard: Mutex::default() }));
        let context = modelium_context { cancel: CancelToken::default(), listener };
        slot.write(Box::into_raw(Box::new(context)));
        Ok(())
    })
}

/// Asks the calls that were given this context to stop; they return `MODELIUM_STATUS_CANCELLED` soon after. May be called
/// from any thread and from a signal handler. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_context_cancel(context: Option<&modelium_context>) {
    if let Some(context) = context {
        context.cancel.cancel();
    }
}

/// Frees a context; NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_context_free(context: Option<Box<modelium_context>>) {
    gate(None, || {
        drop(context);
        Ok(())
    });
}
