//! The Triton deployer: what it renders.

mod model;
mod render;
