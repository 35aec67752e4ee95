//! Names of dimensions on their way in: numbers for those that are bound, expressions for those that are written as
//! such, and names of our own for those that have none.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::ir::expr::Expr;
use crate::ir::graph::Model;
use crate::ir::types::{Dim, Shape, Type, TypeKind, is_placeholder, placeholder, placeholder_number};

/// What names stand for in one inference.
pub(super) struct Symbols<'m> {
    bindings: BTreeMap<String, u64>,
    /// Names of dimensions of the model's inputs, over which others may be expressions.
    inputs: HashSet<&'m str>,
    /// What the texts that were met mean; a text that is a name and nothing more means itself.
    meanings: HashMap<Arc<str>, Dim>,
    /// The number of the next name that is made up.
    next: u64,
}

impl<'m> Symbols<'m> {
    pub(super) fn new(model: &'m Model, bindings: &BTreeMap<String, u64>) -> Self {
        let inputs = model.graph.inputs.iter().filter_map(|port| port.ty.as_ref()?.shape());
        let names = inputs.flat_map(|shape| &shape.dims).filter_map(|dim| match dim {
            Dim::Symbol(name) if !is_written(name) => Some(&**name),
            _ => None,
        });
        let graphs = model.graphs();
        let types = graphs.iter().flat_map(|graph| {
            let ports = graph.inputs.iter().chain(&graph.outputs).chain(&graph.value_info);
            graph.values().filter_map(|(_, value)| value.ty.as_ref()).chain(ports.filter_map(|port| port.ty.as_ref()))
        });
        let numbers = types.filter_map(Type::shape).flat_map(|shape| &shape.dims).filter_map(|dim| match dim {
            Dim::Symbol(name) => placeholder_number(name),
            Dim::Expr(expr) => expr.symbols().into_iter().filter_map(|name| placeholder_number(name)).max(),
            Dim::Known(_) | Dim::Unknown => None,
        });
        let next = numbers.max().map_or(0, |largest| largest.saturating_add(1));
        Self { bindings: bindings.clone(), inputs: names.collect(), meanings: HashMap::new(), next }
    }

    /// A name that nothing else has.
    pub(super) fn fresh(&mut self) -> Dim {
        let name = placeholder(self.next);
        self.next = self.next.saturating_add(1);
        Dim::Symbol(name)
    }

    /// The number of the next name that is made up, to tell those that were made since.
    pub(super) fn mark(&self) -> u64 {
        self.next
    }

    /// Gives each dimension of a tensor that has no name one of its own. Of a list's elements nothing is named: they
    /// need not be equal.
    pub(super) fn name(&mut self, shape: &mut Shape) {
        for dim in shape.dims.iter_mut().filter(|dim| **dim == Dim::Unknown) {
            *dim = self.fresh();
        }
    }

    /// A declared type with what its names mean.
    pub(super) fn entered(&mut self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        self.enter(&mut ty);
        ty
    }

    fn enter(&mut self, ty: &mut Type) {
        match &mut ty.kind {
            TypeKind::Tensor { shape: Some(shape), .. } | TypeKind::SparseTensor { shape: Some(shape), .. } => {
                for dim in &mut shape.dims {
                    let bound = !self.bindings.is_empty();
                    match dim {
                        Dim::Symbol(name) if bound || is_written(name) => *dim = self.meaning(name),
                        Dim::Expr(expr) if bound => {
                            let number = |name: &Arc<str>| i64::try_from(*self.bindings.get(&**name)?).ok();
                            let known = expr.substituted(&|name| number(name).map(Expr::constant));
                            *dim = known.map_or(Dim::Unknown, Dim::from);
                        }
                        _ => {}
                    }
                }
            }
            TypeKind::Sequence(Some(inner))
            | TypeKind::Optional(Some(inner))
            | TypeKind::Map { value: Some(inner), .. } => self.enter(inner),
            _ => {}
        }
    }

    fn meaning(&mut self, name: &Arc<str>) -> Dim {
        if let Some(meaning) = self.meanings.get(name) {
            return meaning.clone();
        }
        let number = |name: &str| self.bindings.get(name).map(|&number| Dim::Known(number));
        let read = || {
            let known = |name: &str| self.inputs.contains(name) || is_placeholder(name);
            let expr = Expr::parse(name, &known).filter(|_| is_written(name))?;
            Some(Dim::from(expr.substituted(&|name| number(name)?.expr())?))
        };
        let meaning = match read() {
            Some(Dim::Unknown) | None => number(name).unwrap_or_else(|| Dim::Symbol(Arc::clone(name))),
            // What a caller says of the text itself stands where nothing is said of its parts.
            Some(read) if read.known().is_none() => number(name).unwrap_or(read),
            Some(read) => read,
        };
        self.meanings.insert(Arc::clone(name), meaning.clone());
        meaning
    }

    /// Opens dimensions that are named after what was made up since `mark`: in a body, where each turn has its own.
    pub(super) fn forget(ty: &mut Type, mark: u64) {
        let inside = |name: &Arc<str>| placeholder_number(name).is_some_and(|number| number >= mark);
        match &mut ty.kind {
            TypeKind::Tensor { shape: Some(shape), .. } => {
                for dim in &mut shape.dims {
                    let named = match dim {
                        Dim::Symbol(name) => inside(name),
                        Dim::Expr(expr) => expr.symbols().into_iter().any(inside),
                        _ => false,
                    };
                    if named {
                        *dim = Dim::Unknown;
                    }
                }
            }
            TypeKind::Sequence(Some(inner)) | TypeKind::Optional(Some(inner)) => Self::forget(inner, mark),
            _ => {}
        }
    }
}

/// True for a text that may be an expression: one that holds a sign.
fn is_written(name: &str) -> bool {
    name.contains(['+', '-', '*', '/', '%', '(', '^'])
}
