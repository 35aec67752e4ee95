"""Lists the fields of every record of onnx.proto, for the test that holds the importer's tables against them."""

import onnx
from google.protobuf.descriptor import FieldDescriptor as Field

from output import deliver

WIRE = {
    Field.TYPE_FLOAT: "fixed32", Field.TYPE_DOUBLE: "fixed64", Field.TYPE_STRING: "len", Field.TYPE_BYTES: "len",
}


def rows(message, seen):
    """A line for each field of a message and of those inside it: message, number, name, how often, what."""
    if message.full_name in seen:
        return []
    seen.add(message.full_name)
    lines, inner = [], []
    for field in sorted(message.fields, key=lambda field: field.number):
        what = field.message_type.name if field.message_type else WIRE.get(field.type, "varint")
        repeated = field.is_repeated if hasattr(field, "is_repeated") else field.label == Field.LABEL_REPEATED
        lines.append(f"{message.name}\t{field.number}\t{field.name}\t{'many' if repeated else 'one'}\t{what}")
        if field.message_type:
            inner += rows(field.message_type, seen)
    return lines + inner


if __name__ == "__main__":
    table = "\n".join(rows(onnx.ModelProto.DESCRIPTOR, set())) + "\n"
    deliver(__doc__, "modelium-core/src/formats/onnx/generated", {"fields.tsv": table.encode()})
