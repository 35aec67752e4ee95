//! Arguments that protocol 0 writes as text, read as `CPython` reads them.

use std::borrow::Cow;

/// What `INT` and `LONG` can hold.
#[derive(Debug, PartialEq)]
pub(super) enum Number<'a> {
    Bool(bool),
    Int(i64),
    /// Beyond 64 bits.
    Digits(&'a [u8]),
}

/// The argument of `INT`: an integer of C, of which two digits that are zero or one are booleans; else one of Python.
pub(super) fn int(line: &[u8]) -> Option<Number<'_>> {
    match strtol(as_c(line)) {
        Some(value @ (0 | 1)) if line.len() == 2 => Some(Number::Bool(value == 1)),
        Some(value) => Some(Number::Int(value)),
        None => integer(line),
    }
}

/// `strtol` of base 0, if it takes all of the text; nothing at all is zero.
fn strtol(text: &[u8]) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let text = text.trim_ascii_start();
    let (negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    let (radix, digits) = match digits {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', rest @ ..] if !rest.is_empty() => (8, rest),
        _ => (10, digits),
    };
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_i64, |value, digit| {
        let digit = i64::from(char::from(*digit).to_digit(radix)?);
        let scaled = value.checked_mul(radix.into())?;
        if negative { scaled.checked_sub(digit) } else { scaled.checked_add(digit) }
    })
}

/// The argument of `LONG`: an integer, with an `L` behind it or not.
pub(super) fn long(line: &[u8]) -> Option<Number<'_>> {
    integer(line.strip_suffix(b"L").unwrap_or(line))
}

/// A key of the memo.
pub(super) fn key(line: &[u8]) -> Option<u64> {
    match integer(line)? {
        Number::Int(key) => u64::try_from(key).ok(),
        _ => None,
    }
}

/// `CPython` hands numbers to functions of C, which stop at a NUL.
fn as_c(line: &[u8]) -> &[u8] {
    line.split(|byte| *byte == 0).next().unwrap_or_default()
}

fn integer(line: &[u8]) -> Option<Number<'_>> {
    let text = as_c(line).trim_ascii();
    let (negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    let (radix, digits) = match digits {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', b'o' | b'O', rest @ ..] => (8, rest),
        [b'0', b'b' | b'B', rest @ ..] => (2, rest),
        _ => (10, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = Some(0_i64);
    for &digit in digits {
        if digit == b'_' {
            continue;
        }
        let digit = i64::from(char::from(digit).to_digit(radix)?);
        let scaled = value.and_then(|value| value.checked_mul(radix.into()));
        value = scaled.and_then(|value| if negative { value.checked_sub(digit) } else { value.checked_add(digit) });
    }
    Some(value.map_or(Number::Digits(text), Number::Int))
}

/// The argument of `FLOAT`.
pub(super) fn float(line: &[u8]) -> Option<f64> {
    std::str::from_utf8(as_c(line)).ok()?.trim().parse().ok()
}

/// The argument of `STRING`: a literal in quotes with escapes, decoded to bytes.
pub(super) fn string(line: &[u8]) -> Option<Cow<'_, [u8]>> {
    let ([b'\'', inside @ .., b'\''] | [b'"', inside @ .., b'"']) = line.trim_ascii_end() else { return None };
    if !inside.contains(&b'\\') {
        return Some(Cow::Borrowed(inside));
    }
    let mut bytes = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let (&escape, after) = rest.split_first()?;
        rest = after;
        match escape {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => bytes.push(escape),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            b't' => bytes.push(b'\t'),
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b'v' => bytes.push(11),
            b'a' => bytes.push(7),
            b'0'..=b'7' => {
                let mut value = u32::from(escape.wrapping_sub(b'0'));
                for _ in 0..2 {
                    let Some((&digit @ b'0'..=b'7', after)) = rest.split_first() else { break };
                    value = value.wrapping_mul(8).wrapping_add(u32::from(digit.wrapping_sub(b'0')));
                    rest = after;
                }
                bytes.push(value.to_le_bytes().first().copied().unwrap_or_default());
            }
            b'x' => {
                let (digits, after) = rest.split_at_checked(2)?;
                bytes.push(u8::try_from(hex(digits)?).ok()?);
                rest = after;
            }
            other => bytes.extend([b'\\', other]),
        }
    }
    Some(Cow::Owned(bytes))
}

/// The argument of `UNICODE`: Latin-1 with `\uXXXX` and `\UXXXXXXXX`, as UTF-8.
pub(super) fn unicode(line: &[u8]) -> Option<Cow<'_, [u8]>> {
    if line.iter().all(|byte| byte.is_ascii() && *byte != b'\\') {
        return Some(Cow::Borrowed(line));
    }
    let mut text = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            push(&mut text, byte.into());
            continue;
        }
        let count = match rest.first() {
            Some(b'u') => 4,
            Some(b'U') => 8,
            Some(&other) => {
                // a pair that is no escape stands for itself
                text.push(b'\\');
                push(&mut text, other.into());
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            None => {
                text.push(b'\\');
                continue;
            }
        };
        let (digits, after) = rest.get(1..)?.split_at_checked(count)?;
        let letter = hex(digits)?;
        if letter > 0x0010_ffff {
            return None;
        }
        push(&mut text, letter);
        rest = after;
    }
    Some(Cow::Owned(text))
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0_u32, |value, digit| Some(value.wrapping_mul(16).wrapping_add(char::from(*digit).to_digit(16)?)))
}

/// Adds a character as UTF-8; halves of surrogate pairs too, as `surrogatepass` does.
fn push(text: &mut Vec<u8>, letter: u32) {
    if let Some(letter) = char::from_u32(letter) {
        text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        let [_, _, high, low] = letter.to_be_bytes();
        let second = 0x80 | ((high & 0x0f) << 2) | (low >> 6);
        text.extend([0xe0 | (high >> 4), second, 0x80 | (low & 0x3f)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_python() {
        assert_eq!(int(b"01"), Some(Number::Bool(true)));
        assert_eq!(int(b"-7"), Some(Number::Int(-7)));
        assert_eq!(int(b"0x1F"), Some(Number::Int(31)));
        assert_eq!(long(b"9223372036854775808L"), Some(Number::Digits(b"9223372036854775808")));
        assert_eq!(long(b"-9223372036854775808L"), Some(Number::Int(i64::MIN)));
        assert_eq!(int(b"seven"), None);
        assert_eq!(int(b"010"), Some(Number::Int(8)));
        assert_eq!(int(b" 1"), Some(Number::Bool(true)));
        assert_eq!(int(b"\0\0\0"), Some(Number::Int(0)));
        assert_eq!(int(b"7\0seven"), Some(Number::Int(7)));
        assert_eq!(float(b"-1.5e3"), Some(-1500.0));
    }

    #[test]
    fn strings_lose_their_quotes_and_escapes() {
        assert_eq!(string(br"'a\x62\143\n\q'").as_deref(), Some(&b"abc\n\\q"[..]));
        assert_eq!(string(b"'open"), None);
        assert_eq!(string(br"'\x6'"), None);
    }

    #[test]
    fn unicode_is_raw_but_for_code_points() {
        assert_eq!(unicode(b"\\u00e9\xe9\\n\\\\u0041").as_deref(), Some("éé\\n\\\\u0041".as_bytes()));
        assert_eq!(unicode(b"\\ud800").as_deref(), Some(&b"\xed\xa0\x80"[..]));
        assert_eq!(unicode(b"\\u12"), None);
    }
}
