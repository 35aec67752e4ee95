"""Trains a small convolutional network on scikit-learn's digits and exports it as PyTorch's exporter leaves it.

    python digits.py            writes examples/models/digits/{digits.onnx,samples.npz,labels.txt}

Needs requirements-torch.txt. The exporter runs without its optimizer, so its own redundancy stays in the
file: constants as nodes, identities for clones, shapes that are computed at run time although they are
known, weights that are cast to the type they have. No node is added or changed by this script; only the
stack traces that the exporter attaches are dropped, because they name folders of the machine it ran on.
"""

import pathlib
import warnings

import numpy
import onnx
import onnxruntime
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional

OUT = pathlib.Path(__file__).resolve().parents[2] / "examples" / "models" / "digits"
SEED = 11
EPOCHS = 30


class Residual(nn.Module):
    """Two convolutions with a shortcut around them; the clone keeps it whole under in-place activations."""

    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.dropout = nn.Dropout2d(0.1)

    def forward(self, x):
        shortcut = x.clone()
        x = functional.relu_(self.norm1(self.conv1(x)))
        x = self.dropout(self.norm2(self.conv2(x)))
        return functional.relu_(x + shortcut)


class Digits(nn.Module):
    """Pixels from 0 to 16 as [batch, 1, 8, 8] to one logit per digit, [batch, 10]."""

    def __init__(self, mean, std):
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("std", torch.tensor(std))
        self.stem = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU())
        self.block1 = Residual(16)
        self.pool = nn.MaxPool2d(2)
        self.widen = nn.Conv2d(16, 32, 1)
        self.block2 = Residual(32)
        self.dropout = nn.Dropout(0.25)
        self.hidden = nn.Linear(32 * 4 * 4, 32)
        self.head = nn.Linear(32, 10)

    def forward(self, image):
        x = (image - self.mean) / self.std
        x = self.pool(self.block1(self.stem(x)))
        x = self.block2(self.widen(x))
        x = x.reshape(x.size(0), -1)
        return self.head(self.dropout(functional.relu(self.hidden(x))))


def train(images, labels):
    net = Digits(images.mean().item(), images.std().item())
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images)).split(64):
            optimizer.zero_grad()
            functional.cross_entropy(net(images[batch]), labels[batch]).backward()
            optimizer.step()
        schedule.step()
    return net.eval()


def export(net, example, path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            net, (example,), dynamo=True, optimize=False, verbose=False,
            input_names=["image"], output_names=["logits"],
            dynamic_shapes=({0: torch.export.Dim("batch")},),
        )
    model = program.model_proto
    for node in model.graph.node:
        kept = [entry for entry in node.metadata_props if entry.key != "pkg.torch.onnx.stack_trace"]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    path.write_bytes(model.SerializeToString(deterministic=True))


def main():
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)

    digits = load_digits()
    images = digits.images.astype(numpy.float32)[:, None]
    labels = digits.target.astype(numpy.int64)
    images, held_out, labels, expected = train_test_split(
        images, labels, test_size=360, random_state=SEED, stratify=labels
    )
    net = train(torch.from_numpy(images), torch.from_numpy(labels))

    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / "digits.onnx"
    export(net, torch.from_numpy(images[:2]), path)
    numpy.savez_compressed(OUT / "samples.npz", image=held_out, labels=expected)
    (OUT / "labels.txt").write_text("".join(f"{name}\n" for name in digits.target_names), encoding="utf-8")

    onnx.checker.check_model(path, full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"image": held_out})
    with torch.no_grad():
        distance = abs(logits - net(torch.from_numpy(held_out)).numpy()).max()
    right = (logits.argmax(1) == expected).sum()
    print(f"{path.stat().st_size} bytes; {right} of {len(expected)} held-out images right; "
          f"at most {distance:.1e} from PyTorch")


if __name__ == "__main__":
    main()
