//! Tree ensembles: the three operators, and how the votes of leaves become scores.

mod forest;

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::ml::linear::greatest;
use crate::eval::kernels::ml::post::PostTransform;
use crate::eval::kernels::ml::trees::forest::Forest;
use crate::eval::kernels::ml::{Classes, give_scores, matrix, reals};
use crate::eval::number::rounded;
use crate::ir::OpType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::TreeEnsembleClassifier => classify,
        OpType::TreeEnsembleRegressor => regress,
        OpType::TreeEnsemble => ensemble,
        _ => return None,
    })
}

/// How the weights of all trees for one target become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aggregate {
    Sum,
    Average,
    Least,
    Most,
}

impl Aggregate {
    fn of(call: &Call<'_, '_>) -> Result<Self> {
        Ok(match (call.str("aggregate_function"), call.int("aggregate_function")) {
            (None, None | Some(1)) | (Some("SUM"), _) => Self::Sum,
            (None, Some(0)) | (Some("AVERAGE"), _) => Self::Average,
            (None, Some(2)) | (Some("MIN"), _) => Self::Least,
            (None, Some(3)) | (Some("MAX"), _) => Self::Most,
            (name, number) => {
                let name = name.map_or_else(|| number.unwrap_or(0).to_string(), str::to_owned);
                return Err(call.misfit(format!("aggregate_function '{name}'")));
            }
        })
    }

    /// Joins the weights for each target; `None` for one that no leaf has a weight for.
    fn join(self, forest: &Forest, leaves: &[usize], targets: usize) -> Vec<Option<f64>> {
        let mut joined: Vec<Option<f64>> = vec![None; targets];
        for &leaf in leaves {
            for &(target, weight) in forest.weights(leaf) {
                let Some(slot) = joined.get_mut(target) else { continue };
                *slot = Some(match (self, *slot) {
                    (_, None) => weight,
                    (Self::Sum | Self::Average, Some(sum)) => sum + weight,
                    (Self::Least, Some(least)) => least.min(weight),
                    (Self::Most, Some(most)) => most.max(weight),
                });
            }
        }
        if self == Self::Average {
            #[expect(clippy::cast_precision_loss, reason = "as many trees as fit into memory")]
            joined.iter_mut().flatten().for_each(|sum| *sum /= leaves.len().max(1) as f64);
        }
        joined
    }
}

/// The joined weights of each sample.
fn votes(call: &Call<'_, '_>, forest: &Forest, how: Aggregate, targets: usize) -> Result<Vec<Vec<Option<f64>>>> {
    let samples = matrix(call)?;
    forest.reads(call, samples.columns)?;
    call.room(crate::tensor::DType::Complex64, &[samples.rows, targets])?;
    let mut votes = Vec::with_capacity(samples.rows);
    for (index, row) in samples.rows().enumerate() {
        call.cx.tick("evaluate", index as u64, samples.rows as u64)?;
        votes.push(how.join(forest, &forest.leaves(call, row)?, targets));
    }
    Ok(votes)
}

fn targets(call: &Call<'_, '_>) -> usize {
    usize::try_from(call.int("n_targets").unwrap_or(1)).unwrap_or(0)
}

fn regress(call: &mut Call<'_, '_>) -> Result<()> {
    let forest = Forest::of_nodes(call, "target")?;
    let post = PostTransform::of(call)?;
    let base = reals(call, "base_values")?;
    let score = |votes: Vec<Option<f64>>| {
        let based = votes.iter().enumerate().map(|(target, vote)| {
            let base = if base.len() == 1 { base.first() } else { base.get(target) };
            vote.unwrap_or(0.0) + base.copied().unwrap_or(0.0)
        });
        let mut scores: Vec<f64> = based.collect();
        post.apply(&mut scores);
        scores
    };
    let votes = votes(call, &forest, Aggregate::of(call)?, targets(call))?;
    let scores: Vec<Vec<f64>> = votes.into_iter().map(score).collect();
    give_scores(call, 0, &scores)
}

fn ensemble(call: &mut Call<'_, '_>) -> Result<()> {
    let forest = Forest::of_splits(call)?;
    let post = PostTransform::of(call)?;
    let (dtype, targets) = (call.array(0)?.dtype(), targets(call));
    let votes = votes(call, &forest, Aggregate::of(call)?, targets)?;
    let rows = votes.len();
    let score = |votes: Vec<Option<f64>>| {
        let mut scores: Vec<f64> = votes.into_iter().map(|vote| vote.unwrap_or(0.0)).collect();
        post.apply(&mut scores);
        scores
    };
    let items = votes.into_iter().flat_map(score).collect();
    let buffer = rounded(dtype, items).ok_or_else(|| call.unknown_type(dtype))?;
    let scores = Array::of(vec![rows, targets], buffer).ok_or_else(|| call.misfit("scores of that shape"))?;
    call.give(0, scores);
    Ok(())
}

fn classify(call: &mut Call<'_, '_>) -> Result<()> {
    let forest = Forest::of_nodes(call, "class")?;
    let post = PostTransform::of(call)?;
    let base = reals(call, "base_values")?;
    let names = Classes::of(call, "classlabels_strings", "classlabels_int64s");
    let votes = votes(call, &forest, Aggregate::Sum, names.len())?;
    let positive = forest.has_only_positive_weights();
    // two classes, and leaves that speak of one of them only: the other's score follows from it
    let is_pair = names.len() == 2 && forest.targets_one();
    let (mut labels, mut all) = (Vec::with_capacity(votes.len()), Vec::with_capacity(votes.len()));
    for votes in votes {
        if is_pair || names.len() == 1 {
            let own: f64 = votes.iter().flatten().sum();
            let score = own + base.last().copied().unwrap_or(0.0);
            labels.push(usize::from(score > if positive && is_pair { 0.5 } else { 0.0 }));
            all.push(if is_pair { post.pair(score, positive) } else { single(post, score) });
            continue;
        }
        let based =
            votes.iter().enumerate().map(|(class, vote)| vote.unwrap_or(0.0) + base.get(class).copied().unwrap_or(0.0));
        let mut scores: Vec<f64> = based.collect();
        labels.push(greatest(&scores));
        post.apply(&mut scores);
        all.push(scores);
    }
    call.give(0, names.named(&labels));
    give_scores(call, 1, &all)
}

fn single(post: PostTransform, score: f64) -> Vec<f64> {
    let mut scores = vec![score];
    post.apply(&mut scores);
    scores
}
