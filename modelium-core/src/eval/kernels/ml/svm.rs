//! Support vector machines, as LIBSVM defines them.

use crate::error::Result;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::ml::linear::greatest;
use crate::eval::kernels::ml::post::{PostTransform, logistic};
use crate::eval::kernels::ml::{Classes, give_scores, matrix, reals};
use crate::eval::kernels::shape::sizes;
use crate::ir::OpType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::SVMClassifier => classify,
        OpType::SVMRegressor => regress,
        _ => return None,
    })
}

/// How alike two samples are.
#[derive(Debug, Clone, Copy)]
enum Likeness {
    Linear,
    Polynomial,
    Radial,
    Sigmoid,
}

/// What both machines have in common.
struct Machine {
    likeness: Likeness,
    gamma: f64,
    offset: f64,
    degree: f64,
    coefficients: Vec<f64>,
    vectors: Vec<f64>,
    rho: Vec<f64>,
}

impl Machine {
    fn of(call: &Call<'_, '_>) -> Result<Self> {
        let likeness = match call.str("kernel_type") {
            None | Some("LINEAR") => Likeness::Linear,
            Some("POLY") => Likeness::Polynomial,
            Some("RBF") => Likeness::Radial,
            Some("SIGMOID") => Likeness::Sigmoid,
            Some(name) => {
                return Err(call.misfit(format!("kernel_type '{name}', expected LINEAR, POLY, RBF or SIGMOID")));
            }
        };
        let params = reals(call, "kernel_params")?;
        let param = |index: usize| params.get(index).copied().unwrap_or(0.0);
        Ok(Self {
            likeness,
            gamma: param(0),
            offset: param(1),
            degree: param(2),
            coefficients: reals(call, "coefficients")?,
            vectors: reals(call, "support_vectors")?,
            rho: reals(call, "rho")?,
        })
    }

    fn likeness(&self, one: &[f64], other: &[f64]) -> f64 {
        let dot = || one.iter().zip(other).map(|(one, other)| one * other).sum::<f64>();
        match self.likeness {
            Likeness::Linear => dot(),
            Likeness::Polynomial => (self.gamma * dot() + self.offset).powf(self.degree),
            Likeness::Sigmoid => (self.gamma * dot() + self.offset).tanh(),
            Likeness::Radial => {
                let distance: f64 = one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum();
                (-self.gamma * distance).exp()
            }
        }
    }

    /// The likeness of a sample to each support vector.
    fn likenesses(&self, sample: &[f64]) -> Vec<f64> {
        self.vectors.chunks(sample.len().max(1)).map(|vector| self.likeness(sample, vector)).collect()
    }

    /// Refuses support vectors of another number or length than samples have.
    fn fits(&self, call: &Call<'_, '_>, vectors: usize, columns: usize) -> Result<()> {
        if vectors.checked_mul(columns) == Some(self.vectors.len()) && columns > 0 {
            return Ok(());
        }
        Err(call.misfit(format!("{} numbers for {vectors} support vectors of {columns} features", self.vectors.len())))
    }
}

fn regress(call: &mut Call<'_, '_>) -> Result<()> {
    let samples = matrix(call)?;
    let mut machine = Machine::of(call)?;
    let post = PostTransform::of(call)?;
    let vectors = usize::try_from(call.int("n_supports").unwrap_or(0)).unwrap_or(0);
    let expected = if vectors > 0 { vectors } else { samples.columns };
    let (Some(&rho), true) = (machine.rho.first(), machine.coefficients.len() == expected) else {
        return Err(call.misfit(format!("{} coefficients, expected {expected}", machine.coefficients.len())));
    };
    if vectors > 0 {
        machine.fits(call, vectors, samples.columns)?;
    } else {
        machine.likeness = Likeness::Linear;
    }
    let one_class = call.flag("one_class");
    let mut scores = Vec::with_capacity(samples.rows);
    for (index, row) in samples.rows().enumerate() {
        call.cx.tick("evaluate", index as u64, samples.rows as u64)?;
        let sum = if vectors > 0 {
            let likenesses = machine.likenesses(row);
            machine.coefficients.iter().zip(likenesses).map(|(factor, likeness)| factor * likeness).sum::<f64>()
        } else {
            machine.likeness(row, &machine.coefficients)
        };
        let mut score = vec![sum + rho];
        if one_class {
            score[0] = if score[0] > 0.0 { 1.0 } else { -1.0 };
        } else {
            post.apply(&mut score);
        }
        scores.push(score);
    }
    give_scores(call, 0, &scores)
}

/// A machine that tells classes apart, each pair by the support vectors of both.
struct Pairs {
    machine: Machine,
    /// For each class its first support vector and how many it has.
    spans: Vec<(usize, usize)>,
    vectors: usize,
    prob_a: Vec<f64>,
    prob_b: Vec<f64>,
}

impl Pairs {
    /// For each pair of classes how far a sample lies on the side of the first, and how many pairs each class wins.
    fn decide(&self, sample: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let likenesses = self.machine.likenesses(sample);
        let classes = self.spans.len();
        let sum = |row: usize, (start, count): (usize, usize)| {
            let factors = &self.machine.coefficients[row * self.vectors + start..][..count];
            factors.iter().zip(&likenesses[start..]).map(|(factor, likeness)| factor * likeness).sum::<f64>()
        };
        let (mut scores, mut votes) = (Vec::new(), vec![0.0; classes]);
        for one in 0..classes {
            for other in one + 1..classes {
                let rho = self.machine.rho[scores.len()];
                let score = rho + sum(other - 1, self.spans[one]) + sum(one, self.spans[other]);
                votes[if score > 0.0 { one } else { other }] += 1.0;
                scores.push(score);
            }
        }
        (scores, votes)
    }

    /// Probabilities out of the scores of pairs, by the second method of Wu, Lin and Weng (2004).
    fn probabilities(&self, scores: &[f64]) -> Vec<f64> {
        let classes = self.spans.len();
        let mut pairwise = vec![vec![0.0; classes]; classes];
        let mut index = 0;
        #[expect(clippy::needless_range_loop, reason = "each pair is written both ways round")]
        for one in 0..classes {
            for other in one + 1..classes {
                let margin = scores[index] * self.prob_a[index] + self.prob_b[index];
                let probability = (1.0 - logistic(margin)).clamp(1e-7, 1.0 - 1e-7);
                pairwise[one][other] = probability;
                pairwise[other][one] = 1.0 - probability;
                index += 1;
            }
        }
        coupled(&pairwise)
    }
}

/// Class probabilities that agree best with those of pairs.
fn coupled(pairwise: &[Vec<f64>]) -> Vec<f64> {
    let classes = pairwise.len();
    #[expect(clippy::cast_precision_loss, reason = "few classes")]
    let count = classes as f64;
    let entry = |one: usize, other: usize| {
        if one == other {
            (0..classes).filter(|&third| third != one).map(|third| pairwise[third][one].powi(2)).sum::<f64>()
        } else {
            -pairwise[other][one] * pairwise[one][other]
        }
    };
    let matrix: Vec<Vec<f64>> = (0..classes).map(|one| (0..classes).map(|other| entry(one, other)).collect()).collect();
    let mut shares = vec![1.0 / count; classes];
    for _ in 0..classes.max(100) {
        let mut products: Vec<f64> =
            matrix.iter().map(|row| row.iter().zip(&shares).map(|(entry, share)| entry * share).sum()).collect();
        let mut whole: f64 = shares.iter().zip(&products).map(|(share, product)| share * product).sum();
        if products.iter().all(|product| (product - whole).abs() < 0.005 / count) {
            break;
        }
        for class in 0..classes {
            let own = matrix[class][class];
            let change = (whole - products[class]) / own;
            shares[class] += change;
            whole = (whole + change * (change * own + 2.0 * products[class])) / (1.0 + change).powi(2);
            for other in 0..classes {
                products[other] = (products[other] + change * matrix[class][other]) / (1.0 + change);
                shares[other] /= 1.0 + change;
            }
        }
    }
    shares
}

fn classify(call: &mut Call<'_, '_>) -> Result<()> {
    let samples = matrix(call)?;
    let mut machine = Machine::of(call)?;
    let post = PostTransform::of(call)?;
    let names = Classes::of(call, "classlabels_strings", "classlabels_ints");
    let classes = names.len().max(1);
    let counts = sizes(call, call.ints("vectors_per_class").unwrap_or_default())?;
    let vectors = counts.iter().fold(0_usize, |sum, &count| sum.saturating_add(count));
    let positive = machine.coefficients.iter().all(|&coefficient| coefficient >= 0.0);
    let has_one_rho = machine.rho.len() == 1;
    let mut labels = Vec::with_capacity(samples.rows);
    let mut all = Vec::with_capacity(samples.rows);
    if vectors == 0 {
        // one linear model for each class
        machine.likeness = Likeness::Linear;
        let fits = classes.checked_mul(samples.columns) == Some(machine.coefficients.len());
        let (Some(&rho), true) = (machine.rho.first(), fits && samples.columns > 0) else {
            return Err(call.misfit(format!("{} coefficients for {classes} classes", machine.coefficients.len())));
        };
        for row in samples.rows() {
            let models = machine.coefficients.chunks(samples.columns);
            let scores: Vec<f64> = models.map(|model| rho + machine.likeness(row, model)).collect();
            let best = greatest(&scores);
            labels.push((best, scores.get(best).copied().unwrap_or(0.0)));
            all.push((scores, false));
        }
    } else {
        machine.fits(call, vectors, samples.columns)?;
        let pairs_count = classes * classes.saturating_sub(1) / 2;
        let fits = counts.len() == classes
            && machine.rho.len() >= pairs_count
            && classes.saturating_sub(1).checked_mul(vectors) == Some(machine.coefficients.len());
        if !fits {
            return Err(call.misfit(format!("{} coefficients for {classes} classes", machine.coefficients.len())));
        }
        let mut start = 0;
        let span = |&count: &usize| {
            start += count;
            (start - count, count)
        };
        let spans = counts.iter().map(span).collect();
        let pairs = Pairs { machine, spans, vectors, prob_a: reals(call, "prob_a")?, prob_b: reals(call, "prob_b")? };
        let has_probabilities = !pairs.prob_a.is_empty();
        if has_probabilities && (pairs.prob_a.len() < pairs_count || pairs.prob_b.len() < pairs_count) {
            return Err(call.misfit("prob_a and prob_b have not an entry for each pair of classes"));
        }
        for (index, row) in samples.rows().enumerate() {
            call.cx.tick("evaluate", index as u64, samples.rows as u64)?;
            let (scores, votes) = pairs.decide(row);
            let best = greatest(&votes);
            labels.push((best, votes.get(best).copied().unwrap_or(0.0)));
            let scores = if has_probabilities { pairs.probabilities(&scores) } else { scores };
            all.push((scores, has_probabilities));
        }
    }
    let pick = |((best, weight), (_, has_probabilities)): (&(usize, f64), &(Vec<f64>, bool))| match classes {
        _ if !has_one_rho => *best,
        2 if !has_probabilities && positive && *weight >= 0.5 => 1,
        2 => *best,
        _ => usize::from(*weight > 0.0),
    };
    let chosen: Vec<usize> = labels.iter().zip(&all).map(pick).collect();
    call.give(0, names.named(&chosen));
    let finished = |(mut scores, _): (Vec<f64>, bool)| match scores.as_slice() {
        &[only] if has_one_rho && classes == 2 => post.pair(only, false),
        _ => {
            post.apply(&mut scores);
            scores
        }
    };
    let scores: Vec<Vec<f64>> = all.into_iter().map(finished).collect();
    give_scores(call, 1, &scores)
}
