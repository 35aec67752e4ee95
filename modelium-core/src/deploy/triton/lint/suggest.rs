//! The name that was probably meant.

/// Names that are compared; a model can have a million.
const MOST: usize = 1000;

/// The closest of `known`, if it is close: one edit for each three letters; else the only one that
/// begins or ends with the name.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str, IntoIter: Clone>) -> Option<&'a str> {
    let allowed = name.chars().count() / 3;
    let known = known.into_iter().take(MOST);
    known
        .clone()
        .map(|other| (distance(&name.to_lowercase(), &other.to_lowercase()), other))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
        .or_else(|| {
            let part = |other: &&str| name.len() > 2 && (other.starts_with(name) || other.ends_with(name));
            let mut parts = known.filter(part);
            parts.next().filter(|_| parts.next().is_none())
        })
}

/// A remedy: the nearest name, or all of them.
pub(super) fn choose<'a>(name: &str, known: impl IntoIterator<Item = &'a str, IntoIter: Clone>) -> String {
    let known = known.into_iter();
    if let Some(other) = nearest(name, known.clone()) {
        return format!("did you mean '{other}'?");
    }
    let mut names: Vec<_> = known.take(13).map(|name| format!("'{name}'")).collect();
    let more = names.len() > 12;
    names.truncate(12);
    match names.as_slice() {
        [] => "there is none".to_owned(),
        _ => format!("there is {}{}", names.join(", "), if more { ", …" } else { "" }),
    }
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one into the other. Long names are cut: both
/// come from a file, and the cost is the product of their lengths.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(200).collect(), b.chars().take(200).collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i.saturating_add(1)];
        for (j, y) in b.iter().enumerate() {
            let get = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX);
            let left = get(&row, j).saturating_add(1);
            let up = get(&above, j.saturating_add(1)).saturating_add(1);
            let diagonal = get(&above, j).saturating_add(usize::from(x != y));
            let mut least = left.min(up).min(diagonal);
            if let (Some(pi), Some(pj)) = (i.checked_sub(1), j.checked_sub(1))
                && a.get(pi) == Some(y)
                && b.get(pj) == Some(x)
            {
                least = least.min(get(&before, pj).saturating_add(1));
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_or_a_missing_letter_is_near_and_another_word_is_not() {
        let fields = ["max_batch_size", "model_warmup", "name", "backend"];
        assert_eq!(nearest("max_batch", fields), Some("max_batch_size"));
        assert_eq!(nearest("max_bacth_size", fields), Some("max_batch_size"));
        assert_eq!(nearest("Name", fields), Some("name"));
        assert_eq!(nearest("bckend", fields), Some("backend"));
        assert_eq!(nearest("priority", fields), None);
        assert_eq!(nearest("x", ["y", "z"]), None);
    }
}
