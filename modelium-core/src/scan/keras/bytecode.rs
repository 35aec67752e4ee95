//! What a marshalled code object shows of itself, without running or rebuilding it.

use crate::wire::json::Json;

/// Names shown of one program.
const SHOWN: usize = 24;

/// The readable names in every encoded program below a value.
pub(super) fn names(value: &Json) -> Vec<String> {
    let mut found = Vec::new();
    collect(value, &mut found);
    found
}

fn collect(value: &Json, found: &mut Vec<String>) {
    match value {
        Json::String(text) if text.len() >= 40 => {
            for name in base64(text).as_deref().map(strings).unwrap_or_default() {
                if found.len() < SHOWN && !found.contains(&name) {
                    found.push(name);
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Json::Object(entries) => entries.iter().for_each(|(_, value)| collect(value, found)),
        _ => {}
    }
}

/// The strings of a marshalled object: each follows a letter that gives its type and length.
///
/// The layout of code objects differs between versions of Python; that of strings does not.
fn strings(marshalled: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = marshalled;
    while let Some((letter, after)) = rest.split_first() {
        rest = after;
        let head = match letter & 0x7f {
            b'z' | b'Z' => 1,
            b'a' | b'A' | b'u' | b't' => 4,
            _ => continue,
        };
        let Some((length, body)) = after.split_at_checked(head) else { continue };
        let length = length.iter().rev().fold(0_usize, |sum, byte| sum.wrapping_shl(8) | usize::from(*byte));
        let Some(text) = body.get(..length).and_then(|text| std::str::from_utf8(text).ok()) else { continue };
        let readable = !text.is_empty() && text.chars().all(|c| c == ' ' || c.is_ascii_graphic());
        if readable && length < 200 {
            rest = body.get(length..).unwrap_or_default();
            // the names of the code's own places tell nothing
            if !matches!(text, "<lambda>" | "<module>" | "<string>" | "<stdin>") {
                found.push(text.to_owned());
            }
        }
    }
    found
}

/// Decodes base64 as Python does: letters outside the alphabet are skipped.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len().saturating_mul(3) / 4);
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut letters = 0_usize;
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter.wrapping_sub(b'A'),
            b'a'..=b'z' => letter.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => letter.wrapping_sub(b'0').wrapping_add(52),
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        letters = letters.saturating_add(1);
        bits = bits.wrapping_shl(6) | u32::from(value);
        count = count.saturating_add(6);
        if count >= 8 {
            count = count.saturating_sub(8);
            bytes.push(bits.wrapping_shr(count).to_le_bytes()[0]);
            bits &= 1_u32.wrapping_shl(count).wrapping_sub(1);
        }
    }
    // text in prose is not an encoding of anything
    (letters.saturating_mul(10) >= text.len().saturating_mul(9)).then_some(bytes)
}
