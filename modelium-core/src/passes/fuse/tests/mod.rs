//! Each fusion before and after, and what comes near but is something else.

mod gelu;
mod norm;
mod rotary;
