//! Rules against what the package onnx infers, and by hand.
