//! The tables of the schema, their fields by number.

use std::borrow::Cow;

use crate::blob::Blob;
use crate::error::{Classify, Error, ErrorKind, Location, Result};
use crate::wire::budget::{Budget, list_item};
use crate::wire::flatbuffers::{Buffer, Table};

/// What can be wrong with a model beyond its encoding.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct MnnError {
    /// What is wrong.
    #[source]
    pub fault: MnnFault,
    /// Where.
    pub location: Location,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub enum MnnFault {
    #[error("tensor {index} does not exist; there are {count}")]
    NoTensor { index: i64, count: u64 },
}

impl MnnFault {
    /// The error, with its place.
    pub(super) fn at(self, location: Location) -> Error {
        MnnError { fault: self, location }.into()
    }
}

impl Classify for MnnError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Malformed
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}

/// The name of an operator.
pub(super) fn operator_name(number: i32) -> Cow<'static, str> {
    let known = include_str!("operators.tsv").lines().filter_map(|row| row.split_once('\t'));
    let mut known = known.filter(|(found, _)| found.parse() == Ok(number));
    known.next().map_or_else(|| Cow::Owned(format!("operator_{number}")), |(_, name)| Cow::Borrowed(name))
}

/// The numbers of operators that need code from outside: plugins, and what another engine runs.
pub(super) const FOREIGN: [i32; 2] = [256, 512];

/// One operator.
#[derive(Debug, Clone)]
pub(super) struct Operator<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) kind: i32,
    pub(super) outputs: Vec<i32>,
    /// The kind of its parameters, and they themselves.
    pub(super) parameters: Option<(u8, Table<'a>)>,
    pub(super) at: u64,
}

/// A model.
#[derive(Debug, Default)]
pub(super) struct Net<'a> {
    pub(super) operators: Vec<Operator<'a>>,
    pub(super) tensor_names: Vec<Cow<'a, str>>,
    pub(super) outputs: Vec<Cow<'a, str>>,
    pub(super) source: u8,
    pub(super) code: Option<Cow<'a, str>>,
    pub(super) uuid: Option<Cow<'a, str>>,
    pub(super) subgraphs: u64,
}

/// True for a buffer whose root is a `Net`.
pub(super) fn is_net(blob: &Blob) -> bool {
    let buffer = Buffer::new(blob);
    let identified = buffer.identifier().is_some_and(|identifier| identifier.iter().all(u8::is_ascii_alphanumeric));
    let small = blob.get(2..4) == Some(&[0, 0]);
    !identified && small && believe(buffer).unwrap_or(false)
}

fn believe(buffer: Buffer<'_>) -> Result<bool> {
    let root = buffer.root()?;
    let Some(first) = root.tables(3)?.next().transpose()? else { return Ok(false) };
    let kind = first.i32(5, 0)?;
    let named = first.text(3)?.is_some_and(|name| !name.is_empty() && name.len() < 4096 && !name.contains('\u{fffd}'));
    let tensor = root.vector(7, 4)?.and_then(|names| names.texts().next()).transpose()?;
    let tensors = tensor.is_some_and(|name| !name.contains(['\u{fffd}', '\0']));
    Ok(named && tensors && (0..1024).contains(&kind) && root.u8(6, 0)? < 8)
}

impl<'a> Net<'a> {
    /// Reads the tables; weights are not looked at.
    ///
    /// # Errors
    /// `Malformed`, `LimitExceeded`, `Cancelled`.
    pub(super) fn read(blob: &'a Blob, budget: &mut Budget<'_>) -> Result<Self> {
        let root = Buffer::new(blob).root()?;
        let mut net = Self { source: root.u8(6, 0)?, code: root.text(0)?, uuid: root.text(11)?, ..Self::default() };
        for (field, list) in [(7, &mut net.tensor_names), (4, &mut net.outputs)] {
            for name in root.vector(field, 4)?.into_iter().flat_map(crate::wire::flatbuffers::Vector::texts) {
                budget.spend(64)?;
                list.push(name?);
            }
        }
        for operator in root.tables(3)? {
            let operator = read_operator(operator?, budget)?;
            let count = net.tensor_names.len();
            for index in &operator.outputs {
                if usize::try_from(*index).map_or(true, |index| index >= count) {
                    let fault = MnnFault::NoTensor { index: i64::from(*index), count: count as u64 };
                    return Err(fault.at(blob.location(operator.at)));
                }
            }
            net.operators.push(operator);
        }
        for graph in root.tables(10)? {
            net.subgraphs = net.subgraphs.saturating_add(1);
            for operator in graph?.tables(4)? {
                net.operators.push(read_operator(operator?, budget)?);
            }
        }
        Ok(net)
    }
}

fn read_operator<'a>(table: Table<'a>, budget: &mut Budget<'_>) -> Result<Operator<'a>> {
    budget.node(list_item::<Operator<'_>>())?;
    let outputs: Vec<i32> = table.i32s(4)?.collect();
    budget.spend(outputs.len() as u64)?;
    let kind = table.u8(1, 0)?;
    let parameters = if kind == 0 { None } else { table.table(2)?.map(|parameters| (kind, parameters)) };
    // slots: inputs 0, kind of parameters 1, parameters 2, name 3, outputs 4, kind 5
    Ok(Operator {
        name: table.text(3)?.unwrap_or_default(),
        kind: table.i32(5, 0)?,
        outputs,
        parameters,
        at: table.position(),
    })
}
