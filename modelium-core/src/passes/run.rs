//! Runs passes over every graph of a model until none finds anything.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::formats::onnx::encoded_len;
use crate::ir::infer::Facts;
use crate::ir::{Function, Graph, Model, Opset, infer};
use crate::passes::apply::{Names, apply};
use crate::passes::{Level, Pass, Rewrite, View, by_name};
use crate::tensor::Tensor;

/// Rounds of inference and passes: far beyond what models need, so that a mistake in a pass ends.
const MOST_ROUNDS: usize = 64;

/// Sweeps of all passes between two inferences.
const MOST_SWEEPS: usize = 8;

/// How to simplify.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which operators may be used.
    pub level: Level,
    /// How many bytes larger the model may become; by default none. Sizes are those of the model with its weights in one
    /// ONNX file.
    pub growth_bytes: u64,
    /// Names of passes that are left out.
    pub without: Vec<String>,
}

/// Where a graph stands in its model.
#[derive(Debug, Clone)]
pub struct Site<'a> {
    /// Version of the file format: before 4, an initializer has to be an input too.
    pub ir_version: i64,
    /// Version of the standard operator set.
    pub opset: u64,
    /// Which operators may be used.
    pub level: Level,
    /// The operator sets that are imported.
    pub opsets: &'a [Opset],
    /// The operators that the model defines itself.
    pub functions: &'a [Function],
    /// A patch may add more than goes with it, if only the whole does not grow.
    pub spends: bool,
    /// Bytes that constants may take beyond what goes with them.
    pub room: u64,
    /// The body of a function, which has no initializers.
    pub in_function: bool,
    /// Empty for the main graph, else the nodes and attributes that lead to it: `/loop/body`.
    pub path: String,
    /// The graph around this one.
    pub outer: Option<&'a Outer<'a>>,
    /// The limits of passes that compute, and what stops them.
    pub cx: &'a Context,
}

impl Site<'_> {
    /// True if a constant can be an initializer here.
    pub fn has_initializers(&self) -> bool {
        !self.in_function && self.ir_version >= 4
    }
}

/// A graph around another, whose values that one captures by name.
#[derive(Debug, Clone, Copy)]
pub struct Outer<'a> {
    graph: &'a Graph,
    outer: Option<&'a Outer<'a>>,
}

impl<'a> Outer<'a> {
    /// The constant that a captured name stands for.
    pub(super) fn tensor(&self, name: &str) -> Option<&'a Tensor> {
        let Some(value) = self.graph.find(name) else { return self.outer?.tensor(name) };
        if self.graph.value(value).producer.is_some() || self.graph.inputs.iter().any(|port| port.value == value) {
            return None;
        }
        let here = self.graph.initializers.iter().find(|initializer| initializer.value == value);
        here.map(|initializer| &initializer.tensor).or_else(|| self.outer?.tensor(name))
    }
}

/// Runs the passes over every graph of the model until none finds anything.
///
/// The model does not become larger than [`Options::growth_bytes`] allows: if it did, passes run again from the model as
/// it was, and pay for every byte.
///
/// # Errors
/// `InvalidArgument` for a name in [`Options::without`] that no pass has; `Cancelled`, and the model is then simplified
/// in part, and still computes the same.
#[tracing::instrument(name = "modelium.simplify", skip_all)]
pub fn simplify(model: &mut Model, passes: &[Arc<dyn Pass>], options: &Options, cx: &Context) -> Result<Vec<Rewrite>> {
    let left_out = by_name(passes, &options.without)?;
    let runs = |pass: &Arc<dyn Pass>| {
        pass.level() <= options.level && !left_out.iter().any(|other| other.name() == pass.name())
    };
    let passes: Vec<_> = passes.iter().filter(|pass| runs(pass)).cloned().collect();
    let before = model.clone();
    let most = encoded_len(model)?.saturating_add(options.growth_bytes);
    let mut trace = rounds(model, passes.clone(), options.level, Some(most), cx)?;
    if encoded_len(model)? > most {
        *model = before.clone();
        trace = rounds(model, passes.clone(), options.level, None, cx)?;
    }
    if encoded_len(model)? > most {
        // what was to go with a constant has stayed
        let adding = ["fold_constants", "fold_scale"];
        let others = passes.into_iter().filter(|pass| !adding.contains(&pass.name())).collect();
        *model = before.clone();
        trace = rounds(model, others, options.level, None, cx)?;
    }
    import_domains(model, &before.functions);
    drop_functions(model);
    tracing::debug!(rewrites = trace.len(), "simplified");
    Ok(trace)
}

/// Inference and passes in turn, until they find nothing. In a model of up to `most` bytes, what passes saved they can
/// spend; without it they save only.
fn rounds(
    model: &mut Model,
    passes: Vec<Arc<dyn Pass>>,
    level: Level,
    most: Option<u64>,
    cx: &Context,
) -> Result<Vec<Rewrite>> {
    let ir_version = model.provenance.ir_version.unwrap_or_default();
    let mut run = Run { passes, names: Names::of(model), trace: Vec::new(), first: true, cx };
    for _ in 0..MOST_ROUNDS {
        let before = run.trace.len();
        let facts = infer(model, &BTreeMap::new(), cx)?.into_facts();
        let opset = model.opset("").unwrap_or_default();
        let room = most.map_or(Ok(0), |most| Ok::<_, Error>(most.saturating_sub(encoded_len(model)?)))?;
        let path = String::new();
        let functions = model.functions.clone();
        let functions = functions.as_slice();
        let opsets = model.opsets.as_slice();
        let site = Site {
            ir_version,
            opset,
            level,
            opsets,
            functions,
            spends: most.is_some(),
            room,
            in_function: false,
            path,
            outer: None,
            cx,
        };
        run.graph(&mut model.graph, &site, &facts)?;
        for function in &mut model.functions {
            let opset = function.opsets.iter().find(|opset| opset.domain().is_empty()).and_then(|opset| opset.version);
            let opset = opset.and_then(|version| u64::try_from(version).ok()).unwrap_or_default();
            let path = format!("function {}", function.name);
            let opsets = function.opsets.as_slice();
            let site = Site { opset, opsets, in_function: true, path, room: 0, ..site.clone() };
            run.graph(&mut function.body, &site, &Facts::default())?;
        }
        if run.trace.len() == before {
            break;
        }
        run.first = false;
    }
    Ok(run.trace)
}

/// Imports the operator sets that passes brought in: those of functions that were inlined, and ONNX Runtime's own.
fn import_domains(model: &mut Model, functions: &[Function]) {
    let import = |opsets: &mut Vec<Opset>, domains: HashSet<String>| {
        let mut missing: Vec<String> =
            domains.into_iter().filter(|domain| opsets.iter().all(|opset| opset.domain() != domain)).collect();
        missing.sort();
        for domain in missing {
            let known = functions.iter().flat_map(|function| &function.opsets).find(|opset| opset.domain() == domain);
            opsets.push(known.cloned().unwrap_or(Opset { domain: Some(domain), version: Some(1) }));
        }
    };
    import(&mut model.opsets, domains(&model.graph));
    for function in &mut model.functions {
        import(&mut function.opsets, domains(&function.body));
    }
}

/// The domains of the operators in a graph and its subgraphs.
fn domains(graph: &Graph) -> HashSet<String> {
    let (mut domains, mut graphs) = (HashSet::new(), vec![graph]);
    while let Some(graph) = graphs.pop() {
        for (_, node) in graph.nodes() {
            if !domains.contains(node.op.domain()) {
                domains.insert(node.op.domain().to_owned());
            }
            graphs.extend(node.subgraphs());
        }
    }
    domains
}

/// Drops functions that nothing calls any more.
fn drop_functions(model: &mut Model) {
    if model.functions.is_empty() {
        return;
    }
    let (mut called, mut graphs) = (HashSet::new(), vec![&model.graph]);
    while let Some(graph) = graphs.pop() {
        for (_, node) in graph.nodes() {
            graphs.extend(node.subgraphs());
            let callees = model.functions.iter().enumerate().filter(|(_, function)| function.is_called_by(node));
            graphs.extend(callees.filter(|&(index, _)| called.insert(index)).map(|(_, function)| &function.body));
        }
    }
    let mut index = 0;
    model.functions.retain(|_| {
        index += 1;
        called.contains(&(index - 1))
    });
}

/// Which passes have nothing to do.
struct Settled {
    /// How often the graph changed.
    changes: u64,
    /// For each pass, after which of the changes it found nothing.
    at: Vec<Option<u64>>,
}

struct Run<'c> {
    passes: Vec<Arc<dyn Pass>>,
    names: Names,
    trace: Vec<Rewrite>,
    /// In the first round.
    first: bool,
    cx: &'c Context,
}

impl Run<'_> {
    /// One graph, after the subgraphs of its nodes.
    fn graph(&mut self, graph: &mut Graph, site: &Site<'_>, facts: &Facts) -> Result<()> {
        for id in graph.order().to_vec() {
            let Some(node) = graph.node_mut(id) else { continue };
            if node.subgraphs().next().is_none() {
                continue;
            }
            // the subgraphs are away while they change, so that they can look at the graph around them
            let label = node.name.clone().unwrap_or_else(|| node.op.name().to_owned());
            let mut attributes = std::mem::take(&mut node.attributes);
            let done = self.inside(graph, &mut attributes, &label, site, |position| facts.inner(id, position));
            if let Some(node) = graph.node_mut(id) {
                node.attributes = attributes;
            }
            done?;
        }
        let mut site = site.clone();
        let mut settled = Settled { changes: 0, at: vec![None; self.passes.len()] };
        let (before, mut all) = (self.trace.len(), !self.first);
        for _ in 0..MOST_SWEEPS {
            if self.sweep(graph, &site, facts, &mut settled, all)? {
                site.room = 0; // it is spent until it is measured again
            } else if all || self.trace.len() > before {
                break; // shapes that a change uncovers are known in the next round
            } else {
                all = true;
            }
        }
        graph.drop_stale_value_info();
        Ok(())
    }

    fn inside<'f>(
        &mut self,
        graph: &Graph,
        attributes: &mut [crate::ir::Attribute],
        label: &str,
        site: &Site<'_>,
        facts: impl Fn(usize) -> Option<&'f Facts>,
    ) -> Result<()> {
        let outer = Outer { graph, outer: site.outer };
        let mut position = 0;
        for attribute in attributes {
            for inner in attribute.value.graphs_mut() {
                let path = format!("{}/{label}/{}", site.path, attribute.name);
                let site = Site { path, outer: Some(&outer), room: 0, ..site.clone() };
                self.graph(inner, &site, facts(position).unwrap_or(&Facts::default()))?;
                position += 1;
            }
        }
        Ok(())
    }

    /// Each pass once that could find something, those that wait only with `all`; true if any did.
    fn sweep(
        &mut self,
        graph: &mut Graph,
        site: &Site<'_>,
        facts: &Facts,
        settled: &mut Settled,
        all: bool,
    ) -> Result<bool> {
        let before = self.trace.len();
        let mut kept: Option<Vec<Vec<crate::ir::Use>>> = None;
        for index in 0..self.passes.len() {
            if settled.at[index] == Some(settled.changes) || !all && self.passes[index].waits(site) {
                continue;
            }
            self.cx.tick("simplify", self.trace.len() as u64, 0)?;
            let pass = Arc::clone(&self.passes[index]);
            let view = View::new(graph, site, facts, kept.take());
            let patches = pass.find(&view);
            let uses = view.into_uses();
            if patches.is_empty() {
                kept = Some(uses);
                settled.at[index] = Some(settled.changes);
                continue;
            }
            let changes = apply(graph, patches, uses, &mut self.names, site.has_initializers())?;
            if changes.is_empty() {
                settled.at[index] = Some(settled.changes);
            } else {
                settled.changes += 1;
            }
            self.trace.extend(changes.into_iter().map(|(removed, added)| Rewrite {
                pass: pass.name().to_owned(),
                graph: site.path.clone(),
                removed,
                added,
            }));
        }
        Ok(self.trace.len() > before)
    }
}
