//! `GraphDef` and its library: nodes with their names, operators and inputs; attributes stay where they are.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::error::Result;
use crate::formats::tensorflow::schema::{Constant, node_of};
use crate::wire::budget::{Budget, list_item};
use crate::wire::protobuf::{FieldView, Message};

/// One node.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) op: Cow<'a, str>,
    pub(super) inputs: Vec<Cow<'a, str>>,
    pub(super) attributes: Vec<Attribute<'a>>,
    /// Its first byte in the blob.
    pub(super) at: u64,
}

/// One attribute: its name, and its `AttrValue`.
#[derive(Debug, Clone)]
pub(super) struct Attribute<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: Option<Message<'a>>,
}

/// One function of the library.
#[derive(Debug, Clone)]
pub(super) struct Function<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) nodes: Vec<Node<'a>>,
}

/// A graph.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) functions: Vec<Function<'a>>,
    /// `producer` of its versions: the version of graphs that the writer knew.
    pub(super) producer: Option<u64>,
    pub(super) min_consumer: Option<u64>,
}

impl<'a> Graph<'a> {
    /// Reads the structure; constants are not looked into.
    ///
    /// # Errors
    /// `Malformed`, `LimitExceeded`, `Cancelled`.
    pub(super) fn read(message: Message<'a>, budget: &mut Budget<'_>) -> Result<Self> {
        let mut graph = Self::default();
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => graph.nodes.push(node(&field, budget)?),
                2 => {
                    for function in field.message()?.fields() {
                        let function = function?;
                        if function.number == 1 {
                            graph.functions.push(read_function(function.message()?, budget)?);
                        }
                    }
                }
                4 => {
                    for version in field.message()?.fields() {
                        let version = version?;
                        match version.number {
                            1 => graph.producer = Some(version.int()?),
                            2 => graph.min_consumer = Some(version.int()?),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(graph)
    }

    /// Every node, those of functions after those of the graph, with the function that holds it.
    pub(super) fn all_nodes(&self) -> impl Iterator<Item = (Option<&Function<'a>>, &Node<'a>)> {
        let own = self.nodes.iter().map(|node| (None, node));
        own.chain(
            self.functions.iter().flat_map(|function| function.nodes.iter().map(move |node| (Some(function), node))),
        )
    }

    /// How often each operator occurs. A node whose operator is a function of the library calls it.
    pub(super) fn operators(&self) -> BTreeMap<String, u64> {
        let mut operators: BTreeMap<String, u64> = BTreeMap::new();
        for (_, node) in self.all_nodes() {
            match operators.get_mut(node.op.as_ref()) {
                Some(count) => *count = count.saturating_add(1),
                None => drop(operators.insert(node.op.to_string(), 1)),
            }
        }
        operators
    }

    /// Names of the functions that the given nodes call, and those that these call, and so on.
    pub(super) fn reached<'n>(&self, nodes: impl Iterator<Item = &'n Node<'a>>) -> Result<HashSet<String>>
    where
        'a: 'n,
    {
        let by_name: HashMap<&str, &Function<'a>> =
            self.functions.iter().map(|function| (function.name.as_ref(), function)).collect();
        let mut reached = HashSet::new();
        let mut waiting = Vec::new();
        let call = |node: &Node<'a>, reached: &mut HashSet<String>, waiting: &mut Vec<String>| -> Result<()> {
            let mut names = node.functions()?;
            names.push(node.op.to_string());
            for name in names {
                if by_name.contains_key(name.as_str()) && !reached.contains(&name) {
                    reached.insert(name.clone());
                    waiting.push(name);
                }
            }
            Ok(())
        };
        for node in nodes {
            call(node, &mut reached, &mut waiting)?;
        }
        while let Some(name) = waiting.pop() {
            for node in by_name.get(name.as_str()).map(|function| function.nodes.as_slice()).unwrap_or_default() {
                call(node, &mut reached, &mut waiting)?;
            }
        }
        Ok(reached)
    }

    /// Indices of the graph's own nodes that the named ones need to run, themselves included.
    pub(super) fn needed(&self, names: impl Iterator<Item = String>) -> HashSet<usize> {
        let by_name: HashMap<&str, usize> =
            self.nodes.iter().enumerate().map(|(index, node)| (node.name.as_ref(), index)).collect();
        let mut needed = HashSet::new();
        let mut waiting: Vec<usize> = names.filter_map(|name| by_name.get(name.as_str()).copied()).collect();
        while let Some(index) = waiting.pop() {
            if needed.insert(index) {
                let inputs = self.nodes.get(index).map(|node| node.inputs.as_slice()).unwrap_or_default();
                waiting.extend(inputs.iter().filter_map(|input| by_name.get(node_of(input)).copied()));
            }
        }
        needed
    }
}

impl<'a> Node<'a> {
    /// The value of an attribute: the field of `AttrValue` that is set.
    pub(super) fn attribute(&self, name: &str) -> Result<Option<FieldView<'a>>> {
        let found = self.attributes.iter().rev().find(|attribute| attribute.name == name);
        let Some(value) = found.and_then(|attribute| attribute.value) else { return Ok(None) };
        let mut last = None;
        for field in value.fields() {
            last = Some(field?);
        }
        Ok(last)
    }

    /// The text of an attribute.
    pub(super) fn text(&self, name: &str) -> Result<Option<Cow<'a, str>>> {
        match self.attribute(name)? {
            Some(field) if field.number == 2 => field.text().map(Some),
            _ => Ok(None),
        }
    }

    /// The texts of an attribute that is a list.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<Cow<'a, str>>> {
        let mut texts = Vec::new();
        if let Some(list) = self.attribute(name)?.filter(|field| field.number == 1) {
            for item in list.message()?.fields() {
                let item = item?;
                if item.number == 2 {
                    texts.push(item.text()?);
                }
            }
        }
        Ok(texts)
    }

    /// The constant of a `Const`.
    pub(super) fn constant(&self, budget: &mut Budget<'_>) -> Result<Option<Constant<'a>>> {
        match self.attribute("value")? {
            Some(field) if field.number == 8 => Constant::read(field.message()?, budget).map(Some),
            _ => Ok(None),
        }
    }

    /// Names of the functions that attributes name.
    pub(super) fn functions(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for attribute in &self.attributes {
            let Some(value) = attribute.value else { continue };
            for field in value.fields() {
                let field = field?;
                match field.number {
                    10 => names.extend(function_name(&field)?),
                    1 => {
                        for item in field.message()?.fields() {
                            let item = item?;
                            if item.number == 9 {
                                names.extend(function_name(&item)?);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(names)
    }

    /// Tensors in attributes, those in lists included.
    pub(super) fn tensors(&self) -> Result<Vec<Message<'a>>> {
        let mut tensors = Vec::new();
        for attribute in &self.attributes {
            let Some(value) = attribute.value else { continue };
            for field in value.fields() {
                let field = field?;
                match field.number {
                    8 => tensors.push(field.message()?),
                    1 => {
                        for item in field.message()?.fields() {
                            let item = item?;
                            if item.number == 8 {
                                tensors.push(item.message()?);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(tensors)
    }
}

/// The name in a `NameAttrList`.
fn function_name(field: &FieldView<'_>) -> Result<Option<String>> {
    let name = field.message()?.find(1)?;
    Ok(name.map(|name| name.text()).transpose()?.map(Cow::into_owned))
}

fn node<'a>(field: &FieldView<'a>, budget: &mut Budget<'_>) -> Result<Node<'a>> {
    budget.node(list_item::<Node<'_>>())?;
    let mut node =
        Node { name: Cow::default(), op: Cow::default(), inputs: Vec::new(), attributes: Vec::new(), at: field.at };
    for field in field.message()?.fields() {
        let field = field?;
        match field.number {
            1 => node.name = field.text()?,
            2 => node.op = field.text()?,
            3 => {
                budget.spend(list_item::<Cow<'_, str>>())?;
                node.inputs.push(field.text()?);
            }
            5 => {
                budget.spend(list_item::<Attribute<'_>>())?;
                let entry = field.message()?;
                let name = entry.find(1)?.map(|name| name.text()).transpose()?.unwrap_or_default();
                let value = entry.find(2)?.map(|value| value.message()).transpose()?;
                node.attributes.push(Attribute { name, value });
            }
            _ => {}
        }
    }
    Ok(node)
}

fn read_function<'a>(message: Message<'a>, budget: &mut Budget<'_>) -> Result<Function<'a>> {
    budget.node(list_item::<Function<'_>>())?;
    let mut function = Function { name: Cow::default(), nodes: Vec::new() };
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => function.name = field.message()?.find(1)?.map(|name| name.text()).transpose()?.unwrap_or_default(),
            3 => function.nodes.push(node(&field, budget)?),
            _ => {}
        }
    }
    Ok(function)
}
