//! Hostile configs: each has one exact line, and no mutation of a good one makes the parser panic or lose bytes.

use std::fmt::Write as _;
use std::fs;

use modelium_core::deploy::triton::pbtxt::parse;
use modelium_core::{Error, Limits};

use crate::support::{golden, repository};

#[test]
fn each_hostile_text_has_its_line() {
    let mut names: Vec<_> = fs::read_dir(repository("tests/hostile/pbtxt"))
        .expect("the folder is there")
        .map(|item| item.expect("it can be listed").file_name().into_string().expect("names are ASCII"))
        .filter(|name| name != "errors.txt")
        .collect();
    names.sort();
    let mut lines = String::new();
    for name in names {
        let text = fs::read(repository("tests/hostile/pbtxt").join(&name)).expect("it can be read");
        let error = Error::from(parse(&text, &Limits::default()).expect_err(&name)).with_file(name);
        let _ = writeln!(lines, "{}: {error}", error.kind().as_str());
    }
    golden("tests/hostile/pbtxt/errors.txt", &lines);
}

#[test]
fn a_text_beyond_the_cap_is_not_read() {
    let error = parse(&vec![b'#'; (4 << 20) + 1], &Limits::default()).expect_err("too long");
    assert_eq!(error.to_string(), "4194305 bytes are too many for a config; at most 4194304 are read");
}

#[test]
fn mutations_of_good_configs_are_read_or_refused() {
    let pieces: &[&[u8]] =
        &[b"{", b"}", b"<", b">", b"[", b"]", b":", b",", b"\"", b"\\", b"-", b"#", b"\n", b"1e", b"\xff"];
    let mut seed = 1_u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("31 bits") % below.max(1)
    };
    for name in ["classifier", "encoder", "fixed", "rows", "scalar"] {
        let good = fs::read(repository(&format!("tests/corpus/triton/{name}.pbtxt"))).expect("it is committed");
        for _ in 0..2000 {
            let mut text = good.clone();
            for _ in 0..=random(3) {
                let at = random(text.len());
                match random(3) {
                    0 => text.truncate(at),
                    1 => _ = text.splice(at..at, pieces[random(pieces.len())].iter().copied()),
                    _ => _ = text.splice(at..(at + 1).min(text.len()), pieces[random(pieces.len())].iter().copied()),
                }
            }
            match parse(&text, &Limits::default()) {
                // what is printed must read as the same again, or printing would change a user's config
                Ok(tree) => {
                    let printed = tree.to_text();
                    let again = parse(printed.as_bytes(), &Limits::default()).expect("what is printed can be read");
                    assert_eq!(again.to_text(), printed);
                }
                Err(error) => assert!(error.position().is_some_and(|at| at.line >= 1 && at.column >= 1), "{error}"),
            }
        }
    }
}
