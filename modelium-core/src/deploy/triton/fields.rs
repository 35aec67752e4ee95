//! What a `config.pbtxt` may hold: the messages, fields and enums of Triton's `ModelConfig`.
//!
//! The table itself is generated from the protocol's descriptor (`tests/generate/triton_fields.py`),
//! so that a field Triton adds is one run of a script. Names leave out the package `inference.`;
//! nested types keep their path, as in `ModelVersionPolicy.Latest`.

#[path = "generated/fields.rs"]
#[rustfmt::skip]
mod generated;

/// The message that a whole `config.pbtxt` is.
pub(super) const ROOT: &str = "ModelConfig";

/// One message: its fields in the order of the `.proto` file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MessageSpec {
    pub(super) name: &'static str,
    pub(super) fields: &'static [FieldSpec],
}

/// One field of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FieldSpec {
    pub(super) number: u32,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// May stand more than once, or hold a `[list]`. A map is repeated.
    pub(super) repeated: bool,
    /// The group of which a message may have one member only.
    pub(super) oneof: Option<&'static str>,
}

/// What a field holds. A name inside is a key for [`enumeration`] or [`message`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Int32,
    Int64,
    Uint32,
    Uint64,
    Float,
    Double,
    String,
    Enum(&'static str),
    Message(&'static str),
    /// Written as a repeated message whose two fields are `key` and `value`.
    Map(&'static str),
}

/// One enum: the names that may be written, with their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EnumSpec {
    pub(super) name: &'static str,
    pub(super) values: &'static [(&'static str, i32)],
}

/// The message of that name, `ModelConfig` or one that it can hold.
pub(super) fn message(name: &str) -> Option<&'static MessageSpec> {
    generated::MESSAGES.iter().find(|message| message.name == name)
}

/// The enum of that name.
pub(super) fn enumeration(name: &str) -> Option<&'static EnumSpec> {
    generated::ENUMS.iter().find(|spec| spec.name == name)
}

impl MessageSpec {
    pub(super) fn field(&self, name: &str) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl EnumSpec {
    pub(super) fn number(&self, name: &str) -> Option<i32> {
        self.values.iter().find(|(value, _)| *value == name).map(|(_, number)| *number)
    }
}

impl FieldSpec {
    const fn of(mut self, oneof: &'static str) -> Self {
        self.oneof = Some(oneof);
        self
    }
}

const fn one(number: u32, name: &'static str, kind: Kind) -> FieldSpec {
    FieldSpec { number, name, kind, repeated: false, oneof: None }
}

const fn many(number: u32, name: &'static str, kind: Kind) -> FieldSpec {
    FieldSpec { number, name, kind, repeated: true, oneof: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(message_name: &str, name: &str) -> FieldSpec {
        *message(message_name).and_then(|message| message.field(name)).expect("a field of the table")
    }

    #[test]
    fn finds_the_fields_of_a_config() {
        assert_eq!(field(ROOT, "max_batch_size"), one(4, "max_batch_size", Kind::Int32));
        assert_eq!(field(ROOT, "input"), many(5, "input", Kind::Message("ModelInput")));
        assert_eq!(field("ModelInput", "dims"), many(4, "dims", Kind::Int64));
        assert_eq!(message(ROOT).and_then(|root| root.field("max_batch")), None);
    }

    #[test]
    fn tells_which_fields_exclude_each_other() {
        assert_eq!(field(ROOT, "dynamic_batching").oneof, Some("scheduling_choice"));
        assert_eq!(field(ROOT, "ensemble_scheduling").oneof, Some("scheduling_choice"));
        assert_eq!(field("ModelVersionPolicy", "specific").oneof, Some("policy_choice"));
        assert_eq!(field(ROOT, "name").oneof, None);
    }

    #[test]
    fn knows_the_numbers_of_an_enum() {
        let types = enumeration("DataType").expect("a type of the table");
        assert_eq!(types.number("TYPE_FP32"), Some(11));
        assert_eq!(types.number("FP32"), None);
    }

    #[test]
    fn reads_a_map_as_a_repeated_message_of_key_and_value() {
        let parameters = field(ROOT, "parameters");
        assert!(parameters.repeated);
        assert_eq!(parameters.kind, Kind::Map("ModelConfig.ParametersEntry"));
        assert_eq!(field("ModelConfig.ParametersEntry", "value").kind, Kind::Message("ModelParameter"));
    }

    #[test]
    fn holds_every_type_that_a_field_names() {
        for field in generated::MESSAGES.iter().flat_map(|message| message.fields) {
            match field.kind {
                Kind::Enum(name) => assert!(enumeration(name).is_some(), "{name}"),
                Kind::Message(name) | Kind::Map(name) => assert!(message(name).is_some(), "{name}"),
                _ => {}
            }
        }
    }
}
