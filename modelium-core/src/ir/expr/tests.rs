//! Canonical forms by hand, and arithmetic against the numbers that it stands for.

use proptest::prelude::*;

use crate::ir::expr::{Expr, Rounding};

const NAMES: [&str; 3] = ["a", "b", "c"];

fn read(text: &str) -> Expr {
    Expr::parse(text, &|name| NAMES.contains(&name)).unwrap_or_else(|| panic!("'{text}' is no expression"))
}

#[test]
fn equal_polynomials_are_written_alike() {
    for (given, expected) in [
        ("2*(a + 1) - 2", "2*a"),
        ("(a + b)*(a - b)", "a**2 - b**2"),
        ("b + a - 1 + c*a", "a*c + a + b - 1"),
        ("1 - a", "1 - a"),
        ("-a - 1", "-a - 1"),
        ("a - a", "0"),
        ("(2*a*b + 4*b)/2", "a*b + 2*b"),
        ("floor(a/2)", "floor(a/2)"),
        ("a//2", "floor(a/2)"),
        ("(a - 1)//2", "floor((a + 1)/2) - 1"),
        ("floor(a/2 - 1/2)", "floor((a + 1)/2) - 1"),
        ("floor((2*a + 3)/2)", "a + 1"),
        ("floor((6*a + 7)/4)", "a + floor((a + 1)/2) + 1"),
        ("(a//2)//3", "floor(a/6)"),
        ("((a + 1)//2 + 1)//2", "floor((a + 3)/4)"),
        ("ceil(a/2)", "floor((a + 1)/2)"),
        ("a % 2", "a - 2*floor(a/2)"),
        ("(4*a + 3) % 2", "1"),
        ("trunc(a/2)", "floor(a/2)"),
        ("trunc((a - 3)/2)", "trunc((a - 3)/2)"),
        ("floor(a*b/b)", "a"),
        ("floor((2*a + a*b)/(b + 2))", "a"),
        ("floor(6*a*c/(4*b*c))", "floor(3*a/(2*b))"),
        ("max(a, 0)", "a"),
        ("max(a, a + 1, b)", "max(a + 1, b)"),
        ("min(a, a + 1, b)", "min(a, b)"),
        ("max(a - 1, 0)", "max(a - 1, 0)"),
        ("max(max(a, b), c)", "max(a, b, c)"),
        ("min(a, -1)", "-1"),
        ("broadcast(a, 1)", "a"),
        ("broadcast(b, a)", "broadcast(a, b)"),
        ("broadcast(a + 2, b)", "a + 2"),
        ("broadcast(a, broadcast(a, b))", "broadcast(a, b)"),
        ("broadcast(min(a, 512), a)", "a"),
        ("broadcast(min(a, b), a)", "broadcast(a, min(a, b))"),
    ] {
        assert_eq!(read(given).to_string(), expected, "{given}");
    }
}

#[test]
fn other_text_is_no_expression() {
    for text in
        ["", "d", "a-size", "a +", "(a", "a b", "a/2", "floor(a", "sin(a)", "2a", "a..b", "max()", "a**99", "a//0"]
    {
        assert_eq!(Expr::parse(text, &|name| NAMES.contains(&name)), None, "{text}");
    }
    let deep = format!("{}a{}", "(".repeat(100), ")".repeat(100));
    assert_eq!(Expr::parse(&deep, &|_| true), None);
}

#[test]
fn bounds_hold_for_sizes_from_zero() {
    for (text, least, most) in [
        ("a", Some(0), None),
        ("2*a*b + 3", Some(3), None),
        ("5 - a", None, Some(5)),
        ("floor(a/2) + 1", Some(1), None),
        ("min(a, 4)", Some(0), Some(4)),
        ("max(a - 1, 0)", Some(0), None),
        ("broadcast(a + 1, b)", Some(0), None),
    ] {
        let expr = read(text);
        assert_eq!((expr.least(), expr.most()), (least, most), "{text}");
    }
    assert_eq!(read("a + 1").equals(&read("a")), Some(false));
    assert_eq!(read("a").equals(&read("-1")), Some(false));
    assert_eq!(read("a").equals(&read("b")), None);
    assert!(read("a + b").at_least(&read("b")) && !read("a").above(&read("0")));
}

#[test]
fn what_grows_or_overflows_has_no_expression() {
    let big = Expr::constant(i64::MAX);
    assert_eq!(big.plus(&Expr::constant(1)), None);
    assert_eq!(read("a").scaled(i64::MAX).unwrap().times(&read("2*b")), None);
    assert_eq!(Expr::constant(i64::MIN).divided(&Expr::constant(-1), Rounding::Down), None);
    let grown = (0..40).try_fold(read("a"), |sum, _| sum.times(&sum.plus(&read("b + 1"))?));
    assert_eq!(grown, None);
}

/// An expression as it is computed, step by step.
#[derive(Debug, Clone)]
enum Step {
    Symbol(usize),
    Number(i64),
    Two(u8, Box<(Step, Step)>),
}

fn steps() -> impl Strategy<Value = Step> {
    let leaf = prop_oneof![(0_usize..3).prop_map(Step::Symbol), (-4_i64..9).prop_map(Step::Number)];
    leaf.prop_recursive(4, 24, 2, |inner| {
        (0_u8..9, inner.clone(), inner).prop_map(|(op, a, b)| Step::Two(op, Box::new((a, b))))
    })
}

fn build(step: &Step) -> Option<Expr> {
    let Step::Two(op, operands) = step else {
        return Some(match step {
            Step::Symbol(index) => Expr::symbol(NAMES[*index].into()),
            Step::Number(number) => Expr::constant(*number),
            Step::Two(..) => unreachable!(),
        });
    };
    let (a, b) = (build(&operands.0)?, build(&operands.1)?);
    match op {
        0 | 1 => a.plus(&b),
        2 => a.minus(&b),
        3 => a.times(&b),
        4 => a.divided(&b, Rounding::Down),
        5 => a.divided(&b, Rounding::ToZero),
        6 => Expr::largest(vec![a, b]),
        7 => Expr::smallest(vec![a, b]),
        _ => a.rest(&b, Rounding::Down),
    }
}

/// The number itself; `None` on overflow and on a division by zero.
fn compute(step: &Step, sizes: [i64; 3]) -> Option<i64> {
    let Step::Two(op, operands) = step else {
        return Some(match step {
            Step::Symbol(index) => sizes[*index],
            Step::Number(number) => *number,
            Step::Two(..) => unreachable!(),
        });
    };
    let (a, b) = (compute(&operands.0, sizes)?, compute(&operands.1, sizes)?);
    let down = |a: i64, b: i64| Some(a.checked_div(b)? - i64::from(a % b != 0 && (a < 0) != (b < 0)));
    match op {
        0 | 1 => a.checked_add(b),
        2 => a.checked_sub(b),
        3 => a.checked_mul(b),
        4 => down(a, b),
        5 => a.checked_div(b),
        6 => Some(a.max(b)),
        7 => Some(a.min(b)),
        _ => a.checked_sub(down(a, b)?.checked_mul(b)?),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn an_expression_comes_to_the_number_that_its_steps_come_to(step in steps(), sizes in [0_i64..40, 0_i64..7, 1_i64..100]) {
        let find = |name: &str| NAMES.iter().position(|other| *other == name).map(|index| sizes[index]);
        // Where a step divides by zero nothing is promised: no run comes that far.
        if let (Some(expr), Some(expected)) = (build(&step), compute(&step, sizes)) {
            prop_assume!(expected.abs() < 1 << 40);
            let text = expr.to_string();
            prop_assert_eq!(expr.evaluate(&find), Some(expected), "{}", text);
            prop_assert!(expr.least().is_none_or(|least| least <= expected), "{} at least {:?}", text, expr.least());
            prop_assert!(expr.most().is_none_or(|most| most >= expected), "{} at most {:?}", text, expr.most());
            let numbers = expr.substituted(&|name| find(name).map(Expr::constant));
            prop_assert_eq!(numbers.and_then(|it| it.to_constant()), Some(expected), "{}", text);
            prop_assert_eq!(Expr::parse(&text, &|_| true), Some(expr.clone()), "{}", text);
        }
    }

    #[test]
    fn a_product_divides_by_what_it_was_made_of(a in steps(), b in steps()) {
        if let (Some(a), Some(b)) = (build(&a), build(&b))
            && b != Expr::default()
            && let Some(product) = a.times(&b)
        {
            prop_assert_eq!(product.divided_exactly(&b).or_else(|| product.divided(&b, Rounding::Down)), Some(a));
        }
    }
}
