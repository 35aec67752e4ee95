"""Small safetensors and GGUF files, written by their own libraries, and what these say of them: `facts.json`.

    pip install -r requirements-tensors.txt
    python formats_tensors.py
"""

import json
from pathlib import Path

import gguf
import numpy as np
import safetensors
import safetensors.numpy

CORPUS = Path(__file__).resolve().parent.parent / "corpus" / "formats"

# the names of descriptors for the format's own
PLAIN = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64", "I32": "int32",
    "I16": "int16", "I8": "int8", "U64": "uint64", "U32": "uint32", "U16": "uint16", "U8": "uint8", "BOOL": "bool",
    "C64": "complex64", "F8_E4M3": "float8e4m3fn", "F8_E5M2": "float8e5m2", "F8_E8M0": "float8e8m0",
    "F8_E4M3FNUZ": "float8e4m3fnuz", "F8_E5M2FNUZ": "float8e5m2fnuz", "F4": "float4e2m1", "F6_E2M3": "float6e2m3",
    "F6_E3M2": "float6e3m2",
}


def write_facts(folder: Path, facts: dict) -> None:
    (folder / "facts.json").write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n")


def tensor_facts(name: str, dtype: str, shape, size: int, file: str, start: int | None = None) -> dict:
    facts = {"name": name, "dtype": dtype, "shape": [int(dim) for dim in shape], "bytes": int(size), "file": file}
    return facts if start is None else facts | {"start": int(start)}


def safetensors_files() -> None:
    folder = CORPUS / "safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    facts = {}

    def add(name: str, tensors: dict, metadata: dict | None = None, **more) -> None:
        safetensors.numpy.save_file(tensors, folder / name, metadata)
        with safetensors.safe_open(folder / name, "np") as file:
            rows = []
            for key in file.offset_keys():
                tensor = file.get_tensor(key)
                dtype = PLAIN[file.get_slice(key).get_dtype()]
                rows.append(tensor_facts(key, dtype, tensor.shape, tensor.nbytes, name))
            parameters = sum(file.get_tensor(key).size for key in file.keys())
        facts[name] = {"format": "safetensors", "tensors": rows, "parameters": parameters, **more}
        if metadata:
            facts[name]["metadata"] = metadata

    rng = np.random.default_rng(7)
    layer = lambda *shape: rng.standard_normal(shape).astype(np.float32)
    add(
        "bert.safetensors",
        {"encoder.0.weight": layer(8, 8), "encoder.0.bias": layer(8), "head.weight": layer(2, 8)},
        {"format": "pt"},
        framework={"name": "pytorch"},
    )
    numbers = [np.float64, np.float32, np.float16, np.int64, np.int32, np.int16, np.int8, np.uint64, np.uint32,
               np.uint16, np.uint8, np.bool_, np.complex64]
    add("numbers.safetensors", {np.dtype(dtype).name: np.ones((3, 2), dtype) for dtype in numbers})
    add("empty_and_scalar.safetensors", {"empty": np.zeros((0, 4), np.float32), "scalar": np.array(3, np.float32)})
    add("names.safetensors", {"é.\"quoted\"\\n": layer(1), "a/b c": layer(2), "tab\there": layer(3)}, {"note": "line\nbreak"})
    add("mlx.safetensors", {"w": layer(4)}, {"format": "mlx"}, framework={"name": "mlx"})
    lora = {f"lora_unet_block.{part}.weight": layer(2, 4) for part in ("lora_down", "lora_up")}
    add(
        "lora.safetensors",
        lora | {"lora_unet_block.alpha": np.array(1, np.float32)},
        {
            "ss_network_module": "networks.lora",
            "ss_base_model_version": "sdxl_base_v1-0",
            "ss_sd_scripts_commit_hash": "e5268286bfd5b8a8b3f8a4d3e3a1d1c0b9a87654",
            "ss_tag_frequency": json.dumps({"img": {"a cat": 3, "sitting": 2}}),
            "modelspec.architecture": "stable-diffusion-xl-v1-base/lora",
            "modelspec.license": "MIT",
            "modelspec.tags": "style, watercolour",
            "modelspec.hash_sha256": "0x" + "ab" * 32,
        },
        architecture="stable-diffusion-xl-v1-base/lora",
        producer={"name": "kohya-ss", "version": "e5268286bfd5b8a8b3f8a4d3e3a1d1c0b9a87654"},
        tags=["style", "watercolour", "lora"],
    )

    # what numpy has no type for goes through the serialiser itself
    spelt = {"bfloat16": 16, "float8_e4m3fn": 8, "float8_e5m2": 8, "float8_e8m0fnu": 8, "float4_e2m1fn_x2": 8}
    buffers = {name: np.zeros(bits, np.uint8) for name, bits in spelt.items()}  # eight elements each
    tensors = {
        name: safetensors.TensorSpec(
            dtype=name, shape=[len(buffer) * 8 // spelt[name]], data_ptr=buffer.ctypes.data, data_len=len(buffer)
        )
        for name, buffer in buffers.items()
    }
    tensors["bfloat16"] = safetensors.TensorSpec(
        dtype="bfloat16", shape=[4, 2], data_ptr=buffers["bfloat16"].ctypes.data, data_len=16
    )
    (folder / "narrow.safetensors").write_bytes(safetensors.serialize(tensors))
    header = dict(safetensors.deserialize((folder / "narrow.safetensors").read_bytes()))
    facts["narrow.safetensors"] = {
        "format": "safetensors",
        "weight_bytes": {PLAIN[info["dtype"]]: len(info["data"]) for _, info in header.items()},
    }
    (folder / "none.safetensors").write_bytes(safetensors.serialize({}, {"format": "np"}))
    facts["none.safetensors"] = {"format": "safetensors", "parameters": 0, "framework": {"name": "numpy"}}
    write_facts(folder, facts)


TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def gguf_files() -> None:
    folder = CORPUS / "gguf"
    folder.mkdir(parents=True, exist_ok=True)
    facts = {}
    rng = np.random.default_rng(7)

    def finish(writer: gguf.GGUFWriter, path: Path, **more) -> None:
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        reader = gguf.GGUFReader(path)
        rows = []
        for tensor in reader.tensors:
            own = tensor.tensor_type.name
            shape = [int(dim) for dim in reversed(tensor.shape)]
            dtype = PLAIN.get(own, own.lower())
            rows.append(tensor_facts(tensor.name, dtype, shape, tensor.n_bytes, path.name, tensor.data_offset))
        parameters = sum(int(tensor.n_elements) for tensor in reader.tensors)
        facts[path.name] = {"format": "gguf", "parameters": parameters, **({"tensors": rows} if rows else {}), **more}

    def llama(path: Path, endianess=gguf.GGUFEndian.LITTLE, **more) -> None:
        writer = gguf.GGUFWriter(path, "llama", endianess=endianess)
        writer.add_name("Tiny")
        writer.add_license("apache-2.0")
        writer.add_tags(["text-generation", "tiny"])
        writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
        writer.add_quantization_version(2)
        writer.add_context_length(128)
        writer.add_embedding_length(32)
        writer.add_block_count(2)
        writer.add_feed_forward_length(64)
        writer.add_head_count(4)
        writer.add_head_count_kv(2)
        writer.add_rope_dimension_count(8)
        writer.add_layer_norm_rms_eps(1e-5)
        writer.add_vocab_size(16)
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("llama-bpe")
        writer.add_token_list([f"t{index}" for index in range(16)])
        writer.add_token_types([1] * 16)
        writer.add_token_merges(["t 0", "t 1"])
        writer.add_bos_token_id(1)
        writer.add_eos_token_id(2)
        writer.add_chat_template(TEMPLATE)
        weight = lambda *shape: rng.standard_normal(shape).astype(np.float32)
        writer.add_tensor("token_embd.weight", weight(16, 32))
        for block in range(2):
            writer.add_tensor(f"blk.{block}.attn_norm.weight", weight(32))
            for name, rows in (("attn_q", 32), ("attn_k", 16), ("attn_v", 16), ("attn_output", 32), ("ffn_gate", 64), ("ffn_up", 64)):
                packed = gguf.quants.quantize(weight(rows, 32), gguf.GGMLQuantizationType.Q8_0)
                if endianess == gguf.GGUFEndian.BIG:
                    writer.add_tensor(f"blk.{block}.{name}.weight", weight(rows, 32).astype(np.float16))
                else:
                    writer.add_tensor(f"blk.{block}.{name}.weight", packed, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
            writer.add_tensor(f"blk.{block}.ffn_down.weight", weight(32, 64).astype(np.float16))
        writer.add_tensor("output_norm.weight", weight(32))
        finish(writer, path, architecture="llama", task="text", tags=["text-generation", "tiny", "q8_0"], **more)

    cache = {"kv_cache_bytes_per_token": {"value": 2 * 2 * 2 * 8 * 2}}  # layers, key and value, heads, elements, bytes
    llama(folder / "llama.gguf", resources=cache, format_version="3", tokenizer={"kind": "bpe", "vocabulary": 16})
    llama(folder / "llama_big_endian.gguf", gguf.GGUFEndian.BIG, format_version="3, big-endian")

    path = folder / "types.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    for kind, (block, size) in gguf.GGML_QUANT_SIZES.items():
        if kind == gguf.GGMLQuantizationType.Q8_1:
            continue  # ggml itself has 36 bytes where gguf has 40; nobody stores it
        packed = np.zeros((2, 2 * size), np.uint8)
        writer.add_tensor(f"w.{kind.name}", packed, raw_dtype=kind)
    finish(writer, path)

    path = folder / "every_value.gguf"
    writer = gguf.GGUFWriter(path, "clip")
    for name, value in (("uint8", 255), ("int8", -1), ("uint16", 65535), ("int16", -1), ("uint32", 1), ("int32", -1),
                        ("uint64", 1 << 63), ("int64", -1), ("float32", 0.5), ("float64", 0.25), ("bool", True)):
        getattr(writer, f"add_{name}")(f"x.{name}", value)
    writer.add_string("x.string", "é\n")
    writer.add_array("x.list", [1, 2, 3])
    writer.add_array("x.texts", ["a", "b"])
    writer.add_array("x.lists", [[1, 2], [3, 4]])
    writer.add_custom_alignment(64)
    writer.add_tensor("v.weight", np.ones((3,), np.float32))
    writer.add_tensor("m.weight", np.ones((5,), np.float16))
    metadata = {"x.uint8": "255", "x.int64": "-1", "x.uint64": str(1 << 63), "x.bool": "true", "x.float64": "0.25",
                "x.string": "é\n", "x.texts": "list of 2", "general.alignment": "64"}
    finish(writer, path, architecture="clip", metadata=metadata)

    path = folder / "vocabulary.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_tokenizer_model("llama")
    writer.add_token_list(["<unk>", "<s>", "</s>", "▁a"])
    writer.add_token_scores([0.0, 0.0, 0.0, -1.0])
    finish(writer, path, tokenizer={"kind": "sentencepiece", "vocabulary": 4})

    path = folder / "experts.gguf"
    writer = gguf.GGUFWriter(path, "mixtral")
    for key, value in (("context_length", 64), ("embedding_length", 32), ("block_count", 1), ("feed_forward_length", 32)):
        writer.add_uint32(f"mixtral.{key}", value)
    writer.add_uint32("mixtral.attention.head_count", 4)
    writer.add_uint32("mixtral.attention.head_count_kv", 1)
    writer.add_uint32("mixtral.expert_count", 4)
    writer.add_uint32("mixtral.expert_used_count", 2)
    half = lambda *shape: rng.standard_normal(shape).astype(np.float16)
    writer.add_tensor("token_embd.weight", half(8, 32))
    for name, shape in (("attn_q", (32, 32)), ("attn_k", (8, 32)), ("attn_v", (8, 32)), ("attn_output", (32, 32)),
                        ("ffn_gate_inp", (4, 32))):
        writer.add_tensor(f"blk.0.{name}.weight", half(*shape))
    for name in ("ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"):
        writer.add_tensor(f"blk.0.{name}.weight", half(4, 32, 32))
    idle = 2 * 3 * 32 * 32  # two of four experts, three matrices each
    total = 8 * 32 + 2 * 32 * 32 + 2 * 8 * 32 + 4 * 32 + 3 * 4 * 32 * 32
    finish(writer, path, resources={"active_parameters": {"value": total - idle}})
    write_facts(folder, facts)


if __name__ == "__main__":
    safetensors_files()
    gguf_files()
