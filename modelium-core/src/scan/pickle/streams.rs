//! Where pickles start: at the first byte, right behind another, or somewhere in other bytes.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::Result;
use crate::finding::Severity;
use crate::scan::pickle::judge::judge;
use crate::wire::pickle::opcodes;
use crate::wire::pickle::{self, EffectKind, Options, Trace, Value};

/// Instructions that tell a pickle from other bytes.
const PROBE: u64 = 64;
/// Bytes that a probe may read.
const WINDOW: u64 = 1 << 16;
/// Places that are tried in bytes that are no pickles, and instructions for all of them together.
const TRIES: u64 = 20_000;
const TRIED_INSTRUCTIONS: u64 = 20_000_000;
/// Bytes that could begin a pickle and are looked at more closely.
const LOOKS: u64 = 4_000_000;

/// How sure one can be that a pickle starts at the first byte: `Some(true)` for certain, `Some(false)` for perhaps.
///
/// A header of protocol 2 or newer is certain if what follows runs, or acts before it fails. Protocols 0 and 1 have no
/// header: theirs must run to its end, or call something.
pub fn looks_like_pickle(blob: &Blob) -> Option<bool> {
    let head = blob.slice(0..blob.len().min(WINDOW))?;
    let cx = Context::new();
    let options = Options { instructions: Some(PROBE), ..Options::default() };
    let trace = pickle::run(&head, 0, options, &cx).ok()?;
    let cut = head.len() < blob.len() && trace.end() >= head.len() / 2;
    let runs = trace.fault().is_none_or(|fault| fault.is_limit() || cut);
    match head.first_chunk() {
        // a header of no protocol, or an end before anything: loaders refuse them, and what follows acts
        Some([0x80, 6..=255]) => {
            let rest = blob.slice(2..head.len())?;
            acts(&pickle::run(&rest, 0, options, &cx).ok()?).then_some(true)
        }
        Some([opcodes::STOP, _]) => begins_stream(blob, 1, &cx).ok()?.then_some(true),
        Some([0x80, 0..=5]) if runs || acts(&trace) || trace.instructions() > 4 => Some(true),
        Some([0x80, 0..=5]) => Some(false),
        // the first letters of zip archives are an opcode, too, which plain unpicklers refuse
        Some([b'P', b'K']) if head.starts_with(b"PK\x03\x04") => None,
        _ if !names_are_text(&trace) => None,
        _ if acts(&trace) => Some(true),
        _ => {
            // two bytes of text can be a pickle by chance
            let whole = trace.result().is_some() && trace.end() == blob.len();
            let whole = whole || trace.result().is_some() && begins_stream(blob, trace.end(), &cx).ok()?;
            let long = trace.fault().is_some_and(pickle::Fault::is_limit);
            (runs && (whole || long || trace.instructions() > 8)).then_some(whole || long)
        }
    }
}

/// True if something with a name that could be one is called or made.
fn acts(trace: &Trace) -> bool {
    trace.effects().iter().any(|effect| match effect.kind {
        EffectKind::Call(id) => trace.callee(id).is_none_or(|(module, name)| is_dotted(module) && is_dotted(name)),
        _ => false,
    })
}

/// True if persistent ids, which protocol 0 writes as lines, are such as a writer chooses.
fn names_are_text(trace: &Trace) -> bool {
    trace.effects().iter().all(|effect| match effect.kind {
        EffectKind::Persistent(id) => match trace.value(id) {
            Value::Persistent(pid) => trace.bytes(pid).is_none_or(|pid| !pid.iter().any(u8::is_ascii_control)),
            _ => true,
        },
        _ => true,
    })
}

fn is_dotted(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'))
}

/// True if a pickle starts right there, behind another one.
///
/// # Errors
/// `Cancelled` only.
pub fn begins_stream(blob: &Blob, at: u64, cx: &Context) -> Result<bool> {
    let Some(window) = blob.slice(at..at.saturating_add(WINDOW).min(blob.len())) else { return Ok(false) };
    let options = Options { instructions: Some(PROBE), ..Options::default() };
    let trace = pickle::run(&window, 0, options, cx)?;
    let whole = window.len() == blob.len().saturating_sub(at);
    let cut = !whole && trace.end() >= window.len() / 2;
    let sound = trace.fault().is_none_or(|fault| fault.is_limit() || cut);
    Ok(sound && (window.first() == Some(&opcodes::PROTO) || trace.instructions() > 1) || acts(&trace))
}

/// A search for pickles among other bytes.
#[derive(Debug, Default)]
pub(super) struct Search {
    looks: u64,
    tries: u64,
    instructions: u64,
}

impl Search {
    /// The next byte from `at` on at which a pickle starts that calls or names something.
    pub(super) fn next(&mut self, blob: &Blob, at: u64, cx: &Context) -> Result<Option<u64>> {
        let Some(rest) = usize::try_from(at).ok().and_then(|at| blob.get(at..)) else { return Ok(None) };
        let marks = memchr::memchr3_iter(opcodes::PROTO, opcodes::GLOBAL, opcodes::MARK, rest);
        for mark in marks {
            let Some(here) = rest.get(mark..) else { break };
            self.looks = self.looks.saturating_add(1);
            if !is_candidate(here) {
                if self.looks >= LOOKS {
                    break;
                }
                continue;
            }
            if self.tries >= TRIES || self.instructions >= TRIED_INSTRUCTIONS {
                break;
            }
            if self.tries.is_multiple_of(256) {
                cx.tick("scan", at.saturating_add(mark as u64), blob.len())?;
            }
            self.tries = self.tries.saturating_add(1);
            let start = at.saturating_add(mark as u64);
            let Some(window) = blob.slice(start..start.saturating_add(WINDOW).min(blob.len())) else { break };
            let options = Options { instructions: Some(10_000), ..Options::default() };
            let trace = pickle::run(&window, 0, options, cx)?;
            self.instructions = self.instructions.saturating_add(trace.instructions());
            if acts(&trace) && judge(&trace).gravest() >= Some(Severity::Suspicious) {
                return Ok(Some(start));
            }
        }
        Ok(None)
    }
}

/// A header of a protocol, or a text opcode that names a module and something in it.
fn is_candidate(here: &[u8]) -> bool {
    match here {
        [opcodes::GLOBAL, rest @ ..] => {
            let near = rest.get(..200).unwrap_or(rest);
            // a name begins with a letter, and both end soon
            let begins = near.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
            if !begins || memchr::memchr(b'\n', near).is_none() {
                return false;
            }
            let mut lines = near.split(|byte| *byte == b'\n');
            let mut name = || lines.next().and_then(|line| std::str::from_utf8(line).ok()).is_some_and(is_dotted);
            name() && name()
        }
        // (S'true'\nios\nsystem\n
        [opcodes::PROTO, 0..=5, ..]
        | [opcodes::MARK, opcodes::STRING | opcodes::UNICODE | opcodes::BINUNICODE | opcodes::GLOBAL, ..] => true,
        _ => false,
    }
}

/// Bytes in which the wrapper of an array is looked for.
const NAMED_WITHIN: usize = 4 << 20;

/// True if the pickle names joblib's wrapper of arrays, so that raw bytes stand between its opcodes.
pub fn is_joblib(blob: &Blob) -> bool {
    let head = blob.get(..NAMED_WITHIN).unwrap_or(blob);
    memchr::memmem::find(head, b"NumpyArrayWrapper").is_some()
        || memchr::memmem::find(head, b"NDArrayWrapper").is_some()
}

/// True if the first pickle is the number by which torch knew its files before version 1.6.
pub fn is_legacy_torch(blob: &Blob) -> bool {
    const MAGIC: &[u8] = b"\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.";
    blob.get(2..).is_some_and(|rest| rest.starts_with(MAGIC))
}
