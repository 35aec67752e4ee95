//! What would act in a Flax checkpoint: nothing, as long as all of it is one.

use crate::descriptor::FormatId;
use crate::error::Result;
use crate::formats::flax::{FORMAT, tree};
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content};

/// Looks for danger in Flax checkpoints.
#[derive(Debug, Clone, Copy, Default)]
pub struct FlaxInspector;

impl Inspector for FlaxInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if tree::begins_like_one(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let tree = tree::read(&part.blob, part.name(), exam.cx())?;
        for tensor in tree.model.iter().chain(&tree.state) {
            let Some(start) = tensor.start else { continue };
            let first = start.saturating_sub(part.blob.offset());
            content::search(part, first..first.saturating_add(tensor.bytes), exam)?;
        }
        Ok(Taken::Yes)
    }
}
