"""Writes folders and files of Hugging Face's kinds that lie, lead elsewhere or act, without any library.

    python tests/generate/hostile_hugging_face.py tests/hostile/formats

`expected.json` beside them is kept by `make bless`; new cases are added to it here.
"""

import json
import shutil
import struct
import sys
from pathlib import Path

LLAMA = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 8, "intermediate_size": 16,
         "num_attention_heads": 2, "num_hidden_layers": 1, "vocab_size": 4}
ESCAPE = "{{ messages.__class__.__mro__[1].__subclasses__() }}"


def safetensors(tensors, pad=0):
    header, at = {}, 0
    for name, shape in tensors.items():
        size = 4
        for dim in shape:
            size *= dim
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(at - pad)


def index(**files):
    return json.dumps({"metadata": {"total_size": 32}, "weight_map": files})


def source(text):
    return f"import torch\nfrom torch import nn\n\n{text}\n"


FOLDERS = {
    "shard_missing": {"config.json": LLAMA, "a.safetensors": safetensors({"x": [4]}),
                      "model.safetensors.index.json": index(x="a.safetensors", y="b.safetensors")},
    "shard_escapes": {"config.json": LLAMA, "a.safetensors": safetensors({"x": [4]}),
                      "model.safetensors.index.json": index(x="a.safetensors", y="../../../etc/passwd")},
    "shard_is_an_address": {"config.json": LLAMA, "a.safetensors": safetensors({"x": [4]}),
                            "model.safetensors.index.json": index(x="a.safetensors", y="https://example.com/b.safetensors")},
    "tensor_in_the_other_shard": {"config.json": LLAMA, "a.safetensors": safetensors({"x": [4]}),
                                  "b.safetensors": safetensors({"y": [4]}),
                                  "model.safetensors.index.json": index(x="b.safetensors", y="a.safetensors")},
    "tensor_in_two_shards": {"config.json": LLAMA, "a.safetensors": safetensors({"x": [4], "y": [4]}),
                             "b.safetensors": safetensors({"y": [4]}),
                             "model.safetensors.index.json": index(x="a.safetensors", y="b.safetensors")},
    "shard_cut_off": {"config.json": LLAMA, "a.safetensors": safetensors({"x": [4]}, pad=9),
                      "model.safetensors.index.json": index(x="a.safetensors")},
    "index_of_a_list": {"config.json": LLAMA, "a.safetensors": safetensors({"x": [4]}),
                        "model.safetensors.index.json": '{"weight_map": ["a.safetensors"]}'},
    "config_is_cut_off": {"config.json": '{"model_type": "llama", '},
    "config_with_a_tail": {"config.json": json.dumps(LLAMA) + " x"},
    "config_nests": {"config.json": '{"model_type": "llama", "a": ' + "[" * 500 + "]" * 500 + "}"},
    "sizes_without_bounds": {"config.json": LLAMA | {"hidden_size": 2**64 - 1, "vocab_size": 2**63, "num_hidden_layers": 9999}},
    "layers_without_end": {"config.json": LLAMA | {"num_hidden_layers": 2**40}},
    "code_of_the_folder": {"config.json": LLAMA | {"auto_map": {"AutoModel": "modeling.Model"}},
                           "modeling.py": source("class Model(nn.Module):\n    pass")},
    "code_that_acts": {"config.json": LLAMA | {"auto_map": {"AutoModel": "modeling.Model"}},
                       "modeling.py": source("from .helper import go\n\nclass Model(nn.Module):\n    pass"),
                       "helper.py": source("import os as o\n\ngo = getattr(o, 'sys' + 'tem')\ngo('true')")},
    "code_of_another_repository": {"config.json": LLAMA | {"auto_map": {"AutoModel": "owner/name--modeling.Model"}}},
    "code_below_the_text_part": {"config.json": {"model_type": "x", "text_config": LLAMA | {"auto_map": {"AutoModel": "m.M"}}}},
    "tokenizer_with_code": {"tokenizer_config.json": {"tokenizer_class": "T", "auto_map": {"AutoTokenizer": [None, "t.T"]}}},
    "generation_of_its_own": {"config.json": LLAMA, "custom_generate/generate.py": source("def generate(model):\n    pass")},
    "pipeline_of_a_module_that_acts": {"model_index.json": {"_class_name": "P", "_diffusers_version": "0.40.0", "unet": ["os", "system"]}},
    "pipeline_of_an_unknown_library": {"model_index.json": {"_class_name": "P", "_diffusers_version": "0.40.0", "unet": ["mine", "Net"]}},
    "pipeline_with_its_own_class": {"model_index.json": {"_class_name": ["pipeline", "P"], "_diffusers_version": "0.40.0",
                                                         "scheduler": ["diffusers", "DDPMScheduler"]}},
    "step_of_an_unknown_library": {"modules.json": [{"idx": 0, "name": "0", "path": "", "type": "custom.Transformer"}]},
    "adapter_of_an_unknown_library": {"adapter_config.json": {"peft_type": "LORA", "auto_mapping": {
        "base_model_class": "Model", "parent_library": "somebodys_package"}}},
    "adapter_of_a_module_that_acts": {"adapter_config.json": {"peft_type": "LORA", "auto_mapping": {
        "base_model_class": "Popen", "parent_library": "subprocess"}}},
    "trust_is_switched_on": {"config.json": LLAMA | {"trust_remote_code": True}},
    "kernels_of_a_repository": {"config.json": LLAMA | {"_attn_implementation": "owner/kernels"}},
    "target_that_acts": {"config.json": LLAMA | {"head": {"_target_": "os.system", "command": "true"}}},
    "template_that_escapes": {"tokenizer_config.json": {"tokenizer_class": "T", "chat_template": ESCAPE}},
    "template_in_a_list_that_escapes": {"tokenizer_config.json": {"tokenizer_class": "T", "chat_template": [
        {"name": "default", "template": "{{ messages }}"}, {"name": "tool_use", "template": ESCAPE}]}},
    "template_in_a_file_that_escapes": {"tokenizer_config.json": {"tokenizer_class": "T"}, "chat_template.jinja": ESCAPE},
    "template_of_a_processor_that_escapes": {"config.json": LLAMA, "chat_template.json": {"chat_template": ESCAPE}},
    "tokenizer_nests": {"tokenizer.json": '{"version": "1.0", "added_tokens": [], "normalizer": '
                        + '{"type": "Sequence", "normalizers": [' * 300 + "]}" * 300 + ', "model": {"type": "BPE", "vocab": {}, "merges": []}}'},
    "tokenizer_beyond_the_embedding": {"config.json": LLAMA, "tokenizer.json": {
        "version": "1.0", "added_tokens": [{"id": 9, "content": "<x>", "special": True}],
        "model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}}},
    "tokenizers_that_disagree": {"config.json": LLAMA | {"bos_token_id": 1}, "tokenizer.json": {
        "version": "1.0", "added_tokens": [{"id": 0, "content": "<s>", "special": True}],
        "model": {"type": "WordLevel", "vocab": {"<s>": 0, "b": 1, "c": 2}, "unk_token": "b"}},
        "tokenizer_config.json": {"bos_token": "<s>", "added_tokens_decoder": {"2": {"content": "<s>"}}},
        "vocab.txt": "a\nb\nc\nd\ne\nf\ng\nh\n"},
    "pieces_cut_off": {"config.json": LLAMA, "tokenizer.model": b"\x0a\x0e\x0a\x05<unk>\x15\0\0\0\0\x18\x02\x0a\xff\xff\x03"},
    "ranks_cut_off": {"config.json": LLAMA, "x.tiktoken": b"AA== 0\nAQ== 1\nAg== x\n"},
    "card_of_another_licence": {"config.json": LLAMA, "README.md": "---\nlicense: apache-2.0\n---\n",
                                "LICENSE": "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nLlama 3.1 Version Release Date: July 23, 2024\n"},
}

def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, (dict, list)):
        content = json.dumps(content, indent=1)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def keep(folder, names):
    """Names every case in `expected.json`; what is expected of known ones stays."""
    path = folder / "expected.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    new = {"open": None, "verdict": "clean", "codes": []}
    path.write_text(json.dumps({name: known.get(name, new) for name in sorted(names)}, indent=2) + "\n")


def main(out):
    folder = Path(out) / "hugging_face"
    for name, files in FOLDERS.items():
        shutil.rmtree(folder / name, ignore_errors=True)
        for file, content in files.items():
            write(folder / name / file, content)
    keep(folder, FOLDERS)


if __name__ == "__main__":
    main(sys.argv[1])
