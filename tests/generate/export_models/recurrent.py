"""Recurrent networks."""

import torch
from torch import nn

from . import Export, Normal

TOKENS = {0: "batch", 1: "length"}


class Tagger(nn.Module):
    """Embedding, a recurrent network in both directions, and a score for each token."""

    def __init__(self, kind: type[nn.Module], vocabulary: int, width: int, layers: int) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.recurrent = kind(width, width, layers, batch_first=True, bidirectional=True)
        self.scores = nn.Linear(2 * width, 5)

    def forward(self, input_ids):
        states, last = self.recurrent(self.words(input_ids))
        last = last[0] if isinstance(last, tuple) else last
        return self.scores(states), last[-1]


def tagger(name, kind, vocabulary, width, layers, tiny=False) -> Export:
    def inputs(batch: int, length: int) -> dict:
        return {"input_ids": Normal(2).below(vocabulary, batch, length)}

    axes = {"input_ids": TOKENS, "scores": TOKENS, "state": {0: "batch"}}
    return Export(name, lambda: Tagger(kind, vocabulary, width, layers), inputs, ["scores", "state"], axes, 0, tiny)


EXPORTS = [
    tagger("lstm-tiny", nn.LSTM, 64, 16, 2, tiny=True),
    tagger("gru-tiny", nn.GRU, 64, 16, 2, tiny=True),
    tagger("rnn-tiny", nn.RNN, 64, 16, 1, tiny=True),
    tagger("lstm", nn.LSTM, 2048, 256, 2),
    tagger("gru", nn.GRU, 2048, 256, 2),
]
