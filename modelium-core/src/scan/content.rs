//! The raw bytes of weights: numbers, or something that hides among them.
//!
//! A signature of four bytes occurs by chance in every few gigabytes of numbers, so a signature alone says nothing: the
//! structure behind it must hold too. Weights that pass are numbers as far as anyone can tell from outside.

use std::ops::Range;

use aho_corasick::Span;
use aho_corasick::packed::Searcher;

use crate::blob::Blob;
use crate::error::Result;
use crate::finding::Severity;
use crate::scan::rules::content as rules;
use crate::scan::{Depth, Exam, Part, pickle as judge};
use crate::wire::pickle::{self as wire, Options};

/// Bytes between two ticks; small enough that the passes of all finders meet them in the cache.
const CHUNK: u64 = 1 << 20;
/// Bytes of context that a check may look at.
const REACH: u64 = 4096;

/// What native programs are called in messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Linux and most Unixes.
    Elf,
    /// Windows.
    Pe,
    /// macOS.
    MachO,
    /// WebAssembly.
    Wasm,
    /// Java class files.
    Class,
    /// Android byte code.
    Dex,
}

impl Program {
    /// The program that these bytes begin with.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if is_elf(bytes) {
            Some(Self::Elf)
        } else if is_pe(bytes) {
            Some(Self::Pe)
        } else if is_mach_o(bytes) {
            Some(Self::MachO)
        } else if bytes.starts_with(b"\0asm\x01\0\0\0") {
            Some(Self::Wasm)
        } else if is_class(bytes) {
            Some(Self::Class)
        } else if bytes.starts_with(b"dex\n03") && bytes.get(7) == Some(&0) {
            Some(Self::Dex)
        } else {
            None
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Elf => "an ELF program or library",
            Self::Pe => "a Windows program or library",
            Self::MachO => "a Mach-O program or library",
            Self::Wasm => "a WebAssembly module",
            Self::Class => "a Java class",
            Self::Dex => "Android byte code",
        }
    }
}

/// Looks for programs and archives among the bytes of weights.
///
/// [`Depth::Structure`] looks at the first bytes only; [`Depth::Content`] at all of them.
///
/// # Errors
/// `Cancelled` only.
pub fn search(part: &Part, range: Range<u64>, exam: &mut Exam<'_>) -> Result<()> {
    let Some(bytes) = part.blob.slice(range.clone()) else { return Ok(()) };
    if let Some(program) = Program::sniff(&bytes) {
        exam.report(&rules::HIDDEN_PROGRAM, part.at(range.start), format!("the weights begin as {}", program.name()));
    } else if is_archive(&bytes) {
        exam.report(&rules::HIDDEN_ARCHIVE, part.at(range.start), "the weights begin as an archive");
    }
    if exam.depth() == Depth::Structure {
        return Ok(());
    }
    let Some(searcher) = Searcher::new(ANCHORS.iter().map(|(anchor, _)| anchor)) else { return Ok(()) };
    let mut at = 0_u64;
    while at < bytes.len() {
        exam.cx().tick("scan", at, bytes.len())?;
        // the last bytes of a chunk are the first of the next: nothing hides on the seam
        let end = at.saturating_add(CHUNK).min(bytes.len());
        let Some(chunk) = bytes.slice(at..end.saturating_add(LONGEST).min(bytes.len())) else { break };
        let mut from = 0_usize;
        while let Some(found) = searcher.find_in(&chunk, Span::from(from..chunk.bytes().len())) {
            // anchors may overlap
            from = found.start().saturating_add(1);
            let place = at.saturating_add(found.start() as u64);
            let anchor = ANCHORS.get(found.pattern().as_usize());
            if let Some((_, kind)) = anchor.filter(|_| place < end) {
                check(part, &bytes, range.start, place, *kind, exam)?;
            }
        }
        at = end;
    }
    Ok(())
}

/// What to look closer at.
const ANCHORS: &[(&[u8], Kind)] = &[
    (b"\x7fELF", Kind::Elf),
    (b"PE\0\0", Kind::Pe),
    (b"\xcf\xfa\xed\xfe", Kind::MachO),
    (b"PK\x03\x04", Kind::Zip),
    (b"\x80\x02c", Kind::Pickle),
    (b"\x80\x03c", Kind::Pickle),
    (b"\x80\x04c", Kind::Pickle),
    (b"\x80\x04\x95", Kind::Pickle),
    (b"\x80\x05\x95", Kind::Pickle),
    // without a protocol the name of what is called comes first
    (b"cos\nsystem\n", Kind::Pickle),
    (b"cposix\nsystem\n", Kind::Pickle),
    (b"cnt\nsystem\n", Kind::Pickle),
    (b"csubprocess\n", Kind::Pickle),
    (b"cbuiltins\n", Kind::Pickle),
    (b"c__builtin__\n", Kind::Pickle),
];
/// Bytes of the longest anchor, less one.
const LONGEST: u64 = 14;
/// Instructions of a pickle that is tried at an anchor.
const TRIED: u64 = 10_000;

#[derive(Debug, Clone, Copy)]
enum Kind {
    Elf,
    Pe,
    MachO,
    Zip,
    Pickle,
}

/// Holds what a signature promises against what stands there.
fn check(part: &Part, bytes: &Blob, base: u64, place: u64, kind: Kind, exam: &mut Exam<'_>) -> Result<()> {
    let from = |at: u64| usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
    let (start, rule, what) = match kind {
        Kind::Elf if is_elf(from(place)) && has_elf_header(from(place)) => {
            (place, &rules::HIDDEN_PROGRAM, Program::Elf.name())
        }
        Kind::MachO if is_mach_o(from(place)) => (place, &rules::HIDDEN_PROGRAM, Program::MachO.name()),
        Kind::Pe => {
            // the stub in front names this place by its distance
            let stub = (0x40..REACH).step_by(8).filter_map(|back| place.checked_sub(back)).find(|at| is_pe(from(*at)));
            let Some(start) = stub else { return Ok(()) };
            (start, &rules::HIDDEN_PROGRAM, Program::Pe.name())
        }
        Kind::Zip if is_zip_member(from(place)) => (place, &rules::HIDDEN_ARCHIVE, "a zip archive"),
        Kind::Pickle => return pickle(part, bytes, base, place, exam),
        _ => return Ok(()),
    };
    if start > 0 {
        exam.report(rule, part.at(base.saturating_add(start)), format!("{what} lies among the weights"));
    }
    Ok(())
}

/// Runs what could be a pickle; one that ends, and that acts, is no chance.
fn pickle(part: &Part, bytes: &Blob, base: u64, place: u64, exam: &mut Exam<'_>) -> Result<()> {
    let before = usize::try_from(place).ok().and_then(|at| bytes.get(at.checked_sub(2)?..at));
    if bytes.get(usize::try_from(place).unwrap_or(usize::MAX)) == Some(&b'c') && matches!(before, Some([0x80, 2..=5])) {
        return Ok(()); // the protocol in front is the anchor
    }
    let options = Options { instructions: Some(TRIED), ..Options::default() };
    let trace = wire::run(bytes, place, options, exam.cx())?;
    if trace.result().is_none() || trace.calls().is_empty() {
        return Ok(());
    }
    let mut inner = Exam::new(&[], exam.depth(), exam.cx());
    judge::examine_trace(part, &trace, &mut inner)?;
    let gravest = inner.finish().findings.into_iter().max_by_key(|finding| finding.severity);
    if let Some(finding) = gravest.filter(|finding| finding.severity >= Severity::Suspicious) {
        let message = format!("a pickle lies among the weights, and it {}", finding.message);
        let at = part.at(base.saturating_add(place));
        exam.report_seen(&rules::HIDDEN_PICKLE, at, message, finding.evidence.unwrap_or_default());
    }
    Ok(())
}

fn is_archive(bytes: &[u8]) -> bool {
    is_zip_member(bytes) || bytes.starts_with(b"7z\xbc\xaf\x27\x1c") || bytes.starts_with(b"\xfd7zXZ\0\0")
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|word| u16::from_le_bytes(*word))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_le_bytes(*word))
}

/// The identification of ELF: class, byte order, version, a known system, and padding.
fn is_elf(bytes: &[u8]) -> bool {
    let Some(&[0x7f, b'E', b'L', b'F', class, order, version, system, _, ref padding @ ..]) = bytes.first_chunk::<16>()
    else {
        return false;
    };
    let known = matches!(system, 0..=18 | 64 | 97 | 255);
    matches!(class, 1 | 2) && matches!(order, 1 | 2) && version == 1 && known && padding.iter().all(|byte| *byte == 0)
}

/// The fields behind the identification: a type and a version that exist.
fn has_elf_header(bytes: &[u8]) -> bool {
    let swap = bytes.get(5) == Some(&2);
    let kind = short(bytes, 16).map(|kind| if swap { kind.swap_bytes() } else { kind });
    let version = word(bytes, 20).map(|version| if swap { version.swap_bytes() } else { version });
    matches!(kind, Some(1..=4)) && version == Some(1)
}

/// A stub that leads to the header of a program for a known machine.
fn is_pe(bytes: &[u8]) -> bool {
    const MACHINES: [u16; 9] = [0x14c, 0x8664, 0x1c0, 0x1c4, 0xaa64, 0xa641, 0x200, 0x5032, 0x5064];
    if !bytes.starts_with(b"MZ") {
        return false;
    }
    let Some(header) = word(bytes, 0x3c).filter(|at| (0x40..1 << 20).contains(at)) else { return false };
    let at = usize::try_from(header).unwrap_or(usize::MAX);
    let Some(header) = bytes.get(at..) else { return false };
    header.starts_with(b"PE\0\0") && short(header, 4).is_some_and(|machine| MACHINES.contains(&machine))
}

/// Magic number, a known processor, a kind of file that exists, and commands that fit it.
fn is_mach_o(bytes: &[u8]) -> bool {
    let Some(magic) = word(bytes, 0) else { return false };
    let field = |at: usize| word(bytes, at).map(|word| if magic & 0xff == 0xfe { word.swap_bytes() } else { word });
    match magic {
        0xfeed_face | 0xfeed_facf | 0xcefa_edfe | 0xcffa_edfe => {
            let processor = field(4).is_some_and(|cpu| matches!(cpu & 0x00ff_ffff, 7 | 12 | 18));
            let kind = field(12).is_some_and(|kind| (1..=12).contains(&kind));
            let commands = field(16).is_some_and(|count| (1..10_000).contains(&count));
            processor && kind && commands
        }
        // several programs in one file; the magic number is that of Java too, whose versions start at 45
        0xbeba_feca => {
            let word = |at: usize| word(bytes, at).map(u32::swap_bytes);
            word(4).is_some_and(|count| (1..20).contains(&count))
                && word(8).is_some_and(|cpu| matches!(cpu & 0x00ff_ffff, 7 | 12 | 18))
        }
        _ => false,
    }
}

fn is_class(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xca\xfe\xba\xbe")
        && bytes.get(4..6) == Some(&[0, 0])
        && bytes
            .get(6..8)
            .and_then(|version| version.first_chunk())
            .is_some_and(|version| (45..=80).contains(&u16::from_be_bytes(*version)))
}

/// The header in front of a member: a version, a method, and a name that can be read.
fn is_zip_member(bytes: &[u8]) -> bool {
    if !bytes.starts_with(b"PK\x03\x04") {
        return false;
    }
    let version = short(bytes, 4).is_some_and(|version| version & 0xff <= 63);
    let method = short(bytes, 8).is_some_and(|method| matches!(method, 0 | 8 | 9 | 12 | 14 | 93 | 95));
    let length = short(bytes, 26).map_or(0, usize::from);
    let name = bytes.get(30..30_usize.saturating_add(length)).unwrap_or_default();
    let readable = (1..=1024).contains(&length) && name.iter().all(|byte| matches!(byte, b' '..=b'~'));
    version && method && readable
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Context;

    /// The first 24 bytes of a library as GNU ld writes it for x86-64.
    const ELF: &[u8] = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0";

    fn found(bytes: Vec<u8>, depth: Depth) -> Vec<(String, u64)> {
        let cx = Context::new();
        let mut exam = Exam::new(&[], depth, &cx);
        let part = Part::file("w", Blob::from_bytes("w", bytes));
        let all = 0..part.blob.len();
        search(&part, all, &mut exam).unwrap();
        let findings = exam.finish().findings.into_iter();
        findings.map(|finding| (finding.code.into_owned(), finding.location.byte.unwrap())).collect()
    }

    #[test]
    fn a_library_on_the_seam_of_two_chunks_is_found() {
        let mut bytes = vec![7; (1 << 20) - 2];
        bytes.extend_from_slice(ELF);
        let place = (1 << 20) - 2;
        assert_eq!(found(bytes.clone(), Depth::Content), [("content.hidden_program".to_owned(), place)]);
        assert_eq!(found(bytes, Depth::Structure), []);
    }

    #[test]
    fn a_program_behind_its_stub_is_found() {
        let mut bytes = vec![7; 1000];
        bytes.extend_from_slice(b"MZ");
        bytes.resize(1000 + 0x3c, 0);
        bytes.extend_from_slice(&0x80_u32.to_le_bytes());
        bytes.resize(1000 + 0x80, 0);
        bytes.extend_from_slice(b"PE\0\0\x64\x86");
        assert_eq!(found(bytes, Depth::Content), [("content.hidden_program".to_owned(), 1000)]);
    }

    #[test]
    fn a_pickle_that_acts_is_found_and_one_that_does_not_is_not() {
        let mut bytes = vec![0x3f; 999];
        bytes.extend_from_slice(b"\x80\x02cposix\nsystem\nX\x04\0\0\0true\x85R.");
        bytes.extend_from_slice(b"\x80\x04\x95\x05\0\0\0\0\0\0\0K\x01K\x02\x86.");
        assert_eq!(found(bytes, Depth::Content), [("content.hidden_pickle".to_owned(), 999)]);
    }

    #[test]
    fn a_signature_without_its_structure_is_chance() {
        let noise = [&b"\x7fELF\x9c\x11"[..], &[3; 40], b"PE\0\0", &[5; 40], b"PK\x03\x04", &[0xff; 40]].concat();
        assert_eq!(found(noise, Depth::Content), []);
    }
}
