//! The Triton deployer: what it renders.

mod lint;
mod model;
mod pbtxt;
mod publish;
mod render;
