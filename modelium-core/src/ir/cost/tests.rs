//! Numbers by hand.

use std::collections::BTreeMap;

use super::*;
use crate::ir::graph::Model;
use crate::ir::sketch;

fn bound(model: &Model, bindings: &[(&str, u64)]) -> Cost {
    let bindings: BTreeMap<_, _> = bindings.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect();
    let cx = Context::new();
    cost(&infer::infer(model, &bindings, &cx).unwrap(), &cx).unwrap()
}

fn of(lines: &[&str], bindings: &[(&str, u64)]) -> Cost {
    bound(&sketch::model(21, lines), bindings)
}

#[test]
fn the_first_layers_of_a_resnet() {
    let stem = [
        "x: float32[n, 3, 224, 224]",
        "w = float32[64, 3, 7, 7]",
        "b = float32[64]",
        "c = Conv(x, w, b) kernel_shape=[7, 7] strides=[2, 2] pads=[3, 3, 3, 3]",
        "r = Relu(c)",
        "p = MaxPool(r) kernel_shape=[3, 3] strides=[2, 2] pads=[1, 1, 1, 1]",
        "v = float32[64, 64, 1, 1]",
        "y = Conv(p, v)",
        "-> y",
    ];
    // 64 filters of 3·7·7 over 112², then 64 of 64 over 56²: the table of ResNet-50
    let macs = 64 * 112 * 112 * 147 + 64 * 56 * 56 * 64;
    // in the Relu: two tensors of 64·112·112 floats
    let peak = 2 * 64 * 112 * 112 * 4;
    let expected = Cost { macs: Some(macs), activation_peak_bytes: Some(peak), ..Cost::default() };
    assert_eq!(of(&stem, &[("n", 1)]), expected);
    assert_eq!(of(&stem, &[("n", 8)]).macs, Some(8 * macs));
    // without the batch nothing is known of any node
    assert_eq!((of(&stem, &[]).macs, of(&stem, &[]).unresolved_nodes), (Some(0), 4));
}

#[test]
fn a_depthwise_separable_block_of_a_mobilenet() {
    let block = [
        "x: float32[1, 32, 112, 112]",
        "d = float32[32, 1, 3, 3]",
        "a = Conv(x, d) group=32 pads=[1, 1, 1, 1]",
        "e = float32[64, 32, 1, 1]",
        "y = Conv(a, e)",
        "-> y",
    ];
    let expected = Cost {
        macs: Some(32 * 112 * 112 * 9 + 64 * 112 * 112 * 32),
        activation_peak_bytes: Some((32 + 64) * 112 * 112 * 4),
        ..Cost::default()
    };
    assert_eq!(of(&block, &[]), expected);
}

#[test]
fn a_transformer_block() {
    let block = [
        "x: float32[b, s, 768]",
        "wq = float32[768, 768]",
        "wk = float32[768, 768]",
        "wv = float32[768, 768]",
        "q0 = MatMul(x, wq)",
        "k0 = MatMul(x, wk)",
        "v0 = MatMul(x, wv)",
        "heads = int64 [0, 0, 12, 64]",
        "q1 = Reshape(q0, heads)",
        "k1 = Reshape(k0, heads)",
        "v1 = Reshape(v0, heads)",
        "q = Transpose(q1) perm=[0, 2, 1, 3]",
        "k = Transpose(k1) perm=[0, 2, 3, 1]",
        "v = Transpose(v1) perm=[0, 2, 1, 3]",
        "scores = MatMul(q, k)",
        "p = Softmax(scores)",
        "o0 = MatMul(p, v)",
        "o1 = Transpose(o0) perm=[0, 2, 1, 3]",
        "flat = int64 [0, 0, 768]",
        "o2 = Reshape(o1, flat)",
        "up = float32[768, 3072]",
        "h0 = MatMul(o2, up)",
        "h = Gelu(h0)",
        "down = float32[3072, 768]",
        "y = MatMul(h, down)",
        "-> y",
    ];
    let (b, s) = (2, 128);
    let macs = b * s * 768 * 768 * 3 + 2 * b * 12 * s * s * 64 + 2 * b * s * 768 * 3072;
    // the Gelu: its input and its output, [b, s, 3072] each; the attention's matrices [b, 12, s, s] are smaller
    let expected = Cost { macs: Some(macs), activation_peak_bytes: Some(2 * b * s * 3072 * 4), ..Cost::default() };
    assert_eq!(bound(&sketch::model(21, &block), &[("b", b), ("s", s)]), expected);
}

#[test]
fn a_value_lives_to_its_last_reader_and_an_output_to_the_end() {
    // a: 4 bytes ×10; b, c likewise; a is read by the last node again
    let residual = ["x: float32[10]", "a = Relu(x)", "b = Relu(a)", "c = Relu(b)", "y = Add(a, c)", "-> y"];
    assert_eq!(of(&residual, &[]).activation_peak_bytes, Some(3 * 40));
    let kept = ["x: float32[10]", "a = Relu(x)", "b = Relu(a)", "c = Relu(b)", "-> a; c"];
    assert_eq!(of(&kept, &[]).activation_peak_bytes, Some(3 * 40));
    let unused = ["x: float32[10]", "z: float32[1000]", "y = Relu(x)", "-> y"];
    assert_eq!(of(&unused, &[]).activation_peak_bytes, Some(4040));
}

#[test]
fn products_of_every_spelling() {
    let macs = |lines: &[&str]| of(lines, &[]).macs;
    let ab = ["a: float32[2, 3, 4]", "b: float32[4, 5]"];
    assert_eq!(macs(&[ab[0], ab[1], "y = MatMul(a, b)", "-> y"]), Some(2 * 3 * 5 * 4));
    assert_eq!(macs(&["a: float32[4, 3]", "b: float32[5, 4]", "y = Gemm(a, b) transA=1 transB=1", "-> y"]), Some(60));
    let einsum = ["a: float32[2, 3, 4]", "b: float32[2, 4, 5]", "y = Einsum(a, b) equation=\"bij,bjk->bik\"", "-> y"];
    assert_eq!(macs(&einsum), Some(2 * 3 * 5 * 4));
    let deconv =
        ["x: float32[1, 8, 10, 10]", "w = float32[8, 4, 2, 2]", "y = ConvTranspose(x, w) strides=[2, 2]", "-> y"];
    assert_eq!(macs(&deconv), Some(8 * 100 * 4 * 4));
    // input 3, hidden 5, four gates, both directions, 7 steps of 2 sequences
    let lstm = [
        "x: float32[7, 2, 3]",
        "w = float32[2, 20, 3]",
        "r = float32[2, 20, 5]",
        "y = LSTM(x, w, r) hidden_size=5 direction=\"bidirectional\"",
        "-> y",
    ];
    assert_eq!(macs(&lstm), Some(7 * 2 * 2 * 20 * (3 + 5)));
    let quantized = [
        "x: uint8[1, 3, 8, 8]",
        "s = float32 1",
        "z = uint8 0",
        "w = uint8[6, 3, 3, 3]",
        "y = QLinearConv(x, s, z, w, s, z, s, z)",
        "-> y",
    ];
    assert_eq!(macs(&quantized), Some(6 * 36 * 27));
    let attention = [
        "q: float32[2, 8, 16, 64]",
        "k: float32[2, 8, 32, 64]",
        "v: float32[2, 8, 32, 64]",
        "y = Attention(q, k, v)",
        "-> y",
    ];
    assert_eq!(bound(&sketch::model(23, &attention), &[]).macs, Some(2 * (2 * 8 * 16 * 32 * 64)));
}

#[test]
fn what_is_not_understood_is_counted_not_guessed() {
    let lines = ["x: float32[4]", "a = com.example.Mystery(x)", "y = Relu(a)", "-> y: float32[4]"];
    let cost = of(&lines, &[]);
    assert_eq!(cost.unresolved_nodes, 1);
    assert_eq!(cost.unresolved, ["Mystery → 'a'"]);
}

#[test]
fn the_dearer_branch_counts_and_a_loop_as_often_as_it_turns() {
    let small = sketch::graph(&["t = MatMul(x, x)", "-> t"]);
    let large = sketch::graph(&["u = MatMul(x, x)", "v = MatMul(u, x)", "-> v"]);
    let lines = ["c: bool[]", "x: float32[10, 10]", "y = If(c) then_branch=@small else_branch=@large", "-> y"];
    let model = sketch::model_with(21, &lines, &[("small", small.clone()), ("large", large)]);
    assert_eq!(bound(&model, &[]).macs, Some(2000));

    let body = sketch::graph(&["i", "c", "s", "d = Identity(c)", "t = MatMul(s, x)", "-> d; t"]);
    let lines = ["x: float32[10, 10]", "m = int64 7", "y = Loop(m, _, x) body=@body", "-> y"];
    let cost = bound(&sketch::model_with(21, &lines, &[("body", body)]), &[]);
    assert_eq!((cost.macs, cost.unresolved_nodes), (Some(7000), 0));
}

#[test]
fn what_a_branch_captures_is_not_its_own() {
    // x (400 bytes) lives to the end of the If; inside, t and u, of which u is the node's output
    let branch = sketch::graph(&["t = Relu(x)", "u = Relu(t)", "-> u"]);
    let lines = ["c: bool[]", "x: float32[100]", "y = If(c) then_branch=@b else_branch=@b", "-> y"];
    let model = sketch::model_with(21, &lines, &[("b", branch)]);
    assert_eq!(bound(&model, &[]).activation_peak_bytes, Some(1 + 400 + 400 + 400));
}

#[test]
fn numbers_beyond_64_bits_are_none() {
    let huge = "x: float32[4000000000, 4000000000]";
    let cost = of(&[huge, "y = MatMul(x, x)", "-> y"], &[]);
    assert_eq!((cost.macs, cost.activation_peak_bytes), (None, None));
}
