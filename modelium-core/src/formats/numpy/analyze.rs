//! Bytes → descriptor: names, types and places of arrays.

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{ModelDescriptor, Producer, TensorDescriptor};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::formats::numpy::FORMAT;
use crate::formats::numpy::error::{NumpyError, NumpyFault};
use crate::formats::numpy::header::{self, Header, MAGIC};
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, FormatId, Match};
use crate::wire::zip::{Directory, looks_like_zip};

/// Describes arrays.
#[derive(Debug, Clone, Copy, Default)]
pub struct NumpyAnalyzer;

impl Analyzer for NumpyAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match only_file(artifact) {
            Some((_, blob)) if blob.starts_with(MAGIC) || is_npz(&blob) => Match::Certain,
            _ => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, name);
        model.framework = Some(Producer { name: "numpy".to_owned(), version: None });
        let mut arrays = Vec::new();
        if blob.starts_with(MAGIC) {
            let header = header::read(&blob, 0, cx)?;
            model.format_version = Some(format!("{}.{}", header.version.0, header.version.1));
            arrays.push(describe("array", &header, Some((name, header.start))));
            note_objects("array", &header, &mut model);
        } else {
            let directory = Directory::read(&blob, cx)?;
            for entry in directory.entries.iter().filter(|entry| !entry.is_folder()) {
                cx.tick("analyze", arrays.len() as u64, directory.entries.len() as u64)?;
                let Some(array) = entry.name.strip_suffix(".npy") else { continue };
                let bytes = directory.member(entry, cx.limits().inflated_bytes, cx)?;
                let header = header::read(&bytes, 0, cx)?;
                let stored = entry.data.as_ref().filter(|_| entry.is_plain());
                let start = stored.map(|data| data.start.saturating_add(header.start));
                arrays.push(describe(array, &header, start.map(|start| (name, start))));
                model.format_version = Some(format!("{}.{}", header.version.0, header.version.1));
                note_objects(array, &header, &mut model);
            }
            if arrays.is_empty() {
                let fault = NumpyFault::NoArrays { members: directory.entries.len() };
                return Err(NumpyError { fault, at: crate::error::Location::file(blob.name()) }.into());
            }
        }
        Ok(model.with_tensors(arrays))
    }
}

fn describe(name: &str, header: &Header, place: Option<(&str, u64)>) -> TensorDescriptor {
    let element = &header.element;
    let count = header.dims.iter().fold(1_u64, |product, dim| product.saturating_mul(*dim));
    let strides = (header.column_major && header.dims.len() > 1).then(|| {
        let mut step = 1_u64;
        let next = |dim: &u64| {
            let here = step;
            step = step.saturating_mul(*dim);
            here
        };
        header.dims.iter().map(next).collect()
    });
    TensorDescriptor {
        name: name.to_owned(),
        dtype: element.name.clone(),
        shape: header.dims.clone(),
        strides,
        bytes: if element.objects { 0 } else { count.saturating_mul(element.bytes) },
        file: place.filter(|_| !element.objects).map(|(file, _)| file.to_owned()),
        start: place.filter(|_| !element.objects).map(|(_, start)| start),
        shares: None,
    }
}

fn note_objects(name: &str, header: &Header, model: &mut ModelDescriptor) {
    if header.element.objects {
        let message = format!("array '{}' holds Python objects, which are a pickle", name.escape_debug());
        model.findings.push(Finding::new("numpy.objects", Severity::Warning, message));
    }
}

/// An archive whose members are arrays, but for folders.
pub(super) fn is_npz(blob: &Blob) -> bool {
    if !looks_like_zip(blob) {
        return false;
    }
    let Ok(directory) = Directory::read(blob, &Context::new()) else { return false };
    let mut files = directory.entries.iter().filter(|entry| !entry.is_folder()).peekable();
    files.peek().is_some() && files.all(|entry| entry.name.strip_suffix(".npy").is_some())
}
