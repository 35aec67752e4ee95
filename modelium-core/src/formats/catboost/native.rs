//! `.cbm`: FlatBuffers behind four letters and its length. Fields by their number in the schema.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Location, Result};
use crate::formats::catboost::CatboostError;
use crate::formats::catboost::facts::{Facts, Feature};
use crate::wire::flatbuffers::{Buffer, Table, Vector};

/// Fields of `TModelCore`.
mod core {
    pub(super) const VERSION: u16 = 0;
    pub(super) const TREES: u16 = 1;
    pub(super) const INFO: u16 = 2;
    pub(super) const PARTS: u16 = 3;
}

/// Fields of `TModelTrees`.
mod trees {
    pub(super) const DIMENSION: u16 = 0;
    pub(super) const SPLITS: u16 = 1;
    pub(super) const SIZES: u16 = 2;
    pub(super) const CATEGORICAL: u16 = 4;
    pub(super) const FLOAT: u16 = 5;
    pub(super) const LEAF_VALUES: u16 = 8;
    pub(super) const STEPS: u16 = 10;
    pub(super) const TEXT: u16 = 12;
    pub(super) const EMBEDDING: u16 = 18;
}

/// The deepest tree that CatBoost grows.
const DEEPEST: u32 = 16;

pub(super) fn read(blob: &Blob, cx: &Context) -> Result<Facts> {
    let at = || Location::file(blob.name());
    let length = blob.get(4..8).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
    let claimed = u64::from(length.unwrap_or(u32::MAX));
    let available = blob.len().saturating_sub(8);
    let end = claimed.saturating_add(8);
    let Some(buffer) = blob.slice(8..end) else {
        return Err(CatboostError::Overrun { at: blob.location(4), claimed, available }.into());
    };
    let root = Buffer::new(&buffer).root()?;
    match root.text(core::VERSION)? {
        Some(version) if version == "FlabuffersModel_v1" => {}
        version => {
            let found = version.unwrap_or_default().into_owned();
            return Err(CatboostError::Version { at: at(), found }.into());
        }
    }
    let parts = root.vector(core::PARTS, 4)?.map_or(0, Vector::len);
    let extra = blob.len().saturating_sub(end);
    if parts == 0 && extra > 0 {
        return Err(CatboostError::Trailing { at: blob.location(end), extra }.into());
    }
    let forest = root.table(core::TREES)?.ok_or_else(|| CatboostError::Missing { at: at(), what: "trees" })?;
    let mut facts = Facts { encoding: "cbm", ..Facts::default() };
    grow(forest, &mut facts, &at, cx)?;
    for (number, kind) in [
        (trees::FLOAT, "float"),
        (trees::CATEGORICAL, "categorical"),
        (trees::TEXT, "text"),
        (trees::EMBEDDING, "embedding"),
    ] {
        for feature in forest.tables(number)? {
            let feature = feature?;
            // a float feature has a flag in front, and its borders before its name
            let (flat, name) = if kind == "float" { (2, 4) } else { (1, 2) };
            let index = u64::try_from(feature.i32(flat, -1)?).unwrap_or_default();
            let name = feature.text(name)?.unwrap_or_default().into_owned();
            facts.features.push(Feature { index, name, kind });
        }
    }
    facts.features.sort_by_key(|feature| feature.index);
    for pair in root.tables(core::INFO)? {
        cx.tick("analyze", facts.info.len() as u64, 0)?;
        let pair = pair?;
        let text = |number| pair.text(number).map(|text| text.unwrap_or_default().into_owned());
        facts.info.push((text(0)?, text(1)?));
    }
    Ok(facts)
}

/// Counts what the trees hold, and holds their lists against each other.
fn grow(forest: Table<'_>, facts: &mut Facts, at: &dyn Fn() -> Location, cx: &Context) -> Result<()> {
    facts.dimension = u64::from(forest.u32(trees::DIMENSION, 1)?.max(1));
    facts.splits = forest.vector(trees::SPLITS, 4)?.map_or(0, Vector::len);
    facts.leaf_values = forest.vector(trees::LEAF_VALUES, 8)?.map_or(0, Vector::len);
    facts.symmetric = forest.vector(trees::STEPS, 4)?.is_none_or(|steps| steps.len() == 0);
    let (mut claimed, mut leaves) = (0_u64, 0_u64);
    for size in forest.i32s(trees::SIZES)? {
        if facts.trees.is_multiple_of(1 << 12) {
            cx.tick("analyze", facts.trees, 0)?;
        }
        facts.trees = facts.trees.saturating_add(1);
        let depth = u32::try_from(size).ok().filter(|size| !facts.symmetric || *size <= DEEPEST);
        let Some(depth) = depth else {
            return Err(CatboostError::Depth { at: at(), found: size.into(), most: DEEPEST }.into());
        };
        claimed = claimed.saturating_add(depth.into());
        leaves = leaves.saturating_add(1_u64.checked_shl(depth).unwrap_or(u64::MAX));
    }
    if claimed != facts.splits {
        return Err(CatboostError::Count { at: at(), what: "splits of all trees", claimed, found: facts.splits }.into());
    }
    let claimed = leaves.saturating_mul(facts.dimension);
    if facts.symmetric && claimed != facts.leaf_values {
        let found = facts.leaf_values;
        return Err(CatboostError::Count { at: at(), what: "values of all leaves", claimed, found }.into());
    }
    Ok(())
}
