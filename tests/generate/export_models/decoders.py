"""Language models that generate, each with the keys and values of what came before, or without."""

import functools

import torch
from torch import nn
from transformers import (
    DynamicCache,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    Phi3Config,
    Phi3ForCausalLM,
    PhiConfig,
    PhiForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from . import Export, Normal

TOKENS = {0: "batch", 1: "length"}
PAST = 5


class Decoder(nn.Module):
    """Ids and mask in, logits out."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        return (self.model(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).logits,)


class Cached(nn.Module):
    """Also takes the keys and values of earlier tokens, `[batch, heads, past, width]`, and gives them back longer."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, past):
        layers = list(zip(past[0::2], past[1::2]))
        given = self.model(input_ids=input_ids, attention_mask=attention_mask,
                           past_key_values=DynamicCache(layers), use_cache=True)
        present = [tensor for layer in given.past_key_values.layers for tensor in (layer.keys, layer.values)]
        return (given.logits, *present)


def ids(vocabulary: int, batch: int, length: int) -> dict:
    """Ids, and a mask that pads every row but the first on the left."""
    mask = torch.ones(batch, length, dtype=torch.int64)
    for row in range(1, batch):
        mask[row, :row] = 0
    return {"input_ids": Normal(2).below(vocabulary, batch, length), "attention_mask": mask}


def with_past(vocabulary: int, layers: int, heads: int, width: int, batch: int, length: int) -> dict:
    given = ids(vocabulary, batch, length + PAST)
    given["input_ids"] = given["input_ids"][:, :length]
    normal = Normal(3)
    given["past"] = [normal(batch, heads, PAST, width) for _ in range(2 * layers)]
    return given


def plain(name, make, vocabulary, layers, tiny=False, **more) -> Export:
    axes = {"input_ids": TOKENS, "attention_mask": TOKENS, "logits": TOKENS}
    return Export(name, lambda: Decoder(make()), functools.partial(ids, vocabulary), ["logits"], axes, layers, tiny,
                  **more)


def cached(name, make, vocabulary, layers, heads, width, tiny=False, **more) -> Export:
    kinds = [f"{kind}.{layer}" for layer in range(layers) for kind in ("key", "value")]
    axes = {"input_ids": TOKENS, "attention_mask": {0: "batch", 1: "total"}, "past": {0: "batch", 2: "past_length"},
            "logits": TOKENS}
    axes |= {f"present.{kind}": {0: "batch", 2: "total"} for kind in kinds}
    axes |= {f"past.{kind}": axes["past"] for kind in kinds}
    inputs = functools.partial(with_past, vocabulary, layers, heads, width)
    return Export(name, lambda: Cached(make()), inputs, ["logits", *(f"present.{kind}" for kind in kinds)], axes,
                  layers, tiny, **more)


def gpt2(width: int, layers: int, heads: int, vocabulary: int, **more) -> nn.Module:
    return GPT2LMHeadModel(GPT2Config(vocab_size=vocabulary, n_embd=width, n_layer=layers, n_head=heads,
                                      n_positions=64, bos_token_id=0, eos_token_id=1, **more))


def rotary(model, config, width, layers, heads, groups, vocabulary, **more) -> nn.Module:
    """A model of the Llama kind: grouped queries, rotary positions, root mean square norms, gated feed forward."""
    return model(config(
        vocab_size=vocabulary, hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads,
        num_key_value_heads=groups, intermediate_size=2 * width, max_position_embeddings=128, bos_token_id=0,
        eos_token_id=1, pad_token_id=None, **more))


def llama(*shape, **more) -> nn.Module:
    return rotary(LlamaForCausalLM, LlamaConfig, *shape, **more)


def phi(width: int, layers: int, heads: int, vocabulary: int) -> nn.Module:
    return PhiForCausalLM(PhiConfig(
        vocab_size=vocabulary, hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads,
        intermediate_size=4 * width, max_position_embeddings=128, partial_rotary_factor=0.5, bos_token_id=0,
        eos_token_id=1, resid_pdrop=0.0, embd_pdrop=0.0))


EAGER = {"attn_implementation": "eager"}

EXPORTS = [
    plain("gpt2-tiny", lambda: gpt2(16, 2, 2, 64), 64, 2, tiny=True),
    cached("gpt2-past-tiny", lambda: gpt2(16, 2, 2, 64), 64, 2, 2, 8, tiny=True),
    plain("llama-tiny", lambda: llama(32, 2, 4, 2, 64), 64, 2, tiny=True),
    cached("llama-past-tiny", lambda: llama(32, 2, 4, 2, 64), 64, 2, 2, 8, tiny=True),
    plain("gpt2-eager-tiny", lambda: gpt2(16, 2, 2, 64, **EAGER), 64, 2, tiny=True),
    cached("gpt2-eager-past-tiny", lambda: gpt2(16, 2, 2, 64, **EAGER), 64, 2, 2, 8, tiny=True),
    plain("llama-eager-tiny", lambda: llama(32, 2, 4, 2, 64, **EAGER), 64, 2, tiny=True),
    cached("llama-eager-past-tiny", lambda: llama(32, 2, 4, 2, 64, **EAGER), 64, 2, 2, 8, tiny=True),
    plain("qwen2-tiny", lambda: rotary(Qwen2ForCausalLM, Qwen2Config, 32, 2, 4, 2, 64), 64, 2, tiny=True),
    plain("qwen3-tiny", lambda: rotary(Qwen3ForCausalLM, Qwen3Config, 32, 2, 4, 2, 64, head_dim=8), 64, 2, tiny=True),
    plain("mistral-tiny", lambda: rotary(MistralForCausalLM, MistralConfig, 32, 2, 4, 2, 64, sliding_window=None),
          64, 2, tiny=True),
    plain("phi3-tiny", lambda: rotary(Phi3ForCausalLM, Phi3Config, 32, 2, 4, 2, 64), 64, 2, tiny=True),
    plain("phi-tiny", lambda: phi(32, 2, 4, 64), 64, 2, tiny=True),
    plain("gpt2", lambda: gpt2(768, 12, 12, 2048), 2048, 12),
    cached("gpt2-past", lambda: gpt2(384, 12, 6, 2048), 2048, 12, 6, 64),
    plain("llama", lambda: llama(512, 8, 8, 2, 2048), 2048, 8),
    cached("llama-past", lambda: llama(512, 8, 8, 2, 2048), 2048, 8, 2, 64),
]
