//! The body of the fuzz target on mutations of the committed models, the same ones on each run.

use std::fs;
use std::path::Path;

use modelium_core::Context;
use modelium_core::wire::protobuf::{Cursor, Encoder, Tag, WireType};

use crate::support::repository;

#[path = "../../../fuzz/src/onnx_import.rs"]
mod onnx_import;

/// A few seconds' worth.
const ROUNDS: usize = 25_000;

/// Marsaglia's xorshift64: deterministic, and good enough to choose bytes.
struct XorShift(u64);

impl XorShift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).expect("below a usize")
    }
}

/// The models of the corpus and of the hostile folder, small ones only: a mutation should hit structure.
fn seeds() -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    for folder in ["tests/corpus/onnx", "tests/hostile/onnx"] {
        collect(&repository(folder), &mut paths);
    }
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).filter(|bytes| bytes.len() < 4096).collect()
}

fn collect(folder: &Path, paths: &mut Vec<std::path::PathBuf>) {
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "onnx") {
            paths.push(path);
        }
    }
}

/// One to four changes: a flipped bit, an odd byte, a piece cut out, doubled, moved, or taken from another model.
fn mutate(seeds: &[Vec<u8>], random: &mut XorShift) -> Vec<u8> {
    const ODD: [u8; 8] = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x08];
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = random.below(bytes.len());
        let end = at + random.below((bytes.len() - at).min(32)) + 1;
        match random.below(6) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = ODD[random.below(ODD.len())],
            2 => drop(bytes.drain(at..end)),
            3 => {
                let piece = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            4 => bytes.truncate(at),
            _ => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len());
                let piece = other[from..(from + random.below(64)).min(other.len())].to_vec();
                bytes.splice(at..end, piece);
            }
        }
    }
    bytes
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
fn mutate_fields(seeds: &[Vec<u8>], random: &mut XorShift, cx: &Context) -> Vec<u8> {
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
