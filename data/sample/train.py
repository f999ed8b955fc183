#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""train.py: trains the sample and writes bearing.tflite beside itself.

Needs python3-numpy and python3-torch. The training data is synthesized; nothing is read.
Takes about two minutes. The same seed, versions and processor give the same file.
"""

import os

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from make_data import BANDS, CLASSES, FRAMES, synthesize
from write_tflite import write_tflite

SEED = 1
RECORDS = 12000
EPOCHS = 16
BATCH = 64
DESCRIPTION = "Fettle sample: bearing faults from vibration, synthesized data"


def convolution(name, source, kernel, channels, stride=(1, 1), **more):
    return dict(op="CONV_2D", name=name, inputs=[source], kernel=kernel,
                channels=channels, stride=stride, padding="same", **more)


def depthwise(name, source, kernel, stride=(1, 1)):
    return dict(op="DEPTHWISE_CONV_2D", name=name, inputs=[source], kernel=kernel,
                stride=stride, padding="same", relu=True)


def topology():
    """The layers in execution order. A kernel or a stride is (frames, bands)."""
    layers = [
        dict(op="PAD", name="stem/pad", inputs=["input"], pad=((1, 1), (1, 1))),
        convolution("stem/conv", "stem/pad", (3, 3), 16, (1, 2), relu=True),
        depthwise("block1/depthwise", "stem/conv", (3, 3)),
        convolution("block1/pointwise", "block1/depthwise", (1, 1), 24, relu=True),
        depthwise("block2/depthwise", "block1/pointwise", (5, 3), (2, 2)),
        convolution("block2/pointwise", "block2/depthwise", (1, 1), 32, relu=True),
        depthwise("block3/depthwise", "block2/pointwise", (5, 3)),
        convolution("block3/pointwise", "block3/depthwise", (1, 1), 32),
        dict(op="ADD", name="block3/add", inputs=["block2/pointwise", "block3/pointwise"],
             relu=True),
        depthwise("block4/depthwise", "block3/add", (5, 3), (2, 2)),
        convolution("block4/pointwise", "block4/depthwise", (1, 1), 48, relu=True),
        depthwise("block5/depthwise", "block4/pointwise", (5, 1)),
        convolution("block5/pointwise", "block5/depthwise", (1, 1), 48),
        dict(op="ADD", name="block5/add", inputs=["block4/pointwise", "block5/pointwise"],
             relu=True),
        dict(op="AVERAGE_POOL_2D", name="head/pool", inputs=["block5/add"]),
        dict(op="RESHAPE", name="head/flatten", inputs=["head/pool"]),
        dict(op="FULLY_CONNECTED", name="head/dense", inputs=["head/flatten"],
             channels=len(CLASSES)),
        dict(op="SOFTMAX", name="head/softmax", inputs=["head/dense"]),
    ]
    layers[1]["padding"] = "valid"  # stem/pad has padded already
    return layers


def same_padding(size, kernel, stride):
    """(before, after) as TensorFlow places it: the odd one behind."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


class Layer(nn.Module):
    """A convolution with its batch normalization, padded as TensorFlow would."""

    def __init__(self, spec, channels_in):
        super().__init__()
        self.spec = spec
        deep = spec["op"] == "DEPTHWISE_CONV_2D"
        self.channels = channels_in if deep else spec["channels"]
        self.convolution = nn.Conv2d(channels_in, self.channels, spec["kernel"],
                                     spec["stride"], bias=False,
                                     groups=channels_in if deep else 1)
        self.normalization = nn.BatchNorm2d(self.channels)

    def forward(self, x):
        if self.spec["padding"] == "same":
            pairs = [same_padding(n, k, s) for n, k, s in
                     zip(x.shape[2:], self.spec["kernel"], self.spec["stride"])]
            x = functional.pad(x, (*pairs[1], *pairs[0]))
        return self.normalization(self.convolution(x))

    def folded(self):
        """Weights in TensorFlow Lite's layout and bias, batch normalization folded in."""
        norm = self.normalization
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weights = (self.convolution.weight * gain[:, None, None, None]).detach().numpy()
        bias = (norm.bias - norm.running_mean * gain).detach().numpy()
        deep = self.spec["op"] == "DEPTHWISE_CONV_2D"
        return weights.transpose((1, 2, 3, 0) if deep else (0, 2, 3, 1)), bias


def part_key(spec):
    return spec["name"].replace("/", "_")


class Network(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers
        self.parts = nn.ModuleDict()
        channels = {"input": 1}
        for spec in layers:
            count = channels[spec["inputs"][0]]
            if spec["op"] in ("CONV_2D", "DEPTHWISE_CONV_2D"):
                self.parts[part_key(spec)] = Layer(spec, count)
                count = self.part(spec).channels
            elif spec["op"] == "FULLY_CONNECTED":
                self.parts[part_key(spec)] = nn.Linear(count, spec["channels"])
            channels[spec["name"]] = count

    def part(self, spec):
        """The module of a layer; None if it has no parameters."""
        key = part_key(spec)
        return self.parts[key] if key in self.parts else None

    def forward(self, x):
        """Scores before the softmax. Fills in self.shapes (NHWC) on the way."""
        values, self.shapes = {"input": x}, {}
        for spec in self.layers[:-1]:
            y = self.apply_layer(spec, [values[name] for name in spec["inputs"]])
            values[spec["name"]] = functional.relu(y) if spec.get("relu") else y
            self.shapes[spec["name"]] = [1, *y.shape[2:], y.shape[1]]
        self.shapes[self.layers[-1]["name"]] = [1, y.shape[1]]
        return y

    def apply_layer(self, spec, inputs):
        op = spec["op"]
        if op == "PAD":
            return functional.pad(inputs[0], (*spec["pad"][1], *spec["pad"][0]))
        if op == "ADD":
            return inputs[0] + inputs[1]
        if op == "AVERAGE_POOL_2D":
            return inputs[0].mean(dim=(2, 3), keepdim=True)
        if op == "RESHAPE":
            return inputs[0].flatten(1)
        return self.part(spec)(inputs[0])


def train(network):
    values, labels = synthesize(seed=SEED, count=RECORDS)
    x = torch.from_numpy(values.astype(np.float32)).permute(0, 3, 1, 2).contiguous()
    y = torch.from_numpy(labels.astype(np.int64))
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    for epoch in range(EPOCHS):
        network.train()
        total = 0.0
        for part in torch.randperm(RECORDS).split(BATCH):
            optimizer.zero_grad()
            loss = functional.cross_entropy(network(x[part]), y[part], label_smoothing=0.05)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(part)
        schedule.step()
        print("epoch %2d: loss %.4f" % (epoch + 1, total / RECORDS), flush=True)


def accuracy(network, seed, count):
    values, labels = synthesize(seed=seed, count=count)
    x = torch.from_numpy(values.astype(np.float32)).permute(0, 3, 1, 2)
    network.eval()
    with torch.no_grad():
        guesses = network(x).argmax(1).numpy()
    for truth, name in enumerate(CLASSES):
        print("%-12s" % name, np.bincount(guesses[labels == truth], minlength=len(CLASSES)))
    return int((guesses == labels).sum())


def constants(network, spec):
    """What LAYER SPEC reads besides activations, in TensorFlow Lite's order and layouts."""
    part = network.part(spec)
    if spec["op"] == "PAD":
        return {"paddings": np.array([(0, 0), *spec["pad"], (0, 0)], np.int32)}
    if spec["op"] == "RESHAPE":
        return {"shape": np.array(network.shapes[spec["name"]], np.int32)}
    if isinstance(part, Layer):
        weights, bias = part.folded()
        return {"weights": weights, "bias": bias}
    if part is not None:
        return {"weights": part.weight.detach().numpy(), "bias": part.bias.detach().numpy()}
    return {}


def tflite_layers(network):
    """The layers as write_tflite takes them."""
    layers = []
    for spec in network.layers:
        layer = dict(spec, shape=network.shapes[spec["name"]],
                     constants=constants(network, spec))
        if spec["op"] == "AVERAGE_POOL_2D":
            layer["filter"] = network.shapes[spec["inputs"][0]][1:3]
        layers.append(layer)
    return layers


def main():
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    network = Network(topology())
    train(network)
    correct = accuracy(network, seed=3, count=400)
    print("evaluation set: %d of 400 correct" % correct)
    data = write_tflite(tflite_layers(network), "input", [1, FRAMES, BANDS, 1], DESCRIPTION)
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, "bearing.tflite"), "wb") as file:
        file.write(data)
    print("bearing.tflite: %d bytes" % len(data))


if __name__ == "__main__":
    main()
