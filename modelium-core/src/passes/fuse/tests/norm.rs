use crate::passes::fuse::norm::{FuseLayerNormalization, FuseRmsNormalization};
use crate::passes::fuse::skip_norm::FuseSkipNormalization;
use crate::passes::proof::{becomes, becomes_at, stays, stays_at};

const LAYER: [&str; 15] = [
    "x: float32[n, s, 8]",
    "axis = int64 [-1]",
    "two = float32 2",
    "eps = float32 0.001",
    "w = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
    "b = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
    "mean = ReduceMean(x, axis)",
    "centred = Sub(x, mean)",
    "squares = Pow(centred, two)",
    "variance = ReduceMean(squares, axis)",
    "shifted = Add(variance, eps)",
    "root = Sqrt(shifted)",
    "whitened = Div(centred, root)",
    "scaled = Mul(whitened, w)",
    "y = Add(scaled, b)",
];

const RMS: [&str; 12] = [
    "x: float32[n, s, 8]",
    "axis = int64 [-1]",
    "two = float32 2",
    "eps = float32 0.001",
    "w = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
    "squares = Pow(x, two)",
    "mean = ReduceMean(squares, axis)",
    "shifted = Add(mean, eps)",
    "root = Sqrt(shifted)",
    "inverse = Reciprocal(root)",
    "whitened = Mul(x, inverse)",
    "y = Mul(w, whitened)",
];

fn with<'t>(lines: &[&'t str], changes: &[(&str, &'t str)], result: &'t str) -> Vec<&'t str> {
    let change =
        |line: &&'t str| changes.iter().find(|(start, _)| line.starts_with(start)).map_or(*line, |(_, new)| new);
    lines.iter().map(change).chain([result]).collect()
}

#[test]
fn the_steps_of_a_layer_normalisation_are_one() {
    let lines = with(&LAYER, &[], "-> y: float32[n, s, 8]");
    let after = [
        "w = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
        "b = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
        "y = LayerNormalization(x, w, b) axis=-1 epsilon=0.001",
    ];
    becomes(FuseLayerNormalization, &lines, &after);
    stays_at(
        16,
        FuseLayerNormalization,
        &with(
            &LAYER,
            &[
                ("mean =", "mean = ReduceMean(x) axes=[-1]"),
                ("variance =", "variance = ReduceMean(squares) axes=[-1]"),
                ("axis =", "u: float32[1]"),
            ],
            "-> y: float32[n, s, 8]",
        ),
    );
}

#[test]
fn without_a_bias_there_is_none() {
    let lines: Vec<_> =
        LAYER.iter().filter(|line| !line.starts_with("b =") && !line.starts_with("y =")).copied().collect();
    let lines = with(&lines, &[], "-> scaled: float32[n, s, 8]");
    becomes(
        FuseLayerNormalization,
        &lines,
        &["w = float32 [0, 0, 0, 0, 0, 0, 0, 0]", "scaled = LayerNormalization(x, w) axis=-1 epsilon=0.001"],
    );
}

#[test]
fn what_only_resembles_a_layer_normalisation_stays() {
    let near: [&[(&str, &str)]; 7] = [
        &[("axis =", "axis = int64 [1]")],
        &[("axis =", "axis = int64 [1, 2]")],
        // ε behind the root, the root of something else, the sign of the difference
        &[("shifted =", "shifted = Sqrt(variance)"), ("root =", "root = Add(shifted, eps)")],
        &[("squares =", "squares = Pow(x, two)")],
        &[("centred =", "centred = Sub(mean, x)")],
        &[("whitened =", "whitened = Div(x, root)")],
        &[("w =", "w = float32[1]")],
    ];
    for changes in near {
        stays(FuseLayerNormalization, &with(&LAYER, changes, "-> y: float32[n, s, 8]"));
    }
    stays(FuseLayerNormalization, &with(&LAYER, &[], "-> y: float32[n, s, 8]; root: float32[n, s, 1]"));
}

#[test]
fn the_steps_of_a_normalisation_by_squares_are_one_from_opset_23_on() {
    let lines = with(&RMS, &[], "-> y: float32[n, s, 8]");
    becomes_at(
        23,
        FuseRmsNormalization,
        &lines,
        &["w = float32 [0, 0, 0, 0, 0, 0, 0, 0]", "y = RMSNormalization(x, w) axis=-1 epsilon=0.001"],
    );
    stays_at(22, FuseRmsNormalization, &lines);
}

#[test]
fn what_only_resembles_a_normalisation_by_squares_stays() {
    let near: [&[(&str, &str)]; 5] = [
        &[("axis =", "axis = int64 [0]")],
        &[("two =", "two = float32 3")],
        &[("shifted =", "shifted = Sqrt(mean)"), ("root =", "root = Add(shifted, eps)")],
        &[("eps =", "eps = float32 0")],
        &[("whitened =", "whitened = Mul(squares, inverse)")],
    ];
    for changes in near {
        stays_at(23, FuseRmsNormalization, &with(&RMS, changes, "-> y: float32[n, s, 8]"));
    }
}

#[test]
fn a_residual_goes_into_the_normalisation_behind_it() {
    let lines = [
        "a: float32[n, s, 8]",
        "c: float32[n, s, 8]",
        "w = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
        "b = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
        "x = Add(a, c)",
        "y = LayerNormalization(x, w, b) epsilon=0.001",
        "-> y: float32[n, s, 8]",
    ];
    let constants = ["w = float32 [0, 0, 0, 0, 0, 0, 0, 0]", "b = float32 [0, 0, 0, 0, 0, 0, 0, 0]"];
    let alone = "y = com.microsoft.SkipLayerNormalization(a, c, w, b) epsilon=0.001";
    becomes(FuseSkipNormalization, &lines, &[&constants[..], &[alone]].concat());
    let read = [&lines[..6], &["z = Relu(x)", "-> y: float32[n, s, 8]; z: float32[n, s, 8]"]].concat();
    let both = "y, _, _, x = com.microsoft.SkipLayerNormalization(a, c, w, b) epsilon=0.001";
    becomes(FuseSkipNormalization, &read, &[&constants[..], &[both, "z = Relu(x)"]].concat());
    for skip in ["c: float32[1, s, 8]", "c: float32[n, ?, 8]", "c: float32[n, 1, 8]"] {
        stays(FuseSkipNormalization, &lines.map(|line| if line.starts_with("c:") { skip } else { line }));
    }
    stays(
        FuseSkipNormalization,
        &lines.map(|line| if line.starts_with("y =") { "y = LayerNormalization(x, w, b) axis=1" } else { line }),
    );
}

#[test]
fn a_bias_of_the_residual_goes_in_too() {
    let lines = [
        "a: float32[n, s, 8]",
        "c: float32[n, s, 8]",
        "w = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
        "b = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
        "d = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
        "ad = Add(a, d)",
        "x = Add(c, ad)",
        "y = LayerNormalization(x, w, b)",
        "-> y: float32[n, s, 8]",
    ];
    let after = [
        "w = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
        "b = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
        "d = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
        "y = com.microsoft.SkipLayerNormalization(a, c, w, b, d) epsilon=1e-5",
    ];
    becomes(FuseSkipNormalization, &lines, &after);
}

#[test]
fn a_residual_before_the_steps_of_a_normalisation_by_squares() {
    let lines = with(&RMS, &[("x:", "a: float32[n, s, 8]")], "-> y: float32[n, s, 8]");
    let sum = ["c: float32[n, s, 8]", "x = Add(a, c)"];
    let lines: Vec<_> = lines[..1].iter().chain(&sum).chain(&lines[1..]).copied().collect();
    let after = [
        "w = float32 [0, 0, 0, 0, 0, 0, 0, 0]",
        "y = com.microsoft.SkipSimplifiedLayerNormalization(a, c, w) epsilon=0.001",
    ];
    becomes(FuseSkipNormalization, &lines, &after);
}
