//! Vocabularies of one line or one key for each token.

use super::Tokenizer;
use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::json_stream::Reader;

/// Lines between two ticks.
const TICK: u64 = 1 << 16;

fn each_line(blob: &Blob, cx: &Context, mut visit: impl FnMut(&[u8], u64) -> Result<()>) -> Result<()> {
    let (mut start, mut number) = (0_u64, 0_u64);
    for line in blob.split_inclusive(|byte| *byte == b'\n') {
        number = number.saturating_add(1);
        if number.is_multiple_of(TICK) {
            cx.tick("analyze", start, blob.len())?;
        }
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        visit(text.strip_suffix(b"\r").unwrap_or(text), start)?;
        start = start.saturating_add(line.len() as u64);
    }
    Ok(())
}

/// `vocab.json`: `{"token": id}`.
pub(super) fn vocabulary(blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<Option<u64>> {
    let (mut count, mut highest) = (0_u64, None);
    let mut reader = Reader::new(blob, cx);
    reader.object(|reader, _| {
        // a Unigram vocabulary of other libraries maps to scores, one of several languages to objects
        if let Some(id) = reader.number()? {
            highest = highest.max(Some(id));
            count = count.saturating_add(1);
        }
        Ok(())
    })?;
    reader.finish()?;
    tokenizer.describe("transformers", "wordlevel", count, highest);
    Ok(Some(count))
}

/// `vocab.txt`: one token on each line.
pub(super) fn lines(blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<Option<u64>> {
    let (mut count, mut pieces) = (0_u64, false);
    each_line(blob, cx, |line, _| {
        count = count.saturating_add(1);
        pieces |= line.starts_with(b"##") || line == b"[UNK]";
        Ok(())
    })?;
    tokenizer.describe("transformers", if pieces { "wordpiece" } else { "wordlevel" }, count, count.checked_sub(1));
    Ok(Some(count))
}

/// `merges.txt`: one pair on each line, perhaps after a line with a version.
pub(super) fn merges(blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<Option<u64>> {
    let mut count = 0_u64;
    each_line(blob, cx, |line, start| {
        let comment = start == 0 && line.starts_with(b"#version");
        if !comment && !line.is_empty() {
            count = count.saturating_add(1);
        }
        Ok(())
    })?;
    let descriptor = &mut tokenizer.descriptor;
    if descriptor.library.as_deref() == Some("transformers") && descriptor.kind == "wordlevel" {
        "bpe".clone_into(&mut descriptor.kind);
    }
    match descriptor.merges {
        None => descriptor.merges = Some(count),
        Some(merges) if merges != count => {
            let message =
                format!("'merges.txt' has {count} merges, 'tokenizer.json' {merges}: libraries will disagree");
            tokenizer.find("tokenizer.vocabularies_disagree", crate::finding::Severity::Warning, message);
        }
        Some(_) => {}
    }
    Ok(None)
}

/// Ranks of tiktoken: base64 of a token's bytes, a space, its number.
pub(super) fn tiktoken(blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<Option<u64>> {
    let (mut count, mut highest) = (0_u64, None);
    each_line(blob, cx, |line, start| {
        if line.is_empty() {
            return Ok(());
        }
        let Some(rank) = rank(line) else {
            let message = "found a line that is not base64, a space and a number, expected a rank of tiktoken";
            return Err(Error::new(ErrorKind::Malformed, message).with_location(blob.location(start)));
        };
        highest = highest.max(Some(rank));
        count = count.saturating_add(1);
        Ok(())
    })?;
    tokenizer.describe("tiktoken", "bpe", count, highest);
    Ok(Some(count))
}

/// The number at the end of a line of ranks.
fn rank(line: &[u8]) -> Option<u64> {
    let space = line.iter().position(|byte| *byte == b' ')?;
    let (token, number) = line.split_at(space);
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let whole = !token.is_empty() && token.len().is_multiple_of(4) && token.iter().all(base64);
    let number = std::str::from_utf8(number.get(1..)?).ok()?;
    number.parse().ok().filter(|_| whole)
}

/// True if a file begins with ranks of tiktoken.
pub(super) fn looks_like_ranks(blob: &[u8]) -> bool {
    let head = blob.get(..blob.len().min(256)).unwrap_or_default();
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = lines.next().and_then(rank);
    first == Some(0) && lines.next().is_some()
}
