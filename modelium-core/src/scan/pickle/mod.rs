//! The judgement of pickles: what loading them would do.
//!
//! [`examine`] answers for all bytes of a part: every stream in it, each with a memo of its own, what lies between and
//! behind them, and what is nested in constants. Formats that know better where pickles start use [`examine_one`].
//!
//! A call is harmless only where [`callables`](crate::scan::callables) knows it, with arguments that real writers give;
//! everything else is a finding, and tables of what acts only decide how grave. What ran before a fault counts. Nothing
//! is executed: names that are put together while loading are folded from constants.

mod arrays;
mod cost;
mod fold;
mod judge;
mod payload;
mod render;
mod streams;

use crate::blob::Blob;
use crate::error::Result;
use crate::finding::Severity;
use crate::scan::rules::pickle as rules;
use crate::scan::{Exam, Part};
use crate::wire::pickle::{self, Built, Host, Options, Trace, ValueId};

pub use arrays::{JoblibHost, StreamArray};
pub use streams::{begins_stream, is_joblib, is_legacy_torch, looks_like_pickle};

/// A loader that reads nothing but opcodes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plain;

impl Host for Plain {
    fn built(&mut self, _: &Trace, _: ValueId, _: u64) -> Result<Built> {
        Ok(Built::Plain)
    }
}

/// Examines every pickle from a byte of the part on, and answers for the bytes between and behind them.
///
/// # Errors
/// `Cancelled` only.
pub fn examine(part: &Part, start: u64, host: &mut dyn Host, exam: &mut Exam<'_>) -> Result<()> {
    let mut at = start;
    let mut streams = 0_u64;
    let mut search = streams::Search::default();
    let mut hidden = false;
    let length = part.blob.len();
    while at < length {
        if streams >= exam.cx().limits().entries {
            let message = format!("more than {streams} pickles in one file");
            exam.report(&rules::TOO_LARGE, part.at(at), message.clone());
            exam.gap(part.at(at), length.saturating_sub(at), message);
            break;
        }
        let trace = examine_stream(part, at, hidden, host, exam)?;
        streams = streams.saturating_add(1);
        at = match trace.fault() {
            Some(fault) if fault.is_limit() => break,
            Some(fault) => fault.byte.max(at).saturating_add(1),
            None => trace.end(),
        };
        let sound = trace.fault().is_none();
        let rest = rest(&part.blob, at);
        if rest.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
            break;
        }
        if sound && !hidden && begins_stream(&part.blob, at, exam.cx())? {
            continue;
        }
        let Some(next) = search.next(&part.blob, at, exam.cx())? else {
            // the bytes behind a fault are part of what is broken
            if sound {
                let bytes = rest.len();
                let message = format!("{bytes} bytes follow the last pickle, and no loader of pickles reads them");
                exam.report(&rules::TRAILING, part.at(at), message);
            }
            break;
        };
        hidden = true;
        at = next;
    }
    Ok(())
}

/// Examines a file as both loaders of it would read it: joblib, which skips the bytes of arrays, and `pickle`, which does
/// not and runs them as opcodes.
///
/// # Errors
/// `Cancelled` only.
pub fn examine_file(part: &Part, start: u64, exam: &mut Exam<'_>) -> Result<()> {
    let blob = part.blob.clone();
    let mut host = JoblibHost::new(&blob, exam.cx());
    examine(part, start, &mut host, exam)?;
    let arrays = host.arrays;
    for array in arrays.iter().filter(|array| array.element.objects) {
        examine_one(part, array.start, &mut Plain, exam)?;
    }
    if !arrays.is_empty() {
        let trace = pickle::run(&part.blob, start, Options::default(), exam.cx())?;
        for charge in judge::judge(&trace).charges {
            if charge.rule.severity == Severity::Danger {
                exam.report_seen(charge.rule, part.at(charge.byte), charge.message, charge.evidence);
            }
        }
    }
    Ok(())
}

/// Examines the one pickle at a byte of the part; the trace says where it ends.
///
/// # Errors
/// `Cancelled` only.
pub fn examine_one(part: &Part, start: u64, host: &mut dyn Host, exam: &mut Exam<'_>) -> Result<Trace> {
    examine_stream(part, start, false, host, exam)
}

/// Examines a trace that the caller has already.
///
/// # Errors
/// `Cancelled` only.
pub fn examine_trace(part: &Part, trace: &Trace, exam: &mut Exam<'_>) -> Result<()> {
    report(part, trace, false, exam)
}

fn examine_stream(part: &Part, at: u64, hidden: bool, host: &mut dyn Host, exam: &mut Exam<'_>) -> Result<Trace> {
    let trace = pickle::run_with(&part.blob, at, Options::default(), host, exam.cx())?;
    report(part, &trace, hidden, exam)?;
    Ok(trace)
}

fn report(part: &Part, trace: &Trace, hidden: bool, exam: &mut Exam<'_>) -> Result<()> {
    let judged = judge::judge(trace);
    for name in &judged.uses {
        exam.uses(name);
    }
    for charge in judged.charges {
        // a loader that reads from the start does not get to what lies behind junk
        let rule =
            if hidden && charge.rule.severity >= Severity::Suspicious { &rules::HIDDEN_STREAM } else { charge.rule };
        exam.report_seen(rule, part.at(charge.byte), charge.message, charge.evidence);
    }
    for (byte, message) in cost::costs(trace) {
        exam.report(&rules::EXHAUSTS, part.at(byte), message);
    }
    match trace.fault() {
        Some(fault) if fault.is_limit() => {
            exam.report(&rules::TOO_LARGE, part.at(fault.byte), fault.kind.to_string());
            exam.gap(part.at(fault.byte), part.blob.len().saturating_sub(fault.byte), fault.kind.to_string());
        }
        Some(fault) => exam.report(&rules::BROKEN, part.at(fault.byte), fault.kind.to_string()),
        None => {}
    }
    for nested in judged.nested {
        let name = format!("bytes for {} at {}", nested.loader, nested.byte);
        exam.child(part, name, Blob::from_bytes(part.blob.name(), nested.bytes))?;
    }
    for (byte, message, evidence) in payload::hidden(trace, exam.cx())? {
        exam.report_seen(
            &rules::HIDDEN_PAYLOAD,
            part.at(byte),
            format!("a constant is a pickle that {message}"),
            evidence,
        );
    }
    Ok(())
}

fn rest(blob: &Blob, at: u64) -> &[u8] {
    usize::try_from(at).ok().and_then(|at| blob.get(at..)).unwrap_or_default()
}
