//! The machine against `CPython`: the same opcodes at the same bytes, and the same values, with every import and call
//! recorded instead of made. `tests/generate/pickle_machine.py` tells what `CPython` makes of each stream.

use std::fs;

use modelium_core::Context;
use modelium_core::blob::Blob;
use modelium_core::wire::pickle::{CallKind, Options, Trace, Value, ValueId, opcodes, run};
use serde_json::{Value as Json, json};

use crate::support::repository;

fn rows(name: &str) -> Vec<Json> {
    let text = fs::read_to_string(repository("tests/corpus/pickle_machine").join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn bytes(row: &Json) -> Vec<u8> {
    let digits = row["hex"].as_str().unwrap();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The value in the words of the generator.
fn told(trace: &Trace, id: ValueId) -> Json {
    let inner = |ids: &[ValueId]| -> Vec<Json> { ids.iter().map(|id| told(trace, *id)).collect() };
    let items = || inner(trace.items(id).unwrap());
    let sorted = || {
        let mut items = items();
        items.sort_by_key(Json::to_string);
        items.dedup();
        items
    };
    let place = |id| trace.global(id).map(|(module, name)| json!([module, name])).unwrap();
    match trace.value(id) {
        Value::None => Json::Null,
        Value::Bool(value) => value.into(),
        Value::Int(value) => json!({ "int": value.to_string() }),
        Value::Long(_) | Value::Digits(_) => match trace.int(id) {
            Some(value) => json!({ "int": value.to_string() }),
            None => json!({ "long": true }),
        },
        Value::Float(value) => json!({ "float": hex(&value.to_be_bytes()) }),
        Value::Str(span) => json!({ "str": hex(trace.span(span)) }),
        Value::Bytes(span) => json!({ "bytes": hex(trace.span(span)) }),
        Value::ByteArray(span) => json!({ "bytearray": hex(trace.span(span)) }),
        Value::Tuple(..) => json!({ "tuple": items() }),
        Value::List(_) => json!({ "list": items() }),
        Value::Set(_) => json!({ "set": sorted() }),
        Value::FrozenSet(..) => json!({ "frozenset": sorted() }),
        Value::Dict(_) => {
            // a key that comes again keeps its first place and takes its last value
            let mut pairs: Vec<(Json, Json)> = Vec::new();
            for (key, value) in trace.entries(id) {
                let (key, value) = (told(trace, key), told(trace, value));
                match pairs.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, old)) => *old = value,
                    None => pairs.push((key, value)),
                }
            }
            json!({ "dict": pairs })
        }
        Value::Global { .. } => json!({ "global": place(id) }),
        Value::Call(_) => {
            let call = trace.call(id).unwrap();
            let args = trace.items(call.args).unwrap();
            let called = match call.kind {
                CallKind::Reduce => true,
                CallKind::Inst | CallKind::Obj => !args.is_empty(),
                CallKind::NewObj | CallKind::NewObjEx => false,
            };
            let kwargs: Vec<Json> = call.kwargs.map_or_else(Vec::new, |kwargs| {
                trace.entries(kwargs).map(|(key, value)| json!([told(trace, key), told(trace, value)])).collect()
            });
            let entries: Vec<Json> =
                trace.entries(id).map(|(key, value)| json!([told(trace, key), told(trace, value)])).collect();
            json!({
                (if called { "call" } else { "new" }): place(call.callee),
                "args": inner(args),
                "kwargs": kwargs,
                "states": inner(&call.states),
                "items": inner(&call.items),
                "entries": entries,
            })
        }
        Value::Persistent(pid) => json!({ "persistent": told(trace, pid) }),
        other => panic!("{other:?}"),
    }
}

fn compare(row: &Json) {
    let bytes = bytes(row);
    let shown = bytes.escape_ascii().to_string();
    let blob = Blob::from_bytes("case", bytes);
    let trace = run(&blob, 0, Options::default(), &Context::new()).unwrap();
    assert_eq!(trace.fault(), None, "{shown}");
    let found = told(&trace, trace.result().unwrap());
    assert_eq!(found, row["value"], "{shown}");
}

#[test]
fn opcodes_stand_where_pickletools_sees_them() {
    for row in rows("values.json") {
        let bytes = bytes(&row);
        let (mut at, mut found) = (0, Vec::new());
        loop {
            let instruction = opcodes::decode(&bytes, at).unwrap();
            found.push(json!([instruction.opcode.name, at]));
            at = instruction.end;
            if instruction.opcode.code == opcodes::STOP {
                break;
            }
        }
        match (row.get("ops"), row.get("count")) {
            (Some(ops), _) => assert_eq!(&Json::from(found), ops, "{}", bytes.escape_ascii()),
            (None, Some(count)) => assert_eq!(found.len() as u64, count.as_u64().unwrap()),
            (None, None) => {}
        }
    }
}

#[test]
fn values_are_those_that_cpython_builds() {
    let rows = rows("values.json");
    assert!(rows.len() > 400);
    rows.iter().for_each(compare);
}

#[test]
fn whatever_cpython_loads_runs_to_the_same_value() {
    let rows = rows("mutants.json");
    assert!(rows.len() >= 500);
    rows.iter().for_each(compare);
}

#[test]
fn every_prefix_of_a_pickle_ends_with_a_fault_and_keeps_what_ran() {
    let bytes = b"\x80\x04cos\nsystem\n\x8c\x04true\x85R\x8c\x04more\x85R.";
    let cx = Context::new();
    let mut calls = 0;
    for length in 0..bytes.len() {
        let blob = Blob::from_bytes("cut", &bytes[..length]);
        let trace = run(&blob, 0, Options::default(), &cx).unwrap();
        assert!(trace.fault().is_some(), "{length} bytes");
        assert!(trace.calls().len() >= calls, "{length} bytes");
        calls = trace.calls().len();
    }
    assert_eq!(calls, 2);
}

#[test]
fn a_memo_that_doubles_a_list_costs_what_its_bytes_cost() {
    // x = [x, x] a hundred thousand times is 2 to that power elements, and one list each
    let mut bytes = b"\x80\x04]\x94".to_vec();
    for index in 0..100_000_u32 {
        bytes.extend(b"0](j");
        bytes.extend(index.to_le_bytes());
        bytes.push(b'j');
        bytes.extend(index.to_le_bytes());
        bytes.extend(b"e\x94");
    }
    bytes.push(b'.');
    let blob = Blob::from_bytes("doubling", bytes);
    let trace = run(&blob, 0, Options::default(), &Context::new()).unwrap();
    assert_eq!(trace.fault(), None);
    assert_eq!(trace.values().count(), 100_005);
}

#[test]
fn caps_end_a_run_with_a_fault_that_names_them() {
    let blob = Blob::from_bytes("long", [&b"N0".repeat(1000)[..], b"N."].concat());
    let options = Options { instructions: Some(100), ..Options::default() };
    let trace = run(&blob, 0, options, &Context::new()).unwrap();
    let message = trace.fault().unwrap().to_string();
    assert_eq!(
        message,
        "the pickle has more than 100 instructions; raise Limits::instructions to follow it (at byte 99)"
    );
}
