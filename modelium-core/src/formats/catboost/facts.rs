//! What both encodings say of a model.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Location, Result};
use crate::formats::catboost::{CatboostError, export, native};
use crate::formats::single::head;
use crate::wire::json::{self, Json};

/// A model as its file tells it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Facts {
    pub(super) encoding: &'static str,
    pub(super) trees: u64,
    pub(super) splits: u64,
    pub(super) leaf_values: u64,
    pub(super) dimension: u64,
    /// Name, which may be empty, and kind of each feature, by its place in a row.
    pub(super) features: Vec<Feature>,
    /// Key and value pairs, texts and JSON, that training left.
    pub(super) info: Vec<(String, String)>,
    pub(super) symmetric: bool,
}

/// One feature of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Feature {
    pub(super) index: u64,
    pub(super) name: String,
    pub(super) kind: &'static str,
}

/// How a model is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Native,
    Json,
}

/// The encoding of a model that begins with these bytes.
pub(super) fn encoding(blob: &[u8]) -> Option<Encoding> {
    if blob.starts_with(b"CBM1") {
        return Some(Encoding::Native);
    }
    let text = head(blob, 1 << 14).trim_start();
    let first = text.strip_prefix('{')?.trim_start().strip_prefix('"')?.split('"').next()?;
    let known = ["features_info", "model_info", "oblivious_trees", "trees", "scale_and_bias", "ctr_data"];
    let inside =
        ["\"flat_feature_index\"", "\"catboost_version_info\"", "\"float_feature_index\"", "\"oblivious_trees\""];
    (known.contains(&first) && inside.iter().any(|key| text.contains(key))).then_some(Encoding::Json)
}

/// Reads a model of either encoding.
pub(super) fn read(blob: &Blob, cx: &Context) -> Result<Facts> {
    match encoding(blob) {
        Some(Encoding::Native) => native::read(blob, cx),
        Some(Encoding::Json) => export::read(blob, cx),
        None => Err(CatboostError::NotOne { at: Location::file(blob.name()) }.into()),
    }
}

impl Facts {
    /// The text under a key that training left.
    pub(super) fn info(&self, key: &str) -> Option<&str> {
        self.info.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The version that wrote the model: the tag in what its build says of itself.
    pub(super) fn version(&self) -> Option<String> {
        let text = self.info("catboost_version_info")?;
        let (_, rest) = text.split_once("tags/v").or_else(|| text.split_once("CatBoost release "))?;
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        rest.get(..end).map(|version| version.trim_end_matches('.').to_owned()).filter(|version| !version.is_empty())
    }

    /// What training minimised: `Logloss`.
    pub(super) fn loss(&self, cx: &Context) -> Option<String> {
        let blob = Blob::from_bytes("params", self.info("params")?.as_bytes().to_vec());
        let params = json::parse(&blob, cx).ok()?.root;
        params.at(&["loss_function", "type"]).and_then(Json::as_str).map(str::to_owned)
    }
}
