"""Writes the operator table of modelium-core from the schemas that the package `onnx` carries.

    python onnx_schemas.py            writes modelium-core/src/ir/generated/{op_type,schemas}.rs
    python onnx_schemas.py --check    writes nothing; exits 1 if a committed file differs

The committed files are what the crate is built from: no build needs Python. `--check` compares only under
the release of `onnx` that requirements.txt pins, because another release knows other operators.
"""

import argparse
import pathlib
import sys

import numpy
import onnx
from onnx import AttributeProto, defs, helper

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "modelium-core" / "src" / "ir" / "generated"

KINDS = {
    "FLOAT": "Float", "INT": "Int", "STRING": "String", "TENSOR": "Tensor", "GRAPH": "Graph",
    "SPARSE_TENSOR": "SparseTensor", "TYPE_PROTO": "TypeProto",
    "FLOATS": "Floats", "INTS": "Ints", "STRINGS": "Strings", "TENSORS": "Tensors", "GRAPHS": "Graphs",
    "SPARSE_TENSORS": "SparseTensors", "TYPE_PROTOS": "TypeProtos",
}
UNBOUNDED = "MANY"


def text(value):
    """A Rust string literal; the schemas hold printable ASCII only, and this stays true or fails."""
    if isinstance(value, bytes):
        value = value.decode("ascii")
    if not (value.isascii() and (value == "" or value.isprintable())):
        raise ValueError(f"{value!r} is not printable ASCII")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def number(value):
    """A Rust float literal that reads back as the same f32, in the spelling that clippy asks for."""
    value = numpy.float32(value)
    if not numpy.isfinite(value):
        raise ValueError(f"{value} has no literal")
    exponent = ""
    literal = numpy.format_float_positional(value, unique=True, trim="0")
    if value != 0 and not 1e-3 <= abs(value) < 1e6:
        literal = numpy.format_float_scientific(value, unique=True, trim="0", exp_digits=1)
        literal, _, exponent = literal.replace("e+", "e").partition("e")
    whole, _, part = literal.partition(".")
    if len(part) > 5:
        part = "_".join(part[start:start + 3] for start in range(0, len(part), 3))
    return f"{whole}.{part}" + (exponent and "e" + exponent)


def slice_of(items):
    return "&[" + ", ".join(items) + "]"


def default_value(attribute):
    proto = attribute.default_value
    if proto.type == AttributeProto.UNDEFINED:
        return None
    value = helper.get_attribute_value(proto)
    match proto.type:
        case AttributeProto.INT:
            return f"Int({value})"
        case AttributeProto.FLOAT:
            return f"Float({number(value)})"
        case AttributeProto.STRING:
            return f"Str({text(value)})"
        case AttributeProto.INTS:
            return f"Ints({slice_of(map(str, value))})"
        case AttributeProto.FLOATS:
            return f"Floats({slice_of(map(number, value))})"
        case AttributeProto.STRINGS:
            return f"Strs({slice_of(map(text, value))})"
    raise ValueError(f"default of '{attribute.name}' has type {proto.type}, which the table cannot hold")


def attribute_row(attribute):
    name, kind = text(attribute.name), KINDS[attribute.type.name]
    default = default_value(attribute)
    if default is not None:
        return f"default({name}, Kind::{kind}, {default})"
    return f"{'required' if attribute.required else 'optional'}({name}, Kind::{kind})"


def formal_row(formal):
    arity = {"Single": "single", "Optional": "maybe", "Variadic": "variadic"}[formal.option.name]
    if arity == "variadic" and not formal.is_homogeneous:
        arity = "mixed"
    return f"{arity}({text(formal.name)}, {text(formal.type_str)})"


class Shared:
    """Named constants for slices that several schemas share; the name is that of the first one to need it."""

    def __init__(self, rust_type):
        self.rust_type = rust_type
        self.names = {}
        self.lines = []

    def name(self, wanted, rows):
        rows = tuple(rows)
        if not rows:
            return "&[]"
        if rows not in self.names:
            self.names[rows] = wanted
            body = ", ".join(rows)
            if len(body) > 80:
                body = "\n    " + ",\n    ".join(rows) + ",\n"
            self.lines.append(f"const {wanted}: &[{self.rust_type}] = &[{body}];")
        return self.names[rows]


def bound(count):
    return UNBOUNDED if count >= 2**31 - 1 else str(count)


def all_schemas():
    schemas = defs.get_all_schemas_with_history()
    return sorted(schemas, key=lambda s: (s.domain, s.name, s.since_version))


def header():
    return [
        f"// Written by tests/generate/onnx_schemas.py from the package onnx {onnx.__version__}. Do not edit.",
        "",
    ]


def op_type(schemas):
    operators = {}
    for schema in schemas:
        operators.setdefault(schema.domain, {})[schema.name] = None
    variants = [name for names in operators.values() for name in names]
    if len(variants) != len(set(variants)) or "Other" in variants:
        raise ValueError("two domains share an operator name: the enum needs another naming scheme")

    lines = header() + [
        "use crate::ir::schema::OtherOp;",
        "",
        "/// An operator: one variant for each that the ONNX specification names, [`OpType::Other`] for the rest.",
        "///",
        "/// Variants are ordered by domain, then by name, and so is the derived `Ord`. A value is made with",
        "/// [`OpType::new`], so that a known operator is never an `Other`.",
        "#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]",
        "pub enum OpType {",
    ]
    for domain, names in operators.items():
        for name in names:
            lines.append(f"    /// `{name}` of domain `{domain or 'ai.onnx'}`.")
            lines.append(f"    {name},")
    lines += [
        "    /// An operator of another domain, or one that the specification does not name.",
        "    Other(Box<OtherOp>),",
        "}",
        "",
        "impl OpType {",
        "    /// The name inside its domain, as a node spells it.",
        "    #[must_use]",
        '    #[expect(clippy::too_many_lines, reason = "one arm for each operator")]',
        "    pub fn name(&self) -> &str {",
        "        match self {",
    ]
    lines += [f'            Self::{name} => "{name}",' for name in variants]
    lines += [
        "            Self::Other(other) => other.name(),",
        "        }",
        "    }",
        "",
        "    /// The domain; `\"\"` is the default one, which is also spelt `ai.onnx`.",
        "    #[must_use]",
        "    pub fn domain(&self) -> &str {",
        "        match self {",
    ]
    for domain, names in operators.items():
        if domain == "":
            continue
        lines.append("            " + " | ".join(f"Self::{name}" for name in names) + f" => {text(domain)},")
    lines += [
        "            Self::Other(other) => other.domain(),",
        '            _ => "",',
        "        }",
        "    }",
        "}",
        "",
        "/// Every known operator by domain and name; both levels are sorted by bytes.",
        "pub(in crate::ir) static BY_DOMAIN: &[(&str, &[(&str, OpType)])] = &[",
    ]
    for domain, names in operators.items():
        lines.append(f"    ({text(domain)}, &[")
        lines += [f'        ("{name}", OpType::{name}),' for name in names]
        lines.append("    ]),")
    lines.append("];")
    return "\n".join(lines) + "\n"


def schemas_table(schemas):
    formals = Shared("Formal")
    attributes = Shared("AttributeSchema")
    constraints = Shared("TypeConstraint")
    allowed = Shared("&str")

    rows = []
    for schema in schemas:
        prefix = f"{schema.name.upper()}_{schema.since_version}"
        inputs = formals.name(f"{prefix}_IN", map(formal_row, schema.inputs))
        outputs = formals.name(f"{prefix}_OUT", map(formal_row, schema.outputs))
        options = attributes.name(
            f"{prefix}_ATTRS", (attribute_row(schema.attributes[name]) for name in sorted(schema.attributes))
        )
        types = constraints.name(f"{prefix}_TYPES", (
            f"TypeConstraint {{ name: {text(c.type_param_str)}, allowed: "
            + allowed.name(f"ALLOWED_{len(allowed.names)}", map(text, sorted(c.allowed_type_strs))) + " }"
            for c in sorted(schema.type_constraints, key=lambda c: c.type_param_str)
        ))
        function = schema.has_function or schema.has_context_dependent_function
        deterministic = schema.node_determinism == defs.OpSchema.NodeDeterminism.Deterministic
        rows.append(
            f"    OpSchema {{ op: OpType::{schema.name}, since_version: {schema.since_version}, "
            f"deprecated: {str(schema.deprecated).lower()}, inputs: {inputs}, outputs: {outputs}, "
            f"min_inputs: {bound(schema.min_input)}, max_inputs: {bound(schema.max_input)}, "
            f"min_outputs: {bound(schema.min_output)}, max_outputs: {bound(schema.max_output)}, "
            f"attributes: {options}, type_constraints: {types}, "
            f"is_function: {str(function).lower()}, deterministic: {str(deterministic).lower()} }},"
        )

    newest = {}
    for schema in schemas:
        newest[schema.domain] = max(newest.get(schema.domain, 0), schema.since_version)
    newest[""] = defs.onnx_opset_version()

    lines = header() + [
        "use crate::ir::generated::op_type::OpType;",
        "use crate::ir::schema::DefaultValue::{self, Float, Int, Ints, Str, Strs};",
        "use crate::ir::schema::{Arity, AttributeKind as Kind, AttributeSchema, Formal, OpSchema, TypeConstraint};",
        "",
        "/// The newest opset of the default domain that the table describes.",
        f"pub(in crate::ir) const NEWEST_OPSET: u64 = {newest['']};",
        "",
        "/// The newest opset of each domain in the table.",
        "pub(in crate::ir) static NEWEST: &[(&str, u64)] = &["
        + ", ".join(f"({text(domain)}, {version})" for domain, version in sorted(newest.items())) + "];",
        "",
        "const MANY: u16 = u16::MAX;",
        "",
    ]
    for name, arity, homogeneous in [
        ("single", "Single", "true"), ("maybe", "Optional", "true"),
        ("variadic", "Variadic", "true"), ("mixed", "Variadic", "false"),
    ]:
        lines += [
            f"const fn {name}(name: &'static str, ty: &'static str) -> Formal {{",
            f"    Formal {{ name, ty, arity: Arity::{arity}, homogeneous: {homogeneous} }}",
            "}",
            "",
        ]
    for name, parameter, required, value in [
        ("required", "", "true", "None"), ("optional", "", "false", "None"),
        ("default", ", value: DefaultValue", "false", "Some(value)"),
    ]:
        lines += [
            f"const fn {name}(name: &'static str, kind: Kind{parameter}) -> AttributeSchema {{",
            f"    AttributeSchema {{ name, kind, required: {required}, default: {value} }}",
            "}",
            "",
        ]
    for shared in (allowed, constraints, formals, attributes):
        lines += shared.lines + [""]
    lines += [
        "/// Every version of every operator, sorted by operator, then by `since_version`.",
        "pub(in crate::ir) static SCHEMAS: &[OpSchema] = &[",
        *rows,
        "];",
    ]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    check = parser.parse_args().check

    schemas = all_schemas()
    stale = False
    for name, source in [("op_type.rs", op_type(schemas)), ("schemas.rs", schemas_table(schemas))]:
        path = FOLDER / name
        if not check:
            path.write_text(source, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != source:
            print(f"{path.name} differs from what onnx {onnx.__version__} gives; run onnx_schemas.py", file=sys.stderr)
            stale = True
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
