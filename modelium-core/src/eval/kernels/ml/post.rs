//! What becomes of scores at the end.

use crate::error::Result;
use crate::eval::call::Call;

/// A function of all scores of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PostTransform {
    None,
    Softmax,
    Logistic,
    SoftmaxZero,
    Probit,
}

impl PostTransform {
    /// The one that an attribute names, or numbers since `TreeEnsemble`.
    pub(super) fn of(call: &Call<'_, '_>) -> Result<Self> {
        let number = call.int("post_transform");
        Ok(match (call.str("post_transform"), number) {
            (None, None | Some(0)) | (Some("NONE"), _) => Self::None,
            (None, Some(1)) | (Some("SOFTMAX"), _) => Self::Softmax,
            (None, Some(2)) | (Some("LOGISTIC"), _) => Self::Logistic,
            (None, Some(3)) | (Some("SOFTMAX_ZERO"), _) => Self::SoftmaxZero,
            (None, Some(4)) | (Some("PROBIT"), _) => Self::Probit,
            (name, number) => {
                let name = name.map_or_else(|| number.unwrap_or(0).to_string(), str::to_owned);
                return Err(call.misfit(format!("post_transform '{name}'")));
            }
        })
    }

    /// Transforms the scores of one sample.
    pub(super) fn apply(self, scores: &mut [f64]) {
        match self {
            Self::None => {}
            Self::Logistic => scores.iter_mut().for_each(|score| *score = logistic(*score)),
            Self::Probit => scores.iter_mut().for_each(|score| *score = probit(*score)),
            Self::Softmax => normalized(scores, f64::exp),
            // zero stays zero
            Self::SoftmaxZero => {
                let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let weight = |score: f64| if score.abs() > 1e-7 { (score - most).exp() } else { score * (-most).exp() };
                scores.iter_mut().for_each(|score| *score = weight(*score));
                let sum: f64 = scores.iter().sum();
                scores.iter_mut().for_each(|score| *score = if sum == 0.0 { 0.5 } else { *score / sum });
            }
        }
    }

    /// The scores of two classes out of the one that was computed. `positive` says that weights are never negative: the
    /// score is a probability already.
    pub(super) fn pair(self, score: f64, positive: bool) -> Vec<f64> {
        match self {
            Self::Probit => vec![probit(score)],
            Self::Logistic => vec![logistic(-score), logistic(score)],
            _ if positive => vec![1.0 - score, score],
            _ => vec![-score, score],
        }
    }
}

fn normalized(scores: &mut [f64], weight: fn(f64) -> f64) {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    scores.iter_mut().for_each(|score| *score = weight(*score - most));
    let sum: f64 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= sum);
}

/// 1 / (1 + e⁻ˣ).
pub(super) fn logistic(score: f64) -> f64 {
    let positive = 1.0 / (1.0 + (-score.abs()).exp());
    if score < 0.0 { 1.0 - positive } else { positive }
}

/// The inverse of the normal distribution, by Winitzki's approximation of the inverse error function, which every runtime
/// uses.
fn probit(score: f64) -> f64 {
    let x = score * 2.0 - 1.0;
    let log = ((1.0 - x) * (1.0 + x)).ln();
    let half = 2.0 / (std::f64::consts::PI * 0.147) + 0.5 * log;
    let root = (-half + (half * half - log / 0.147).sqrt()).sqrt();
    std::f64::consts::SQRT_2 * if x < 0.0 { -root } else { root }
}
