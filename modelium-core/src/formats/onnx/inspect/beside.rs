//! Files of external data: weights without any header, which are known by the model that refers to them.

use memchr::memmem;

use crate::artifact::Artifact;
use crate::error::Result;
use crate::formats::onnx::locate;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content};

/// Models of one folder that are asked whether a file is theirs.
const MODELS: usize = 32;

/// Takes a file that an ONNX model beside it refers to.
#[derive(Debug, Clone, Copy, Default)]
pub struct OnnxDataInspector;

impl Inspector for OnnxDataInspector {
    fn format(&self) -> FormatId {
        FormatId::new("onnx_data")
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if part.members.is_empty() { Sniff::Maybe } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let Some((artifact, entry)) = exam.entry(part).filter(|(artifact, _)| artifact.is_folder()) else {
            return Ok(Taken::No);
        };
        if !is_referred_to(artifact, entry) {
            return Ok(Taken::No);
        }
        content::search(part, 0..part.blob.len(), exam)?;
        Ok(Taken::Yes)
    }
}

/// True if a model of the folder, or of a folder above it, has the file as the location of external data.
fn is_referred_to(artifact: &Artifact, entry: &str) -> bool {
    let models = artifact.entries().map(|(name, _)| name).filter(|name| locate::is_onnx_name(name) && *name != entry);
    let mut models = models.filter_map(|name| {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let relative = entry.strip_prefix(folder)?;
        let relative = if folder.is_empty() { relative } else { relative.strip_prefix('/')? };
        Some((name, relative))
    });
    models.by_ref().take(MODELS).any(|(name, relative)| {
        let Ok(model) = artifact.blob(name) else { return false };
        // the entry of the list as every writer encodes it: key, value
        let (Ok(short), true) = (u8::try_from(relative.len()), relative.len() < 128) else {
            return memmem::find(&model, relative.as_bytes()).is_some();
        };
        let mut encoded = b"\x0a\x08location\x12".to_vec();
        encoded.push(short);
        encoded.extend_from_slice(relative.as_bytes());
        memmem::find(&model, &encoded).is_some()
    })
}
