//! Operators on strings.

use bytes::Bytes;
use regex_lite::Regex;

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::shape::broadcast;
use crate::ir::{AttributeValue, OpType};
use crate::tensor::DType;
use crate::tensor::strided::Offsets;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::StringNormalizer => normalize,
        OpType::StringConcat => concat,
        OpType::StringSplit => split,
        OpType::RegexFullMatch => full_match,
        _ => return None,
    })
}

/// The strings of a tensor.
pub(super) fn strings<'a>(call: &Call<'_, '_>, array: &'a Array) -> Result<&'a [Bytes]> {
    array.items::<Bytes>().ok_or_else(|| call.unknown_type(array.dtype()))
}

fn text<'a>(call: &Call<'_, '_>, string: &'a Bytes) -> Result<&'a str> {
    std::str::from_utf8(string).map_err(|_| call.misfit("a string that is not UTF-8"))
}

/// Strings of an attribute.
pub(super) fn attribute_strings<'c>(call: &Call<'c, '_>, name: &str) -> Option<&'c [Bytes]> {
    let node = call.node;
    if let Some(AttributeValue::Strings(strings)) = node.attribute(name) { Some(strings) } else { None }
}

fn normalize(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let is_row = matches!(array.dims(), [1, _]);
    if !is_row && array.rank() != 1 {
        return Err(call.misfit(format!("strings of shape {:?}, expected [C] or [1, C]", array.dims())));
    }
    let change: fn(&str) -> String = match call.str("case_change_action") {
        None | Some("NONE") => str::to_owned,
        Some("LOWER") => str::to_lowercase,
        Some("UPPER") => str::to_uppercase,
        Some(action) => return Err(call.misfit(format!("case_change_action '{action}'"))),
    };
    // without regard to case, strings and stop words are compared in lower case
    let key: fn(&str) -> String = if call.flag("is_case_sensitive") { str::to_owned } else { str::to_lowercase };
    let stop_words = attribute_strings(call, "stopwords").unwrap_or_default();
    let stop_words = stop_words.iter().map(|word| text(call, word).map(key)).collect::<Result<Vec<_>>>()?;
    let mut kept = Vec::new();
    for string in strings(call, &array)? {
        let string = text(call, string)?;
        if !stop_words.contains(&key(string)) {
            kept.push(Bytes::from(change(string)));
        }
    }
    if kept.is_empty() {
        kept.push(Bytes::new());
    }
    let dims = if is_row { vec![1, kept.len()] } else { vec![kept.len()] };
    let kept = Array::new(dims, kept).ok_or_else(|| call.misfit("strings of that shape"))?;
    call.give(0, kept);
    Ok(())
}

fn concat(call: &mut Call<'_, '_>) -> Result<()> {
    let (one, other) = (call.array(0)?, call.array(1)?);
    let views = broadcast(one.dims(), other.dims()).zip(broadcast(other.dims(), one.dims()));
    let Some((view, other_view)) = views else {
        return Err(call.misfit(format!("{:?} does not broadcast with {:?}", one.dims(), other.dims())));
    };
    call.room(DType::String, &view.dims)?;
    let (items, other_items) = (strings(call, &one)?, strings(call, &other)?);
    let places = Offsets::new(&view.dims, &view.steps, 0).zip(Offsets::new(&view.dims, &other_view.steps, 0));
    let mut joined = Vec::new();
    let mut held = 0;
    for (at, other_at) in places {
        let string = [items[at].as_ref(), other_items[other_at].as_ref()].concat();
        held += string.len() as u64;
        call.room_for(held)?;
        joined.push(Bytes::from(string));
    }
    let joined = Array::new(view.dims, joined).ok_or_else(|| call.misfit("strings of that shape"))?;
    call.give(0, joined);
    Ok(())
}

fn split(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let delimiter = call.str("delimiter").filter(|delimiter| !delimiter.is_empty());
    let most = call.int("maxsplit").and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let mut parts: Vec<Vec<&str>> = Vec::with_capacity(array.len());
    for string in strings(call, &array)? {
        let string = text(call, string)?;
        parts.push(match delimiter {
            Some(delimiter) => string.splitn(most.saturating_add(1), delimiter).collect(),
            None => words(string, most),
        });
    }
    let longest = parts.iter().map(Vec::len).max().unwrap_or(0);
    let mut dims = array.dims().to_vec();
    dims.push(longest);
    call.room(DType::String, &dims)?;
    let counts = parts.iter().map(|parts| (parts.len() as u64).cast_signed()).collect::<Vec<i64>>();
    let padded = |parts: Vec<&str>| {
        let missing = longest - parts.len();
        let strings = parts.into_iter().map(|part| Bytes::copy_from_slice(part.as_bytes()));
        strings.chain(std::iter::repeat_n(Bytes::new(), missing)).collect::<Vec<_>>()
    };
    let strings: Vec<Bytes> = parts.into_iter().flat_map(padded).collect();
    let outputs = Array::new(dims, strings).zip(Array::new(array.dims().to_vec(), counts));
    let (strings, counts) = outputs.ok_or_else(|| call.misfit("strings of that shape"))?;
    call.give(0, strings);
    call.give(1, counts);
    Ok(())
}

/// The words of a string; after `most` splits the rest stays whole.
fn words(string: &str, most: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = string.trim_start();
    while !rest.is_empty() {
        if let Some(end) = rest.find(char::is_whitespace).filter(|_| words.len() < most) {
            words.push(&rest[..end]);
            rest = rest[end..].trim_start();
        } else {
            words.push(rest);
            break;
        }
    }
    words
}

fn full_match(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let pattern = call.str("pattern").ok_or_else(|| call.misfit("pattern is left out"))?;
    let whole = Regex::new(&format!("^(?:{pattern})$"));
    let regex = whole.map_err(|error| call.unsupported(format!("pattern '{pattern}': {error}")))?;
    let matches = strings(call, &array)?.iter().map(|string| text(call, string).map(|string| regex.is_match(string)));
    let matches = matches.collect::<Result<Vec<bool>>>()?;
    let matches = Array::new(array.dims().to_vec(), matches).ok_or_else(|| call.misfit("matches of that shape"))?;
    call.give(0, matches);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_often_as_allowed() {
        assert_eq!(words("  a  b c ", usize::MAX), ["a", "b", "c"]);
        assert_eq!(words(" a b  c ", 1), ["a", "b  c "]);
        assert_eq!(words("  ", 3), [""; 0]);
    }
}
