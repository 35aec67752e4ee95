//! Random models: each pass alone, and all together, leave what they compute as it is.

use std::fmt::Write as _;

use crate::ir::sketch;
use crate::passes::proof::{are_close, declare_outputs, is_known, outputs};
use crate::passes::{Level, Options, builtin, simplify};

/// Numbers that look random and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % sides
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.roll(items.len())]
    }
}

/// Lines of a model that grows by one operator after the other; the symbol `n` stands for 2.
struct Grown {
    dice: Dice,
    lines: Vec<String>,
    /// Values so far with their dimensions.
    values: Vec<(String, Vec<usize>)>,
    count: usize,
}

fn list(items: &[usize]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    format!("[{}]", items.join(", "))
}

impl Grown {
    fn new(seed: u64, operators: usize) -> Self {
        let dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let lines = vec!["x: float32[n, 3, 4]".to_owned()];
        let mut grown = Self { dice, lines, values: vec![("x".into(), vec![2, 3, 4])], count: 0 };
        for _ in 0..operators {
            grown.grow();
        }
        let outputs: Vec<String> = grown.values.iter().rev().take(2).map(|(name, _)| name.clone()).collect();
        grown.lines.push(format!("-> {}", outputs.join("; ")));
        grown
    }

    fn name(&mut self) -> String {
        self.count += 1;
        format!("v{}", self.count)
    }

    fn constant(&mut self, value: &str) -> String {
        let name = self.name();
        self.lines.push(format!("{name} = {value}"));
        name
    }

    fn node(&mut self, call: &str, dims: Vec<usize>) {
        let name = self.name();
        self.lines.push(format!("{name} = {call}"));
        self.values.push((name, dims));
    }

    fn grow(&mut self) {
        let recent = self.values.len().min(4);
        let at = self.values.len() - 1 - self.dice.roll(recent);
        let (value, dims) = self.values[at].clone();
        let rank = dims.len();
        let axis = self.dice.roll(rank.max(1));
        match self.dice.roll(18) {
            0 | 1 => {
                let op = *self.dice.pick(&["Relu", "Neg", "Abs", "Tanh", "Identity", "Softsign"]);
                self.node(&format!("{op}({value})"), dims);
            }
            2 | 3 => {
                let number = *self.dice.pick(&["0", "1", "2", "-0.5"]);
                let op = *self.dice.pick(&["Add", "Sub", "Mul"]);
                let constant = self.constant(&format!("float32 {number}"));
                self.node(&format!("{op}({value}, {constant})"), dims);
            }
            4 | 5 => {
                let (other, _) = self.values.iter().rfind(|(_, other)| *other == dims).unwrap().clone();
                let op = *self.dice.pick(&["Add", "Sub", "Mul"]);
                self.node(&format!("{op}({value}, {other})"), dims);
            }
            6 | 7 if rank > 1 => {
                let mut perm: Vec<usize> = (0..rank).collect();
                let other = self.dice.roll(rank);
                perm.swap(axis, other);
                let turned = perm.iter().map(|&from| dims[from]).collect();
                self.node(&format!("Transpose({value}) perm={}", list(&perm)), turned);
            }
            8 => {
                let total: usize = dims.iter().product();
                let first = *[1, 2, 3].iter().rev().find(|&&part| total.is_multiple_of(part)).unwrap();
                let shape = self.constant(&format!("int64 [{first}, -1]"));
                self.node(&format!("Reshape({value}, {shape})"), vec![first, total / first]);
            }
            9 => {
                let shape = self.name();
                self.lines.push(format!("{shape} = Shape({value})"));
                self.node(&format!("Reshape({value}, {shape})"), dims);
            }
            10 if rank < 4 => {
                let which = self.constant(&format!("int64 [{axis}]"));
                let mut more = dims;
                more.insert(axis, 1);
                self.node(&format!("Unsqueeze({value}, {which})"), more);
            }
            11 if rank > 0 && dims[axis] == 1 => {
                let which = self.constant(&format!("int64 [{axis}]"));
                let mut less = dims;
                less.remove(axis);
                self.node(&format!("Squeeze({value}, {which})"), less);
            }
            12 if rank > 0 && dims[axis] > 1 => {
                let start = self.dice.roll(2);
                let starts = self.constant(&format!("int64 [{start}]"));
                let ends = self.constant("int64 [9223372036854775807]");
                let which = self.constant(&format!("int64 [{axis}]"));
                let mut less = dims;
                less[axis] -= start;
                self.node(&format!("Slice({value}, {starts}, {ends}, {which})"), less);
            }
            13 if rank > 0 && dims[axis] < 8 => {
                let mut more = dims;
                more[axis] *= 2;
                self.node(&format!("Concat({value}, {value}) axis={axis}"), more);
            }
            14 if rank > 0 => {
                let index = self.dice.roll(dims[axis]);
                let index = self.constant(&format!("int64 {index}"));
                let mut less = dims;
                less.remove(axis);
                self.node(&format!("Gather({value}, {index}) axis={axis}"), less);
            }
            15 if rank > 0 => {
                let which = self.constant(&format!("int64 [{axis}]"));
                let mut less = dims;
                less[axis] = 1;
                self.node(&format!("ReduceMean({value}, {which})"), less);
            }
            16 if rank > 0 && dims[axis] > 1 => {
                let (first, second) = (self.name(), self.name());
                let first_size = 1 + self.dice.roll(dims[axis] - 1);
                let second_size = dims[axis] - first_size;
                let sizes = self.constant(&format!("int64 [{first_size}, {second_size}]"));
                self.lines.push(format!("{first}, {second} = Split({value}, {sizes}) axis={axis}"));
                for (part, size) in [(first, first_size), (second, second_size)] {
                    let mut less = dims.clone();
                    less[axis] = size;
                    self.values.push((part, less));
                }
            }
            17 if rank > 2 => self.linear(&value, dims),
            _ => self.node(&format!("Sigmoid({value})"), dims),
        }
    }

    /// A linear layer, its channels moved to axis 1, and a batch normalisation of them.
    fn linear(&mut self, value: &str, mut dims: Vec<usize>) {
        let rank = dims.len();
        let (inner, last) = (dims[rank - 1], 1 + self.dice.roll(3));
        let numbers = |count: usize, step: usize, of: [&str; 3]| -> String {
            (0..count).map(|at| of[(at * step) % 3]).collect::<Vec<_>>().join(", ")
        };
        let small = ["0.5", "-0.5", "0.25"];
        let weight = numbers(inner * last, 2, small);
        let weight = self.constant(&format!("float32[{inner}, {last}] [{weight}]"));
        let product = self.name();
        self.lines.push(format!("{product} = MatMul({value}, {weight})"));
        let mut perm: Vec<usize> = (0..rank - 1).collect();
        perm.insert(1, rank - 1);
        let turned = self.name();
        self.lines.push(format!("{turned} = Transpose({product}) perm={}", list(&perm)));
        let statistics: Vec<String> = [(1, small), (2, small), (1, small), (1, ["1", "2", "1.5"])]
            .map(|(step, of)| self.constant(&format!("float32 [{}]", numbers(last, step, of))))
            .into();
        dims[rank - 1] = last;
        let moved = perm.iter().map(|&from| dims[from]).collect();
        self.node(&format!("BatchNormalization({turned}, {})", statistics.join(", ")), moved);
    }
}

/// Simplifies by the passes of these names only, and compares what comes out.
fn prove(seed: u64, grown: &Grown, names: &[&str]) {
    let lines: Vec<&str> = grown.lines.iter().map(String::as_str).collect();
    let mut model = sketch::model(21, &lines);
    declare_outputs(&mut model);
    let before = outputs(&model).expect("the evaluator knows these operators");
    let passes: Vec<_> = builtin().into_iter().filter(|pass| names.contains(&pass.name())).collect();
    let options = Options { level: Level::OnnxRuntime, ..Options::default() };
    let trace = simplify(&mut model, &passes, &options, &crate::Context::new()).unwrap();
    let mut told = String::new();
    for rewrite in &trace {
        writeln!(told, "{}: {:?} → {:?}", rewrite.pass, rewrite.removed, rewrite.added).unwrap();
    }
    let shown = format!("seed {seed}, {names:?}:\n{}\n{told}{:#?}", lines.join("\n"), sketch::lines(&model.graph));
    if !is_known(&model) {
        return;
    }
    let after = outputs(&model).unwrap_or_else(|| panic!("cannot be evaluated any more: {shown}"));
    for (one, other) in before.iter().zip(&after) {
        assert!(are_close(one, other), "{one:?} became {other:?}: {shown}");
    }
}

#[test]
fn every_pass_alone_keeps_what_random_models_compute() {
    let names: Vec<&str> =
        builtin().iter().filter(|pass| pass.level() == Level::Portable).map(|pass| pass.name()).collect();
    for seed in 1..40 {
        let grown = Grown::new(seed, 14);
        for name in &names {
            prove(seed, &grown, &[name, "drop_dead"]);
        }
    }
}

#[test]
fn all_passes_together_keep_what_random_models_compute() {
    let names: Vec<&str> =
        builtin().iter().filter(|pass| pass.level() == Level::Portable).map(|pass| pass.name()).collect();
    for seed in 100..400 {
        prove(seed, &Grown::new(seed, 24), &names);
    }
}
