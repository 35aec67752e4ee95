"""The protobuf wire format by hand, for bytes that no protobuf library writes."""

import struct

from google.protobuf.descriptor import FieldDescriptor as Field

VARINT, FIXED64, BYTES, GROUP, END_GROUP, FIXED32 = range(6)


def varint(value, width=1):
    """`value` in as few bytes as it takes, but at least `width`; a negative one takes ten."""
    value &= 2**64 - 1
    out = bytearray()
    while value > 0x7F or len(out) < width - 1:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def tag(number, wire):
    return varint(number << 3 | wire)


def block(number, payload, claimed=None):
    """A length-delimited field; `claimed` is a length prefix that need not be true."""
    if isinstance(payload, str):
        payload = payload.encode()
    return tag(number, BYTES) + varint(len(payload) if claimed is None else claimed) + payload


def number(field, value):
    """A varint field."""
    return tag(field, VARINT) + varint(value)


def encode(message, packed):
    """A message with every list of numbers packed, or every one of them unpacked.

    The official writer packs what the schema marks as packed and nothing else; a reader has to take both
    forms of any list.
    """
    out = bytearray()
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        match field.type:
            case Field.TYPE_MESSAGE:
                out += b"".join(block(field.number, encode(item, packed)) for item in values)
                continue
            case Field.TYPE_STRING | Field.TYPE_BYTES:
                out += b"".join(block(field.number, item) for item in values)
                continue
            case Field.TYPE_FLOAT:
                wire, items = FIXED32, [struct.pack("<f", item) for item in values]
            case Field.TYPE_DOUBLE:
                wire, items = FIXED64, [struct.pack("<d", item) for item in values]
            case _:
                wire, items = VARINT, [varint(item) for item in values]
        if field.is_repeated and packed:
            out += block(field.number, b"".join(items))
        else:
            out += b"".join(tag(field.number, wire) + item for item in items)
    return bytes(out)
