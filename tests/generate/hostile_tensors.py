"""Safetensors and GGUF files that lie: `tests/hostile/formats/{safetensors,gguf}`. Needs no package.

`expected.json` gets a line for each new file; `make bless` fills it in, to be read before it is kept.
"""

import io
import json
import struct
import zipfile
from pathlib import Path

HOSTILE = Path(__file__).resolve().parent.parent / "hostile" / "formats"


def write(folder: str, files: dict[str, bytes]) -> None:
    where = HOSTILE / folder
    where.mkdir(parents=True, exist_ok=True)
    listed = where / "expected.json"
    known = json.loads(listed.read_text()) if listed.exists() else {}
    for name, content in files.items():
        (where / name).write_bytes(content)
        known.setdefault(name, {"open": None, "verdict": "clean", "codes": []})
    known = {name: known[name] for name in sorted(files)}
    listed.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n")


def header(text: str | bytes, data: bytes = b"", length: int | None = None) -> bytes:
    text = text.encode() if isinstance(text, str) else text
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(name: str, begin: int, end: int, dtype: str = "U8", shape: str | None = None) -> str:
    return f'"{name}":{{"dtype":"{dtype}","shape":{shape or [end - begin]},"data_offsets":[{begin},{end}]}}'


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(zipfile.ZipInfo("run.sh"), "#!/bin/sh\ntrue\n")
    return out.getvalue()


ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 1, 64, 0, 0)

SAFETENSORS = {
    "header_beyond_the_file": header("{" + entry("a", 0, 4) + "}", bytes(4), 4096),
    "header_of_2_to_the_63": header("{" + entry("a", 0, 4) + "}", bytes(4), 1 << 63),
    "header_of_a_gigabyte": header("{" + entry("a", 0, 4) + "}", bytes(4), 1 << 30),
    "ends_inside_the_header": header("{" + entry("a", 0, 4))[:40],
    "not_utf8": header(b'{"\xff\xfe":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', bytes(1)),
    "name_twice": header("{" + entry("a", 0, 4) + "," + entry("a", 4, 8) + "}", bytes(8)),
    "shape_twice": header('{"a":{"dtype":"U8","shape":[4],"shape":[2],"data_offsets":[0,4]}}', bytes(4)),
    "metadata_twice": header('{"__metadata__":{"a":"1"},"__metadata__":{"a":"2"}}'),
    "metadata_of_numbers": header('{"__metadata__":{"a":1}}'),
    "metadata_nested": header('{"__metadata__":{"a":{"b":"c"}}}'),
    "overlap": header("{" + entry("a", 0, 8) + "," + entry("b", 4, 12) + "}", bytes(12)),
    "same_bytes_twice": header("{" + entry("a", 0, 8) + "," + entry("b", 0, 8) + "}", bytes(8)),
    "hole_with_a_program": header("{" + entry("a", 0, 4) + "," + entry("b", 4 + len(ELF), 8 + len(ELF)) + "}", bytes(4) + ELF + bytes(4)),
    "archive_behind": header("{" + entry("a", 0, 4) + "}", bytes(4) + archive()),
    "ends_inside_a_tensor": header("{" + entry("a", 0, 400) + "}", bytes(40)),
    "shape_wraps_around": header("{" + entry("a", 0, 4, "F64", "[4294967296,4294967296]") + "}", bytes(4)),
    "shape_times_zero": header("{" + entry("a", 0, 0, "F32", "[18446744073709551615,18446744073709551615,0]") + "}"),
    "shape_negative": header("{" + entry("a", 0, 4, "F32", "[-1]") + "}", bytes(4)),
    "shape_fraction": header("{" + entry("a", 0, 4, "F32", "[1.0]") + "}", bytes(4)),
    "offset_beyond_64_bits": header("{" + entry("a", 0, 1 << 65, "U8", "[4]") + "}", bytes(4)),
    "offsets_backwards": header("{" + entry("a", 8, 4, "U8", "[4]") + "}", bytes(8)),
    "type_unknown": header("{" + entry("a", 0, 4, "PICKLE") + "}", bytes(4)),
    "half_a_byte": header("{" + entry("a", 0, 2, "F4", "[3]") + "}", bytes(2)),
    "without_a_shape": header('{"a":{"dtype":"U8","data_offsets":[0,4]}}', bytes(4)),
    "key_that_readers_skip": header('{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"loader":"os.system"}}', bytes(4)),
    "nested_in_a_key_that_readers_skip": header('{"a":{"x":' + "[" * 5000 + "]" * 5000 + "}}"),
    "name_is_a_path": header("{" + entry("../../etc/cron.d/x", 0, 4) + "}", bytes(4)),
    "secret_in_the_metadata": header('{"__metadata__":{"token":"' + "hf_" + "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUi" + '"}}'),
    "program_as_a_tensor": header("{" + entry("a", 0, len(ELF)) + "}", ELF),
    "text_behind_the_header": header("{" + entry("a", 0, 4) + "} x", bytes(4)),
    "trailing_comma": header("{" + entry("a", 0, 4) + ",}", bytes(4)),
}


def text(value: str | bytes) -> bytes:
    value = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(value)) + value


def pair(key: str, kind: int, value: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + value


def tensor(name: str, dims: list[int], kind: int = 0, offset: int = 0) -> bytes:
    return text(name) + struct.pack("<I", len(dims)) + struct.pack(f"<{len(dims)}Q", *dims) + struct.pack("<IQ", kind, offset)


ARCHITECTURE = pair("general.architecture", 8, text("llama"))


def gguf(pairs: list[bytes] = (), tensors: list[bytes] = (), data: bytes = b"", counts=None, version: int = 3) -> bytes:
    pairs = [ARCHITECTURE, *pairs]
    count = counts or (len(tensors), len(pairs))
    head = b"GGUF" + struct.pack("<IQQ", version, *count) + b"".join(pairs) + b"".join(tensors)
    return head + bytes(-len(head) % 32) + data


def template(value: str) -> bytes:
    return pair("tokenizer.chat_template", 8, text(value))


GGUF = {
    "version_9": gguf(version=9),
    "version_1": b"GGUF" + struct.pack("<III", 1, 0, 0),
    "ends_inside_the_counts": gguf()[:14],
    "keys_beyond_the_file": gguf(counts=(0, 1 << 40)),
    "tensors_beyond_the_file": gguf(counts=(1 << 40, 1)),
    "counts_wrap_around": gguf(counts=((1 << 64) - 1, (1 << 64) - 1)),
    "text_beyond_the_file": gguf([text("k") + struct.pack("<IQ", 8, 1 << 40)]),
    "text_wraps_around": gguf([text("k") + struct.pack("<IQ", 8, (1 << 64) - 1)]),
    "list_wraps_around": gguf([text("k") + struct.pack("<IIQ", 9, 10, (1 << 61) + 1)]),
    "list_of_texts_beyond_the_file": gguf([text("k") + struct.pack("<IIQ", 9, 8, 1 << 40)]),
    "lists_without_end": gguf([text("k") + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 64]),
    "value_of_no_type": gguf([pair("k", 99, b"")]),
    "key_twice": gguf([ARCHITECTURE]),
    "tensor_twice": gguf([], [tensor("a", [4], 0, 0), tensor("a", [4], 0, 32)], bytes(64)),
    "dimensions_wrap_around": gguf([], [tensor("a", [1 << 33, 1 << 33])], bytes(64)),
    "bytes_wrap_around": gguf([], [tensor("a", [1 << 62], 0)], bytes(64)),
    "blocks_wrap_around": gguf([], [tensor("a", [1 << 40, 1 << 24], 2)], bytes(64)),
    "rank_of_a_thousand": gguf([], [text("a") + struct.pack("<I", 1000)], bytes(64)),
    "type_unknown": gguf([], [tensor("a", [4], 9999)], bytes(64)),
    "type_of_a_later_ggml": gguf([], [tensor("a", [4], 55)], bytes(64)),
    "half_a_block": gguf([], [tensor("a", [33], 8)], bytes(64)),
    "offset_beyond_the_file": gguf([], [tensor("a", [4], 0, 1 << 40)], bytes(64)),
    "offset_wraps_around": gguf([], [tensor("a", [4], 0, (1 << 64) - 32)], bytes(64)),
    "offset_odd": gguf([], [tensor("a", [4], 0, 0), tensor("b", [4], 0, 20)], bytes(64)),
    "cut_off": gguf([], [tensor("a", [4], 0, 0), tensor("b", [400], 0, 32)], bytes(64)),
    "overlap": gguf([], [tensor("a", [16], 0, 0), tensor("b", [16], 0, 32)], bytes(96)),
    "hole_with_a_program": gguf([], [tensor("a", [4], 0, 0), tensor("b", [4], 0, 256)], bytes(32) + ELF + bytes(-len(ELF) % 32 + 256)),
    "archive_behind": gguf([], [tensor("a", [8], 0, 0)], bytes(32) + archive()),
    "alignment_of_zero": gguf([pair("general.alignment", 4, struct.pack("<I", 0))]),
    "alignment_of_a_text": gguf([pair("general.alignment", 8, text("32"))]),
    "boolean_of_two": gguf([pair("k", 7, b"\2")]),
    "booleans_of_two": gguf([pair("k", 9, struct.pack("<IQ", 7, 2) + b"\1\2")]),
    "key_not_utf8": gguf([text(b"\xff\xfe") + struct.pack("<IB", 0, 1)]),
    "dimension_of_zero": gguf([], [tensor("a", [0, 4])], bytes(32)),
    "alignment_of_24": gguf([pair("general.alignment", 4, struct.pack("<I", 24))]),
    "template_escapes": gguf([template("{{ messages.__class__ }}")]),
    "template_computes": gguf([template("{{ messages|attr(key) }}")]),
    "template_broken": gguf([template("{% for m in messages %}")]),
    "template_without_bounds": gguf([template("{% for i in range(1000000000) %}{% endfor %}")]),
    "template_nested": gguf([template("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}")]),
    "second_template_escapes": gguf([template("{{ messages }}"), pair("tokenizer.chat_template.tool_use", 8, text("{{ ''['__cla' ~ 'ss__'] }}"))]),
    "secret_among_the_keys": gguf([pair("general.source.token", 8, text("hf_" + "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUi"))]),
    "program_as_a_tensor": gguf([], [tensor("a", [len(ELF)], 24)], ELF),
}

if __name__ == "__main__":
    write("safetensors", {f"{name}.safetensors": content for name, content in SAFETENSORS.items()})
    write("gguf", {f"{name}.gguf": content for name, content in GGUF.items()})
