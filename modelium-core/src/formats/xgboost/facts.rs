//! What every encoding says of a model, and the encoding that some bytes are in.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Location, Result};
use crate::formats::single::head;
use crate::formats::xgboost::{XgboostError, document, legacy};

/// A model as its file tells it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Facts {
    pub(super) encoding: &'static str,
    pub(super) version: Option<String>,
    pub(super) booster: String,
    pub(super) objective: String,
    pub(super) base_score: Option<String>,
    pub(super) features: u64,
    pub(super) classes: u64,
    pub(super) targets: u64,
    pub(super) feature_names: Vec<String>,
    pub(super) feature_types: Vec<String>,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) trees: u64,
    pub(super) nodes: u64,
    pub(super) leaves: u64,
    pub(super) parameters: u64,
}

/// How the bytes of a model are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Json,
    Ubjson,
    Binary,
}

/// The encoding of a model that begins with these bytes.
pub(super) fn encoding(blob: &[u8]) -> Option<Encoding> {
    const NEAR: usize = 4096;
    // the outermost keys of a model, and of a snapshot of a booster's memory
    const KEYS: [&str; 4] = ["learner", "version", "Config", "Model"];
    if blob.starts_with(b"binf") || legacy::begins(blob) {
        return Some(Encoding::Binary);
    }
    if let [b'{', kind @ (b'L' | b'l' | b'I' | b'i' | b'U'), rest @ ..] = blob {
        let width = match kind {
            b'L' => 8,
            b'l' => 4,
            b'I' => 2,
            _ => 1,
        };
        let name = rest.get(width..)?;
        return KEYS.iter().any(|key| name.starts_with(key.as_bytes())).then_some(Encoding::Ubjson);
    }
    let text = head(blob, NEAR);
    let first = text.trim_start_matches('\u{feff}').trim_start().strip_prefix('{')?.trim_start().strip_prefix('"')?;
    let first = first.split('"').next()?;
    let inside = ["\"learner_model_param\"", "\"gradient_booster\"", "\"attributes\"", "\"feature_names\""];
    // `save_config` writes the parameters of a booster without its model
    let is_config = first == "learner" && text.contains("\"generic_param\"");
    let is_ours = !is_config && text.contains("\"learner\"") && inside.iter().any(|key| text.contains(key));
    (KEYS.contains(&first) && is_ours).then_some(Encoding::Json)
}

/// Reads a model of any encoding.
pub(super) fn read(blob: &Blob, cx: &Context) -> Result<Facts> {
    match encoding(blob) {
        Some(Encoding::Binary) => legacy::read(blob, cx),
        Some(Encoding::Ubjson) => document::read_ubjson(blob, cx),
        Some(Encoding::Json) => document::read_json(blob, cx),
        None => Err(XgboostError::Missing { at: Location::file(blob.name()), what: "learner" }.into()),
    }
}

/// Checks that a tree is one, and counts its leaves. `children` gives both children of a node, −1 for none.
///
/// Nodes that were deleted have no parent and no children; they count as nodes of the list and not as leaves.
pub(super) struct Tree<'a> {
    pub(super) number: u64,
    pub(super) nodes: u64,
    pub(super) children: &'a dyn Fn(u64) -> Option<(i64, i64)>,
    pub(super) place: &'a dyn Fn(u64) -> Location,
}

/// Splits and leaves of a tree, as far as its root reaches them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) splits: u64,
    pub(super) leaves: u64,
}

impl Tree<'_> {
    pub(super) fn count(&self) -> Result<Counted, XgboostError> {
        let mut counted = Counted::default();
        let mut reached = vec![false; usize::try_from(self.nodes).unwrap_or(usize::MAX)];
        let mut waiting = if self.nodes > 0 { vec![0_u64] } else { Vec::new() };
        if let Some(root) = reached.first_mut() {
            *root = true;
        }
        while let Some(node) = waiting.pop() {
            let (left, right) = (self.children)(node).unwrap_or((-1, -1));
            if left == -1 && right == -1 {
                counted.leaves = counted.leaves.saturating_add(1);
                continue;
            }
            counted.splits = counted.splits.saturating_add(1);
            for child in [left, right] {
                let index = u64::try_from(child).ok().filter(|child| *child < self.nodes);
                let Some(index) = index else {
                    let (tree, nodes) = (self.number, self.nodes);
                    return Err(XgboostError::Child { at: (self.place)(node), tree, node, child, nodes });
                };
                match usize::try_from(index).ok().and_then(|index| reached.get_mut(index)) {
                    Some(seen) if !*seen => *seen = true,
                    _ => {
                        return Err(XgboostError::NotATree { at: (self.place)(node), tree: self.number, child: index });
                    }
                }
                waiting.push(index);
            }
        }
        Ok(counted)
    }
}
