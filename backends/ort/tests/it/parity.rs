//! Parity on real models.
