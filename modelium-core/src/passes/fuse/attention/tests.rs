use crate::ir::sketch;
use crate::passes::fuse::attention::{FuseAttention, FuseStandardAttention, ScaleQueries};
use crate::passes::proof::{becomes, becomes_at, simplified, stays, stays_at};

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
fn from_opset_23_on_there_is_a_standard_operator() {
    let middle = ["a = MatMul(q2, k3)", "b = Mul(a, half)", "p = Softmax(b) axis=-1", "r = MatMul(p, v2)"];
    let keys = ["k2b = Transpose(k1) perm=[0, 2, 1, 3]", "k3 = Transpose(k2b) perm=[0, 1, 3, 2]"];
    let lines = attention(&[], &[&keys[..], &middle].concat());
    let lines: Vec<_> = lines.into_iter().filter(|line| !line.starts_with("k2 =")).collect();
    let after = ["y = Attention(q, k, v) scale=0.5 q_num_heads=4 kv_num_heads=4"];
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

/// Attention of four heads that come first, with a bias that these lines make.
fn biased<'t>(bias: &[&'t str], tail: &[&'t str]) -> Vec<&'t str> {
    let head = [
        "q: float32[b, 4, s, 8]",
        "k: float32[b, 4, s, 8]",
        "v: float32[b, 4, s, 8]",
        "mask: bool[b, 1, s, s]",
        "other: bool[b, 1, s, s]",
        "zero = float32 0",
    ];
    let middle = ["kt = Transpose(k) perm=[0, 1, 3, 2]", "a = MatMul(q, kt)", "c = Add(a, bias)"];
    let tail = if tail.is_empty() { &["p = Softmax(c) axis=-1", "y = MatMul(p, v)"] } else { tail };
    let lines = [&head, bias, &middle, tail, &["-> y: float32[…]"]].concat();
    let read = lines.iter().any(|line| line.contains(" zero,") || line.contains(" zero)"));
    lines.iter().filter(|line| **line != "zero = float32 0" || read).copied().collect()
}

#[test]
fn a_large_number_that_masks_becomes_one_that_every_runtime_adds() {
    // ONNX Runtime makes zeros of a row that is masked as a whole with the least number, the steps make its mean
    let low = "low = float32 -3.4028235e38";
    let masks: [&[&str]; 6] = [
        &[low, "bias = Where(mask, zero, low)"],
        &[low, "at = int64 [0]", "m = Where(mask, low, zero)", "bias = Gather(m, at) axis=1"],
        &[
            low,
            "half = float32 0.5",
            "one = float32 1",
            "n = Where(mask, half, one)",
            "m = Where(other, n, low)",
            "bias = Add(m, n)",
        ],
        &[low, "m = Cast(mask) to=1", "bias = Mul(m, low)"],
        &[low, "one = float32 1", "m = Cast(mask) to=1", "n = Sub(one, m)", "bias = Mul(low, n)"],
        &["low = float32 -1e38", "n = Where(mask, zero, low)", "bias = Where(other, n, low)"],
    ];
    for lines in masks {
        let model = simplified(sketch::model(23, &biased(lines, &[])), FuseStandardAttention);
        let after = sketch::lines(&model.graph);
        let [.., floor, last] = after.as_slice() else { panic!("{after:#?}") };
        assert_eq!(floor, "max = Max(bias, floor)", "{after:#?}");
        assert_eq!(last, "y = Attention(q, k, v, max) scale=1.0");
        let number = "floor = float32 -1000000015047466200000000000000"; // -1e30
        assert!(after.iter().any(|line| line == number), "{after:#?}");
    }
}

#[test]
fn a_moderate_number_that_masks_stays() {
    let after = [
        "zero = float32 0",
        "low = float32 -10000",
        "bias = Where(mask, zero, low)",
        "y = Attention(q, k, v, bias) scale=1.0",
    ];
    becomes_at(
        23,
        FuseStandardAttention,
        &biased(&["low = float32 -10000", "bias = Where(mask, zero, low)"], &[]),
        &after,
    );
}

#[test]
fn masks_whose_rows_could_be_others_stay_out_of_the_standard_operator() {
    let low = "low = float32 -3.4028235e38";
    let near: [&[&str]; 8] = [
        // two large numbers that differ, or that add up to minus infinity
        &[low, "less = float32 -1e38", "m = Where(mask, zero, low)", "bias = Where(other, m, less)"],
        &[low, "m = Where(mask, zero, low)", "n = Where(other, zero, low)", "bias = Add(m, n)"],
        // neither moderate nor large enough to swallow scores
        &["low = float32 -1e20", "bias = Where(mask, zero, low)"],
        // not a number where it is not masked, nothing where it is
        &["low = float32 -inf", "bias = Where(mask, zero, low)"],
        &["low = float32 -inf", "m = Cast(mask) to=1", "bias = Mul(m, low)"],
        // large the other way
        &["high = float32 3e38", "bias = Where(mask, zero, high)"],
        &[low, "m = Where(mask, zero, low)", "bias = Neg(m)"],
        // times what need not be zero or one
        &[low, "r: float32[b, 1, s, s]", "t = Tanh(r)", "bias = Mul(t, low)"],
    ];
    for lines in near {
        stays_at(23, FuseStandardAttention, &biased(lines, &[]));
    }
    let input: Vec<_> = biased(&[], &[]).into_iter().chain(["bias: float32[b, 1, s, s]"]).collect();
    stays_at(23, FuseStandardAttention, &input);
}

#[test]
fn a_guard_against_rows_without_weight_moves_behind_the_standard_operator() {
    let guarded = ["p = Softmax(c) axis=-1", "nan = IsNaN(p)", "w = Where(nan, zero, p)", "y = MatMul(w, v)"];
    let after = [
        "zero = float32 0",
        "low = float32 -inf",
        "bias = Where(mask, zero, low)",
        "attention = Attention(q, k, v, bias) scale=1.0",
        "isnan = IsNaN(attention)",
        "y = Where(isnan, zero, attention)",
    ];
    let lines = biased(&["low = float32 -inf", "bias = Where(mask, zero, low)"], &guarded);
    becomes_at(23, FuseStandardAttention, &lines, &after);
}

#[test]
fn past_keys_that_several_heads_share_go_into_the_standard_operator() {
    let lines = [
        "q: float32[b, s, 32]",
        "k: float32[b, s, 16]",
        "v: float32[b, s, 16]",
        "pk: float32[b, 2, p, 8]",
        "pv: float32[b, 2, p, 8]",
        "heads = int64 [0, 0, 4, 8]",
        "few = int64 [0, 0, 2, 8]",
        "axis = int64 [2]",
        "twice = int64 [1, 1, 2, 1, 1]",
        "merged = int64 [0, 4, -1, 8]",
        "packed = int64 [0, 0, 32]",
        "q1 = Reshape(q, heads)",
        "k1 = Reshape(k, few)",
        "v1 = Reshape(v, few)",
        "q2 = Transpose(q1) perm=[0, 2, 1, 3]",
        "k2 = Transpose(k1) perm=[0, 2, 1, 3]",
        "v2 = Transpose(v1) perm=[0, 2, 1, 3]",
        "nk = Concat(pk, k2) axis=2",
        "nv = Concat(pv, v2) axis=2",
        "nk5 = Unsqueeze(nk, axis)",
        "nv5 = Unsqueeze(nv, axis)",
        "nk10 = Expand(nk5, twice)",
        "nv10 = Expand(nv5, twice)",
        "nk4 = Reshape(nk10, merged)",
        "nv4 = Reshape(nv10, merged)",
        "nkt = Transpose(nk4) perm=[0, 1, 3, 2]",
        "a = MatMul(q2, nkt)",
        "w = Softmax(a) axis=-1",
        "r = MatMul(w, nv4)",
        "r1 = Transpose(r) perm=[0, 2, 1, 3]",
        "y = Reshape(r1, packed)",
        "-> y: float32[…]; nk: float32[…]; nv: float32[…]",
    ];
    let after = ["y, nk, nv = Attention(q, k, v, _, pk, pv) scale=1.0 q_num_heads=4 kv_num_heads=2"];
    becomes_at(23, FuseStandardAttention, &lines, &after);
    // it takes fewer nodes than ONNX Runtime's own, whose keys have to be repeated
    becomes_at(23, FuseAttention, &lines, &after);
    let repeated = [
        "few = int64 [0, 0, 2, 8]",
        "axis = int64 [2]",
        "twice = int64 [1, 1, 2, 1, 1]",
        "merged = int64 [0, 4, -1, 8]",
        "k1 = Reshape(k, few)",
        "v1 = Reshape(v, few)",
        "k2 = Transpose(k1) perm=[0, 2, 1, 3]",
        "v2 = Transpose(v1) perm=[0, 2, 1, 3]",
        "nk = Concat(pk, k2) axis=2",
        "nv = Concat(pv, v2) axis=2",
        "nk5 = Unsqueeze(nk, axis)",
        "nv5 = Unsqueeze(nv, axis)",
        "nk10 = Expand(nk5, twice)",
        "nv10 = Expand(nv5, twice)",
        "nk4 = Reshape(nk10, merged)",
        "nv4 = Reshape(nv10, merged)",
        "y = com.microsoft.MultiHeadAttention(q, nk4, nv4) num_heads=4 scale=1.0",
    ];
    becomes_at(22, FuseAttention, &lines, &repeated);
}

#[test]
fn a_standard_operator_that_stands_there_takes_what_leaves_fewer_nodes() {
    let middle = ["k3 = Transpose(k1) perm=[0, 2, 1, 3]", "r = Attention(q2, k3, v2, mask) scale=0.5"];
    let lines = attention(&["mask: bool[1, 1, s, t]"], &middle);
    let after = ["y = Attention(q, k, v, mask) scale=0.5 q_num_heads=4 kv_num_heads=4"];
    becomes_at(23, FuseStandardAttention, &lines, &after);
    becomes_at(23, FuseAttention, &lines, &after);
    let causal = middle.map(|line| if line.starts_with('r') { "r = Attention(q2, k3, v2) is_causal=1" } else { line });
    let after = ["y = Attention(q, k, v) scale=0.35355338 q_num_heads=4 kv_num_heads=4 is_causal=1"];
    becomes_at(23, FuseStandardAttention, &attention(&[], &causal), &after);
    let plain = middle.map(|line| {
        if line.starts_with('r') { "r = Attention(q2, k3, v2, mask) scale=0.5 is_causal=0 softcap=0.0" } else { line }
    });
    let after = ["y = Attention(q, k, v, mask) scale=0.5 q_num_heads=4 kv_num_heads=4"];
    becomes_at(23, FuseStandardAttention, &attention(&["mask: bool[1, 1, s, t]"], &plain), &after);
    // nothing is saved, or it has a past or more outputs
    let heads = ["q: float32[b, 4, s, 8]", "k: float32[b, 4, t, 8]", "v: float32[b, 4, t, 8]"];
    stays_at(23, FuseStandardAttention, &[&heads[..], &["y = Attention(q, k, v)", "-> y: float32[…]"]].concat());
    let past = ["pk: float32[b, 4, p, 8]", "pv: float32[b, 4, p, 8]"];
    let with = ["k3 = Transpose(k1) perm=[0, 2, 1, 3]", "r = Attention(q2, k3, v2, _, pk, pv)"];
    let lines = attention(&past, &with);
    let joined =
        |line: &'static str| if line.starts_with("r =") { line.replacen("r =", "r, nk, nv =", 1) } else { line.into() };
    let lines: Vec<String> = lines.into_iter().map(joined).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).chain(["-> nk: float32[…]; nv: float32[…]"]).collect();
    stays_at(23, FuseStandardAttention, &lines);
}

#[test]
fn a_scale_of_each_head_goes_to_the_queries() {
    let lines = |scale: &'static str, end: &'static str| {
        ["q: float32[b, 2, s, 8]", "k: float32[b, 2, 8, t]", scale, "a = MatMul(q, k)", "c = Mul(a, h)", end, "-> y"]
    };
    becomes_at(
        23,
        ScaleQueries,
        &lines("h = float32[2, 1, 1] [3, 5]", "y = Softmax(c) axis=-1"),
        &["h = float32[2, 1, 1] [3, 5]", "mul = Mul(q, h)", "c = MatMul(mul, k)", "y = Softmax(c) axis=-1"],
    );
    // of each column, not into a softmax, and where no attention operator may be used
    stays_at(23, ScaleQueries, &lines("h = float32[2] [3, 5]", "y = Softmax(c) axis=-1"));
    stays_at(23, ScaleQueries, &lines("h = float32[2, 1, 1] [3, 5]", "y = Relu(c)"));
    stays_at(22, ScaleQueries, &lines("h = float32[2, 1, 1] [3, 5]", "y = Softmax(c) axis=-1"));
}
