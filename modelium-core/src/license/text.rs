//! Which licence a text is: by the words that stand next to each other, and for licences of models by their titles.
//!
//! A text becomes the set of its runs of three words, each as 32 bits of a hash. Two sets that share much are the same
//! licence whatever the line breaks, the name of the owner or the year; the share is the Sørensen–Dice coefficient. Long
//! licences keep every fourth run only. The sets of SPDX's texts are committed (`fingerprints.bin`, made by `make bless`
//! from the crate `spdx`, and compared with it by a test), because the texts themselves are twenty times as large.

use std::collections::{BTreeSet, HashSet};

use super::names::{MODELS, words};

/// The licences of SPDX whose texts are told. Where two have the same text the first one stands for both.
pub const LISTED: &[&str] = &[
    "0BSD",
    "AFL-3.0",
    "AGPL-3.0-only",
    "Apache-2.0",
    "Artistic-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSD-3-Clause-Clear",
    "BSD-4-Clause",
    "BSL-1.0",
    "C-UDA-1.0",
    "CC-BY-2.0",
    "CC-BY-2.5",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-NC-2.0",
    "CC-BY-NC-3.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-ND-3.0",
    "CC-BY-NC-ND-4.0",
    "CC-BY-NC-SA-2.0",
    "CC-BY-NC-SA-2.5",
    "CC-BY-NC-SA-3.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-SA-2.0",
    "CC-BY-SA-2.5",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "CDLA-Permissive-1.0",
    "CDLA-Permissive-2.0",
    "CDLA-Sharing-1.0",
    "CPL-1.0",
    "ECL-2.0",
    "EPL-1.0",
    "EPL-2.0",
    "EUPL-1.1",
    "EUPL-1.2",
    "GFDL-1.3-only",
    "GPL-2.0-only",
    "GPL-3.0-only",
    "ISC",
    "LGPL-2.1-only",
    "LGPL-3.0-only",
    "LGPLLR",
    "LPPL-1.3a",
    "LPPL-1.3c",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "MS-PL",
    "NCSA",
    "ODC-By-1.0",
    "ODbL-1.0",
    "OFL-1.1",
    "OSL-3.0",
    "OpenMDW-1.0",
    "PDDL-1.0",
    "PostgreSQL",
    "Unlicense",
    "WTFPL",
    "Zlib",
    "etalab-2.0",
];

/// The sets of [`LISTED`], in its order: a byte of step, a count of 32 bits, so many numbers of 32 bits in rising order.
static FINGERPRINTS: &[u8] = include_bytes!("fingerprints.bin");

/// Words of a run.
const RUN: usize = 3;

/// Runs from which on a licence keeps every fourth.
const LONG: usize = 1000;

/// Per cent of two sets that must be shared.
const ALIKE: u64 = 90;

/// Per cent of a licence that must stand in a text which says more than the licence.
const INSIDE: u64 = 97;

/// Words at the start of a text among which a title stands.
const TITLE: usize = 80;

/// The licence that a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// Its SPDX identifier, or `LicenseRef-…`.
    pub spdx: String,
    /// Per cent that the text shares with it; of licences that are told by their title, 100.
    pub similarity: u8,
}

/// The licence that a text is; `None` if it is none of the known ones.
pub fn compare(text: &str) -> Option<Matched> {
    let words = words(&without_owners(text));
    if let Some(license) = by_title(&words) {
        return Some(license);
    }
    let all = runs(&words);
    let every_fourth: HashSet<u32> = all.iter().copied().filter(|run| run.is_multiple_of(4)).collect();
    let mut best: Option<(u64, &str)> = None;
    for (id, step, set) in fingerprints() {
        let own = if step == 4 { &every_fourth } else { &all };
        let (mut shared, mut count) = (0_u64, 0_u64);
        for run in set {
            count = count.saturating_add(1);
            shared = shared.saturating_add(u64::from(own.contains(&run)));
        }
        let both = count.saturating_add(own.len() as u64);
        let dice = shared.saturating_mul(200).checked_div(both).unwrap_or_default();
        let inside = shared.saturating_mul(100).checked_div(count).unwrap_or_default();
        // a short licence stands inside a longer one by chance; a file with several licences has no best one
        let score = if inside >= INSIDE && count > 50 { dice.max(inside.min(ALIKE)) } else { dice };
        if score >= ALIKE && best.is_none_or(|(most, _)| score > most) {
            best = Some((score, id));
        }
    }
    best.map(|(score, id)| Matched { spdx: id.to_owned(), similarity: u8::try_from(score.min(100)).unwrap_or(100) })
}

fn by_title(words: &str) -> Option<Matched> {
    let end = words.match_indices(' ').nth(TITLE).map_or(words.len(), |(end, _)| end);
    let start = words.get(..end).unwrap_or_default();
    let titled = MODELS.iter().find(|license| license.titles.iter().any(|title| start.contains(title)))?;
    Some(Matched { spdx: titled.reference(), similarity: 100 })
}

/// A text without the lines that name its owner and year: they differ from one project to the next.
fn without_owners(text: &str) -> String {
    let owner = |line: &&str| {
        let line = line.trim_start().to_ascii_lowercase();
        (line.starts_with("copyright")
            && line.bytes().any(|byte| byte.is_ascii_digit() || byte == b'<' || byte == b'['))
            || line.starts_with("all rights reserved")
    };
    let lines: Vec<&str> = text.lines().filter(|line| !owner(line)).collect();
    lines.join("\n")
}

/// The runs of words of a text.
fn runs(words: &str) -> HashSet<u32> {
    let words: Vec<&str> = words.split(' ').collect();
    words.windows(RUN).map(hash).collect()
}

/// FNV-1a over the words with a blank between them, folded to 32 bits.
fn hash(words: &[&str]) -> u32 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([b' ']));
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let folded = (hash >> 32) ^ (hash & 0xffff_ffff);
    u32::try_from(folded).unwrap_or_default()
}

/// The committed sets, one after the other.
fn fingerprints() -> impl Iterator<Item = (&'static str, u8, impl Iterator<Item = u32>)> {
    let mut rest = FINGERPRINTS;
    LISTED.iter().map_while(move |id| {
        let (head, after) = rest.split_at_checked(5)?;
        let step = *head.first()?;
        let count = u32::from_le_bytes(head.get(1..)?.try_into().ok()?);
        let (set, after) = after.split_at_checked(usize::try_from(count).ok()?.checked_mul(4)?)?;
        rest = after;
        let numbers = set.chunks_exact(4).map(|number| number.try_into().map(u32::from_le_bytes).unwrap_or_default());
        Some((*id, step, numbers))
    })
}

/// The fingerprints of texts, as they are committed; for `make bless` and the test that compares.
pub fn encode<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for text in texts {
        let mut set: BTreeSet<u32> = runs(&words(&without_owners(text))).into_iter().collect();
        let step = if set.len() > LONG { 4 } else { 1 };
        set.retain(|run| run.is_multiple_of(u32::from(step)));
        bytes.push(step);
        bytes.extend(u32::try_from(set.len()).unwrap_or_default().to_le_bytes());
        bytes.extend(set.iter().flat_map(|run| run.to_le_bytes()));
    }
    bytes
}
