//! Bytes → descriptor: what joblib has stored, inflated first where it is compressed.

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{ModelDescriptor, Producer};
use crate::error::Result;
use crate::formats::joblib::{FORMAT, OLD_HEADER, OLD_MAGIC};
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, FormatId, Match, pickled};
use crate::scan::pickle;
use crate::wire::compress::{Codec, inflate, inflate_head};

/// Bytes that tell what is inside of a stream.
const HEAD: usize = 1 << 14;

/// Describes files of joblib.
#[derive(Debug, Clone, Copy, Default)]
pub struct JoblibAnalyzer;

impl Analyzer for JoblibAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        let Some((_, blob)) = only_file(artifact) else { return Match::No };
        let plain = || pickle::is_joblib(&blob) && pickle::looks_like_pickle(&blob) == Some(true);
        match stream(&blob) {
            Some((codec, stream)) => {
                let head = Blob::from_bytes(blob.name(), inflate_head(codec, &stream, HEAD));
                if pickle::looks_like_pickle(&head).is_some() { Match::Certain } else { Match::No }
            }
            None if plain() => Match::Certain,
            None => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let mut model = match stream(&blob) {
            Some((codec, stream)) => {
                let inflated = inflate(codec, &stream, cx.limits().inflated_bytes, cx)?;
                let mut model = pickled::describe(artifact, name, FORMAT, &inflated, false, cx)?;
                model.metadata.insert("compression".to_owned(), codec.name().to_owned());
                model
            }
            None => pickled::describe(artifact, name, FORMAT, &blob, true, cx)?,
        };
        model.producer = Some(Producer { name: "joblib".to_owned(), version: None });
        Ok(model)
    }
}

/// The compressed stream in a file, if it is compressed.
fn stream(blob: &Blob) -> Option<(Codec, Blob)> {
    if blob.starts_with(OLD_MAGIC) {
        return blob.slice(OLD_HEADER..blob.len()).map(|stream| (Codec::Zlib, stream));
    }
    Codec::sniff(blob).map(|codec| (codec, blob.clone()))
}
