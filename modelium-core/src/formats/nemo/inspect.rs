//! What restoring a model makes NeMo call.

use crate::descriptor::FormatId;
use crate::error::Result;
use crate::formats::nemo::{FORMAT, archive};
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::members::tar_members;
use crate::scan::{Exam, Part, hydra, yaml as judge};
use crate::wire::tar::Tar;
use crate::wire::yaml;

/// Looks for danger in NeMo's archives. A gzipped one comes here once it is inflated.
#[derive(Debug, Clone, Copy, Default)]
pub struct NemoInspector;

impl Inspector for NemoInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if archive::is_archive(&part.blob, &crate::context::Context::new()) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let tar = Tar::read(&part.blob, exam.cx())?;
        for entry in tar.entries.iter().filter(|entry| archive::is_config(entry)) {
            let Some(bytes) = part.blob.slice(entry.data.clone()) else { continue };
            let config = part.member(&entry.name, bytes);
            let text = yaml::read(&config.blob, exam.cx())?;
            judge::examine(&text, &config, exam);
            for document in &text.documents {
                hydra::examine(document, &config.location(), hydra::Reader::Loader, exam)?;
            }
            if let Some(fault) = text.fault {
                exam.fault(&fault.into(), &config);
            }
        }
        tar_members(part, &tar, archive::is_config, exam)?;
        Ok(Taken::Yes)
    }
}
