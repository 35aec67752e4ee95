//! What a graph does beyond computing.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::error::{ErrorKind, Location, Result};
use crate::finding::Rule;
use crate::formats::tensorflow::analyze::constant;
use crate::formats::tensorflow::detect;
use crate::formats::tensorflow::graph::{Graph, Node};
use crate::formats::tensorflow::schema::{MetaFacts, node_of};
use crate::scan::tensorflow::{Act, act};
use crate::scan::{Exam, Part, rules};
use crate::wire::budget::Budget;
use crate::wire::protobuf::Message;

/// Steps by which the text of an input is traced back to constants.
const TRACED: usize = 64;

/// Nodes and functions that belong to a saver, and that nothing else runs.
struct Savers {
    nodes: HashSet<usize>,
    functions: HashSet<String>,
    /// Nodes that signatures and initialisers run.
    run: HashSet<usize>,
}

impl Savers {
    /// TensorFlow 1 keeps the saver's nodes in the graph, TensorFlow 2 in functions that two nodes call. Both are
    /// run by who writes or restores a checkpoint; a signature or an initialiser that reaches them is not honest.
    fn of(graph: &Graph<'_>, facts: &MetaFacts) -> Result<Self> {
        let outputs = facts.signatures.values().flat_map(|signature| signature.nodes.iter().cloned());
        let run = graph.needed(outputs.chain(facts.initializers.iter().cloned()));
        let Some(saver) = &facts.saver else {
            return Ok(Self { nodes: HashSet::new(), functions: HashSet::new(), run });
        };
        let mut own = graph.needed([&saver.filename, &saver.save, &saver.restore].into_iter().cloned());
        own.extend(graph.nodes.iter().enumerate().filter(|(_, node)| saver.owns(&node.name)).map(|(index, _)| index));
        own.retain(|index| !run.contains(index));
        let (mut savers, mut others) = (Vec::new(), Vec::new());
        for (index, node) in graph.nodes.iter().enumerate() {
            if own.contains(&index) { savers.push(node) } else { others.push(node) }
        }
        let served = graph.reached(others.into_iter())?;
        let mut functions = graph.reached(savers.into_iter())?;
        functions.retain(|name| !served.contains(name));
        Ok(Self { nodes: own, functions, run })
    }
}

/// Judges a graph; `facts` are those of the meta graph around it.
pub(super) fn judge(
    graph: &Graph<'_>,
    facts: Option<&MetaFacts>,
    part: &Part,
    exam: &mut Exam<'_>,
    budget: &mut Budget<'_>,
    depth: u32,
) -> Result<()> {
    budget.depth(depth)?;
    let savers = facts.map(|facts| Savers::of(graph, facts)).transpose()?;
    let library: HashSet<&str> = graph.functions.iter().map(|function| function.name.as_ref()).collect();
    judge_nodes(&graph.nodes, None, savers.as_ref(), facts, &library, part, exam, budget, depth)?;
    for function in &graph.functions {
        judge_nodes(
            &function.nodes,
            Some(&function.name),
            savers.as_ref(),
            facts,
            &library,
            part,
            exam,
            budget,
            depth,
        )?;
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one walk over one list, and all that it must know")]
fn judge_nodes(
    nodes: &[Node<'_>],
    function: Option<&str>,
    savers: Option<&Savers>,
    facts: Option<&MetaFacts>,
    library: &HashSet<&str>,
    part: &Part,
    exam: &mut Exam<'_>,
    budget: &mut Budget<'_>,
    depth: u32,
) -> Result<()> {
    let by_name: HashMap<&str, &Node<'_>> = nodes.iter().map(|node| (node.name.as_ref(), node)).collect();
    for (index, node) in nodes.iter().enumerate() {
        exam.cx().tick("scan", index as u64, nodes.len() as u64)?;
        let exempt = savers.is_some_and(|savers| match function {
            Some(function) => savers.functions.contains(function),
            None => savers.nodes.contains(&index),
        });
        // graphs that were trained in keep the savers of their past, which nothing runs, and which name plain files
        let idle = function.is_none() && savers.is_none_or(|savers| !savers.run.contains(&index));
        if let Some((rule, does)) = offence(node, &by_name, (exempt, idle), facts, library, budget)? {
            let place = function.map_or_else(String::new, |function| format!(" in function '{function}'"));
            let message = format!("node '{}'{place} is a '{}', which {does}", node.name, node.op);
            exam.report_seen(rule, at(part, node), message, seen(node, &by_name, budget)?);
        }
        if node.op == "Const"
            && let Err(error) = constant(node, "", part.name(), budget)
        {
            // what other nodes do counts even so
            match error.kind() {
                ErrorKind::Malformed => exam.fault(&error, part),
                _ => return Err(error),
            }
        }
        for tensor in node.tensors()? {
            nested_graphs(tensor, part, exam, budget, depth)?;
        }
    }
    Ok(())
}

fn at(part: &Part, node: &Node<'_>) -> Location {
    Location { item: Some(node.name.to_string()), ..part.at(node.at) }
}

/// The operator with those of its inputs that are constant texts: `WriteFile('/tmp/x', contents)`.
fn seen(node: &Node<'_>, by_name: &HashMap<&str, &Node<'_>>, budget: &mut Budget<'_>) -> Result<String> {
    let mut arguments = Vec::new();
    for input in node.inputs.iter().filter(|input| !input.starts_with('^')).take(8) {
        let constant = match by_name.get(node_of(input)) {
            Some(node) if node.op == "Const" => node.constant(budget)?,
            _ => None,
        };
        arguments.push(match constant.as_ref().and_then(|constant| constant.strings.first()) {
            Some(text) => format!("'{}'", text.text()),
            None => input.to_string(),
        });
    }
    Ok(format!("{}({})", node.op, arguments.join(", ")))
}

/// The rule that a node breaks, and what it does.
fn offence(
    node: &Node<'_>,
    by_name: &HashMap<&str, &Node<'_>>,
    (exempt, idle): (bool, bool),
    facts: Option<&MetaFacts>,
    library: &HashSet<&str>,
    budget: &mut Budget<'_>,
) -> Result<Option<(&'static Rule, &'static str)>> {
    use rules::graph as rule;
    // whichever operator carries addresses for debugging, they are where tensors go
    if node.texts("debug_urls")?.iter().any(|address| address.contains("://")) {
        return Ok(Some((&rule::NETWORK, "sends tensors to a file or a server")));
    }
    Ok(match act(&node.op) {
        Act::Unknown if library.contains(node.op.as_ref()) => None,
        Act::Saves | Act::Restores if exempt => None,
        Act::Saves | Act::Restores
            if idle
                && is_plain_name(node, 0, by_name, budget)?
                && (node.op != "MergeV2Checkpoints" || is_plain_name(node, 1, by_name, budget)?) =>
        {
            None
        }
        Act::WritesIfFile(attribute) => {
            let stream = node.text(attribute)?.unwrap_or_default();
            stream.contains("://").then_some((&rule::TOUCHES_FILES, "writes what it prints to a file"))
        }
        Act::SendsTo(attribute) => {
            let leads = node.texts(attribute)?.iter().any(|address| address.contains("://"));
            leads.then_some((&rule::NETWORK, "sends tensors to a file or a server"))
        }
        Act::WritesIfNamed(input) => {
            let names = texts(node, input, by_name, budget)?;
            let keeps = names.is_none_or(|names| names.iter().any(|name| !name.is_empty()));
            // the file name of a cache in memory is an argument in functions, and empty
            (keeps && !is_argument(node, input, by_name))
                .then_some((&rule::TOUCHES_FILES, "keeps what it computes in a file"))
        }
        Act::ReadsTable(input) => {
            let fed = facts.is_some_and(|facts| {
                node.inputs.get(input).is_some_and(|name| facts.asset_nodes.iter().any(|asset| asset == node_of(name)))
            });
            let safe = fed || is_argument(node, input, by_name) || is_plain_name(node, input, by_name, budget)?;
            (!safe).then_some((&rule::READS_DATA, "reads a table from a file outside the model"))
        }
        Act::ReadsDescriptor(attribute) => {
            let source = node.text(attribute)?.unwrap_or_default();
            let own = source.is_empty() || source.starts_with("local://") || source.starts_with("bytes://");
            (!own).then_some((&rule::READS_DATA, "reads a file that an attribute names"))
        }
        act => act.rule(),
    })
}

/// True if an input comes from outside: an argument of the function, or a placeholder.
fn is_argument(node: &Node<'_>, input: usize, by_name: &HashMap<&str, &Node<'_>>) -> bool {
    let source = node.inputs.get(input).and_then(|name| by_name.get(node_of(name)));
    source.is_none_or(|source| source.op == "Placeholder" || source.op == "_Arg")
}

/// True if the text of an input is a plain file name, or is given by the caller.
fn is_plain_name(
    node: &Node<'_>,
    input: usize,
    by_name: &HashMap<&str, &Node<'_>>,
    budget: &mut Budget<'_>,
) -> Result<bool> {
    let names = texts(node, input, by_name, budget)?;
    Ok(names.is_some_and(|names| names.iter().all(|name| is_relative(name))))
}

fn is_relative(name: &str) -> bool {
    // a text may be joined to others, and a step upwards may be put together from two dots
    let leads_out = name.ends_with('.') || name.split(['/', '\\']).any(|step| step == "..");
    !leads_out && !name.starts_with(['/', '\\', '~']) && !name.contains(':')
}

/// The constant texts that an input is put together from; none if it is computed otherwise.
fn texts<'a>(
    node: &Node<'a>,
    input: usize,
    by_name: &HashMap<&str, &Node<'a>>,
    budget: &mut Budget<'_>,
) -> Result<Option<Vec<Cow<'a, str>>>> {
    let mut texts = Vec::new();
    let mut waiting: Vec<_> = node.inputs.get(input).map(|name| node_of(name).to_owned()).into_iter().collect();
    for _ in 0..TRACED {
        let Some(name) = waiting.pop() else { return Ok(Some(texts)) };
        let Some(source) = by_name.get(name.as_str()) else { return Ok(Some(texts)) };
        match source.op.as_ref() {
            "Const" => {
                let strings = source.constant(budget)?.map(|constant| constant.strings).unwrap_or_default();
                texts.extend(strings.into_iter().map(Message::text));
            }
            "Placeholder" | "_Arg" => {}
            // a sharded saver picks its suffix by what the name begins with
            "Identity"
            | "PlaceholderWithDefault"
            | "StringJoin"
            | "ShardedFilename"
            | "Pack"
            | "Merge"
            | "Select"
            | "SelectV2"
            | "StaticRegexFullMatch" => {
                texts.extend(source.text("separator")?);
                waiting.extend(
                    source.inputs.iter().filter(|input| !input.starts_with('^')).map(|input| node_of(input).to_owned()),
                );
            }
            _ => return Ok(None),
        }
    }
    Ok(None)
}

/// Graphs that are encoded in the strings of a constant: `DatasetFromGraph` runs them.
fn nested_graphs(
    tensor: Message<'_>,
    part: &Part,
    exam: &mut Exam<'_>,
    budget: &mut Budget<'_>,
    depth: u32,
) -> Result<()> {
    for field in tensor.fields() {
        let field = field?;
        if field.number != 8 || !detect::is_graph(field.message()?) {
            continue;
        }
        // a text can look like a graph by chance; then it ends inside a field
        let inner = field.message()?;
        if inner.fields().all(|field| field.is_ok())
            && let Ok(graph) = Graph::read(inner, budget)
        {
            judge(&graph, None, part, exam, budget, depth.saturating_add(1))?;
        }
    }
    Ok(())
}
