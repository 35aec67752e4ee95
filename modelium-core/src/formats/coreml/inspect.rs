//! What would act in a Core ML model: code of the application that it asks for, files that it leads to.

use crate::error::Result;
use crate::formats::coreml::schema::{self, ALIGNMENT, blob_at, is_model, is_storage, kind_name};
use crate::formats::coreml::{CoremlAnalyzer, FORMAT};
use crate::formats::{Analyzer as _, FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content, rules};
use crate::wire::budget::Budget;
use crate::wire::protobuf::Message;

/// Looks for danger in Core ML models and their weights.
#[derive(Debug, Clone, Copy, Default)]
pub struct CoremlInspector;

impl Inspector for CoremlInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if is_model(&part.blob) || is_storage(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        if is_storage(&part.blob) {
            storage(part, exam)?;
        } else {
            let mut budget = Budget::new(exam.cx());
            model(Message::whole(&part.blob), part, exam, &mut budget, 0)?;
            // weights in files beside are held against what the model says of them
            if let Some((artifact, entry)) = exam.entry(part) {
                CoremlAnalyzer.analyze(&artifact.only(entry)?, exam.cx())?;
            }
        }
        Ok(Taken::Yes)
    }
}

fn model(message: Message<'_>, part: &Part, exam: &mut Exam<'_>, budget: &mut Budget<'_>, depth: u32) -> Result<()> {
    budget.depth(depth)?;
    for field in message.fields() {
        let field = field?;
        let at = part.at(field.at);
        match field.number {
            555 => {
                let name = field.message()?.find(10)?.map(|name| name.text()).transpose()?.unwrap_or_default();
                let text = format!("a custom model, class '{name}' of the application");
                exam.report(&rules::graph::NEEDS_LIBRARY, at, text);
            }
            556 => exam.report(&rules::graph::READS_DATA, at, "a linked model, which is read from another file"),
            200..=202 => {
                // a classifier and a regressor hold the pipeline one level deeper
                let inner = match field.message()?.find(1)? {
                    Some(inner) if field.number != 202 => inner.message()?,
                    _ => field.message()?,
                };
                for step in inner.fields() {
                    let step = step?;
                    if step.number == 1 {
                        budget.node(0)?;
                        model(step.message()?, part, exam, budget, depth.saturating_add(1))?;
                    }
                }
            }
            303 | 403 | 500 => network(field.message()?, part, exam, budget, depth)?,
            502 => program(field.message()?, part, exam, budget)?,
            // the others hold numbers and names; their encoding is walked all the same
            number if kind_name(number).is_some() => {
                for inner in field.message()?.fields() {
                    inner?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn network(message: Message<'_>, part: &Part, exam: &mut Exam<'_>, budget: &mut Budget<'_>, depth: u32) -> Result<()> {
    budget.depth(depth)?;
    for field in message.fields() {
        let field = field?;
        if field.number != 1 {
            continue;
        }
        budget.node(0)?;
        for layer in field.message()?.fields() {
            let layer = layer?;
            match layer.number {
                500 => {
                    let name = layer.message()?.find(10)?.map(|name| name.text()).transpose()?.unwrap_or_default();
                    let text = format!("a custom layer, class '{name}' of the application");
                    exam.report(&rules::graph::NEEDS_LIBRARY, part.at(layer.at), text);
                }
                // networks inside: the branches of a condition, the condition and body of a loop
                605 | 615 => {
                    for inner in layer.message()?.fields() {
                        let inner = inner?;
                        let message = inner
                            .message()
                            .ok()
                            .filter(|inner| inner.fields().all(|field| field.is_ok_and(|field| field.is_message())));
                        if let Some(inner) = message {
                            network(inner, part, exam, budget, depth.saturating_add(1))?;
                        }
                    }
                }
                1..=10 => {}
                number if schema::layer(number).is_none() => {
                    let text = format!("a layer of kind {number}, which the specification does not have");
                    exam.gap(part.at(layer.at), layer.raw().len() as u64, text);
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Files that constants of a program lie in must be of the package. Values are found wherever they stand: a message
/// whose first field is a path that begins with the package's own mark.
fn program(message: Message<'_>, part: &Part, exam: &mut Exam<'_>, budget: &mut Budget<'_>) -> Result<()> {
    let mut waiting = vec![(message, 0_u32)];
    while let Some((message, depth)) = waiting.pop() {
        budget.depth(depth)?;
        budget.node(32)?;
        for field in message.fields() {
            let field = field?;
            let Ok(inner) = field.message() else { continue };
            let bytes = inner.bytes();
            if field.number == 5
                && bytes.first() == Some(&0x0a)
                && let Ok(Some(name)) = inner.find(1)
                && let Ok(path) = std::str::from_utf8(name.raw())
                && path.contains('/')
                && inner.fields().all(|field| field.is_ok_and(|field| field.number <= 2))
            {
                let relative = path.strip_prefix("@model_path/").unwrap_or(path);
                let leads_out =
                    relative.starts_with('/') || relative.split('/').any(|step| step == "..") || relative.contains(':');
                if leads_out {
                    let text = format!("weights in '{path}', which is no place inside the package");
                    exam.report(&rules::structure::UNSAFE_CONTENT, part.at(field.at), text);
                }
            } else if is_structure(inner) {
                waiting.push((inner, depth.saturating_add(1)));
            }
        }
    }
    Ok(())
}

/// True for bytes that read as a message to their end; runs of numbers and texts do not, but for rare chance, which costs
/// a look and no more.
fn is_structure(message: Message<'_>) -> bool {
    message.byte_len() > 3 && message.fields().all(|field| field.is_ok_and(|field| field.number < 64))
}

/// Blob storage: each run of elements has its metadata before it, and they follow each other.
fn storage(part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    let mut at = ALIGNMENT;
    while at < part.blob.len() {
        exam.cx().tick("scan", at, part.blob.len())?;
        let (start, end) = blob_at(&part.blob, at)?;
        if start < at.saturating_add(ALIGNMENT) {
            exam.gap(part.at(at), part.blob.len().saturating_sub(at), "a blob lies before its own metadata");
            return Ok(());
        }
        content::search(part, start..end, exam)?;
        let Some(next) = end.checked_next_multiple_of(ALIGNMENT) else { break };
        at = next;
    }
    Ok(())
}
