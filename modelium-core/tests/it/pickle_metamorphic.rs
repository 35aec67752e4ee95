//! Rewrites of pickles that mean the same to a loader: none of them makes a malicious one pass, and none makes an honest
//! one suspicious.
#![expect(clippy::cast_possible_truncation, reason = "small numbers of this test")]

use std::fs;

use modelium_core::blob::Blob;
use modelium_core::scan::{Depth, Exam, Part, Verdict};
use modelium_core::wire::pickle::opcodes::{self, Argument, Instruction};
use modelium_core::{Context, Registry};
use serde_json::Value as Json;

use crate::mutate::XorShift;
use crate::support::repository;

/// One pickle as its instructions, each by its bytes. Memo keys and frames are explicit, so that instructions can move.
#[derive(Clone)]
struct Program(Vec<Vec<u8>>);

impl Program {
    /// `None` for what is not one pickle and nothing else.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (mut at, mut program, mut keys) = (0, Vec::new(), std::collections::BTreeSet::new());
        while let Ok(instruction) = opcodes::decode(bytes, at) {
            at = instruction.end;
            match (instruction.opcode.code, key(bytes, &instruction)) {
                (opcodes::FRAME, _) => {}
                (opcodes::MEMOIZE, _) => {
                    let key = u32::try_from(keys.len()).ok()?;
                    keys.insert(key);
                    program.push(put(key));
                }
                (opcodes::PUT | opcodes::BINPUT | opcodes::LONG_BINPUT, Some(key)) => {
                    keys.insert(key);
                    program.push(put(key));
                }
                (opcodes::GET | opcodes::BINGET | opcodes::LONG_BINGET, Some(key)) => program.push(get(key)),
                (opcodes::STOP, _) => {
                    program.push(vec![opcodes::STOP]);
                    return (at == bytes.len() as u64).then_some(Self(program));
                }
                _ => program.push(bytes[instruction.start as usize..instruction.end as usize].to_vec()),
            }
        }
        None
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.concat()
    }

    /// Everything but `STOP`, which stands last.
    fn body(&mut self) -> &mut Vec<Vec<u8>> {
        &mut self.0
    }
}

fn key(bytes: &[u8], instruction: &Instruction) -> Option<u32> {
    match instruction.argument {
        Argument::Number(number) => u32::try_from(number).ok(),
        Argument::Bytes(start, length) if instruction.opcode.layout == opcodes::Layout::Line => {
            let line = &bytes[start as usize..(start + length) as usize];
            std::str::from_utf8(line).ok()?.trim().parse().ok()
        }
        _ => None,
    }
}

fn put(key: u32) -> Vec<u8> {
    [&[opcodes::LONG_BINPUT][..], &key.to_le_bytes()].concat()
}

fn get(key: u32) -> Vec<u8> {
    [&[opcodes::LONG_BINGET][..], &key.to_le_bytes()].concat()
}

fn text(string: &[u8]) -> Vec<u8> {
    let length = u32::try_from(string.len()).unwrap();
    [&[opcodes::BINUNICODE][..], &length.to_le_bytes(), string].concat()
}

/// Something that is pushed and gone again, or that leaves the stack as it is.
fn nothing(random: &mut XorShift) -> Vec<u8> {
    let pushes: [&[u8]; 8] = [b"N0", b"K\x010", b"(N1", b"]0", b")0", b"\x880", b"(0", b"C\x03abc0"];
    pushes[random.below(pushes.len())].to_vec()
}

const REWRITES: usize = 12;

/// A rewrite that keeps what the pickle does.
fn rewrite(program: &mut Program, which: usize, random: &mut XorShift) {
    let body = program.body();
    let end = body.len() - 1;
    match which {
        // something that is pushed and popped
        0 => {
            for _ in 0..=random.below(4) {
                let at = random.below(body.len());
                body.insert(at, nothing(random));
            }
        }
        // other keys of the memo
        1 => {
            let (factor, shift) = (1 + random.below(7) as u32, random.below(5000) as u32);
            for instruction in body {
                if let [opcodes::LONG_BINPUT | opcodes::LONG_BINGET, a, b, c, d] = instruction[..] {
                    let key = u32::from_le_bytes([a, b, c, d]) * factor + shift;
                    instruction[1..].copy_from_slice(&key.to_le_bytes());
                }
            }
        }
        // the top of the stack by way of the memo
        2 => {
            let key = 900_000 + random.below(1000) as u32;
            let at = body.iter().position(|instruction| matches!(instruction[0], opcodes::REDUCE | opcodes::NEWOBJ));
            if let Some(at) = at {
                body.splice(at..at, [put(key), vec![opcodes::POP], get(key)]);
            }
        }
        // a copy of the top, thrown away
        3 => {
            let at = body.iter().position(|instruction| matches!(instruction[0], opcodes::REDUCE | opcodes::BUILD));
            if let Some(at) = at {
                body.insert(at, vec![opcodes::DUP, opcodes::POP]);
            }
        }
        // names as strings on the stack
        4 => {
            let old = std::mem::take(body);
            body.extend(old.into_iter().flat_map(|instruction| match &instruction[..] {
                [opcodes::GLOBAL, lines @ ..] => {
                    let mut lines = lines.split(|byte| *byte == b'\n');
                    let (module, name) = (lines.next().unwrap(), lines.next().unwrap());
                    vec![text(module), text(name), vec![opcodes::STACK_GLOBAL]]
                }
                _ => vec![instruction],
            }));
        }
        // another header, or none
        5 => {
            body.retain(|instruction| instruction[0] != opcodes::PROTO);
            if random.below(4) > 0 {
                body.insert(0, vec![opcodes::PROTO, 4 + random.below(2) as u8]);
            }
        }
        // the result inside other values
        6 => {
            let wraps: [&[u8]; 3] = [&[opcodes::TUPLE1], &[opcodes::NONE, opcodes::TUPLE2], b"N\x86\x85"];
            body.insert(end, wraps[random.below(wraps.len())].to_vec());
        }
        // the result thrown away
        7 => body.insert(end, b"0N".to_vec()),
        // one argument as a tuple behind a mark
        8 => {
            let old = std::mem::take(body);
            body.extend(old.into_iter().flat_map(|instruction| match instruction[..] {
                // x → (x,) by way of the memo
                [opcodes::TUPLE1] => {
                    vec![put(800_000), vec![opcodes::POP], vec![opcodes::MARK], get(800_000), vec![opcodes::TUPLE]]
                }
                _ => vec![instruction],
            }));
        }
        // a second header in the middle
        9 => {
            let at = random.below(body.len());
            body.insert(at, vec![opcodes::PROTO, 4]);
        }
        // strings in another width
        10 => {
            for instruction in body {
                match &instruction[..] {
                    [opcodes::SHORT_BINUNICODE, _, string @ ..] => *instruction = text(string),
                    [opcodes::BINUNICODE, _, _, _, _, string @ ..] if string.len() < 256 => {
                        let length = string.len() as u8;
                        *instruction = [&[opcodes::SHORT_BINUNICODE, length][..], string].concat();
                    }
                    _ => {}
                }
            }
        }
        // everything inside one frame
        _ => {
            let inside: Vec<u8> = body.split_off(usize::from(body[0][0] == opcodes::PROTO)).concat();
            let frame = [&[opcodes::FRAME][..], &(inside.len() as u64).to_le_bytes(), &inside].concat();
            body.push(frame);
        }
    }
}

fn verdict(bytes: Vec<u8>) -> Verdict {
    let (registry, cx) = (Registry::builtin(), Context::new());
    let mut exam = Exam::new(registry.inspectors(), Depth::Content, &cx);
    exam.examine(&Part::file("variant", Blob::from_bytes("variant", bytes))).unwrap();
    exam.finish().verdict()
}

/// Pickles of the shared samples, by the verdict that is expected.
fn samples(expected: &str) -> Vec<(String, Vec<u8>)> {
    let root = repository("tests/corpus/scan/shared");
    let manifest: Json = serde_json::from_str(&fs::read_to_string(root.join("manifest.json")).unwrap()).unwrap();
    let mut samples = Vec::new();
    for sample in manifest["samples"].as_array().unwrap() {
        let class = sample["class"].as_str().unwrap();
        if matches!(class, "pickle" | "pickle_gadget" | "sklearn") && sample["expected"] == expected {
            let name = sample["file"].as_str().unwrap().to_owned();
            let bytes = fs::read(root.join(&name)).unwrap();
            samples.push((name, bytes));
        }
    }
    samples
}

/// Every sample under each rewrite alone, and under some of several together.
fn variants(samples: &[(String, Vec<u8>)]) -> Vec<(String, Vec<u8>)> {
    let mut random = XorShift(0x1d87_2b41);
    let mut variants = Vec::new();
    for (name, bytes) in samples {
        let Some(program) = Program::read(bytes) else { continue };
        for which in 0..REWRITES + 6 {
            let mut variant = program.clone();
            if which < REWRITES {
                rewrite(&mut variant, which, &mut random);
            } else {
                // the frame fixes lengths, so it comes last
                for _ in 0..3 {
                    rewrite(&mut variant, random.below(REWRITES - 1), &mut random);
                }
            }
            variants.push((format!("{name}, rewrite {which}"), variant.bytes()));
        }
    }
    variants
}

#[test]
fn no_rewrite_of_a_malicious_pickle_is_anything_but_malicious() {
    let samples = samples("malicious");
    let variants = variants(&samples);
    assert!(variants.len() >= 150, "{}", variants.len());
    for (name, bytes) in variants {
        let shown = bytes.escape_ascii().to_string();
        assert_eq!(verdict(bytes), Verdict::Malicious, "{name}: {shown}");
    }
}

#[test]
fn no_rewrite_of_an_honest_pickle_is_anything_but_clean() {
    let mut honest = samples("clean");
    honest.retain(|(_, bytes)| bytes.len() < 20_000);
    let variants = variants(&honest);
    assert!(variants.len() >= 100, "{}", variants.len());
    for (name, bytes) in variants {
        assert_eq!(verdict(bytes), Verdict::Clean, "{name}");
    }
}

#[test]
fn streams_before_and_behind_a_malicious_pickle_do_not_cover_it() {
    let honest: [&[u8]; 3] = [b"N.", b"\x80\x02}q\x00.", b"\x80\x04\x8c\x05hello\x94."];
    for (name, bytes) in samples("malicious") {
        // what already breaks off says nothing about what follows it
        let Some(program) = Program::read(&bytes) else { continue };
        let bytes = program.bytes();
        for other in honest {
            assert_eq!(verdict([other, &bytes].concat()), Verdict::Malicious, "{name} behind another");
            assert_eq!(verdict([&bytes, other].concat()), Verdict::Malicious, "{name} before another");
        }
    }
}

#[test]
fn a_fault_behind_the_payload_does_not_cover_it() {
    let faults: [&[u8]; 6] =
        [b"g999\n.", b"\x8b\xff\xff\xff\xff.", b"\xff", b"", b"0000000.", b"\x95\0\0\0\0\0\0\0\x01."];
    for (name, bytes) in samples("malicious") {
        let Some(mut program) = Program::read(&bytes) else { continue };
        program.body().pop();
        for fault in faults {
            let bytes = [&program.bytes(), fault].concat();
            assert_eq!(verdict(bytes), Verdict::Malicious, "{name}: {}", fault.escape_ascii());
        }
    }
}
