//! The text: its lines, its trees, and what they say.

use std::collections::BTreeMap;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Location, Result};
use crate::formats::lightgbm::LightgbmError;

/// A model as its text tells it.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts<'a> {
    pub(super) version: &'a str,
    pub(super) header: BTreeMap<&'a str, &'a str>,
    pub(super) features: u64,
    pub(super) classes: u64,
    pub(super) trees: u64,
    pub(super) splits: u64,
    pub(super) leaves: u64,
    pub(super) parameters: u64,
    /// The parameters of training that are set: `[boosting: gbdt]`.
    pub(super) training: BTreeMap<&'a str, &'a str>,
}

/// True if some bytes begin as LightGBM begins a model.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let rest = bytes.strip_prefix(b"tree").map(|rest| rest.strip_prefix(b"\r").unwrap_or(rest));
    rest.is_some_and(|rest| rest.starts_with(b"\nversion=v"))
}

struct Lines<'a> {
    blob: &'a Blob,
    rest: &'a str,
    line: u64,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        self.rest = rest;
        self.line = self.line.saturating_add(1);
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    fn place(&self) -> Location {
        Location { line: Some(self.line), ..Location::file(self.blob.name()) }
    }
}

/// Reads a whole text.
pub(super) fn read<'a>(blob: &'a Blob, cx: &Context) -> Result<Facts<'a>> {
    let at = || Location::file(blob.name());
    if !begins(blob) {
        return Err(LightgbmError::NotOne { at: at() }.into());
    }
    let text = std::str::from_utf8(blob)
        .map_err(|error| LightgbmError::NotText { at: blob.location(error.valid_up_to() as u64) })?;
    if let Some(control) = text.bytes().position(|byte| byte < b'\t' || byte == 0x7f) {
        return Err(LightgbmError::NotText { at: blob.location(control as u64) }.into());
    }
    let mut lines = Lines { blob, rest: text, line: 0 };
    let mut facts = Facts::default();
    lines.next();
    let mut first = None;
    while let Some(line) = lines.next() {
        if line.starts_with("Tree=") || line == "end of trees" {
            first = Some(line);
            break;
        }
        if let Some((key, value)) = line.split_once('=') {
            facts.header.insert(key, value);
        }
    }
    let place = lines.place();
    let get = |key: &'static str| {
        let missing = LightgbmError::Missing { at: place.clone(), key, part: "header" };
        facts.header.get(key).copied().ok_or(missing)
    };
    let number = |key: &'static str| whole(get(key)?, key, &place);
    facts.version = get("version")?;
    facts.features = number("max_feature_idx")?.saturating_add(1);
    facts.classes = number("num_class")?;
    let sizes = facts.header.get("tree_sizes").copied();
    let mut line = first;
    while let Some(begin) = line.filter(|line| line.starts_with("Tree=")) {
        cx.tick("analyze", facts.trees, 0)?;
        debug_assert!(begin.starts_with("Tree="));
        facts.trees = facts.trees.saturating_add(1);
        line = tree(&mut lines, &mut facts)?;
    }
    if line != Some("end of trees") {
        return Err(LightgbmError::Ends { at: lines.place() }.into());
    }
    if let Some(sizes) = sizes {
        let expected = sizes.split_ascii_whitespace().count() as u64;
        if expected != facts.trees {
            return Err(LightgbmError::Trees { at: place, expected, found: facts.trees }.into());
        }
    }
    while let Some(line) = lines.next() {
        let pair =
            line.strip_prefix('[').and_then(|line| line.strip_suffix(']')).and_then(|line| line.split_once(": "));
        if let Some((key, value)) = pair.filter(|(_, value)| !value.is_empty()) {
            facts.training.insert(key, value);
        }
    }
    Ok(facts)
}

/// Reads the lines of one tree; gives the line that follows them.
fn tree<'a>(lines: &mut Lines<'a>, facts: &mut Facts<'a>) -> Result<Option<&'a str>, LightgbmError> {
    let at = lines.place();
    let mut keys: BTreeMap<&str, &str> = BTreeMap::new();
    let next = loop {
        let line = lines.next();
        match line {
            Some(line) if line.starts_with("Tree=") || line == "end of trees" => break Some(line),
            None => break None,
            Some(line) => {
                if let Some((key, value)) = line.split_once('=') {
                    keys.insert(key, value);
                }
            }
        }
    };
    let missing = |key| LightgbmError::Missing { at: at.clone(), key, part: "tree" };
    let leaves = whole(keys.get("num_leaves").ok_or_else(|| missing("num_leaves"))?, "num_leaves", &at)?;
    let splits = leaves.saturating_sub(1);
    // a tree of one leaf has no lists of splits
    let list = |key: &'static str, expected: u64| {
        let text = keys.get(key).copied().filter(|_| expected > 0).unwrap_or_default();
        let found = text.split_ascii_whitespace().count() as u64;
        let fits = found == expected;
        fits.then_some(text).ok_or(LightgbmError::Count { at: at.clone(), key, expected, found })
    };
    list("leaf_value", leaves)?;
    list("threshold", splits)?;
    let signed = |key: &'static str, text: &str| {
        let wrong = || LightgbmError::NotANumber { at: at.clone(), key, found: text.to_owned() };
        text.parse::<i64>().map_err(|_| wrong())
    };
    for text in list("split_feature", splits)?.split_ascii_whitespace() {
        let found = signed("split_feature", text)?;
        if u64::try_from(found).map_or(true, |found| found >= facts.features) {
            return Err(LightgbmError::Feature { at: at.clone(), found, features: facts.features });
        }
    }
    // counted before anything is allocated: there are as many numbers in the text
    let mut seen = vec![false; usize::try_from(splits).unwrap_or(usize::MAX)];
    for key in ["left_child", "right_child"] {
        for text in list(key, splits)?.split_ascii_whitespace() {
            let found = signed(key, text)?;
            let inside = if found < 0 { found.unsigned_abs() <= leaves } else { found.unsigned_abs() < splits };
            if !inside {
                return Err(LightgbmError::Child { at: at.clone(), found, splits, leaves });
            }
            let split = usize::try_from(found).ok().and_then(|found| seen.get_mut(found));
            match split {
                Some(seen) if *seen => return Err(LightgbmError::NotATree { at: at.clone() }),
                Some(seen) => *seen = true,
                None => {}
            }
        }
    }
    // no split but the first is without a parent, and the first has none: so every way down ends
    if seen.first() == Some(&true) || seen.iter().skip(1).any(|seen| !seen) {
        return Err(LightgbmError::NotATree { at: at.clone() });
    }
    let mut parameters = leaves.saturating_add(splits);
    if keys.get("is_linear") == Some(&"1") {
        for key in ["leaf_const", "leaf_coeff"] {
            let text = keys.get(key).copied().unwrap_or_default();
            parameters = parameters.saturating_add(text.split_ascii_whitespace().count() as u64);
        }
    }
    facts.splits = facts.splits.saturating_add(splits);
    facts.leaves = facts.leaves.saturating_add(leaves);
    facts.parameters = facts.parameters.saturating_add(parameters);
    Ok(next)
}

fn whole(text: &str, key: &'static str, at: &Location) -> Result<u64, LightgbmError> {
    text.trim().parse().map_err(|_| LightgbmError::NotANumber { at: at.clone(), key, found: text.to_owned() })
}
