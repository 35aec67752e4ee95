//! The body of the fuzz target on mutations of the committed models, the same ones on each run.

use std::fs;
use std::path::Path;

use modelium_core::Context;
use modelium_core::wire::protobuf::{Cursor, Encoder, Tag, WireType};

use crate::mutate::{XorShift, mutate};
use crate::support::repository;

#[path = "../../../fuzz/src/onnx_import.rs"]
mod onnx_import;

/// A few seconds' worth.
const ROUNDS: usize = 25_000;

/// The models of the corpus and of the hostile folder, small ones only: a mutation should hit structure.
fn seeds() -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    for folder in ["tests/corpus/onnx", "tests/hostile/onnx", "tests/hostile/check"] {
        collect(&repository(folder), &mut paths);
    }
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).filter(|bytes| bytes.len() < 4096).collect()
}

pub(crate) fn collect(folder: &Path, paths: &mut Vec<std::path::PathBuf>) {
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "onnx") {
            paths.push(path);
        }
    }
}

/// A field as far as the encoding tells: bytes that happen to be fields themselves count as a message.
#[derive(Clone)]
enum Field {
    Number(Tag, Vec<u8>),
    Bytes(Tag, Vec<u8>),
    Message(Tag, Vec<Field>),
}

fn parse(bytes: &[u8], depth: u32) -> Option<Vec<Field>> {
    let (mut cursor, mut fields) = (Cursor::new(bytes), Vec::new());
    while !cursor.is_at_end() {
        let tag = cursor.tag().ok()?;
        let value = cursor.value(tag).ok()?;
        let value = cursor.slice(value);
        fields.push(match (tag.wire, parse(value, depth + 1)) {
            (WireType::Len, Some(inner)) if depth < 60 && !value.is_empty() => Field::Message(tag, inner),
            (WireType::Len, _) => Field::Bytes(tag, value.to_vec()),
            _ => Field::Number(tag, value.to_vec()),
        });
    }
    Some(fields)
}

fn encode(fields: &[Field], cx: &Context) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = Encoder::writing(&mut bytes, "fuzz", 0, cx);
    for field in fields {
        match field {
            Field::Number(tag, value) => out.tag(tag.field, tag.wire).and_then(|()| out.raw(value)),
            Field::Bytes(tag, value) => out.bytes(tag.field, value),
            Field::Message(tag, inner) => out.bytes(tag.field, &encode(inner, cx)),
        }
        .expect("memory takes it");
    }
    bytes
}

/// Walks down to some list of fields and changes one of them; the lengths around it will be right again.
fn change(fields: &mut Vec<Field>, other: &[Field], random: &mut XorShift) {
    if fields.is_empty() {
        return;
    }
    let at = random.below(fields.len());
    if let Field::Message(_, inner) = &mut fields[at]
        && random.below(4) > 0
    {
        let matching =
            other.iter().filter_map(|field| if let Field::Message(_, inner) = field { Some(inner) } else { None });
        let matching: Vec<_> = matching.collect();
        let other = if matching.is_empty() { other } else { matching[random.below(matching.len())] };
        return change(inner, other, random);
    }
    match random.below(6) {
        0 => drop(fields.remove(at)),
        1 => fields.insert(random.below(fields.len()), fields[at].clone()),
        2 => {
            let to = random.below(fields.len());
            fields.swap(at, to);
        }
        3 if !other.is_empty() => fields[at] = other[random.below(other.len())].clone(),
        _ => match &mut fields[at] {
            Field::Number(tag, value) if tag.wire == WireType::Varint => {
                let numbers = [
                    vec![0],
                    vec![1],
                    vec![7],
                    vec![16],
                    vec![0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
                ];
                value.clone_from(&numbers[random.below(numbers.len())]);
            }
            Field::Number(_, value) | Field::Bytes(_, value) => {
                if value.is_empty() {
                    value.push(b'x');
                } else {
                    let byte = random.below(value.len());
                    value[byte] ^= 1 << random.below(8);
                }
            }
            Field::Message(tag, _) => tag.field = u32::try_from(random.below(30)).expect("small") + 1,
        },
    }
}

/// One to three changes to what the bytes mean.
pub(crate) fn mutate_fields(seeds: &[Vec<u8>], random: &mut XorShift, cx: &Context) -> Vec<u8> {
    let bytes = &seeds[random.below(seeds.len())];
    let other = parse(&seeds[random.below(seeds.len())], 0).unwrap_or_default();
    let Some(mut fields) = parse(bytes, 0) else { return bytes.clone() };
    for _ in 0..=random.below(3) {
        change(&mut fields, &other, random);
    }
    encode(&fields, cx)
}

#[test]
fn mutated_models_are_refused_or_survive_the_way_round() {
    let seeds = seeds();
    assert!(seeds.len() > 200, "only {} seeds", seeds.len());
    let cx = onnx_import::context();
    for seed in &seeds {
        onnx_import::run(seed, &cx);
    }
    let mut random = XorShift(0x6d6f_6465_6c69_756d);
    let mut accepted = 0;
    for _ in 0..ROUNDS {
        onnx_import::run(&mutate(&seeds, &mut random), &cx);
        accepted += usize::from(onnx_import::run(&mutate_fields(&seeds, &mut random, &cx), &cx));
    }
    assert!(accepted > ROUNDS / 10, "only {accepted} mutations are models still: too wild to find much");
}
