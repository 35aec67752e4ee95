use crate::passes::fuse::rotary::{FuseRotaryEmbedding, FuseStandardRotaryEmbedding};
use crate::passes::proof::{becomes, becomes_at, stays, stays_at};

const LINES: [&str; 21] = [
    "x: float32[b, 4, s, 8]",
    "f: float32[1, s, 4]",
    "zero = int64 [0]",
    "one = int64 [1]",
    "three = int64 [3]",
    "four = int64 [4]",
    "end = int64 [9223372036854775807]",
    "angles = Concat(f, f) axis=-1",
    "c = Cos(angles)",
    "s1 = Sin(angles)",
    "cos = Unsqueeze(c, one)",
    "sin = Unsqueeze(s1, one)",
    "kept = Mul(x, cos)",
    "first = Slice(x, zero, four, three, one)",
    "second = Slice(x, four, end, three, one)",
    "negated = Neg(second)",
    "rotated = Concat(negated, first) axis=-1",
    "turned = Mul(rotated, sin)",
    "y = Add(kept, turned)",
    "u = Relu(y)",
    "-> u: float32[b, 4, s, 8]",
];

#[test]
fn the_steps_of_a_rotary_embedding_are_one() {
    let after = [
        "axes = int64 [0]",
        "position = int64 [0]",
        "squeeze = Squeeze(f, axes)",
        "cos_1 = Cos(squeeze)",
        "sin_1 = Sin(squeeze)",
        "y = com.microsoft.RotaryEmbedding(x, position, cos_1, sin_1)",
        "u = Relu(y)",
    ];
    becomes(FuseRotaryEmbedding, &LINES, &after);
}

#[test]
fn what_only_resembles_a_rotary_embedding_stays() {
    let near: [&[(&str, &str)]; 8] = [
        // the halves the other way round, the wrong one negated
        &[("rotated =", "rotated = Concat(first, negated) axis=-1")],
        &[("negated =", "negated = Neg(first)"), ("rotated =", "rotated = Concat(negated, second) axis=-1")],
        // not cut in the middle, another axis, other angles
        &[("four =", "four = int64 [2]")],
        &[("angles =", "angles = Concat(f, f) axis=1"), ("f:", "f: float32[1, s, 8]")],
        &[("s1 =", "s1 = Cos(angles)")],
        &[("f:", "f: float32[b, s, 4]")],
        &[("kept =", "kept = Mul(sin, cos)")],
        // somebody else reads what is rotated
        &[("u =", "u = Add(y, rotated)")],
    ];
    for changes in near {
        let change =
            |line| changes.iter().find(|(start, _)| str::starts_with(line, start)).map_or(line, |(_, new)| *new);
        stays(FuseRotaryEmbedding, &LINES.map(change));
        if !changes[0].1.contains("float32[b, s, 4]") {
            stays_at(23, FuseStandardRotaryEmbedding, &LINES.map(change));
        }
    }
    stays_at(22, FuseStandardRotaryEmbedding, &LINES);
}

#[test]
fn the_standard_operator_has_a_row_of_angles_for_each_position_of_each_batch() {
    let one = LINES.map(|line| line.replace("float32[b, 4", "float32[1, 4"));
    let after = ["cos_1 = Cos(f)", "sin_1 = Sin(f)", "y = RotaryEmbedding(x, cos_1, sin_1)", "u = Relu(y)"];
    becomes_at(23, FuseStandardRotaryEmbedding, &one.each_ref().map(String::as_str), &after);
    let each = LINES.map(|line| line.replace("float32[1, s", "float32[b, s"));
    becomes_at(23, FuseStandardRotaryEmbedding, &each.each_ref().map(String::as_str), &after);
    let repeated = [
        "after = int64 [1, 1]",
        "shape = Shape(x) start=0 end=1",
        "concat = Concat(shape, after) axis=0",
        "expand = Expand(f, concat)",
        "cos_1 = Cos(expand)",
        "sin_1 = Sin(expand)",
        "y = RotaryEmbedding(x, cos_1, sin_1)",
        "u = Relu(y)",
    ];
    becomes_at(23, FuseStandardRotaryEmbedding, &LINES, &repeated);
}

#[test]
fn a_part_that_does_not_turn_goes_in_too() {
    let lines = [
        "x: float32[b, 4, s, 12]",
        "f: float32[1, s, 4]",
        "zero = int64 [0]",
        "one = int64 [1]",
        "three = int64 [3]",
        "eight = int64 [8]",
        "end = int64 [9223372036854775807]",
        "position = int64 [0]",
        "angles = Squeeze(f, zero)",
        "c = Cos(angles)",
        "s1 = Sin(angles)",
        "a = Slice(x, zero, eight, three, one)",
        "r = Slice(x, eight, end, three, one)",
        "t = com.microsoft.RotaryEmbedding(a, position, c, s1)",
        "y = Concat(t, r) axis=-1",
        "u = Relu(y)",
        "-> u: float32[…]",
    ];
    let after = [
        "zero = int64 [0]",
        "position = int64 [0]",
        "angles = Squeeze(f, zero)",
        "c = Cos(angles)",
        "s1 = Sin(angles)",
        "y = com.microsoft.RotaryEmbedding(x, position, c, s1) num_heads=4 rotary_embedding_dim=8",
        "u = Relu(y)",
    ];
    becomes(FuseRotaryEmbedding, &lines, &after);
    // the parts the other way round, one that overlaps, what turned alone read elsewhere
    let near = [
        ("y =", "y = Concat(r, t) axis=-1"),
        ("r =", "r = Slice(x, three, end, three, one)"),
        ("u =", "u = Concat(y, t) axis=-1"),
    ];
    for (start, new) in near {
        stays(FuseRotaryEmbedding, &lines.map(|line| if line.starts_with(start) { new } else { line }));
    }
}
