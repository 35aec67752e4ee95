//! Weights out of a file that would have to be run to be loaded, without running it.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{Artifact, FileSink, Sink};
use crate::blob::Reader;
use crate::context::Context;
use crate::descriptor::FormatId;
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::Pipeline;
use crate::scan::{Depth, Exam, Verdict};
use crate::wire::safetensors::{NewTensor, layout};

/// What was taken out of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extracted {
    /// The file that was written.
    pub name: String,
    /// The format that it was taken from.
    pub from: FormatId,
    /// Tensors, tied ones by each of their names.
    pub tensors: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Tied tensors: the name, and the earlier one whose elements it has.
    pub tied: BTreeMap<String, String>,
}

impl Pipeline {
    /// Writes the tensors of a checkpoint as safetensors under `name`; the caller commits the sink.
    ///
    /// The file is scanned first, and nothing is taken from one that is not clean. Each tensor is streamed by itself:
    /// one that lies row-major in the file is never copied in memory. Tied tensors keep all of their names, and each
    /// name has its bytes, so that any reader finds what PyTorch would have loaded; which ones were tied stands in the
    /// metadata (`tied.<name>`), and in the result.
    ///
    /// # Errors
    /// `UnsafeContent` for a file that is not clean; `Unsupported` for a format without tensors, and for tensors that
    /// safetensors cannot hold; `Malformed`.
    pub fn extract_tensors(
        &self,
        path: impl AsRef<Path>,
        name: &str,
        out: &mut dyn Sink,
        cx: &Context,
    ) -> Result<Extracted> {
        self.extract_tensors_of(&Artifact::open(path, cx)?, name, out, cx)
    }

    /// As [`extract_tensors`](Self::extract_tensors), into a file that appears only when it is complete.
    ///
    /// # Errors
    /// The same; `InvalidArgument` if `out` is there already and `replace` is not said.
    pub fn extract_tensors_to(
        &self,
        path: impl AsRef<Path>,
        out: &Path,
        replace: bool,
        cx: &Context,
    ) -> Result<Extracted> {
        if !replace && out.exists() {
            let error = Error::argument(format!("'{}' is there already", out.display()));
            return Err(error.with_note("name another file, or ask to replace it"));
        }
        let mut sink = FileSink::create(out)?;
        let name = sink.name().to_owned();
        let extracted = self.extract_tensors(path, &name, &mut sink, cx)?;
        sink.commit()?;
        Ok(extracted)
    }

    /// As [`extract_tensors`](Self::extract_tensors), from an artifact.
    ///
    /// # Errors
    /// The same.
    pub fn extract_tensors_of(
        &self,
        artifact: &Artifact,
        name: &str,
        out: &mut dyn Sink,
        cx: &Context,
    ) -> Result<Extracted> {
        let Some(reader) = self.registry.tensor_reader(artifact) else {
            let format = self.registry.detect(artifact)?.format();
            let message = format!("no tensors are read from '{format}'");
            return Err(Error::new(ErrorKind::Unsupported, message).with_file(artifact.name()));
        };
        self.demand_clean(artifact, cx)?;
        let mut source = reader.open(artifact, cx)?;
        let tensors = source.tensors().to_vec();
        let mut metadata = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
        let mut tied = BTreeMap::new();
        for tensor in &tensors {
            if let Some(first) = &tensor.shares {
                metadata.insert(format!("tied.{}", tensor.name), first.clone());
                tied.insert(tensor.name.clone(), first.clone());
            }
        }
        let rows: Vec<NewTensor<'_>> = tensors
            .iter()
            .map(|tensor| NewTensor { name: &tensor.name, dtype: tensor.dtype, shape: &tensor.shape })
            .collect();
        let plan = layout(&rows, &metadata)?;
        let bytes = plan.ranges.iter().map(|range| range.end).max().unwrap_or(plan.header.len() as u64);
        let mut file = out.create(name)?;
        let mut write = |bytes: &[u8]| file.write_all(bytes).map_err(|error| Error::io("write", name, error));
        write(&plan.header)?;
        let mut done = plan.header.len() as u64;
        let mut contents = Reader::default();
        for index in &plan.order {
            let elements = source.read(*index, cx)?;
            contents.read(&elements, done, |part| {
                cx.tick("extract", done, bytes)?;
                done += part.len() as u64;
                write(part)
            })?;
            elements.release();
        }
        file.flush().map_err(|error| Error::io("write", name, error))?;
        if done != bytes {
            return Err(Error::internal(format!("wrote {done} bytes where the header says {bytes}")));
        }
        Ok(Extracted { name: name.to_owned(), from: reader.format(), tensors: tensors.len() as u64, bytes, tied })
    }

    /// Refuses files that are not clean, naming what speaks against them first.
    fn demand_clean(&self, artifact: &Artifact, cx: &Context) -> Result<()> {
        let mut exam = Exam::new(self.registry.inspectors(), Depth::Structure, cx);
        for (entry, _) in artifact.entries() {
            exam.examine_entry(artifact, entry)?;
        }
        let examined = exam.finish();
        if examined.verdict() == Verdict::Clean {
            return Ok(());
        }
        let gravest = examined.findings.iter().max_by_key(|finding| finding.severity);
        let gap = examined.gaps.first();
        let (what, at) = match (gravest, gap) {
            (Some(finding), _) if examined.verdict() >= Verdict::Suspicious => (
                finding
                    .evidence
                    .as_ref()
                    .map_or_else(|| finding.message.clone(), |seen| format!("{}: {seen}", finding.message)),
                finding.location.clone(),
            ),
            (_, Some(gap)) => (gap.reason.clone(), gap.location.clone()),
            _ => return Ok(()),
        };
        Err(Error::new(ErrorKind::UnsafeContent, format!("refusing to convert: {what}")).with_location(at))
    }
}
