//! Small pickles that cost a loader much: tuples that are hashed along every path, keys of the memo far beyond its size,
//! numbers in decimal that are read in quadratic time.

use crate::wire::pickle::{Trace, Value, ValueId};

/// Visits beyond which a hash is called expensive.
const VISITS: u64 = 1 << 24;
/// Digits beyond which Python refuses a number, or reads it slowly before version 3.11.
const DIGITS: usize = 20_000;
/// A key of the memo beyond this makes room for all keys below it.
const KEY: u64 = 1 << 24;

/// Where and how the pickle costs more than its bytes.
pub(super) fn costs(trace: &Trace) -> Vec<(u64, String)> {
    let mut found = Vec::new();
    if trace.highest_key() > KEY && trace.highest_key() / 64 > trace.instructions() {
        let message = format!("makes room in the memo for {} entries", trace.highest_key());
        found.push((trace.start(), message));
    }
    let mut weights: Vec<u64> = Vec::new();
    let mut heaviest = 0_u64;
    let weigh = |weights: &[u64], id: &ValueId| weights.get(id.index()).copied().unwrap_or(1);
    for (id, value) in trace.values() {
        let weight = match value {
            // what a tuple holds was made before it
            Value::Tuple(..) | Value::FrozenSet(..) => {
                let items = trace.items(id).unwrap_or_default();
                let sum = items.iter().fold(1_u64, |sum, item| sum.saturating_add(weigh(&weights, item)));
                if matches!(value, Value::FrozenSet(..)) {
                    heaviest = heaviest.max(sum);
                }
                sum
            }
            Value::Digits(span) if trace.span(span).len() > DIGITS => {
                let message = format!("reads a number of {} decimal digits", trace.span(span).len());
                found.push((trace.place(span).unwrap_or(trace.start()), message));
                1
            }
            _ => 1,
        };
        weights.push(weight);
    }
    for (id, value) in trace.values() {
        let hashed: &mut dyn Iterator<Item = ValueId> = match value {
            Value::Dict(_) | Value::Call(_) => &mut trace.entries(id).map(|(key, _)| key),
            Value::Set(_) => &mut trace.items(id).unwrap_or_default().iter().copied(),
            _ => continue,
        };
        heaviest = hashed.fold(heaviest, |heaviest, key| heaviest.max(weigh(&weights, &key)));
    }
    if heaviest > VISITS {
        found.push((trace.start(), format!("hashes a tuple that takes {heaviest} visits")));
    }
    found
}
