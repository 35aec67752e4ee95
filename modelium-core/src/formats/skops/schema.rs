//! `schema.json`: the tree of nodes, and the archive it lies in.

use crate::blob::Blob;
use crate::context::{Context, Limits};
use crate::error::{Error, ErrorKind, Result};
use crate::wire::json::{self, Json};
use crate::wire::zip::{Directory, Entry, looks_like_zip};

/// The member that holds the tree.
pub(super) const NAME: &str = "schema.json";

/// Levels of JSON that one level of a model takes.
const LEVELS: u32 = 8;

/// True for an archive with a tree of nodes in it.
pub(super) fn is_skops(blob: &Blob, cx: &Context) -> bool {
    if !blob.starts_with(b"PK") && !looks_like_zip(blob) {
        return false;
    }
    let Ok(directory) = Directory::read(blob, cx) else { return false };
    directory.entries.iter().filter(|entry| entry.name == NAME).any(|entry| {
        let text = directory.member(entry, entry.bytes.min(1 << 26), cx);
        text.is_ok_and(|text| {
            let has = |word: &[u8]| memchr::memmem::find(&text, word).is_some();
            // a letter that is spelt as an escape is the same letter to whoever reads it
            has(b"\"__loader__\"") || has(b"\"_skops_version\"") || has(b"\\u00")
        })
    })
}

/// Reads the tree that skops takes: the last member of that name, as Python's `zipfile` does.
pub(super) fn read(blob: &Blob, directory: &Directory, cx: &Context) -> Result<Json> {
    let Some(entry) = directory.entries.iter().rev().find(|entry| entry.name == NAME) else {
        let message = "no member 'schema.json' in the archive";
        return Err(Error::new(ErrorKind::Malformed, message).with_file(blob.name()));
    };
    tree(entry, blob, directory, cx)
}

/// Reads the tree in one member.
pub(super) fn tree(entry: &Entry, blob: &Blob, directory: &Directory, cx: &Context) -> Result<Json> {
    let cap = cx.limits().structure_bytes;
    if entry.bytes > cap {
        let message = format!("'{NAME}' takes {} bytes, more than {cap}; raise Limits::structure_bytes", entry.bytes);
        return Err(Error::new(ErrorKind::LimitExceeded, message).with_file(blob.name()));
    }
    let text = directory.member(entry, entry.bytes, cx)?;
    let depth = cx.limits().depth.saturating_mul(LEVELS);
    let deep =
        Context::new().with_limits(Limits { depth, ..cx.limits().clone() }).with_cancel(cx.cancel_token().clone());
    json::parse(&text, &deep).map(|document| document.root)
}

/// The key of a node's text; empty where it is left out.
pub(super) fn text<'a>(node: &'a Json, key: &str) -> &'a str {
    node.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// The full name of what a node names.
pub(super) fn name(node: &Json) -> String {
    let (module, class) = (text(node, "__module__"), text(node, "__class__"));
    if module.is_empty() { class.to_owned() } else { format!("{module}.{class}") }
}

/// The attributes of an object: the entries of the dictionary in it.
pub(super) fn attributes(node: &Json) -> &[(String, Json)] {
    node.at(&["content", "content"]).map(Json::entries).unwrap_or_default()
}

/// The attribute of that name.
pub(super) fn attribute<'a>(node: &'a Json, name: &str) -> Option<&'a Json> {
    attributes(node).iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// A value that the schema keeps as JSON in a text.
pub(super) fn literal(node: &Json, cx: &Context) -> Option<Json> {
    let blob = Blob::from_bytes("literal", text(node, "content").as_bytes().to_vec());
    json::parse(&blob, cx).ok().map(|document| document.root).filter(|_| text(node, "__loader__") == "JsonNode")
}
