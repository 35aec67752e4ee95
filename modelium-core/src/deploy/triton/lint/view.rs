//! What the rules need of a config, with places. What has the wrong kind is absent here; `schema` has reported it.

use super::super::fields::{self, EnumSpec};
use super::super::pbtxt::{Message, Position, Value};

/// Inputs, outputs or steps of one config beyond which nothing is compared: rules look at pairs of them.
pub(super) const MOST: usize = 4096;

/// A value and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<T> {
    pub(super) at: Position,
    pub(super) value: T,
}

/// A whole config.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) tree: &'a Message,
    pub(super) name: Option<At<&'a str>>,
    pub(super) platform: Option<At<&'a str>>,
    pub(super) backend: Option<At<&'a str>>,
    pub(super) default_model_filename: Option<At<&'a str>>,
    pub(super) max_batch_size: Option<At<i64>>,
    pub(super) inputs: Vec<Port<'a>>,
    pub(super) outputs: Vec<Port<'a>>,
}

/// One input or output.
#[derive(Debug)]
pub(super) struct Port<'a> {
    /// Where its message opens.
    pub(super) at: Position,
    pub(super) name: Option<At<&'a str>>,
    pub(super) data_type: Option<At<&'a str>>,
    pub(super) dims: Vec<At<i64>>,
    pub(super) reshape: Option<At<Vec<i64>>>,
    pub(super) optional: Option<At<bool>>,
    pub(super) ragged: bool,
    pub(super) label_filename: Option<At<&'a str>>,
    pub(super) message: &'a Message,
}

impl<'a> View<'a> {
    pub(super) fn of(tree: &'a Message) -> Self {
        let ports = |field| messages(tree, field).map(|(at, message)| Port::of(at, message)).collect();
        Self {
            tree,
            name: text(tree, "name"),
            platform: text(tree, "platform").filter(|platform| !platform.value.is_empty()),
            backend: text(tree, "backend").filter(|backend| !backend.value.is_empty()),
            default_model_filename: text(tree, "default_model_filename").filter(|file| !file.value.is_empty()),
            max_batch_size: integer(tree, "max_batch_size"),
            inputs: ports("input"),
            outputs: ports("output"),
        }
    }

    /// What there is more than [`MOST`] of.
    pub(super) fn too_many(&self) -> Option<(&'static str, usize)> {
        let steps = self.message("ensemble_scheduling").map_or(0, |one| messages(one.value, "step").count());
        let all = [("inputs", self.inputs.len()), ("outputs", self.outputs.len()), ("steps", steps)];
        all.into_iter().find(|(_, count)| *count > MOST)
    }

    pub(super) fn batches(&self) -> bool {
        self.max_batch() > 0
    }

    pub(super) fn max_batch(&self) -> i64 {
        self.max_batch_size.map_or(0, |size| size.value)
    }

    pub(super) fn is_ensemble(&self) -> bool {
        self.tree.get("ensemble_scheduling").is_some() || self.platform.is_some_and(|one| one.value == "ensemble")
    }

    /// The message of a singular field.
    pub(super) fn message(&self, field: &'a str) -> Option<At<&'a Message>> {
        message(self.tree, field)
    }
}

impl<'a> Port<'a> {
    fn of(at: Position, port: &'a Message) -> Self {
        Self {
            at,
            name: text(port, "name").filter(|name| !name.value.is_empty()),
            data_type: enumeration(port, "data_type", "DataType").filter(|one| one.value != "TYPE_INVALID"),
            dims: integers(port, "dims"),
            reshape: message(port, "reshape").map(|At { at, value }| {
                let shape = integers(value, "shape").into_iter().map(|dim| dim.value).collect();
                At { at, value: shape }
            }),
            optional: boolean(port, "optional"),
            ragged: boolean(port, "allow_ragged_batch").is_some_and(|ragged| ragged.value),
            label_filename: text(port, "label_filename").filter(|file| !file.value.is_empty()),
            message: port,
        }
    }

    /// What messages call it.
    pub(super) fn called(&self) -> &'a str {
        self.name.map_or("", |name| name.value)
    }

    /// Its numbers, as requests have them.
    pub(super) fn sizes(&self) -> Vec<i64> {
        self.dims.iter().map(|dim| dim.value).collect()
    }

    /// Its numbers, as the model has them.
    pub(super) fn model_sizes(&self) -> Vec<i64> {
        self.reshape.as_ref().map_or_else(|| self.sizes(), |reshape| reshape.value.clone())
    }

    pub(super) fn is_optional(&self) -> bool {
        self.optional.is_some_and(|optional| optional.value)
    }

    /// Where its dims stand, or it.
    pub(super) fn dims_at(&self) -> Position {
        self.dims.first().map_or(self.at, |dim| dim.at)
    }
}

pub(super) fn text<'a>(message: &'a Message, field: &'a str) -> Option<At<&'a str>> {
    message.get(field).and_then(|(at, value)| Some(At { at, value: value.as_str()? }))
}

pub(super) fn integer<'a>(message: &'a Message, field: &'a str) -> Option<At<i64>> {
    message.get(field).and_then(|(at, value)| Some(At { at, value: value.as_i64()? }))
}

pub(super) fn boolean<'a>(message: &'a Message, field: &'a str) -> Option<At<bool>> {
    message.get(field).and_then(|(at, value)| Some(At { at, value: value.as_bool()? }))
}

pub(super) fn integers<'a>(message: &'a Message, field: &'a str) -> Vec<At<i64>> {
    message.all(field).filter_map(|(at, value)| Some(At { at, value: value.as_i64()? })).collect()
}

pub(super) fn message<'a>(message: &'a Message, field: &'a str) -> Option<At<&'a Message>> {
    message.get(field).and_then(|(at, value)| Some(At { at, value: value.as_message()? }))
}

pub(super) fn messages<'a>(
    message: &'a Message,
    field: &'a str,
) -> impl Iterator<Item = (Position, &'a Message)> + use<'a> {
    message.all(field).filter_map(|(at, value)| Some((at, value.as_message()?)))
}

/// The entries of a map field whose keys are strings.
pub(super) fn entries<'a>(
    message: &'a Message,
    field: &'a str,
) -> impl Iterator<Item = (At<&'a str>, Option<&'a Value>)> + use<'a> {
    messages(message, field).map(|(at, entry)| {
        let key = text(entry, "key").map_or("", |key| key.value);
        (At { at, value: key }, entry.get("value").map(|(_, value)| value))
    })
}

/// The name of an enum value, also where its number is written; the table's spelling.
pub(super) fn enumeration<'a>(message: &'a Message, field: &'a str, spec: &str) -> Option<At<&'static str>> {
    let (at, value) = message.get(field)?;
    let spec: &EnumSpec = fields::enumeration(spec)?;
    let known = spec.values.iter().find(|(name, number)| match value {
        Value::Word(word) => word == name,
        other => other.as_i64() == Some(i64::from(*number)),
    });
    known.map(|(name, _)| At { at, value: *name })
}
