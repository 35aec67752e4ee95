//! The text form of the same messages (`.pbtxt`): which operators it names.
//!
//! Text is for people; TensorFlow loads a `saved_model.pbtxt` as it loads the binary. What counts here is each `op` of a
//! node, outside of strings and comments; a saver of TensorFlow 1 is known by its `saver_def`.

use crate::scan::tensorflow::{Act, act};
use crate::scan::{Exam, Part};

/// True for text that begins as a graph, a meta graph or a saved model does.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let head = head.trim_ascii_start();
    let first = head.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').next().unwrap_or_default();
    let rest = head.get(first.len()..).unwrap_or_default().trim_ascii_start();
    let opens = rest.starts_with(b"{") || rest.starts_with(b":");
    let known: [&[u8]; 6] =
        [b"saved_model_schema_version", b"meta_graphs", b"meta_info_def", b"node", b"library", b"versions"];
    opens && known.contains(&first) && memchr::memmem::find(bytes, b"op:").is_some()
}

/// Judges each operator that the text names.
pub(super) fn judge(part: &Part, exam: &mut Exam<'_>) {
    let text = &part.blob;
    let saver = memchr::memmem::find(text, b"saver_def").is_some();
    let mut at = 0_usize;
    // the word before a colon, and the one before a string
    let mut word: &[u8] = b"";
    while let Some(byte) = text.get(at) {
        match byte {
            b'#' => {
                let line = text.get(at..).unwrap_or_default();
                at = at.saturating_add(line.iter().position(|byte| *byte == b'\n').unwrap_or(line.len()));
            }
            quote @ (b'"' | b'\'') => {
                let start = at.saturating_add(1);
                let mut end = start;
                while let Some(byte) = text.get(end).filter(|byte| *byte != quote) {
                    end = end.saturating_add(if *byte == b'\\' { 2 } else { 1 });
                }
                if word == b"op" {
                    let name =
                        String::from_utf8_lossy(text.get(start..end.min(text.bytes().len())).unwrap_or_default())
                            .into_owned();
                    let found = act(&name);
                    let honest = saver && matches!(found, Act::Saves | Act::Restores);
                    if let Some((rule, does)) = found.rule().filter(|_| !honest) {
                        exam.report(rule, part.at(at as u64), format!("a node is a '{name}', which {does}"));
                    }
                }
                word = b"";
                at = end.saturating_add(1);
            }
            byte if byte.is_ascii_alphanumeric() || *byte == b'_' => {
                let rest = text.get(at..).unwrap_or_default();
                let length =
                    rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(rest.len());
                word = rest.get(..length).unwrap_or_default();
                at = at.saturating_add(length.max(1));
            }
            b':' | b' ' | b'\t' | b'\n' | b'\r' => at = at.saturating_add(1),
            _ => {
                word = b"";
                at = at.saturating_add(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_known_by_its_first_word() {
        assert!(is_text(b"node {\n  name: \"w\"\n  op: \"A\"\n}"));
        assert!(!is_text(b"nodes are good: op: none"));
        assert!(!is_text(b"name: \"resnet\" platform: \"x\""));
    }
}
