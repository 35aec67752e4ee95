//! Programs: the two forms as one list of operators, ports and names of parameters.

use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{Dimension, PortDescriptor};
use crate::error::Result;
use crate::formats::paddle::params::{description, dtype};
use crate::formats::single::head;
use crate::tensor::DType;
use crate::wire::budget::Budget;
use crate::wire::json::{self, Json};
use crate::wire::protobuf::{Message, WireType};

/// A program.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) version: Option<u64>,
    /// Operators in the order of the file, with their byte where the form has one.
    pub(super) operators: Vec<(String, u64)>,
    pub(super) inputs: Vec<PortDescriptor>,
    pub(super) outputs: Vec<PortDescriptor>,
    /// Names of parameters in the order in which they are stored.
    pub(super) parameters: Vec<String>,
}

/// True for a `ProgramDesc`: blocks, each with its index and its parent's, and a version.
pub(super) fn is_program(blob: &Blob) -> bool {
    let mut fields = Message::whole(blob).fields();
    let Some(Ok(block)) = fields.next() else { return false };
    let Some(block) = block.message().ok().filter(|_| block.number == 1) else { return false };
    let mut inner = block.fields().map_while(Result::ok);
    let numbered = |number| {
        move |field: &crate::wire::protobuf::FieldView<'_>| field.number == number && field.wire() == WireType::Varint
    };
    let first = inner.next().filter(numbered(1)).and_then(|field| field.int().ok());
    let second = inner.next().filter(numbered(2));
    let rest = inner.next().is_some_and(|field| matches!(field.number, 3 | 4) && field.is_message());
    first == Some(0)
        && second.is_some()
        && rest
        && fields.take(8).map_while(Result::ok).all(|field| matches!(field.number, 1 | 4 | 5) && field.is_message())
}

/// True for a program of the new representation.
pub(super) fn is_pir(blob: &Blob) -> bool {
    let start: String = head(blob, 256).chars().filter(|c| !c.is_whitespace()).collect();
    start.starts_with("{\"base_code\":{") && start.contains("\"magic\":\"pir\"")
}

impl Program {
    /// Reads either form.
    ///
    /// # Errors
    /// `Malformed`, `LimitExceeded`, `Cancelled`.
    pub(super) fn read(blob: &Blob, cx: &Context) -> Result<Self> {
        let mut budget = Budget::new(cx);
        let mut program = Self::default();
        if is_pir(blob) {
            let document = json::parse(blob, cx)?;
            program.version = document.root.at(&["base_code", "version"]).and_then(Json::as_u64);
            for region in document.root.at(&["program", "regions"]).map(Json::items).unwrap_or_default() {
                program.region(region, &mut budget)?;
            }
        } else {
            for field in Message::whole(blob).fields() {
                let field = field?;
                match field.number {
                    1 => program.block(field.message()?, &mut budget)?,
                    4 => program.version = field.message()?.find(1)?.map(|version| version.int()).transpose()?,
                    _ => {}
                }
            }
        }
        program.parameters.sort();
        Ok(program)
    }

    /// `BlockDesc`.
    fn block(&mut self, message: Message<'_>, budget: &mut Budget<'_>) -> Result<()> {
        let mut variables = std::collections::BTreeMap::new();
        for field in message.fields() {
            let field = field?;
            match field.number {
                3 => {
                    budget.node(256)?;
                    let (name, port, persistable) = variable(field.message()?, budget)?;
                    if persistable && name != "feed" && name != "fetch" {
                        self.parameters.push(name.clone());
                    }
                    variables.insert(name, port);
                }
                4 => {
                    budget.node(128)?;
                    let operator = field.message()?;
                    let kind = operator.find(3)?.map(|kind| kind.text()).transpose()?.unwrap_or_default().into_owned();
                    // what is fed comes out of the first operators, what is fetched goes into the last
                    let ports = match kind.as_str() {
                        "feed" => Some((2, &mut self.inputs)),
                        "fetch" => Some((1, &mut self.outputs)),
                        _ => None,
                    };
                    if let Some((number, list)) = ports {
                        for argument in operator.fields() {
                            let argument = argument?;
                            if argument.number != number {
                                continue;
                            }
                            for name in argument.message()?.fields() {
                                let name = name?;
                                if name.number == 2 {
                                    list.extend(variables.get(name.text()?.as_ref()).cloned());
                                }
                            }
                        }
                    }
                    self.operators.push((kind, field.at));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A region of the new representation: blocks of operators, which can have regions themselves.
    fn region(&mut self, region: &Json, budget: &mut Budget<'_>) -> Result<()> {
        for op in region
            .get("blocks")
            .map(Json::items)
            .unwrap_or_default()
            .iter()
            .flat_map(|block| block.get("ops").map(Json::items).unwrap_or_default())
        {
            budget.node(256)?;
            let kind = op.get("#").and_then(Json::as_str).unwrap_or_default();
            // the dialect stands before the name: 0 is built in, 1 is the operators'
            let kind = kind
                .split_once('.')
                .filter(|(dialect, _)| dialect.parse::<u32>().is_ok())
                .map_or(kind, |(_, name)| name);
            let attribute = |name: &str| {
                let mut attributes = op.get("A").map(Json::items).unwrap_or_default().iter();
                attributes
                    .find(|attribute| attribute.get("N").and_then(Json::as_str) == Some(name))
                    .and_then(|attribute| attribute.at(&["AT", "D"]))
            };
            let typed = |name: String, ty: Option<&Json>| {
                let details = ty.and_then(|ty| ty.at(&["TT", "D"])).map(Json::items).unwrap_or_default();
                let dtype = details.first().and_then(|dtype| pir_dtype(dtype.get("#")?.as_str()?));
                let dims = details.get(1).map(|dims| {
                    dims.items().iter().map(|dim| dim.as_u64().map_or(Dimension::Unknown, Dimension::Known)).collect()
                });
                port(name, dtype, dims)
            };
            match kind {
                "p" => self.parameters.extend(op.get("A").and_then(|a| a.items().get(3)?.as_str()).map(str::to_owned)),
                "data" => {
                    let name = attribute("name").and_then(Json::as_str).unwrap_or_default().to_owned();
                    self.inputs.push(typed(name, op.get("O").and_then(|outputs| outputs.items().first())));
                }
                "fetch" => {
                    let name = attribute("name").and_then(Json::as_str).unwrap_or_default().to_owned();
                    self.outputs.push(typed(name, op.get("O").and_then(|outputs| outputs.items().first())));
                }
                _ => {}
            }
            self.operators.push((kind.to_owned(), 0));
            for inner in op.get("regions").map(Json::items).unwrap_or_default() {
                self.region(inner, budget)?;
            }
        }
        Ok(())
    }
}

fn pir_dtype(name: &str) -> Option<DType> {
    let name = name.split_once('.').map_or(name, |(_, name)| name);
    Some(match name {
        "t_f32" => DType::Float32,
        "t_f64" => DType::Float64,
        "t_f16" => DType::Float16,
        "t_bf16" => DType::Bfloat16,
        "t_i8" => DType::Int8,
        "t_ui8" => DType::Uint8,
        "t_i16" => DType::Int16,
        "t_i32" => DType::Int32,
        "t_i64" => DType::Int64,
        "t_bool" => DType::Bool,
        _ => return None,
    })
}

/// `VarDesc`: name, port, and whether it is stored.
fn variable(message: Message<'_>, budget: &Budget<'_>) -> Result<(String, PortDescriptor, bool)> {
    let (mut name, mut persistable) = (String::new(), false);
    let (mut dtype_found, mut dims) = (None, None);
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => name = field.text()?.into_owned(),
            2 => {
                // a dense tensor, the kind that graphs are made of, stands in field 3
                let dense = field.message()?.find(3)?.map(|dense| dense.message()).transpose()?;
                if let Some(tensor) = dense.map(|dense| dense.find(1)).transpose()?.flatten() {
                    let (code, found) = description(tensor.message()?, budget)?;
                    dtype_found = dtype(code);
                    dims = Some(
                        found
                            .iter()
                            .map(|dim| u64::try_from(*dim).map_or(Dimension::Unknown, Dimension::Known))
                            .collect(),
                    );
                }
            }
            3 => persistable = field.int()? != 0,
            _ => {}
        }
    }
    Ok((name.clone(), port(name, dtype_found, dims), persistable))
}

fn port(name: String, dtype: Option<DType>, dims: Option<Vec<Dimension>>) -> PortDescriptor {
    let words =
        dims.iter().flatten().map(|dim| if let Dimension::Known(dim) = dim { dim.to_string() } else { "?".to_owned() });
    let ty = format!("{}[{}]", dtype.map_or("?", DType::name), words.collect::<Vec<_>>().join(", "));
    PortDescriptor { name, ty, dtype, shape: dims, optional: false }
}
