//! Linear models.

use crate::error::Result;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::ml::post::PostTransform;
use crate::eval::kernels::ml::{Classes, Matrix, give_scores, matrix, reals};
use crate::ir::OpType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::LinearClassifier => classify,
        OpType::LinearRegressor => regress,
        _ => return None,
    })
}

/// A score for each sample and target.
fn scores(call: &Call<'_, '_>, samples: &Matrix, targets: usize) -> Result<Vec<Vec<f64>>> {
    let (coefficients, intercepts) = (reals(call, "coefficients")?, reals(call, "intercepts")?);
    let fits = targets.checked_mul(samples.columns) == Some(coefficients.len());
    if !fits || (!intercepts.is_empty() && intercepts.len() != targets) {
        return Err(call.misfit(format!(
            "{} coefficients and {} intercepts for {targets} targets of {} features",
            coefficients.len(),
            intercepts.len(),
            samples.columns
        )));
    }
    call.room(crate::tensor::DType::Float64, &[samples.rows, targets])?;
    let score = |row: &[f64], target: usize| {
        let weights = &coefficients[target * samples.columns..][..samples.columns];
        let sum: f64 = row.iter().zip(weights).map(|(item, weight)| item * weight).sum();
        sum + intercepts.get(target).copied().unwrap_or(0.0)
    };
    Ok(samples.rows().map(|row| (0..targets).map(|target| score(row, target)).collect()).collect())
}

fn regress(call: &mut Call<'_, '_>) -> Result<()> {
    let samples = matrix(call)?;
    let post = PostTransform::of(call)?;
    let targets = usize::try_from(call.int("targets").unwrap_or(1)).unwrap_or(0);
    let mut scores = scores(call, &samples, targets)?;
    scores.iter_mut().for_each(|scores| post.apply(scores));
    give_scores(call, 0, &scores)
}

/// The place of the greatest score; of equal ones the first.
pub(super) fn greatest(scores: &[f64]) -> usize {
    scores.iter().enumerate().fold(0, |best, (place, score)| if *score > scores[best] { place } else { best })
}

fn classify(call: &mut Call<'_, '_>) -> Result<()> {
    let samples = matrix(call)?;
    let post = PostTransform::of(call)?;
    let classes = Classes::of(call, "classlabels_strings", "classlabels_ints");
    let intercepts = call.floats("intercepts").map_or(0, <[f32]>::len);
    let targets = if intercepts > 0 { intercepts } else { classes.len() };
    let mut scores = scores(call, &samples, targets)?;
    let is_pair = targets == 1 && classes.len() == 2;
    let labels: Vec<usize> = scores
        .iter()
        .map(|scores| {
            if targets == 1 { usize::from(scores.first().is_some_and(|score| *score > 0.0)) } else { greatest(scores) }
        })
        .collect();
    for scores in &mut scores {
        match scores.as_slice() {
            &[only] if is_pair => *scores = post.pair(only, true),
            _ => post.apply(scores),
        }
    }
    let labels = if targets == 1 && classes.len() != 2 {
        Classes::Integers(vec![0, 1]).named(&labels)
    } else {
        classes.named(&labels)
    };
    call.give(0, labels);
    give_scores(call, 1, &scores)
}
