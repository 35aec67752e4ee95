//! How requests are joined: dynamic and sequence batching, and what excludes what.

use super::super::super::pbtxt::Message;
use super::super::Report;
use super::super::view::{self, At, View};

pub(super) fn check(view: &View<'_>, report: &mut Report) {
    if let Some(At { at, value: batching }) = view.message("dynamic_batching") {
        if view.max_batch_size.is_none_or(|size| size.value == 0) {
            let message = "dynamic_batching has no effect while max_batch_size is 0";
            report.warning("triton.dynamic_batching", at, message, "raise max_batch_size, or remove dynamic_batching");
        }
        preferred(batching, "dynamic_batching", view, report);
        priorities(batching, report);
    }
    if let Some(At { at, value: batching }) = view.message("sequence_batching") {
        if let Some(oldest) = view::message(batching, "oldest") {
            preferred(oldest.value, "sequence_batching.oldest", view, report);
        }
        if let Some(direct) = view::message(batching, "direct")
            && let Some((slot, value)) = direct.value.get("minimum_slot_utilization")
            && number(value).is_some_and(|share| !(0.0..=1.0).contains(&share))
        {
            let message = "minimum_slot_utilization is a share from 0 to 1";
            report.error("triton.sequence_batching", slot, message, "write a number in that range");
        }
        if enabled(view, "response_cache", "enable") {
            let message = "sequence_batching and response_cache exclude each other";
            report.error("triton.response_cache", at, message, "disable the response cache");
        }
    }
    if enabled(view, "model_transaction_policy", "decoupled") && enabled(view, "response_cache", "enable") {
        let at = view.tree.get("response_cache").map(|(at, _)| at);
        let message = "a decoupled model and response_cache exclude each other";
        report.error("triton.response_cache", at, message, "disable the response cache");
    }
}

fn enabled(view: &View<'_>, field: &str, flag: &str) -> bool {
    view::message(view.tree, field)
        .and_then(|message| view::boolean(message.value, flag))
        .is_some_and(|flag| flag.value)
}

fn number(value: &super::super::super::pbtxt::Value) -> Option<f64> {
    use super::super::super::pbtxt::Value;
    match value {
        Value::Float(number) => Some(*number),
        #[expect(clippy::cast_precision_loss, reason = "only 0 to 1 matters")]
        other => other.as_i64().map(|number| number as f64),
    }
}

/// Preferred sizes lie between 1 and the maximum.
fn preferred(batching: &Message, called: &str, view: &View<'_>, report: &mut Report) {
    let most = view.max_batch();
    for size in view::integers(batching, "preferred_batch_size") {
        if size.value < 1 {
            let message = format!("{called} prefers batches of {}; a batch has at least 1 row", size.value);
            report.error("triton.preferred_batch_size", size.at, message, "remove it");
        } else if size.value > most {
            let message = format!("{called} prefers batches of {}, above max_batch_size {most}", size.value);
            report.error("triton.preferred_batch_size", size.at, message, "lower it, or raise max_batch_size");
        }
    }
}

fn priorities(batching: &Message, report: &mut Report) {
    let levels = view::integer(batching, "priority_levels").filter(|levels| levels.value != 0);
    let Some(levels) = levels else { return };
    let outside = |level: i64| level < 1 || level > levels.value;
    let default = view::integer(batching, "default_priority_level");
    if default.is_none_or(|default| outside(default.value)) {
        let at = default.map_or(levels.at, |default| default.at);
        let message = format!("default_priority_level must lie between 1 and priority_levels, {}", levels.value);
        report.error("triton.priority", at, message, "add default_priority_level: 1");
    }
    for (at, entry) in view::messages(batching, "priority_queue_policy") {
        if let Some(key) = view::integer(entry, "key").filter(|key| outside(key.value)) {
            let message = format!("priority {} does not exist; there are 1 to {}", key.value, levels.value);
            report.error("triton.priority", at, message, "remove the policy, or raise priority_levels");
        }
    }
    let ordered = view::boolean(batching, "preserve_ordering").filter(|ordered| ordered.value);
    if let Some(ordered) = ordered.filter(|_| levels.value > 1) {
        let message = "preserve_ordering allows one priority level only";
        report.error("triton.priority", ordered.at, message, "remove preserve_ordering or the priorities");
    }
}
