//! The archive and its manifest.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::json::{self, Json};
use crate::wire::zip::{Directory, looks_like_zip};

/// The member that says what the others are.
pub(super) const MANIFEST: &str = "MAR-INF/MANIFEST.json";

/// Handlers that TorchServe brings itself.
pub(super) const OWN_HANDLERS: &[&str] = &[
    "base_handler",
    "image_classifier",
    "image_segmenter",
    "object_detector",
    "text_classifier",
    "text_handler",
    "vision_handler",
    "huggingface_handler",
];

/// A manifest longer than this is none.
const LONGEST: u64 = 16 << 20;

/// True for a zip with a manifest.
pub(super) fn is_archive(blob: &Blob, cx: &Context) -> bool {
    let zip = blob.starts_with(b"PK") || looks_like_zip(blob);
    zip && Directory::read(blob, cx).is_ok_and(|directory| directory.entry(MANIFEST).is_some())
}

/// Reads the manifest.
pub(super) fn manifest(blob: &Blob, directory: &Directory, cx: &Context) -> Result<Json> {
    let entry = directory.entry(MANIFEST).filter(|entry| entry.bytes <= LONGEST);
    let Some(entry) = entry else {
        let message = format!("no member '{MANIFEST}' of a sensible size");
        return Err(Error::new(ErrorKind::Malformed, message).with_file(blob.name()));
    };
    let text = directory.member(entry, entry.bytes, cx)?;
    json::parse(&text, cx).map(|document| document.root)
}

/// The value of a key of the model.
pub(super) fn model<'a>(manifest: &'a Json, key: &str) -> Option<&'a str> {
    manifest.at(&["model", key]).and_then(Json::as_str)
}

/// The file of a handler: `service.py:function`, or a name of TorchServe's own.
pub(super) fn handler_file(handler: &str) -> &str {
    match handler.rsplit_once(':') {
        Some((file, _)) if !file.is_empty() => file,
        _ => handler,
    }
}
