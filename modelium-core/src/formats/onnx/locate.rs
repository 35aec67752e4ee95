//! Finds the model among the files of an artifact, and knows what other files are taken for models.

use crate::artifact::Artifact;
use crate::error::{Location, Result};
use crate::formats::onnx::error::OnnxFault;
use crate::wire::protobuf::{Cursor, Tag, WireType};

/// The entry that holds the model: the one file, or the only one of a folder that is ONNX by its name, or failing
/// that by its content.
///
/// # Errors
/// `Unsupported` if there is none, `InvalidArgument` if there are two.
pub(super) fn model_entry(artifact: &Artifact) -> Result<String> {
    let mut names = artifact.entries().map(|(name, _)| name);
    if let (Some(only), None, false) = (names.next(), names.next(), artifact.is_folder()) {
        return Ok(only.to_owned());
    }
    let mut models: Vec<_> = artifact.entries().map(|(name, _)| name).filter(|name| is_onnx_name(name)).collect();
    if models.is_empty() {
        let starts_like_one = |name: &&str| artifact.blob(name).is_ok_and(|blob| looks_like_onnx(&blob));
        models = artifact.entries().map(|(name, _)| name).filter(starts_like_one).collect();
    }
    let location = Location::file(artifact.name());
    match *models {
        [] => Err(OnnxFault::NoModel.at(location)),
        [model] => Ok(model.to_owned()),
        [first, second, ..] => {
            Err(OnnxFault::TwoModels { first: first.to_owned(), second: second.to_owned() }.at(location))
        }
    }
}

/// True for a name that ends in `.onnx`.
pub(super) fn is_onnx_name(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("onnx"))
}

/// True if the bytes start as every known writer starts a model: `ir_version`, then another field of `ModelProto`.
///
/// TensorFlow's `SavedModel` and Core ML's models start with a version too, and go on with a message where ONNX has the
/// name of the producer: a name does not begin with a control character, a message that is not empty does here.
pub(super) fn looks_like_onnx(bytes: &[u8]) -> bool {
    let mut cursor = Cursor::new(bytes);
    let version = Tag { field: 1, wire: WireType::Varint };
    let plausible = cursor.tag() == Ok(version) && cursor.varint().is_ok_and(|version| (1..=1000).contains(&version));
    let Some(tag) = cursor.tag().ok().filter(|_| plausible) else { return false };
    match tag.field {
        5 => tag.wire == WireType::Varint,
        2 if tag.wire == WireType::Len => {
            let first = cursor.varint().ok().filter(|length| *length > 0).and_then(|_| bytes.get(cursor.position()));
            first.is_none_or(|byte| *byte >= b' ' && *byte != 0xa2)
        }
        2..=4 | 6..=8 | 14 | 20 | 25 | 26 => tag.wire == WireType::Len,
        _ => false,
    }
}

/// What the bytes are, if they are something that is often saved under a model's name.
pub(super) fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..512.min(bytes.len())).unwrap_or_default();
    let text = head.trim_ascii_start();
    let tag = text.get(..9).unwrap_or(text).to_ascii_lowercase();
    Some(if head.starts_with(b"version https://git-lfs") {
        "a Git LFS pointer; fetch the content with 'git lfs pull'"
    } else if tag.starts_with(b"<!doctype") || tag.starts_with(b"<html") {
        "a web page; look at how it was downloaded"
    } else if !head.is_empty() && head.iter().all(|byte| *byte == 0) {
        "zeros; its download or copy was not finished"
    } else if head.starts_with(b"PK\x03\x04") {
        "a zip archive"
    } else if head.starts_with(b"\x1f\x8b") {
        "gzip data; unpack it first"
    } else if head.starts_with(b"GGUF") {
        "a GGUF file"
    } else if head.starts_with(b"\x80\x02") || head.starts_with(b"\x80\x04") {
        "a Python pickle"
    } else if head.starts_with(b"\x89HDF") {
        "an HDF5 file"
    } else if head.get(4..8) == Some(b"TFL3") {
        "a TensorFlow Lite model"
    } else if head.get(4..8) == Some(b"ORTM") {
        "a model in ONNX Runtime's own format; ask for the .onnx that it was made from"
    } else if !head.is_empty() && head.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace()) {
        "text"
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn folder(names: &[&str]) -> Artifact {
        Artifact::from_entries(
            "folder",
            names.iter().map(|name| ((*name).to_owned(), Bytes::from_static(b"\x08\x0a\x3a\x00"))),
        )
    }

    #[test]
    fn a_folder_must_hold_one_model() {
        assert_eq!(model_entry(&folder(&["config.json", "sub/m.ONNX"])).unwrap(), "sub/m.ONNX");
        let error = model_entry(&folder(&["a.onnx", "b.onnx"])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "two models, 'a.onnx' and 'b.onnx'; open the one that is meant by its own path (folder)"
        );
    }

    #[test]
    fn a_model_without_the_name_is_found_by_its_first_fields() {
        let files = [
            ("a.json".to_owned(), Bytes::from_static(b"{}")),
            ("m.pb".to_owned(), Bytes::from_static(b"\x08\x0a\x3a\x00")),
        ];
        assert_eq!(model_entry(&Artifact::from_entries("folder", files)).unwrap(), "m.pb");
    }
}
