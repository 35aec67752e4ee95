//! The body of the fuzz target `eval` on mutations of committed models, the same ones on each run.

use std::fs;

use crate::fuzz_onnx::{collect, mutate_fields};
use crate::mutate::{XorShift, mutate};
use crate::support::repository;

#[path = "../../../fuzz/src/eval.rs"]
mod eval;

/// A few seconds' worth.
const ROUNDS: usize = 6_000;

#[test]
fn mutated_models_are_evaluated_or_refused() {
    let mut paths = Vec::new();
    for folder in ["tests/corpus/eval", "tests/corpus/onnx"] {
        collect(&repository(folder), &mut paths);
    }
    paths.sort();
    let seeds: Vec<Vec<u8>> =
        paths.iter().map(|path| fs::read(path).unwrap()).filter(|bytes| bytes.len() < 4096).collect();
    assert!(seeds.len() > 200, "only {} seeds", seeds.len());
    let cx = eval::context();
    let mut random = XorShift(0x6576_616c_7561_7465);
    let mut evaluated = 0;
    for _ in 0..ROUNDS {
        eval::run(&mutate(&seeds, &mut random), &cx);
        evaluated += usize::from(eval::run(&mutate_fields(&seeds, &mut random, &cx), &cx));
    }
    assert!(evaluated > ROUNDS / 20, "only {evaluated} mutations have outputs: too wild to find much");
}
