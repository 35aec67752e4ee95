"""The PyTorch models that `onnx_exports.py` exports: one family a file, each a list `EXPORTS`.

Weights are random from one seed, and none of them is trivial: scales are not 1, biases are not 0, running statistics
are not those of a fresh model. So a rewrite that loses one of them changes the outputs.
"""

import dataclasses
import importlib
from collections.abc import Callable

import torch
from torch import nn

FAMILIES = ["encoders", "decoders", "seq2seq", "vision", "recurrent", "detection"]


@dataclasses.dataclass(frozen=True)
class Export:
    """One model, how to feed it, and what a simplifier should find in it."""

    name: str
    build: Callable[[], nn.Module]
    inputs: Callable[[int, int], dict]  # (batch, length) → what `forward` takes, in its order; lists are flattened
    outputs: list[str]
    axes: dict[str, dict[int, str]]  # by input and output; an input that is a list has one entry for all its members
    attention: int = 0  # how many attention layers there are
    tiny: bool = False  # small enough to be committed
    sizes: tuple[tuple[int, int], ...] = ((1, 7), (2, 12))  # of batch and length
    exporters: tuple[str, ...] = ("legacy", "dynamo")
    opset: int = 17
    keep_weights: bool = False  # leave them as the library made them


class Normal:
    """A generator of numbers that is reset for each model."""

    def __init__(self, seed: int) -> None:
        self._random = torch.Generator().manual_seed(seed)

    def __call__(self, *shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=self._random)

    def below(self, end: int, *shape: int) -> torch.Tensor:
        """Integers from 0 to `end`, exclusive."""
        return torch.randint(0, end, shape, generator=self._random)


@torch.no_grad()
def settle(model: nn.Module) -> nn.Module:
    """Gives every weight a value that matters, with activations of about the size of a trained model's."""
    normal = Normal(1)
    embeddings = {id(module.weight) for module in model.modules() if isinstance(module, nn.Embedding)}
    done = set()
    for name, weight in model.named_parameters():
        if id(weight) in done:
            continue
        done.add(id(weight))
        noise = normal(*weight.shape)
        if id(weight) in embeddings:
            weight.copy_(noise * 0.5)
        elif weight.ndim >= 2:
            weight.copy_(noise * (weight[0].numel() ** -0.5))
        elif name.endswith("bias"):
            weight.copy_(noise * 0.1)
        else:
            weight.add_(noise * 0.1)
    for name, buffer in model.named_buffers():
        if name.endswith("running_mean"):
            buffer.copy_(normal(*buffer.shape) * 0.1)
        elif name.endswith("running_var"):
            buffer.copy_(1 + normal(*buffer.shape).abs())
    return model


def every() -> dict[str, Export]:
    """All exports by name."""
    found = [export for family in FAMILIES for export in importlib.import_module(f"{__name__}.{family}").EXPORTS]
    return {export.name: export for export in found}
