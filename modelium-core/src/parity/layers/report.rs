//! What was found: data, and a text for people.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::ir::Node;
use crate::parity::report::{describe, short, table};
use crate::parity::{OutputReport, SampleSource};
use crate::plan::{RuntimeFacts, Tolerance};

/// What comparing two models layer by layer found. One document in every language; its JSON Schema is committed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LayerReport {
    /// What ran both models.
    pub runtime: RuntimeFacts,
    /// How far values were allowed to differ, relative to the largest magnitude of each.
    pub tolerance: Tolerance,
    /// Where the sample comes from.
    pub source: SampleSource,
    /// The numbers that the inputs' dynamic dimensions stood for.
    pub binding: BTreeMap<String, u64>,
    /// Differences between the declared inputs and outputs, one line each; any of them fails the comparison.
    pub signature: Vec<String>,
    /// Each output that both have, in the original's order.
    pub outputs: Vec<OutputReport>,
    /// The first node that differs, where an output does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Divergence>,
    /// Values that the original's nodes compute; 0 where nothing had to be searched.
    pub values: u64,
    /// Those that the result has under the same name.
    pub by_name: u64,
    /// Those that the result computes in the same way, under another name.
    pub by_structure: u64,
    /// How often parts of both models were run.
    pub probes: u64,
    /// True if every output lies within the tolerance.
    pub passed: bool,
}

/// Where the difference arises: all that is read is equal, but for constants, and what is computed is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Divergence {
    /// The original's value that differs.
    pub value: String,
    /// The node of the original that computes it.
    pub node: NodePlace,
    /// The result's value that it was compared with.
    pub result_value: String,
    /// The node of the result that computes that; `None` where it is a constant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_node: Option<NodePlace>,
    /// Nodes of the original before `node` whose values the result does not have: the difference may arise in them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub between: Vec<NodePlace>,
    /// What `node`, and those of `between`, read from elsewhere.
    pub operands: Vec<Operand>,
    /// How far the values differ.
    pub difference: OutputReport,
}

/// A node, as people find it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NodePlace {
    /// Its operator, with the domain where that is not the standard one: `com.microsoft.Attention`.
    pub op: String,
    /// Its name; empty if it has none.
    pub name: String,
}

/// One value that a node reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Operand {
    /// Its name.
    pub name: String,
    /// True if it is the same in both models, within the tolerance; constants bit by bit. `None` where the result has no
    /// value to compare it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equal: Option<bool>,
    /// The largest absolute difference, where one was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_absolute: Option<f64>,
}

impl NodePlace {
    pub(super) fn of(node: &Node) -> Self {
        let domain = Some(node.op.domain()).filter(|domain| !domain.is_empty());
        let op = domain.map_or_else(|| node.op.name().to_owned(), |domain| format!("{domain}.{}", node.op.name()));
        Self { op, name: node.name.clone().unwrap_or_default() }
    }
}

impl fmt::Display for NodePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.as_str() {
            "" => write!(f, "{}", self.op),
            name => write!(f, "'{}' ({})", name.escape_debug(), self.op),
        }
    }
}

impl LayerReport {
    /// The report if all outputs are equal, else what differs.
    ///
    /// # Errors
    /// `Mismatch`: the output that differs most and the first node that does in the message, other outputs in notes.
    pub fn into_result(self) -> Result<Self> {
        if self.passed {
            return Ok(self);
        }
        let mut failing: Vec<_> = self.outputs.iter().filter(|output| !output.passed).collect();
        failing.sort_by(|a, b| b.max_absolute.total_cmp(&a.max_absolute));
        let mut lines: Vec<String> = self.signature.clone();
        lines.extend(failing.into_iter().map(|output| output.difference(&self.tolerance)));
        let mut lines = lines.into_iter();
        let mut message = lines.next().unwrap_or_else(|| "nothing was compared".to_owned());
        if let Some(first) = &self.first {
            message = format!("{message}; first node that differs: {}", first.node);
        }
        Err(lines.fold(Error::new(ErrorKind::Mismatch, message), Error::with_note))
    }
}

impl fmt::Display for LayerReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.passed { "equal" } else { "not equal" };
        let RuntimeFacts { name, version } = &self.runtime;
        let binding = describe(&self.binding);
        let sample = if binding.is_empty() { String::new() } else { format!(", {binding}") };
        writeln!(
            f,
            "{verdict} ({name} {version}, tolerance {} of the largest magnitude{sample})",
            self.tolerance.words()
        )?;
        self.signature.iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        let mut rows = vec![["output", "elements", "max abs", "worst", ""].map(str::to_owned)];
        rows.extend(self.outputs.iter().map(|output| {
            [
                output.name.escape_debug().to_string(),
                output.elements.to_string(),
                short(output.max_absolute),
                output.worst.as_ref().map_or_else(String::new, |worst| format!("{:?}", worst.index)),
                if output.passed { "ok".to_owned() } else { "DIFFERS".to_owned() },
            ]
        }));
        table(f, &rows)?;
        let Some(first) = &self.first else { return Ok(()) };
        writeln!(f, "first node that differs: {}", first.node)?;
        writeln!(f, "  its '{}' is off by {}", first.value.escape_debug(), short(first.difference.max_absolute))?;
        if let Some(reason) = &first.difference.incomparable {
            writeln!(f, "  it {reason}")?;
        }
        match &first.result_node {
            Some(node) if *node != first.node => writeln!(f, "  in the result: {node}")?,
            None => writeln!(f, "  in the result it is a constant")?,
            Some(_) => {}
        }
        for operand in &first.operands {
            let verdict = match (operand.equal, operand.max_absolute) {
                (Some(true), _) => "is equal".to_owned(),
                (Some(false), Some(off)) => format!("DIFFERS by {}", short(off)),
                (Some(false), None) => "DIFFERS".to_owned(),
                (None, _) => "is not in the result".to_owned(),
            };
            writeln!(f, "  reads '{}', which {verdict}", operand.name.escape_debug())?;
        }
        if !first.between.is_empty() {
            let nodes: Vec<String> = first.between.iter().map(ToString::to_string).collect();
            writeln!(f, "  or one of those before it that the result lacks: {}", nodes.join(", "))?;
        }
        let Self { values, by_name, by_structure, probes, .. } = self;
        writeln!(f, "  {probes} probes; {by_name} of {values} values met by name, {by_structure} by structure")
    }
}
