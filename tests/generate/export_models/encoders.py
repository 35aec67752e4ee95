"""Text encoders of transformers, CLIP's text half, and PyTorch's own encoder."""

import functools

import torch
from torch import nn
from transformers import (
    BertConfig,
    BertModel,
    CLIPTextConfig,
    CLIPTextModelWithProjection,
    DistilBertConfig,
    DistilBertModel,
    RobertaConfig,
    RobertaForSequenceClassification,
)

from . import Export, Normal

TOKENS = {0: "batch", 1: "length"}


class Encoder(nn.Module):
    """Ids and mask in, hidden states and what is pooled of them out."""

    def __init__(self, model: nn.Module, *names: str) -> None:
        super().__init__()
        self.model, self.names = model, names

    def forward(self, input_ids, attention_mask):
        given = self.model(input_ids=input_ids, attention_mask=attention_mask)
        return tuple(given[name] for name in self.names)


class Sentence(nn.Module):
    """Mean of the hidden states where the mask is, scaled to length 1: what sentence-transformers puts behind MiniLM."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        given = self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        hidden, mask = given.last_hidden_state, attention_mask.unsqueeze(-1).to(given.last_hidden_state.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return hidden, nn.functional.normalize(mean, dim=1)


class Torch(nn.Module):
    """`nn.TransformerEncoder` with a padding mask."""

    def __init__(self, vocabulary: int, width: int, heads: int, layers: int, norm_first: bool) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, activation="gelu", batch_first=True, norm_first=norm_first)
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)

    def forward(self, input_ids, attention_mask):
        return (self.encoder(self.words(input_ids), src_key_padding_mask=attention_mask == 0),)


def ids(vocabulary: int, batch: int, length: int, types: bool = False) -> dict:
    """Ids, and a mask that shortens every row but the first."""
    normal = Normal(2)
    mask = torch.ones(batch, length, dtype=torch.int64)
    for row in range(1, batch):
        mask[row, length - 1 - row:] = 0
    given = {"input_ids": 2 + normal.below(vocabulary - 2, batch, length), "attention_mask": mask}
    if types:
        given["token_type_ids"] = normal.below(2, batch, length)
    return given


def bert(**config) -> BertModel:
    return BertModel(BertConfig(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, **config))


def shape(hidden: int, layers: int, heads: int, inner: int, vocabulary: int) -> dict:
    return {"hidden_size": hidden, "num_hidden_layers": layers, "num_attention_heads": heads,
            "intermediate_size": inner, "vocab_size": vocabulary}


def encoder(name, make, vocabulary, layers, outputs, tiny=False, types=False, **more) -> Export:
    axes = {"input_ids": TOKENS, "attention_mask": TOKENS}
    if types:
        axes["token_type_ids"] = TOKENS
    for output in outputs:
        axes[output] = TOKENS if output == "last_hidden_state" else {0: "batch"}
    return Export(name, make, functools.partial(ids, vocabulary, types=types), outputs, axes, layers, tiny, **more)


def roberta(**config) -> nn.Module:
    return Encoder(RobertaForSequenceClassification(RobertaConfig(max_position_embeddings=66, **config)), "logits")


def distilbert(dim: int, layers: int, heads: int, vocabulary: int) -> nn.Module:
    config = DistilBertConfig(vocab_size=vocabulary, dim=dim, n_layers=layers, n_heads=heads, hidden_dim=4 * dim,
                              max_position_embeddings=64)
    return Encoder(DistilBertModel(config), "last_hidden_state")


def clip(hidden: int, layers: int, heads: int, vocabulary: int) -> nn.Module:
    config = CLIPTextConfig(**shape(hidden, layers, heads, 4 * hidden, vocabulary), projection_dim=hidden,
                            max_position_embeddings=77, eos_token_id=1, bos_token_id=0)
    return Encoder(CLIPTextModelWithProjection(config), "text_embeds", "last_hidden_state")


STATES = ["last_hidden_state", "pooler_output"]

EXPORTS = [
    encoder("bert-tiny", lambda: Encoder(bert(**shape(16, 2, 2, 32, 64), max_position_embeddings=32), *STATES),
            64, 2, STATES, tiny=True),
    encoder("bert-eager-tiny", lambda: Encoder(bert(**shape(16, 2, 2, 32, 64), max_position_embeddings=32,
                                                    attn_implementation="eager"), *STATES),
            64, 2, STATES, tiny=True),
    encoder("minilm-tiny", lambda: Sentence(bert(**shape(16, 2, 2, 32, 64), max_position_embeddings=32)),
            64, 2, ["last_hidden_state", "sentence"], tiny=True, types=True),
    encoder("distilbert-tiny", lambda: distilbert(16, 2, 2, 64), 64, 2, STATES[:1], tiny=True),
    encoder("roberta-tiny", lambda: roberta(**shape(16, 2, 2, 32, 64)), 64, 2, ["logits"], tiny=True),
    encoder("clip-text-tiny", lambda: clip(16, 2, 2, 64), 64, 2, ["text_embeds", "last_hidden_state"], tiny=True),
    encoder("torch-encoder-tiny", lambda: Torch(64, 16, 2, 2, norm_first=False), 64, 2, STATES[:1], tiny=True),
    encoder("bert-base", lambda: Encoder(bert(), *STATES), 30522, 12, STATES, sizes=((1, 9), (2, 32))),
    encoder("minilm", lambda: Sentence(bert(**shape(384, 6, 12, 1536, 30522))),
            30522, 6, ["last_hidden_state", "sentence"], types=True, sizes=((1, 9), (2, 32))),
    encoder("distilbert", lambda: distilbert(768, 6, 12, 2048), 2048, 6, STATES[:1]),
    encoder("roberta", lambda: roberta(**shape(768, 12, 12, 3072, 2048)), 2048, 12, ["logits"]),
    encoder("clip-text", lambda: clip(512, 12, 8, 2048), 2048, 12, ["text_embeds", "last_hidden_state"]),
    encoder("torch-encoder", lambda: Torch(2048, 512, 8, 6, norm_first=True), 2048, 6, STATES[:1]),
]
