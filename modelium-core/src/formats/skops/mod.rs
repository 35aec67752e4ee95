//! skops: scikit-learn objects as a zip archive of `schema.json`, a tree of nodes, and the arrays it names.
//!
//! Follows [skops.io](https://skops.readthedocs.io/en/stable/persistence.html), protocols 0 to 2. Each node names a
//! module, a class and the loader that builds it: most build an object without running anything, some reach for
//! functions, methods and constructors. skops asks its user which types to trust; whoever answers "all of them" runs
//! what the nodes say.
//!
//! # How a node is judged
//!
//! | loader | what it does | harmless |
//! |---|---|---|
//! | `ObjectNode`, `TypeNode`, `ReduceNode`, … | builds or names the class | classes of scikit-learn, numpy, scipy and the tree libraries; builtin containers |
//! | `FunctionNode` | reaches for a function | functions of the same libraries |
//! | `MethodNode` | takes a method of an object that it holds | if its own class is that object's (CVE-2025-54413) and the method is a public one |
//! | `OperatorFuncNode` | calls a member of `operator` | `itemgetter`, and `attrgetter` of plain names (CVE-2025-54412) |
//! | `ConstructorFromReduceNode` | calls the class | the same classes |
//! | one that skops does not have | | never |
//!
//! Names that act are malicious wherever they stand, other unknown ones suspicious. A pickle under another name inside,
//! or in place of the archive (CVE-2025-54886), is seen by its content.

mod analyze;
mod inspect;
mod schema;

use crate::descriptor::FormatId;

pub use analyze::SkopsAnalyzer;
pub use inspect::SkopsInspector;

/// skops.
pub const FORMAT: FormatId = FormatId::new("skops");
