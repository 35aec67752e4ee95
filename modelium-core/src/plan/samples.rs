//! Which inputs a proof runs on: numbers for every dynamic dimension, at least two each where the workload leaves a choice.

use std::collections::BTreeMap;

use crate::descriptor::{Dimension, ModelDescriptor};
use crate::plan::requirements::{DimRange, Workload};
use crate::plan::types::SampleSpec;

/// Seed of every planned proof, so that the same plan runs the same samples.
const SEED: u64 = 20_170_612;

/// What a dynamic dimension stands for, as far as its place tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Axis {
    /// The sides of an image: any axis but the first of an input with four axes or more.
    Side,
    /// The length of a sequence: any other axis but the first.
    Length,
    /// Rows: the first axis of an input.
    Rows,
}

impl Axis {
    /// What axis `at` of an input with `rank` axes stands for.
    pub(crate) fn of(at: usize, rank: usize) -> Self {
        match at {
            0 => Self::Rows,
            _ if rank >= 4 => Self::Side,
            _ => Self::Length,
        }
    }

    /// Numbers to try. Networks over images halve their sides five times, so that small ones may not run; a sample on
    /// which the original does not run is left out of the proof.
    pub(crate) fn sizes(self) -> [u64; 3] {
        match self {
            Self::Rows => [1, 2, 3],
            Self::Length => [8, 5, 32],
            Self::Side => [64, 224, 256],
        }
    }
}

/// The dynamic dimensions of a model's inputs by name: their symbol, or `input.0` for an axis without one.
pub(crate) fn dynamic_axes(model: &ModelDescriptor) -> BTreeMap<String, Axis> {
    let mut axes = BTreeMap::new();
    for input in &model.inputs {
        let shape = input.shape.as_deref().unwrap_or_default();
        for (at, dim) in shape.iter().enumerate() {
            let name = match dim {
                Dimension::Known(_) => continue,
                Dimension::Symbol(name) => name.clone(),
                Dimension::Unknown => format!("{}.{at}", input.name),
            };
            let role = Axis::of(at, shape.len());
            // a symbol that leads one input counts rows wherever else it stands
            axes.entry(name).and_modify(|known: &mut Axis| *known = role.max(*known)).or_insert(role);
        }
    }
    axes
}

/// The samples for a model: one for each set of numbers, no two alike.
pub(super) fn choose(model: &ModelDescriptor, workload: &Workload, own: bool) -> SampleSpec {
    let axes = dynamic_axes(model);
    let mut bindings: Vec<BTreeMap<String, u64>> = Vec::new();
    for turn in 0..3 {
        let mut binding: BTreeMap<_, _> = axes
            .iter()
            .map(|(name, axis)| {
                let rows = workload.batch.filter(|_| *axis == Axis::Rows);
                (name.clone(), pick(*axis, workload.dims.get(name).copied().or(rows), turn))
            })
            .collect();
        bind_sums(&mut binding);
        if !bindings.contains(&binding) {
            bindings.push(binding);
        }
    }
    SampleSpec { seed: SEED, bindings, own }
}

/// The number of a dimension at one turn. Within a range: its least; twice that; the most, if a proof can afford it.
fn pick(axis: Axis, range: Option<DimRange>, turn: usize) -> u64 {
    let Some(DimRange { min, max }) = range else { return axis.sizes()[turn] };
    let double = min.saturating_mul(2).min(max);
    match turn {
        0 => min,
        1 => double,
        _ if max <= min.saturating_mul(16) => max,
        _ => double,
    }
}

/// Gives dimensions that are named as a sum of others (`past_length + length`, `length + 1`) that sum.
pub(crate) fn bind_sums(binding: &mut BTreeMap<String, u64>) {
    let sum = |name: &str| -> Option<u64> {
        let terms = name.split('+').map(str::trim).collect::<Vec<_>>();
        let value = |term: &&str| binding.get(*term).copied().or_else(|| term.parse().ok());
        if terms.len() < 2 { None } else { terms.iter().map(value).sum() }
    };
    let sums: Vec<_> = binding.keys().filter_map(|name| Some((name.clone(), sum(name)?))).collect();
    binding.extend(sums);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::descriptor;

    fn bindings(inputs: &[(&str, &[&str])], workload: &Workload) -> Vec<String> {
        let spec = choose(&descriptor(inputs), workload, false);
        let line = |binding: &BTreeMap<String, u64>| {
            binding.iter().map(|(name, n)| format!("{name}={n}")).collect::<Vec<_>>().join(" ")
        };
        spec.bindings.iter().map(line).collect()
    }

    #[test]
    fn each_dynamic_dimension_gets_two_numbers_or_more() {
        let found = bindings(&[("x", &["N", "3", "H", "W"]), ("ids", &["N", "L"])], &Workload::default());
        assert_eq!(found, ["H=64 L=8 N=1 W=64", "H=224 L=5 N=2 W=224", "H=256 L=32 N=3 W=256"]);
    }

    #[test]
    fn a_static_model_has_one_sample() {
        assert_eq!(bindings(&[("x", &["1", "3"])], &Workload::default()), [""]);
    }

    #[test]
    fn an_axis_without_a_name_is_called_by_its_place() {
        assert_eq!(bindings(&[("x", &["?", "4"])], &Workload::default()), ["x.0=1", "x.0=2", "x.0=3"]);
    }

    #[test]
    fn numbers_stay_within_the_workload() {
        let dims = [("L".to_owned(), DimRange { min: 16, max: 4096 })].into();
        let workload = Workload { batch: Some(DimRange { min: 4, max: 6 }), dims };
        assert_eq!(bindings(&[("x", &["N", "L"])], &workload), ["L=16 N=4", "L=32 N=6"]);
        let workload = Workload { batch: Some(DimRange { min: 1, max: 16 }), ..Workload::default() };
        assert_eq!(bindings(&[("x", &["N"])], &workload), ["N=1", "N=2", "N=16"]);
    }

    #[test]
    fn a_dimension_named_as_a_sum_is_that_sum() {
        let found = bindings(&[("a", &["N", "past"]), ("b", &["N", "past + 1"])], &Workload::default());
        assert_eq!(found[0], "N=1 past=8 past + 1=9");
    }
}
