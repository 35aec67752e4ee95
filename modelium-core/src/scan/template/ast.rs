//! A template as a list of expressions and what its statements do with them.
//!
//! Expressions lie in one list, parts before wholes, so that whoever folds them walks it once and never recurses.
//! Statements are events in the order of the text.

/// The place of an expression in [`Template::expressions`].
pub(super) type Id = usize;

/// A parsed template.
#[derive(Debug, Default)]
pub(super) struct Template {
    pub(super) expressions: Vec<Node>,
    pub(super) events: Vec<Event>,
}

/// An expression and the byte at which it starts.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) expression: Expression,
}

#[derive(Debug)]
pub(super) enum Expression {
    Name(String),
    String(String),
    /// None where it does not fit.
    Integer(Option<i64>),
    /// `true`, `none`, a float: nothing that a name could be made of.
    Constant,
    /// A tuple or a list.
    List(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    Attribute(Id, String),
    Item(Id, Id),
    Slice([Option<Id>; 3]),
    Call(Id, Arguments),
    /// A filter; its target is left out at the head of a `filter` block.
    Filter(Option<Id>, String, Arguments),
    /// A test, by its name.
    Test(String),
    Concat(Vec<Id>),
    Binary(&'static str, Id, Id),
    /// Comparisons in a row: what is compared with what.
    Compare(Id, Vec<(&'static str, Id)>),
    /// `and`, `or`: one of the two.
    Either(Id, Id),
    Not,
    Sign(&'static str, Id),
    /// `then if test else other`: the test is a part that stands elsewhere in the list.
    Condition(Id, Option<Id>),
    /// `namespace.attribute`, to which a value is given.
    Member(String, String),
}

#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) plain: Vec<Id>,
    pub(super) named: Vec<(String, Id)>,
    /// `*args` or `**kwargs`.
    pub(super) spread: Vec<Id>,
}

/// What a value is given to.
#[derive(Debug, Clone)]
pub(super) enum Target {
    Name(String),
    Several(Vec<Target>),
    Member(String, String),
}

/// What a statement does.
#[derive(Debug)]
pub(super) enum Event {
    Data(String),
    Output(Id),
    /// An expression is evaluated and tested.
    Test,
    Assign(Target, Id, usize),
    /// What is printed up to its end goes to a target.
    Capture,
    EndCapture(Target),
    For(Target, Id, usize),
    EndFor,
    /// A macro, or a caller: its parameters with their defaults.
    Macro(Option<String>, Vec<(String, Option<Id>)>),
    Block(String),
    /// `include`, `import`, `from`, `extends`, and the names that it binds.
    Include(&'static str, Id, Vec<String>, usize),
}
