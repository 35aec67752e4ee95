//! The nodes of all trees of an ensemble.

use std::collections::HashMap;

use crate::error::Result;
use crate::eval::call::Call;
use crate::eval::kernels::ml::reals;
use crate::eval::kernels::strings::attribute_strings;

/// What a node asks of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    LessOrEqual,
    Less,
    GreaterOrEqual,
    Greater,
    Equal,
    NotEqual,
    /// Whether it is one of a set.
    Member,
}

/// A question, and where its answers lead.
#[derive(Debug)]
struct Node {
    mode: Mode,
    feature: usize,
    value: f64,
    members: Vec<f64>,
    /// A missing feature, NaN, counts as true.
    missing_is_true: bool,
    yes: Place,
    no: Place,
}

/// Where one is in a tree.
#[derive(Debug, Clone, Copy)]
enum Place {
    Node(usize),
    Leaf(usize),
}

/// Trees that all samples go down.
#[derive(Debug)]
pub(super) struct Forest {
    nodes: Vec<Node>,
    roots: Vec<Place>,
    /// For each leaf its weights: which target, and how much.
    leaves: Vec<Vec<(usize, f64)>>,
}

impl Node {
    #[expect(clippy::float_cmp, reason = "what the specification asks")]
    fn holds(&self, feature: f64) -> bool {
        (match self.mode {
            Mode::LessOrEqual => feature <= self.value,
            Mode::Less => feature < self.value,
            Mode::GreaterOrEqual => feature >= self.value,
            Mode::Greater => feature > self.value,
            Mode::Equal => feature == self.value,
            Mode::NotEqual => feature != self.value,
            Mode::Member => self.members.contains(&feature),
        }) || (self.missing_is_true && feature.is_nan())
    }
}

impl Forest {
    /// The leaf of each tree that a sample reaches.
    pub(super) fn leaves(&self, call: &Call<'_, '_>, sample: &[f64]) -> Result<Vec<usize>> {
        let mut leaves = Vec::with_capacity(self.roots.len());
        for &root in &self.roots {
            let (mut place, mut steps) = (root, 0);
            leaves.push(loop {
                let node = match place {
                    Place::Leaf(leaf) => break leaf,
                    Place::Node(node) => &self.nodes[node],
                };
                steps += 1;
                if steps > self.nodes.len() {
                    return Err(call.misfit("a tree that leads back to itself"));
                }
                let feature = sample.get(node.feature).copied().unwrap_or(f64::NAN);
                place = if node.holds(feature) { node.yes } else { node.no };
            });
        }
        Ok(leaves)
    }

    /// The weights of a leaf.
    pub(super) fn weights(&self, leaf: usize) -> &[(usize, f64)] {
        self.leaves.get(leaf).map_or(&[], Vec::as_slice)
    }

    /// Refuses nodes that ask for a feature that samples do not have.
    pub(super) fn reads(&self, call: &Call<'_, '_>, columns: usize) -> Result<()> {
        match self.nodes.iter().map(|node| node.feature).max() {
            Some(most) if most >= columns => Err(call.misfit(format!("a node asks for feature {most} of {columns}"))),
            _ => Ok(()),
        }
    }

    pub(super) fn has_only_positive_weights(&self) -> bool {
        self.leaves.iter().flatten().all(|&(_, weight)| weight >= 0.0)
    }

    /// True if all weights are for one target.
    pub(super) fn targets_one(&self) -> bool {
        let mut targets = self.leaves.iter().flatten().map(|&(target, _)| target);
        targets.next().is_some_and(|first| targets.all(|target| target == first))
    }

    /// Trees as the two older operators list them: nodes and leaves by the numbers of tree and node. `prefix` begins the
    /// attributes of leaves.
    pub(super) fn of_nodes(call: &Call<'_, '_>, prefix: &str) -> Result<Self> {
        let list = |name: &str| call.ints(name).unwrap_or_default();
        let (trees, numbers, features) = (list("nodes_treeids"), list("nodes_nodeids"), list("nodes_featureids"));
        let (yes, no) = (list("nodes_truenodeids"), list("nodes_falsenodeids"));
        let (modes, values) =
            (attribute_strings(call, "nodes_modes").unwrap_or_default(), reals(call, "nodes_values")?);
        let missing = list("nodes_missing_value_tracks_true");
        let count = trees.len();
        if [numbers.len(), features.len(), yes.len(), no.len(), modes.len(), values.len()]
            .iter()
            .any(|&len| len != count)
        {
            return Err(call.misfit("lists of nodes of different lengths"));
        }
        let mut places: HashMap<(i64, i64), Place> = HashMap::new();
        let (mut nodes, mut leaves) = (0, 0);
        for (index, &mode) in modes.iter().map(|mode| &mode[..]).collect::<Vec<_>>().iter().enumerate() {
            let place = if mode == b"LEAF" {
                leaves += 1;
                Place::Leaf(leaves - 1)
            } else {
                nodes += 1;
                Place::Node(nodes - 1)
            };
            if places.insert((trees[index], numbers[index]), place).is_some() {
                return Err(call.misfit(format!("tree {} has two nodes {}", trees[index], numbers[index])));
            }
        }
        let mut forest = Self { nodes: Vec::with_capacity(nodes), roots: Vec::new(), leaves: vec![Vec::new(); leaves] };
        for (index, mode) in modes.iter().enumerate() {
            let place = |number: i64| {
                let place = places.get(&(trees[index], number)).copied();
                place.ok_or_else(|| call.misfit(format!("tree {} has no node {number}", trees[index])))
            };
            if index == 0 || trees[index] != trees[index - 1] {
                forest.roots.push(place(numbers[index])?);
            }
            let mode = match &mode[..] {
                b"LEAF" => continue,
                b"BRANCH_LEQ" => Mode::LessOrEqual,
                b"BRANCH_LT" => Mode::Less,
                b"BRANCH_GTE" => Mode::GreaterOrEqual,
                b"BRANCH_GT" => Mode::Greater,
                b"BRANCH_EQ" => Mode::Equal,
                b"BRANCH_NEQ" => Mode::NotEqual,
                other => return Err(call.misfit(format!("mode '{}'", String::from_utf8_lossy(other)))),
            };
            forest.nodes.push(Node {
                mode,
                feature: feature(call, features[index])?,
                value: values[index],
                members: Vec::new(),
                missing_is_true: missing.get(index).is_some_and(|&missing| missing != 0),
                yes: place(yes[index])?,
                no: place(no[index])?,
            });
        }
        let (trees, numbers) = (list(&format!("{prefix}_treeids")), list(&format!("{prefix}_nodeids")));
        let (targets, weights) = (list(&format!("{prefix}_ids")), reals(call, &format!("{prefix}_weights"))?);
        if [numbers.len(), targets.len(), weights.len()].iter().any(|&len| len != trees.len()) {
            return Err(call.misfit("lists of leaves of different lengths"));
        }
        for (index, &weight) in weights.iter().enumerate() {
            let target =
                usize::try_from(targets[index]).map_err(|_| call.misfit(format!("target {}", targets[index])))?;
            // weights of inner nodes are never reached
            if let Some(&Place::Leaf(leaf)) = places.get(&(trees[index], numbers[index])) {
                forest.leaves[leaf].push((target, weight));
            }
        }
        Ok(forest)
    }

    /// Trees as `TreeEnsemble` lists them: nodes and leaves by their position.
    pub(super) fn of_splits(call: &Call<'_, '_>) -> Result<Self> {
        let list = |name: &str| call.ints(name).unwrap_or_default();
        let (modes, values) = (reals(call, "nodes_modes")?, reals(call, "nodes_splits")?);
        let (features, missing) = (list("nodes_featureids"), list("nodes_missing_value_tracks_true"));
        let (yes, no) = (list("nodes_truenodeids"), list("nodes_falsenodeids"));
        let (yes_leafs, no_leafs) = (list("nodes_trueleafs"), list("nodes_falseleafs"));
        let (targets, weights) = (list("leaf_targetids"), reals(call, "leaf_weights")?);
        let count = modes.len();
        let lengths = [values.len(), features.len(), yes.len(), no.len(), yes_leafs.len(), no_leafs.len()];
        if lengths.iter().any(|&length| length != count) || targets.len() != weights.len() {
            return Err(call.misfit("lists of nodes or leaves of different lengths"));
        }
        let place = |number: i64, is_leaf: i64| {
            let bound = if is_leaf != 0 { targets.len() } else { count };
            let number = usize::try_from(number).ok().filter(|&number| number < bound);
            let number = number.ok_or_else(|| call.misfit("a node leads to one that is not there"))?;
            Ok::<_, crate::error::Error>(if is_leaf != 0 { Place::Leaf(number) } else { Place::Node(number) })
        };
        let mut sets = reals(call, "membership_values")?.into_iter();
        let mut forest = Self { nodes: Vec::with_capacity(count), roots: Vec::new(), leaves: Vec::new() };
        for (index, &mode) in modes.iter().enumerate() {
            #[expect(clippy::cast_possible_truncation, reason = "small whole numbers")]
            let mode = match mode as i64 {
                0 => Mode::LessOrEqual,
                1 => Mode::Less,
                2 => Mode::GreaterOrEqual,
                3 => Mode::Greater,
                4 => Mode::Equal,
                5 => Mode::NotEqual,
                6 => Mode::Member,
                other => return Err(call.misfit(format!("mode {other}"))),
            };
            // the sets of such nodes follow each other, NaN behind each
            let members = if mode == Mode::Member {
                sets.by_ref().take_while(|value| !value.is_nan()).collect()
            } else {
                Vec::new()
            };
            forest.nodes.push(Node {
                mode,
                feature: feature(call, features[index])?,
                value: values[index],
                members,
                missing_is_true: missing.get(index).is_some_and(|&missing| missing != 0),
                yes: place(yes[index], yes_leafs[index])?,
                no: place(no[index], no_leafs[index])?,
            });
        }
        for &root in list("tree_roots") {
            forest.roots.push(place(root, 0)?);
        }
        for (&target, &weight) in targets.iter().zip(&weights) {
            let target = usize::try_from(target).map_err(|_| call.misfit(format!("target {target}")))?;
            forest.leaves.push(vec![(target, weight)]);
        }
        Ok(forest)
    }
}

fn feature(call: &Call<'_, '_>, feature: i64) -> Result<usize> {
    usize::try_from(feature).map_err(|_| call.misfit(format!("feature {feature}")))
}
