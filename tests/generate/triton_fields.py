"""Writes the table of Triton's `ModelConfig` messages that `modelium lint` reads.

    python tests/generate/triton_fields.py            # rewrite the committed table
    python tests/generate/triton_fields.py --check    # exit 1 if it is not what this would write

The source is the descriptor inside `tritonclient.grpc.model_config_pb2`; tests/python/requirements.txt
pins the version, and the head of the table names it.
"""

import argparse
import sys
from importlib.metadata import version
from pathlib import Path

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from tritonclient.grpc import model_config_pb2

TABLE = Path(__file__).parents[2] / "modelium-core/src/deploy/triton/generated/fields.rs"
SCALARS = {
    FieldDescriptor.TYPE_BOOL: "Bool",
    FieldDescriptor.TYPE_INT32: "Int32",
    FieldDescriptor.TYPE_INT64: "Int64",
    FieldDescriptor.TYPE_UINT32: "Uint32",
    FieldDescriptor.TYPE_UINT64: "Uint64",
    FieldDescriptor.TYPE_FLOAT: "Float",
    FieldDescriptor.TYPE_DOUBLE: "Double",
    FieldDescriptor.TYPE_STRING: "String",
}
HEAD = """\
//! Every message and enum that a `config.pbtxt` can hold.
//!
//! Written by `tests/generate/triton_fields.py` from tritonclient {version}; edit that, not this.

use super::Kind::{{{kinds}}};
use super::{{many, one, EnumSpec, MessageSpec}};
"""


def render() -> str:
    """The whole of generated/fields.rs."""
    messages: dict[str, Descriptor] = {}
    enums: dict[str, EnumDescriptor] = {}
    collect(model_config_pb2.ModelConfig.DESCRIPTOR, messages, enums)
    rows = {name: [row(field) for field in message.fields] for name, message in sorted(messages.items())}
    kinds = sorted({row_kind(field) for message in messages.values() for field in message.fields})

    lines = [HEAD.format(version=version("tritonclient"), kinds=", ".join(kinds))]
    lines.append("pub(super) static MESSAGES: &[MessageSpec] = &[")
    for name, fields in rows.items():
        lines.append(f'    MessageSpec {{ name: "{name}", fields: &[')
        lines += [f"        {field}," for field in fields]
        lines.append("    ] },")
    lines += ["];", "", "pub(super) static ENUMS: &[EnumSpec] = &["]
    for name, enum in sorted(enums.items()):
        lines.append(f'    EnumSpec {{ name: "{name}", values: &[')
        lines += [f'        ("{value.name}", {value.number}),' for value in enum.values]
        lines.append("    ] },")
    return "\n".join([*lines, "];", ""])


def collect(message: Descriptor, messages: dict[str, Descriptor], enums: dict[str, EnumDescriptor]) -> None:
    """Adds `message` and all that it can hold."""
    if short(message) in messages:
        return
    messages[short(message)] = message
    for field in message.fields:
        if field.message_type is not None:
            collect(field.message_type, messages, enums)
        if field.enum_type is not None:
            enums[short(field.enum_type)] = field.enum_type


def row(field: FieldDescriptor) -> str:
    kind = row_kind(field)
    if kind in ("Message", "Map"):
        kind += f'("{short(field.message_type)}")'
    elif kind == "Enum":
        kind += f'("{short(field.enum_type)}")'
    make = "many" if is_repeated(field) else "one"
    oneof = field.containing_oneof
    return f'{make}({field.number}, "{field.name}", {kind})' + (f'.of("{oneof.name}")' if oneof else "")


def row_kind(field: FieldDescriptor) -> str:
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return "Map" if field.message_type.GetOptions().map_entry else "Message"
    if field.type == FieldDescriptor.TYPE_ENUM:
        return "Enum"
    return SCALARS[field.type]


def is_repeated(field: FieldDescriptor) -> bool:
    """protobuf 7 drops `label`, protobuf 5 has no `is_repeated`."""
    if hasattr(field, "is_repeated"):
        return bool(field.is_repeated)
    return bool(field.label == FieldDescriptor.LABEL_REPEATED)


def short(kind: Descriptor | EnumDescriptor) -> str:
    return str(kind.full_name).removeprefix("inference.")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="compare, write nothing")
    text = render()
    if not arguments.parse_args().check:
        TABLE.write_text(text)
    elif TABLE.read_text() != text:
        print(f"{TABLE.name} differs from what {Path(__file__).name} writes; run it without --check", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
