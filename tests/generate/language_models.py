"""Counts, by transformers itself, the parameters and the cache of tiny models of every family that modelium knows.

    python tests/generate/language_models.py tests/corpus/resources/language_models.json

Each entry holds a `config.json`, the parameters that `num_parameters` counts (tied ones once), and the elements that
the model's own cache holds after `context` tokens. Versions: tests/generate/requirements-hugging_face.txt.
"""

import json
import sys

import torch
import transformers
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM

CONTEXT = 24
SMALL = dict(vocab_size=320, hidden_size=64, num_hidden_layers=4, num_attention_heads=4, intermediate_size=96,
             max_position_embeddings=128, pad_token_id=0, bos_token_id=1, eos_token_id=2)
GROUPED = SMALL | dict(num_key_value_heads=2)
HEADS = GROUPED | dict(head_dim=24)
EXPERTS = GROUPED | dict(moe_intermediate_size=40, num_experts_per_tok=2)

FAMILIES = {
    # decoders
    "gpt2": dict(vocab_size=320, n_embd=64, n_layer=3, n_head=4, n_positions=128),
    "gpt_neo": dict(vocab_size=320, hidden_size=64, num_layers=4, num_heads=4, intermediate_size=96, window_size=8,
                    attention_types=[[["global", "local"], 2]], max_position_embeddings=128),
    "gpt_neox": SMALL,
    "gptj": dict(vocab_size=320, n_embd=64, n_layer=3, n_head=4, n_positions=128, rotary_dim=8),
    "gpt_bigcode": dict(vocab_size=320, n_embd=64, n_layer=3, n_head=4, n_positions=128, multi_query=True),
    "opt": dict(vocab_size=320, hidden_size=64, num_hidden_layers=3, num_attention_heads=4, ffn_dim=96,
                word_embed_proj_dim=64, max_position_embeddings=128),
    "bloom": dict(vocab_size=320, hidden_size=64, n_layer=3, n_head=4),
    "mpt": dict(vocab_size=320, d_model=64, n_layers=3, n_heads=4, max_seq_len=128),
    "falcon": dict(vocab_size=320, hidden_size=64, num_hidden_layers=3, num_attention_heads=4, multi_query=True,
                   new_decoder_architecture=False, parallel_attn=True, bias=False),
    "falcon/new": dict(vocab_size=320, hidden_size=64, num_hidden_layers=3, num_attention_heads=4, num_kv_heads=2,
                       new_decoder_architecture=True, bias=False),
    "llama": GROUPED,
    "llama/tied_bias": GROUPED | dict(tie_word_embeddings=True, attention_bias=True, mlp_bias=True),
    "llama/head_dim": HEADS,
    "mistral": GROUPED | dict(sliding_window=8),
    "mistral/full": GROUPED | dict(sliding_window=None),
    "ministral": HEADS | dict(layer_types=["sliding_attention", "full_attention"] * 2, sliding_window=8),
    "mixtral": GROUPED | dict(num_local_experts=4, num_experts_per_tok=2, sliding_window=None),
    "qwen2": GROUPED | dict(tie_word_embeddings=True),
    "qwen2/windows": GROUPED | dict(use_sliding_window=True, sliding_window=8, max_window_layers=2),
    "qwen2_moe": EXPERTS | dict(num_experts=4, shared_expert_intermediate_size=48, decoder_sparse_step=1),
    "qwen3": HEADS,
    "qwen3_moe": HEADS | dict(num_experts=4, num_experts_per_tok=2, moe_intermediate_size=40, decoder_sparse_step=1),
    "qwen3_moe/some": HEADS | dict(num_experts=4, num_experts_per_tok=2, moe_intermediate_size=40,
                                   decoder_sparse_step=2, mlp_only_layers=[1]),
    "qwen3_next": HEADS | dict(num_experts=4, num_experts_per_tok=2, moe_intermediate_size=40,
                               shared_expert_intermediate_size=40, linear_num_key_heads=2, linear_num_value_heads=4,
                               linear_key_head_dim=16, linear_value_head_dim=16, linear_conv_kernel_dim=4),
    "gemma": HEADS,
    "gemma2": HEADS | dict(sliding_window=8),
    "gemma3_text": HEADS | dict(sliding_window=8, num_hidden_layers=7),
    "phi": SMALL,
    "phi3": GROUPED | dict(sliding_window=None),
    "phimoe": GROUPED | dict(num_local_experts=4, num_experts_per_tok=2, sliding_window=None),
    "starcoder2": GROUPED | dict(sliding_window=None),
    "stablelm": GROUPED,
    "cohere": GROUPED,
    "cohere2": HEADS | dict(sliding_window=8),
    "olmo": GROUPED,
    "olmo2": GROUPED,
    "olmo3": GROUPED | dict(sliding_window=8),
    "olmoe": GROUPED | dict(num_experts=4, num_experts_per_tok=2),
    "granite": GROUPED,
    "granitemoe": GROUPED | dict(num_local_experts=4, num_experts_per_tok=2),
    "granitemoehybrid": GROUPED | dict(num_local_experts=4, num_experts_per_tok=2, shared_intermediate_size=48,
                                       layer_types=["mamba", "attention"] * 2, mamba_n_heads=8, mamba_d_head=16,
                                       mamba_d_state=16, mamba_n_groups=1, mamba_expand=2),
    "smollm3": GROUPED | dict(no_rope_layers=[1, 1, 1, 0]),
    "glm": HEADS,
    "glm4": HEADS,
    "glm4_moe": HEADS | dict(n_routed_experts=4, num_experts_per_tok=2, moe_intermediate_size=40, n_shared_experts=1,
                             first_k_dense_replace=1, n_group=1, topk_group=1),
    "gpt_oss": HEADS | dict(num_local_experts=4, num_experts_per_tok=2, sliding_window=8),
    "llama4_text": HEADS | dict(num_local_experts=4, num_experts_per_tok=1, intermediate_size_mlp=96,
                                interleave_moe_layer_step=2, attention_chunk_size=8),
    "deepseek_v2": SMALL | dict(moe_intermediate_size=40, n_routed_experts=4, n_shared_experts=1, num_experts_per_tok=2,
                                first_k_dense_replace=1, kv_lora_rank=16, q_lora_rank=None, qk_rope_head_dim=8,
                                qk_nope_head_dim=16, v_head_dim=16, n_group=1, topk_group=1, num_key_value_heads=4),
    "deepseek_v3": SMALL | dict(moe_intermediate_size=40, n_routed_experts=4, n_shared_experts=1, num_experts_per_tok=2,
                                first_k_dense_replace=1, kv_lora_rank=16, q_lora_rank=24, qk_rope_head_dim=8,
                                qk_nope_head_dim=16, v_head_dim=16, n_group=1, topk_group=1, num_key_value_heads=4),
    # state spaces
    "mamba": dict(vocab_size=320, hidden_size=64, num_hidden_layers=3, state_size=8),
    "mamba2": dict(vocab_size=320, hidden_size=64, num_hidden_layers=3, state_size=16, num_heads=8, head_dim=16,
                   n_groups=1, expand=2),
    "falcon_mamba": dict(vocab_size=320, hidden_size=64, num_hidden_layers=3, state_size=8),
    "jamba": GROUPED | dict(num_experts=4, num_experts_per_tok=2, attn_layer_period=4, attn_layer_offset=2,
                            expert_layer_period=2, expert_layer_offset=1, mamba_d_state=8, use_mamba_kernels=False),
    "falcon_h1": HEADS | dict(mamba_d_ssm=128, mamba_n_heads=8, mamba_d_head=16, mamba_d_state=16, mamba_n_groups=1),
    "bamba": GROUPED | dict(attn_layer_indices=[1], mamba_n_heads=8, mamba_d_head=16, mamba_d_state=16,
                            mamba_n_groups=1),
    "lfm2": GROUPED | dict(layer_types=["conv", "full_attention"] * 2, block_auto_adjust_ff_dim=False, conv_L_cache=3),
    # encoders
    "bert": SMALL | dict(type_vocab_size=2),
    "roberta": SMALL | dict(type_vocab_size=1),
    "distilbert": dict(vocab_size=320, dim=64, n_layers=3, n_heads=4, hidden_dim=96, max_position_embeddings=128),
    "electra": SMALL | dict(embedding_size=32),
    "xlm-roberta": SMALL | dict(type_vocab_size=1),
    "modernbert": SMALL | dict(local_attention=8),
}
ENCODERS = {"bert", "roberta", "distilbert", "electra", "xlm-roberta", "modernbert"}


def tensors(value, seen):
    """Tensors that an object of a cache holds, each storage once."""
    if isinstance(value, torch.Tensor):
        if value.data_ptr() not in seen:
            seen.add(value.data_ptr())
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from tensors(item, seen)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from tensors(item, seen)
    elif hasattr(value, "__dict__") and not isinstance(value, torch.nn.Module):
        yield from tensors(vars(value), seen)


def entry(name, overrides):
    family = name.split("/")[0]
    torch.manual_seed(0)
    config = AutoConfig.for_model(family, **overrides)
    encoder = family in ENCODERS
    model = (AutoModel if encoder else AutoModelForCausalLM).from_config(config, attn_implementation="eager").eval()
    config.architectures = [type(model).__name__]
    found = {"name": name, "config": json.loads(config.to_json_string(use_diff=False)), "parameters": model.num_parameters()}
    if not encoder:
        with torch.no_grad():
            out = model(input_ids=torch.arange(3, 3 + CONTEXT)[None], use_cache=True)
        cache = getattr(out, "past_key_values", None)
        cache = cache if cache is not None else getattr(out, "cache_params", None)
        found |= {"context": CONTEXT, "cache_elements": sum(tensor.numel() for tensor in tensors(cache, set()))}
        layers = getattr(cache, "layers", None)
        if layers:
            found["cache_layers"] = [sum(tensor.numel() for tensor in tensors(layer, set())) for layer in layers]
    return found


def main(out):
    entries, failed = [], []
    for name, overrides in FAMILIES.items():
        try:
            entries.append(entry(name, overrides))
        except Exception as error:  # a family that this version cannot build is named at the end
            failed.append(f"{name}: {type(error).__name__}: {error}")
    with open(out, "w") as file:
        json.dump({"transformers": transformers.__version__, "models": entries}, file, indent=1, sort_keys=True)
        file.write("\n")
    print(f"{len(entries)} families")
    sys.exit("\n".join(failed) if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1])
