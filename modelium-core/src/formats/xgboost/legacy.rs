//! The binary encoding, deprecated since 1.6: the structures of C++ as they lay in memory, little-endian.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Location, Result};
use crate::formats::xgboost::XgboostError;
use crate::formats::xgboost::facts::{Facts, Tree};

/// Bytes of `LearnerModelParamLegacy`, `GBTreeModelParam`, `TreeParam`, a node, its statistics, `GBLinearModelParam`.
const LEARNER: u64 = 136;
const FOREST: u64 = 160;
const TREE: u64 = 148;
const NODE: u64 = 20;
const STATISTICS: u64 = 16;
const LINEAR: u64 = 136;

struct Cursor<'a> {
    blob: &'a Blob,
    at: u64,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: u64, what: &'static str) -> Result<&'a [u8], XgboostError> {
        let end = self.at.checked_add(length);
        let window = end.and_then(|end| self.blob.get(usize::try_from(self.at).ok()?..usize::try_from(end).ok()?));
        let available = self.blob.len().saturating_sub(self.at);
        let at = self.blob.location(self.at);
        let window = window.ok_or(XgboostError::Overrun { at, what, claimed: length, available })?;
        self.at = self.at.saturating_add(length);
        Ok(window)
    }

    fn long(&mut self, what: &'static str) -> Result<u64, XgboostError> {
        let bytes = self.take(8, what)?;
        Ok(bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)))
    }

    fn text(&mut self, what: &'static str) -> Result<String, XgboostError> {
        let length = self.long(what)?;
        Ok(String::from_utf8_lossy(self.take(length, what)?).into_owned())
    }

    /// A list of pairs of texts; each takes at least its two lengths, so the count is paid for as it is read.
    fn pairs(&mut self) -> Result<Vec<(String, String)>, XgboostError> {
        let count = self.long("attributes")?;
        let mut pairs = Vec::new();
        for _ in 0..count {
            pairs.push((self.text("an attribute")?, self.text("an attribute")?));
        }
        Ok(pairs)
    }
}

/// True for a model as XGBoost wrote it before 1.0, without letters in front: the names of an objective and of a booster
/// stand behind the parameters, each with its length.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let named = |bytes: &'_ [u8], most: u64| -> Option<(usize, bool)> {
        let length = u64::from_le_bytes(*bytes.first_chunk()?);
        let end = usize::try_from(length).ok().filter(|_| length > 0 && length <= most)?.checked_add(8)?;
        let name = bytes.get(8..end)?;
        let word = name.iter().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b':' | b'_' | b'0'..=b'9'));
        word.then_some((end, matches!(name, b"gbtree" | b"dart" | b"gblinear")))
    };
    let begins = || {
        let rest = bytes.get(usize::try_from(LEARNER).ok()?..)?;
        let (end, _) = named(rest, 64)?;
        named(rest.get(end..)?, 16)
    };
    begins().is_some_and(|(_, booster)| booster)
}

/// The 32-bit word at an index of a record.
fn word(record: &[u8], index: usize) -> u32 {
    let start = index.saturating_mul(4);
    record.get(start..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn flag(record: &[u8], index: usize) -> bool {
    word(record, index) != 0
}

pub(super) fn read(blob: &Blob, cx: &Context) -> Result<Facts> {
    let mut cursor = Cursor { blob, at: if blob.starts_with(b"binf") { 4 } else { 0 } };
    let learner = cursor.take(LEARNER, "learner parameters")?;
    let (major, minor) = (word(learner, 5), word(learner, 6));
    let mut facts = Facts {
        encoding: "binary",
        version: (major > 0).then(|| format!("{major}.{minor}")),
        base_score: Some(f32::from_bits(word(learner, 0)).to_string()),
        features: word(learner, 1).into(),
        classes: word(learner, 2).into(),
        targets: word(learner, 7).into(),
        objective: cursor.text("the objective's name")?,
        booster: cursor.text("the booster's name")?,
        ..Facts::default()
    };
    match facts.booster.as_str() {
        "gbtree" | "dart" => forest(&mut cursor, &mut facts, cx)?,
        "gblinear" => {
            cursor.take(LINEAR, "linear parameters")?;
            facts.parameters = cursor.long("weights")?;
            cursor.take(facts.parameters.saturating_mul(4), "weights")?;
        }
        found => {
            let at = Location::file(blob.name());
            return Err(XgboostError::Booster { at, found: found.to_owned() }.into());
        }
    }
    if flag(learner, 3) {
        facts.attributes = cursor.pairs()?;
    }
    if facts.objective == "count:poisson" {
        cursor.text("max_delta_step")?;
    }
    if flag(learner, 4) {
        for _ in 0..cursor.long("metrics")? {
            cursor.text("a metric")?;
        }
    }
    let extra = blob.len().saturating_sub(cursor.at);
    if extra > 0 {
        return Err(XgboostError::Trailing { at: blob.location(cursor.at), extra }.into());
    }
    Ok(facts)
}

fn forest(cursor: &mut Cursor<'_>, facts: &mut Facts, cx: &Context) -> Result<()> {
    let param = cursor.take(FOREST, "forest parameters")?;
    let trees = u64::from(word(param, 0));
    for number in 0..trees {
        cx.tick("analyze", number, trees)?;
        let begin = cursor.at;
        let param = cursor.take(TREE, "tree parameters")?;
        let (nodes, vector) = (u64::from(word(param, 1)), u64::from(word(param, 5)).max(1));
        let start = cursor.at;
        let records = cursor.take(nodes.saturating_mul(NODE), "nodes")?;
        cursor.take(nodes.saturating_mul(STATISTICS), "statistics of nodes")?;
        let record = |node: u64| usize::try_from(node.saturating_mul(NODE)).ok().and_then(|at| records.get(at..));
        let signed = |record: &[u8], index: usize| i64::from(word(record, index).cast_signed());
        let children = |node: u64| record(node).map(|record| (signed(record, 1), signed(record, 2)));
        let place = |node: u64| cursor.blob.location(start.saturating_add(node.saturating_mul(NODE)));
        let counted = Tree { number, nodes, children: &children, place: &place }.count()?;
        if nodes == 0 {
            return Err(
                XgboostError::Count { at: cursor.blob.location(begin), what: "nodes", claimed: 0, found: 0 }.into()
            );
        }
        for node in 0..nodes {
            let Some(record) = record(node).filter(|record| signed(record, 1) != -1) else { continue };
            let feature = u64::from(word(record, 3) & 0x7fff_ffff); // the top bit says where missing values go
            if feature >= facts.features && facts.features > 0 {
                let (at, tree, features) = (place(node), number, facts.features);
                return Err(XgboostError::Feature { at, tree, node, feature, features }.into());
            }
        }
        if vector > 1 {
            let length = cursor.long("leaf vectors")?;
            cursor.take(length.saturating_mul(4), "leaf vectors")?;
        }
        facts.nodes = facts.nodes.saturating_add(counted.splits).saturating_add(counted.leaves);
        facts.leaves = facts.leaves.saturating_add(counted.leaves);
        let values = counted.leaves.saturating_mul(vector).saturating_add(counted.splits);
        facts.parameters = facts.parameters.saturating_add(values);
    }
    cursor.take(trees.saturating_mul(4), "groups of trees")?;
    facts.trees = trees;
    if facts.booster == "dart" && trees > 0 {
        let weights = cursor.long("weights of dropped trees")?;
        cursor.take(weights.saturating_mul(4), "weights of dropped trees")?;
    }
    Ok(())
}
