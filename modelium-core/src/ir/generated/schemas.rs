// Written by tests/generate/onnx_schemas.py from the package onnx 1.23.2. Do not edit.

use crate::ir::generated::op_type::OpType;
use crate::ir::schema::DefaultValue::{self, Float, Int, Ints, Str, Strs};
use crate::ir::schema::{Arity, AttributeKind as Kind, AttributeSchema, Formal, OpSchema, TypeConstraint};

/// The newest opset of the default domain that the table describes.
pub(in crate::ir) const NEWEST_OPSET: u64 = 28;

/// The newest opset of each domain in the table.
pub(in crate::ir) static NEWEST: &[(&str, u64)] = &[("", 28), ("ai.onnx.ml", 5), ("ai.onnx.preview", 1), ("ai.onnx.preview.training", 1)];

const MANY: u16 = u16::MAX;

const fn single(name: &'static str, ty: &'static str) -> Formal {
    Formal { name, ty, arity: Arity::Single, homogeneous: true }
}

const fn maybe(name: &'static str, ty: &'static str) -> Formal {
    Formal { name, ty, arity: Arity::Optional, homogeneous: true }
}

const fn variadic(name: &'static str, ty: &'static str) -> Formal {
    Formal { name, ty, arity: Arity::Variadic, homogeneous: true }
}

const fn mixed(name: &'static str, ty: &'static str) -> Formal {
    Formal { name, ty, arity: Arity::Variadic, homogeneous: false }
}

const fn required(name: &'static str, kind: Kind) -> AttributeSchema {
    AttributeSchema { name, kind, required: true, default: None }
}

const fn optional(name: &'static str, kind: Kind) -> AttributeSchema {
    AttributeSchema { name, kind, required: false, default: None }
}

const fn default(name: &'static str, kind: Kind, value: DefaultValue) -> AttributeSchema {
    AttributeSchema { name, kind, required: false, default: Some(value) }
}

const ALLOWED_0: &[&str] = &["tensor(double)", "tensor(float)", "tensor(float16)"];
const ALLOWED_1: &[&str] = &[
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_2: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_3: &[&str] = &["tensor(bfloat16)", "tensor(double)", "tensor(float)", "tensor(float16)"];
const ALLOWED_4: &[&str] = &[
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(uint32)",
    "tensor(uint64)",
];
const ALLOWED_5: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(uint32)",
    "tensor(uint64)",
];
const ALLOWED_6: &[&str] = &["tensor(int64)"];
const ALLOWED_7: &[&str] = &["tensor(bool)"];
const ALLOWED_8: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_9: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_10: &[&str] = &["tensor(uint16)", "tensor(uint32)", "tensor(uint64)", "tensor(uint8)"];
const ALLOWED_11: &[&str] = &[
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_12: &[&str] = &["tensor(int32)", "tensor(int64)"];
const ALLOWED_13: &[&str] = &[
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_14: &[&str] = &[
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_15: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_16: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_17: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_18: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_19: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_20: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_21: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float6e2m3)",
    "tensor(float6e3m2)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_22: &[&str] = &["tensor(bfloat16)", "tensor(float)", "tensor(float16)"];
const ALLOWED_23: &[&str] = &["tensor(float)"];
const ALLOWED_24: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_25: &[&str] = &[
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_26: &[&str] = &[
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
];
const ALLOWED_27: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_28: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_29: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_30: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_31: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_32: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_33: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_34: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_35: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_36: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_37: &[&str] = &["tensor(int8)", "tensor(uint8)"];
const ALLOWED_38: &[&str] = &["tensor(int32)"];
const ALLOWED_39: &[&str] = &[
    "tensor(double)",
    "tensor(float)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(uint32)",
    "tensor(uint64)",
];
const ALLOWED_40: &[&str] = &["tensor(int32)", "tensor(int8)", "tensor(uint8)"];
const ALLOWED_41: &[&str] = &[
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int32)",
    "tensor(int8)",
    "tensor(uint8)",
];
const ALLOWED_42: &[&str] = &[
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint4)",
    "tensor(uint8)",
];
const ALLOWED_43: &[&str] = &[
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint4)",
    "tensor(uint8)",
];
const ALLOWED_44: &[&str] = &["tensor(bfloat16)", "tensor(float)", "tensor(float16)", "tensor(float8e8m0)"];
const ALLOWED_45: &[&str] = &[
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint4)",
    "tensor(uint8)",
];
const ALLOWED_46: &[&str] = &[
    "tensor(float4e2m1)",
    "tensor(float6e2m3)",
    "tensor(float6e3m2)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint4)",
    "tensor(uint8)",
];
const ALLOWED_47: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
];
const ALLOWED_48: &[&str] = &["tensor(uint8)"];
const ALLOWED_49: &[&str] = &["tensor(bool)", "tensor(int32)", "tensor(int64)"];
const ALLOWED_50: &[&str] = &[
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_51: &[&str] = &[
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_52: &[&str] = &[
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_53: &[&str] = &[
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_54: &[&str] = &[
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_55: &[&str] = &[
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_56: &[&str] = &[
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_57: &[&str] = &[
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_58: &[&str] = &[
    "optional(seq(tensor(bfloat16)))",
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bfloat16))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bfloat16))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_59: &[&str] = &[
    "optional(seq(tensor(bfloat16)))",
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bfloat16))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(float8e4m3fn))",
    "optional(tensor(float8e4m3fnuz))",
    "optional(tensor(float8e5m2))",
    "optional(tensor(float8e5m2fnuz))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bfloat16))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(float8e4m3fn))",
    "seq(tensor(float8e4m3fnuz))",
    "seq(tensor(float8e5m2))",
    "seq(tensor(float8e5m2fnuz))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_60: &[&str] = &[
    "optional(seq(tensor(bfloat16)))",
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bfloat16))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(float8e4m3fn))",
    "optional(tensor(float8e4m3fnuz))",
    "optional(tensor(float8e5m2))",
    "optional(tensor(float8e5m2fnuz))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int4))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint4))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bfloat16))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(float8e4m3fn))",
    "seq(tensor(float8e4m3fnuz))",
    "seq(tensor(float8e5m2))",
    "seq(tensor(float8e5m2fnuz))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int4))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint4))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_61: &[&str] = &[
    "optional(seq(tensor(bfloat16)))",
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bfloat16))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(float4e2m1))",
    "optional(tensor(float8e4m3fn))",
    "optional(tensor(float8e4m3fnuz))",
    "optional(tensor(float8e5m2))",
    "optional(tensor(float8e5m2fnuz))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int4))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint4))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bfloat16))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(float4e2m1))",
    "seq(tensor(float8e4m3fn))",
    "seq(tensor(float8e4m3fnuz))",
    "seq(tensor(float8e5m2))",
    "seq(tensor(float8e5m2fnuz))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int4))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint4))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_62: &[&str] = &[
    "optional(seq(tensor(bfloat16)))",
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bfloat16))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(float4e2m1))",
    "optional(tensor(float8e4m3fn))",
    "optional(tensor(float8e4m3fnuz))",
    "optional(tensor(float8e5m2))",
    "optional(tensor(float8e5m2fnuz))",
    "optional(tensor(float8e8m0))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int4))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint4))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bfloat16))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(float4e2m1))",
    "seq(tensor(float8e4m3fn))",
    "seq(tensor(float8e4m3fnuz))",
    "seq(tensor(float8e5m2))",
    "seq(tensor(float8e5m2fnuz))",
    "seq(tensor(float8e8m0))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int4))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint4))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_63: &[&str] = &[
    "optional(seq(tensor(bfloat16)))",
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bfloat16))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(float4e2m1))",
    "optional(tensor(float8e4m3fn))",
    "optional(tensor(float8e4m3fnuz))",
    "optional(tensor(float8e5m2))",
    "optional(tensor(float8e5m2fnuz))",
    "optional(tensor(float8e8m0))",
    "optional(tensor(int16))",
    "optional(tensor(int2))",
    "optional(tensor(int32))",
    "optional(tensor(int4))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint2))",
    "optional(tensor(uint32))",
    "optional(tensor(uint4))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bfloat16))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(float4e2m1))",
    "seq(tensor(float8e4m3fn))",
    "seq(tensor(float8e4m3fnuz))",
    "seq(tensor(float8e5m2))",
    "seq(tensor(float8e5m2fnuz))",
    "seq(tensor(float8e8m0))",
    "seq(tensor(int16))",
    "seq(tensor(int2))",
    "seq(tensor(int32))",
    "seq(tensor(int4))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint2))",
    "seq(tensor(uint32))",
    "seq(tensor(uint4))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_64: &[&str] = &["tensor(double)", "tensor(float)"];
const ALLOWED_65: &[&str] = &["tensor(bfloat16)", "tensor(float)"];
const ALLOWED_66: &[&str] = &[
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int8)",
    "tensor(uint8)",
];
const ALLOWED_67: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int8)",
    "tensor(uint8)",
];
const ALLOWED_68: &[&str] = &[
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
];
const ALLOWED_69: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
];
const ALLOWED_70: &[&str] = &[
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
];
const ALLOWED_71: &[&str] = &[
    "optional(seq(tensor(bfloat16)))",
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(float4e2m1)))",
    "optional(seq(tensor(float6e2m3)))",
    "optional(seq(tensor(float6e3m2)))",
    "optional(seq(tensor(float8e4m3fn)))",
    "optional(seq(tensor(float8e4m3fnuz)))",
    "optional(seq(tensor(float8e5m2)))",
    "optional(seq(tensor(float8e5m2fnuz)))",
    "optional(seq(tensor(float8e8m0)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int2)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int4)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint2)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint4)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bfloat16))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(float4e2m1))",
    "optional(tensor(float6e2m3))",
    "optional(tensor(float6e3m2))",
    "optional(tensor(float8e4m3fn))",
    "optional(tensor(float8e4m3fnuz))",
    "optional(tensor(float8e5m2))",
    "optional(tensor(float8e5m2fnuz))",
    "optional(tensor(float8e8m0))",
    "optional(tensor(int16))",
    "optional(tensor(int2))",
    "optional(tensor(int32))",
    "optional(tensor(int4))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint2))",
    "optional(tensor(uint32))",
    "optional(tensor(uint4))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
];
const ALLOWED_72: &[&str] = &[
    "seq(tensor(bfloat16))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(float4e2m1))",
    "seq(tensor(float6e2m3))",
    "seq(tensor(float6e3m2))",
    "seq(tensor(float8e4m3fn))",
    "seq(tensor(float8e4m3fnuz))",
    "seq(tensor(float8e5m2))",
    "seq(tensor(float8e5m2fnuz))",
    "seq(tensor(float8e8m0))",
    "seq(tensor(int16))",
    "seq(tensor(int2))",
    "seq(tensor(int32))",
    "seq(tensor(int4))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint2))",
    "seq(tensor(uint32))",
    "seq(tensor(uint4))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float6e2m3)",
    "tensor(float6e3m2)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_73: &[&str] = &[
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(int16))",
    "optional(tensor(int32))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint32))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_74: &[&str] = &[
    "optional(seq(tensor(bfloat16)))",
    "optional(seq(tensor(bool)))",
    "optional(seq(tensor(complex128)))",
    "optional(seq(tensor(complex64)))",
    "optional(seq(tensor(double)))",
    "optional(seq(tensor(float)))",
    "optional(seq(tensor(float16)))",
    "optional(seq(tensor(float4e2m1)))",
    "optional(seq(tensor(float6e2m3)))",
    "optional(seq(tensor(float6e3m2)))",
    "optional(seq(tensor(float8e4m3fn)))",
    "optional(seq(tensor(float8e4m3fnuz)))",
    "optional(seq(tensor(float8e5m2)))",
    "optional(seq(tensor(float8e5m2fnuz)))",
    "optional(seq(tensor(float8e8m0)))",
    "optional(seq(tensor(int16)))",
    "optional(seq(tensor(int2)))",
    "optional(seq(tensor(int32)))",
    "optional(seq(tensor(int4)))",
    "optional(seq(tensor(int64)))",
    "optional(seq(tensor(int8)))",
    "optional(seq(tensor(string)))",
    "optional(seq(tensor(uint16)))",
    "optional(seq(tensor(uint2)))",
    "optional(seq(tensor(uint32)))",
    "optional(seq(tensor(uint4)))",
    "optional(seq(tensor(uint64)))",
    "optional(seq(tensor(uint8)))",
    "optional(tensor(bfloat16))",
    "optional(tensor(bool))",
    "optional(tensor(complex128))",
    "optional(tensor(complex64))",
    "optional(tensor(double))",
    "optional(tensor(float))",
    "optional(tensor(float16))",
    "optional(tensor(float4e2m1))",
    "optional(tensor(float6e2m3))",
    "optional(tensor(float6e3m2))",
    "optional(tensor(float8e4m3fn))",
    "optional(tensor(float8e4m3fnuz))",
    "optional(tensor(float8e5m2))",
    "optional(tensor(float8e5m2fnuz))",
    "optional(tensor(float8e8m0))",
    "optional(tensor(int16))",
    "optional(tensor(int2))",
    "optional(tensor(int32))",
    "optional(tensor(int4))",
    "optional(tensor(int64))",
    "optional(tensor(int8))",
    "optional(tensor(string))",
    "optional(tensor(uint16))",
    "optional(tensor(uint2))",
    "optional(tensor(uint32))",
    "optional(tensor(uint4))",
    "optional(tensor(uint64))",
    "optional(tensor(uint8))",
    "seq(tensor(bfloat16))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(float4e2m1))",
    "seq(tensor(float6e2m3))",
    "seq(tensor(float6e3m2))",
    "seq(tensor(float8e4m3fn))",
    "seq(tensor(float8e4m3fnuz))",
    "seq(tensor(float8e5m2))",
    "seq(tensor(float8e5m2fnuz))",
    "seq(tensor(float8e8m0))",
    "seq(tensor(int16))",
    "seq(tensor(int2))",
    "seq(tensor(int32))",
    "seq(tensor(int4))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint2))",
    "seq(tensor(uint32))",
    "seq(tensor(uint4))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(complex128)",
    "tensor(complex64)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float4e2m1)",
    "tensor(float6e2m3)",
    "tensor(float6e3m2)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(float8e8m0)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int32)",
    "tensor(int4)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(string)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint32)",
    "tensor(uint4)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_75: &[&str] = &[
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int32)",
    "tensor(int64)",
];
const ALLOWED_76: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int32)",
    "tensor(int64)",
];
const ALLOWED_77: &[&str] = &[
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int8)",
    "tensor(uint8)",
];
const ALLOWED_78: &[&str] = &["tensor(float)", "tensor(int32)"];
const ALLOWED_79: &[&str] = &["tensor(bfloat16)", "tensor(float)", "tensor(float16)", "tensor(int32)"];
const ALLOWED_80: &[&str] = &[
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int4)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint4)",
    "tensor(uint8)",
];
const ALLOWED_81: &[&str] = &[
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int4)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint4)",
    "tensor(uint8)",
];
const ALLOWED_82: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(float8e8m0)",
    "tensor(int32)",
];
const ALLOWED_83: &[&str] = &[
    "tensor(float4e2m1)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int4)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint4)",
    "tensor(uint8)",
];
const ALLOWED_84: &[&str] = &[
    "tensor(float4e2m1)",
    "tensor(float6e2m3)",
    "tensor(float6e3m2)",
    "tensor(float8e4m3fn)",
    "tensor(float8e4m3fnuz)",
    "tensor(float8e5m2)",
    "tensor(float8e5m2fnuz)",
    "tensor(int16)",
    "tensor(int2)",
    "tensor(int4)",
    "tensor(int8)",
    "tensor(uint16)",
    "tensor(uint2)",
    "tensor(uint4)",
    "tensor(uint8)",
];
const ALLOWED_85: &[&str] = &[
    "tensor(double)",
    "tensor(float)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
];
const ALLOWED_86: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
];
const ALLOWED_87: &[&str] = &[
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_88: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_89: &[&str] = &[
    "tensor(bfloat16)",
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(int8)",
    "tensor(uint32)",
    "tensor(uint64)",
    "tensor(uint8)",
];
const ALLOWED_90: &[&str] = &["tensor(string)"];
const ALLOWED_91: &[&str] = &[
    "seq(tensor(bfloat16))",
    "seq(tensor(bool))",
    "seq(tensor(complex128))",
    "seq(tensor(complex64))",
    "seq(tensor(double))",
    "seq(tensor(float))",
    "seq(tensor(float16))",
    "seq(tensor(int16))",
    "seq(tensor(int32))",
    "seq(tensor(int64))",
    "seq(tensor(int8))",
    "seq(tensor(string))",
    "seq(tensor(uint16))",
    "seq(tensor(uint32))",
    "seq(tensor(uint64))",
    "seq(tensor(uint8))",
];
const ALLOWED_92: &[&str] = &["tensor(int32)", "tensor(int64)", "tensor(string)"];
const ALLOWED_93: &[&str] = &[
    "tensor(bool)",
    "tensor(double)",
    "tensor(float)",
    "tensor(float16)",
    "tensor(int32)",
    "tensor(int64)",
];
const ALLOWED_94: &[&str] = &[
    "tensor(double)",
    "tensor(float)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(string)",
];
const ALLOWED_95: &[&str] = &["tensor(double)", "tensor(float)", "tensor(int32)", "tensor(int64)"];
const ALLOWED_96: &[&str] = &["map(int64, float)", "map(int64, string)"];
const ALLOWED_97: &[&str] = &["tensor(float)", "tensor(int64)", "tensor(string)"];
const ALLOWED_98: &[&str] = &["tensor(int64)", "tensor(string)"];
const ALLOWED_99: &[&str] = &[
    "map(int64, double)",
    "map(int64, float)",
    "map(int64, string)",
    "map(string, double)",
    "map(string, float)",
    "map(string, int64)",
];
const ALLOWED_100: &[&str] = &["tensor(double)", "tensor(float)", "tensor(int64)", "tensor(string)"];
const ALLOWED_101: &[&str] = &[
    "tensor(double)",
    "tensor(float)",
    "tensor(int16)",
    "tensor(int32)",
    "tensor(int64)",
    "tensor(string)",
];
const ALLOWED_102: &[&str] = &["seq(map(int64, float))", "seq(map(string, float))"];

const ABS_1_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_0 }];
const ABS_6_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_1 }];
const ABS_13_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_2 }];
const ACOS_22_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_3 }];
const ADD_6_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_4 }];
const ADD_13_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_5 }];
const AFFINEGRID_20_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_3 },
    TypeConstraint { name: "T2", allowed: ALLOWED_6 },
];
const AND_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_7 },
    TypeConstraint { name: "T1", allowed: ALLOWED_7 },
];
const ATTENTION_23_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_3 },
    TypeConstraint { name: "T2", allowed: ALLOWED_3 },
    TypeConstraint { name: "U", allowed: ALLOWED_8 },
];
const BATCHNORMALIZATION_14_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_3 },
    TypeConstraint { name: "U", allowed: ALLOWED_3 },
];
const BATCHNORMALIZATION_15_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_3 },
    TypeConstraint { name: "T1", allowed: ALLOWED_3 },
    TypeConstraint { name: "T2", allowed: ALLOWED_3 },
];
const BERNOULLI_15_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_0 },
    TypeConstraint { name: "T2", allowed: ALLOWED_8 },
];
const BERNOULLI_22_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_3 },
    TypeConstraint { name: "T2", allowed: ALLOWED_8 },
];
const BITCAST_26_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_9 },
    TypeConstraint { name: "T2", allowed: ALLOWED_9 },
];
const BITSHIFT_11_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_10 }];
const BITSHIFT_28_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_11 }];
const BLACKMANWINDOW_17_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_12 },
    TypeConstraint { name: "T2", allowed: ALLOWED_2 },
];
const CAST_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_13 },
    TypeConstraint { name: "T2", allowed: ALLOWED_13 },
];
const CAST_9_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_14 },
    TypeConstraint { name: "T2", allowed: ALLOWED_14 },
];
const CAST_13_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_15 },
    TypeConstraint { name: "T2", allowed: ALLOWED_15 },
];
const CAST_19_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_16 },
    TypeConstraint { name: "T2", allowed: ALLOWED_16 },
];
const CAST_21_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_17 },
    TypeConstraint { name: "T2", allowed: ALLOWED_17 },
];
const CAST_23_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_18 },
    TypeConstraint { name: "T2", allowed: ALLOWED_18 },
];
const CAST_24_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_19 },
    TypeConstraint { name: "T2", allowed: ALLOWED_19 },
];
const CAST_25_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_20 },
    TypeConstraint { name: "T2", allowed: ALLOWED_20 },
];
const CAST_28_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_21 },
    TypeConstraint { name: "T2", allowed: ALLOWED_21 },
];
const CAUSALCONVWITHSTATE_27_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_22 }];
const CELU_12_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_23 }];
const CENTERCROPPAD_18_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_24 },
    TypeConstraint { name: "Tind", allowed: ALLOWED_12 },
];
const COL2IM_18_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_24 }];
const COMPRESS_9_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_25 },
    TypeConstraint { name: "T1", allowed: ALLOWED_7 },
];
const COMPRESS_28_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_24 },
    TypeConstraint { name: "T1", allowed: ALLOWED_7 },
];
const CONCAT_4_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_25 }];
const CONCATFROMSEQUENCE_11_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "S", allowed: ALLOWED_26 },
    TypeConstraint { name: "T", allowed: ALLOWED_25 },
];
const CONSTANT_19_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_27 }];
const CONSTANT_21_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_28 }];
const CONSTANT_23_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_29 }];
const CONSTANT_24_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_30 }];
const CONSTANT_25_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_31 }];
const CONSTANTOFSHAPE_9_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
    TypeConstraint { name: "T2", allowed: ALLOWED_13 },
];
const CONSTANTOFSHAPE_20_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
    TypeConstraint { name: "T2", allowed: ALLOWED_32 },
];
const CONSTANTOFSHAPE_21_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
    TypeConstraint { name: "T2", allowed: ALLOWED_33 },
];
const CONSTANTOFSHAPE_23_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
    TypeConstraint { name: "T2", allowed: ALLOWED_34 },
];
const CONSTANTOFSHAPE_24_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
    TypeConstraint { name: "T2", allowed: ALLOWED_35 },
];
const CONSTANTOFSHAPE_25_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
    TypeConstraint { name: "T2", allowed: ALLOWED_36 },
];
const CONVINTEGER_10_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_37 },
    TypeConstraint { name: "T2", allowed: ALLOWED_37 },
    TypeConstraint { name: "T3", allowed: ALLOWED_38 },
];
const CUMPROD_26_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_5 },
    TypeConstraint { name: "T2", allowed: ALLOWED_12 },
];
const CUMSUM_11_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_39 },
    TypeConstraint { name: "T2", allowed: ALLOWED_12 },
];
const DFT_17_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_3 },
    TypeConstraint { name: "T2", allowed: ALLOWED_12 },
];
const DEQUANTIZELINEAR_10_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_40 }];
const DEQUANTIZELINEAR_19_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_41 },
    TypeConstraint { name: "T2", allowed: ALLOWED_22 },
];
const DEQUANTIZELINEAR_21_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_42 },
    TypeConstraint { name: "T2", allowed: ALLOWED_22 },
];
const DEQUANTIZELINEAR_23_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_43 },
    TypeConstraint { name: "T2", allowed: ALLOWED_22 },
    TypeConstraint { name: "T3", allowed: ALLOWED_22 },
];
const DEQUANTIZELINEAR_24_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_43 },
    TypeConstraint { name: "T2", allowed: ALLOWED_44 },
    TypeConstraint { name: "T3", allowed: ALLOWED_22 },
];
const DEQUANTIZELINEAR_25_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_45 },
    TypeConstraint { name: "T2", allowed: ALLOWED_44 },
    TypeConstraint { name: "T3", allowed: ALLOWED_22 },
];
const DEQUANTIZELINEAR_28_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_46 },
    TypeConstraint { name: "T2", allowed: ALLOWED_44 },
    TypeConstraint { name: "T3", allowed: ALLOWED_22 },
];
const DROPOUT_10_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_0 },
    TypeConstraint { name: "T1", allowed: ALLOWED_7 },
];
const DROPOUT_12_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_0 },
    TypeConstraint { name: "T1", allowed: ALLOWED_0 },
    TypeConstraint { name: "T2", allowed: ALLOWED_7 },
];
const DROPOUT_13_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_3 },
    TypeConstraint { name: "T1", allowed: ALLOWED_0 },
    TypeConstraint { name: "T2", allowed: ALLOWED_7 },
];
const DROPOUT_22_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_47 },
    TypeConstraint { name: "T1", allowed: ALLOWED_47 },
    TypeConstraint { name: "T2", allowed: ALLOWED_7 },
];
const DYNAMICQUANTIZELINEAR_11_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_23 },
    TypeConstraint { name: "T2", allowed: ALLOWED_48 },
];
const EQUAL_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_49 },
    TypeConstraint { name: "T1", allowed: ALLOWED_7 },
];
const EQUAL_11_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_13 },
    TypeConstraint { name: "T1", allowed: ALLOWED_7 },
];
const EQUAL_13_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_8 },
    TypeConstraint { name: "T1", allowed: ALLOWED_7 },
];
const EQUAL_19_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_15 },
    TypeConstraint { name: "T1", allowed: ALLOWED_7 },
];
const EYELIKE_22_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_8 },
    TypeConstraint { name: "T2", allowed: ALLOWED_8 },
];
const GRU_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_0 },
    TypeConstraint { name: "T1", allowed: ALLOWED_38 },
];
const GRU_22_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_3 },
    TypeConstraint { name: "T1", allowed: ALLOWED_38 },
];
const GATHER_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_25 },
    TypeConstraint { name: "Tind", allowed: ALLOWED_12 },
];
const GREATER_9_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_1 },
    TypeConstraint { name: "T1", allowed: ALLOWED_7 },
];
const GREATER_13_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_2 },
    TypeConstraint { name: "T1", allowed: ALLOWED_7 },
];
const GRIDSAMPLE_16_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_25 },
    TypeConstraint { name: "T2", allowed: ALLOWED_0 },
];
const GRIDSAMPLE_22_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_24 },
    TypeConstraint { name: "T2", allowed: ALLOWED_3 },
];
const IDENTITY_14_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_50 }];
const IDENTITY_16_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_51 }];
const IDENTITY_19_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_52 }];
const IDENTITY_21_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_53 }];
const IDENTITY_23_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_54 }];
const IDENTITY_24_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_55 }];
const IDENTITY_25_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_56 }];
const IF_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "V", allowed: ALLOWED_25 },
];
const IF_13_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "V", allowed: ALLOWED_57 },
];
const IF_16_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "V", allowed: ALLOWED_58 },
];
const IF_19_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "V", allowed: ALLOWED_59 },
];
const IF_21_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "V", allowed: ALLOWED_60 },
];
const IF_23_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "V", allowed: ALLOWED_61 },
];
const IF_24_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "V", allowed: ALLOWED_62 },
];
const IF_25_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "V", allowed: ALLOWED_63 },
];
const IMAGEDECODER_20_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_48 },
    TypeConstraint { name: "T2", allowed: ALLOWED_48 },
];
const ISINF_10_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_64 },
    TypeConstraint { name: "T2", allowed: ALLOWED_7 },
];
const ISINF_20_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_47 },
    TypeConstraint { name: "T2", allowed: ALLOWED_7 },
];
const ISNAN_9_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_0 },
    TypeConstraint { name: "T2", allowed: ALLOWED_7 },
];
const ISNAN_13_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_3 },
    TypeConstraint { name: "T2", allowed: ALLOWED_7 },
];
const LAYERNORMALIZATION_17_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_3 },
    TypeConstraint { name: "U", allowed: ALLOWED_65 },
];
const LINEARATTENTION_27_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "S", allowed: ALLOWED_22 },
    TypeConstraint { name: "T", allowed: ALLOWED_22 },
];
const LOOP_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "V", allowed: ALLOWED_25 },
];
const LOOP_13_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "V", allowed: ALLOWED_57 },
];
const LOOP_16_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "V", allowed: ALLOWED_58 },
];
const LOOP_19_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "V", allowed: ALLOWED_59 },
];
const LOOP_21_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "V", allowed: ALLOWED_60 },
];
const LOOP_23_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "V", allowed: ALLOWED_61 },
];
const LOOP_24_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "V", allowed: ALLOWED_62 },
];
const LOOP_25_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "V", allowed: ALLOWED_63 },
];
const MAXPOOL_8_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "T", allowed: ALLOWED_0 },
];
const MAXPOOL_12_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "T", allowed: ALLOWED_66 },
];
const MAXPOOL_22_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "T", allowed: ALLOWED_67 },
];
const MAXUNPOOL_9_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_0 },
    TypeConstraint { name: "T2", allowed: ALLOWED_6 },
];
const MELWEIGHTMATRIX_17_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_12 },
    TypeConstraint { name: "T2", allowed: ALLOWED_3 },
    TypeConstraint { name: "T3", allowed: ALLOWED_2 },
];
const MULTINOMIAL_7_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_0 },
    TypeConstraint { name: "T2", allowed: ALLOWED_12 },
];
const NEG_6_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_68 }];
const NEG_13_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_69 }];
const NEGATIVELOGLIKELIHOODLOSS_12_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_0 },
    TypeConstraint { name: "Tind", allowed: ALLOWED_12 },
];
const NEGATIVELOGLIKELIHOODLOSS_22_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_3 },
    TypeConstraint { name: "Tind", allowed: ALLOWED_12 },
];
const NOT_1_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_7 }];
const ONEHOT_9_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_1 },
    TypeConstraint { name: "T2", allowed: ALLOWED_1 },
    TypeConstraint { name: "T3", allowed: ALLOWED_25 },
];
const ONEHOT_28_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_1 },
    TypeConstraint { name: "T2", allowed: ALLOWED_1 },
    TypeConstraint { name: "T3", allowed: ALLOWED_24 },
];
const OPTIONAL_15_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "O", allowed: ALLOWED_70 },
    TypeConstraint { name: "V", allowed: ALLOWED_57 },
];
const OPTIONAL_28_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "O", allowed: ALLOWED_71 },
    TypeConstraint { name: "V", allowed: ALLOWED_72 },
];
const OPTIONALGETELEMENT_18_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "O", allowed: ALLOWED_73 },
    TypeConstraint { name: "V", allowed: ALLOWED_57 },
];
const OPTIONALGETELEMENT_28_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "O", allowed: ALLOWED_74 },
    TypeConstraint { name: "V", allowed: ALLOWED_72 },
];
const OPTIONALHASELEMENT_15_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "O", allowed: ALLOWED_70 },
];
const OPTIONALHASELEMENT_18_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "O", allowed: ALLOWED_73 },
];
const OPTIONALHASELEMENT_28_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "O", allowed: ALLOWED_74 },
];
const PAD_21_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_28 },
    TypeConstraint { name: "Tind", allowed: ALLOWED_12 },
];
const PAD_23_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_29 },
    TypeConstraint { name: "Tind", allowed: ALLOWED_12 },
];
const PAD_24_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_30 },
    TypeConstraint { name: "Tind", allowed: ALLOWED_12 },
];
const PAD_25_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_31 },
    TypeConstraint { name: "Tind", allowed: ALLOWED_12 },
];
const POW_12_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_75 },
    TypeConstraint { name: "T1", allowed: ALLOWED_1 },
];
const POW_13_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_76 },
    TypeConstraint { name: "T1", allowed: ALLOWED_1 },
];
const POW_15_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_76 },
    TypeConstraint { name: "T1", allowed: ALLOWED_2 },
];
const QLINEARCONV_10_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_37 },
    TypeConstraint { name: "T2", allowed: ALLOWED_37 },
    TypeConstraint { name: "T3", allowed: ALLOWED_37 },
    TypeConstraint { name: "T4", allowed: ALLOWED_38 },
];
const QLINEARMATMUL_10_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_37 },
    TypeConstraint { name: "T2", allowed: ALLOWED_37 },
    TypeConstraint { name: "T3", allowed: ALLOWED_37 },
];
const QLINEARMATMUL_21_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_77 },
    TypeConstraint { name: "T2", allowed: ALLOWED_77 },
    TypeConstraint { name: "T3", allowed: ALLOWED_77 },
    TypeConstraint { name: "TS", allowed: ALLOWED_22 },
];
const QUANTIZELINEAR_10_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_78 },
    TypeConstraint { name: "T2", allowed: ALLOWED_37 },
];
const QUANTIZELINEAR_19_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_79 },
    TypeConstraint { name: "T2", allowed: ALLOWED_77 },
];
const QUANTIZELINEAR_21_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_79 },
    TypeConstraint { name: "T2", allowed: ALLOWED_80 },
];
const QUANTIZELINEAR_23_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_79 },
    TypeConstraint { name: "T2", allowed: ALLOWED_79 },
    TypeConstraint { name: "T3", allowed: ALLOWED_81 },
];
const QUANTIZELINEAR_24_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_79 },
    TypeConstraint { name: "T2", allowed: ALLOWED_82 },
    TypeConstraint { name: "T3", allowed: ALLOWED_81 },
];
const QUANTIZELINEAR_25_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_79 },
    TypeConstraint { name: "T2", allowed: ALLOWED_82 },
    TypeConstraint { name: "T3", allowed: ALLOWED_83 },
];
const QUANTIZELINEAR_28_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_79 },
    TypeConstraint { name: "T2", allowed: ALLOWED_82 },
    TypeConstraint { name: "T3", allowed: ALLOWED_84 },
];
const RMSNORMALIZATION_23_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_3 },
    TypeConstraint { name: "V", allowed: ALLOWED_3 },
];
const RANGE_11_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_85 }];
const RANGE_27_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_86 }];
const REDUCEMAX_12_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_87 }];
const REDUCEMAX_13_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_88 }];
const REDUCEMAX_20_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_89 }];
const REGEXFULLMATCH_20_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_90 },
    TypeConstraint { name: "T2", allowed: ALLOWED_7 },
];
const RESIZE_13_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_24 },
    TypeConstraint { name: "T2", allowed: ALLOWED_0 },
];
const ROTARYEMBEDDING_23_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "M", allowed: ALLOWED_6 },
    TypeConstraint { name: "T", allowed: ALLOWED_22 },
];
const SCAN_8_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "V", allowed: ALLOWED_25 },
];
const SCAN_9_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_25 }];
const SCAN_16_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_24 }];
const SCAN_19_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_27 }];
const SCAN_21_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_28 }];
const SCAN_23_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_29 }];
const SCAN_24_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_30 }];
const SCAN_25_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "V", allowed: ALLOWED_31 }];
const SEQUENCEAT_11_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "I", allowed: ALLOWED_12 },
    TypeConstraint { name: "S", allowed: ALLOWED_26 },
    TypeConstraint { name: "T", allowed: ALLOWED_25 },
];
const SEQUENCEEMPTY_11_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "S", allowed: ALLOWED_26 }];
const SEQUENCEERASE_11_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "I", allowed: ALLOWED_12 },
    TypeConstraint { name: "S", allowed: ALLOWED_26 },
];
const SEQUENCELENGTH_11_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "S", allowed: ALLOWED_26 },
];
const SEQUENCEMAP_17_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "S", allowed: ALLOWED_26 },
    TypeConstraint { name: "V", allowed: ALLOWED_57 },
];
const SHAPE_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_25 },
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
];
const SHAPE_13_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_24 },
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
];
const SHAPE_19_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_27 },
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
];
const SHAPE_21_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_28 },
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
];
const SHAPE_23_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_29 },
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
];
const SHAPE_24_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_30 },
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
];
const SHAPE_25_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_31 },
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
];
const SPLITTOSEQUENCE_24_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "I", allowed: ALLOWED_12 },
    TypeConstraint { name: "S", allowed: ALLOWED_91 },
    TypeConstraint { name: "T", allowed: ALLOWED_24 },
];
const STRINGCONCAT_20_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_90 }];
const STRINGSPLIT_20_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_90 },
    TypeConstraint { name: "T2", allowed: ALLOWED_90 },
    TypeConstraint { name: "T3", allowed: ALLOWED_6 },
];
const TFIDFVECTORIZER_9_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_92 },
    TypeConstraint { name: "T1", allowed: ALLOWED_23 },
];
const TILE_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T", allowed: ALLOWED_0 },
    TypeConstraint { name: "T1", allowed: ALLOWED_6 },
];
const TOPK_11_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "T", allowed: ALLOWED_1 },
];
const TOPK_24_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "I", allowed: ALLOWED_6 },
    TypeConstraint { name: "T", allowed: ALLOWED_2 },
];
const UPSAMPLE_1_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_93 }];
const WHERE_9_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "T", allowed: ALLOWED_25 },
];
const WHERE_16_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "B", allowed: ALLOWED_7 },
    TypeConstraint { name: "T", allowed: ALLOWED_24 },
];
const ARRAYFEATUREEXTRACTOR_1_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_94 }];
const BINARIZER_1_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_95 }];
const CASTMAP_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_96 },
    TypeConstraint { name: "T2", allowed: ALLOWED_97 },
];
const CATEGORYMAPPER_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_98 },
    TypeConstraint { name: "T2", allowed: ALLOWED_98 },
];
const DICTVECTORIZER_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_99 },
    TypeConstraint { name: "T2", allowed: ALLOWED_100 },
];
const FEATUREVECTORIZER_1_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T1", allowed: ALLOWED_95 }];
const LABELENCODER_2_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_97 },
    TypeConstraint { name: "T2", allowed: ALLOWED_97 },
];
const LABELENCODER_4_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_101 },
    TypeConstraint { name: "T2", allowed: ALLOWED_101 },
];
const LINEARCLASSIFIER_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_95 },
    TypeConstraint { name: "T2", allowed: ALLOWED_98 },
];
const ZIPMAP_1_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T", allowed: ALLOWED_102 }];
const FLEXATTENTION_1_TYPES: &[TypeConstraint] = &[TypeConstraint { name: "T1", allowed: ALLOWED_3 }];
const ADAGRAD_1_TYPES: &[TypeConstraint] = &[
    TypeConstraint { name: "T1", allowed: ALLOWED_64 },
    TypeConstraint { name: "T2", allowed: ALLOWED_6 },
    TypeConstraint { name: "T3", allowed: ALLOWED_64 },
];

const ABS_1_IN: &[Formal] = &[single("X", "T")];
const ABS_1_OUT: &[Formal] = &[single("Y", "T")];
const ACOS_7_IN: &[Formal] = &[single("input", "T")];
const ACOS_7_OUT: &[Formal] = &[single("output", "T")];
const ADD_1_IN: &[Formal] = &[single("A", "T"), single("B", "T")];
const ADD_1_OUT: &[Formal] = &[single("C", "T")];
const AFFINEGRID_20_IN: &[Formal] = &[single("theta", "T1"), single("size", "T2")];
const AFFINEGRID_20_OUT: &[Formal] = &[single("grid", "T1")];
const AND_1_OUT: &[Formal] = &[single("C", "T1")];
const ARGMAX_1_IN: &[Formal] = &[single("data", "T")];
const ARGMAX_1_OUT: &[Formal] = &[single("reduced", "tensor(int64)")];
const ATTENTION_23_IN: &[Formal] = &[
    single("Q", "T1"),
    single("K", "T1"),
    single("V", "T2"),
    maybe("attn_mask", "U"),
    maybe("past_key", "T1"),
    maybe("past_value", "T2"),
];
const ATTENTION_23_OUT: &[Formal] = &[
    single("Y", "T1"),
    maybe("present_key", "T1"),
    maybe("present_value", "T2"),
    maybe("qk_matmul_output", "T1"),
];
const ATTENTION_24_IN: &[Formal] = &[
    single("Q", "T1"),
    single("K", "T1"),
    single("V", "T2"),
    maybe("attn_mask", "U"),
    maybe("past_key", "T1"),
    maybe("past_value", "T2"),
    maybe("nonpad_kv_seqlen", "tensor(int64)"),
];
const BATCHNORMALIZATION_1_IN: &[Formal] = &[
    single("X", "T"),
    single("scale", "T"),
    single("B", "T"),
    single("mean", "T"),
    single("var", "T"),
];
const BATCHNORMALIZATION_1_OUT: &[Formal] = &[
    single("Y", "T"),
    maybe("mean", "T"),
    maybe("var", "T"),
    maybe("saved_mean", "T"),
    maybe("saved_var", "T"),
];
const BATCHNORMALIZATION_14_IN: &[Formal] = &[
    single("X", "T"),
    single("scale", "T"),
    single("B", "T"),
    single("input_mean", "U"),
    single("input_var", "U"),
];
const BATCHNORMALIZATION_14_OUT: &[Formal] = &[single("Y", "T"), maybe("running_mean", "U"), maybe("running_var", "U")];
const BATCHNORMALIZATION_15_IN: &[Formal] = &[
    single("X", "T"),
    single("scale", "T1"),
    single("B", "T1"),
    single("input_mean", "T2"),
    single("input_var", "T2"),
];
const BATCHNORMALIZATION_15_OUT: &[Formal] = &[single("Y", "T"), maybe("running_mean", "T2"), maybe("running_var", "T2")];
const BERNOULLI_15_IN: &[Formal] = &[single("input", "T1")];
const BERNOULLI_15_OUT: &[Formal] = &[single("output", "T2")];
const BITSHIFT_11_IN: &[Formal] = &[single("X", "T"), single("Y", "T")];
const BITSHIFT_11_OUT: &[Formal] = &[single("Z", "T")];
const BLACKMANWINDOW_17_IN: &[Formal] = &[single("size", "T1")];
const CASTLIKE_15_IN: &[Formal] = &[single("input", "T1"), single("target_type", "T2")];
const CAUSALCONVWITHSTATE_27_IN: &[Formal] = &[
    single("input", "T"),
    single("weight", "T"),
    maybe("bias", "T"),
    maybe("past_state", "T"),
];
const CAUSALCONVWITHSTATE_27_OUT: &[Formal] = &[single("output", "T"), single("present_state", "T")];
const CENTERCROPPAD_18_IN: &[Formal] = &[single("input_data", "T"), single("shape", "Tind")];
const CENTERCROPPAD_18_OUT: &[Formal] = &[single("output_data", "T")];
const CLIP_11_IN: &[Formal] = &[single("input", "T"), maybe("min", "T"), maybe("max", "T")];
const COL2IM_18_IN: &[Formal] = &[
    single("input", "T"),
    single("image_shape", "tensor(int64)"),
    single("block_shape", "tensor(int64)"),
];
const COMPRESS_9_IN: &[Formal] = &[single("input", "T"), single("condition", "T1")];
const CONCAT_1_IN: &[Formal] = &[variadic("inputs", "T")];
const CONCAT_1_OUT: &[Formal] = &[single("concat_result", "T")];
const CONCATFROMSEQUENCE_11_IN: &[Formal] = &[single("input_sequence", "S")];
const CONV_1_IN: &[Formal] = &[single("X", "T"), single("W", "T"), maybe("B", "T")];
const CONVINTEGER_10_IN: &[Formal] = &[
    single("x", "T1"),
    single("w", "T2"),
    maybe("x_zero_point", "T1"),
    maybe("w_zero_point", "T2"),
];
const CONVINTEGER_10_OUT: &[Formal] = &[single("y", "T3")];
const CUMPROD_26_IN: &[Formal] = &[single("x", "T"), single("axis", "T2")];
const CUMPROD_26_OUT: &[Formal] = &[single("y", "T")];
const DFT_17_IN: &[Formal] = &[single("input", "T1"), maybe("dft_length", "T2")];
const DFT_17_OUT: &[Formal] = &[single("output", "T1")];
const DFT_20_IN: &[Formal] = &[single("input", "T1"), maybe("dft_length", "T2"), maybe("axis", "tensor(int64)")];
const DEFORMCONV_19_IN: &[Formal] = &[
    single("X", "T"),
    single("W", "T"),
    single("offset", "T"),
    maybe("B", "T"),
    maybe("mask", "T"),
];
const DEQUANTIZELINEAR_10_IN: &[Formal] = &[single("x", "T"), single("x_scale", "tensor(float)"), maybe("x_zero_point", "T")];
const DEQUANTIZELINEAR_10_OUT: &[Formal] = &[single("y", "tensor(float)")];
const DEQUANTIZELINEAR_19_IN: &[Formal] = &[single("x", "T1"), single("x_scale", "T2"), maybe("x_zero_point", "T1")];
const DEQUANTIZELINEAR_19_OUT: &[Formal] = &[single("y", "T2")];
const DROPOUT_1_OUT: &[Formal] = &[single("output", "T"), maybe("mask", "T")];
const DROPOUT_10_OUT: &[Formal] = &[single("output", "T"), maybe("mask", "T1")];
const DROPOUT_12_IN: &[Formal] = &[single("data", "T"), maybe("ratio", "T1"), maybe("training_mode", "T2")];
const DROPOUT_12_OUT: &[Formal] = &[single("output", "T"), maybe("mask", "T2")];
const DYNAMICQUANTIZELINEAR_11_IN: &[Formal] = &[single("x", "T1")];
const DYNAMICQUANTIZELINEAR_11_OUT: &[Formal] = &[
    single("y", "T2"),
    single("y_scale", "tensor(float)"),
    single("y_zero_point", "T2"),
];
const EINSUM_12_IN: &[Formal] = &[variadic("Inputs", "T")];
const EINSUM_12_OUT: &[Formal] = &[single("Output", "T")];
const EXPAND_8_IN: &[Formal] = &[single("input", "T"), single("shape", "tensor(int64)")];
const GRU_1_IN: &[Formal] = &[
    single("X", "T"),
    single("W", "T"),
    single("R", "T"),
    maybe("B", "T"),
    maybe("sequence_lens", "T1"),
    maybe("initial_h", "T"),
];
const GRU_1_OUT: &[Formal] = &[maybe("Y", "T"), single("Y_h", "T")];
const GRU_3_OUT: &[Formal] = &[maybe("Y", "T"), maybe("Y_h", "T")];
const GATHER_1_IN: &[Formal] = &[single("data", "T"), single("indices", "Tind")];
const GATHERND_11_IN: &[Formal] = &[single("data", "T"), single("indices", "tensor(int64)")];
const GEMM_1_IN: &[Formal] = &[single("A", "T"), single("B", "T"), single("C", "T")];
const GEMM_11_IN: &[Formal] = &[single("A", "T"), single("B", "T"), maybe("C", "T")];
const GRIDSAMPLE_16_IN: &[Formal] = &[single("X", "T1"), single("grid", "T2")];
const GRIDSAMPLE_16_OUT: &[Formal] = &[single("Y", "T1")];
const GROUPNORMALIZATION_18_IN: &[Formal] = &[single("X", "T"), single("scale", "T"), single("bias", "T")];
const IDENTITY_14_IN: &[Formal] = &[single("input", "V")];
const IDENTITY_14_OUT: &[Formal] = &[single("output", "V")];
const IF_1_IN: &[Formal] = &[single("cond", "B")];
const IF_1_OUT: &[Formal] = &[mixed("outputs", "V")];
const IMAGEDECODER_20_IN: &[Formal] = &[single("encoded_stream", "T1")];
const IMAGEDECODER_20_OUT: &[Formal] = &[single("image", "T2")];
const INSTANCENORMALIZATION_1_IN: &[Formal] = &[single("input", "T"), single("scale", "T"), single("B", "T")];
const ISINF_10_IN: &[Formal] = &[single("X", "T1")];
const ISINF_10_OUT: &[Formal] = &[single("Y", "T2")];
const LSTM_1_IN: &[Formal] = &[
    single("X", "T"),
    single("W", "T"),
    single("R", "T"),
    maybe("B", "T"),
    maybe("sequence_lens", "T1"),
    maybe("initial_h", "T"),
    maybe("initial_c", "T"),
    maybe("P", "T"),
];
const LSTM_1_OUT: &[Formal] = &[maybe("Y", "T"), maybe("Y_h", "T"), maybe("Y_c", "T")];
const LAYERNORMALIZATION_17_IN: &[Formal] = &[single("X", "T"), single("Scale", "T"), maybe("B", "T")];
const LAYERNORMALIZATION_17_OUT: &[Formal] = &[single("Y", "T"), maybe("Mean", "U"), maybe("InvStdDev", "U")];
const LINEARATTENTION_27_IN: &[Formal] = &[
    single("query", "T"),
    single("key", "T"),
    single("value", "T"),
    maybe("past_state", "S"),
    maybe("decay", "T"),
    maybe("beta", "T"),
];
const LINEARATTENTION_27_OUT: &[Formal] = &[single("output", "T"), single("present_state", "S")];
const LOOP_1_IN: &[Formal] = &[maybe("M", "I"), maybe("cond", "B"), mixed("v_initial", "V")];
const LOOP_1_OUT: &[Formal] = &[mixed("v_final_and_scan_outputs", "V")];
const MATMULINTEGER_10_IN: &[Formal] = &[
    single("A", "T1"),
    single("B", "T2"),
    maybe("a_zero_point", "T1"),
    maybe("b_zero_point", "T2"),
];
const MATMULINTEGER_10_OUT: &[Formal] = &[single("Y", "T3")];
const MAX_1_IN: &[Formal] = &[variadic("data_0", "T")];
const MAX_1_OUT: &[Formal] = &[single("max", "T")];
const MAXPOOL_8_OUT: &[Formal] = &[single("Y", "T"), maybe("Indices", "I")];
const MAXROIPOOL_1_IN: &[Formal] = &[single("X", "T"), single("rois", "T")];
const MAXUNPOOL_9_IN: &[Formal] = &[single("X", "T1"), single("I", "T2"), maybe("output_shape", "T2")];
const MEAN_1_OUT: &[Formal] = &[single("mean", "T")];
const MELWEIGHTMATRIX_17_IN: &[Formal] = &[
    single("num_mel_bins", "T1"),
    single("dft_length", "T1"),
    single("sample_rate", "T1"),
    single("lower_edge_hertz", "T2"),
    single("upper_edge_hertz", "T2"),
];
const MELWEIGHTMATRIX_17_OUT: &[Formal] = &[single("output", "T3")];
const MIN_1_OUT: &[Formal] = &[single("min", "T")];
const NEGATIVELOGLIKELIHOODLOSS_12_IN: &[Formal] = &[single("input", "T"), single("target", "Tind"), maybe("weight", "T")];
const NEGATIVELOGLIKELIHOODLOSS_12_OUT: &[Formal] = &[single("loss", "T")];
const NONMAXSUPPRESSION_10_IN: &[Formal] = &[
    single("boxes", "tensor(float)"),
    single("scores", "tensor(float)"),
    maybe("max_output_boxes_per_class", "tensor(int64)"),
    maybe("iou_threshold", "tensor(float)"),
    maybe("score_threshold", "tensor(float)"),
];
const NONMAXSUPPRESSION_10_OUT: &[Formal] = &[single("selected_indices", "tensor(int64)")];
const NONZERO_9_OUT: &[Formal] = &[single("Y", "tensor(int64)")];
const ONEHOT_9_IN: &[Formal] = &[single("indices", "T1"), single("depth", "T2"), single("values", "T3")];
const OPTIONAL_15_IN: &[Formal] = &[maybe("input", "V")];
const OPTIONAL_15_OUT: &[Formal] = &[single("output", "O")];
const OPTIONALGETELEMENT_15_IN: &[Formal] = &[single("input", "O")];
const OPTIONALHASELEMENT_15_OUT: &[Formal] = &[single("output", "B")];
const OPTIONALHASELEMENT_18_IN: &[Formal] = &[maybe("input", "O")];
const PRELU_1_IN: &[Formal] = &[single("X", "T"), single("slope", "T")];
const PAD_11_IN: &[Formal] = &[
    single("data", "T"),
    single("pads", "tensor(int64)"),
    maybe("constant_value", "T"),
];
const PAD_18_IN: &[Formal] = &[
    single("data", "T"),
    single("pads", "tensor(int64)"),
    maybe("constant_value", "T"),
    maybe("axes", "Tind"),
];
const POW_12_IN: &[Formal] = &[single("X", "T"), single("Y", "T1")];
const QLINEARCONV_10_IN: &[Formal] = &[
    single("x", "T1"),
    single("x_scale", "tensor(float)"),
    single("x_zero_point", "T1"),
    single("w", "T2"),
    single("w_scale", "tensor(float)"),
    single("w_zero_point", "T2"),
    single("y_scale", "tensor(float)"),
    single("y_zero_point", "T3"),
    maybe("B", "T4"),
];
const QLINEARMATMUL_10_IN: &[Formal] = &[
    single("a", "T1"),
    single("a_scale", "tensor(float)"),
    single("a_zero_point", "T1"),
    single("b", "T2"),
    single("b_scale", "tensor(float)"),
    single("b_zero_point", "T2"),
    single("y_scale", "tensor(float)"),
    single("y_zero_point", "T3"),
];
const QLINEARMATMUL_21_IN: &[Formal] = &[
    single("a", "T1"),
    single("a_scale", "TS"),
    single("a_zero_point", "T1"),
    single("b", "T2"),
    single("b_scale", "TS"),
    single("b_zero_point", "T2"),
    single("y_scale", "TS"),
    single("y_zero_point", "T3"),
];
const QUANTIZELINEAR_10_IN: &[Formal] = &[
    single("x", "T1"),
    single("y_scale", "tensor(float)"),
    maybe("y_zero_point", "T2"),
];
const QUANTIZELINEAR_19_IN: &[Formal] = &[single("x", "T1"), single("y_scale", "T1"), maybe("y_zero_point", "T2")];
const QUANTIZELINEAR_23_IN: &[Formal] = &[single("x", "T1"), single("y_scale", "T2"), maybe("y_zero_point", "T3")];
const RMSNORMALIZATION_23_IN: &[Formal] = &[single("X", "T"), single("scale", "V")];
const RMSNORMALIZATION_23_OUT: &[Formal] = &[single("Y", "V")];
const RANGE_11_IN: &[Formal] = &[single("start", "T"), single("limit", "T"), single("delta", "T")];
const REDUCEL1_1_OUT: &[Formal] = &[single("reduced", "T")];
const REDUCEL1_18_IN: &[Formal] = &[single("data", "T"), maybe("axes", "tensor(int64)")];
const RESHAPE_1_OUT: &[Formal] = &[single("reshaped", "T")];
const RESHAPE_5_IN: &[Formal] = &[single("data", "T"), single("shape", "tensor(int64)")];
const RESIZE_10_IN: &[Formal] = &[single("X", "T"), single("scales", "tensor(float)")];
const RESIZE_11_IN: &[Formal] = &[
    single("X", "T1"),
    single("roi", "T2"),
    single("scales", "tensor(float)"),
    maybe("sizes", "tensor(int64)"),
];
const RESIZE_13_IN: &[Formal] = &[
    single("X", "T1"),
    maybe("roi", "T2"),
    maybe("scales", "tensor(float)"),
    maybe("sizes", "tensor(int64)"),
];
const REVERSESEQUENCE_10_IN: &[Formal] = &[single("input", "T"), single("sequence_lens", "tensor(int64)")];
const ROIALIGN_10_IN: &[Formal] = &[single("X", "T1"), single("rois", "T1"), single("batch_indices", "T2")];
const ROTARYEMBEDDING_23_IN: &[Formal] = &[
    single("X", "T"),
    single("cos_cache", "T"),
    single("sin_cache", "T"),
    maybe("position_ids", "M"),
];
const STFT_17_IN: &[Formal] = &[
    single("signal", "T1"),
    single("frame_step", "T2"),
    maybe("window", "T1"),
    maybe("frame_length", "T2"),
];
const SCAN_8_IN: &[Formal] = &[maybe("sequence_lens", "I"), mixed("initial_state_and_scan_inputs", "V")];
const SCAN_8_OUT: &[Formal] = &[mixed("final_state_and_scan_outputs", "V")];
const SCAN_9_IN: &[Formal] = &[mixed("initial_state_and_scan_inputs", "V")];
const SCATTER_9_IN: &[Formal] = &[single("data", "T"), single("indices", "Tind"), single("updates", "T")];
const SCATTERND_11_IN: &[Formal] = &[single("data", "T"), single("indices", "tensor(int64)"), single("updates", "T")];
const SEQUENCEAT_11_IN: &[Formal] = &[single("input_sequence", "S"), single("position", "I")];
const SEQUENCEAT_11_OUT: &[Formal] = &[single("tensor", "T")];
const SEQUENCECONSTRUCT_11_OUT: &[Formal] = &[single("output_sequence", "S")];
const SEQUENCEEMPTY_11_OUT: &[Formal] = &[single("output", "S")];
const SEQUENCEERASE_11_IN: &[Formal] = &[single("input_sequence", "S"), maybe("position", "I")];
const SEQUENCEINSERT_11_IN: &[Formal] = &[single("input_sequence", "S"), single("tensor", "T"), maybe("position", "I")];
const SEQUENCELENGTH_11_OUT: &[Formal] = &[single("length", "I")];
const SEQUENCEMAP_17_IN: &[Formal] = &[single("input_sequence", "S"), mixed("additional_inputs", "V")];
const SEQUENCEMAP_17_OUT: &[Formal] = &[mixed("out_sequence", "S")];
const SHAPE_1_OUT: &[Formal] = &[single("shape", "T1")];
const SLICE_10_IN: &[Formal] = &[
    single("data", "T"),
    single("starts", "Tind"),
    single("ends", "Tind"),
    maybe("axes", "Tind"),
    maybe("steps", "Tind"),
];
const SOFTMAXCROSSENTROPYLOSS_12_IN: &[Formal] = &[single("scores", "T"), single("labels", "Tind"), maybe("weights", "T")];
const SOFTMAXCROSSENTROPYLOSS_12_OUT: &[Formal] = &[single("output", "T"), maybe("log_prob", "T")];
const SPLIT_1_IN: &[Formal] = &[single("input", "T"), maybe("split", "T")];
const SPLIT_1_OUT: &[Formal] = &[variadic("outputs...", "T")];
const SPLIT_2_OUT: &[Formal] = &[variadic("outputs", "T")];
const SPLIT_13_IN: &[Formal] = &[single("input", "T"), maybe("split", "tensor(int64)")];
const SPLITTOSEQUENCE_11_IN: &[Formal] = &[single("input", "T"), maybe("split", "I")];
const SQUEEZE_1_OUT: &[Formal] = &[single("squeezed", "T")];
const STRINGNORMALIZER_10_IN: &[Formal] = &[single("X", "tensor(string)")];
const STRINGNORMALIZER_10_OUT: &[Formal] = &[single("Y", "tensor(string)")];
const STRINGSPLIT_20_OUT: &[Formal] = &[single("Y", "T2"), single("Z", "T3")];
const SUM_1_OUT: &[Formal] = &[single("sum", "T")];
const TENSORSCATTER_24_IN: &[Formal] = &[
    single("past_cache", "T"),
    single("update", "T"),
    maybe("write_indices", "tensor(int64)"),
];
const TENSORSCATTER_24_OUT: &[Formal] = &[single("present_cache", "T")];
const TILE_1_IN: &[Formal] = &[single("input", "T"), single("tiles", "T"), single("axis", "T")];
const TILE_6_IN: &[Formal] = &[single("input", "T"), single("repeats", "T1")];
const TOPK_1_OUT: &[Formal] = &[single("Values", "T"), single("Indices", "I")];
const TOPK_10_IN: &[Formal] = &[single("X", "T"), single("K", "tensor(int64)")];
const TRANSPOSE_1_OUT: &[Formal] = &[single("transposed", "T")];
const TRILU_14_IN: &[Formal] = &[single("input", "T"), maybe("k", "tensor(int64)")];
const UNIQUE_11_OUT: &[Formal] = &[
    single("Y", "T"),
    maybe("indices", "tensor(int64)"),
    maybe("inverse_indices", "tensor(int64)"),
    maybe("counts", "tensor(int64)"),
];
const UNSQUEEZE_1_OUT: &[Formal] = &[single("expanded", "T")];
const UNSQUEEZE_13_IN: &[Formal] = &[single("data", "T"), single("axes", "tensor(int64)")];
const WHERE_9_IN: &[Formal] = &[single("condition", "B"), single("X", "T"), single("Y", "T")];
const ARRAYFEATUREEXTRACTOR_1_IN: &[Formal] = &[single("X", "T"), single("Y", "tensor(int64)")];
const FEATUREVECTORIZER_1_IN: &[Formal] = &[variadic("X", "T1")];
const FEATUREVECTORIZER_1_OUT: &[Formal] = &[single("Y", "tensor(float)")];
const LINEARCLASSIFIER_1_OUT: &[Formal] = &[single("Y", "T2"), single("Z", "tensor(float)")];
const ZIPMAP_1_IN: &[Formal] = &[single("X", "tensor(float)")];
const FLEXATTENTION_1_IN: &[Formal] = &[single("Q", "T1"), single("K", "T1"), single("V", "T1")];
const ADAGRAD_1_IN: &[Formal] = &[single("R", "T1"), single("T", "T2"), mixed("inputs", "T3")];
const ADAGRAD_1_OUT: &[Formal] = &[mixed("outputs", "T3")];
const GRADIENT_1_IN: &[Formal] = &[mixed("Inputs", "T1")];
const GRADIENT_1_OUT: &[Formal] = &[mixed("Outputs", "T2")];

const ABS_1_ATTRS: &[AttributeSchema] = &[optional("consumed_inputs", Kind::Ints)];
const ADD_1_ATTRS: &[AttributeSchema] = &[
    optional("axis", Kind::Int),
    default("broadcast", Kind::Int, Int(0)),
    optional("consumed_inputs", Kind::Ints),
];
const ADD_6_ATTRS: &[AttributeSchema] = &[optional("axis", Kind::Int), default("broadcast", Kind::Int, Int(0))];
const AFFINEGRID_20_ATTRS: &[AttributeSchema] = &[default("align_corners", Kind::Int, Int(0))];
const ARGMAX_1_ATTRS: &[AttributeSchema] = &[default("axis", Kind::Int, Int(0)), default("keepdims", Kind::Int, Int(1))];
const ARGMAX_12_ATTRS: &[AttributeSchema] = &[
    default("axis", Kind::Int, Int(0)),
    default("keepdims", Kind::Int, Int(1)),
    default("select_last_index", Kind::Int, Int(0)),
];
const ATTENTION_23_ATTRS: &[AttributeSchema] = &[
    default("is_causal", Kind::Int, Int(0)),
    optional("kv_num_heads", Kind::Int),
    optional("q_num_heads", Kind::Int),
    default("qk_matmul_output_mode", Kind::Int, Int(0)),
    optional("scale", Kind::Float),
    default("softcap", Kind::Float, Float(0.0)),
    optional("softmax_precision", Kind::Int),
];
const ATTENTION_25_ATTRS: &[AttributeSchema] = &[
    default("is_causal", Kind::Int, Int(0)),
    optional("kv_num_heads", Kind::Int),
    default("left_window_size", Kind::Int, Int(-1)),
    optional("q_num_heads", Kind::Int),
    default("qk_matmul_output_mode", Kind::Int, Int(0)),
    default("right_window_size", Kind::Int, Int(-1)),
    optional("scale", Kind::Float),
    default("softcap", Kind::Float, Float(0.0)),
    optional("softmax_precision", Kind::Int),
];
const AVERAGEPOOL_1_ATTRS: &[AttributeSchema] = &[
    default("auto_pad", Kind::String, Str("NOTSET")),
    required("kernel_shape", Kind::Ints),
    optional("pads", Kind::Ints),
    optional("strides", Kind::Ints),
];
const AVERAGEPOOL_7_ATTRS: &[AttributeSchema] = &[
    default("auto_pad", Kind::String, Str("NOTSET")),
    default("count_include_pad", Kind::Int, Int(0)),
    required("kernel_shape", Kind::Ints),
    optional("pads", Kind::Ints),
    optional("strides", Kind::Ints),
];
const AVERAGEPOOL_10_ATTRS: &[AttributeSchema] = &[
    default("auto_pad", Kind::String, Str("NOTSET")),
    default("ceil_mode", Kind::Int, Int(0)),
    default("count_include_pad", Kind::Int, Int(0)),
    required("kernel_shape", Kind::Ints),
    optional("pads", Kind::Ints),
    optional("strides", Kind::Ints),
];
const AVERAGEPOOL_19_ATTRS: &[AttributeSchema] = &[
    default("auto_pad", Kind::String, Str("NOTSET")),
    default("ceil_mode", Kind::Int, Int(0)),
    default("count_include_pad", Kind::Int, Int(0)),
    optional("dilations", Kind::Ints),
    required("kernel_shape", Kind::Ints),
    optional("pads", Kind::Ints),
    optional("strides", Kind::Ints),
];
const BATCHNORMALIZATION_1_ATTRS: &[AttributeSchema] = &[
    required("consumed_inputs", Kind::Ints),
    default("epsilon", Kind::Float, Float(1.0e-5)),
    default("is_test", Kind::Int, Int(0)),
    default("momentum", Kind::Float, Float(0.9)),
    default("spatial", Kind::Int, Int(1)),
];
const BATCHNORMALIZATION_6_ATTRS: &[AttributeSchema] = &[
    default("epsilon", Kind::Float, Float(1.0e-5)),
    default("is_test", Kind::Int, Int(0)),
    default("momentum", Kind::Float, Float(0.9)),
    default("spatial", Kind::Int, Int(1)),
];
const BATCHNORMALIZATION_7_ATTRS: &[AttributeSchema] = &[
    default("epsilon", Kind::Float, Float(1.0e-5)),
    default("momentum", Kind::Float, Float(0.9)),
    default("spatial", Kind::Int, Int(1)),
];
const BATCHNORMALIZATION_9_ATTRS: &[AttributeSchema] = &[
    default("epsilon", Kind::Float, Float(1.0e-5)),
    default("momentum", Kind::Float, Float(0.9)),
];
const BATCHNORMALIZATION_14_ATTRS: &[AttributeSchema] = &[
    default("epsilon", Kind::Float, Float(1.0e-5)),
    default("momentum", Kind::Float, Float(0.9)),
    default("training_mode", Kind::Int, Int(0)),
];
const BERNOULLI_15_ATTRS: &[AttributeSchema] = &[optional("dtype", Kind::Int), optional("seed", Kind::Float)];
const BITCAST_26_ATTRS: &[AttributeSchema] = &[required("to", Kind::Int)];
const BITSHIFT_11_ATTRS: &[AttributeSchema] = &[required("direction", Kind::String)];
const BLACKMANWINDOW_17_ATTRS: &[AttributeSchema] = &[
    default("output_datatype", Kind::Int, Int(1)),
    default("periodic", Kind::Int, Int(1)),
];
const CAST_1_ATTRS: &[AttributeSchema] = &[required("to", Kind::String)];
const CAST_19_ATTRS: &[AttributeSchema] = &[default("saturate", Kind::Int, Int(1)), required("to", Kind::Int)];
const CAST_24_ATTRS: &[AttributeSchema] = &[
    default("round_mode", Kind::String, Str("up")),
    default("saturate", Kind::Int, Int(1)),
    required("to", Kind::Int),
];
const CASTLIKE_19_ATTRS: &[AttributeSchema] = &[default("saturate", Kind::Int, Int(1))];
const CASTLIKE_24_ATTRS: &[AttributeSchema] = &[
    default("round_mode", Kind::String, Str("up")),
    default("saturate", Kind::Int, Int(1)),
];
const CAUSALCONVWITHSTATE_27_ATTRS: &[AttributeSchema] = &[default("activation", Kind::String, Str("none"))];
const CELU_12_ATTRS: &[AttributeSchema] = &[default("alpha", Kind::Float, Float(1.0))];
const CENTERCROPPAD_18_ATTRS: &[AttributeSchema] = &[optional("axes", Kind::Ints)];
const CLIP_1_ATTRS: &[AttributeSchema] = &[
    optional("consumed_inputs", Kind::Ints),
    optional("max", Kind::Float),
    optional("min", Kind::Float),
];
const CLIP_6_ATTRS: &[AttributeSchema] = &[
    default("max", Kind::Float, Float(3.402_823_5e38)),
    default("min", Kind::Float, Float(-3.402_823_5e38)),
];
const COL2IM_18_ATTRS: &[AttributeSchema] = &[
    optional("dilations", Kind::Ints),
    optional("pads", Kind::Ints),
    optional("strides", Kind::Ints),
];
const COMPRESS_9_ATTRS: &[AttributeSchema] = &[optional("axis", Kind::Int)];
const CONCAT_4_ATTRS: &[AttributeSchema] = &[required("axis", Kind::Int)];
const CONCATFROMSEQUENCE_11_ATTRS: &[AttributeSchema] = &[required("axis", Kind::Int), default("new_axis", Kind::Int, Int(0))];
const CONSTANT_1_ATTRS: &[AttributeSchema] = &[required("value", Kind::Tensor)];
const CONSTANT_11_ATTRS: &[AttributeSchema] = &[optional("sparse_value", Kind::SparseTensor), optional("value", Kind::Tensor)];
const CONSTANT_12_ATTRS: &[AttributeSchema] = &[
    optional("sparse_value", Kind::SparseTensor),
    optional("value", Kind::Tensor),
    optional("value_float", Kind::Float),
    optional("value_floats", Kind::Floats),
    optional("value_int", Kind::Int),
    optional("value_ints", Kind::Ints),
    optional("value_string", Kind::String),
    optional("value_strings", Kind::Strings),
];
const CONSTANTOFSHAPE_9_ATTRS: &[AttributeSchema] = &[optional("value", Kind::Tensor)];
const CONV_1_ATTRS: &[AttributeSchema] = &[
    default("auto_pad", Kind::String, Str("NOTSET")),
    optional("dilations", Kind::Ints),
    default("group", Kind::Int, Int(1)),
    optional("kernel_shape", Kind::Ints),
    optional("pads", Kind::Ints),
    optional("strides", Kind::Ints),
];
const CONVTRANSPOSE_1_ATTRS: &[AttributeSchema] = &[
    default("auto_pad", Kind::String, Str("NOTSET")),
    optional("dilations", Kind::Ints),
    default("group", Kind::Int, Int(1)),
    optional("kernel_shape", Kind::Ints),
    optional("output_padding", Kind::Ints),
    optional("output_shape", Kind::Ints),
    optional("pads", Kind::Ints),
    optional("strides", Kind::Ints),
];
const CUMPROD_26_ATTRS: &[AttributeSchema] = &[default("exclusive", Kind::Int, Int(0)), default("reverse", Kind::Int, Int(0))];
const DFT_17_ATTRS: &[AttributeSchema] = &[
    default("axis", Kind::Int, Int(1)),
    default("inverse", Kind::Int, Int(0)),
    default("onesided", Kind::Int, Int(0)),
];
const DFT_20_ATTRS: &[AttributeSchema] = &[default("inverse", Kind::Int, Int(0)), default("onesided", Kind::Int, Int(0))];
const DEFORMCONV_19_ATTRS: &[AttributeSchema] = &[
    optional("dilations", Kind::Ints),
    default("group", Kind::Int, Int(1)),
    optional("kernel_shape", Kind::Ints),
    default("offset_group", Kind::Int, Int(1)),
    optional("pads", Kind::Ints),
    optional("strides", Kind::Ints),
];
const DEPTHTOSPACE_1_ATTRS: &[AttributeSchema] = &[required("blocksize", Kind::Int)];
const DEPTHTOSPACE_11_ATTRS: &[AttributeSchema] = &[required("blocksize", Kind::Int), default("mode", Kind::String, Str("DCR"))];
const DEQUANTIZELINEAR_13_ATTRS: &[AttributeSchema] = &[default("axis", Kind::Int, Int(1))];
const DEQUANTIZELINEAR_21_ATTRS: &[AttributeSchema] = &[default("axis", Kind::Int, Int(1)), default("block_size", Kind::Int, Int(0))];
const DEQUANTIZELINEAR_23_ATTRS: &[AttributeSchema] = &[
    default("axis", Kind::Int, Int(1)),
    default("block_size", Kind::Int, Int(0)),
    default("output_dtype", Kind::Int, Int(0)),
];
const DROPOUT_1_ATTRS: &[AttributeSchema] = &[
    optional("consumed_inputs", Kind::Ints),
    default("is_test", Kind::Int, Int(0)),
    default("ratio", Kind::Float, Float(0.5)),
];
const DROPOUT_6_ATTRS: &[AttributeSchema] = &[default("is_test", Kind::Int, Int(0)), default("ratio", Kind::Float, Float(0.5))];
const DROPOUT_7_ATTRS: &[AttributeSchema] = &[default("ratio", Kind::Float, Float(0.5))];
const DROPOUT_12_ATTRS: &[AttributeSchema] = &[optional("seed", Kind::Int)];
const EINSUM_12_ATTRS: &[AttributeSchema] = &[required("equation", Kind::String)];
const ELU_1_ATTRS: &[AttributeSchema] = &[
    default("alpha", Kind::Float, Float(1.0)),
    optional("consumed_inputs", Kind::Ints),
];
const EYELIKE_9_ATTRS: &[AttributeSchema] = &[optional("dtype", Kind::Int), default("k", Kind::Int, Int(0))];
const GRU_1_ATTRS: &[AttributeSchema] = &[
    optional("activation_alpha", Kind::Floats),
    optional("activation_beta", Kind::Floats),
    optional("activations", Kind::Strings),
    optional("clip", Kind::Float),
    default("direction", Kind::String, Str("foward")),
    optional("hidden_size", Kind::Int),
    default("output_sequence", Kind::Int, Int(0)),
];
const GRU_3_ATTRS: &[AttributeSchema] = &[
    optional("activation_alpha", Kind::Floats),
    optional("activation_beta", Kind::Floats),
    optional("activations", Kind::Strings),
    optional("clip", Kind::Float),
    default("direction", Kind::String, Str("forward")),
    optional("hidden_size", Kind::Int),
    default("linear_before_reset", Kind::Int, Int(0)),
    default("output_sequence", Kind::Int, Int(0)),
];
const GRU_7_ATTRS: &[AttributeSchema] = &[
    optional("activation_alpha", Kind::Floats),
    optional("activation_beta", Kind::Floats),
    optional("activations", Kind::Strings),
    optional("clip", Kind::Float),
    default("direction", Kind::String, Str("forward")),
    optional("hidden_size", Kind::Int),
    default("linear_before_reset", Kind::Int, Int(0)),
];
const GRU_14_ATTRS: &[AttributeSchema] = &[
    optional("activation_alpha", Kind::Floats),
    optional("activation_beta", Kind::Floats),
    optional("activations", Kind::Strings),
    optional("clip", Kind::Float),
    default("direction", Kind::String, Str("forward")),
    optional("hidden_size", Kind::Int),
    default("layout", Kind::Int, Int(0)),
    default("linear_before_reset", Kind::Int, Int(0)),
];
const GATHER_1_ATTRS: &[AttributeSchema] = &[default("axis", Kind::Int, Int(0))];
const GATHERND_12_ATTRS: &[AttributeSchema] = &[default("batch_dims", Kind::Int, Int(0))];
const GELU_20_ATTRS: &[AttributeSchema] = &[default("approximate", Kind::String, Str("none"))];
const GEMM_1_ATTRS: &[AttributeSchema] = &[
    default("alpha", Kind::Float, Float(1.0)),
    default("beta", Kind::Float, Float(1.0)),
    default("broadcast", Kind::Int, Int(0)),
    default("transA", Kind::Int, Int(0)),
    default("transB", Kind::Int, Int(0)),
];
const GEMM_7_ATTRS: &[AttributeSchema] = &[
    default("alpha", Kind::Float, Float(1.0)),
    default("beta", Kind::Float, Float(1.0)),
    default("transA", Kind::Int, Int(0)),
    default("transB", Kind::Int, Int(0)),
];
const GLOBALLPPOOL_1_ATTRS: &[AttributeSchema] = &[default("p", Kind::Float, Float(2.0))];
const GLOBALLPPOOL_2_ATTRS: &[AttributeSchema] = &[default("p", Kind::Int, Int(2))];
const GRIDSAMPLE_16_ATTRS: &[AttributeSchema] = &[
    default("align_corners", Kind::Int, Int(0)),
    default("mode", Kind::String, Str("bilinear")),
    default("padding_mode", Kind::String, Str("zeros")),
];
const GRIDSAMPLE_20_ATTRS: &[AttributeSchema] = &[
    default("align_corners", Kind::Int, Int(0)),
    default("mode", Kind::String, Str("linear")),
    default("padding_mode", Kind::String, Str("zeros")),
];
const GROUPNORMALIZATION_18_ATTRS: &[AttributeSchema] = &[
    default("epsilon", Kind::Float, Float(1.0e-5)),
    required("num_groups", Kind::Int),
];
const GROUPNORMALIZATION_21_ATTRS: &[AttributeSchema] = &[
    default("epsilon", Kind::Float, Float(1.0e-5)),
    required("num_groups", Kind::Int),
    default("stash_type", Kind::Int, Int(1)),
];
const HARDSIGMOID_1_ATTRS: &[AttributeSchema] = &[
    default("alpha", Kind::Float, Float(0.2)),
    default("beta", Kind::Float, Float(0.5)),
    optional("consumed_inputs", Kind::Ints),
];
const HARDSIGMOID_6_ATTRS: &[AttributeSchema] = &[
    default("alpha", Kind::Float, Float(0.2)),
    default("beta", Kind::Float, Float(0.5)),
];
const HARDMAX_13_ATTRS: &[AttributeSchema] = &[default("axis", Kind::Int, Int(-1))];
const IF_1_ATTRS: &[AttributeSchema] = &[required("else_branch", Kind::Graph), required("then_branch", Kind::Graph)];
const IMAGEDECODER_20_ATTRS: &[AttributeSchema] = &[default("pixel_format", Kind::String, Str("RGB"))];
const INSTANCENORMALIZATION_1_ATTRS: &[AttributeSchema] = &[
    optional("consumed_inputs", Kind::Ints),
    default("epsilon", Kind::Float, Float(1.0e-5)),
];
const INSTANCENORMALIZATION_6_ATTRS: &[AttributeSchema] = &[default("epsilon", Kind::Float, Float(1.0e-5))];
const ISINF_10_ATTRS: &[AttributeSchema] = &[
    default("detect_negative", Kind::Int, Int(1)),
    default("detect_positive", Kind::Int, Int(1)),
];
const LRN_1_ATTRS: &[AttributeSchema] = &[
    default("alpha", Kind::Float, Float(1.0e-4)),
    default("beta", Kind::Float, Float(0.75)),
    default("bias", Kind::Float, Float(1.0)),
    required("size", Kind::Int),
];
const LSTM_1_ATTRS: &[AttributeSchema] = &[
    optional("activation_alpha", Kind::Floats),
    optional("activation_beta", Kind::Floats),
    optional("activations", Kind::Strings),
    optional("clip", Kind::Float),
    default("direction", Kind::String, Str("forward")),
    optional("hidden_size", Kind::Int),
    default("input_forget", Kind::Int, Int(0)),
    default("output_sequence", Kind::Int, Int(0)),
];
const LSTM_7_ATTRS: &[AttributeSchema] = &[
    optional("activation_alpha", Kind::Floats),
    optional("activation_beta", Kind::Floats),
    optional("activations", Kind::Strings),
    optional("clip", Kind::Float),
    default("direction", Kind::String, Str("forward")),
    optional("hidden_size", Kind::Int),
    default("input_forget", Kind::Int, Int(0)),
];
const LSTM_14_ATTRS: &[AttributeSchema] = &[
    optional("activation_alpha", Kind::Floats),
    optional("activation_beta", Kind::Floats),
    optional("activations", Kind::Strings),
    optional("clip", Kind::Float),
    default("direction", Kind::String, Str("forward")),
    optional("hidden_size", Kind::Int),
    default("input_forget", Kind::Int, Int(0)),
    default("layout", Kind::Int, Int(0)),
];
const LAYERNORMALIZATION_17_ATTRS: &[AttributeSchema] = &[
    default("axis", Kind::Int, Int(-1)),
    default("epsilon", Kind::Float, Float(1.0e-5)),
    default("stash_type", Kind::Int, Int(1)),
];
const LEAKYRELU_1_ATTRS: &[AttributeSchema] = &[
    default("alpha", Kind::Float, Float(0.01)),
    optional("consumed_inputs", Kind::Ints),
];
const LEAKYRELU_6_ATTRS: &[AttributeSchema] = &[default("alpha", Kind::Float, Float(0.01))];
const LINEARATTENTION_27_ATTRS: &[AttributeSchema] = &[
    default("chunk_size", Kind::Int, Int(64)),
    required("kv_num_heads", Kind::Int),
    required("q_num_heads", Kind::Int),
    default("scale", Kind::Float, Float(0.0)),
    default("update_rule", Kind::String, Str("gated_delta")),
];
const LOOP_1_ATTRS: &[AttributeSchema] = &[required("body", Kind::Graph)];
const LPNORMALIZATION_1_ATTRS: &[AttributeSchema] = &[default("axis", Kind::Int, Int(-1)), default("p", Kind::Int, Int(2))];
const LPPOOL_1_ATTRS: &[AttributeSchema] = &[
    default("auto_pad", Kind::String, Str("NOTSET")),
    optional("kernel_shape", Kind::Ints),
    default("p", Kind::Float, Float(2.0)),
    optional("pads", Kind::Ints),
    optional("strides", Kind::Ints),
];
const LPPOOL_2_ATTRS: &[AttributeSchema] = &[
    default("auto_pad", Kind::String, Str("NOTSET")),
    required("kernel_shape", Kind::Ints),
    default("p", Kind::Int, Int(2)),
    optional("pads", Kind::Ints),
    optional("strides", Kind::Ints),
];
const LPPOOL_18_ATTRS: &[AttributeSchema] = &[
    default("auto_pad", Kind::String, Str("NOTSET")),
    default("ceil_mode", Kind::Int, Int(0)),
    optional("dilations", Kind::Ints),
    required("kernel_shape", Kind::Ints),
    default("p", Kind::Int, Int(2)),
    optional("pads", Kind::Ints),
    optional("strides", Kind::Ints),
];
const MAXPOOL_8_ATTRS: &[AttributeSchema] = &[
    default("auto_pad", Kind::String, Str("NOTSET")),
    required("kernel_shape", Kind::Ints),
    optional("pads", Kind::Ints),
    default("storage_order", Kind::Int, Int(0)),
    optional("strides", Kind::Ints),
];
const MAXPOOL_10_ATTRS: &[AttributeSchema] = &[
    default("auto_pad", Kind::String, Str("NOTSET")),
    default("ceil_mode", Kind::Int, Int(0)),
    optional("dilations", Kind::Ints),
    required("kernel_shape", Kind::Ints),
    optional("pads", Kind::Ints),
    default("storage_order", Kind::Int, Int(0)),
    optional("strides", Kind::Ints),
];
const MAXROIPOOL_1_ATTRS: &[AttributeSchema] = &[
    required("pooled_shape", Kind::Ints),
    default("spatial_scale", Kind::Float, Float(1.0)),
];
const MAXUNPOOL_9_ATTRS: &[AttributeSchema] = &[
    required("kernel_shape", Kind::Ints),
    optional("pads", Kind::Ints),
    optional("strides", Kind::Ints),
];
const MEANVARIANCENORMALIZATION_9_ATTRS: &[AttributeSchema] = &[default("axes", Kind::Ints, Ints(&[0, 2, 3]))];
const MELWEIGHTMATRIX_17_ATTRS: &[AttributeSchema] = &[default("output_datatype", Kind::Int, Int(1))];
const MOD_10_ATTRS: &[AttributeSchema] = &[default("fmod", Kind::Int, Int(0))];
const MULTINOMIAL_7_ATTRS: &[AttributeSchema] = &[
    default("dtype", Kind::Int, Int(6)),
    default("sample_size", Kind::Int, Int(1)),
    optional("seed", Kind::Float),
];
const NEGATIVELOGLIKELIHOODLOSS_12_ATTRS: &[AttributeSchema] = &[
    optional("ignore_index", Kind::Int),
    default("reduction", Kind::String, Str("mean")),
];
const NONMAXSUPPRESSION_10_ATTRS: &[AttributeSchema] = &[default("center_point_box", Kind::Int, Int(0))];
const OPTIONAL_15_ATTRS: &[AttributeSchema] = &[optional("type", Kind::TypeProto)];
const PAD_1_ATTRS: &[AttributeSchema] = &[
    default("mode", Kind::String, Str("constant")),
    required("paddings", Kind::Ints),
    default("value", Kind::Float, Float(0.0)),
];
const PAD_2_ATTRS: &[AttributeSchema] = &[
    default("mode", Kind::String, Str("constant")),
    required("pads", Kind::Ints),
    default("value", Kind::Float, Float(0.0)),
];
const PAD_11_ATTRS: &[AttributeSchema] = &[default("mode", Kind::String, Str("constant"))];
const QUANTIZELINEAR_19_ATTRS: &[AttributeSchema] = &[default("axis", Kind::Int, Int(1)), default("saturate", Kind::Int, Int(1))];
const QUANTIZELINEAR_21_ATTRS: &[AttributeSchema] = &[
    default("axis", Kind::Int, Int(1)),
    default("block_size", Kind::Int, Int(0)),
    default("output_dtype", Kind::Int, Int(0)),
    default("saturate", Kind::Int, Int(1)),
];
const QUANTIZELINEAR_23_ATTRS: &[AttributeSchema] = &[
    default("axis", Kind::Int, Int(1)),
    default("block_size", Kind::Int, Int(0)),
    default("output_dtype", Kind::Int, Int(0)),
    default("precision", Kind::Int, Int(0)),
    default("saturate", Kind::Int, Int(1)),
];
const RNN_1_ATTRS: &[AttributeSchema] = &[
    optional("activation_alpha", Kind::Floats),
    optional("activation_beta", Kind::Floats),
    default("activations", Kind::Strings, Strs(&["Tanh", "Tanh"])),
    optional("clip", Kind::Float),
    default("direction", Kind::String, Str("forward")),
    optional("hidden_size", Kind::Int),
    default("output_sequence", Kind::Int, Int(0)),
];
const RNN_7_ATTRS: &[AttributeSchema] = &[
    optional("activation_alpha", Kind::Floats),
    optional("activation_beta", Kind::Floats),
    default("activations", Kind::Strings, Strs(&["Tanh", "Tanh"])),
    optional("clip", Kind::Float),
    default("direction", Kind::String, Str("forward")),
    optional("hidden_size", Kind::Int),
];
const RNN_14_ATTRS: &[AttributeSchema] = &[
    optional("activation_alpha", Kind::Floats),
    optional("activation_beta", Kind::Floats),
    default("activations", Kind::Strings, Strs(&["Tanh", "Tanh"])),
    optional("clip", Kind::Float),
    default("direction", Kind::String, Str("forward")),
    optional("hidden_size", Kind::Int),
    default("layout", Kind::Int, Int(0)),
];
const RANDOMNORMAL_1_ATTRS: &[AttributeSchema] = &[
    default("dtype", Kind::Int, Int(1)),
    default("mean", Kind::Float, Float(0.0)),
    default("scale", Kind::Float, Float(1.0)),
    optional("seed", Kind::Float),
    required("shape", Kind::Ints),
];
const RANDOMNORMALLIKE_1_ATTRS: &[AttributeSchema] = &[
    optional("dtype", Kind::Int),
    default("mean", Kind::Float, Float(0.0)),
    default("scale", Kind::Float, Float(1.0)),
    optional("seed", Kind::Float),
];
const RANDOMUNIFORM_1_ATTRS: &[AttributeSchema] = &[
    default("dtype", Kind::Int, Int(1)),
    default("high", Kind::Float, Float(1.0)),
    default("low", Kind::Float, Float(0.0)),
    optional("seed", Kind::Float),
    required("shape", Kind::Ints),
];
const RANDOMUNIFORMLIKE_1_ATTRS: &[AttributeSchema] = &[
    optional("dtype", Kind::Int),
    default("high", Kind::Float, Float(1.0)),
    default("low", Kind::Float, Float(0.0)),
    optional("seed", Kind::Float),
];
const RANGE_27_ATTRS: &[AttributeSchema] = &[default("stash_type", Kind::Int, Int(1))];
const REDUCEL1_1_ATTRS: &[AttributeSchema] = &[optional("axes", Kind::Ints), default("keepdims", Kind::Int, Int(1))];
const REDUCEL1_18_ATTRS: &[AttributeSchema] = &[
    default("keepdims", Kind::Int, Int(1)),
    default("noop_with_empty_axes", Kind::Int, Int(0)),
];
const REGEXFULLMATCH_20_ATTRS: &[AttributeSchema] = &[optional("pattern", Kind::String)];
const RESHAPE_1_ATTRS: &[AttributeSchema] = &[optional("consumed_inputs", Kind::Ints), optional("shape", Kind::Ints)];
const RESHAPE_14_ATTRS: &[AttributeSchema] = &[default("allowzero", Kind::Int, Int(0))];
const RESIZE_10_ATTRS: &[AttributeSchema] = &[default("mode", Kind::String, Str("nearest"))];
const RESIZE_11_ATTRS: &[AttributeSchema] = &[
    default("coordinate_transformation_mode", Kind::String, Str("half_pixel")),
    default("cubic_coeff_a", Kind::Float, Float(-0.75)),
    default("exclude_outside", Kind::Int, Int(0)),
    default("extrapolation_value", Kind::Float, Float(0.0)),
    default("mode", Kind::String, Str("nearest")),
    default("nearest_mode", Kind::String, Str("round_prefer_floor")),
];
const RESIZE_18_ATTRS: &[AttributeSchema] = &[
    default("antialias", Kind::Int, Int(0)),
    optional("axes", Kind::Ints),
    default("coordinate_transformation_mode", Kind::String, Str("half_pixel")),
    default("cubic_coeff_a", Kind::Float, Float(-0.75)),
    default("exclude_outside", Kind::Int, Int(0)),
    default("extrapolation_value", Kind::Float, Float(0.0)),
    default("keep_aspect_ratio_policy", Kind::String, Str("stretch")),
    default("mode", Kind::String, Str("nearest")),
    default("nearest_mode", Kind::String, Str("round_prefer_floor")),
];
const REVERSESEQUENCE_10_ATTRS: &[AttributeSchema] = &[
    default("batch_axis", Kind::Int, Int(1)),
    default("time_axis", Kind::Int, Int(0)),
];
const ROIALIGN_10_ATTRS: &[AttributeSchema] = &[
    default("mode", Kind::String, Str("avg")),
    default("output_height", Kind::Int, Int(1)),
    default("output_width", Kind::Int, Int(1)),
    default("sampling_ratio", Kind::Int, Int(0)),
    default("spatial_scale", Kind::Float, Float(1.0)),
];
const ROIALIGN_16_ATTRS: &[AttributeSchema] = &[
    default("coordinate_transformation_mode", Kind::String, Str("half_pixel")),
    default("mode", Kind::String, Str("avg")),
    default("output_height", Kind::Int, Int(1)),
    default("output_width", Kind::Int, Int(1)),
    default("sampling_ratio", Kind::Int, Int(0)),
    default("spatial_scale", Kind::Float, Float(1.0)),
];
const ROTARYEMBEDDING_23_ATTRS: &[AttributeSchema] = &[
    default("interleaved", Kind::Int, Int(0)),
    optional("num_heads", Kind::Int),
    default("rotary_embedding_dim", Kind::Int, Int(0)),
];
const STFT_17_ATTRS: &[AttributeSchema] = &[default("onesided", Kind::Int, Int(1))];
const SCAN_8_ATTRS: &[AttributeSchema] = &[
    required("body", Kind::Graph),
    optional("directions", Kind::Ints),
    required("num_scan_inputs", Kind::Int),
];
const SCAN_9_ATTRS: &[AttributeSchema] = &[
    required("body", Kind::Graph),
    required("num_scan_inputs", Kind::Int),
    optional("scan_input_axes", Kind::Ints),
    optional("scan_input_directions", Kind::Ints),
    optional("scan_output_axes", Kind::Ints),
    optional("scan_output_directions", Kind::Ints),
];
const SCATTERELEMENTS_16_ATTRS: &[AttributeSchema] = &[
    default("axis", Kind::Int, Int(0)),
    default("reduction", Kind::String, Str("none")),
];
const SCATTERND_16_ATTRS: &[AttributeSchema] = &[default("reduction", Kind::String, Str("none"))];
const SELU_1_ATTRS: &[AttributeSchema] = &[
    default("alpha", Kind::Float, Float(1.6732)),
    optional("consumed_inputs", Kind::Ints),
    default("gamma", Kind::Float, Float(1.0507)),
];
const SELU_6_ATTRS: &[AttributeSchema] = &[
    default("alpha", Kind::Float, Float(1.673_263_2)),
    default("gamma", Kind::Float, Float(1.050_701)),
];
const SEQUENCEEMPTY_11_ATTRS: &[AttributeSchema] = &[optional("dtype", Kind::Int)];
const SHAPE_15_ATTRS: &[AttributeSchema] = &[optional("end", Kind::Int), default("start", Kind::Int, Int(0))];
const SHRINK_9_ATTRS: &[AttributeSchema] = &[
    default("bias", Kind::Float, Float(0.0)),
    default("lambd", Kind::Float, Float(0.5)),
];
const SLICE_1_ATTRS: &[AttributeSchema] = &[
    optional("axes", Kind::Ints),
    required("ends", Kind::Ints),
    required("starts", Kind::Ints),
];
const SPLIT_1_ATTRS: &[AttributeSchema] = &[optional("axis", Kind::Int), optional("split", Kind::Ints)];
const SPLIT_2_ATTRS: &[AttributeSchema] = &[default("axis", Kind::Int, Int(0)), optional("split", Kind::Ints)];
const SPLIT_18_ATTRS: &[AttributeSchema] = &[default("axis", Kind::Int, Int(0)), optional("num_outputs", Kind::Int)];
const STRINGNORMALIZER_10_ATTRS: &[AttributeSchema] = &[
    default("case_change_action", Kind::String, Str("NONE")),
    default("is_case_sensitive", Kind::Int, Int(0)),
    optional("locale", Kind::String),
    optional("stopwords", Kind::Strings),
];
const STRINGSPLIT_20_ATTRS: &[AttributeSchema] = &[optional("delimiter", Kind::String), optional("maxsplit", Kind::Int)];
const TENSORSCATTER_24_ATTRS: &[AttributeSchema] = &[
    default("axis", Kind::Int, Int(-2)),
    default("mode", Kind::String, Str("linear")),
];
const TFIDFVECTORIZER_9_ATTRS: &[AttributeSchema] = &[
    required("max_gram_length", Kind::Int),
    required("max_skip_count", Kind::Int),
    required("min_gram_length", Kind::Int),
    required("mode", Kind::String),
    required("ngram_counts", Kind::Ints),
    required("ngram_indexes", Kind::Ints),
    optional("pool_int64s", Kind::Ints),
    optional("pool_strings", Kind::Strings),
    optional("weights", Kind::Floats),
];
const TOPK_1_ATTRS: &[AttributeSchema] = &[default("axis", Kind::Int, Int(-1)), required("k", Kind::Int)];
const TOPK_11_ATTRS: &[AttributeSchema] = &[
    default("axis", Kind::Int, Int(-1)),
    default("largest", Kind::Int, Int(1)),
    default("sorted", Kind::Int, Int(1)),
];
const TRANSPOSE_1_ATTRS: &[AttributeSchema] = &[optional("perm", Kind::Ints)];
const TRILU_14_ATTRS: &[AttributeSchema] = &[default("upper", Kind::Int, Int(1))];
const UNIQUE_11_ATTRS: &[AttributeSchema] = &[optional("axis", Kind::Int), default("sorted", Kind::Int, Int(1))];
const UNSQUEEZE_1_ATTRS: &[AttributeSchema] = &[required("axes", Kind::Ints)];
const UPSAMPLE_1_ATTRS: &[AttributeSchema] = &[
    required("height_scale", Kind::Float),
    default("mode", Kind::String, Str("nearest")),
    required("width_scale", Kind::Float),
];
const UPSAMPLE_7_ATTRS: &[AttributeSchema] = &[default("mode", Kind::String, Str("nearest")), required("scales", Kind::Floats)];
const BINARIZER_1_ATTRS: &[AttributeSchema] = &[default("threshold", Kind::Float, Float(0.0))];
const CASTMAP_1_ATTRS: &[AttributeSchema] = &[
    default("cast_to", Kind::String, Str("TO_FLOAT")),
    default("map_form", Kind::String, Str("DENSE")),
    default("max_map", Kind::Int, Int(1)),
];
const CATEGORYMAPPER_1_ATTRS: &[AttributeSchema] = &[
    optional("cats_int64s", Kind::Ints),
    optional("cats_strings", Kind::Strings),
    default("default_int64", Kind::Int, Int(-1)),
    default("default_string", Kind::String, Str("_Unused")),
];
const DICTVECTORIZER_1_ATTRS: &[AttributeSchema] = &[
    optional("int64_vocabulary", Kind::Ints),
    optional("string_vocabulary", Kind::Strings),
];
const FEATUREVECTORIZER_1_ATTRS: &[AttributeSchema] = &[optional("inputdimensions", Kind::Ints)];
const IMPUTER_1_ATTRS: &[AttributeSchema] = &[
    optional("imputed_value_floats", Kind::Floats),
    optional("imputed_value_int64s", Kind::Ints),
    default("replaced_value_float", Kind::Float, Float(0.0)),
    default("replaced_value_int64", Kind::Int, Int(0)),
];
const LABELENCODER_1_ATTRS: &[AttributeSchema] = &[
    optional("classes_strings", Kind::Strings),
    default("default_int64", Kind::Int, Int(-1)),
    default("default_string", Kind::String, Str("_Unused")),
];
const LABELENCODER_2_ATTRS: &[AttributeSchema] = &[
    default("default_float", Kind::Float, Float(-0.0)),
    default("default_int64", Kind::Int, Int(-1)),
    default("default_string", Kind::String, Str("_Unused")),
    optional("keys_floats", Kind::Floats),
    optional("keys_int64s", Kind::Ints),
    optional("keys_strings", Kind::Strings),
    optional("values_floats", Kind::Floats),
    optional("values_int64s", Kind::Ints),
    optional("values_strings", Kind::Strings),
];
const LABELENCODER_4_ATTRS: &[AttributeSchema] = &[
    default("default_float", Kind::Float, Float(-0.0)),
    default("default_int64", Kind::Int, Int(-1)),
    default("default_string", Kind::String, Str("_Unused")),
    optional("default_tensor", Kind::Tensor),
    optional("keys_floats", Kind::Floats),
    optional("keys_int64s", Kind::Ints),
    optional("keys_strings", Kind::Strings),
    optional("keys_tensor", Kind::Tensor),
    optional("values_floats", Kind::Floats),
    optional("values_int64s", Kind::Ints),
    optional("values_strings", Kind::Strings),
    optional("values_tensor", Kind::Tensor),
];
const LINEARCLASSIFIER_1_ATTRS: &[AttributeSchema] = &[
    optional("classlabels_ints", Kind::Ints),
    optional("classlabels_strings", Kind::Strings),
    required("coefficients", Kind::Floats),
    optional("intercepts", Kind::Floats),
    default("multi_class", Kind::Int, Int(0)),
    default("post_transform", Kind::String, Str("NONE")),
];
const LINEARREGRESSOR_1_ATTRS: &[AttributeSchema] = &[
    optional("coefficients", Kind::Floats),
    optional("intercepts", Kind::Floats),
    default("post_transform", Kind::String, Str("NONE")),
    default("targets", Kind::Int, Int(1)),
];
const NORMALIZER_1_ATTRS: &[AttributeSchema] = &[default("norm", Kind::String, Str("MAX"))];
const ONEHOTENCODER_1_ATTRS: &[AttributeSchema] = &[
    optional("cats_int64s", Kind::Ints),
    optional("cats_strings", Kind::Strings),
    default("zeros", Kind::Int, Int(1)),
];
const SVMCLASSIFIER_1_ATTRS: &[AttributeSchema] = &[
    optional("classlabels_ints", Kind::Ints),
    optional("classlabels_strings", Kind::Strings),
    optional("coefficients", Kind::Floats),
    optional("kernel_params", Kind::Floats),
    default("kernel_type", Kind::String, Str("LINEAR")),
    default("post_transform", Kind::String, Str("NONE")),
    optional("prob_a", Kind::Floats),
    optional("prob_b", Kind::Floats),
    optional("rho", Kind::Floats),
    optional("support_vectors", Kind::Floats),
    optional("vectors_per_class", Kind::Ints),
];
const SVMREGRESSOR_1_ATTRS: &[AttributeSchema] = &[
    optional("coefficients", Kind::Floats),
    optional("kernel_params", Kind::Floats),
    default("kernel_type", Kind::String, Str("LINEAR")),
    default("n_supports", Kind::Int, Int(0)),
    default("one_class", Kind::Int, Int(0)),
    default("post_transform", Kind::String, Str("NONE")),
    optional("rho", Kind::Floats),
    optional("support_vectors", Kind::Floats),
];
const SCALER_1_ATTRS: &[AttributeSchema] = &[optional("offset", Kind::Floats), optional("scale", Kind::Floats)];
const TREEENSEMBLE_5_ATTRS: &[AttributeSchema] = &[
    default("aggregate_function", Kind::Int, Int(1)),
    required("leaf_targetids", Kind::Ints),
    required("leaf_weights", Kind::Tensor),
    optional("membership_values", Kind::Tensor),
    optional("n_targets", Kind::Int),
    required("nodes_falseleafs", Kind::Ints),
    required("nodes_falsenodeids", Kind::Ints),
    required("nodes_featureids", Kind::Ints),
    optional("nodes_hitrates", Kind::Tensor),
    optional("nodes_missing_value_tracks_true", Kind::Ints),
    required("nodes_modes", Kind::Tensor),
    required("nodes_splits", Kind::Tensor),
    required("nodes_trueleafs", Kind::Ints),
    required("nodes_truenodeids", Kind::Ints),
    default("post_transform", Kind::Int, Int(0)),
    required("tree_roots", Kind::Ints),
];
const TREEENSEMBLECLASSIFIER_1_ATTRS: &[AttributeSchema] = &[
    optional("base_values", Kind::Floats),
    optional("class_ids", Kind::Ints),
    optional("class_nodeids", Kind::Ints),
    optional("class_treeids", Kind::Ints),
    optional("class_weights", Kind::Floats),
    optional("classlabels_int64s", Kind::Ints),
    optional("classlabels_strings", Kind::Strings),
    optional("nodes_falsenodeids", Kind::Ints),
    optional("nodes_featureids", Kind::Ints),
    optional("nodes_hitrates", Kind::Floats),
    optional("nodes_missing_value_tracks_true", Kind::Ints),
    optional("nodes_modes", Kind::Strings),
    optional("nodes_nodeids", Kind::Ints),
    optional("nodes_treeids", Kind::Ints),
    optional("nodes_truenodeids", Kind::Ints),
    optional("nodes_values", Kind::Floats),
    default("post_transform", Kind::String, Str("NONE")),
];
const TREEENSEMBLECLASSIFIER_3_ATTRS: &[AttributeSchema] = &[
    optional("base_values", Kind::Floats),
    optional("base_values_as_tensor", Kind::Tensor),
    optional("class_ids", Kind::Ints),
    optional("class_nodeids", Kind::Ints),
    optional("class_treeids", Kind::Ints),
    optional("class_weights", Kind::Floats),
    optional("class_weights_as_tensor", Kind::Tensor),
    optional("classlabels_int64s", Kind::Ints),
    optional("classlabels_strings", Kind::Strings),
    optional("nodes_falsenodeids", Kind::Ints),
    optional("nodes_featureids", Kind::Ints),
    optional("nodes_hitrates", Kind::Floats),
    optional("nodes_hitrates_as_tensor", Kind::Tensor),
    optional("nodes_missing_value_tracks_true", Kind::Ints),
    optional("nodes_modes", Kind::Strings),
    optional("nodes_nodeids", Kind::Ints),
    optional("nodes_treeids", Kind::Ints),
    optional("nodes_truenodeids", Kind::Ints),
    optional("nodes_values", Kind::Floats),
    optional("nodes_values_as_tensor", Kind::Tensor),
    default("post_transform", Kind::String, Str("NONE")),
];
const TREEENSEMBLEREGRESSOR_1_ATTRS: &[AttributeSchema] = &[
    default("aggregate_function", Kind::String, Str("SUM")),
    optional("base_values", Kind::Floats),
    optional("n_targets", Kind::Int),
    optional("nodes_falsenodeids", Kind::Ints),
    optional("nodes_featureids", Kind::Ints),
    optional("nodes_hitrates", Kind::Floats),
    optional("nodes_missing_value_tracks_true", Kind::Ints),
    optional("nodes_modes", Kind::Strings),
    optional("nodes_nodeids", Kind::Ints),
    optional("nodes_treeids", Kind::Ints),
    optional("nodes_truenodeids", Kind::Ints),
    optional("nodes_values", Kind::Floats),
    default("post_transform", Kind::String, Str("NONE")),
    optional("target_ids", Kind::Ints),
    optional("target_nodeids", Kind::Ints),
    optional("target_treeids", Kind::Ints),
    optional("target_weights", Kind::Floats),
];
const TREEENSEMBLEREGRESSOR_3_ATTRS: &[AttributeSchema] = &[
    default("aggregate_function", Kind::String, Str("SUM")),
    optional("base_values", Kind::Floats),
    optional("base_values_as_tensor", Kind::Tensor),
    optional("n_targets", Kind::Int),
    optional("nodes_falsenodeids", Kind::Ints),
    optional("nodes_featureids", Kind::Ints),
    optional("nodes_hitrates", Kind::Floats),
    optional("nodes_hitrates_as_tensor", Kind::Tensor),
    optional("nodes_missing_value_tracks_true", Kind::Ints),
    optional("nodes_modes", Kind::Strings),
    optional("nodes_nodeids", Kind::Ints),
    optional("nodes_treeids", Kind::Ints),
    optional("nodes_truenodeids", Kind::Ints),
    optional("nodes_values", Kind::Floats),
    optional("nodes_values_as_tensor", Kind::Tensor),
    default("post_transform", Kind::String, Str("NONE")),
    optional("target_ids", Kind::Ints),
    optional("target_nodeids", Kind::Ints),
    optional("target_treeids", Kind::Ints),
    optional("target_weights", Kind::Floats),
    optional("target_weights_as_tensor", Kind::Tensor),
];
const ZIPMAP_1_ATTRS: &[AttributeSchema] = &[
    optional("classlabels_int64s", Kind::Ints),
    optional("classlabels_strings", Kind::Strings),
];
const FLEXATTENTION_1_ATTRS: &[AttributeSchema] = &[
    optional("prob_mod", Kind::Graph),
    optional("scale", Kind::Float),
    optional("score_mod", Kind::Graph),
    optional("softmax_precision", Kind::Int),
];
const ADAGRAD_1_ATTRS: &[AttributeSchema] = &[
    default("decay_factor", Kind::Float, Float(0.0)),
    default("epsilon", Kind::Float, Float(1.0e-6)),
    default("norm_coefficient", Kind::Float, Float(0.0)),
];
const ADAM_1_ATTRS: &[AttributeSchema] = &[
    default("alpha", Kind::Float, Float(0.9)),
    default("beta", Kind::Float, Float(0.999)),
    default("epsilon", Kind::Float, Float(1.0e-6)),
    default("norm_coefficient", Kind::Float, Float(0.0)),
    default("norm_coefficient_post", Kind::Float, Float(0.0)),
];
const GRADIENT_1_ATTRS: &[AttributeSchema] = &[
    required("xs", Kind::Strings),
    required("y", Kind::String),
    optional("zs", Kind::Strings),
];
const MOMENTUM_1_ATTRS: &[AttributeSchema] = &[
    required("alpha", Kind::Float),
    required("beta", Kind::Float),
    required("mode", Kind::String),
    required("norm_coefficient", Kind::Float),
];

/// Every version of every operator, sorted by operator, then by `since_version`.
pub(in crate::ir) static SCHEMAS: &[OpSchema] = &[
    OpSchema { op: OpType::Abs, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Abs, since_version: 6, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Abs, since_version: 13, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Acos, since_version: 7, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Acos, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Acosh, since_version: 9, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Acosh, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Add, since_version: 1, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Add, since_version: 6, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_6_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Add, since_version: 7, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Add, since_version: 13, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Add, since_version: 14, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::AffineGrid, since_version: 20, deprecated: false, inputs: AFFINEGRID_20_IN, outputs: AFFINEGRID_20_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: AFFINEGRID_20_ATTRS, type_constraints: AFFINEGRID_20_TYPES, is_function: true, deterministic: false },
    OpSchema { op: OpType::And, since_version: 1, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_6_ATTRS, type_constraints: AND_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::And, since_version: 7, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: AND_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ArgMax, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: ARGMAX_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ARGMAX_1_ATTRS, type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ArgMax, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: ARGMAX_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ARGMAX_1_ATTRS, type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ArgMax, since_version: 12, deprecated: false, inputs: ARGMAX_1_IN, outputs: ARGMAX_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ARGMAX_12_ATTRS, type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ArgMax, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: ARGMAX_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ARGMAX_12_ATTRS, type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ArgMin, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: ARGMAX_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ARGMAX_1_ATTRS, type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ArgMin, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: ARGMAX_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ARGMAX_1_ATTRS, type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ArgMin, since_version: 12, deprecated: false, inputs: ARGMAX_1_IN, outputs: ARGMAX_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ARGMAX_12_ATTRS, type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ArgMin, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: ARGMAX_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ARGMAX_12_ATTRS, type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Asin, since_version: 7, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Asin, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Asinh, since_version: 9, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Asinh, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Atan, since_version: 7, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Atan, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Atanh, since_version: 9, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Atanh, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Attention, since_version: 23, deprecated: false, inputs: ATTENTION_23_IN, outputs: ATTENTION_23_OUT, min_inputs: 3, max_inputs: 6, min_outputs: 1, max_outputs: 4, attributes: ATTENTION_23_ATTRS, type_constraints: ATTENTION_23_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Attention, since_version: 24, deprecated: false, inputs: ATTENTION_24_IN, outputs: ATTENTION_23_OUT, min_inputs: 3, max_inputs: 7, min_outputs: 1, max_outputs: 4, attributes: ATTENTION_23_ATTRS, type_constraints: ATTENTION_23_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Attention, since_version: 25, deprecated: false, inputs: ATTENTION_24_IN, outputs: ATTENTION_23_OUT, min_inputs: 3, max_inputs: 7, min_outputs: 1, max_outputs: 4, attributes: ATTENTION_25_ATTRS, type_constraints: ATTENTION_23_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::AveragePool, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: AVERAGEPOOL_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::AveragePool, since_version: 7, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: AVERAGEPOOL_7_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::AveragePool, since_version: 10, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: AVERAGEPOOL_10_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::AveragePool, since_version: 11, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: AVERAGEPOOL_10_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::AveragePool, since_version: 19, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: AVERAGEPOOL_19_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::AveragePool, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: AVERAGEPOOL_19_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BatchNormalization, since_version: 1, deprecated: false, inputs: BATCHNORMALIZATION_1_IN, outputs: BATCHNORMALIZATION_1_OUT, min_inputs: 5, max_inputs: 5, min_outputs: 1, max_outputs: 5, attributes: BATCHNORMALIZATION_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BatchNormalization, since_version: 6, deprecated: false, inputs: BATCHNORMALIZATION_1_IN, outputs: BATCHNORMALIZATION_1_OUT, min_inputs: 5, max_inputs: 5, min_outputs: 1, max_outputs: 5, attributes: BATCHNORMALIZATION_6_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BatchNormalization, since_version: 7, deprecated: false, inputs: BATCHNORMALIZATION_1_IN, outputs: BATCHNORMALIZATION_1_OUT, min_inputs: 5, max_inputs: 5, min_outputs: 1, max_outputs: 5, attributes: BATCHNORMALIZATION_7_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BatchNormalization, since_version: 9, deprecated: false, inputs: BATCHNORMALIZATION_1_IN, outputs: BATCHNORMALIZATION_1_OUT, min_inputs: 5, max_inputs: 5, min_outputs: 1, max_outputs: 5, attributes: BATCHNORMALIZATION_9_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BatchNormalization, since_version: 14, deprecated: false, inputs: BATCHNORMALIZATION_14_IN, outputs: BATCHNORMALIZATION_14_OUT, min_inputs: 5, max_inputs: 5, min_outputs: 1, max_outputs: 3, attributes: BATCHNORMALIZATION_14_ATTRS, type_constraints: BATCHNORMALIZATION_14_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BatchNormalization, since_version: 15, deprecated: false, inputs: BATCHNORMALIZATION_15_IN, outputs: BATCHNORMALIZATION_15_OUT, min_inputs: 5, max_inputs: 5, min_outputs: 1, max_outputs: 3, attributes: BATCHNORMALIZATION_14_ATTRS, type_constraints: BATCHNORMALIZATION_15_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Bernoulli, since_version: 15, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: BERNOULLI_15_ATTRS, type_constraints: BERNOULLI_15_TYPES, is_function: true, deterministic: false },
    OpSchema { op: OpType::Bernoulli, since_version: 22, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: BERNOULLI_15_ATTRS, type_constraints: BERNOULLI_22_TYPES, is_function: true, deterministic: false },
    OpSchema { op: OpType::BitCast, since_version: 26, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: BITCAST_26_ATTRS, type_constraints: BITCAST_26_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BitShift, since_version: 11, deprecated: false, inputs: BITSHIFT_11_IN, outputs: BITSHIFT_11_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: BITSHIFT_11_ATTRS, type_constraints: BITSHIFT_11_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BitShift, since_version: 28, deprecated: false, inputs: BITSHIFT_11_IN, outputs: BITSHIFT_11_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: BITSHIFT_11_ATTRS, type_constraints: BITSHIFT_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BitwiseAnd, since_version: 18, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: BITSHIFT_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BitwiseNot, since_version: 18, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: BITSHIFT_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BitwiseOr, since_version: 18, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: BITSHIFT_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BitwiseXor, since_version: 18, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: BITSHIFT_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::BlackmanWindow, since_version: 17, deprecated: false, inputs: BLACKMANWINDOW_17_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: BLACKMANWINDOW_17_ATTRS, type_constraints: BLACKMANWINDOW_17_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Cast, since_version: 1, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CAST_1_ATTRS, type_constraints: CAST_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cast, since_version: 6, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: BITCAST_26_ATTRS, type_constraints: CAST_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cast, since_version: 9, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: BITCAST_26_ATTRS, type_constraints: CAST_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cast, since_version: 13, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: BITCAST_26_ATTRS, type_constraints: CAST_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cast, since_version: 19, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CAST_19_ATTRS, type_constraints: CAST_19_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cast, since_version: 21, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CAST_19_ATTRS, type_constraints: CAST_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cast, since_version: 23, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CAST_19_ATTRS, type_constraints: CAST_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cast, since_version: 24, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CAST_24_ATTRS, type_constraints: CAST_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cast, since_version: 25, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CAST_24_ATTRS, type_constraints: CAST_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cast, since_version: 28, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CAST_24_ATTRS, type_constraints: CAST_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::CastLike, since_version: 15, deprecated: false, inputs: CASTLIKE_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CAST_13_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::CastLike, since_version: 19, deprecated: false, inputs: CASTLIKE_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: CASTLIKE_19_ATTRS, type_constraints: CAST_19_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::CastLike, since_version: 21, deprecated: false, inputs: CASTLIKE_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: CASTLIKE_19_ATTRS, type_constraints: CAST_21_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::CastLike, since_version: 23, deprecated: false, inputs: CASTLIKE_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: CASTLIKE_19_ATTRS, type_constraints: CAST_23_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::CastLike, since_version: 24, deprecated: false, inputs: CASTLIKE_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: CASTLIKE_24_ATTRS, type_constraints: CAST_24_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::CastLike, since_version: 25, deprecated: false, inputs: CASTLIKE_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: CASTLIKE_24_ATTRS, type_constraints: CAST_25_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::CausalConvWithState, since_version: 27, deprecated: false, inputs: CAUSALCONVWITHSTATE_27_IN, outputs: CAUSALCONVWITHSTATE_27_OUT, min_inputs: 2, max_inputs: 4, min_outputs: 2, max_outputs: 2, attributes: CAUSALCONVWITHSTATE_27_ATTRS, type_constraints: CAUSALCONVWITHSTATE_27_TYPES, is_function: true, deterministic: false },
    OpSchema { op: OpType::Ceil, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Ceil, since_version: 6, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Ceil, since_version: 13, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Celu, since_version: 12, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CELU_12_ATTRS, type_constraints: CELU_12_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Celu, since_version: 28, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CELU_12_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::CenterCropPad, since_version: 18, deprecated: false, inputs: CENTERCROPPAD_18_IN, outputs: CENTERCROPPAD_18_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: CENTERCROPPAD_18_ATTRS, type_constraints: CENTERCROPPAD_18_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Clip, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CLIP_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Clip, since_version: 6, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CLIP_6_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Clip, since_version: 11, deprecated: false, inputs: CLIP_11_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Clip, since_version: 12, deprecated: false, inputs: CLIP_11_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Clip, since_version: 13, deprecated: false, inputs: CLIP_11_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_13_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Col2Im, since_version: 18, deprecated: false, inputs: COL2IM_18_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: COL2IM_18_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Compress, since_version: 9, deprecated: false, inputs: COMPRESS_9_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: COMPRESS_9_ATTRS, type_constraints: COMPRESS_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Compress, since_version: 11, deprecated: false, inputs: COMPRESS_9_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: COMPRESS_9_ATTRS, type_constraints: COMPRESS_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Compress, since_version: 28, deprecated: false, inputs: COMPRESS_9_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: COMPRESS_9_ATTRS, type_constraints: COMPRESS_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Concat, since_version: 1, deprecated: false, inputs: CONCAT_1_IN, outputs: CONCAT_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: COMPRESS_9_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Concat, since_version: 4, deprecated: false, inputs: CONCAT_1_IN, outputs: CONCAT_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: CONCAT_4_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Concat, since_version: 11, deprecated: false, inputs: CONCAT_1_IN, outputs: CONCAT_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: CONCAT_4_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Concat, since_version: 13, deprecated: false, inputs: CONCAT_1_IN, outputs: CONCAT_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: CONCAT_4_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ConcatFromSequence, since_version: 11, deprecated: false, inputs: CONCATFROMSEQUENCE_11_IN, outputs: CONCAT_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CONCATFROMSEQUENCE_11_ATTRS, type_constraints: CONCATFROMSEQUENCE_11_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Constant, since_version: 1, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: CONSTANT_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Constant, since_version: 9, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: CONSTANT_1_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Constant, since_version: 11, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: CONSTANT_11_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Constant, since_version: 12, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: CONSTANT_12_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Constant, since_version: 13, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: CONSTANT_12_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Constant, since_version: 19, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: CONSTANT_12_ATTRS, type_constraints: CONSTANT_19_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Constant, since_version: 21, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: CONSTANT_12_ATTRS, type_constraints: CONSTANT_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Constant, since_version: 23, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: CONSTANT_12_ATTRS, type_constraints: CONSTANT_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Constant, since_version: 24, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: CONSTANT_12_ATTRS, type_constraints: CONSTANT_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Constant, since_version: 25, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: CONSTANT_12_ATTRS, type_constraints: CONSTANT_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ConstantOfShape, since_version: 9, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CONSTANTOFSHAPE_9_ATTRS, type_constraints: CONSTANTOFSHAPE_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ConstantOfShape, since_version: 20, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CONSTANTOFSHAPE_9_ATTRS, type_constraints: CONSTANTOFSHAPE_20_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ConstantOfShape, since_version: 21, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CONSTANTOFSHAPE_9_ATTRS, type_constraints: CONSTANTOFSHAPE_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ConstantOfShape, since_version: 23, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CONSTANTOFSHAPE_9_ATTRS, type_constraints: CONSTANTOFSHAPE_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ConstantOfShape, since_version: 24, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CONSTANTOFSHAPE_9_ATTRS, type_constraints: CONSTANTOFSHAPE_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ConstantOfShape, since_version: 25, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CONSTANTOFSHAPE_9_ATTRS, type_constraints: CONSTANTOFSHAPE_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Conv, since_version: 1, deprecated: false, inputs: CONV_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: CONV_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Conv, since_version: 11, deprecated: false, inputs: CONV_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: CONV_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Conv, since_version: 22, deprecated: false, inputs: CONV_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: CONV_1_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ConvInteger, since_version: 10, deprecated: false, inputs: CONVINTEGER_10_IN, outputs: CONVINTEGER_10_OUT, min_inputs: 2, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: CONV_1_ATTRS, type_constraints: CONVINTEGER_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ConvTranspose, since_version: 1, deprecated: false, inputs: CONV_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: CONVTRANSPOSE_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ConvTranspose, since_version: 11, deprecated: false, inputs: CONV_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: CONVTRANSPOSE_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ConvTranspose, since_version: 22, deprecated: false, inputs: CONV_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: CONVTRANSPOSE_1_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cos, since_version: 7, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cos, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cosh, since_version: 9, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Cosh, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::CumProd, since_version: 26, deprecated: false, inputs: CUMPROD_26_IN, outputs: CUMPROD_26_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: CUMPROD_26_ATTRS, type_constraints: CUMPROD_26_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::CumSum, since_version: 11, deprecated: false, inputs: CUMPROD_26_IN, outputs: CUMPROD_26_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: CUMPROD_26_ATTRS, type_constraints: CUMSUM_11_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::CumSum, since_version: 14, deprecated: false, inputs: CUMPROD_26_IN, outputs: CUMPROD_26_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: CUMPROD_26_ATTRS, type_constraints: CUMPROD_26_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DFT, since_version: 17, deprecated: false, inputs: DFT_17_IN, outputs: DFT_17_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: DFT_17_ATTRS, type_constraints: DFT_17_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DFT, since_version: 20, deprecated: false, inputs: DFT_20_IN, outputs: DFT_17_OUT, min_inputs: 1, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: DFT_20_ATTRS, type_constraints: DFT_17_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DeformConv, since_version: 19, deprecated: false, inputs: DEFORMCONV_19_IN, outputs: ABS_1_OUT, min_inputs: 3, max_inputs: 5, min_outputs: 1, max_outputs: 1, attributes: DEFORMCONV_19_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DeformConv, since_version: 22, deprecated: false, inputs: DEFORMCONV_19_IN, outputs: ABS_1_OUT, min_inputs: 3, max_inputs: 5, min_outputs: 1, max_outputs: 1, attributes: DEFORMCONV_19_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DepthToSpace, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEPTHTOSPACE_1_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DepthToSpace, since_version: 11, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEPTHTOSPACE_11_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DepthToSpace, since_version: 13, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEPTHTOSPACE_11_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DepthToSpace, since_version: 28, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEPTHTOSPACE_11_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: true, deterministic: false },
    OpSchema { op: OpType::DequantizeLinear, since_version: 10, deprecated: false, inputs: DEQUANTIZELINEAR_10_IN, outputs: DEQUANTIZELINEAR_10_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: DEQUANTIZELINEAR_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DequantizeLinear, since_version: 13, deprecated: false, inputs: DEQUANTIZELINEAR_10_IN, outputs: DEQUANTIZELINEAR_10_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: DEQUANTIZELINEAR_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DequantizeLinear, since_version: 19, deprecated: false, inputs: DEQUANTIZELINEAR_19_IN, outputs: DEQUANTIZELINEAR_19_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: DEQUANTIZELINEAR_19_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DequantizeLinear, since_version: 21, deprecated: false, inputs: DEQUANTIZELINEAR_19_IN, outputs: DEQUANTIZELINEAR_19_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_21_ATTRS, type_constraints: DEQUANTIZELINEAR_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DequantizeLinear, since_version: 23, deprecated: false, inputs: DEQUANTIZELINEAR_19_IN, outputs: CONVINTEGER_10_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_23_ATTRS, type_constraints: DEQUANTIZELINEAR_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DequantizeLinear, since_version: 24, deprecated: false, inputs: DEQUANTIZELINEAR_19_IN, outputs: CONVINTEGER_10_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_23_ATTRS, type_constraints: DEQUANTIZELINEAR_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DequantizeLinear, since_version: 25, deprecated: false, inputs: DEQUANTIZELINEAR_19_IN, outputs: CONVINTEGER_10_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_23_ATTRS, type_constraints: DEQUANTIZELINEAR_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DequantizeLinear, since_version: 28, deprecated: false, inputs: DEQUANTIZELINEAR_19_IN, outputs: CONVINTEGER_10_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_23_ATTRS, type_constraints: DEQUANTIZELINEAR_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Det, since_version: 11, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Det, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Div, since_version: 1, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Div, since_version: 6, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_6_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Div, since_version: 7, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Div, since_version: 13, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Div, since_version: 14, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Dropout, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: DROPOUT_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 2, attributes: DROPOUT_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Dropout, since_version: 6, deprecated: false, inputs: ARGMAX_1_IN, outputs: DROPOUT_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 2, attributes: DROPOUT_6_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Dropout, since_version: 7, deprecated: false, inputs: ARGMAX_1_IN, outputs: DROPOUT_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 2, attributes: DROPOUT_7_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Dropout, since_version: 10, deprecated: false, inputs: ARGMAX_1_IN, outputs: DROPOUT_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 2, attributes: DROPOUT_7_ATTRS, type_constraints: DROPOUT_10_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Dropout, since_version: 12, deprecated: false, inputs: DROPOUT_12_IN, outputs: DROPOUT_12_OUT, min_inputs: 1, max_inputs: 3, min_outputs: 1, max_outputs: 2, attributes: DROPOUT_12_ATTRS, type_constraints: DROPOUT_12_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Dropout, since_version: 13, deprecated: false, inputs: DROPOUT_12_IN, outputs: DROPOUT_12_OUT, min_inputs: 1, max_inputs: 3, min_outputs: 1, max_outputs: 2, attributes: DROPOUT_12_ATTRS, type_constraints: DROPOUT_13_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Dropout, since_version: 22, deprecated: false, inputs: DROPOUT_12_IN, outputs: DROPOUT_12_OUT, min_inputs: 1, max_inputs: 3, min_outputs: 1, max_outputs: 2, attributes: DROPOUT_12_ATTRS, type_constraints: DROPOUT_22_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::DynamicQuantizeLinear, since_version: 11, deprecated: false, inputs: DYNAMICQUANTIZELINEAR_11_IN, outputs: DYNAMICQUANTIZELINEAR_11_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 3, max_outputs: 3, attributes: &[], type_constraints: DYNAMICQUANTIZELINEAR_11_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Einsum, since_version: 12, deprecated: false, inputs: EINSUM_12_IN, outputs: EINSUM_12_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: EINSUM_12_ATTRS, type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Einsum, since_version: 28, deprecated: false, inputs: EINSUM_12_IN, outputs: EINSUM_12_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: EINSUM_12_ATTRS, type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Elu, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ELU_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Elu, since_version: 6, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CELU_12_ATTRS, type_constraints: ABS_1_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Elu, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CELU_12_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Equal, since_version: 1, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_6_ATTRS, type_constraints: EQUAL_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Equal, since_version: 7, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: EQUAL_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Equal, since_version: 11, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: EQUAL_11_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Equal, since_version: 13, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: EQUAL_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Equal, since_version: 19, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: EQUAL_19_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Erf, since_version: 9, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Erf, since_version: 13, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Exp, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Exp, since_version: 6, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Exp, since_version: 13, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Expand, since_version: 8, deprecated: false, inputs: EXPAND_8_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Expand, since_version: 13, deprecated: false, inputs: EXPAND_8_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::EyeLike, since_version: 9, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: EYELIKE_9_ATTRS, type_constraints: CAST_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::EyeLike, since_version: 22, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: EYELIKE_9_ATTRS, type_constraints: EYELIKE_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Flatten, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Flatten, since_version: 9, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Flatten, since_version: 11, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Flatten, since_version: 13, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Flatten, since_version: 21, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: CONSTANT_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Flatten, since_version: 23, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: CONSTANT_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Flatten, since_version: 24, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: CONSTANT_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Flatten, since_version: 25, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: CONSTANT_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Floor, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Floor, since_version: 6, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Floor, since_version: 13, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GRU, since_version: 1, deprecated: false, inputs: GRU_1_IN, outputs: GRU_1_OUT, min_inputs: 3, max_inputs: 6, min_outputs: 2, max_outputs: 2, attributes: GRU_1_ATTRS, type_constraints: GRU_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GRU, since_version: 3, deprecated: false, inputs: GRU_1_IN, outputs: GRU_3_OUT, min_inputs: 3, max_inputs: 6, min_outputs: 0, max_outputs: 2, attributes: GRU_3_ATTRS, type_constraints: GRU_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GRU, since_version: 7, deprecated: false, inputs: GRU_1_IN, outputs: GRU_3_OUT, min_inputs: 3, max_inputs: 6, min_outputs: 0, max_outputs: 2, attributes: GRU_7_ATTRS, type_constraints: GRU_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GRU, since_version: 14, deprecated: false, inputs: GRU_1_IN, outputs: GRU_3_OUT, min_inputs: 3, max_inputs: 6, min_outputs: 0, max_outputs: 2, attributes: GRU_14_ATTRS, type_constraints: GRU_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GRU, since_version: 22, deprecated: false, inputs: GRU_1_IN, outputs: GRU_3_OUT, min_inputs: 3, max_inputs: 6, min_outputs: 0, max_outputs: 2, attributes: GRU_14_ATTRS, type_constraints: GRU_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Gather, since_version: 1, deprecated: false, inputs: GATHER_1_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: GATHER_1_ATTRS, type_constraints: GATHER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Gather, since_version: 11, deprecated: false, inputs: GATHER_1_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: GATHER_1_ATTRS, type_constraints: GATHER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Gather, since_version: 13, deprecated: false, inputs: GATHER_1_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: GATHER_1_ATTRS, type_constraints: CENTERCROPPAD_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GatherElements, since_version: 11, deprecated: false, inputs: GATHER_1_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: GATHER_1_ATTRS, type_constraints: GATHER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GatherElements, since_version: 13, deprecated: false, inputs: GATHER_1_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: GATHER_1_ATTRS, type_constraints: CENTERCROPPAD_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GatherND, since_version: 11, deprecated: false, inputs: GATHERND_11_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GatherND, since_version: 12, deprecated: false, inputs: GATHERND_11_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: GATHERND_12_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GatherND, since_version: 13, deprecated: false, inputs: GATHERND_11_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: GATHERND_12_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Gelu, since_version: 20, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: GELU_20_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Gemm, since_version: 1, deprecated: false, inputs: GEMM_1_IN, outputs: ABS_1_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: GEMM_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Gemm, since_version: 6, deprecated: false, inputs: GEMM_1_IN, outputs: ABS_1_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: GEMM_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Gemm, since_version: 7, deprecated: false, inputs: GEMM_1_IN, outputs: ABS_1_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: GEMM_7_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Gemm, since_version: 9, deprecated: false, inputs: GEMM_1_IN, outputs: ABS_1_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: GEMM_7_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Gemm, since_version: 11, deprecated: false, inputs: GEMM_11_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: GEMM_7_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Gemm, since_version: 13, deprecated: false, inputs: GEMM_11_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: GEMM_7_ATTRS, type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GlobalAveragePool, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GlobalAveragePool, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GlobalLpPool, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: GLOBALLPPOOL_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GlobalLpPool, since_version: 2, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: GLOBALLPPOOL_2_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GlobalLpPool, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: GLOBALLPPOOL_2_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GlobalMaxPool, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GlobalMaxPool, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Greater, since_version: 1, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_6_ATTRS, type_constraints: DROPOUT_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Greater, since_version: 7, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: DROPOUT_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Greater, since_version: 9, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: GREATER_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Greater, since_version: 13, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: GREATER_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GreaterOrEqual, since_version: 12, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: GREATER_9_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::GreaterOrEqual, since_version: 16, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: GREATER_13_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::GridSample, since_version: 16, deprecated: false, inputs: GRIDSAMPLE_16_IN, outputs: GRIDSAMPLE_16_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: GRIDSAMPLE_16_ATTRS, type_constraints: GRIDSAMPLE_16_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GridSample, since_version: 20, deprecated: false, inputs: GRIDSAMPLE_16_IN, outputs: GRIDSAMPLE_16_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: GRIDSAMPLE_20_ATTRS, type_constraints: GRIDSAMPLE_16_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GridSample, since_version: 22, deprecated: false, inputs: GRIDSAMPLE_16_IN, outputs: GRIDSAMPLE_16_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: GRIDSAMPLE_20_ATTRS, type_constraints: GRIDSAMPLE_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::GroupNormalization, since_version: 18, deprecated: true, inputs: GROUPNORMALIZATION_18_IN, outputs: ABS_1_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: GROUPNORMALIZATION_18_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::GroupNormalization, since_version: 21, deprecated: false, inputs: GROUPNORMALIZATION_18_IN, outputs: ABS_1_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: GROUPNORMALIZATION_21_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::HammingWindow, since_version: 17, deprecated: false, inputs: BLACKMANWINDOW_17_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: BLACKMANWINDOW_17_ATTRS, type_constraints: BLACKMANWINDOW_17_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::HannWindow, since_version: 17, deprecated: false, inputs: BLACKMANWINDOW_17_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: BLACKMANWINDOW_17_ATTRS, type_constraints: BLACKMANWINDOW_17_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::HardSigmoid, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: HARDSIGMOID_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::HardSigmoid, since_version: 6, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: HARDSIGMOID_6_ATTRS, type_constraints: ABS_1_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::HardSigmoid, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: HARDSIGMOID_6_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::HardSwish, since_version: 14, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::HardSwish, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Hardmax, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Hardmax, since_version: 11, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Hardmax, since_version: 13, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: HARDMAX_13_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Identity, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Identity, since_version: 13, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Identity, since_version: 14, deprecated: false, inputs: IDENTITY_14_IN, outputs: IDENTITY_14_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: IDENTITY_14_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Identity, since_version: 16, deprecated: false, inputs: IDENTITY_14_IN, outputs: IDENTITY_14_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: IDENTITY_16_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Identity, since_version: 19, deprecated: false, inputs: IDENTITY_14_IN, outputs: IDENTITY_14_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: IDENTITY_19_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Identity, since_version: 21, deprecated: false, inputs: IDENTITY_14_IN, outputs: IDENTITY_14_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: IDENTITY_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Identity, since_version: 23, deprecated: false, inputs: IDENTITY_14_IN, outputs: IDENTITY_14_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: IDENTITY_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Identity, since_version: 24, deprecated: false, inputs: IDENTITY_14_IN, outputs: IDENTITY_14_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: IDENTITY_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Identity, since_version: 25, deprecated: false, inputs: IDENTITY_14_IN, outputs: IDENTITY_14_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: IDENTITY_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::If, since_version: 1, deprecated: false, inputs: IF_1_IN, outputs: IF_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: MANY, attributes: IF_1_ATTRS, type_constraints: IF_1_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::If, since_version: 11, deprecated: false, inputs: IF_1_IN, outputs: IF_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: MANY, attributes: IF_1_ATTRS, type_constraints: IF_1_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::If, since_version: 13, deprecated: false, inputs: IF_1_IN, outputs: IF_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: MANY, attributes: IF_1_ATTRS, type_constraints: IF_13_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::If, since_version: 16, deprecated: false, inputs: IF_1_IN, outputs: IF_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: MANY, attributes: IF_1_ATTRS, type_constraints: IF_16_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::If, since_version: 19, deprecated: false, inputs: IF_1_IN, outputs: IF_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: MANY, attributes: IF_1_ATTRS, type_constraints: IF_19_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::If, since_version: 21, deprecated: false, inputs: IF_1_IN, outputs: IF_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: MANY, attributes: IF_1_ATTRS, type_constraints: IF_21_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::If, since_version: 23, deprecated: false, inputs: IF_1_IN, outputs: IF_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: MANY, attributes: IF_1_ATTRS, type_constraints: IF_23_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::If, since_version: 24, deprecated: false, inputs: IF_1_IN, outputs: IF_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: MANY, attributes: IF_1_ATTRS, type_constraints: IF_24_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::If, since_version: 25, deprecated: false, inputs: IF_1_IN, outputs: IF_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: MANY, attributes: IF_1_ATTRS, type_constraints: IF_25_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::ImageDecoder, since_version: 20, deprecated: false, inputs: IMAGEDECODER_20_IN, outputs: IMAGEDECODER_20_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: IMAGEDECODER_20_ATTRS, type_constraints: IMAGEDECODER_20_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::InstanceNormalization, since_version: 1, deprecated: false, inputs: INSTANCENORMALIZATION_1_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: INSTANCENORMALIZATION_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::InstanceNormalization, since_version: 6, deprecated: false, inputs: INSTANCENORMALIZATION_1_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: INSTANCENORMALIZATION_6_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::InstanceNormalization, since_version: 22, deprecated: false, inputs: INSTANCENORMALIZATION_1_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: INSTANCENORMALIZATION_6_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::IsInf, since_version: 10, deprecated: false, inputs: ISINF_10_IN, outputs: ISINF_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ISINF_10_ATTRS, type_constraints: ISINF_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::IsInf, since_version: 20, deprecated: false, inputs: ISINF_10_IN, outputs: ISINF_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ISINF_10_ATTRS, type_constraints: ISINF_20_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::IsNaN, since_version: 9, deprecated: false, inputs: ISINF_10_IN, outputs: ISINF_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ISNAN_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::IsNaN, since_version: 13, deprecated: false, inputs: ISINF_10_IN, outputs: ISINF_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ISNAN_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::IsNaN, since_version: 20, deprecated: false, inputs: ISINF_10_IN, outputs: ISINF_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ISINF_20_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LRN, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LRN_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LRN, since_version: 13, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LRN_1_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LSTM, since_version: 1, deprecated: false, inputs: LSTM_1_IN, outputs: LSTM_1_OUT, min_inputs: 3, max_inputs: 8, min_outputs: 0, max_outputs: 3, attributes: LSTM_1_ATTRS, type_constraints: GRU_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LSTM, since_version: 7, deprecated: false, inputs: LSTM_1_IN, outputs: LSTM_1_OUT, min_inputs: 3, max_inputs: 8, min_outputs: 0, max_outputs: 3, attributes: LSTM_7_ATTRS, type_constraints: GRU_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LSTM, since_version: 14, deprecated: false, inputs: LSTM_1_IN, outputs: LSTM_1_OUT, min_inputs: 3, max_inputs: 8, min_outputs: 0, max_outputs: 3, attributes: LSTM_14_ATTRS, type_constraints: GRU_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LSTM, since_version: 22, deprecated: false, inputs: LSTM_1_IN, outputs: LSTM_1_OUT, min_inputs: 3, max_inputs: 8, min_outputs: 0, max_outputs: 3, attributes: LSTM_14_ATTRS, type_constraints: GRU_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LayerNormalization, since_version: 17, deprecated: false, inputs: LAYERNORMALIZATION_17_IN, outputs: LAYERNORMALIZATION_17_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 3, attributes: LAYERNORMALIZATION_17_ATTRS, type_constraints: LAYERNORMALIZATION_17_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::LeakyRelu, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LEAKYRELU_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LeakyRelu, since_version: 6, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LEAKYRELU_6_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LeakyRelu, since_version: 16, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LEAKYRELU_6_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Less, since_version: 1, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_6_ATTRS, type_constraints: DROPOUT_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Less, since_version: 7, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: DROPOUT_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Less, since_version: 9, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: GREATER_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Less, since_version: 13, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: GREATER_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LessOrEqual, since_version: 12, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: GREATER_9_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::LessOrEqual, since_version: 16, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: GREATER_13_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::LinearAttention, since_version: 27, deprecated: false, inputs: LINEARATTENTION_27_IN, outputs: LINEARATTENTION_27_OUT, min_inputs: 3, max_inputs: 6, min_outputs: 2, max_outputs: 2, attributes: LINEARATTENTION_27_ATTRS, type_constraints: LINEARATTENTION_27_TYPES, is_function: true, deterministic: false },
    OpSchema { op: OpType::Log, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Log, since_version: 6, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Log, since_version: 13, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LogSoftmax, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LogSoftmax, since_version: 11, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LogSoftmax, since_version: 13, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: HARDMAX_13_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Loop, since_version: 1, deprecated: false, inputs: LOOP_1_IN, outputs: LOOP_1_OUT, min_inputs: 3, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: LOOP_1_ATTRS, type_constraints: LOOP_1_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Loop, since_version: 11, deprecated: false, inputs: LOOP_1_IN, outputs: LOOP_1_OUT, min_inputs: 2, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: LOOP_1_ATTRS, type_constraints: LOOP_1_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Loop, since_version: 13, deprecated: false, inputs: LOOP_1_IN, outputs: LOOP_1_OUT, min_inputs: 2, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: LOOP_1_ATTRS, type_constraints: LOOP_13_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Loop, since_version: 16, deprecated: false, inputs: LOOP_1_IN, outputs: LOOP_1_OUT, min_inputs: 2, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: LOOP_1_ATTRS, type_constraints: LOOP_16_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Loop, since_version: 19, deprecated: false, inputs: LOOP_1_IN, outputs: LOOP_1_OUT, min_inputs: 2, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: LOOP_1_ATTRS, type_constraints: LOOP_19_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Loop, since_version: 21, deprecated: false, inputs: LOOP_1_IN, outputs: LOOP_1_OUT, min_inputs: 2, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: LOOP_1_ATTRS, type_constraints: LOOP_21_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Loop, since_version: 23, deprecated: false, inputs: LOOP_1_IN, outputs: LOOP_1_OUT, min_inputs: 2, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: LOOP_1_ATTRS, type_constraints: LOOP_23_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Loop, since_version: 24, deprecated: false, inputs: LOOP_1_IN, outputs: LOOP_1_OUT, min_inputs: 2, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: LOOP_1_ATTRS, type_constraints: LOOP_24_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Loop, since_version: 25, deprecated: false, inputs: LOOP_1_IN, outputs: LOOP_1_OUT, min_inputs: 2, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: LOOP_1_ATTRS, type_constraints: LOOP_25_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::LpNormalization, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LPNORMALIZATION_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LpNormalization, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LPNORMALIZATION_1_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LpPool, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LPPOOL_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LpPool, since_version: 2, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LPPOOL_2_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LpPool, since_version: 11, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LPPOOL_2_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LpPool, since_version: 18, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LPPOOL_18_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LpPool, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LPPOOL_18_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MatMul, since_version: 1, deprecated: false, inputs: ADD_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MatMul, since_version: 9, deprecated: false, inputs: ADD_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MatMul, since_version: 13, deprecated: false, inputs: ADD_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MatMulInteger, since_version: 10, deprecated: false, inputs: MATMULINTEGER_10_IN, outputs: MATMULINTEGER_10_OUT, min_inputs: 2, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONVINTEGER_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Max, since_version: 1, deprecated: false, inputs: MAX_1_IN, outputs: MAX_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Max, since_version: 6, deprecated: false, inputs: MAX_1_IN, outputs: MAX_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Max, since_version: 8, deprecated: false, inputs: MAX_1_IN, outputs: MAX_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Max, since_version: 12, deprecated: false, inputs: MAX_1_IN, outputs: MAX_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Max, since_version: 13, deprecated: false, inputs: MAX_1_IN, outputs: MAX_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MaxPool, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: AVERAGEPOOL_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MaxPool, since_version: 8, deprecated: false, inputs: ABS_1_IN, outputs: MAXPOOL_8_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 2, attributes: MAXPOOL_8_ATTRS, type_constraints: MAXPOOL_8_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MaxPool, since_version: 10, deprecated: false, inputs: ABS_1_IN, outputs: MAXPOOL_8_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 2, attributes: MAXPOOL_10_ATTRS, type_constraints: MAXPOOL_8_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MaxPool, since_version: 11, deprecated: false, inputs: ABS_1_IN, outputs: MAXPOOL_8_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 2, attributes: MAXPOOL_10_ATTRS, type_constraints: MAXPOOL_8_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MaxPool, since_version: 12, deprecated: false, inputs: ABS_1_IN, outputs: MAXPOOL_8_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 2, attributes: MAXPOOL_10_ATTRS, type_constraints: MAXPOOL_12_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MaxPool, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: MAXPOOL_8_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 2, attributes: MAXPOOL_10_ATTRS, type_constraints: MAXPOOL_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MaxRoiPool, since_version: 1, deprecated: false, inputs: MAXROIPOOL_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: MAXROIPOOL_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MaxRoiPool, since_version: 22, deprecated: false, inputs: MAXROIPOOL_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: MAXROIPOOL_1_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MaxUnpool, since_version: 9, deprecated: false, inputs: MAXUNPOOL_9_IN, outputs: DFT_17_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: MAXUNPOOL_9_ATTRS, type_constraints: MAXUNPOOL_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MaxUnpool, since_version: 11, deprecated: false, inputs: MAXUNPOOL_9_IN, outputs: DFT_17_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: MAXUNPOOL_9_ATTRS, type_constraints: MAXUNPOOL_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MaxUnpool, since_version: 22, deprecated: false, inputs: MAXUNPOOL_9_IN, outputs: DFT_17_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: MAXUNPOOL_9_ATTRS, type_constraints: AFFINEGRID_20_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Mean, since_version: 1, deprecated: false, inputs: MAX_1_IN, outputs: MEAN_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Mean, since_version: 6, deprecated: false, inputs: MAX_1_IN, outputs: MEAN_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Mean, since_version: 8, deprecated: false, inputs: MAX_1_IN, outputs: MEAN_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Mean, since_version: 13, deprecated: false, inputs: MAX_1_IN, outputs: MEAN_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::MeanVarianceNormalization, since_version: 9, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: MEANVARIANCENORMALIZATION_9_ATTRS, type_constraints: ABS_1_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::MeanVarianceNormalization, since_version: 13, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: MEANVARIANCENORMALIZATION_9_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::MelWeightMatrix, since_version: 17, deprecated: false, inputs: MELWEIGHTMATRIX_17_IN, outputs: MELWEIGHTMATRIX_17_OUT, min_inputs: 5, max_inputs: 5, min_outputs: 1, max_outputs: 1, attributes: MELWEIGHTMATRIX_17_ATTRS, type_constraints: MELWEIGHTMATRIX_17_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Min, since_version: 1, deprecated: false, inputs: MAX_1_IN, outputs: MIN_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Min, since_version: 6, deprecated: false, inputs: MAX_1_IN, outputs: MIN_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Min, since_version: 8, deprecated: false, inputs: MAX_1_IN, outputs: MIN_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Min, since_version: 12, deprecated: false, inputs: MAX_1_IN, outputs: MIN_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Min, since_version: 13, deprecated: false, inputs: MAX_1_IN, outputs: MIN_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Mish, since_version: 18, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Mish, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Mod, since_version: 10, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: MOD_10_ATTRS, type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Mod, since_version: 13, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: MOD_10_ATTRS, type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Mod, since_version: 28, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: MOD_10_ATTRS, type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Mul, since_version: 1, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Mul, since_version: 6, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_6_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Mul, since_version: 7, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Mul, since_version: 13, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Mul, since_version: 14, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Multinomial, since_version: 7, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: MULTINOMIAL_7_ATTRS, type_constraints: MULTINOMIAL_7_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Multinomial, since_version: 22, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: MULTINOMIAL_7_ATTRS, type_constraints: DFT_17_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Neg, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Neg, since_version: 6, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: NEG_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Neg, since_version: 13, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: NEG_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::NegativeLogLikelihoodLoss, since_version: 12, deprecated: false, inputs: NEGATIVELOGLIKELIHOODLOSS_12_IN, outputs: NEGATIVELOGLIKELIHOODLOSS_12_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: NEGATIVELOGLIKELIHOODLOSS_12_ATTRS, type_constraints: NEGATIVELOGLIKELIHOODLOSS_12_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::NegativeLogLikelihoodLoss, since_version: 13, deprecated: false, inputs: NEGATIVELOGLIKELIHOODLOSS_12_IN, outputs: NEGATIVELOGLIKELIHOODLOSS_12_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: NEGATIVELOGLIKELIHOODLOSS_12_ATTRS, type_constraints: NEGATIVELOGLIKELIHOODLOSS_12_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::NegativeLogLikelihoodLoss, since_version: 22, deprecated: false, inputs: NEGATIVELOGLIKELIHOODLOSS_12_IN, outputs: NEGATIVELOGLIKELIHOODLOSS_12_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: NEGATIVELOGLIKELIHOODLOSS_12_ATTRS, type_constraints: NEGATIVELOGLIKELIHOODLOSS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::NonMaxSuppression, since_version: 10, deprecated: false, inputs: NONMAXSUPPRESSION_10_IN, outputs: NONMAXSUPPRESSION_10_OUT, min_inputs: 2, max_inputs: 5, min_outputs: 1, max_outputs: 1, attributes: NONMAXSUPPRESSION_10_ATTRS, type_constraints: &[], is_function: false, deterministic: true },
    OpSchema { op: OpType::NonMaxSuppression, since_version: 11, deprecated: false, inputs: NONMAXSUPPRESSION_10_IN, outputs: NONMAXSUPPRESSION_10_OUT, min_inputs: 2, max_inputs: 5, min_outputs: 1, max_outputs: 1, attributes: NONMAXSUPPRESSION_10_ATTRS, type_constraints: &[], is_function: false, deterministic: true },
    OpSchema { op: OpType::NonZero, since_version: 9, deprecated: false, inputs: ABS_1_IN, outputs: NONZERO_9_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::NonZero, since_version: 13, deprecated: false, inputs: ABS_1_IN, outputs: NONZERO_9_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Not, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: NOT_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::OneHot, since_version: 9, deprecated: false, inputs: ONEHOT_9_IN, outputs: MELWEIGHTMATRIX_17_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: HARDMAX_13_ATTRS, type_constraints: ONEHOT_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::OneHot, since_version: 11, deprecated: false, inputs: ONEHOT_9_IN, outputs: MELWEIGHTMATRIX_17_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: HARDMAX_13_ATTRS, type_constraints: ONEHOT_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::OneHot, since_version: 28, deprecated: false, inputs: ONEHOT_9_IN, outputs: MELWEIGHTMATRIX_17_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: HARDMAX_13_ATTRS, type_constraints: ONEHOT_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Optional, since_version: 15, deprecated: false, inputs: OPTIONAL_15_IN, outputs: OPTIONAL_15_OUT, min_inputs: 0, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: OPTIONAL_15_ATTRS, type_constraints: OPTIONAL_15_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Optional, since_version: 28, deprecated: false, inputs: OPTIONAL_15_IN, outputs: OPTIONAL_15_OUT, min_inputs: 0, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: OPTIONAL_15_ATTRS, type_constraints: OPTIONAL_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::OptionalGetElement, since_version: 15, deprecated: false, inputs: OPTIONALGETELEMENT_15_IN, outputs: IDENTITY_14_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: OPTIONAL_15_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::OptionalGetElement, since_version: 18, deprecated: false, inputs: OPTIONALGETELEMENT_15_IN, outputs: IDENTITY_14_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: OPTIONALGETELEMENT_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::OptionalGetElement, since_version: 28, deprecated: false, inputs: OPTIONALGETELEMENT_15_IN, outputs: IDENTITY_14_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: OPTIONALGETELEMENT_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::OptionalHasElement, since_version: 15, deprecated: false, inputs: OPTIONALGETELEMENT_15_IN, outputs: OPTIONALHASELEMENT_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: OPTIONALHASELEMENT_15_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::OptionalHasElement, since_version: 18, deprecated: false, inputs: OPTIONALHASELEMENT_18_IN, outputs: OPTIONALHASELEMENT_15_OUT, min_inputs: 0, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: OPTIONALHASELEMENT_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::OptionalHasElement, since_version: 28, deprecated: false, inputs: OPTIONALHASELEMENT_18_IN, outputs: OPTIONALHASELEMENT_15_OUT, min_inputs: 0, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: OPTIONALHASELEMENT_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Or, since_version: 1, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_6_ATTRS, type_constraints: AND_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Or, since_version: 7, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: AND_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::PRelu, since_version: 1, deprecated: false, inputs: PRELU_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::PRelu, since_version: 6, deprecated: false, inputs: PRELU_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::PRelu, since_version: 7, deprecated: false, inputs: PRELU_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::PRelu, since_version: 9, deprecated: false, inputs: PRELU_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::PRelu, since_version: 16, deprecated: false, inputs: PRELU_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ADD_13_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Pad, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: PAD_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pad, since_version: 2, deprecated: false, inputs: ARGMAX_1_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: PAD_2_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pad, since_version: 11, deprecated: false, inputs: PAD_11_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: PAD_11_ATTRS, type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pad, since_version: 13, deprecated: false, inputs: PAD_11_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: PAD_11_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pad, since_version: 18, deprecated: false, inputs: PAD_18_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: PAD_11_ATTRS, type_constraints: CENTERCROPPAD_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pad, since_version: 19, deprecated: false, inputs: PAD_18_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: PAD_11_ATTRS, type_constraints: CENTERCROPPAD_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pad, since_version: 21, deprecated: false, inputs: PAD_18_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: PAD_11_ATTRS, type_constraints: PAD_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pad, since_version: 23, deprecated: false, inputs: PAD_18_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: PAD_11_ATTRS, type_constraints: PAD_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pad, since_version: 24, deprecated: false, inputs: PAD_18_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: PAD_11_ATTRS, type_constraints: PAD_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pad, since_version: 25, deprecated: false, inputs: PAD_18_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: PAD_11_ATTRS, type_constraints: PAD_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pow, since_version: 1, deprecated: false, inputs: BITSHIFT_11_IN, outputs: BITSHIFT_11_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_6_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pow, since_version: 7, deprecated: false, inputs: BITSHIFT_11_IN, outputs: BITSHIFT_11_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pow, since_version: 12, deprecated: false, inputs: POW_12_IN, outputs: BITSHIFT_11_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: POW_12_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pow, since_version: 13, deprecated: false, inputs: POW_12_IN, outputs: BITSHIFT_11_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: POW_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Pow, since_version: 15, deprecated: false, inputs: POW_12_IN, outputs: BITSHIFT_11_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: POW_15_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::QLinearConv, since_version: 10, deprecated: false, inputs: QLINEARCONV_10_IN, outputs: CONVINTEGER_10_OUT, min_inputs: 8, max_inputs: 9, min_outputs: 1, max_outputs: 1, attributes: CONV_1_ATTRS, type_constraints: QLINEARCONV_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::QLinearMatMul, since_version: 10, deprecated: false, inputs: QLINEARMATMUL_10_IN, outputs: CONVINTEGER_10_OUT, min_inputs: 8, max_inputs: 8, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: QLINEARMATMUL_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::QLinearMatMul, since_version: 21, deprecated: false, inputs: QLINEARMATMUL_21_IN, outputs: CONVINTEGER_10_OUT, min_inputs: 8, max_inputs: 8, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: QLINEARMATMUL_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::QuantizeLinear, since_version: 10, deprecated: false, inputs: QUANTIZELINEAR_10_IN, outputs: DEQUANTIZELINEAR_19_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: QUANTIZELINEAR_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::QuantizeLinear, since_version: 13, deprecated: false, inputs: QUANTIZELINEAR_10_IN, outputs: DEQUANTIZELINEAR_19_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: QUANTIZELINEAR_10_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::QuantizeLinear, since_version: 19, deprecated: false, inputs: QUANTIZELINEAR_19_IN, outputs: DEQUANTIZELINEAR_19_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: QUANTIZELINEAR_19_ATTRS, type_constraints: QUANTIZELINEAR_19_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::QuantizeLinear, since_version: 21, deprecated: false, inputs: QUANTIZELINEAR_19_IN, outputs: DEQUANTIZELINEAR_19_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: QUANTIZELINEAR_21_ATTRS, type_constraints: QUANTIZELINEAR_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::QuantizeLinear, since_version: 23, deprecated: false, inputs: QUANTIZELINEAR_23_IN, outputs: CONVINTEGER_10_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: QUANTIZELINEAR_23_ATTRS, type_constraints: QUANTIZELINEAR_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::QuantizeLinear, since_version: 24, deprecated: false, inputs: QUANTIZELINEAR_23_IN, outputs: CONVINTEGER_10_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: QUANTIZELINEAR_23_ATTRS, type_constraints: QUANTIZELINEAR_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::QuantizeLinear, since_version: 25, deprecated: false, inputs: QUANTIZELINEAR_23_IN, outputs: CONVINTEGER_10_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: QUANTIZELINEAR_23_ATTRS, type_constraints: QUANTIZELINEAR_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::QuantizeLinear, since_version: 28, deprecated: false, inputs: QUANTIZELINEAR_23_IN, outputs: CONVINTEGER_10_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: QUANTIZELINEAR_23_ATTRS, type_constraints: QUANTIZELINEAR_28_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::RMSNormalization, since_version: 23, deprecated: false, inputs: RMSNORMALIZATION_23_IN, outputs: RMSNORMALIZATION_23_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: LAYERNORMALIZATION_17_ATTRS, type_constraints: RMSNORMALIZATION_23_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::RNN, since_version: 1, deprecated: false, inputs: GRU_1_IN, outputs: GRU_3_OUT, min_inputs: 3, max_inputs: 6, min_outputs: 0, max_outputs: 2, attributes: RNN_1_ATTRS, type_constraints: GRU_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::RNN, since_version: 7, deprecated: false, inputs: GRU_1_IN, outputs: GRU_3_OUT, min_inputs: 3, max_inputs: 6, min_outputs: 0, max_outputs: 2, attributes: RNN_7_ATTRS, type_constraints: GRU_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::RNN, since_version: 14, deprecated: false, inputs: GRU_1_IN, outputs: GRU_3_OUT, min_inputs: 3, max_inputs: 6, min_outputs: 0, max_outputs: 2, attributes: RNN_14_ATTRS, type_constraints: GRU_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::RNN, since_version: 22, deprecated: false, inputs: GRU_1_IN, outputs: GRU_3_OUT, min_inputs: 3, max_inputs: 6, min_outputs: 0, max_outputs: 2, attributes: RNN_14_ATTRS, type_constraints: GRU_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::RandomNormal, since_version: 1, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: RANDOMNORMAL_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::RandomNormal, since_version: 22, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: RANDOMNORMAL_1_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::RandomNormalLike, since_version: 1, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: RANDOMNORMALLIKE_1_ATTRS, type_constraints: GRIDSAMPLE_16_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::RandomNormalLike, since_version: 22, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: RANDOMNORMALLIKE_1_ATTRS, type_constraints: GRIDSAMPLE_22_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::RandomUniform, since_version: 1, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: RANDOMUNIFORM_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::RandomUniform, since_version: 22, deprecated: false, inputs: &[], outputs: ACOS_7_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: RANDOMUNIFORM_1_ATTRS, type_constraints: ACOS_22_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::RandomUniformLike, since_version: 1, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: RANDOMUNIFORMLIKE_1_ATTRS, type_constraints: GRIDSAMPLE_16_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::RandomUniformLike, since_version: 22, deprecated: false, inputs: BERNOULLI_15_IN, outputs: BERNOULLI_15_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: RANDOMUNIFORMLIKE_1_ATTRS, type_constraints: GRIDSAMPLE_22_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Range, since_version: 11, deprecated: false, inputs: RANGE_11_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: RANGE_11_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Range, since_version: 27, deprecated: false, inputs: RANGE_11_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: RANGE_27_ATTRS, type_constraints: RANGE_27_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Reciprocal, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Reciprocal, since_version: 6, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Reciprocal, since_version: 13, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceL1, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceL1, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceL1, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceL1, since_version: 18, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: ADD_13_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::ReduceL2, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceL2, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceL2, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceL2, since_version: 18, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: ADD_13_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::ReduceLogSum, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceLogSum, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceLogSum, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceLogSum, since_version: 18, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: ADD_13_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::ReduceLogSum, since_version: 28, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::ReduceLogSumExp, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceLogSumExp, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceLogSumExp, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceLogSumExp, since_version: 18, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: ADD_13_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::ReduceLogSumExp, since_version: 28, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::ReduceMax, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMax, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMax, since_version: 12, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: REDUCEMAX_12_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMax, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: REDUCEMAX_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMax, since_version: 18, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: REDUCEMAX_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMax, since_version: 20, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: REDUCEMAX_20_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMean, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMean, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMean, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMean, since_version: 18, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMin, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMin, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMin, since_version: 12, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: REDUCEMAX_12_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMin, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: REDUCEMAX_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMin, since_version: 18, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: REDUCEMAX_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceMin, since_version: 20, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: REDUCEMAX_20_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceProd, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceProd, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceProd, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceProd, since_version: 18, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceSum, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceSum, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceSum, since_version: 13, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceSumSquare, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceSumSquare, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceSumSquare, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_1_ATTRS, type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReduceSumSquare, since_version: 18, deprecated: false, inputs: REDUCEL1_18_IN, outputs: REDUCEL1_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REDUCEL1_18_ATTRS, type_constraints: ADD_13_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::RegexFullMatch, since_version: 20, deprecated: false, inputs: ISINF_10_IN, outputs: ISINF_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: REGEXFULLMATCH_20_ATTRS, type_constraints: REGEXFULLMATCH_20_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Relu, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Relu, since_version: 6, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Relu, since_version: 13, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Relu, since_version: 14, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: NEG_13_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Reshape, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: RESHAPE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: RESHAPE_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Reshape, since_version: 5, deprecated: false, inputs: RESHAPE_5_IN, outputs: RESHAPE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Reshape, since_version: 13, deprecated: false, inputs: RESHAPE_5_IN, outputs: RESHAPE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Reshape, since_version: 14, deprecated: false, inputs: RESHAPE_5_IN, outputs: RESHAPE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: RESHAPE_14_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Reshape, since_version: 19, deprecated: false, inputs: RESHAPE_5_IN, outputs: RESHAPE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: RESHAPE_14_ATTRS, type_constraints: CONSTANT_19_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Reshape, since_version: 21, deprecated: false, inputs: RESHAPE_5_IN, outputs: RESHAPE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: RESHAPE_14_ATTRS, type_constraints: CONSTANT_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Reshape, since_version: 23, deprecated: false, inputs: RESHAPE_5_IN, outputs: RESHAPE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: RESHAPE_14_ATTRS, type_constraints: CONSTANT_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Reshape, since_version: 24, deprecated: false, inputs: RESHAPE_5_IN, outputs: RESHAPE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: RESHAPE_14_ATTRS, type_constraints: CONSTANT_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Reshape, since_version: 25, deprecated: false, inputs: RESHAPE_5_IN, outputs: RESHAPE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: RESHAPE_14_ATTRS, type_constraints: CONSTANT_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Resize, since_version: 10, deprecated: false, inputs: RESIZE_10_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: RESIZE_10_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Resize, since_version: 11, deprecated: false, inputs: RESIZE_11_IN, outputs: GRIDSAMPLE_16_OUT, min_inputs: 3, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: RESIZE_11_ATTRS, type_constraints: GRIDSAMPLE_16_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Resize, since_version: 13, deprecated: false, inputs: RESIZE_13_IN, outputs: GRIDSAMPLE_16_OUT, min_inputs: 1, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: RESIZE_11_ATTRS, type_constraints: RESIZE_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Resize, since_version: 18, deprecated: false, inputs: RESIZE_13_IN, outputs: GRIDSAMPLE_16_OUT, min_inputs: 1, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: RESIZE_18_ATTRS, type_constraints: RESIZE_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Resize, since_version: 19, deprecated: false, inputs: RESIZE_13_IN, outputs: GRIDSAMPLE_16_OUT, min_inputs: 1, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: RESIZE_18_ATTRS, type_constraints: RESIZE_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReverseSequence, since_version: 10, deprecated: false, inputs: REVERSESEQUENCE_10_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REVERSESEQUENCE_10_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ReverseSequence, since_version: 28, deprecated: false, inputs: REVERSESEQUENCE_10_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: REVERSESEQUENCE_10_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::RoiAlign, since_version: 10, deprecated: false, inputs: ROIALIGN_10_IN, outputs: GRIDSAMPLE_16_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: ROIALIGN_10_ATTRS, type_constraints: MAXUNPOOL_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::RoiAlign, since_version: 16, deprecated: false, inputs: ROIALIGN_10_IN, outputs: GRIDSAMPLE_16_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: ROIALIGN_16_ATTRS, type_constraints: MAXUNPOOL_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::RoiAlign, since_version: 22, deprecated: false, inputs: ROIALIGN_10_IN, outputs: GRIDSAMPLE_16_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: ROIALIGN_16_ATTRS, type_constraints: AFFINEGRID_20_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::RotaryEmbedding, since_version: 23, deprecated: false, inputs: ROTARYEMBEDDING_23_IN, outputs: ABS_1_OUT, min_inputs: 3, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: ROTARYEMBEDDING_23_ATTRS, type_constraints: ROTARYEMBEDDING_23_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Round, since_version: 11, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Round, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::STFT, since_version: 17, deprecated: false, inputs: STFT_17_IN, outputs: DFT_17_OUT, min_inputs: 2, max_inputs: 4, min_outputs: 1, max_outputs: 1, attributes: STFT_17_ATTRS, type_constraints: DFT_17_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Scan, since_version: 8, deprecated: false, inputs: SCAN_8_IN, outputs: SCAN_8_OUT, min_inputs: 2, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: SCAN_8_ATTRS, type_constraints: SCAN_8_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Scan, since_version: 9, deprecated: false, inputs: SCAN_9_IN, outputs: SCAN_8_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: SCAN_9_ATTRS, type_constraints: SCAN_9_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Scan, since_version: 11, deprecated: false, inputs: SCAN_9_IN, outputs: SCAN_8_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: SCAN_9_ATTRS, type_constraints: SCAN_9_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Scan, since_version: 16, deprecated: false, inputs: SCAN_9_IN, outputs: SCAN_8_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: SCAN_9_ATTRS, type_constraints: SCAN_16_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Scan, since_version: 19, deprecated: false, inputs: SCAN_9_IN, outputs: SCAN_8_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: SCAN_9_ATTRS, type_constraints: SCAN_19_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Scan, since_version: 21, deprecated: false, inputs: SCAN_9_IN, outputs: SCAN_8_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: SCAN_9_ATTRS, type_constraints: SCAN_21_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Scan, since_version: 23, deprecated: false, inputs: SCAN_9_IN, outputs: SCAN_8_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: SCAN_9_ATTRS, type_constraints: SCAN_23_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Scan, since_version: 24, deprecated: false, inputs: SCAN_9_IN, outputs: SCAN_8_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: SCAN_9_ATTRS, type_constraints: SCAN_24_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Scan, since_version: 25, deprecated: false, inputs: SCAN_9_IN, outputs: SCAN_8_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: SCAN_9_ATTRS, type_constraints: SCAN_25_TYPES, is_function: false, deterministic: false },
    OpSchema { op: OpType::Scatter, since_version: 9, deprecated: false, inputs: SCATTER_9_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: GATHER_1_ATTRS, type_constraints: GATHER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Scatter, since_version: 11, deprecated: true, inputs: SCATTER_9_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: GATHER_1_ATTRS, type_constraints: GATHER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ScatterElements, since_version: 11, deprecated: false, inputs: SCATTER_9_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: GATHER_1_ATTRS, type_constraints: GATHER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ScatterElements, since_version: 13, deprecated: false, inputs: SCATTER_9_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: GATHER_1_ATTRS, type_constraints: CENTERCROPPAD_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ScatterElements, since_version: 16, deprecated: false, inputs: SCATTER_9_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: SCATTERELEMENTS_16_ATTRS, type_constraints: CENTERCROPPAD_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ScatterElements, since_version: 18, deprecated: false, inputs: SCATTER_9_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: SCATTERELEMENTS_16_ATTRS, type_constraints: CENTERCROPPAD_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ScatterND, since_version: 11, deprecated: false, inputs: SCATTERND_11_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ScatterND, since_version: 13, deprecated: false, inputs: SCATTERND_11_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ScatterND, since_version: 16, deprecated: false, inputs: SCATTERND_11_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: SCATTERND_16_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ScatterND, since_version: 18, deprecated: false, inputs: SCATTERND_11_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: SCATTERND_16_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Selu, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SELU_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Selu, since_version: 6, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SELU_6_ATTRS, type_constraints: ABS_1_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Selu, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SELU_6_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::SequenceAt, since_version: 11, deprecated: false, inputs: SEQUENCEAT_11_IN, outputs: SEQUENCEAT_11_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SEQUENCEAT_11_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SequenceConstruct, since_version: 11, deprecated: false, inputs: CONCAT_1_IN, outputs: SEQUENCECONSTRUCT_11_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONCATFROMSEQUENCE_11_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SequenceEmpty, since_version: 11, deprecated: false, inputs: &[], outputs: SEQUENCEEMPTY_11_OUT, min_inputs: 0, max_inputs: 0, min_outputs: 1, max_outputs: 1, attributes: SEQUENCEEMPTY_11_ATTRS, type_constraints: SEQUENCEEMPTY_11_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SequenceErase, since_version: 11, deprecated: false, inputs: SEQUENCEERASE_11_IN, outputs: SEQUENCECONSTRUCT_11_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SEQUENCEERASE_11_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SequenceInsert, since_version: 11, deprecated: false, inputs: SEQUENCEINSERT_11_IN, outputs: SEQUENCECONSTRUCT_11_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SEQUENCEAT_11_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SequenceLength, since_version: 11, deprecated: false, inputs: CONCATFROMSEQUENCE_11_IN, outputs: SEQUENCELENGTH_11_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SEQUENCELENGTH_11_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SequenceMap, since_version: 17, deprecated: false, inputs: SEQUENCEMAP_17_IN, outputs: SEQUENCEMAP_17_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: LOOP_1_ATTRS, type_constraints: SEQUENCEMAP_17_TYPES, is_function: true, deterministic: false },
    OpSchema { op: OpType::Shape, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: SHAPE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SHAPE_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Shape, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: SHAPE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SHAPE_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Shape, since_version: 15, deprecated: false, inputs: ARGMAX_1_IN, outputs: SHAPE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SHAPE_15_ATTRS, type_constraints: SHAPE_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Shape, since_version: 19, deprecated: false, inputs: ARGMAX_1_IN, outputs: SHAPE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SHAPE_15_ATTRS, type_constraints: SHAPE_19_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Shape, since_version: 21, deprecated: false, inputs: ARGMAX_1_IN, outputs: SHAPE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SHAPE_15_ATTRS, type_constraints: SHAPE_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Shape, since_version: 23, deprecated: false, inputs: ARGMAX_1_IN, outputs: SHAPE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SHAPE_15_ATTRS, type_constraints: SHAPE_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Shape, since_version: 24, deprecated: false, inputs: ARGMAX_1_IN, outputs: SHAPE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SHAPE_15_ATTRS, type_constraints: SHAPE_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Shape, since_version: 25, deprecated: false, inputs: ARGMAX_1_IN, outputs: SHAPE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SHAPE_15_ATTRS, type_constraints: SHAPE_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Shrink, since_version: 9, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SHRINK_9_ATTRS, type_constraints: ABS_6_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Sigmoid, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sigmoid, since_version: 6, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sigmoid, since_version: 13, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sign, since_version: 9, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sign, since_version: 13, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sin, since_version: 7, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sin, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sinh, since_version: 9, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sinh, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Size, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: BLACKMANWINDOW_17_IN, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SHAPE_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Size, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: BLACKMANWINDOW_17_IN, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SHAPE_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Size, since_version: 19, deprecated: false, inputs: ARGMAX_1_IN, outputs: BLACKMANWINDOW_17_IN, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SHAPE_19_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Size, since_version: 21, deprecated: false, inputs: ARGMAX_1_IN, outputs: BLACKMANWINDOW_17_IN, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SHAPE_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Size, since_version: 23, deprecated: false, inputs: ARGMAX_1_IN, outputs: BLACKMANWINDOW_17_IN, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SHAPE_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Size, since_version: 24, deprecated: false, inputs: ARGMAX_1_IN, outputs: BLACKMANWINDOW_17_IN, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SHAPE_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Size, since_version: 25, deprecated: false, inputs: ARGMAX_1_IN, outputs: BLACKMANWINDOW_17_IN, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SHAPE_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Slice, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SLICE_1_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Slice, since_version: 10, deprecated: false, inputs: SLICE_10_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 5, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: GATHER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Slice, since_version: 11, deprecated: false, inputs: SLICE_10_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 5, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: GATHER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Slice, since_version: 13, deprecated: false, inputs: SLICE_10_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 5, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CENTERCROPPAD_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Softmax, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Softmax, since_version: 11, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEQUANTIZELINEAR_13_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Softmax, since_version: 13, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: HARDMAX_13_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::SoftmaxCrossEntropyLoss, since_version: 12, deprecated: false, inputs: SOFTMAXCROSSENTROPYLOSS_12_IN, outputs: SOFTMAXCROSSENTROPYLOSS_12_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 2, attributes: NEGATIVELOGLIKELIHOODLOSS_12_ATTRS, type_constraints: NEGATIVELOGLIKELIHOODLOSS_12_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::SoftmaxCrossEntropyLoss, since_version: 13, deprecated: false, inputs: SOFTMAXCROSSENTROPYLOSS_12_IN, outputs: SOFTMAXCROSSENTROPYLOSS_12_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 2, attributes: NEGATIVELOGLIKELIHOODLOSS_12_ATTRS, type_constraints: NEGATIVELOGLIKELIHOODLOSS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Softplus, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Softplus, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Softsign, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Softsign, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::SpaceToDepth, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEPTHTOSPACE_1_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SpaceToDepth, since_version: 13, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEPTHTOSPACE_1_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SpaceToDepth, since_version: 28, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DEPTHTOSPACE_11_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: true, deterministic: false },
    OpSchema { op: OpType::Split, since_version: 1, deprecated: false, inputs: SPLIT_1_IN, outputs: SPLIT_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: MANY, attributes: SPLIT_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Split, since_version: 2, deprecated: false, inputs: ACOS_7_IN, outputs: SPLIT_2_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: MANY, attributes: SPLIT_2_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Split, since_version: 11, deprecated: false, inputs: ACOS_7_IN, outputs: SPLIT_2_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: MANY, attributes: SPLIT_2_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Split, since_version: 13, deprecated: false, inputs: SPLIT_13_IN, outputs: SPLIT_2_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: MANY, attributes: GATHER_1_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Split, since_version: 18, deprecated: false, inputs: SPLIT_13_IN, outputs: SPLIT_2_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: MANY, attributes: SPLIT_18_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SplitToSequence, since_version: 11, deprecated: false, inputs: SPLITTOSEQUENCE_11_IN, outputs: SEQUENCECONSTRUCT_11_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ARGMAX_1_ATTRS, type_constraints: SEQUENCEAT_11_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SplitToSequence, since_version: 24, deprecated: false, inputs: SPLITTOSEQUENCE_11_IN, outputs: SEQUENCECONSTRUCT_11_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ARGMAX_1_ATTRS, type_constraints: SPLITTOSEQUENCE_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sqrt, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sqrt, since_version: 6, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sqrt, since_version: 13, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Squeeze, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: SQUEEZE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CENTERCROPPAD_18_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Squeeze, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: SQUEEZE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CENTERCROPPAD_18_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Squeeze, since_version: 13, deprecated: false, inputs: REDUCEL1_18_IN, outputs: SQUEEZE_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Squeeze, since_version: 21, deprecated: false, inputs: REDUCEL1_18_IN, outputs: SQUEEZE_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONSTANT_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Squeeze, since_version: 23, deprecated: false, inputs: REDUCEL1_18_IN, outputs: SQUEEZE_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONSTANT_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Squeeze, since_version: 24, deprecated: false, inputs: REDUCEL1_18_IN, outputs: SQUEEZE_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONSTANT_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Squeeze, since_version: 25, deprecated: false, inputs: REDUCEL1_18_IN, outputs: SQUEEZE_1_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONSTANT_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::StringConcat, since_version: 20, deprecated: false, inputs: BITSHIFT_11_IN, outputs: BITSHIFT_11_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: STRINGCONCAT_20_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::StringNormalizer, since_version: 10, deprecated: false, inputs: STRINGNORMALIZER_10_IN, outputs: STRINGNORMALIZER_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: STRINGNORMALIZER_10_ATTRS, type_constraints: &[], is_function: false, deterministic: true },
    OpSchema { op: OpType::StringSplit, since_version: 20, deprecated: false, inputs: ISINF_10_IN, outputs: STRINGSPLIT_20_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 2, max_outputs: 2, attributes: STRINGSPLIT_20_ATTRS, type_constraints: STRINGSPLIT_20_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sub, since_version: 1, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sub, since_version: 6, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_6_ATTRS, type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sub, since_version: 7, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ADD_6_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sub, since_version: 13, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ADD_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sub, since_version: 14, deprecated: false, inputs: ADD_1_IN, outputs: ADD_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sum, since_version: 1, deprecated: false, inputs: MAX_1_IN, outputs: SUM_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sum, since_version: 6, deprecated: false, inputs: MAX_1_IN, outputs: SUM_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sum, since_version: 8, deprecated: false, inputs: MAX_1_IN, outputs: SUM_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Sum, since_version: 13, deprecated: false, inputs: MAX_1_IN, outputs: SUM_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SwiGLU, since_version: 28, deprecated: false, inputs: ADD_1_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: CELU_12_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Swish, since_version: 24, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CELU_12_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Tan, since_version: 7, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Tan, since_version: 22, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Tanh, since_version: 1, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ABS_1_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Tanh, since_version: 6, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Tanh, since_version: 13, deprecated: false, inputs: ACOS_7_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ACOS_22_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TensorScatter, since_version: 24, deprecated: false, inputs: TENSORSCATTER_24_IN, outputs: TENSORSCATTER_24_OUT, min_inputs: 2, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: TENSORSCATTER_24_ATTRS, type_constraints: CONSTANT_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TfIdfVectorizer, since_version: 9, deprecated: false, inputs: ABS_1_IN, outputs: GRIDSAMPLE_16_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: TFIDFVECTORIZER_9_ATTRS, type_constraints: TFIDFVECTORIZER_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ThresholdedRelu, since_version: 10, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CELU_12_ATTRS, type_constraints: ABS_1_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::ThresholdedRelu, since_version: 22, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CELU_12_ATTRS, type_constraints: ACOS_22_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Tile, since_version: 1, deprecated: false, inputs: TILE_1_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: TILE_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Tile, since_version: 6, deprecated: false, inputs: TILE_6_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SHAPE_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Tile, since_version: 13, deprecated: false, inputs: TILE_6_IN, outputs: ACOS_7_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: SHAPE_13_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TopK, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: TOPK_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 2, max_outputs: 2, attributes: TOPK_1_ATTRS, type_constraints: MAXPOOL_8_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TopK, since_version: 10, deprecated: false, inputs: TOPK_10_IN, outputs: TOPK_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 2, max_outputs: 2, attributes: HARDMAX_13_ATTRS, type_constraints: MAXPOOL_8_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TopK, since_version: 11, deprecated: false, inputs: TOPK_10_IN, outputs: TOPK_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 2, max_outputs: 2, attributes: TOPK_11_ATTRS, type_constraints: TOPK_11_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TopK, since_version: 24, deprecated: false, inputs: TOPK_10_IN, outputs: TOPK_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 2, max_outputs: 2, attributes: TOPK_11_ATTRS, type_constraints: TOPK_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Transpose, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: TRANSPOSE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: TRANSPOSE_1_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Transpose, since_version: 13, deprecated: false, inputs: ARGMAX_1_IN, outputs: TRANSPOSE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: TRANSPOSE_1_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Transpose, since_version: 21, deprecated: false, inputs: ARGMAX_1_IN, outputs: TRANSPOSE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: TRANSPOSE_1_ATTRS, type_constraints: CONSTANT_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Transpose, since_version: 23, deprecated: false, inputs: ARGMAX_1_IN, outputs: TRANSPOSE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: TRANSPOSE_1_ATTRS, type_constraints: CONSTANT_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Transpose, since_version: 24, deprecated: false, inputs: ARGMAX_1_IN, outputs: TRANSPOSE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: TRANSPOSE_1_ATTRS, type_constraints: CONSTANT_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Transpose, since_version: 25, deprecated: false, inputs: ARGMAX_1_IN, outputs: TRANSPOSE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: TRANSPOSE_1_ATTRS, type_constraints: CONSTANT_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Trilu, since_version: 14, deprecated: false, inputs: TRILU_14_IN, outputs: ACOS_7_OUT, min_inputs: 1, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: TRILU_14_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Unique, since_version: 11, deprecated: false, inputs: ABS_1_IN, outputs: UNIQUE_11_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 4, attributes: UNIQUE_11_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Unique, since_version: 28, deprecated: false, inputs: ABS_1_IN, outputs: UNIQUE_11_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 4, attributes: UNIQUE_11_ATTRS, type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Unsqueeze, since_version: 1, deprecated: false, inputs: ARGMAX_1_IN, outputs: UNSQUEEZE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: UNSQUEEZE_1_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Unsqueeze, since_version: 11, deprecated: false, inputs: ARGMAX_1_IN, outputs: UNSQUEEZE_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: UNSQUEEZE_1_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Unsqueeze, since_version: 13, deprecated: false, inputs: UNSQUEEZE_13_IN, outputs: UNSQUEEZE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: COL2IM_18_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Unsqueeze, since_version: 21, deprecated: false, inputs: UNSQUEEZE_13_IN, outputs: UNSQUEEZE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONSTANT_21_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Unsqueeze, since_version: 23, deprecated: false, inputs: UNSQUEEZE_13_IN, outputs: UNSQUEEZE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONSTANT_23_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Unsqueeze, since_version: 24, deprecated: false, inputs: UNSQUEEZE_13_IN, outputs: UNSQUEEZE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONSTANT_24_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Unsqueeze, since_version: 25, deprecated: false, inputs: UNSQUEEZE_13_IN, outputs: UNSQUEEZE_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: CONSTANT_25_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Upsample, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: UPSAMPLE_1_ATTRS, type_constraints: UPSAMPLE_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Upsample, since_version: 7, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: UPSAMPLE_7_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Upsample, since_version: 9, deprecated: false, inputs: RESIZE_10_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: RESIZE_10_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Upsample, since_version: 10, deprecated: true, inputs: RESIZE_10_IN, outputs: ABS_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: RESIZE_10_ATTRS, type_constraints: CONCAT_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Where, since_version: 9, deprecated: false, inputs: WHERE_9_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: WHERE_9_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Where, since_version: 16, deprecated: false, inputs: WHERE_9_IN, outputs: ACOS_7_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: WHERE_16_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Xor, since_version: 1, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: ADD_6_ATTRS, type_constraints: AND_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Xor, since_version: 7, deprecated: false, inputs: ADD_1_IN, outputs: AND_1_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: AND_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ArrayFeatureExtractor, since_version: 1, deprecated: false, inputs: ARRAYFEATUREEXTRACTOR_1_IN, outputs: BITSHIFT_11_OUT, min_inputs: 2, max_inputs: 2, min_outputs: 1, max_outputs: 1, attributes: &[], type_constraints: ARRAYFEATUREEXTRACTOR_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Binarizer, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: BINARIZER_1_ATTRS, type_constraints: BINARIZER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::CastMap, since_version: 1, deprecated: false, inputs: ISINF_10_IN, outputs: ISINF_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CASTMAP_1_ATTRS, type_constraints: CASTMAP_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::CategoryMapper, since_version: 1, deprecated: false, inputs: ISINF_10_IN, outputs: ISINF_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: CATEGORYMAPPER_1_ATTRS, type_constraints: CATEGORYMAPPER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::DictVectorizer, since_version: 1, deprecated: false, inputs: ISINF_10_IN, outputs: ISINF_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: DICTVECTORIZER_1_ATTRS, type_constraints: DICTVECTORIZER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::FeatureVectorizer, since_version: 1, deprecated: false, inputs: FEATUREVECTORIZER_1_IN, outputs: FEATUREVECTORIZER_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: 1, attributes: FEATUREVECTORIZER_1_ATTRS, type_constraints: FEATUREVECTORIZER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Imputer, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: IMPUTER_1_ATTRS, type_constraints: BINARIZER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LabelEncoder, since_version: 1, deprecated: false, inputs: ISINF_10_IN, outputs: ISINF_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LABELENCODER_1_ATTRS, type_constraints: CATEGORYMAPPER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LabelEncoder, since_version: 2, deprecated: false, inputs: ISINF_10_IN, outputs: ISINF_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LABELENCODER_2_ATTRS, type_constraints: LABELENCODER_2_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LabelEncoder, since_version: 4, deprecated: false, inputs: ISINF_10_IN, outputs: ISINF_10_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LABELENCODER_4_ATTRS, type_constraints: LABELENCODER_4_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LinearClassifier, since_version: 1, deprecated: false, inputs: ISINF_10_IN, outputs: LINEARCLASSIFIER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 2, max_outputs: 2, attributes: LINEARCLASSIFIER_1_ATTRS, type_constraints: LINEARCLASSIFIER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::LinearRegressor, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: FEATUREVECTORIZER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: LINEARREGRESSOR_1_ATTRS, type_constraints: BINARIZER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Normalizer, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: FEATUREVECTORIZER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: NORMALIZER_1_ATTRS, type_constraints: BINARIZER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::OneHotEncoder, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: FEATUREVECTORIZER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ONEHOTENCODER_1_ATTRS, type_constraints: ARRAYFEATUREEXTRACTOR_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SVMClassifier, since_version: 1, deprecated: false, inputs: ISINF_10_IN, outputs: LINEARCLASSIFIER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 2, max_outputs: 2, attributes: SVMCLASSIFIER_1_ATTRS, type_constraints: LINEARCLASSIFIER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::SVMRegressor, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: FEATUREVECTORIZER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SVMREGRESSOR_1_ATTRS, type_constraints: BINARIZER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Scaler, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: FEATUREVECTORIZER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: SCALER_1_ATTRS, type_constraints: BINARIZER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TreeEnsemble, since_version: 5, deprecated: false, inputs: ABS_1_IN, outputs: ABS_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: TREEENSEMBLE_5_ATTRS, type_constraints: ABS_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TreeEnsembleClassifier, since_version: 1, deprecated: false, inputs: ISINF_10_IN, outputs: LINEARCLASSIFIER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 2, max_outputs: 2, attributes: TREEENSEMBLECLASSIFIER_1_ATTRS, type_constraints: LINEARCLASSIFIER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TreeEnsembleClassifier, since_version: 3, deprecated: false, inputs: ISINF_10_IN, outputs: LINEARCLASSIFIER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 2, max_outputs: 2, attributes: TREEENSEMBLECLASSIFIER_3_ATTRS, type_constraints: LINEARCLASSIFIER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TreeEnsembleClassifier, since_version: 5, deprecated: true, inputs: ISINF_10_IN, outputs: LINEARCLASSIFIER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 2, max_outputs: 2, attributes: TREEENSEMBLECLASSIFIER_3_ATTRS, type_constraints: LINEARCLASSIFIER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TreeEnsembleRegressor, since_version: 1, deprecated: false, inputs: ABS_1_IN, outputs: FEATUREVECTORIZER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: TREEENSEMBLEREGRESSOR_1_ATTRS, type_constraints: BINARIZER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TreeEnsembleRegressor, since_version: 3, deprecated: false, inputs: ABS_1_IN, outputs: FEATUREVECTORIZER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: TREEENSEMBLEREGRESSOR_3_ATTRS, type_constraints: BINARIZER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::TreeEnsembleRegressor, since_version: 5, deprecated: true, inputs: ABS_1_IN, outputs: FEATUREVECTORIZER_1_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: TREEENSEMBLEREGRESSOR_3_ATTRS, type_constraints: BINARIZER_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::ZipMap, since_version: 1, deprecated: false, inputs: ZIPMAP_1_IN, outputs: BITSHIFT_11_OUT, min_inputs: 1, max_inputs: 1, min_outputs: 1, max_outputs: 1, attributes: ZIPMAP_1_ATTRS, type_constraints: ZIPMAP_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::FlexAttention, since_version: 1, deprecated: false, inputs: FLEXATTENTION_1_IN, outputs: GRIDSAMPLE_16_OUT, min_inputs: 3, max_inputs: 3, min_outputs: 1, max_outputs: 1, attributes: FLEXATTENTION_1_ATTRS, type_constraints: FLEXATTENTION_1_TYPES, is_function: true, deterministic: true },
    OpSchema { op: OpType::Adagrad, since_version: 1, deprecated: false, inputs: ADAGRAD_1_IN, outputs: ADAGRAD_1_OUT, min_inputs: 3, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: ADAGRAD_1_ATTRS, type_constraints: ADAGRAD_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Adam, since_version: 1, deprecated: false, inputs: ADAGRAD_1_IN, outputs: ADAGRAD_1_OUT, min_inputs: 3, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: ADAM_1_ATTRS, type_constraints: ADAGRAD_1_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Gradient, since_version: 1, deprecated: false, inputs: GRADIENT_1_IN, outputs: GRADIENT_1_OUT, min_inputs: 1, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: GRADIENT_1_ATTRS, type_constraints: GRIDSAMPLE_16_TYPES, is_function: false, deterministic: true },
    OpSchema { op: OpType::Momentum, since_version: 1, deprecated: false, inputs: ADAGRAD_1_IN, outputs: ADAGRAD_1_OUT, min_inputs: 3, max_inputs: MANY, min_outputs: 1, max_outputs: MANY, attributes: MOMENTUM_1_ATTRS, type_constraints: ADAGRAD_1_TYPES, is_function: false, deterministic: true },
];
