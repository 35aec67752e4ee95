"""T5 and Whisper, encoder and decoder each on their own as deployments have them."""

import functools

import torch
from torch import nn
from transformers import (
    DynamicCache,
    EncoderDecoderCache,
    T5Config,
    T5EncoderModel,
    T5ForConditionalGeneration,
    WhisperConfig,
    WhisperForConditionalGeneration,
)

from . import Export, Normal
from .decoders import PAST
from .encoders import Encoder, ids

TOKENS = {0: "batch", 1: "length"}
MEMORY = {0: "batch", 1: "memory"}
FRAMES = 24  # of Whisper's audio, twice that many before its convolutions


class TextDecoder(nn.Module):
    """The next token's logits, from tokens and what the encoder made of the source."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, decoder_input_ids, encoder_hidden_states, encoder_attention_mask):
        given = self.model(decoder_input_ids=decoder_input_ids, encoder_outputs=(encoder_hidden_states,),
                           attention_mask=encoder_attention_mask, use_cache=False)
        return (given.logits,)


class SpeechEncoder(nn.Module):
    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.encoder = model.model.encoder

    def forward(self, input_features):
        return (self.encoder(input_features).last_hidden_state,)


class SpeechDecoder(nn.Module):
    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.decoder, self.head = model.model.decoder, model.proj_out

    def forward(self, decoder_input_ids, encoder_hidden_states):
        mask = torch.ones_like(decoder_input_ids)  # without one, transformers looks for packed sequences with aten::diff
        given = self.decoder(input_ids=decoder_input_ids, attention_mask=mask,
                             encoder_hidden_states=encoder_hidden_states, use_cache=False)
        return (self.head(given.last_hidden_state),)


class CachedSpeechDecoder(SpeechDecoder):
    """Also takes the keys and values of earlier tokens and of the audio; gives those of the tokens back longer."""

    def forward(self, decoder_input_ids, past, memory):
        mask = torch.ones(decoder_input_ids.shape[0], past[0].shape[2] + decoder_input_ids.shape[1], dtype=torch.int64)
        own, cross = (DynamicCache(list(zip(tensors[0::2], tensors[1::2]))) for tensors in (past, memory))
        # the audio itself is not looked at any more, but how long it is
        audio = torch.zeros(decoder_input_ids.shape[0], memory[0].shape[2], self.decoder.config.d_model)
        given = self.decoder(input_ids=decoder_input_ids, attention_mask=mask, encoder_hidden_states=audio,
                             past_key_values=EncoderDecoderCache(own, cross), use_cache=True)
        layers = given.past_key_values.self_attention_cache.layers
        return (self.head(given.last_hidden_state), *(kept for layer in layers for kept in (layer.keys, layer.values)))


def t5(kind, width: int, layers: int, heads: int, vocabulary: int) -> nn.Module:
    return kind(T5Config(
        vocab_size=vocabulary, d_model=width, d_kv=width // heads, d_ff=2 * width, num_layers=layers,
        num_decoder_layers=layers, num_heads=heads, feed_forward_proj="gated-gelu", decoder_start_token_id=0,
        pad_token_id=0, eos_token_id=1, dropout_rate=0.0))


def t5_encoder(name, width, layers, heads, vocabulary, **more) -> Export:
    axes = {"input_ids": TOKENS, "attention_mask": TOKENS, "last_hidden_state": TOKENS}
    make = functools.partial(t5, T5EncoderModel, width, layers, heads, vocabulary)
    return Export(name, lambda: Encoder(make(), "last_hidden_state"), functools.partial(ids, vocabulary),
                  ["last_hidden_state"], axes, layers, **more)


def t5_decoder(name, width, layers, heads, vocabulary, **more) -> Export:
    def inputs(batch: int, length: int) -> dict:
        source = ids(vocabulary, batch, length + 3)
        return {"decoder_input_ids": Normal(2).below(vocabulary, batch, length),
                "encoder_hidden_states": Normal(3)(batch, length + 3, width),
                "encoder_attention_mask": source["attention_mask"]}

    axes = {"decoder_input_ids": TOKENS, "encoder_hidden_states": MEMORY, "encoder_attention_mask": MEMORY,
            "logits": TOKENS}
    make = functools.partial(t5, T5ForConditionalGeneration, width, layers, heads, vocabulary)
    return Export(name, lambda: TextDecoder(make()), inputs, ["logits"], axes, 2 * layers, **more)


def whisper(width: int, layers: int, heads: int, vocabulary: int, **more) -> nn.Module:
    return WhisperForConditionalGeneration(WhisperConfig(
        vocab_size=vocabulary, d_model=width, encoder_layers=layers, decoder_layers=layers,
        encoder_attention_heads=heads, decoder_attention_heads=heads, encoder_ffn_dim=4 * width,
        decoder_ffn_dim=4 * width, num_mel_bins=16, max_source_positions=FRAMES, max_target_positions=64,
        pad_token_id=0, bos_token_id=1, eos_token_id=1, decoder_start_token_id=1, suppress_tokens=None,
        begin_suppress_tokens=None, **more))


def whisper_encoder(name, width, layers, heads, vocabulary, **more) -> Export:
    def inputs(batch: int, _: int) -> dict:
        return {"input_features": Normal(2)(batch, 16, 2 * FRAMES)}

    axes = {"input_features": {0: "batch"}, "last_hidden_state": {0: "batch"}}
    make = functools.partial(whisper, width, layers, heads, vocabulary)
    return Export(name, lambda: SpeechEncoder(make()), inputs, ["last_hidden_state"], axes, layers, **more)


def whisper_decoder(name, width, layers, heads, vocabulary, **more) -> Export:
    def inputs(batch: int, length: int) -> dict:
        return {"decoder_input_ids": Normal(2).below(vocabulary, batch, length),
                "encoder_hidden_states": Normal(3)(batch, FRAMES, width)}

    axes = {"decoder_input_ids": TOKENS, "encoder_hidden_states": MEMORY, "logits": TOKENS}
    make = functools.partial(whisper, width, layers, heads, vocabulary)
    return Export(name, lambda: SpeechDecoder(make()), inputs, ["logits"], axes, 2 * layers, **more)


def whisper_cached(name, width, layers, heads, vocabulary, *, attention="sdpa", **more) -> Export:
    def inputs(batch: int, length: int) -> dict:
        normal = Normal(3)
        past, memory = ([normal(batch, heads, rows, width // heads) for _ in range(2 * layers)] for rows in (PAST, FRAMES))
        return {"decoder_input_ids": Normal(2).below(vocabulary, batch, length), "past": past, "memory": memory}

    kinds = [f"{kind}.{layer}" for layer in range(layers) for kind in ("key", "value")]
    axes = {"decoder_input_ids": TOKENS, "past": {0: "batch", 2: "past_length"}, "memory": {0: "batch"}, "logits": TOKENS}
    axes |= {f"present.{kind}": {0: "batch", 2: "total"} for kind in kinds}
    axes |= {f"{name}.{kind}": axes[name] for kind in kinds for name in ("past", "memory")}
    make = functools.partial(whisper, width, layers, heads, vocabulary, attn_implementation=attention)
    outputs = ["logits", *(f"present.{kind}" for kind in kinds)]
    return Export(name, lambda: CachedSpeechDecoder(make()), inputs, outputs, axes, 2 * layers, **more)


EXPORTS = [
    t5_encoder("t5-encoder-tiny", 16, 2, 2, 64, tiny=True),
    t5_decoder("t5-decoder-tiny", 16, 2, 2, 64, tiny=True),
    whisper_encoder("whisper-encoder-tiny", 16, 2, 2, 64, tiny=True),
    whisper_decoder("whisper-decoder-tiny", 16, 2, 2, 64, tiny=True),
    whisper_cached("whisper-past-tiny", 16, 2, 2, 64, tiny=True),
    whisper_cached("whisper-eager-past-tiny", 16, 2, 2, 64, tiny=True, attention="eager"),
    t5_encoder("t5-encoder", 512, 6, 8, 2048),
    t5_decoder("t5-decoder", 512, 6, 8, 2048),
    whisper_encoder("whisper-encoder", 384, 4, 6, 2048),
    whisper_decoder("whisper-decoder", 384, 4, 6, 2048),
]
