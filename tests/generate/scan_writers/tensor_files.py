"""safetensors and GGUF."""

import json

import gguf
import numpy as np
import torch
from safetensors.numpy import save
from safetensors.torch import save as save_torch

from . import saved

# honest templates as published models have them: loops, conditions, filters, a macro, an exception for bad input
CHATML = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
LLAMA = (
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system = messages[0]['content'] %}"
    "{% else %}{% set loop_messages = messages %}{% set system = false %}{% endif %}{% for message in loop_messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}"
    "{% if loop.index0 == 0 and system != false %}{% set content = '<<SYS>>\n' + system + '\n<</SYS>>\n\n' + message['content'] %}"
    "{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}"
    "{% elif message['role'] == 'assistant' %}{{ ' ' + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}"
)
TOOLS = (
    "{%- macro describe(tool) -%}{{ tool.function.name }}: {{ tool.function.description | default('', true) | trim }}{%- endmacro -%}"
    "{%- set ns = namespace(system='', first=true) -%}{%- for message in messages -%}{%- if message.role == 'system' -%}"
    "{%- set ns.system = message.content -%}{%- endif -%}{%- endfor -%}{%- if tools is defined and tools -%}"
    "{%- for tool in tools -%}{{ describe(tool) }} {{ tool | tojson(indent=2) }}{%- endfor -%}{%- endif -%}"
    "{%- for message in messages if message.role != 'system' -%}{%- if message.tool_calls is defined -%}{%- for call in message.tool_calls -%}"
    "{%- for key, value in call.function.arguments.items() -%}{{ key ~ '=' ~ (value | string) }}{%- endfor -%}{%- endfor -%}"
    "{%- elif message.content is string -%}{{ message.role | upper }}: {{ message.content.split('</think>')[-1].lstrip('\\n') }}"
    "{%- else -%}{{ message.content | selectattr('type', 'equalto', 'text') | map(attribute='text') | join('') }}{%- endif -%}"
    "{%- endfor -%}{{ strftime_now('%d %b %Y') if strftime_now is defined else '' }}{%- generation -%}{%- endgeneration -%}"
).replace("{%- generation -%}{%- endgeneration -%}", "")
TEMPLATES = {"chatml": CHATML, "llama": LLAMA, "tools": TOOLS}


def files():
    yield from safetensors()
    yield from ggufs()


def safetensors():
    arrays = {"weight": np.ones((2, 3), "f4"), "bias": np.zeros(3, "f2"), "ids": np.arange(4), "mask": np.array([True])}
    kinds = (
        "bfloat16",
        "float8_e4m3fn",
        "float8_e5m2",
        "uint8",
        "int8",
        "int16",
        "uint16",
        "uint32",
        "uint64",
        "float64",
        "complex64",
    )
    every = {name: torch.ones(2, 2).to(getattr(torch, name)) for name in kinds}
    yield "arrays.safetensors", "arrays of numpy", "safetensors", save(arrays)
    yield (
        "metadata.safetensors",
        "with metadata",
        "safetensors",
        save(arrays, {"format": "pt", "note": "see https://example.org"}),
    )
    yield "dtypes.safetensors", "every type", "safetensors", save_torch(every)
    yield (
        "empty.safetensors",
        "tensors of no elements",
        "safetensors",
        save({"e": np.zeros((0, 4), "f4"), "s": np.array(1.0, "f4")}),
    )
    yield "none.safetensors", "no tensors", "safetensors", save({})
    lora = {
        f"base_model.model.h.{i}.attn.lora_{ab}.weight": np.ones((1, 4) if ab == "A" else (4, 1), "f4")
        for i in range(3)
        for ab in "AB"
    }
    yield (
        "lora.safetensors",
        "a LoRA with training notes",
        "safetensors",
        save(
            lora,
            {
                "ss_network_module": "networks.lora",
                "ss_network_args": json.dumps({"conv_dim": 4}),
                "ss_tag_frequency": json.dumps({"img": {"a cat": 3}}),
                "modelspec.sai_model_spec": "1.0.0",
                "modelspec.title": "tiny",
                "ss_output_name": "tiny",
            },
        ),
    )
    yield (
        "names.safetensors",
        "odd names",
        "safetensors",
        save({"a/b.c:d é": np.ones(1, "f4"), "os.system": np.ones(1, "f4"), "x" * 200: np.ones(1, "u1")}),
    )


def written(name, fill, **options):
    def write(path):
        writer = gguf.GGUFWriter(path, name, **options)
        fill(writer)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    return saved(write)


def ggufs():
    def llama(writer):
        writer.add_name("tiny")
        writer.add_context_length(64)
        writer.add_embedding_length(32)
        writer.add_block_count(1)
        writer.add_head_count(2)
        writer.add_tokenizer_model("llama")
        writer.add_token_list(["<s>", "</s>", "▁the", "os", "system", "{{", "}}"])
        writer.add_token_scores([0.0, 0.0, -1.0, -2.0, -2.0, -3.0, -3.0])
        writer.add_token_types([3, 3, 1, 1, 1, 1, 1])
        writer.add_tensor("token_embd.weight", np.ones((7, 32), "f4"))

    for name, template in TEMPLATES.items():

        def fill(writer, template=template):
            llama(writer)
            writer.add_chat_template(template)

        yield f"llama_{name}.gguf", f"template of the kind {name}", "gguf", written("llama", fill)

    def named(writer):
        llama(writer)
        writer.add_chat_template([{"name": "default", "template": CHATML}, {"name": "tool_use", "template": TOOLS}])

    yield "named_templates.gguf", "two named templates", "gguf", written("llama", named)

    def kinds(writer):
        for index, value in enumerate((True, "text", 1.5, 7, [1, 2], ["a", "b"], [True], [[1], [2]][0])):
            writer.add_key_value(f"own.key{index}", value, *kind(value))
        for dtype in ("f4", "f2", "i1", "i2", "i4", "i8", "f8"):
            writer.add_tensor(f"t.{dtype}", np.ones((2, 32), dtype))
        for quantized in (
            gguf.GGMLQuantizationType.Q8_0,
            gguf.GGMLQuantizationType.Q4_0,
            gguf.GGMLQuantizationType.Q5_1,
        ):
            data = gguf.quants.quantize(np.ones((2, 32), "f4"), quantized)
            writer.add_tensor(f"q.{quantized.name}", data, raw_dtype=quantized)

    yield "kinds.gguf", "values and tensors of every kind", "gguf", written("own", kinds)
    yield "big_endian.gguf", "big-endian", "gguf", written("llama", llama, endianess=gguf.GGUFEndian.BIG)

    def aligned(writer):
        writer.add_custom_alignment(64)
        llama(writer)

    yield "aligned.gguf", "alignment of 64", "gguf", written("llama", aligned)


def kind(value):
    kinds = gguf.GGUFValueType
    found = kinds.get_type(value)
    return (found, kinds.get_type(value[0])) if found == kinds.ARRAY else (found,)
