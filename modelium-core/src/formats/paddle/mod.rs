//! `PaddlePaddle`: a program, and its parameters in one stream beside it.
//!
//! | file | what it is |
//! |---|---|
//! | `.pdmodel`, `__model__` | a `ProgramDesc` in protobuf |
//! | `.json` | a program of the new representation, PIR, since version 3 |
//! | `.pdiparams`, `__params__` | tensors one after the other, in the order of their names |
//!
//! Follows [`framework.proto`](https://github.com/PaddlePaddle/Paddle/blob/develop/paddle/fluid/framework/framework.proto) and
//! the serialisers of version 3. A stream of parameters holds no names: those come from the program beside it.
//!
//! Operators are judged by an allowlist: all that the paddlepaddle package registers (`generated/operators.txt`), minus
//! those that act (`operators.rs`).

mod analyze;
mod inspect;
mod operators;
mod params;
mod program;

pub use analyze::PaddleAnalyzer;
pub use inspect::PaddleInspector;
pub use params::PaddleError;

use crate::descriptor::FormatId;

/// `PaddlePaddle`.
pub const FORMAT: FormatId = FormatId::new("paddle");
