use crate::passes::fuse::activations::FuseActivations;
use crate::passes::proof::{becomes_at, stays_at};

const NUMBERS: [&str; 9] = [
    "x: float32[n, 8]",
    "zero = float32 0",
    "one = float32 1",
    "half = float32 0.5",
    "three = float32 3",
    "six = float32 6",
    "sixth = float32 0.16666667",
    "twenty = float32 20",
    "ninety = float32 90",
];

/// A model of these nodes with the numbers that they read.
fn model<'t>(nodes: &[&'t str]) -> Vec<&'t str> {
    let read =
        |name: &str| nodes.iter().any(|line| line.contains(&format!("({name}")) || line.contains(&format!(", {name}")));
    let used = |line: &&&str| line.split_once(" = ").is_none_or(|(name, _)| read(name));
    NUMBERS.iter().filter(used).chain(nodes).chain(&["-> y: float32[n, 8]"]).copied().collect()
}

#[test]
fn a_hard_swish_in_each_of_its_forms() {
    let forms: [&[&str]; 7] = [
        &["a = Add(x, three)", "b = Clip(a, zero, six)", "c = Mul(x, b)", "y = Div(c, six)"],
        &["a = Add(three, x)", "b = Clip(a, zero, six)", "c = Div(b, six)", "y = Mul(c, x)"],
        &["a = Add(x, three)", "b = Clip(a, zero, six)", "c = Mul(x, sixth)", "y = Mul(c, b)"],
        &["a = Add(x, three)", "r = Relu(a)", "b = Min(r, six)", "c = Mul(x, b)", "y = Mul(c, sixth)"],
        &["a = Add(x, three)", "r = Max(a, zero)", "b = Min(r, six)", "c = Mul(x, b)", "y = Mul(c, sixth)"],
        &["s = Div(x, six)", "a = Add(s, half)", "b = Clip(a, zero, one)", "y = Mul(b, x)"],
        &["a = HardSigmoid(x) alpha=0.16666667 beta=0.5", "y = Mul(x, a)"],
    ];
    for lines in forms {
        becomes_at(14, FuseActivations, &model(lines), &["y = HardSwish(x)"]);
        stays_at(13, FuseActivations, &model(lines));
    }
}

#[test]
fn what_only_resembles_a_hard_swish_stays() {
    let near: [&[&str]; 7] = [
        &["a = Add(x, half)", "b = Clip(a, zero, six)", "c = Mul(x, b)", "y = Div(c, six)"],
        &["a = Add(x, three)", "b = Clip(a, zero, three)", "c = Mul(x, b)", "y = Div(c, six)"],
        &["a = Add(x, three)", "b = Clip(a, one, six)", "c = Mul(x, b)", "y = Div(c, six)"],
        &["a = Add(x, three)", "b = Clip(a, zero, six)", "c = Mul(x, b)", "y = Div(c, three)"],
        &["a = Add(x, three)", "b = Clip(a, zero, six)", "c = Mul(a, b)", "y = Div(c, six)"],
        &["a = Add(x, three)", "b = Clip(a, zero, six)", "c = Mul(x, b)", "d = Div(c, six)", "y = Add(d, b)"],
        &["a = HardSigmoid(x)", "y = Mul(x, a)"],
    ];
    for lines in near {
        stays_at(14, FuseActivations, &model(lines));
    }
}

#[test]
fn a_softplus_whose_exponent_is_guarded() {
    let curve = ["e = Exp(x)", "f = Add(e, one)", "l = Log(f)"];
    let with = |tail: &[&'static str]| model(&[&curve, tail].concat());
    let after = ["y = Softplus(x)"];
    becomes_at(17, FuseActivations, &with(&["g = Greater(x, twenty)", "y = Where(g, x, l)"]), &after);
    becomes_at(17, FuseActivations, &with(&["g = LessOrEqual(x, twenty)", "y = Where(g, l, x)"]), &after);
    let whole = model(&["s = Softplus(x)", "g = Greater(x, ninety)", "y = Where(g, x, s)"]);
    becomes_at(17, FuseActivations, &whole, &after);
    // no guard, one where the two differ, one behind the overflow, the choices the wrong way round
    stays_at(17, FuseActivations, &model(&["e = Exp(x)", "f = Add(e, one)", "y = Log(f)"]));
    stays_at(17, FuseActivations, &with(&["g = Greater(x, six)", "y = Where(g, x, l)"]));
    stays_at(17, FuseActivations, &with(&["g = Greater(x, ninety)", "y = Where(g, x, l)"]));
    stays_at(17, FuseActivations, &with(&["g = Greater(x, twenty)", "y = Where(g, l, x)"]));
    stays_at(17, FuseActivations, &model(&["s = Softplus(x)", "g = Greater(x, six)", "y = Where(g, x, s)"]));
}

#[test]
fn a_mish_from_opset_18_on() {
    let lines = model(&["s = Softplus(x)", "t = Tanh(s)", "y = Mul(x, t)"]);
    becomes_at(18, FuseActivations, &lines, &["y = Mish(x)"]);
    stays_at(17, FuseActivations, &lines);
    stays_at(18, FuseActivations, &model(&["s = Softplus(x)", "t = Tanh(s)", "y = Mul(s, t)"]));
    stays_at(18, FuseActivations, &model(&["s = Softplus(x)", "t = Tanh(s)", "m = Mul(x, t)", "y = Add(m, t)"]));
}
