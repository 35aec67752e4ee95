"""safetensors and GGUF: counts that overflow, tensors out of place, templates that act."""

import json
import struct

from .ops import run, stream
from .zips import archive, torch_members

PICKLE = stream(run())
TEXT, ARRAY, U32, F32, U64 = 8, 9, 4, 6, 10

# each reaches Python from a template, or wastes what renders it
TEMPLATES = {
    "class": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals": "{{ self.__init__.__globals__.__builtins__.__import__('os').popen('true').read() }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('true').read() }}",
    "lipsum": "{{ lipsum.__globals__['os'].system('true') }}",
    "attr_filter": "{{ ''|attr('__class__')|attr('__base__') }}",
    "attr_joined": "{{ ''|attr('__cl' ~ 'ass__') }}",
    "attr_added": "{{ ''|attr('__cl' + 'ass__') }}",
    "attr_list": "{{ ''|attr(['__class', '__']|join) }}",
    "attr_format": "{{ ''|attr('%s%s' % ('__cla', 'ss__')) }}",
    "attr_format_filter": "{{ ''|attr('%s%s'|format('__cla', 'ss__')) }}",
    "attr_hex": "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "attr_unicode": "{{ ''['\\u005f\\u005fclass\\u005f\\u005f'] }}",
    "attr_reversed": "{{ ''|attr('__ssalc__'|reverse) }}",
    "attr_replaced": "{{ ''|attr('~~class~~'|replace('~', '_')) }}",
    "attr_lower": "{{ ''|attr('__CLASS__'|lower) }}",
    "attr_set": "{% set u = '_' * 2 %}{{ ''|attr(u ~ 'class' ~ u) }}",
    "attr_from_message": "{{ ''|attr(messages[0]['content']) }}",
    "subscript": "{{ messages['__class__']['__init__'] }}",
    "subscript_variable": "{% set k = '__class__' %}{{ messages[k] }}",
    "str_format": "{{ '{0.__class__.__init__.__globals__}'.format(messages) }}",
    "str_format_map": "{{ '{a.__class__}'.format_map({'a': messages}) }}",
    "macro_globals": "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "in_condition": "{% if messages.__class__ %}x{% endif %}",
    "in_loop": "{% for c in ''.__class__.__mro__ %}{{ c }}{% endfor %}",
    "in_set": "{% set x = ''.__class__ %}",
    "in_filter_argument": "{{ messages|map(attribute='__class__')|list }}",
    "in_macro_default": "{% macro m(x=''.__class__) %}{{ x }}{% endmacro %}{{ m() }}",
    "in_call_block": "{% call lipsum.__init__() %}{% endcall %}",
    "in_filter_block": "{% filter replace(''.__class__, 'x') %}a{% endfilter %}",
    "in_ternary": "{{ 'a' if ''.__class__ else 'b' }}",
    "line_breaks": "{{ ''.\n  __class__ }}",
    "comment_between": "{% set a = ''.__class__ %}{# x #}{{ a.__mro__ }}",
    "behind_honest": "{% for m in messages %}{{ m.content }}{% endfor %}{% if false %}{{ ''.__class__.__mro__ }}{% endif %}",
    "config": "{{ config.__class__.from_envvar }}",
    "request": "{{ request.application.__globals__ }}",
    "generator": "{{ (messages|map('upper')).gi_frame.f_globals }}",
    "import": "{% import 'os' as os %}",
    "include": "{% include '/etc/passwd' %}",
    "extends": "{% extends '../../x' %}",
    "self_private": "{{ self._TemplateReference__context }}",
    "joiner": "{{ joiner.__init__.__globals__ }}",
    "namespace_class": "{{ namespace.__class__ }}",
    "debug": "{% debug %}",
    "range_bomb": "{% for i in range(99999999999) %}{{ i }}{% endfor %}",
    "multiply_bomb": "{{ 'a' * 99999999999 }}",
    "nested_loops": "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}x{% endfor %}{% endfor %}{% endfor %}",
    "power_bomb": "{{ 9 ** 9 ** 9 }}",
}
WASTEFUL = (
    "range_bomb",
    "multiply_bomb",
    "nested_loops",
    "power_bomb",
    "config",
    "request",
    "self_private",
    "import",
    "include",
    "extends",
    "debug",
    "attr_from_message",
    "namespace_class",
    "in_filter_argument",
)


def files():
    for name, technique, reference, expected, content in [*safetensors(), *ggufs(), *templates()]:
        yield name, technique, reference, expected, content


def table(header, data=b"", size=None):
    """A safetensors file of that header, JSON or bytes."""
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(header) if size is None else size) + header + data


def safetensors():
    odd, spec = "suspicious", "safetensors specification"
    f32 = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
    eight = bytes(8)
    bare = {"a": f32}
    for name, header, data in (
        ("overlap", {"a": f32, "b": {**f32, "data_offsets": [4, 12]}}, bytes(12)),
        ("hole", {"a": f32, "b": {**f32, "data_offsets": [16, 24]}}, bytes(24)),
        ("same_bytes", {"a": f32, "b": f32}, eight),
        ("trailing", bare, bytes(64)),
        ("short", bare, bytes(4)),
        ("reversed_range", {"a": {**f32, "data_offsets": [8, 0]}}, eight),
        ("negative", {"a": {**f32, "data_offsets": [-8, 0]}}, eight),
        ("beyond", {"a": {**f32, "data_offsets": [0, 2**63]}}, eight),
        ("shape_differs", {"a": {**f32, "shape": [3]}}, eight),
        ("shape_overflow", {"a": {**f32, "shape": [2**32, 2**32, 2]}}, eight),
        ("shape_negative", {"a": {**f32, "shape": [-2]}}, eight),
        ("dtype_unknown", {"a": {**f32, "dtype": "Q9"}}, eight),
        ("no_dtype", {"a": {"shape": [2], "data_offsets": [0, 8]}}, eight),
        ("metadata_not_text", {"__metadata__": {"a": {"b": 1}}, "a": f32}, eight),
        ("offsets_of_three", {"a": {**f32, "data_offsets": [0, 4, 8]}}, eight),
        ("floats", {"a": {**f32, "shape": [2.0]}}, eight),
        ("list", [f32], eight),
    ):
        yield f"{name}.safetensors", name.replace("_", " "), spec, odd, table(header, data)
    text = json.dumps(f32)
    yield "twice.safetensors", "one name twice", spec, odd, table(f'{{"a": {text}, "a": {text}}}'.encode(), eight)
    yield (
        "twice_escaped.safetensors",
        "one name twice, once by an escape",
        spec,
        odd,
        table(f'{{"a": {text}, "\\u0061": {text}}}'.encode(), eight),
    )
    yield "header_size.safetensors", "a header longer than the file", spec, odd, table(bare, eight, size=10**6)
    yield "header_size_max.safetensors", "a header of 2**64 - 1", spec, odd, table(bare, eight, size=2**64 - 1)
    yield (
        "header_garbage.safetensors",
        "text behind the JSON",
        spec,
        odd,
        table(json.dumps(bare).encode() + b"<script>", eight),
    )
    yield (
        "header_spaces.safetensors",
        "a page of blanks before the JSON",
        spec,
        odd,
        table(b" " * 4096 + json.dumps(bare).encode(), eight),
    )
    yield (
        "header_not_utf8.safetensors",
        "bytes that are no text",
        spec,
        odd,
        table(b'{"a\xff": ' + text.encode() + b"}", eight),
    )
    yield "header_deep.safetensors", "10,000 brackets", spec, odd, table(b'{"a":' + b"[" * 10000 + b"]" * 10000 + b"}")
    yield (
        "zip_behind.safetensors",
        "a checkpoint behind the tensors",
        "polyglot",
        "malicious",
        table(bare, eight) + archive(*torch_members(PICKLE)),
    )
    whole = table(bare, eight)
    shifted = archive(*torch_members(PICKLE), shift=len(whole))
    yield (
        "zip_in_tensor.safetensors",
        "a checkpoint as a tensor",
        "polyglot",
        odd,
        table({"a": {"dtype": "U8", "shape": [len(shifted)], "data_offsets": [0, len(shifted)]}}, shifted),
    )
    program = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHI", 3, 62, 1) + bytes(2000)
    yield (
        "program.safetensors",
        "a program as a tensor",
        "weight steganography",
        odd,
        table({"a": {"dtype": "U8", "shape": [len(program)], "data_offsets": [0, len(program)]}}, program),
    )
    windows = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0\x64\x86" + bytes(500)
    yield (
        "program_windows.safetensors",
        "a program for Windows as a tensor",
        "weight steganography",
        odd,
        table({"a": {"dtype": "U8", "shape": [len(windows)], "data_offsets": [0, len(windows)]}}, windows),
    )
    yield "pickle_behind.safetensors", "a pickle behind the tensors", "polyglot", odd, table(bare, eight) + PICKLE
    yield (
        "secret.safetensors",
        "a token in the metadata",
        "secrets",
        odd,
        table({"__metadata__": {"note": "hf_" + "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUi"}, "a": f32}, eight),
    )


def string(text):
    data = text if isinstance(text, bytes) else text.encode()
    return struct.pack("<Q", len(data)) + data


def pair(key, kind, value):
    return string(key) + struct.pack("<I", kind) + value


def info(name, dims=(32,), kind=0, offset=0, rank=None):
    return (
        string(name)
        + struct.pack("<I", len(dims) if rank is None else rank)
        + b"".join(struct.pack("<Q", d) for d in dims)
        + struct.pack("<IQ", kind, offset)
    )


def gguf(pairs=(), infos=(), data=b"", version=3, counts=(None, None), align=32):
    """A GGUF file; `counts` of tensors and pairs may lie."""
    pairs = [pair("general.architecture", TEXT, string("llama")), *pairs]
    tensors, keys = (len(infos) if counts[0] is None else counts[0]), (len(pairs) if counts[1] is None else counts[1])
    head = b"GGUF" + struct.pack("<IQQ", version, tensors, keys) + b"".join(pairs) + b"".join(infos)
    return head + bytes(-len(head) % align) + data


def ggufs():
    odd, cve = "suspicious", "CVE-2024-25664 to -25668, CVE-2025-53630, CVE-2026-7482"
    weights = bytes(128)
    one = info("a")
    alignment = lambda value: pair("general.alignment", U32, struct.pack("<I", value))  # noqa: E731
    for name, content in {
        "tensor_beyond": gguf(infos=[info("a", offset=2**20)], data=weights),
        "tensor_offset_overflow": gguf(infos=[info("a", offset=2**64 - 32)], data=weights),
        "tensor_too_large": gguf(infos=[info("a", dims=(2**20,))], data=weights),
        "dims_overflow": gguf(infos=[info("a", dims=(2**32, 2**32, 2**32))], data=weights),
        "dims_overflow_padded": gguf(infos=[info("a", dims=(2**62 + 8,))], data=weights),
        "dims_zero": gguf(infos=[info("a", dims=(0, 2**63))], data=weights),
        "rank_of_a_billion": gguf(infos=[info("a", rank=10**9)], data=weights),
        "rank_5": gguf(infos=[info("a", dims=(1,) * 5)], data=weights),
        "overlap": gguf(infos=[one, info("b", offset=64)], data=bytes(256)),
        "same_offset": gguf(infos=[one, info("b")], data=bytes(256)),
        "offset_unaligned": gguf(infos=[info("a", offset=4)], data=bytes(256)),
        "name_twice": gguf(infos=[one, info("a", offset=128)], data=bytes(256)),
        "kind_unknown": gguf(infos=[info("a", kind=9999)], data=weights),
        "block_of_33": gguf(infos=[info("a", dims=(33,), kind=8)], data=weights),
        "counts_huge": gguf(counts=(2**60, 2**60)),
        "tensors_huge": gguf(counts=(2**61, None)),
        "pairs_huge": gguf(counts=(None, 2**63)),
        "text_huge": gguf([string("a") + struct.pack("<IQ", TEXT, 2**64 - 1)]),
        "key_huge": b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**63) + b"abc",
        "array_huge": gguf([pair("a", ARRAY, struct.pack("<IQ", TEXT, 2**61))]),
        "array_of_bytes_huge": gguf([pair("a", ARRAY, struct.pack("<IQ", 0, 2**64 - 1))]),
        "array_nested_deep": gguf([pair("a", ARRAY, struct.pack("<IQ", ARRAY, 1) * 3000)]),
        "value_unknown": gguf([pair("a", 77, bytes(8))]),
        "boolean_of_two": gguf([pair("a", 7, b"\2")]),
        "alignment_zero": gguf([alignment(0)], [one], weights),
        "alignment_3": gguf([alignment(3)], [one], weights),
        "alignment_huge": gguf([alignment(2**31)], [one], weights),
        "alignment_text": gguf([pair("general.alignment", TEXT, string("32"))], [one], weights),
        "key_twice": gguf([pair("general.architecture", TEXT, string("bert"))]),
        "version_0": gguf(version=0),
        "version_99": gguf(version=99),
        "data_cut": gguf(infos=[one], data=bytes(16)),
        "header_cut": gguf(infos=[one])[:50],
        "key_not_utf8": gguf([pair(b"\xff\xfe", U32, bytes(4))]),
        "trailing_zip": gguf(infos=[one], data=weights) + archive(*torch_members(PICKLE)),
        "trailing_pickle": gguf(infos=[one], data=weights) + PICKLE,
    }.items():
        yield f"{name}.gguf", name.replace("_", " "), cve, "malicious" if name == "trailing_zip" else odd, content
    yield (
        "token_secret.gguf",
        "a private key in the metadata",
        "secrets",
        odd,
        gguf(
            [
                pair(
                    "general.description",
                    TEXT,
                    string(
                        "-----BEGIN "
                        + "RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx4UbaDzY5xjW6hc9jwN0mX33XpTDVW8WZ1xk\n-----END RSA PRIVATE KEY-----"
                    ),
                )
            ]
        ),
    )


def templates():
    cve = "CVE-2024-34359"
    for index, (name, template) in enumerate(TEMPLATES.items()):
        key = ("tokenizer.chat_template", "tokenizer.chat_template.tool_use")[index % 2]
        expected = "suspicious" if name in WASTEFUL else "malicious"
        yield (
            f"template_{name}.gguf",
            f"a template: {name.replace('_', ' ')}",
            cve,
            expected,
            gguf([pair(key, TEXT, string(template))]),
        )
