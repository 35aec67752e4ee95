//! Model cards: the YAML between two lines of dashes at the start of a `README.md`.

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::error::{ErrorKind, Result};
use crate::wire::json::Json;
use crate::wire::yaml;

/// Bytes of a front matter that are read; honest ones stay far below.
const LONGEST: usize = 1 << 20;

/// The front matter of a text, if it has one that is YAML.
///
/// # Errors
/// `Cancelled` only.
pub fn front_matter(blob: &Blob, cx: &Context) -> Result<Option<Json>> {
    let start = blob.get(..blob.bytes().len().min(LONGEST)).unwrap_or_default();
    let Some(range) = extent(start) else { return Ok(None) };
    let Some(inner) = blob.slice(range) else { return Ok(None) };
    match yaml::parse(&inner, cx) {
        Ok(front) => Ok(Some(front).filter(Json::is_object)),
        Err(error) if error.kind() == ErrorKind::Cancelled => Err(error),
        Err(_) => Ok(None),
    }
}

/// Where the YAML stands between its lines of dashes.
fn extent(text: &[u8]) -> Option<std::ops::Range<u64>> {
    let bom = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let (mut at, mut first) = (bom, None);
    for line in text.get(bom..)?.split_inclusive(|byte| *byte == b'\n') {
        let dashes = line.trim_ascii_end() == b"---";
        match (first, dashes) {
            (None, true) => first = Some(at.saturating_add(line.len())),
            (None, false) if line.trim_ascii().is_empty() => {}
            (None, false) => return None,
            (Some(first), true) => return Some(first as u64..at as u64),
            (Some(_), false) => {}
        }
        at = at.saturating_add(line.len());
    }
    None
}

/// The model card below `prefix` (empty, or ending in `/`), and its name.
///
/// # Errors
/// `Cancelled` only.
pub fn find(artifact: &Artifact, prefix: &str, cx: &Context) -> Result<Option<(String, Json)>> {
    for name in ["README.md", "readme.md", "Readme.md", "MODEL_CARD.md"] {
        let entry = format!("{prefix}{name}");
        if artifact.entry(&entry).is_none() {
            continue;
        }
        let Ok(blob) = artifact.blob(&entry) else { continue };
        return Ok(front_matter(&blob, cx)?.map(|front| (entry, front)));
    }
    Ok(None)
}

/// What a card says of its licence; `license: other` with a `license_name` means that name.
pub fn licenses(front: &Json) -> Vec<String> {
    let mut said = strings(front.get("license"));
    let named = front.get("license_name").and_then(Json::as_str).filter(|name| !name.is_empty());
    if let Some(name) = named {
        said.retain(|license| license != "other");
        if said.is_empty() {
            said.push(name.to_owned());
        }
    }
    said
}

/// A string, or a list of strings.
pub fn strings(value: Option<&Json>) -> Vec<String> {
    let Some(value) = value else { return Vec::new() };
    let one = value.as_str().map(str::to_owned);
    one.into_iter().chain(value.items().iter().filter_map(|item| item.as_str().map(str::to_owned))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Json> {
        front_matter(&Blob::from_bytes("README.md", text.as_bytes().to_vec()), &Context::new()).unwrap()
    }

    #[test]
    fn reads_what_stands_between_the_dashes() {
        let front = read("---\nlicense: other\nlicense_name: llama3\ntags: [a, b]\n---\n# Model\n---\n").unwrap();
        assert_eq!(licenses(&front), ["llama3"]);
        assert_eq!(strings(front.get("tags")), ["a", "b"]);
    }

    #[test]
    fn a_card_without_front_matter_says_nothing() {
        assert_eq!(read("# Model\n---\nlicense: mit\n---\n"), None);
        assert_eq!(read("---\nlicense: mit\n"), None);
        assert_eq!(read("---\n- a\n---\n"), None);
    }
}
