use crate::passes::fuse::gelu::{FuseBiasGelu, FuseGelu, FuseSwish};
use crate::passes::proof::{becomes, stays, stays_at};

const NUMBERS: [&str; 7] = [
    "x: float32[n, 8]",
    "root = float32 1.4142135",
    "one = float32 1",
    "half = float32 0.5",
    "three = float32 3",
    "small = float32 0.044715",
    "scale = float32 0.7978846",
];

const TANH: [&str; 8] = [
    "c = Pow(x, three)",
    "d = Mul(c, small)",
    "e = Add(x, d)",
    "f = Mul(e, scale)",
    "g = Tanh(f)",
    "h = Add(g, one)",
    "m = Mul(x, half)",
    "y = Mul(m, h)",
];

/// A model of these nodes with the numbers that they read.
fn model<'t>(nodes: &[&'t str]) -> Vec<&'t str> {
    let read =
        |name: &str| nodes.iter().any(|line| line.contains(&format!("({name}")) || line.contains(&format!(", {name}")));
    let used = |line: &&&str| line.split_once(" = ").is_none_or(|(name, _)| read(name));
    NUMBERS.iter().filter(used).chain(nodes).chain(&["-> y: float32[n, 8]"]).copied().collect()
}

#[test]
fn the_exact_form_in_each_order_of_its_factors() {
    let head = ["a = Div(x, root)", "b = Erf(a)", "c = Add(b, one)"];
    let tails = [
        ["d = Mul(x, c)", "y = Mul(d, half)"],
        ["d = Mul(c, half)", "y = Mul(x, d)"],
        ["d = Mul(x, half)", "y = Mul(d, c)"],
        ["d = Mul(half, x)", "y = Mul(c, d)"],
    ];
    for tail in tails {
        let lines = model(&[&head[..], &tail].concat());
        becomes(FuseGelu, &lines, &["y = Gelu(x) approximate=\"none\""]);
    }
}

#[test]
fn the_form_by_tanh() {
    becomes(FuseGelu, &model(&TANH), &["y = Gelu(x) approximate=\"tanh\""]);
    let by_products: Vec<_> = ["b = Mul(x, x)", "c = Mul(b, x)"].into_iter().chain(TANH[1..].iter().copied()).collect();
    becomes(FuseGelu, &model(&by_products), &["y = Gelu(x) approximate=\"tanh\""]);
}

#[test]
fn before_opset_20_it_is_not_a_standard_operator() {
    stays_at(
        19,
        FuseGelu,
        &model(&["a = Div(x, root)", "b = Erf(a)", "c = Add(b, one)", "d = Mul(x, c)", "y = Mul(d, half)"]),
    );
}

#[test]
fn what_only_resembles_a_gelu_stays() {
    let near: [&[&str]; 7] = [
        // another divisor, another summand, a half too many, none at all
        &["a = Div(x, three)", "b = Erf(a)", "c = Add(b, one)", "d = Mul(x, c)", "y = Mul(d, half)"],
        &["a = Div(x, root)", "b = Erf(a)", "c = Add(b, half)", "d = Mul(x, c)", "y = Mul(d, half)"],
        &["a = Div(x, root)", "b = Erf(a)", "c = Add(b, one)", "y = Mul(x, c)"],
        &["a = Div(root, x)", "b = Erf(a)", "c = Add(b, one)", "d = Mul(x, c)", "y = Mul(d, half)"],
        // the result times itself
        &["a = Div(x, root)", "b = Erf(a)", "c = Add(b, one)", "d = Mul(c, c)", "y = Mul(d, half)"],
        // somebody else reads the error function
        &["a = Div(x, root)", "b = Erf(a)", "c = Add(b, one)", "d = Mul(x, c)", "e = Mul(d, half)", "y = Add(e, b)"],
        // another factor of the cube
        &[
            "c = Pow(x, three)",
            "d = Mul(c, half)",
            "e = Add(x, d)",
            "f = Mul(e, scale)",
            "g = Tanh(f)",
            "h = Add(g, one)",
            "m = Mul(x, half)",
            "y = Mul(m, h)",
        ],
    ];
    for lines in near {
        stays(FuseGelu, &model(lines));
    }
}

#[test]
fn a_tanh_of_the_square_stays() {
    let lines: Vec<_> = ["c = Mul(x, x)"].into_iter().chain(TANH[1..].iter().copied()).collect();
    stays(FuseGelu, &model(&lines));
}

#[test]
fn a_product_with_a_sigmoid_is_a_swish() {
    becomes(FuseSwish, &model(&["a = Sigmoid(x)", "y = Mul(x, a)"]), &["y = com.microsoft.QuickGelu(x) alpha=1.0"]);
    let scaled = model(&["s = Mul(x, three)", "a = Sigmoid(s)", "y = Mul(a, x)"]);
    becomes(FuseSwish, &scaled, &["y = com.microsoft.QuickGelu(x) alpha=3.0"]);
    stays(FuseSwish, &model(&["a = Sigmoid(x)", "b = Relu(x)", "y = Mul(b, a)"]));
    stays(FuseSwish, &model(&["a = Sigmoid(x)", "b = Mul(x, a)", "y = Add(b, a)"]));
}

#[test]
fn a_bias_of_the_last_axis_goes_into_the_gelu() {
    let lines = [
        "x: float32[n, 8]",
        "b = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
        "a = Add(b, x)",
        "y = Gelu(a)",
        "-> y: float32[n, 8]",
    ];
    becomes(FuseBiasGelu, &lines, &["b = float32 [0, 0, 0, 0, 0, 0, 0, 0]", "y = com.microsoft.BiasGelu(x, b)"]);
    let tanh = lines.map(|line| if line.starts_with("y =") { "y = Gelu(a) approximate=\"tanh\"" } else { line });
    becomes(FuseBiasGelu, &tanh, &["b = float32 [0, 0, 0, 0, 0, 0, 0, 0]", "y = com.microsoft.FastGelu(x, b)"]);
    // a sum that is read elsewhere, a bias of another axis, one number, no constant
    stays(FuseBiasGelu, &[&lines[..4], &["z = Relu(a)", "-> y: float32[n, 8]; z: float32[n, 8]"]].concat());
    for bias in ["b = float32[8, 1]", "b = float32[1]", "b: float32[8]"] {
        stays(FuseBiasGelu, &["x: float32[8, 8]", bias, "a = Add(b, x)", "y = Gelu(a)", "-> y: float32[8, 8]"]);
    }
}
