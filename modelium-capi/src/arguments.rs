//! What crosses the border: strings and documents in, strings, documents and handles out.

use std::ffi::{CStr, CString, c_char};
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use modelium_core::error::{Classify, Error, ErrorKind, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is wrong with an argument before anybody looked at its meaning.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArgumentError {
    #[error("the argument '{name}' is NULL")]
    Null { name: &'static str },
    #[error("the argument '{name}' is not UTF-8 from its byte {offset} on")]
    NotUtf8 { name: &'static str, offset: usize },
}

impl Classify for ArgumentError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::InvalidArgument
    }
}

/// The argument itself, or the error that it is NULL.
pub(crate) fn given<T>(argument: Option<T>, name: &'static str) -> Result<T, ArgumentError> {
    argument.ok_or(ArgumentError::Null { name })
}

/// A string that the caller lends.
///
/// # Safety
/// `pointer` is NULL or points to a string with a NUL at its end, which stays as it is for `'a`.
pub(crate) unsafe fn text<'a>(pointer: *const c_char, name: &'static str) -> Result<&'a str, ArgumentError> {
    // SAFETY: the caller's promise
    unsafe { optional_text(pointer, name) }?.ok_or(ArgumentError::Null { name })
}

/// The same where NULL means that nothing is said.
///
/// # Safety
/// As for [`text`].
pub(crate) unsafe fn optional_text<'a>(
    pointer: *const c_char,
    name: &'static str,
) -> Result<Option<&'a str>, ArgumentError> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: not NULL, and the caller's promise
    let bytes = unsafe { CStr::from_ptr(pointer) };
    bytes.to_str().map(Some).map_err(|error| ArgumentError::NotUtf8 { name, offset: error.valid_up_to() })
}

/// An array of strings.
///
/// # Safety
/// `pointers` is NULL or points to `count` pointers, each as for [`text`].
pub(crate) unsafe fn texts<'a>(
    pointers: *const *const c_char,
    count: usize,
    name: &'static str,
) -> Result<Vec<&'a str>> {
    let pointers = NonNull::new(pointers.cast_mut()).ok_or(ArgumentError::Null { name })?;
    // SAFETY: not NULL, and the caller's promise
    let pointers = unsafe { std::slice::from_raw_parts(pointers.as_ptr(), count) };
    // SAFETY: the caller's promise
    pointers.iter().map(|&pointer| Ok(unsafe { text(pointer, name) }?)).collect()
}

/// A document that the caller lends; NULL means the default.
///
/// # Safety
/// As for [`text`].
pub(crate) unsafe fn optional_document<T: DeserializeOwned + Default>(
    json: *const c_char,
    name: &'static str,
) -> Result<T> {
    // SAFETY: the caller's promise
    match unsafe { optional_text(json, name) }? {
        Some(json) => document(name, json),
        None => Ok(T::default()),
    }
}

/// A document from JSON.
pub(crate) fn document<T: DeserializeOwned>(name: &'static str, json: &str) -> Result<T> {
    serde_json::from_str(json)
        .map_err(|error| Error::argument(format!("the argument '{name}' is not understood: {error}")))
}

/// A document as JSON, for the caller to own.
pub(crate) fn to_json(document: &impl Serialize) -> Result<CString> {
    match serde_json::to_string(document) {
        Ok(json) => Ok(c_string(json)),
        Err(error) => Err(Error::internal(format!("a document has no JSON form: {error}"))),
    }
}

/// A string with a NUL at its end; NULs inside, which only hostile names have, become `\0`.
pub(crate) fn c_string(text: String) -> CString {
    CString::new(text).unwrap_or_else(|error| {
        let text = String::from_utf8_lossy(&error.into_vec()).replace('\0', "\\0");
        CString::new(text).unwrap_or_default()
    })
}

/// Makes the caller the owner of a string.
pub(crate) fn give(slot: &mut MaybeUninit<*mut c_char>, text: CString) {
    slot.write(text.into_raw());
}

/// Frees a string that a function of this library gave; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_string_free(string: *mut c_char) {
    if !string.is_null() {
        // SAFETY: the caller got it from `give` and frees it once
        drop(unsafe { CString::from_raw(string) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_inside_a_string_does_not_cut_it_short() {
        assert_eq!(c_string("a\0b".to_owned()).to_str(), Ok("a\\0b"));
    }
}
