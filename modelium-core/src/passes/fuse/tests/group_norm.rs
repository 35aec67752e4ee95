use crate::passes::fuse::group_norm::FuseGroupNormalization;
use crate::passes::proof::{becomes, stays, stays_at};

const LINES: [&str; 13] = [
    "x: float32[n, 4, h, 3]",
    "ones = float32[2] [1, 1]",
    "zeros = float32[2] [0, 0]",
    "groups = int64 [0, 2, -1]",
    "w = float32[4, 1, 1] [1, 2, 3, 4]",
    "b = float32[1, 4, 1, 1] [5, 6, 7, 8]",
    "shape = Shape(x)",
    "r = Reshape(x, groups)",
    "i = InstanceNormalization(r, ones, zeros) epsilon=0.001",
    "j = Reshape(i, shape)",
    "m = Mul(j, w)",
    "y = Add(m, b)",
    "-> y: float32[n, 4, h, 3]",
];

#[test]
fn a_group_normalisation_from_opset_21_on() {
    let after = [
        "w_1 = float32 [1, 2, 3, 4]",
        "b_1 = float32 [5, 6, 7, 8]",
        "y = GroupNormalization(x, w_1, b_1) num_groups=2 epsilon=0.001",
    ];
    becomes(FuseGroupNormalization, &LINES, &after);
    stays_at(20, FuseGroupNormalization, &LINES);
}

#[test]
fn what_only_resembles_a_group_normalisation_stays() {
    let near: [&[(&str, &str)]; 6] = [
        // weights of the groups, a batch that is not kept, a shape that is another
        &[("ones =", "ones = float32[2] [1, 2]")],
        &[("zeros =", "zeros = float32[2] [1, 1]")],
        &[("groups =", "groups = int64 [-1, 2, 6]")],
        &[("shape =", "shape = int64 [0, 3, 4, -1]")],
        // not by channel
        &[("w =", "w = float32[3] [1, 2, 3]")],
        &[("b =", "b = float32[1, 4, 1, 1, 1] [5, 6, 7, 8]"), ("-> y", "-> y: float32[…]")],
    ];
    for changes in near {
        let change =
            |line| changes.iter().find(|(start, _)| str::starts_with(line, start)).map_or(line, |(_, new)| *new);
        stays(FuseGroupNormalization, &LINES.map(change));
    }
}
