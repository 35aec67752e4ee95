use crate::passes::fuse::attention::{FuseAttention, FuseStandardAttention};
use crate::passes::proof::{becomes, becomes_at, stays, stays_at};

/// Queries, keys and values of four heads of eight, packed, up to what heads first they are.
const PROJECTIONS: [&str; 12] = [
    "q: float32[b, s, 32]",
    "k: float32[b, t, 32]",
    "v: float32[b, t, 32]",
    "heads = int64 [0, 0, 4, 8]",
    "packed = int64 [0, 0, 32]",
    "half = float32 0.5",
    "q1 = Reshape(q, heads)",
    "k1 = Reshape(k, heads)",
    "v1 = Reshape(v, heads)",
    "q2 = Transpose(q1) perm=[0, 2, 1, 3]",
    "k2 = Transpose(k1) perm=[0, 2, 3, 1]",
    "v2 = Transpose(v1) perm=[0, 2, 1, 3]",
];

const RESULT: [&str; 3] = ["r1 = Transpose(r) perm=[0, 2, 1, 3]", "y = Reshape(r1, packed)", "-> y: float32[…]"];

fn attention<'t>(inputs: &[&'t str], middle: &[&'t str]) -> Vec<&'t str> {
    let lines = [inputs, &PROJECTIONS, middle, &RESULT].concat();
    let read =
        |name: &str| lines.iter().any(|line| line.contains(&format!("({name}")) || line.contains(&format!(", {name}")));
    let used =
        |line: &&&str| line.split_once(" = ").is_none_or(|(name, _)| ["p", "y", "z"].contains(&name) || read(name));
    lines.iter().filter(used).copied().collect()
}

#[test]
fn the_plain_form_is_one_operator() {
    let middle = ["a = MatMul(q2, k2)", "b = Mul(a, half)", "p = Softmax(b) axis=-1", "r = MatMul(p, v2)"];
    let after = ["y = com.microsoft.MultiHeadAttention(q, k, v) num_heads=4 scale=0.5"];
    becomes(FuseAttention, &attention(&[], &middle), &after);
}

#[test]
fn scales_of_queries_keys_and_scores_multiply() {
    let middle = [
        "two = float32 2",
        "q3 = Mul(half, q2)",
        "k3 = Div(k2, two)",
        "a = MatMul(q3, k3)",
        "b = Mul(a, half)",
        "p = Softmax(b) axis=3",
        "r = MatMul(p, v2)",
    ];
    let after = ["y = com.microsoft.MultiHeadAttention(q, k, v) num_heads=4 scale=0.125"];
    becomes(FuseAttention, &attention(&[], &middle), &after);
}

#[test]
fn keys_may_be_transposed_in_a_detour_over_merged_heads() {
    let middle = [
        "k3 = Transpose(k1) perm=[0, 2, 1, 3]",
        "merged = int64 [-1, 6, 8]",
        "split = int64 [-1, 4, 8, 6]",
        "k4 = Reshape(k3, merged)",
        "k5 = Transpose(k4) perm=[0, 2, 1]",
        "k6 = Reshape(k5, split)",
        "a = MatMul(q2, k6)",
        "p = Softmax(a) axis=-1",
        "r = MatMul(p, v2)",
    ];
    let lines: Vec<_> =
        attention(&[], &middle).iter().map(|line| line.replace("b, t,", "2, 6,").replace("b, s,", "2, s,")).collect();
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    becomes(FuseAttention, &lines, &["y = com.microsoft.MultiHeadAttention(q, k, v) num_heads=4 scale=1.0"]);
}

#[test]
fn a_bias_of_the_shape_of_the_scores_goes_in() {
    let middle = ["a = MatMul(q2, k2)", "b = Add(mask, a)", "p = Softmax(b) axis=-1", "r = MatMul(p, v2)"];
    let after = ["y = com.microsoft.MultiHeadAttention(q, k, v, _, _, mask) num_heads=4 scale=1.0"];
    for mask in ["mask: float32[b, 1, s, t]", "mask: float32[1, 4, s, t]", "mask: float32[1, 1, s, t]"] {
        becomes(FuseAttention, &attention(&[mask], &middle), &after);
    }
}

#[test]
fn a_bias_without_the_outer_axes_gets_them() {
    let middle = ["a = MatMul(q2, k2)", "b = Add(a, mask)", "p = Softmax(b) axis=-1", "r = MatMul(p, v2)"];
    let after = [
        "axes = int64 [0, 1]",
        "unsqueeze = Unsqueeze(mask, axes)",
        "y = com.microsoft.MultiHeadAttention(q, k, v, _, _, unsqueeze) num_heads=4 scale=1.0",
    ];
    becomes(FuseAttention, &attention(&["mask: float32[s, t]"], &middle), &after);
}

#[test]
fn two_biases_are_added_first() {
    let middle = [
        "a = MatMul(q2, k2)",
        "b = Add(a, position)",
        "c = Add(b, mask)",
        "p = Softmax(c) axis=-1",
        "r = MatMul(p, v2)",
    ];
    let after =
        ["add = Add(mask, position)", "y = com.microsoft.MultiHeadAttention(q, k, v, _, _, add) num_heads=4 scale=1.0"];
    becomes(
        FuseAttention,
        &attention(&["mask: float32[b, 1, 1, t]", "position: float32[1, 4, s, t]"], &middle),
        &after,
    );
}

#[test]
fn a_bias_whose_shape_may_be_another_stays() {
    let middle = ["a = MatMul(q2, k2)", "b = Add(a, mask)", "p = Softmax(b) axis=-1", "r = MatMul(p, v2)"];
    for mask in ["mask: float32[?, 1, s, t]", "mask: float32[b, 1, s, u]", "mask: float32[1, 1, 1, b, 4, s, t]"] {
        stays(FuseAttention, &attention(&[mask], &middle));
    }
}

#[test]
fn a_bias_that_is_scaled_with_the_scores_stays() {
    let middle =
        ["a = MatMul(q2, k2)", "b = Add(a, mask)", "c = Mul(b, half)", "p = Softmax(c) axis=-1", "r = MatMul(p, v2)"];
    stays(FuseAttention, &attention(&["mask: float32[b, 1, s, t]"], &middle));
}

#[test]
fn a_softmax_over_another_axis_stays() {
    let middle = ["a = MatMul(q2, k2)", "p = Softmax(a) axis=-2", "r = MatMul(p, v2)"];
    stays(FuseAttention, &attention(&[], &middle));
}

#[test]
fn scores_that_somebody_else_reads_stay() {
    let middle = ["a = MatMul(q2, k2)", "p = Softmax(a) axis=-1", "r = MatMul(p, v2)", "-> p: float32[…]"];
    stays(FuseAttention, &attention(&[], &middle));
    let middle =
        ["a = MatMul(q2, k2)", "p = Softmax(a) axis=-1", "r = MatMul(p, v2)", "z = Relu(a)", "-> z: float32[…]"];
    stays(FuseAttention, &attention(&[], &middle));
}

#[test]
fn keys_whose_rows_are_not_what_they_seem_go_in_as_they_are() {
    // eight rows of eight: the product fits either way, but without a transpose it sums over rows
    let middle =
        ["k3 = Transpose(k1) perm=[0, 2, 1, 3]", "a = MatMul(q2, k3)", "p = Softmax(a) axis=-1", "r = MatMul(p, v2)"];
    let lines: Vec<_> = attention(&[], &middle).iter().map(|line| line.replace("b, t,", "b, 8,")).collect();
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    stays(FuseAttention, &lines);
}

#[test]
fn tensors_of_batches_that_may_differ_stay() {
    let middle = ["a = MatMul(q2, k2)", "p = Softmax(a) axis=-1", "r = MatMul(p, v2)"];
    let lines: Vec<_> =
        attention(&[], &middle).iter().map(|line| line.replace("v: float32[b,", "v: float32[c,")).collect();
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    stays(FuseAttention, &lines);
}

#[test]
fn a_guard_goes_where_no_row_can_lose_all_its_weight() {
    let middle = [
        "a = MatMul(q2, k2)",
        "zero = float32 0",
        "low = float32 -10000",
        "bias = Where(mask, zero, low)",
        "b = Add(a, bias)",
        "p = Softmax(b) axis=-1",
        "nan = IsNaN(p)",
        "w = Where(nan, zero, p)",
        "r = MatMul(w, v2)",
    ];
    let after = [
        "zero = float32 0",
        "low = float32 -10000",
        "bias = Where(mask, zero, low)",
        "y = com.microsoft.MultiHeadAttention(q, k, v, _, _, bias) num_heads=4 scale=1.0",
    ];
    becomes(FuseAttention, &attention(&["mask: bool[b, 1, s, t]"], &middle), &after);
}

#[test]
fn a_guard_moves_to_the_result_where_a_row_can() {
    let middle = [
        "a = MatMul(q2, k2)",
        "zero = float32 0",
        "b = Add(a, mask)",
        "p = Softmax(b) axis=-1",
        "nan = IsNaN(p)",
        "w = Where(nan, zero, p)",
        "r = MatMul(w, v2)",
    ];
    let after = [
        "zero = float32 0",
        "attention = com.microsoft.MultiHeadAttention(q, k, v, _, _, mask) num_heads=4 scale=1.0",
        "isnan = IsNaN(attention)",
        "y = Where(isnan, zero, attention)",
    ];
    becomes(FuseAttention, &attention(&["mask: float32[b, 1, s, t]"], &middle), &after);
}

#[test]
fn past_keys_and_values_go_in_and_present_ones_come_out() {
    let lines = [
        "q: float32[b, s, 32]",
        "k: float32[b, s, 32]",
        "v: float32[b, s, 32]",
        "pk: float32[b, 4, p, 8]",
        "pv: float32[b, 4, p, 8]",
        "heads = int64 [0, 0, 4, 8]",
        "packed = int64 [0, 0, 32]",
        "q1 = Reshape(q, heads)",
        "k1 = Reshape(k, heads)",
        "v1 = Reshape(v, heads)",
        "q2 = Transpose(q1) perm=[0, 2, 1, 3]",
        "k2 = Transpose(k1) perm=[0, 2, 1, 3]",
        "v2 = Transpose(v1) perm=[0, 2, 1, 3]",
        "nk = Concat(pk, k2) axis=2",
        "nv = Concat(pv, v2) axis=-2",
        "nkt = Transpose(nk) perm=[0, 1, 3, 2]",
        "a = MatMul(q2, nkt)",
        "w = Softmax(a) axis=-1",
        "r = MatMul(w, nv)",
        "r1 = Transpose(r) perm=[0, 2, 1, 3]",
        "y = Reshape(r1, packed)",
        "-> y: float32[…]; nk: float32[…]; nv: float32[…]",
    ];
    let after = ["y, nk, nv = com.microsoft.MultiHeadAttention(q, k, v, _, _, _, pk, pv) num_heads=4 scale=1.0"];
    becomes(FuseAttention, &lines, &after);
}

#[test]
fn queries_that_come_by_heads_are_packed_and_keys_are_not() {
    let lines = [
        "q: float32[b, 4, s, 8]",
        "k: float32[b, 4, t, 8]",
        "v: float32[b, 4, t, 8]",
        "packed = int64 [0, 0, 32]",
        "kt = Transpose(k) perm=[0, 1, 3, 2]",
        "a = MatMul(q, kt)",
        "w = Softmax(a) axis=-1",
        "r = MatMul(w, v)",
        "r1 = Transpose(r) perm=[0, 2, 1, 3]",
        "y = Reshape(r1, packed)",
        "-> y: float32[…]",
    ];
    let after = [
        "shape = int64 [0, 0, 32]",
        "transpose = Transpose(q) perm=[0, 2, 1, 3]",
        "reshape = Reshape(transpose, shape)",
        "y = com.microsoft.MultiHeadAttention(reshape, k, v) num_heads=4 scale=1.0",
    ];
    becomes(FuseAttention, &lines, &after);
}

#[test]
fn parts_of_one_projection_are_cut_out_of_it() {
    let lines = [
        "x: float32[b, 5, 96]",
        "five = int64 [0, 5, 3, 4, 8]",
        "packed = int64 [0, 5, 32]",
        "i0 = int64 0",
        "i1 = int64 1",
        "i2 = int64 2",
        "x5 = Reshape(x, five)",
        "xt = Transpose(x5) perm=[2, 0, 3, 1, 4]",
        "q = Gather(xt, i0) axis=0",
        "k = Gather(xt, i1) axis=0",
        "v = Gather(xt, i2) axis=0",
        "kt = Transpose(k) perm=[0, 1, 3, 2]",
        "a = MatMul(q, kt)",
        "w = Softmax(a) axis=-1",
        "r = MatMul(w, v)",
        "r1 = Transpose(r) perm=[0, 2, 1, 3]",
        "y = Reshape(r1, packed)",
        "-> y: float32[…]",
    ];
    let after = [
        "sizes = int64 [32, 32, 32]",
        "queries, keys, values = Split(x, sizes) axis=2",
        "y = com.microsoft.MultiHeadAttention(queries, keys, values) num_heads=4 scale=1.0",
    ];
    becomes(FuseAttention, &lines, &after);
}

#[test]
fn the_standard_operator_takes_heads_first_from_opset_23_on() {
    let middle = ["a = MatMul(q2, k3)", "b = Mul(a, half)", "p = Softmax(b) axis=-1", "r = MatMul(p, v2)"];
    let keys = ["k2b = Transpose(k1) perm=[0, 2, 1, 3]", "k3 = Transpose(k2b) perm=[0, 1, 3, 2]"];
    let lines = attention(&[], &[&keys[..], &middle].concat());
    let lines: Vec<_> = lines.into_iter().filter(|line| !line.starts_with("k2 =")).collect();
    let after = [
        "heads = int64 [0, 0, 4, 8]",
        "packed = int64 [0, 0, 32]",
        "q1 = Reshape(q, heads)",
        "k1 = Reshape(k, heads)",
        "v1 = Reshape(v, heads)",
        "q2 = Transpose(q1) perm=[0, 2, 1, 3]",
        "v2 = Transpose(v1) perm=[0, 2, 1, 3]",
        "k2b = Transpose(k1) perm=[0, 2, 1, 3]",
        "r = Attention(q2, k2b, v2) scale=0.5",
        "r1 = Transpose(r) perm=[0, 2, 1, 3]",
        "y = Reshape(r1, packed)",
    ];
    becomes_at(23, FuseStandardAttention, &lines, &after);
    stays_at(22, FuseStandardAttention, &lines);
}

#[test]
fn keys_and_values_repeated_for_several_heads_go_in_once() {
    let lines = [
        "q: float32[b, 4, s, 8]",
        "k: float32[b, 2, t, 8]",
        "v: float32[b, 2, t, 8]",
        "tt: int64[1]",
        "axis = int64 [2]",
        "five: float32[b, 2, 2, t, 8]",
        "five_shape = Shape(five)",
        "four: float32[b, 4, t, 8]",
        "four_shape = Shape(four)",
        "k1 = Unsqueeze(k, axis)",
        "k2 = Expand(k1, five_shape)",
        "k3 = Reshape(k2, four_shape)",
        "v1 = Unsqueeze(v, axis)",
        "v2 = Expand(v1, five_shape)",
        "v3 = Reshape(v2, four_shape)",
        "k4 = Transpose(k3) perm=[0, 1, 3, 2]",
        "a = MatMul(q, k4)",
        "p = Softmax(a) axis=-1",
        "y = MatMul(p, v3)",
        "-> y: float32[…]",
    ];
    becomes_at(23, FuseStandardAttention, &lines, &["y = Attention(q, k, v) scale=1.0"]);
}

#[test]
fn a_mask_of_the_least_number_stays_out_of_the_standard_operator() {
    // ONNX Runtime makes zeros of a row that is masked as a whole, the steps make its mean
    let lines = |low| {
        [
            "q: float32[b, 4, s, 8]",
            "k: float32[b, 4, 8, s]",
            "v: float32[b, 4, s, 8]",
            "mask: bool[b, 1, s, s]",
            "zero = float32 0",
            low,
            "kt = Transpose(k) perm=[0, 1, 3, 2]",
            "ktt = Transpose(kt) perm=[0, 1, 3, 2]",
            "bias = Where(mask, zero, low)",
            "a = MatMul(q, ktt)",
            "c = Add(a, bias)",
            "p = Softmax(c) axis=-1",
            "y = MatMul(p, v)",
            "-> y: float32[…]",
        ]
    };
    stays_at(23, FuseStandardAttention, &lines("low = float32 -3.4028235e38"));
    let after = [
        "zero = float32 0",
        "low = float32 -10000",
        "kt = Transpose(k) perm=[0, 1, 3, 2]",
        "bias = Where(mask, zero, low)",
        "y = Attention(q, kt, v, bias) scale=1.0",
    ];
    becomes_at(23, FuseStandardAttention, &lines("low = float32 -10000"), &after);
}
